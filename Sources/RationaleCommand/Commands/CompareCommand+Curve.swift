import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import Reports
import RewardComparison

// `rationale compare --along`: the distance from a reward to a family.
extension CompareCommand {
  /// The range of --t; `nil` where it is not written as one.
  var rangeOfT: ClosedRange<Rational>? {
    guard let range else { return 0...1 }
    guard let dots = range.range(of: ".."), let low = Rational(String(range[..<dots.lowerBound])),
      let high = Rational(String(range[dots.upperBound...])), low < high
    else { return nil }
    return low...high
  }

  func drawCurve(
    _ direction: String, in mdp: FiniteMDP, discount: Rational?, _ outputs: CompareOutputs,
    _ control: RunControl
  ) throws {
    let law = try problem.start(in: mdp, file: model.name, discount: discount)
    let environment = try ComparisonProblem.environment(
      mdp, discount: law.discount, initial: law.initial)
    let names = givenNames ?? []
    guard names.count == 1 || names.count == 2 else {
      throw CommandError.usage(
        "--along goes with one or two names in --rewards: the fixed reward and the family's base")
    }
    let functions = try (names + [direction]).map { try mdp.function($0) }
    var options = ComparisonOptions()
    options.settings = settings
    options.progress = control.progress
    options.policy = try policy.map { try PolicyFile.read($0, for: mdp, limits: model.limits) }
    let (fixed, base, along) = (functions[0], functions[names.count - 1], functions[names.count])
    control.enter("solving")
    let curve = try translated {
      try distanceCurve(
        from: fixed, to: base, along: along, over: rangeOfT ?? 0...1, in: environment,
        options: options)
    }
    // Nothing is printed that checked comparisons do not confirm.
    control.enter("checking")
    try curve.verify(from: fixed, to: base, along: along, in: environment, options: options)
    control.enter("writing")
    let shown = DistanceCurveReport(
      curve, names: (names[0], names[names.count - 1], direction), decimals: report.decimals)
    try outputs.plot?.write { try shown.writeSVG(to: $0) }
    try outputs.answer.write { try report.format.write(shown, to: $0) }
  }
}
