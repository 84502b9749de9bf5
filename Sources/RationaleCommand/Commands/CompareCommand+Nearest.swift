import ArgumentParser
import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import Reports
import RewardComparison

/// The linear families of --nearest as they are written.
enum NearestFamily: Equatable {
  case stateOnly
  /// A file of pairs of states and actions.
  case support(String)
  /// Names of rewards.
  case rewards([String])

  /// `nil` for what is none of `state-only`, `support:FILE`, `rewards:b,c`.
  init?(_ text: String) {
    if text == "state-only" {
      self = .stateOnly
    } else if text.hasPrefix("support:"), text.count > 8 {
      self = .support(String(text.dropFirst(8)))
    } else if text.hasPrefix("rewards:"), text.count > 8 {
      self = .rewards(
        text.dropFirst(8).split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    } else {
      return nil
    }
  }

  func family(in mdp: FiniteMDP, _ model: ModelOptions) throws -> RewardFamily {
    switch self {
    case .stateOnly: return .stateOnly
    case .support(let file):
      return .support(try ChoiceFile.read(file, for: mdp, limits: model.limits))
    case .rewards(let names):
      for name in names { _ = try mdp.function(name) }
      guard Set(names).count == names.count else {
        throw CommandError.usage("--nearest names a reward twice")
      }
      return .rewards(names)
    }
  }
}

// `rationale compare --nearest`: the nearest reward of a form.
extension CompareCommand {
  /// Refuses what does not go with --nearest.
  func validateNearest() throws {
    guard let nearest else { return }
    guard NearestFamily(nearest) != nil else {
      throw ValidationError(
        "--nearest is '\(nearest)', but it has to be state-only, support:FILE or rewards:a,b")
    }
    guard givenNames?.count == 1 else {
      throw ValidationError("--nearest needs --rewards a: one reward to be near to")
    }
    let others: [(String, Bool)] = [
      ("--canonicalization", canonicalization != nil), ("--normalization", normalization != nil),
      ("--policy", policy != nil), ("--minimize", problem.minimize), ("--along", along != nil),
      ("--plot", plot != nil),
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
    let law = try problem.start(in: mdp, file: model.name, discount: discount)
    let name = givenNames?.first ?? ""
    _ = try mdp.function(name)
    guard let family = try nearest.flatMap(NearestFamily.init)?.family(in: mdp, model) else {
      throw CommandError.usage("--nearest has to name a family")
    }
    control.enter("solving")
    let inquiry = RewardInquiry(
      mdp, discount: law.discount, initial: law.initial, progress: control.progress)
    let answer = try inquiry.nearest(to: name, in: family, norm: metric ?? .l1)
    control.enter("writing")
    let shown = RewardAnswerReport(answer, of: mdp, decimals: report.decimals)
    try outputs.certificate?.write { try shown.writeJSON(to: $0) }
    try outputs.answer.write { try report.format.write(shown, to: $0) }
  }
}
