import ArgumentParser
import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import Reports
import RewardComparison

// `rationale compare --nearest`: the nearest reward of a form.
extension CompareCommand {
  /// Refuses what does not go with --nearest.
  func validateNearest() throws {
    guard let nearest else { return }
    guard nearest == "state-only" else {
      throw ValidationError("--nearest is '\(nearest)', but it has to be state-only")
    }
    guard givenNames?.count == 1 else {
      throw ValidationError("--nearest needs --rewards a: one reward to be near to")
    }
    let others: [(String, Bool)] = [
      ("--canonicalization", canonicalization != nil), ("--normalization", normalization != nil),
      ("--policy", policy != nil), ("--certificate", certificate != nil),
      ("--minimize", problem.minimize), ("--along", along != nil), ("--plot", plot != nil),
    ]
    if let other = others.first(where: \.1) {
      throw ValidationError(
        "--nearest levels by the uniform policy and divides nothing: no \(other.0)")
    }
    guard metric == nil || metric == .l1 || metric == .linf else {
      throw ValidationError("--nearest is offered with --metric l1 (default) or linf")
    }
  }

  func findNearest(
    in mdp: FiniteMDP, discount: Rational?, _ outputs: CompareOutputs, _ control: RunControl
  ) throws {
    let law = try start(in: mdp, discount: discount)
    let environment = try ComparisonProblem.environment(
      mdp, discount: law.discount, initial: law.initial)
    let name = givenNames?.first ?? ""
    let norm = metric ?? .l1
    control.enter("solving")
    let nearest = try nearestStateOnlyReward(
      to: function(name, in: mdp), of: environment, norm: norm, progress: control.progress
    ).nearest
    control.enter("writing")
    let shown = NearestRewardReport(
      nearest, reward: name, norm: norm.rawValue, states: mdp.states, decimals: report.decimals)
    try outputs.answer.write { try report.format.write(shown, to: $0) }
  }
}
