import ExactArithmetic
import ExactJSON
import RegretBounds

/// The coefficients of a played trace, for a report on its class.
struct PlayedTrace {
  private let length: Int
  private let coefficients: TraceCoefficients
  private let additive: Rational
  /// The least `d` of the dominance with the additive constant; `nil` where there is none.
  private let dominance: Enclosure?

  /// - Throws: `EnclosureError`, which a constant that is not negative excludes.
  init(
    _ steps: [TraceCoefficients.Step], table: [[Rational]], additive: Rational
  ) throws(EnclosureError) {
    length = steps.count
    coefficients = TraceCoefficients(of: steps, table: table)
    self.additive = additive
    if additive.isZero {
      dominance = coefficients.dominance.map { Enclosure($0) }
    } else {
      dominance = try coefficients.dominance(additive: additive, bits: 64)
    }
  }

  /// Writes the member `trace`.
  func write(to json: JSONWriter) {
    json.key("trace")
    json.beginObject()
    json.key("steps")
    json.integer(length)
    for (key, number) in [
      ("error", coefficients.error), ("priorSquares", coefficients.priorSquares),
      ("squares", coefficients.squares), ("largestPrior", coefficients.largestPrior),
      ("additive", additive),
    ] {
      json.member(key, number.description)
    }
    json.key("dominance")
    if let dominance { json.write(dominance) } else { json.null() }
    json.key("dominanceIsValid")
    json.bool(isValid)
    json.key("transferability")
    if let number = coefficients.transferability {
      json.string(number.description)
    } else {
      json.null()
    }
    json.endObject()
  }

  /// The definition charges the additive constant for `min(d, T)` steps: its root counts up to `T`.
  private var isValid: Bool {
    guard let dominance else { return false }
    return additive.isZero || dominance.upper <= Rational(length)
  }

  /// Adds the lines of a summary.
  func add(to summary: inout Summary) {
    let constant = additive.isZero ? "no additive constant" : "the additive constant \(additive)"
    let least = dominance.map { $0.isExact ? "\($0.lower)" : "≈ \($0.decimal(digits: 9))" }
    summary.add(
      "Dominance",
      (least.map { "\($0) over the trace" } ?? "no number is enough for the trace")
        + ", with \(constant)"
        + (isValid || dominance == nil ? "" : "; beyond the steps of the trace, and so not valid"))
    summary.add(
      "Transferability",
      coefficients.transferability.map { "\($0) over the trace" }
        ?? "no number is enough for the trace")
  }
}
