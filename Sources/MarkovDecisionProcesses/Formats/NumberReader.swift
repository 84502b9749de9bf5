import ExactArithmetic
import ExactJSON

/// Turns the number texts of one input into numbers, and remembers what it altered.
struct NumberReader {
  let limits: NumberLimits
  let snaps: Bool
  private(set) var snappedCount = 0
  private(set) var largestDenominator = Integer(1)

  init(_ options: ReadOptions, alwaysSnaps: Bool = false) {
    limits = options.limits
    snaps = options.snaps || alwaysSnaps
  }

  /// The number that `text` writes, snapped if this input is.
  mutating func number(_ text: UnsafeRawBufferPointer) throws(NumberError) -> Rational {
    let written = try Rational(parsing: text, limits: limits)
    guard snaps else { return written }
    let snapped = written.snapped
    if snapped != written {
      snappedCount += 1
      largestDenominator = max(largestDenominator, snapped.denominator)
    }
    return snapped
  }

  /// Counts a number again that was looked up instead of read.
  mutating func countSnappedAgain() { snappedCount += 1 }

  /// What was altered, for standard error.
  var notes: [String] {
    guard snappedCount > 0 else { return [] }
    let what =
      snappedCount == 1
      ? "1 number to a fraction" : "\(grouped(snappedCount)) numbers to fractions"
    return ["snapped \(what) with denominator <= \(excerptOfDigits(largestDenominator))"]
  }

  private func excerptOfDigits(_ value: Integer) -> String {
    let text = value.description
    return text.utf8.count <= 60 ? text : "10^\(text.utf8.count)"
  }
}

/// A count with a space between groups of three digits, as in `1 536`.
func grouped(_ count: Int) -> String {
  var text = String(count)
  var place = text.count - 3
  while place > 0 {
    text.insert(" ", at: text.index(text.startIndex, offsetBy: place))
    place -= 3
  }
  return text
}
