import ExactArithmetic
import ExactJSON

/// Reads our own model format in one pass over the text, and a second one over the sections that
/// came before the states and actions were known.
struct RationaleReader {
  static let keys = [
    "format", "version", "states", "actions", "discount", "initial", "transitions", "rewards",
    "labels", "labeledTransitions",
  ]

  var numbers: NumberReader
  private let buffer: InputBuffer
  private let options: ReadOptions
  private var states: NameTable?
  private var actions: NameTable?
  /// Sections that wait for the states and actions, with the offsets of their values.
  private var waiting: [(key: String, offset: Int)] = []
  private var seen: Set<String> = []
  /// The first key that nobody knows: an error, unless the format turns out to be another one.
  private var unknownKey: ContentError?

  static func read(_ buffer: InputBuffer, _ options: ReadOptions) throws -> LoadedModel {
    var reader = RationaleReader(
      numbers: NumberReader(options), buffer: buffer, options: options)
    return try reader.read()
  }

  private init(numbers: NumberReader, buffer: InputBuffer, options: ReadOptions) {
    self.numbers = numbers
    self.buffer = buffer
    self.options = options
  }

  private mutating func read() throws -> LoadedModel {
    var json = try JSONReader(buffer)
    let kind = try json.peek()
    guard kind == .object else {
      throw ContentError(
        nil, "expected an object at the top level, found \(try json.describeValue())")
    }
    try json.beginObject()
    var sections: ModelSections?
    while let (key, offset) = try json.nextKey() {
      seen.insert(key)
      try readMember(key, at: offset, &json, &sections)
    }
    try json.finish()
    if let unknownKey { throw unknownKey }
    try requireKeys()
    try startSections(&sections)
    // Taken out, not copied: there must be one owner of the large arrays.
    guard var finished = sections.take() else { throw missing("states") }
    for (key, offset) in waiting {
      var part = JSONReader(buffer, at: offset)
      try finished.read(key, &part, &numbers)
    }
    let (model, normalized) = try finished.build(numbers)
    var notes = numbers.notes
    if let note = normalizationNote(normalized) { notes.append(note) }
    return LoadedModel(model: model, format: .rationale, notes: notes)
  }

  /// Reads one member of the top-level object, or remembers where it stands.
  private mutating func readMember(
    _ key: String, at offset: Int, _ json: inout JSONReader, _ sections: inout ModelSections?
  ) throws {
    switch key {
    case "format":
      let found = try json.describeValue()
      guard found == "'rationale-mdp'" else {
        throw ContentError(
          "format", "expected 'rationale-mdp', found \(found)" + RationaleReader.hint(found))
      }
    case "version":
      let found = try json.describeValue()
      guard found == "1" else { throw ContentError("version", "expected 1, found \(found)") }
    case "states": states = try json.names("states", of: .state)
    case "actions": actions = try json.names("actions", of: .action)
    case "discount", "initial", "transitions", "rewards", "labels", "labeledTransitions":
      try startSections(&sections)
      if sections == nil {
        _ = try json.peek()
        waiting.append((key, json.offset))
        try json.skipValue()
      } else {
        // In place, for the same reason as below.
        try sections?.read(key, &json, &numbers)
      }
    default:
      if !key.hasPrefix("x-"), unknownKey == nil {
        unknownKey = RationaleReader.unknown(key, at: buffer.position(of: offset))
      }
      try json.skipValue()
    }
  }

  /// Makes the sections as soon as the states and actions are known.
  private func startSections(_ sections: inout ModelSections?) throws {
    guard sections == nil, let states, let actions else { return }
    sections = try ModelSections(
      states: states, actions: actions, buffer, options, givesBack: waiting.isEmpty)
  }

  private static func hint(_ found: String) -> String {
    switch found {
    case "'rationale-certificate'", "'rationale-solution'":
      "; this file is no model, it goes with `rationale check MODEL CERTIFICATE`"
    default: ""
    }
  }

  private static func unknown(_ key: String, at place: (line: Int, column: Int)) -> ContentError {
    var problem = "unknown key \(excerpt(key))"
    if key == "P" || key == "isd" || key == "env" {
      problem += "; Gymnasium's tables are read with --from gymnasium"
    } else if let near = nearestName(to: key, among: keys) {
      problem += "; did you mean '\(near)'? (keys of your own start with x-)"
    } else {
      problem += "; known are \(keys.joined(separator: ", ")), and keys that start with x-"
    }
    return ContentError("\(place.line):\(place.column)", problem)
  }

  private func requireKeys() throws {
    for key in ["format", "version", "states", "actions", "transitions"] where !seen.contains(key) {
      throw missing(key)
    }
  }

  private func missing(_ key: String) -> ContentError {
    let type =
      switch key {
      case "format": "\"rationale-mdp\""
      case "version": "the number 1"
      case "states", "actions": "a count or an array of names"
      default: "an array of [state, action, successor, probability]"
      }
    return ContentError(nil, "the required key '\(key)' is missing (\(type))")
  }
}

/// What normalization did, for standard error.
func normalizationNote(_ rows: Int) -> String? {
  guard rows > 0 else { return nil }
  return rows == 1
    ? "divided 1 row by its sum" : "divided \(grouped(rows)) rows by their sums"
}

extension JSONReader {
  /// Reads a value and says what it is: the text of a scalar, `an array`, `an object`.
  mutating func describeValue() throws(JSONError) -> String {
    switch try peek() {
    case .string: return excerpt(try string())
    case .number:
      let text = try number()
      return text.utf8.count <= 60 ? text : excerpt(text)
    case .bool: return try bool() ? "true" : "false"
    case .null:
      try null()
      return "null"
    case .array:
      try skipValue()
      return "an array"
    case .object:
      try skipValue()
      return "an object"
    }
  }

  /// Reads `states` or `actions`: a count, or an array of distinct names.
  fileprivate mutating func names(_ key: String, of kind: ModelError.Kind) throws -> NameTable {
    switch try peek() {
    case .number:
      let text = try number()
      guard let count = Int(text), (1...Int(Int32.max)).contains(count) else {
        let shown = text.utf8.count <= 60 ? text : excerpt(text)
        throw ContentError(key, ModelError.countOutOfRange(kind: kind, count: shown))
      }
      return NameTable(count: count)
    case .array:
      var names: [String] = []
      try beginArray()
      while try nextElement() {
        guard try peek() == .string else {
          throw ContentError(
            "\(key)[\(names.count)]", "expected a name (a string), found \(try describeValue())")
        }
        names.append(try string())
      }
      guard !names.isEmpty else {
        throw ContentError(key, ModelError.countOutOfRange(kind: kind, count: "0"))
      }
      do throws(ModelError) {
        return try NameTable(names, of: kind)
      } catch {
        throw ContentError(key, error)
      }
    default:
      throw ContentError(
        key, "expected a count or an array of names, found \(try describeValue())")
    }
  }
}
