// What is here: comparisons of rewards on models too large for exact values, and of more rewards
// than can be proved pair by pair.

import ArgumentParser
import Certificates
import MarkovDecisionProcesses
import Reports
import RewardComparison

/// How the numbers of a comparison are wanted.
enum ComparedValues: String, ExpressibleByArgument, CaseIterable {
  case exact
  case enclosed
  case distances
}

extension CompareCommand {
  /// The most states of a model that is compared exactly when nothing else is asked for: numbers
  /// have some eight bits a state, and every state and policy has some.
  private static let exactLimit = 5_000

  /// The most bytes that the proofs of all pairs may take when nothing else is asked for.
  private static let proofLimit = 1_000_000_000.0

  /// What was asked for that an enclosed comparison does not have.
  var reasonAgainstEnclosing: String? {
    let others: [(String, Bool)] = [
      (
        "--canonicalization but value-adjusted-levelling",
        (canonicalization ?? .valueAdjustedLevelling) != .valueAdjustedLevelling
      ),
      ("--normalization but span", (normalization ?? .span) != .span),
      ("--metric but span", (metric ?? .span) != .span),
      ("--policy: the span distance does not depend on it", policy != nil),
      ("--plot", plot != nil), ("--minimize: negate the rewards instead", problem.minimize),
    ]
    return others.first(where: \.1)?.0
  }

  /// Whether proved bounds take the place of exact numbers.
  func isEnclosed(_ model: FiniteMDP, _ control: RunControl) throws(CommandError) -> Bool {
    if let values { return values == .enclosed }
    guard model.stateCount > Self.exactLimit else { return false }
    if let reason = reasonAgainstEnclosing {
      throw .usage(
        "the model has \(model.stateCount) states: above \(Self.exactLimit) a comparison is "
          + "enclosed by bounds, which has no \(reason) (insist on fractions with --values exact)")
    }
    control.console.say(
      "warning: the model has \(model.stateCount) states: spans, span distance and worst-case "
        + "regrets are enclosed by proved bounds (insist on fractions with --values exact)")
    return true
  }

  /// Whether distances are measured alone, without the regrets of every pair.
  func measuresDistances(_ task: ComparisonProblem, _ control: RunControl) -> Bool {
    if let values { return values == .distances }
    let count = Double(task.rewardNames.count)
    // The values of a pair have some eight bits a state, at every state: four times two vectors.
    let states = Double(task.model.stateCount)
    let bytes = count * (count - 1) / 2 * (100 * states * states + 3000)
    guard count > 10, bytes > Self.proofLimit else { return false }
    let gigabytes = (bytes / 1e9).rounded()
    control.console.say(
      "warning: the regrets of all pairs and their proofs would take about \(Int(gigabytes)) GB: "
        + "distances and orders alone are computed (compare few rewards with --rewards for "
        + "regrets, or insist on all with --values exact)")
    return true
  }

  func measure(
    _ task: ComparisonProblem, _ options: ComparisonOptions, _ mdp: FiniteMDP,
    _ outputs: CompareOutputs, _ control: RunControl
  ) throws {
    control.enter("solving")
    let matrix = try translated { try measureDistances(task, options: options) }
    control.enter("checking")
    if case .rejected(let reason) = try matrix.verify(in: mdp, progress: control.progress) {
      throw ComparisonError.rejected(reason)
    }
    try outputs.plot?.write { try DistancePlot(matrix).writeSVG(to: $0) }
    control.enter("writing")
    let shown = DistanceMatrixReport(matrix, of: mdp, decimals: report.decimals)
    try outputs.certificate?.write { try shown.writeJSON(to: $0) }
    try outputs.answer.write { try report.format.write(shown, to: $0) }
  }

  func enclose(
    _ task: ComparisonProblem, _ mdp: FiniteMDP, _ outputs: CompareOutputs, _ control: RunControl
  ) throws {
    control.enter("solving")
    let answer = try translated { try encloseComparison(task, progress: control.progress) }
    control.enter("writing")
    let shown = EnclosedComparisonReport(answer, of: mdp, decimals: report.decimals)
    try outputs.certificate?.write { try shown.writeJSON(to: $0) }
    try outputs.answer.write { try report.format.write(shown, to: $0) }
  }
}
