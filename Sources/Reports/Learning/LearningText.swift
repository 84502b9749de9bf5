import ExactArithmetic
import ExactJSON
import RegretBounds

extension JSONWriter {
  /// Writes a member that is a list of exact numbers.
  func writeNumbers(_ key: String, _ numbers: [Rational]) {
    self.key(key)
    beginArray()
    for number in numbers { string(number.description) }
    endArray()
  }
}

/// A number for people: the fraction while it is short, with decimals where it is no integer.
func shownNumber(_ value: Rational, _ decimals: Int?) -> String {
  let fraction = value.description
  if value.isInteger && decimals == nil { return fraction }
  let decimal = decimalText(value, digits: decimals ?? 6)
  return fraction.count <= 40 ? "\(fraction) ≈ \(decimal)" : "≈ \(decimal)"
}

/// Whether a bound says more than what holds without it.
func boundStatement(_ bound: CertifiedValue, trivial: Rational) -> String {
  boundStatement(isInformative: bound <= trivial)
}

/// The same where the comparison has been made.
func boundStatement(isInformative: Bool) -> String {
  isInformative
    ? "the bound says something: it is at most the trivial bound"
    : "the bound says nothing at these parameters: the trivial bound is smaller"
}

extension JSONWriter {
  /// The steps or episodes at which regrets are told.
  func writeCheckpoints(_ marks: [Int]) {
    key("checkpoints")
    beginArray()
    for mark in marks { integer(mark) }
    endArray()
  }

  /// Begins the object of one run with its seed and its regret.
  func beginRun(seed: UInt64, regret: Rational, decimals: Int?) {
    beginObject()
    key("seed")
    integer(Int(seed))
    member("regret", regret.description)
    if let decimals { member("regretDecimal", regret.decimal(digits: decimals)) }
  }
}
