import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Files of the format `rationale-features`: `{"format", "version", "dimension", "features":
/// [[s, a, s', [numbers]], …]}`, with states and actions by name or by index.
public enum FeatureFile {
  /// The most dimensions of a file: a number past it is a mistake, and could exhaust the memory.
  public static let largestDimension = 10_000

  /// Reads the features of `model`'s transitions; what is not listed is 0.
  ///
  /// - Throws: ``InputError`` with the place in the file.
  public static func read(
    _ path: String, for model: FiniteMDP, limits: NumberLimits = .standard
  ) throws(InputError) -> TransitionFeatures {
    let document = try JSONDocument.read(path)
    return try FeatureReader(model: model, file: InputFile.name(of: path), limits: limits)
      .features(document.root)
  }

  /// Reads the same from text.
  public static func read(
    bytes: [UInt8], name: String, for model: FiniteMDP, limits: NumberLimits = .standard
  ) throws(InputError) -> TransitionFeatures {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(parsing: bytes)
    } catch {
      throw InputError(error, file: name)
    }
    return try FeatureReader(model: model, file: name, limits: limits).features(document.root)
  }
}

private struct FeatureReader {
  let model: FiniteMDP
  let file: String
  let limits: NumberLimits

  private static let keys = ["format", "version", "dimension", "features"]

  func features(_ root: JSONNode) throws(InputError) -> TransitionFeatures {
    let members = try self.members(root)
    let dimension = try dimension(members)
    var rows = [[TransitionFeatures.Entry]](repeating: [], count: model.choiceCount)
    var seen: [Set<State>] = Array(repeating: [], count: model.choiceCount)
    let list = try array(try required("features", members), at: "features")
    for (place, node) in list.enumerated() {
      let path = "features[\(place)]"
      let (choice, entry) = try self.entry(node, dimension, at: path)
      guard seen[choice].insert(entry.successor).inserted else {
        throw error("the feature of this transition is listed twice", at: path)
      }
      rows[choice].append(entry)
    }
    return TransitionFeatures(dimension: dimension, rows: rows)
  }

  private func members(_ root: JSONNode) throws(InputError) -> [String: JSONNode] {
    guard case .object(let members) = root.kind else {
      throw error("expected an object, found \(root.kindName)", at: nil)
    }
    for member in members where !Self.keys.contains(member.key) && !member.key.hasPrefix("x-") {
      let nearest = nearestName(to: member.key, among: Self.keys)
      throw error(
        "unknown key \(excerpt(member.key))"
          + (nearest.map { " (the nearest known one is '\($0)')" } ?? ""), at: member.key)
    }
    let table = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
    guard case .string("rationale-features") = try required("format", table).kind else {
      throw error("expected the format \"rationale-features\"", at: "format")
    }
    guard case .number("1") = try required("version", table).kind else {
      throw error("expected the version 1", at: "version")
    }
    return table
  }

  private func dimension(_ members: [String: JSONNode]) throws(InputError) -> Int {
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

  private func entry(
    _ node: JSONNode, _ dimension: Int, at path: String
  ) throws(InputError) -> (choice: Int, TransitionFeatures.Entry) {
    let parts = try array(node, at: path)
    guard parts.count == 4 else {
      throw error(
        "expected [state, action, successor, [numbers]], found an array of \(parts.count)", at: path
      )
    }
    let state = try place(parts[0], model.states, of: "state", at: "\(path)[0]")
    let action = try place(parts[1], model.actions, of: "action", at: "\(path)[1]")
    let successor = try place(parts[2], model.states, of: "state", at: "\(path)[2]")
    guard let choice = model.choice(of: Action(action), at: State(state)) else {
      throw error(
        "action '\(model.actions[action])' is not available at state '\(model.states[state])'",
        at: path)
    }
    let numbers = try array(parts[3], at: "\(path)[3]")
    guard numbers.count == dimension else {
      throw error("expected \(dimension) numbers, found \(numbers.count)", at: "\(path)[3]")
    }
    var vector: [Rational] = []
    for (index, number) in numbers.enumerated() {
      vector.append(try self.number(number, at: "\(path)[3][\(index)]"))
    }
    return (
      Int(choice.index), TransitionFeatures.Entry(successor: State(successor), vector: vector)
    )
  }

  // MARK: - Pieces

  private func required(
    _ key: String, _ members: [String: JSONNode]
  ) throws(InputError) -> JSONNode {
    guard let node = members[key] else { throw error("the key '\(key)' is missing", at: key) }
    return node
  }

  private func array(_ node: JSONNode, at path: String) throws(InputError) -> [JSONNode] {
    guard case .array(let elements) = node.kind else {
      throw error("expected an array, found \(shown(node))", at: path)
    }
    return elements
  }

  private func place(
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

  private func number(_ node: JSONNode, at path: String) throws(InputError) -> Rational {
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

  private func shown(_ node: JSONNode) -> String {
    switch node.kind {
    case .number(let text), .string(let text): excerpt(text)
    case .null, .bool, .array, .object: node.kindName
    }
  }

  private func error(_ problem: String, at path: String?) -> InputError {
    InputError(file: file, place: path, problem: problem)
  }
}
