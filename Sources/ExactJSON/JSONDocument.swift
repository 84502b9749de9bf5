/// A value of a parsed document, with the place where it starts.
public struct JSONNode: Sendable {
  public enum Kind: Sendable {
    case null
    case bool(Bool)
    /// The text of the number: nothing is converted.
    case number(String)
    case string(String)
    case array([JSONNode])
    case object([JSONMember])
  }

  public let kind: Kind
  /// The offset of the value's first byte.
  public let offset: Int

  public init(kind: Kind, offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  /// The value of the member `key`, or `nil` when there is none or this is no object.
  ///
  /// - Complexity: O(members).
  public subscript(key: String) -> JSONNode? {
    guard case .object(let members) = kind else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// What the value is, for a message: as in `an object`.
  public var kindName: String {
    switch kind {
    case .null: "null"
    case .bool(let value): String(value)
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// A member of an object.
public struct JSONMember: Sendable {
  public let key: String
  public let value: JSONNode

  public init(key: String, value: JSONNode) {
    self.key = key
    self.value = value
  }
}

/// A JSON text as a tree: for files that fit memory several times over.
public struct JSONDocument: Sendable {
  public let root: JSONNode
  private let buffer: InputBuffer

  /// Parses `bytes`.
  ///
  /// - Complexity: O(bytes), without recursion.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    try self.init(parsing: InputBuffer(bytes))
  }

  /// Parses the bytes of `buffer`, which the document keeps.
  public init(parsing buffer: InputBuffer) throws(JSONError) {
    var reader = try JSONReader(buffer)
    root = try reader.node()
    try reader.finish()
    self.buffer = buffer
  }

  /// Reads and parses the file at `path`, or standard input for `-`.
  public static func read(_ path: String) throws(InputError) -> JSONDocument {
    let buffer = try InputFile.load(path)
    do throws(JSONError) {
      return try JSONDocument(parsing: buffer)
    } catch {
      throw InputError(error, file: InputFile.name(of: path))
    }
  }

  /// The line and column, from 1, of the byte at `offset`; columns count characters.
  public func position(of offset: Int) -> (line: Int, column: Int) {
    buffer.position(of: offset)
  }
}

extension JSONDocument {
  /// The bytes of `node` as they stand in the text.
  ///
  /// - Precondition: the node is of this document.
  /// - Complexity: O(bytes of the node).
  public func bytes(of node: JSONNode) -> [UInt8] {
    var reader = JSONReader(buffer, at: node.offset)
    // The text was parsed before, so that its parts are well formed.
    guard let range = try? reader.skipValue() else { return [] }
    return Array(buffer.bytes(range))
  }
}

extension JSONNode {
  /// Writes the value again: numbers as their text, members in their order.
  public func write(to json: JSONWriter) {
    switch kind {
    case .null: json.null()
    case .bool(let value): json.bool(value)
    case .number(let text): json.literal(text)
    case .string(let text): json.string(text)
    case .array(let elements):
      json.beginArray()
      for element in elements { element.write(to: json) }
      json.endArray()
    case .object(let members):
      json.beginObject()
      for member in members {
        json.key(member.key)
        member.value.write(to: json)
      }
      json.endObject()
    }
  }

  /// The value as compact JSON.
  ///
  /// Recurses at most as deep as documents nest.
  public var text: String {
    var bytes: [UInt8] = []
    let json = JSONWriter { bytes += $0 }
    write(to: json)
    // Nothing can fail: the sink is memory.
    try? json.finish()
    return String(decoding: bytes.dropLast(), as: UTF8.self)
  }
}

extension JSONReader {
  /// An array or object whose end has not come yet.
  private struct OpenContainer {
    let offset: Int
    /// The key of the member that is being read, for an object.
    var key = ""
    var elements: [JSONNode] = []
    var members: [JSONMember]?
  }

  /// Reads a value of any kind as a tree.
  public mutating func node() throws(JSONError) -> JSONNode {
    var open: [OpenContainer] = []
    while true {
      var finished = try scalarOrOpen(&open)
      while true {
        if let node = finished {
          guard !open.isEmpty else { return node }
          add(node, to: &open[open.count - 1])
        }
        finished = try nextOrClose(&open)
        if finished == nil { break }
      }
    }
  }

  private func add(_ node: JSONNode, to container: inout OpenContainer) {
    if container.members != nil {
      container.members?.append(JSONMember(key: container.key, value: node))
    } else {
      container.elements.append(node)
    }
  }

  /// Reads a scalar and returns it, or enters a container and returns `nil`.
  private mutating func scalarOrOpen(_ open: inout [OpenContainer]) throws(JSONError) -> JSONNode? {
    let kind = try peek()
    let start = offset
    switch kind {
    case .null:
      try null()
      return JSONNode(kind: .null, offset: start)
    case .bool: return JSONNode(kind: .bool(try bool()), offset: start)
    case .number: return JSONNode(kind: .number(try number()), offset: start)
    case .string: return JSONNode(kind: .string(try string()), offset: start)
    case .array:
      try beginArray()
      open.append(OpenContainer(offset: start))
    case .object:
      try beginObject()
      open.append(OpenContainer(offset: start, members: []))
    }
    return nil
  }

  /// Goes to the next value of the innermost container and returns `nil`, or leaves the
  /// container and returns it.
  private mutating func nextOrClose(_ open: inout [OpenContainer]) throws(JSONError) -> JSONNode? {
    let last = open.count - 1
    if let members = open[last].members {
      if let key = try nextKey() {
        open[last].key = key.key
        return nil
      }
      return JSONNode(kind: .object(members), offset: open.removeLast().offset)
    }
    if try nextElement() { return nil }
    let closed = open.removeLast()
    return JSONNode(kind: .array(closed.elements), offset: closed.offset)
  }
}
