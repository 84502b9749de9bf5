/// The parts of the text of a number, found in one pass and without any arithmetic on them.
///
/// The grammar, with `int = 0 | [1-9][0-9]*`:
/// `-? int / int` or `-? int (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
struct NumberText {
  var isNegative = false
  /// The digits of the numerator, or those before the point.
  var whole = 0..<0
  /// The digits after the point.
  var fraction = 0..<0
  /// The exponent as written; past 10¹⁸ some number past 10¹⁸.
  var exponent = 0
  /// The digits after the slash; `nil` for a decimal.
  var denominator: Range<Int>?

  var digitCount: Int { whole.count + fraction.count + (denominator?.count ?? 0) }

  /// Finds the parts of `text`, or `nil` when it does not follow the grammar.
  init?(_ text: UnsafeRawBufferPointer) {
    var scanner = Scanner(text: text)
    isNegative = scanner.skips(UInt8(ascii: "-"))
    guard let whole = scanner.integer() else { return nil }
    self.whole = whole
    if scanner.skips(UInt8(ascii: "/")) {
      guard let denominator = scanner.integer() else { return nil }
      self.denominator = denominator
    } else {
      if scanner.skips(UInt8(ascii: ".")) {
        fraction = scanner.digits()
        if fraction.isEmpty { return nil }
      }
      if scanner.skips(UInt8(ascii: "e")) || scanner.skips(UInt8(ascii: "E")) {
        guard let exponent = scanner.exponent() else { return nil }
        self.exponent = exponent
      }
    }
    if scanner.position != text.count { return nil }
  }

  private struct Scanner {
    let text: UnsafeRawBufferPointer
    var position = 0

    mutating func skips(_ byte: UInt8) -> Bool {
      guard position < text.count, text[position] == byte else { return false }
      position += 1
      return true
    }

    mutating func digits() -> Range<Int> {
      let start = position
      while position < text.count, text[position] &- 48 < 10 { position += 1 }
      return start..<position
    }

    /// Digits that do not start with a superfluous zero.
    mutating func integer() -> Range<Int>? {
      let digits = digits()
      if digits.isEmpty || (digits.count > 1 && text[digits.lowerBound] == 48) { return nil }
      return digits
    }

    mutating func exponent() -> Int? {
      let isNegative = skips(UInt8(ascii: "-"))
      if !isNegative { _ = skips(UInt8(ascii: "+")) }
      let digits = digits()
      if digits.isEmpty { return nil }
      var value = 0
      for index in digits where value < 1_000_000_000_000_000_000 {
        value = min(value, 100_000_000_000_000_000) * 10 + Int(text[index] &- 48)
      }
      return isNegative ? -value : value
    }
  }
}
