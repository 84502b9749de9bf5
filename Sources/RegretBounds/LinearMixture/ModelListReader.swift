import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Reads JSON objects with a format, a version, and lists whose entries begin with states and actions
/// of a model, by name or by index.
struct ModelListReader {
  let model: FiniteMDP
  private let file: String
  private let limits: NumberLimits

  init(_ model: FiniteMDP, file: String, limits: NumberLimits) {
    self.model = model
    self.file = file
    self.limits = limits
  }

  /// The members of an object that has this format and no keys but these.
  func members(
    _ root: JSONNode, format: String, keys: [String]
  ) throws(InputError) -> [String: JSONNode] {
    guard case .object(let members) = root.kind else {
      throw error("expected an object, found \(root.kindName)", at: nil)
    }
    let keys = ["format", "version"] + keys
    for member in members where !keys.contains(member.key) && !member.key.hasPrefix("x-") {
      let nearest = nearestName(to: member.key, among: keys)
      throw error(
        "unknown key \(excerpt(member.key))"
          + (nearest.map { " (the nearest known one is '\($0)')" } ?? ""), at: member.key)
    }
    let table = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
    guard case .string(format) = try required("format", table).kind else {
      throw error("expected the format \"\(format)\"", at: "format")
    }
    guard case .number("1") = try required("version", table).kind else {
      throw error("expected the version 1", at: "version")
    }
    return table
  }

  /// The member `dimension`.
  func dimension(_ members: [String: JSONNode]) throws(InputError) -> Int {
    let node = try required("dimension", members)
    guard case .number(let text) = node.kind, let dimension = Int(text), dimension > 0,
      dimension <= FeatureFile.largestDimension
    else {
      throw error(
        "expected an integer from 1 to \(FeatureFile.largestDimension), found \(shown(node))",
        at: "dimension")
    }
    return dimension
  }

  /// The parts of an entry of a list.
  func parts(
    _ node: JSONNode, _ shape: String, count: Int, at path: String
  ) throws(InputError) -> [JSONNode] {
    let parts = try array(node, at: path)
    guard parts.count == count else {
      throw error("expected \(shape), found an array of \(parts.count)", at: path)
    }
    return parts
  }

  /// The choice that the first two parts of an entry name.
  func choice(_ parts: [JSONNode], at path: String) throws(InputError) -> Choice {
    let state = try place(parts[0], model.states, of: "state", at: "\(path)[0]")
    let action = try place(parts[1], model.actions, of: "action", at: "\(path)[1]")
    guard let choice = model.choice(of: Action(action), at: State(state)) else {
      throw error(
        "action '\(model.actions[action])' is not available at state '\(model.states[state])'",
        at: path)
    }
    return choice
  }

  /// A list of so many numbers.
  func vector(_ node: JSONNode, count: Int, at path: String) throws(InputError) -> [Rational] {
    let numbers = try array(node, at: path)
    guard numbers.count == count else {
      throw error("expected \(count) numbers, found \(numbers.count)", at: path)
    }
    var vector: [Rational] = []
    for (index, number) in numbers.enumerated() {
      vector.append(try self.number(number, at: "\(path)[\(index)]"))
    }
    return vector
  }

  // MARK: - Pieces

  func required(
    _ key: String, _ members: [String: JSONNode]
  ) throws(InputError) -> JSONNode {
    guard let node = members[key] else { throw error("the key '\(key)' is missing", at: key) }
    return node
  }

  func array(_ node: JSONNode, at path: String) throws(InputError) -> [JSONNode] {
    guard case .array(let elements) = node.kind else {
      throw error("expected an array, found \(shown(node))", at: path)
    }
    return elements
  }

  func place(
    _ node: JSONNode, _ names: NameTable, of kind: String, at path: String
  ) throws(InputError) -> Int {
    switch node.kind {
    case .number(let text):
      guard let index = Int(text), (0..<names.count).contains(index) else {
        throw error(
          "the \(kind) index \(excerpt(text)) is not between 0 and \(names.count - 1)", at: path)
      }
      return index
    case .string(let name):
      guard let index = names.place(of: name) else {
        let nearest = nearestName(to: name, among: names.names)
        throw error(
          "there is no \(kind) \(excerpt(name))"
            + (nearest.map { " (the nearest name is '\($0)')" } ?? ""), at: path)
      }
      return index
    case .null, .bool, .array, .object:
      throw error("expected a \(kind) (a name or an index), found \(shown(node))", at: path)
    }
  }

  func number(_ node: JSONNode, at path: String) throws(InputError) -> Rational {
    let text: String
    switch node.kind {
    case .number(let digits), .string(let digits): text = digits
    case .null, .bool, .array, .object:
      throw error("expected a number as in \"1/3\", found \(shown(node))", at: path)
    }
    do throws(NumberError) {
      return try Rational(parsing: text, limits: limits)
    } catch {
      throw self.error("\(error)", at: path)
    }
  }

  func shown(_ node: JSONNode) -> String {
    switch node.kind {
    case .number(let text), .string(let text): excerpt(text)
    case .null, .bool, .array, .object: node.kindName
    }
  }

  func error(_ problem: String, at path: String?) -> InputError {
    InputError(file: file, place: path, problem: problem)
  }
}
