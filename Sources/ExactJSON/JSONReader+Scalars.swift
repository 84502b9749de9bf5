extension JSONReader {
  /// Reads a number and says where its text stands.
  @inline(__always)
  public mutating func numberToken() throws(JSONError) -> Range<Int> {
    skipSpace()
    let start = offset
    // Most numbers are a few digits followed by a comma or a bracket.
    var end = start
    while end < count, base[end] &- 48 < 10 { end += 1 }
    if end > start, end < count, base[start] != 48 || end == start + 1,
      base[end] == UInt8(ascii: ",") || base[end] == UInt8(ascii: "]")
    {
      offset = end
      isAfterValue = true
      return start..<end
    }
    return try unusualNumber(at: start)
  }

  private mutating func unusualNumber(at start: Int) throws(JSONError) -> Range<Int> {
    var end = start
    while end < count, !JSONReader.isDelimiter(base[end]) { end += 1 }
    guard isNumber(start..<end) else {
      throw unexpected("a number as in 7, -0.25 or 1e-3 (others go in a string, as in \"1/3\")")
    }
    offset = end
    isAfterValue = true
    return start..<end
  }

  /// Whether the bytes are a number of the JSON grammar.
  private func isNumber(_ range: Range<Int>) -> Bool {
    var place = range.lowerBound
    let end = range.upperBound
    func digits() -> Int {
      let first = place
      while place < end, base[place] &- 48 < 10 { place += 1 }
      return place - first
    }
    if place < end, base[place] == UInt8(ascii: "-") { place += 1 }
    let first = place
    let whole = digits()
    guard whole > 0, whole == 1 || base[first] != 48 else { return false }
    if place < end, base[place] == UInt8(ascii: ".") {
      place += 1
      guard digits() > 0 else { return false }
    }
    if place < end, base[place] | 0x20 == UInt8(ascii: "e") {
      place += 1
      if place < end, base[place] == UInt8(ascii: "+") || base[place] == UInt8(ascii: "-") {
        place += 1
      }
      guard digits() > 0 else { return false }
    }
    return place == end
  }

  /// Reads a number and returns its text.
  public mutating func number() throws(JSONError) -> String {
    String(decoding: buffer.bytes(try numberToken()), as: UTF8.self)
  }

  /// Reads `true` or `false`.
  public mutating func bool() throws(JSONError) -> Bool {
    skipSpace()
    if takes("true") { return true }
    if takes("false") { return false }
    throw unexpected("true or false")
  }

  /// Reads `null`.
  public mutating func null() throws(JSONError) {
    skipSpace()
    guard takes("null") else { throw unexpected("null") }
  }

  private mutating func takes(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard offset + length <= count,
      (0..<length).allSatisfy({ base[offset + $0] == word.utf8Start[$0] }),
      offset + length == count || JSONReader.isDelimiter(base[offset + length])
    else { return false }
    offset += length
    isAfterValue = true
    return true
  }

  /// Reads a value of any kind for its syntax alone, and says where it stands.
  @discardableResult
  public mutating func skipValue() throws(JSONError) -> Range<Int> {
    skipSpace()
    let start = offset
    let outer = depth
    try skipScalarOrOpen()
    while depth > outer {
      if isInObject {
        if try nextKey() != nil { try skipScalarOrOpen() }
      } else if try nextElement() {
        try skipScalarOrOpen()
      }
    }
    return start..<offset
  }

  private mutating func skipScalarOrOpen() throws(JSONError) {
    switch try peek() {
    case .object: try beginObject()
    case .array: try beginArray()
    case .string: _ = try stringToken()
    case .number: _ = try numberToken()
    case .bool: _ = try bool()
    case .null: try null()
    }
  }
}
