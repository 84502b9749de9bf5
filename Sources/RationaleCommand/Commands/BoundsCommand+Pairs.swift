import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import RegretBounds
import Reports

// Questions about a model and numbers of its pairs: linear models, coverage.
extension BoundsCommand {
  /// Whether transitions and reward are linear in features of pairs.
  func linearModel(_ path: String, _ control: RunControl) throws -> LinearModelReport {
    let mdp = try reading.read(path, control).model
    let features = try catalogue.features.map {
      try ChoiceFile.features($0, for: mdp, limits: reading.limits)
    }
    let name = mdp.rewards.isEmpty ? nil : try problem.rewardName(in: mdp, file: path)
    control.enter("recognising the linear model")
    return try LinearModelReport(
      of: mdp, reward: name.flatMap(mdp.reward(named:))?.expected(in: mdp), features: features,
      progress: control.progress)
  }

  /// How well data cover what policies visit; without a file, data that show all pairs equally.
  func coverage(_ path: String, _ control: RunControl) throws -> CoverageReport {
    let mdp = try reading.read(path, control).model
    let given = try problem.discount(allowsOne: false, limits: reading.limits)
    let (discount, law) = try problem.start(
      in: mdp, file: path, discount: given, purpose: "coverage")
    let initial = law ?? mdp.initial ?? []
    let data =
      try catalogue.data.map { try ChoiceFile.weights($0, for: mdp, limits: reading.limits) }
      ?? Array(repeating: Rational(1, mdp.choiceCount), count: mdp.choiceCount)
    control.enter("comparing visits with data")
    let worst = try Coverage.concentrability(
      in: mdp, discount: discount, initial: initial, data: data, progress: control.progress)
    guard !mdp.rewards.isEmpty else {
      return CoverageReport(of: mdp, discount: discount, worst: worst, best: nil)
    }
    let name = try problem.rewardName(in: mdp, file: path)
    control.enter("solving")
    var options = SolverOptions()
    options.progress = control.progress
    let solution = try solve(
      DiscountedProblem(
        model: mdp, reward: name, discount: discount, direction: problem.direction),
      options: options)
    let best = try solution.policies.first.map { actions in
      let measure = try OccupancyMeasure(
        of: Policy(actions, in: mdp), in: mdp, discount: discount, initial: initial,
        progress: control.progress)
      return CoverageReport.Best(
        actions: actions, coefficient: Coverage.coefficient(of: measure, data: data))
    }
    return CoverageReport(of: mdp, discount: discount, worst: worst, best: best)
  }
}
