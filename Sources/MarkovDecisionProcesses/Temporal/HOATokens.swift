import ExactJSON

/// A text that is no usable automaton, with the line where it shows.
public struct AutomatonError: Error, Hashable, Sendable, CustomStringConvertible {
  /// From 1.
  public let line: Int
  public let problem: String

  public init(line: Int, _ problem: String) {
    self.line = line
    self.problem = problem
  }

  public var description: String { "line \(line): \(problem)" }
}

/// A word of the Hanoi omega-automata format.
struct HOAToken {
  enum Kind: Equatable {
    /// `Start:`, without the colon.
    case header(String)
    case identifier(String)
    /// `@name`, without the sign.
    case alias(String)
    case string(String)
    case integer(Int)
    /// One of `( ) [ ] { } ! & |` and the brackets of the parts.
    case symbol(String)
    case end
  }

  let kind: Kind
  let line: Int

  var shown: String {
    switch kind {
    case .header(let name): "'\(name):'"
    case .identifier(let name): excerpt(name)
    case .alias(let name): "'@\(name)'"
    case .string: "a string"
    case .integer(let value): String(value)
    case .symbol(let symbol): "'\(symbol)'"
    case .end: "the end of the text"
    }
  }
}

/// Cuts a text in the Hanoi omega-automata format into words.
struct HOALexer {
  private let bytes: [UInt8]
  private var place = 0
  private var line = 1

  init(_ text: String) { bytes = Array(text.utf8) }

  static func tokens(of text: String) throws(AutomatonError) -> [HOAToken] {
    var lexer = HOALexer(text)
    var tokens: [HOAToken] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func next() throws(AutomatonError) -> HOAToken {
    try skipBlanks()
    let start = line
    guard let byte = current else { return HOAToken(kind: .end, line: line) }
    let kind: HOAToken.Kind
    switch byte {
    case UInt8(ascii: "\""): kind = .string(try string())
    case UInt8(ascii: "@"):
      place += 1
      kind = .alias(word())
    case UInt8(ascii: "0")...UInt8(ascii: "9"): kind = .integer(try integer())
    case UInt8(ascii: "-"): kind = .symbol(try separator())
    case _ where Self.startsWord(byte):
      let name = word()
      if current == UInt8(ascii: ":") {
        place += 1
        kind = .header(name)
      } else {
        kind = .identifier(name)
      }
    case _ where "()[]{}!&|".utf8.contains(byte):
      place += 1
      kind = .symbol(String(UnicodeScalar(byte)))
    default:
      throw AutomatonError(
        line: line, "unexpected character \(excerpt(String(decoding: [byte], as: UTF8.self)))")
    }
    return HOAToken(kind: kind, line: start)
  }

  /// Blanks and comments, which nest.
  private mutating func skipBlanks() throws(AutomatonError) {
    var depth = 0
    let start = line
    while let byte = current {
      if byte == UInt8(ascii: "\n") { line += 1 }
      let following = place + 1 < bytes.count ? bytes[place + 1] : 0
      if byte == UInt8(ascii: "/"), following == UInt8(ascii: "*") {
        depth += 1
        place += 2
      } else if depth > 0, byte == UInt8(ascii: "*"), following == UInt8(ascii: "/") {
        depth -= 1
        place += 2
      } else if depth > 0 || byte == 32 || (9...13).contains(byte) {
        place += 1
      } else {
        break
      }
    }
    if depth > 0 { throw AutomatonError(line: start, "a comment has no end") }
  }

  private static func startsWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (byte | 32 >= UInt8(ascii: "a") && byte | 32 <= UInt8(ascii: "z"))
  }

  private mutating func word() -> String {
    let start = place
    while let byte = current,
      Self.startsWord(byte) || byte == UInt8(ascii: "-") || (48...57).contains(byte)
    { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func integer() throws(AutomatonError) -> Int {
    let start = place
    while let byte = current, (48...57).contains(byte) { place += 1 }
    let digits = String(decoding: bytes[start..<place], as: UTF8.self)
    guard let value = Int(digits), value <= Int(Int32.max) else {
      throw AutomatonError(line: line, "the number \(excerpt(digits)) is too large")
    }
    return value
  }

  private mutating func string() throws(AutomatonError) -> String {
    let start = line
    var content: [UInt8] = []
    place += 1
    while let byte = current {
      place += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: content, as: UTF8.self) }
      if byte == UInt8(ascii: "\n") { line += 1 }
      if byte == UInt8(ascii: "\\"), let escaped = current {
        content.append(escaped)
        place += 1
      } else {
        content.append(byte)
      }
    }
    throw AutomatonError(line: start, "a string has no end")
  }

  private mutating func separator() throws(AutomatonError) -> String {
    for known in ["--BODY--", "--END--", "--ABORT--"]
    where bytes[place...].starts(with: known.utf8) {
      place += known.utf8.count
      return known
    }
    throw AutomatonError(line: line, "unexpected character '-'")
  }
}
