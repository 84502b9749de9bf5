import ExactArithmetic

/// Where a decimal lies that is no number's exact value.
enum DecimalRounding {
  /// The nearest decimal, of two equally near ones the even one.
  case nearest
  /// The largest decimal that is not above the number.
  case down
  /// The smallest decimal that is not below the number.
  case up
}

/// The decimal with exactly `digits` digits after the point for `numerator / denominator`.
///
/// The fraction need not be in lowest terms: one division is all that a long one costs, where
/// reducing it would take a gcd. There is no point for zero digits, and no minus sign on zero.
///
/// - Precondition: `denominator > 0`, `digits >= 0`.
func decimalText(
  _ numerator: Integer, over denominator: Integer, digits: Int,
  rounding: DecimalRounding = .nearest
) -> String {
  let scaled = numerator * Integer(10).power(UInt(digits))
  var quotient = scaled.floorDivided(by: denominator)
  let rest = scaled - quotient * denominator
  let roundsUp =
    switch rounding {
    case .down: false
    case .up: !rest.isZero
    case .nearest: rest + rest > denominator || (rest + rest == denominator && !quotient.isEven)
    }
  if roundsUp { quotient += 1 }
  var text = quotient.magnitude.description
  if digits > 0 {
    let missing = digits + 1 - text.utf8.count
    if missing > 0 { text = String(repeating: "0", count: missing) + text }
    text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
  }
  return quotient.isNegative ? "-" + text : text
}

func decimalText(
  _ value: Rational, digits: Int, rounding: DecimalRounding = .nearest
) -> String {
  decimalText(value.numerator, over: value.denominator, digits: digits, rounding: rounding)
}

extension RationalVector {
  /// Entry `index` as a decimal, without bringing it to lowest terms first.
  func decimalText(at index: Int, digits: Int, rounding: DecimalRounding = .nearest) -> String {
    switch form {
    case .entries(let entries):
      Reports.decimalText(entries[index], digits: digits, rounding: rounding)
    case .common(let denominator, let numerators):
      Reports.decimalText(
        numerators[index], over: denominator, digits: digits, rounding: rounding)
    }
  }
}
