import ExactArithmetic
import MarkovDecisionProcesses

/// What the checker says of a well-formed certificate.
public enum Verdict: Sendable, Hashable {
  /// Every condition holds, and with them the statement.
  case accepted(statement: String, warnings: [String])
  /// The first condition that fails, with its place and both sides.
  case rejected(reason: String)

  public var isAccepted: Bool {
    if case .accepted = self { true } else { false }
  }
}

/// Why a check ended early.
enum CheckFailure: Error {
  case rejected(String)
  case interrupted(Interrupted)
}

/// Ends the check with this reason unless the condition holds.
func require(
  _ condition: Bool, _ reason: @autoclosure () -> String
) throws(CheckFailure) {
  guard condition else { throw .rejected(reason()) }
}

/// A number for a message: a long fraction is cut and described.
func shown(_ value: Rational) -> String {
  let bits = value.numerator.bitLength + value.denominator.bitLength
  if bits <= 400 { return "\(value)" }
  // The digits alone would hide the magnitude.
  return "about \(Double(value)) (a fraction of \(bits) bits)"
}

/// Two numbers that are not in the order or equality that a condition asks for.
func shown(_ left: Rational, versus right: Rational) -> (left: String, right: String) {
  let (a, b) = (shown(left), shown(right))
  // Two long numbers can look the same; their difference cannot.
  return a == b ? (a, "\(b), which differs by \(shown(left - right))") : (a, b)
}

extension Direction {
  /// `v ≥ …` for `maximize` becomes `v ≤ …` for `minimize`: the factor that makes one of the other.
  var sign: Int8 { self == .maximize ? 1 : -1 }

  var adjective: String { self == .maximize ? "maximal" : "minimal" }
}
