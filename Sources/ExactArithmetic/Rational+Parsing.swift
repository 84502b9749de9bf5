extension Rational {
  /// Reads `text` exactly: `p/q`, or a decimal such as `-2.5e+2`.
  ///
  /// The grammar, with `int = 0 | [1-9][0-9]*`, is `-? int / int` or
  /// `-? int (. [0-9]+)? ([eE] [+-]? [0-9]+)?`. The fraction need not be reduced. White space,
  /// a leading plus, superfluous zeros in front and digits outside ASCII are errors.
  ///
  /// - Complexity: subquadratic in the number of digits; a text of up to 19 digits takes tens of
  ///   nanoseconds and allocates nothing.
  /// - Throws: ``NumberError/malformed(_:)`` for a text outside the grammar; else
  ///   ``NumberError/tooManyDigits(_:limit:)`` or ``NumberError/exponentTooLarge(_:limit:)`` past
  ///   `limits`, before any power is computed; else ``NumberError/zeroDenominator(_:)``.
  public init(
    parsing text: String, limits: NumberLimits = .standard
  ) throws(NumberError) {
    var text = text
    let result = text.withUTF8 { bytes in
      Result { () throws(NumberError) in
        try Rational(parsing: UnsafeRawBufferPointer(bytes), limits: limits)
      }
    }
    self = try result.get()
  }

  /// Reads the UTF-8 bytes `text` as ``init(parsing:limits:)-(String,_)`` does.
  package init(
    parsing text: UnsafeRawBufferPointer, limits: NumberLimits
  ) throws(NumberError) {
    guard let parts = NumberText(text) else {
      throw .malformed(NumberError.excerpt(of: text))
    }
    if parts.digitCount > limits.maximumDigits {
      throw .tooManyDigits(parts.digitCount, limit: limits.maximumDigits)
    }
    if parts.exponent.magnitude > limits.maximumExponent.magnitude {
      throw .exponentTooLarge(NumberError.excerpt(of: text), limit: limits.maximumExponent)
    }
    if let value = Rational(short: parts, of: text) {
      self = value
      return
    }
    let numerator = parts.numerator(in: text)
    if let denominator = parts.denominator {
      let divisor = Integer(decimalDigits: UnsafeRawBufferPointer(rebasing: text[denominator]))
      guard let divisor, !divisor.isZero else {
        throw .zeroDenominator(NumberError.excerpt(of: text))
      }
      self.init(numerator, divisor)
    } else {
      self.init(numerator, timesTenToThe: parts.exponent - parts.fraction.count)
    }
  }

  /// The value of a text whose parts fit a word; `nil` sends it to the general reader.
  private init?(short parts: NumberText, of text: UnsafeRawBufferPointer) {
    guard let magnitude = parts.word(in: text, parts.whole, followedBy: parts.fraction) else {
      return nil
    }
    let sign = parts.isNegative ? -1 : 1
    if let range = parts.denominator {
      guard let divisor = parts.word(in: text, range, followedBy: 0..<0), divisor != 0 else {
        return nil
      }
      self.init(sign * magnitude, divisor)
      return
    }
    let scale = parts.exponent - parts.fraction.count
    guard let power = Int(tenToThe: scale.magnitude) else { return nil }
    if scale < 0 {
      self.init(sign * magnitude, power)
    } else {
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: power)
      if overflow { return nil }
      self.init(sign * product)
    }
  }

  private init(_ numerator: Integer, timesTenToThe exponent: Int) {
    if numerator.isZero {
      self.init(0)
    } else if exponent >= 0 {
      self.init(numerator * Integer(10).power(UInt(exponent)))
    } else {
      self.init(numerator, Integer(10).power(exponent.magnitude))
    }
  }
}

extension NumberText {
  /// The digits of two ranges, one behind the other, when that is at most `Int.max`.
  fileprivate func word(
    in text: UnsafeRawBufferPointer, _ first: Range<Int>, followedBy second: Range<Int>
  ) -> Int? {
    // 19 digits stay below 10¹⁹ < 2⁶⁴, so that nothing overflows.
    if first.count + second.count > 19 { return nil }
    var value: UInt = 0
    for index in first { value = value &* 10 &+ UInt(text[index] &- 48) }
    for index in second { value = value &* 10 &+ UInt(text[index] &- 48) }
    return Int(exactly: value)
  }

  /// The signed numerator, or the digits of a decimal without the point.
  fileprivate func numerator(in text: UnsafeRawBufferPointer) -> Integer {
    var digits = [UInt8]()
    digits.reserveCapacity(whole.count + fraction.count)
    digits.append(contentsOf: text[whole])
    digits.append(contentsOf: text[fraction])
    // The ranges hold digits and at least one, so the reader cannot fail.
    let magnitude = digits.withUnsafeBytes { Integer(decimalDigits: $0)! }
    return isNegative ? -magnitude : magnitude
  }
}

extension Int {
  /// 10 to the power `exponent`, when that fits a word.
  fileprivate init?(tenToThe exponent: UInt) {
    if exponent > 18 { return nil }
    var power = 1
    for _ in 0..<exponent { power &*= 10 }
    self = power
  }
}

extension Rational: LosslessStringConvertible {
  /// Reads what ``init(parsing:limits:)-(String,_)`` reads, or `nil`.
  public init?(_ description: String) {
    guard let value = try? Rational(parsing: description) else { return nil }
    self = value
  }
}

extension Rational: Codable {
  /// Writes the string `p/q`, or `p` for an integer.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Reads a string of the grammar of ``init(parsing:limits:)-(String,_)``, or an integer.
  ///
  /// - Throws: `DecodingError`, also for a number with a fraction that is not in a string, which a
  ///   decoder may have rounded to a double.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let text = try? container.decode(String.self) else {
      self.init(try container.decode(Int.self))
      return
    }
    do {
      self = try Rational(parsing: text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
  }
}

extension Integer: Codable {
  /// Writes the decimal digits as a string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Reads a string of decimal digits with an optional minus, or an integer.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let text = try? container.decode(String.self) else {
      self.init(try container.decode(Int.self))
      return
    }
    guard let value = Integer(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text.prefix(60))' is not an integer")
    }
    self = value
  }
}
