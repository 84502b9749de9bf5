/// A strict pull reader: the caller walks through a JSON text and takes what it needs.
///
/// Nothing is converted: a number is its text, so that no digit is lost. Strings are checked
/// UTF-8, keys are unique in their object, and nesting ends at ``maximumDepth``. There is no
/// recursion, so no text can exhaust the stack.
///
/// ```swift
/// var reader = try JSONReader(InputBuffer(Array(#"[["a", "1/3"], ["b", 2.50]]"#.utf8)))
/// try reader.beginArray()
/// while try reader.nextElement() { … }
/// try reader.finish()
/// ```
///
/// Source: RFC 8259, without its liberties.
public struct JSONReader: ~Copyable {
  /// How deep arrays and objects may be nested.
  public static let maximumDepth = 512

  /// What a value is, seen from its first byte.
  public enum ValueKind: String, Sendable {
    case object = "an object"
    case array = "an array"
    case string = "a string"
    case number = "a number"
    case bool = "true or false"
    case null
  }

  public let buffer: InputBuffer
  let base: UnsafePointer<UInt8>
  let count: Int
  /// The byte that is read next.
  public internal(set) var offset = 0

  /// The open containers: for an object the keys that it had so far, for an array `nil`.
  private var containers: [Set<String>?] = []
  /// Whether a value has ended in the innermost container, so that a comma or its end is due.
  var isAfterValue = false

  /// Starts at the first value; a byte order mark is skipped.
  public init(_ buffer: InputBuffer) throws(JSONError) {
    self.buffer = buffer
    base = buffer.base
    count = buffer.count
    if count >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { offset = 3 }
    try rejectWideEncodings()
  }

  /// A reader over the same text that starts at `offset`, where a value has to begin.
  package init(_ buffer: InputBuffer, at offset: Int) {
    self.buffer = buffer
    base = buffer.base
    count = buffer.count
    self.offset = offset
  }

  /// UTF-16 and UTF-32 show by a mark, or by zeros among the first four bytes.
  private func rejectWideEncodings() throws(JSONError) {
    guard count >= 2 else { return }
    let first = (base[0], base[1])
    let zeros = count < 4 ? [] : (0..<4).filter { base[$0] == 0 }
    if first == (0xFF, 0xFE) || first == (0xFE, 0xFF) || zeros == [0, 2] || zeros == [1, 3]
      || zeros.count == 3
    {
      throw error(at: 0, "the text is UTF-16 or UTF-32, but it has to be UTF-8")
    }
  }

  // MARK: Errors

  package func error(at offset: Int, _ problem: String) -> JSONError {
    let (line, column) = buffer.position(of: offset)
    return JSONError(line: line, column: column, problem: problem)
  }

  /// The error that something else than `expected` stands at the current byte.
  func unexpected(_ expected: String) -> JSONError {
    guard offset < count else {
      return error(at: offset, "expected \(expected), found the end of the text")
    }
    let byte = base[offset]
    if byte < 0x20 || byte == 0x7F {
      let what = "the control character \(codePoint(UInt32(byte)))"
      return error(at: offset, "expected \(expected), found \(what)")
    }
    if byte >= 0x80, validSequenceLength(at: offset) == nil {
      return invalidEncoding(at: offset)
    }
    return error(at: offset, "expected \(expected), found \(excerpt(token(at: offset)))")
  }

  func invalidEncoding(at offset: Int) -> JSONError {
    let byte = String(base[offset], radix: 16, uppercase: true)
    return error(at: offset, "the byte 0x\(byte) at offset \(offset) is not valid UTF-8")
  }

  /// The text from `start` to the next white space or punctuation: at least one character.
  func token(at start: Int) -> String {
    var end = start + 1
    if !JSONReader.isDelimiter(base[start]) {
      while end < min(count, start + 300), !JSONReader.isDelimiter(base[end]), base[end] != 34 {
        end += 1
      }
    }
    return String(decoding: buffer.bytes(start..<end), as: UTF8.self)
  }

  @inline(__always)
  static func isDelimiter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"),
      UInt8(ascii: "["), UInt8(ascii: "{"):
      true
    default: false
    }
  }

  // MARK: Walking

  @inline(__always)
  mutating func skipSpace() {
    while offset < count {
      switch base[offset] {
      case 0x20, 0x0A, 0x0D, 0x09: offset += 1
      default: return
      }
    }
  }

  /// What the next value is; the reader then stands at its first byte.
  public mutating func peek() throws(JSONError) -> ValueKind {
    skipSpace()
    guard offset < count else { throw unexpected("a value") }
    switch base[offset] {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): return .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    default: throw unexpected("a value")
    }
  }

  /// Enters an array.
  @inline(__always)
  public mutating func beginArray() throws(JSONError) {
    skipSpace()
    guard offset < count, base[offset] == UInt8(ascii: "[") else { throw unexpected("'['") }
    try open(nil)
  }

  /// Whether the array has one more element, which is then read next; else leaves the array.
  @inline(__always)
  public mutating func nextElement() throws(JSONError) -> Bool {
    skipSpace()
    guard offset < count else {
      throw unexpected(isAfterValue ? "',' or ']'" : "a value or ']'")
    }
    if base[offset] == UInt8(ascii: "]") {
      close()
      return false
    }
    guard isAfterValue else { return true }
    guard base[offset] == UInt8(ascii: ",") else { throw unexpected("',' or ']'") }
    offset += 1
    isAfterValue = false
    skipSpace()
    // A closing bracket after a comma is no value.
    if offset < count, base[offset] == UInt8(ascii: "]") { throw unexpected("a value") }
    return true
  }

  /// Enters an object.
  public mutating func beginObject() throws(JSONError) {
    skipSpace()
    guard offset < count, base[offset] == UInt8(ascii: "{") else { throw unexpected("'{'") }
    try open([])
  }

  /// The key of the next member, whose value is then read next, with the place of the key; or
  /// `nil` at the end of the object, which is then left.
  public mutating func nextKey() throws(JSONError) -> (key: String, offset: Int)? {
    skipSpace()
    if offset < count, base[offset] == UInt8(ascii: "}") {
      close()
      return nil
    }
    if isAfterValue {
      guard offset < count, base[offset] == UInt8(ascii: ",") else {
        throw unexpected("',' or '}'")
      }
      offset += 1
      skipSpace()
    }
    guard offset < count, base[offset] == UInt8(ascii: "\"") else {
      throw unexpected(isAfterValue ? "a key in double quotes" : "a key in double quotes or '}'")
    }
    let start = offset
    let key = try string()
    guard containers[containers.count - 1]?.insert(key).inserted != false else {
      throw error(at: start, "the key \(excerpt(key)) appears twice in one object")
    }
    skipSpace()
    guard offset < count, base[offset] == UInt8(ascii: ":") else { throw unexpected("':'") }
    offset += 1
    isAfterValue = false
    return (key, start)
  }

  /// Checks that nothing but white space follows.
  public mutating func finish() throws(JSONError) {
    skipSpace()
    guard offset == count else { throw unexpected("the end of the text") }
  }

  @inline(__always)
  private mutating func open(_ keys: Set<String>?) throws(JSONError) {
    guard containers.count < JSONReader.maximumDepth else {
      throw error(at: offset, "nested deeper than \(JSONReader.maximumDepth)")
    }
    containers.append(keys)
    offset += 1
    isAfterValue = false
  }

  @inline(__always)
  private mutating func close() {
    containers.removeLast()
    offset += 1
    isAfterValue = true
  }

  /// How many arrays and objects are open.
  public var depth: Int { containers.count }

  /// Whether the innermost open container is an object.
  var isInObject: Bool { containers.last.map { $0 != nil } ?? false }
}
