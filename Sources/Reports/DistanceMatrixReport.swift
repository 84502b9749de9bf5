import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// The distances between many rewards as text and JSON.
public struct DistanceMatrixReport: Report {
  private let matrix: DistanceMatrix
  private let model: FiniteMDP
  private let decimals: Int?

  /// - Parameter decimals: digits of the distances in the text, 12 when `nil`; and of the decimals
  ///   beside the fractions in JSON, none when `nil`.
  public init(_ matrix: DistanceMatrix, of model: FiniteMDP, decimals: Int? = nil) {
    self.matrix = matrix
    self.model = model
    self.decimals = decimals
  }

  public func writeText(to sink: @escaping ByteSink) throws {
    let answer = matrix.rewards
    var text = TextWriter(sink: sink)
    var summary = Summary()
    summary.add("rewards", "\(answer.rewards.count)")
    summary.add("discount", answer.discount.description)
    if answer.direction == .minimize { summary.add("direction", "minimize (rewards negated)") }
    if let law = answer.initial {
      summary.add("initial", law.map { model.states[Int($0.state.index)] }.joined(separator: ", "))
    }
    summary.add("compared states", "\(answer.comparedStates.count) of \(model.stateCount)")
    summary.add(
      "distance",
      "canonicalization \(answer.settings.canonicalization.rawValue), normalization "
        + "\(answer.settings.normalization.rawValue), metric \(answer.settings.metric.rawValue)")
    if let constants = matrix.boundConstants {
      summary.add(
        "regret is at least, at most",
        "≈ \(decimal(constants.lower)) and ≈ \(decimal(constants.upper)) times the distance")
    }
    let trivial = answer.rewards.filter(\.isTrivial).map(\.name)
    if !trivial.isEmpty { summary.add("trivial", trivial.joined(separator: ", ")) }
    try summary.write(to: &text)
    try text.line()
    try pairTable.write(to: &text)
    try text.flush()
  }

  private var pairTable: TextTable {
    var table = TextTable([
      ("reward", .left), ("reward", .left), ("distance", .right), ("ordering", .left),
    ])
    for pair in matrix.pairs {
      let names = [pair.first, pair.second].map { matrix.rewards.rewards[$0].name }
      let order =
        pair.sameOrdering
        ? "the same"
        : (pair.reversedOrdering ? "reversed" : "different")
          + (pair.sameOptimalPolicies ? ", same optimal policies" : "")
      table.add([names[0], names[1], shown(pair.distance), order])
    }
    return table
  }

  private func shown(_ number: ComparisonAnswer.Number) -> String {
    switch number {
    case .exact(let value):
      value.denominator.bitLength > 40 ? "≈ \(decimal(value))" : "\(value)"
    case .enclosed(let lower, let upper, _):
      "≈ \(Enclosure(lower: lower, upper: upper).decimal(digits: decimals ?? 12))"
    }
  }

  private func decimal(_ value: Rational) -> String { decimalText(value, digits: decimals ?? 12) }

  public func writeJSON(to sink: @escaping ByteSink) throws {
    // One line: the numbers of a large matrix are for programs.
    let json = JSONWriter(indented: matrix.pairs.count < 100, sink: sink)
    var decimal: ((Rational) -> String)?
    if let decimals { decimal = { decimalText($0, digits: decimals) } }
    matrix.write(to: json, names: model, decimal: decimal)
    try json.finish()
  }
}
