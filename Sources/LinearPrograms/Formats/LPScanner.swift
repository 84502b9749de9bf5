import ExactArithmetic
import ExactJSON

/// A piece of an LP file.
struct LPToken {
  enum Kind: Equatable {
    case number, name, plus, minus, colon
    case relation(LPRelation)
    case end
  }

  var kind: Kind
  var range: Range<Int>
  var line: Int
  /// Whether nothing but white space stands before it on its line: section names have to.
  var isFirstOfLine: Bool
}

enum LPRelation: Equatable {
  case atMost, atLeast, equal
}

/// Cuts an LP file into tokens, one at a time, without making strings.
struct LPScanner {
  let buffer: InputBuffer
  /// The token that comes next.
  private(set) var token = LPToken(kind: .end, range: 0..<0, line: 1, isFirstOfLine: true)
  private var offset: Int
  private var line = 1
  private var isFirstOfLine = true

  init(_ buffer: InputBuffer) throws(LineError) {
    self.buffer = buffer
    offset = buffer.textStart
    try advance()
  }

  /// The byte at a place, 0 past the end.
  private func byte(_ place: Int) -> UInt8 { place < buffer.count ? buffer.base[place] : 0 }

  /// The first byte after the current token that is no white space on the same line.
  var byteAfterToken: UInt8 {
    var place = offset
    while byte(place) == UInt8(ascii: " ") || byte(place) == UInt8(ascii: "\t") { place += 1 }
    return byte(place)
  }

  /// Goes to the next token.
  mutating func advance() throws(LineError) {
    skipSpace()
    let start = offset
    let kind = try scan()
    token = LPToken(
      kind: kind, range: start..<offset, line: line, isFirstOfLine: isFirstOfLine)
    isFirstOfLine = false
  }

  private mutating func skipSpace() {
    while offset < buffer.count {
      switch buffer.base[offset] {
      case UInt8(ascii: "\n"):
        line += 1
        isFirstOfLine = true
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      case UInt8(ascii: "\\"):
        while offset + 1 < buffer.count, buffer.base[offset + 1] != UInt8(ascii: "\n") {
          offset += 1
        }
      default: return
      }
      offset += 1
    }
  }

  private mutating func scan() throws(LineError) -> LPToken.Kind {
    guard offset < buffer.count else { return .end }
    let first = buffer.base[offset]
    switch first {
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"):
      offset += 1
      return first == UInt8(ascii: "+") ? .plus : first == UInt8(ascii: "-") ? .minus : .colon
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="): return .relation(relation())
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."):
      number()
      return .number
    case let byte where lpNameBytes[Int(byte)]:
      nameBytes()
      return .name
    default:
      let shown = String(decoding: buffer.bytes(offset..<offset + 1), as: UTF8.self)
      throw LineError(line: line, problem: "unexpected character \(ExactJSON.excerpt(shown))")
    }
  }

  /// `<`, `<=`, `=<`, `>`, `>=`, `=>` or `=`; a strict sign means the same as the other.
  private mutating func relation() -> LPRelation {
    var relation = LPRelation.equal
    let end = offset + 2
    var hasEqual = false
    loop: while offset < end {
      switch byte(offset) {
      case UInt8(ascii: "<") where relation == .equal: relation = .atMost
      case UInt8(ascii: ">") where relation == .equal: relation = .atLeast
      case UInt8(ascii: "=") where !hasEqual: hasEqual = true
      default: break loop
      }
      offset += 1
    }
    return relation
  }

  /// A decimal with exponent, or `p/q` without white space.
  ///
  /// What touches a number and is not part of one makes it a bad number: `1.2.3`, `1/2/3`, `1/x`.
  private mutating func number() {
    unsignedNumber()
    if byte(offset) == UInt8(ascii: "/") || byte(offset) == UInt8(ascii: ".") { nameBytes() }
  }

  private mutating func unsignedNumber() {
    let start = offset
    digits()
    if byte(offset) == UInt8(ascii: "/"), isDigit(offset + 1) {
      offset += 1
      digits()
      if byte(offset) | 0x20 == UInt8(ascii: "e") { nameBytes() }
      return
    }
    if byte(offset) == UInt8(ascii: ".") {
      offset += 1
      digits()
    }
    guard offset > start, byte(offset) | 0x20 == UInt8(ascii: "e") else { return }
    let sign = byte(offset + 1)
    let hasSign = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
    if isDigit(offset + (hasSign ? 2 : 1)) {
      offset += hasSign ? 2 : 1
      digits()
    } else {
      // `3e` and `3exp` are bad numbers, not products: other programs read them so, too.
      nameBytes()
    }
  }

  private mutating func nameBytes() {
    while offset < buffer.count, lpNameBytes[Int(buffer.base[offset])] { offset += 1 }
  }

  private mutating func digits() {
    while isDigit(offset) { offset += 1 }
  }

  private func isDigit(_ place: Int) -> Bool { byte(place) &- 48 < 10 }

  /// The current token's text, which has to be UTF-8.
  func text() throws(LineError) -> String {
    guard let text = String(validating: buffer.bytes(token.range), as: UTF8.self) else {
      throw LineError(line: token.line, problem: "a name is not valid UTF-8")
    }
    return text
  }

  /// The current token's text in small letters, for a word that means something.
  var lowercasedText: String {
    token.range.count > 20
      ? "" : String(decoding: buffer.bytes(token.range), as: UTF8.self).lowercased()
  }

  /// The value of the current token, which is a number.
  func number(_ limits: NumberLimits) throws(LineError) -> Rational {
    do throws(NumberError) {
      return try looseNumber(buffer.bytes(token.range), limits)
    } catch {
      throw LineError(line: token.line, problem: "\(error)")
    }
  }

  /// The error that something else stands here than what was expected.
  func unexpected(_ expected: String) -> LineError {
    let found = token.kind == .end ? "the end of the file" : buffer.excerpt(token.range)
    return LineError(line: token.line, problem: "expected \(expected), found \(found)")
  }
}

/// The bytes that a name is made of. It starts with none of `0`…`9`, `.`, `[`, `]`.
let lpNameBytes: [Bool] = {
  var table = [Bool](repeating: false, count: 256)
  for byte in 0x80..<0x100 { table[byte] = true }
  let letters = "abcdefghijklmnopqrstuvwxyz"
  for byte in (letters + letters.uppercased() + "0123456789!\"#$%&()/,.;?@_'`{}~|[]").utf8 {
    table[Int(byte)] = true
  }
  return table
}()
