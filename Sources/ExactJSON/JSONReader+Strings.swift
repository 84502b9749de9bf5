extension JSONReader {
  /// A string of the text as it stands there.
  public struct StringToken: Sendable {
    /// The bytes between the quotes.
    public let range: Range<Int>
    /// Whether the bytes are the string, that is, there is no escape among them.
    public let isPlain: Bool
  }

  /// Reads a string and returns it.
  public mutating func string() throws(JSONError) -> String {
    decode(try stringToken())
  }

  /// Reads a string without making one: checks it and says where it stands.
  @inline(__always)
  public mutating func stringToken() throws(JSONError) -> StringToken {
    skipSpace()
    guard offset < count, base[offset] == UInt8(ascii: "\"") else { throw unexpected("a string") }
    let start = offset + 1
    var end = start
    while end < count {
      let byte = base[end]
      if byte == UInt8(ascii: "\"") {
        offset = end + 1
        isAfterValue = true
        return StringToken(range: start..<end, isPlain: true)
      }
      if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\\") { break }
      end += 1
    }
    return try unusualString(from: start, at: end)
  }

  /// The rest of a string from the first byte that is an escape, not ASCII, or wrong.
  private mutating func unusualString(
    from start: Int, at first: Int
  ) throws(JSONError) -> StringToken {
    var isPlain = true
    var end = first
    while end < count {
      switch base[end] {
      case UInt8(ascii: "\""):
        offset = end + 1
        isAfterValue = true
        return StringToken(range: start..<end, isPlain: isPlain)
      case UInt8(ascii: "\\"):
        isPlain = false
        end += try escapeLength(at: end)
      case 0..<0x20:
        throw error(
          at: end,
          "the control character \(codePoint(UInt32(base[end]))) has to be escaped in a string")
      case 0x80...:
        guard let length = validSequenceLength(at: end) else { throw invalidEncoding(at: end) }
        end += length
      default:
        end += 1
      }
    }
    let shown = String(decoding: buffer.bytes(start..<min(count, start + 300)), as: UTF8.self)
    throw error(
      at: count,
      "expected '\"' at the end of the string \(excerpt(shown)), found the end of the text")
  }

  /// Checks the escape at `place` (a surrogate pair is one) and returns its length in bytes.
  private func escapeLength(at place: Int) throws(JSONError) -> Int {
    guard place + 1 < count else {
      throw error(at: count, "expected an escaped character, found the end of the text")
    }
    switch base[place + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return 2
    case UInt8(ascii: "u"):
      guard let unit = hexadecimalUnit(at: place + 2) else { break }
      if unit & 0xF800 != 0xD800 { return 6 }
      // A surrogate has to be a high one with a low one behind it.
      if unit < 0xDC00, place + 7 < count, base[place + 6] == UInt8(ascii: "\\"),
        base[place + 7] == UInt8(ascii: "u"), let low = hexadecimalUnit(at: place + 8),
        low & 0xFC00 == 0xDC00
      {
        return 12
      }
      let shown = String(decoding: buffer.bytes(place..<place + 6), as: UTF8.self)
      throw error(at: place, "the escape \(excerpt(shown)) is a surrogate without its partner")
    default: break
    }
    let shown = String(decoding: buffer.bytes(place..<min(count, place + 6)), as: UTF8.self)
    throw error(
      at: place,
      "expected an escape (\\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u with four hexadecimal digits),"
        + " found \(excerpt(shown))")
  }

  /// The four hexadecimal digits at `place`, or `nil` when there are none.
  private func hexadecimalUnit(at place: Int) -> UInt16? {
    guard place + 4 <= count else { return nil }
    var unit: UInt16 = 0
    for index in place..<place + 4 {
      let digit: UInt8
      switch base[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = base[index] - 48
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = base[index] - 87
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = base[index] - 55
      default: return nil
      }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  /// The string that `token` stands for.
  public func decode(_ token: StringToken) -> String {
    if token.isPlain { return String(decoding: buffer.bytes(token.range), as: UTF8.self) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(token.range.count)
    var place = token.range.lowerBound
    while place < token.range.upperBound {
      guard base[place] == UInt8(ascii: "\\") else {
        bytes.append(base[place])
        place += 1
        continue
      }
      switch base[place + 1] {
      case UInt8(ascii: "b"): bytes.append(0x08)
      case UInt8(ascii: "f"): bytes.append(0x0C)
      case UInt8(ascii: "n"): bytes.append(0x0A)
      case UInt8(ascii: "r"): bytes.append(0x0D)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "u"):
        var units = [hexadecimalUnit(at: place + 2) ?? 0xFFFD]
        if units[0] & 0xFC00 == 0xD800 { units.append(hexadecimalUnit(at: place + 8) ?? 0xFFFD) }
        bytes.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
        place += 6 * units.count
        continue
      default: bytes.append(base[place + 1])
      }
      place += 2
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The length of the well-formed UTF-8 sequence that starts at `place` with a byte of 0x80 or
  /// more, or `nil` when it is overlong, a surrogate, past U+10FFFF or broken off.
  ///
  /// Source: The Unicode Standard, table 3-7.
  func validSequenceLength(at place: Int) -> Int? {
    let lead = base[place]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard place + length <= count, second.contains(base[place + 1]) else { return nil }
    for index in 2..<max(2, length) where base[place + index] & 0xC0 != 0x80 { return nil }
    return length
  }
}
