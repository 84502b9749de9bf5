import ExactArithmetic

/// The shortest of the exact texts of a number that other programs read: an integer, a decimal,
/// or a decimal with an exponent; `p/q` where no finite decimal is exact, or none is short.
func exactText(_ value: Rational) -> String {
  if let words = value.words, words.denominator == 1, words.numerator.magnitude < 1_000_000_000 {
    return String(words.numerator)
  }
  let denominator = value.denominator
  guard let places = decimalPlaces(denominator) else { return "\(value)" }
  let digits =
    "\(value.numerator * Integer(10).power(UInt(places)).exactlyDivided(by: denominator))"
  let sign = digits.hasPrefix("-") ? "-" : ""
  let magnitude = digits.dropFirst(sign.count)
  if places == 0, magnitude.count <= 21 { return digits }
  if places > 0, max(magnitude.count, places) <= 21 {
    let padded = String(repeating: "0", count: max(0, places + 1 - magnitude.count)) + magnitude
    return "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
  }
  let zeros = places > 0 ? 0 : magnitude.reversed().prefix { $0 == "0" }.count
  let exponent = zeros - places
  if exponent == 0 { return digits }
  // Readers, ours too, limit exponents.
  guard abs(exponent) <= 9_000 else { return "\(value)" }
  return "\(sign)\(magnitude.dropLast(zeros))e\(exponent)"
}

/// Whether ``exactText(_:)`` writes `value` without a slash.
func isFiniteDecimal(_ value: Rational) -> Bool {
  decimalPlaces(value.denominator) != nil
}

/// How many digits after the point a fraction in lowest terms with this denominator has, or `nil`
/// when they never end.
private func decimalPlaces(_ denominator: Integer) -> Int? {
  if denominator == 1 { return 0 }
  // 2^a 5^b divides 10^n exactly when n is at least both a and b; a number of that many bits
  // cannot have more factors.
  let bits = denominator.bitLength
  guard bits <= 40_000 else { return nil }
  let (twos, rest) = removing(2, from: denominator)
  let (fives, last) = removing(5, from: rest)
  return last == 1 ? max(twos, fives) : nil
}

/// How often `prime` divides `value`, and what is left.
private func removing(_ prime: Int, from value: Integer) -> (count: Int, rest: Integer) {
  var (count, rest) = (0, value)
  // Squares of the prime first, so that a long power takes few divisions.
  var powers: [(power: Integer, exponent: Int)] = [(Integer(prime), 1)]
  while let (power, exponent) = powers.last, power.bitLength * 2 <= value.bitLength + 2 {
    powers.append((power * power, 2 * exponent))
  }
  for (power, exponent) in powers.reversed() {
    while true {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: power)
      guard remainder.isZero else { break }
      (rest, count) = (quotient, count + exponent)
    }
  }
  return (count, rest)
}
