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

/// Remembers what short texts stand for: a file repeats the same few numbers and names over and
/// over. Direct mapped, so a text that maps to a taken slot replaces what is there.
struct TextCache {
  private struct Slot {
    var low: UInt64 = 0
    var high: UInt64 = 0  // of an empty slot 0, which no text of at least one byte has
    var value: Int32 = 0
    var isSnapped = false
  }

  private var slots = ContiguousArray(repeating: Slot(), count: 1 << 12)

  /// A text of 1 to 15 bytes as two words.
  struct Key {
    fileprivate let low: UInt64
    fileprivate let high: UInt64
    fileprivate let slot: Int

    @inline(__always)
    init?(_ text: UnsafeRawBufferPointer) {
      guard text.count > 0, text.count < 16 else { return nil }
      var (low, high) = (UInt64(0), UInt64(truncatingIfNeeded: text.count) << 56)
      for index in 0..<min(8, text.count) {
        low |= UInt64(text[index]) &<< UInt64(truncatingIfNeeded: 8 * index)
      }
      if text.count > 8 {
        for index in 8..<text.count {
          high |= UInt64(text[index]) &<< UInt64(truncatingIfNeeded: 8 * index - 64)
        }
      }
      self.low = low
      self.high = high
      let mixed = (low ^ high &* 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
      slot = Int(truncatingIfNeeded: mixed &>> 52)
    }
  }

  @inline(__always)
  func value(_ key: Key) -> (value: Int32, isSnapped: Bool)? {
    let slot = slots[key.slot]
    return slot.low == key.low && slot.high == key.high ? (slot.value, slot.isSnapped) : nil
  }

  mutating func remember(_ key: Key, _ value: Int32, isSnapped: Bool = false) {
    slots[key.slot] = Slot(low: key.low, high: key.high, value: value, isSnapped: isSnapped)
  }

  mutating func forgetAll() {
    for index in slots.indices { slots[index] = Slot() }
  }
}
