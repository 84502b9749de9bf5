import ExactArithmetic
import ExactJSON

// The pieces that entries are made of: shapes, references to states and actions, numbers.
extension ModelSections {
  func requireArray(_ json: inout JSONReader, at path: String, of what: String) throws {
    guard try json.peek() == .array else {
      throw ContentError(path, "expected an array of \(what), found \(try json.describeValue())")
    }
  }

  @inline(__always)
  func beginEntry(
    _ json: inout JSONReader, _ shape: String, at path: () -> String
  ) throws {
    guard try json.peek() == .array else {
      throw ContentError(path(), "expected \(shape), found \(try json.describeValue())")
    }
    try json.beginArray()
  }

  /// Goes to element `index` of an entry, which has to be there.
  @inline(__always)
  func element(
    _ json: inout JSONReader, _ index: Int, _ shape: String, at path: () -> String
  ) throws {
    guard try json.nextElement() else {
      throw ContentError(path(), "expected \(shape), found an array of \(index)")
    }
  }

  /// Leaves an entry, which has to end after `count` elements.
  @inline(__always)
  func endEntry(
    _ json: inout JSONReader, _ count: Int, _ shape: String, at path: () -> String
  ) throws {
    guard try json.nextElement() else { return }
    var found = count
    repeat {
      try json.skipValue()
      found += 1
    } while try json.nextElement()
    throw ContentError(path(), "expected \(shape), found an array of \(found)")
  }

  /// Reads a state or an action: an index (a JSON integer) or a name (a string).
  @inline(__always)
  mutating func reference(
    _ json: inout JSONReader, _ kind: ModelError.Kind, at path: () -> String
  ) throws -> Int32 {
    let count = kind == .state ? builder.states.count : builder.actions.count
    switch try json.peek() {
    case .number:
      let text = buffer.bytes(try json.numberToken())
      if let index = ModelSections.index(text), index < count {
        return Int32(truncatingIfNeeded: index)
      }
      let shown = String(decoding: text, as: UTF8.self)
      throw ContentError(
        path(),
        ModelError.indexOutOfRange(
          kind: kind, index: text.count <= 60 ? shown : excerpt(shown), count: count))
    case .string: return try named(try json.stringToken(), json, kind, path)
    default:
      throw ContentError(
        path(),
        "expected \(kind == .state ? "a state" : "an action") (a name or an index),"
          + " found \(try json.describeValue())")
    }
  }

  mutating func named(
    _ token: JSONReader.StringToken, _ json: borrowing JSONReader, _ kind: ModelError.Kind,
    _ path: () -> String
  ) throws -> Int32 {
    let text = buffer.bytes(token.range)
    // The same bytes with and without escapes are different names.
    if token.isPlain, let known = kind == .state ? stateCache.known(text) : actionCache.known(text)
    {
      return known
    }
    let name = json.decode(token)
    let table = kind == .state ? builder.states : builder.actions
    guard let place = table.place(of: name) else {
      throw ContentError(path(), table.unknown(name, of: kind))
    }
    if token.isPlain, kind == .state { stateCache.remember(text, Int32(place)) }
    if token.isPlain, kind == .action { actionCache.remember(text, Int32(place)) }
    return Int32(place)
  }

  /// Digits as a number below 10¹⁰, or `nil`.
  @inline(__always)
  static func index(_ text: UnsafeRawBufferPointer) -> Int? {
    guard text.count <= 10 else { return nil }
    var value = 0
    for byte in text {
      guard byte &- 48 < 10 else { return nil }
      value = value &* 10 &+ Int(byte &- 48)
    }
    return value
  }

  /// The text of a number, which stands there as it is or in a string.
  @inline(__always)
  mutating func numberText(
    _ json: inout JSONReader, at path: () -> String
  ) throws -> UnsafeRawBufferPointer {
    switch try json.peek() {
    case .number: return buffer.bytes(try json.numberToken())
    case .string:
      let token = try json.stringToken()
      if token.isPlain { return buffer.bytes(token.range) }
      unescaped = InputBuffer(Array(json.decode(token).utf8))
      return unescaped.bytes(0..<unescaped.count)
    default:
      throw ContentError(
        path(),
        "expected a number as in \"1/3\", 0.25 or 7, found \(try json.describeValue())")
    }
  }

  mutating func number(
    _ json: inout JSONReader, _ numbers: inout NumberReader, at path: String
  ) throws -> Rational {
    try parse(try numberText(&json) { path }, &numbers, at: path)
  }

  func parse(
    _ text: UnsafeRawBufferPointer, _ numbers: inout NumberReader, at path: String
  ) throws -> Rational {
    do throws(NumberError) {
      return try numbers.number(text)
    } catch {
      throw ContentError(path, error)
    }
  }

  func at(_ path: String, _ body: () throws(ModelError) -> Void) throws {
    do throws(ModelError) { try body() } catch { throw ContentError(path, error) }
  }
}

extension NameTable {
  /// The error that there is no such name here, with the nearest one there is.
  package func unknown(_ name: String, of kind: ModelError.Kind) -> ModelError {
    isCount
      ? .nameWhereCount(kind: kind, name: name, count: count)
      : .unknownName(kind: kind, name: name, nearest: nearestName(to: name, among: names))
  }
}
