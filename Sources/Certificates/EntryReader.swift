import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

// What certificates and solutions are made of, read from a tree without looking at a model.

/// What is wrong with a part of a document, and where; the place grows on the way out.
struct Malformed: Error {
  let place: String
  let problem: String

  init(_ problem: String, at place: String = "") {
    self.place = place
    self.problem = problem
  }

  /// The same problem, seen from the container: `member` is a key or `[index]`.
  func inside(_ member: String) -> Malformed {
    let separator = place.isEmpty || place.hasPrefix("[") ? "" : "."
    return Malformed(problem, at: member + separator + place)
  }
}

/// A state or an action as a file names it.
enum Reference: Sendable, Hashable {
  case name(String)
  /// A JSON integer; `nil` when it is negative or too large to be an index of anything.
  case index(Int?)

  var shown: String {
    switch self {
    case .name(let name): excerpt(name)
    case .index(let index): index.map { "index \($0)" } ?? "index out of range"
    }
  }
}

/// What a solution prints where a certificate proves a number: the number itself, or bounds.
struct Claim: Sendable, Hashable {
  let lower: Rational
  let upper: Rational
  /// Whether one number was printed, not two.
  let isExact: Bool
}

/// The text of a rounded number, or of two that round an enclosure.
enum DecimalClaim: Sendable {
  case number(String)
  case bounds(lower: String, upper: String)
}

/// One entry a state in one of the written forms.
enum StateVector<Entry: Sendable>: Sendable {
  case named([(name: String, entry: Entry)])
  case listed([Entry])
}

/// A state vector of numbers, which has one written form more.
enum NumberVector: Sendable {
  case entries(StateVector<Rational>)
  case common(RationalVector)
}

/// Reads the parts of a certificate; each function takes a node and throws ``Malformed``.
struct EntryReader: Sendable {
  let limits: NumberLimits

  func text(_ node: JSONNode) throws(Malformed) -> String {
    guard case .string(let text) = node.kind else { throw node.expected("a string") }
    return text
  }

  func truth(_ node: JSONNode) throws(Malformed) -> Bool {
    guard case .bool(let value) = node.kind else { throw node.expected("true or false") }
    return value
  }

  func number(_ node: JSONNode) throws(Malformed) -> Rational {
    switch node.kind {
    case .number(let text), .string(let text):
      do throws(NumberError) {
        return try Rational(parsing: text, limits: limits)
      } catch {
        throw Malformed("\(error)")
      }
    case .null, .bool, .array, .object: throw node.expected("a number")
    }
  }

  func integer(_ node: JSONNode) throws(Malformed) -> Integer {
    let value = try number(node)
    guard value.isInteger else { throw node.expected("an integer") }
    return value.numerator
  }

  func naturalNumber(_ node: JSONNode) throws(Malformed) -> Int {
    guard case .number(let text) = node.kind, let value = Int(text), value >= 0 else {
      throw node.expected("a natural number")
    }
    return value
  }

  func direction(_ node: JSONNode) throws(Malformed) -> Direction {
    guard let direction = Direction(rawValue: try text(node)) else {
      throw node.expected("'maximize' or 'minimize'")
    }
    return direction
  }

  /// The name or index of a state or an action.
  func reference(_ node: JSONNode) throws(Malformed) -> Reference {
    switch node.kind {
    case .string(let name): return .name(name)
    case .number:
      let value = try number(node)
      guard value.isInteger else { throw node.expected("a name or an index") }
      // A `flatMap` here makes the optimiser of Swift 6.3 crash.
      guard let index = value.numerator.word, index >= 0 else { return .index(nil) }
      return .index(index)
    case .null, .bool, .array, .object: throw node.expected("a name or an index")
    }
  }

  func references(_ node: JSONNode) throws(Malformed) -> [Reference] {
    try list(node, of: reference)
  }

  func policy(_ node: JSONNode) throws(Malformed) -> StateVector<Reference> {
    try stateVector(node, of: reference)
  }

  func policies(_ node: JSONNode) throws(Malformed) -> [StateVector<Reference>] {
    try list(node, of: policy)
  }

  func actionSets(_ node: JSONNode) throws(Malformed) -> StateVector<[Reference]> {
    try stateVector(node, of: references)
  }

  func actionSetsByStep(_ node: JSONNode) throws(Malformed) -> [StateVector<[Reference]>] {
    try list(node, of: actionSets)
  }

  func classes(_ node: JSONNode) throws(Malformed) -> StateVector<Int> {
    try stateVector(node, of: naturalNumber)
  }

  func claim(_ node: JSONNode) throws(Malformed) -> Claim {
    guard case .object(let members) = node.kind else {
      let value = try number(node)
      return Claim(lower: value, upper: value, isExact: true)
    }
    guard members.count == 2, let lower = node["lower"], let upper = node["upper"] else {
      throw node.expected("a number, or an object with 'lower' and 'upper' and nothing else")
    }
    return Claim(
      lower: try inside("lower", number, lower), upper: try inside("upper", number, upper),
      isExact: false)
  }

  func claims(_ node: JSONNode) throws(Malformed) -> StateVector<Claim> {
    try stateVector(node, of: claim)
  }

  func decimal(_ node: JSONNode) throws(Malformed) -> DecimalClaim {
    guard let lower = node["lower"], let upper = node["upper"] else {
      return .number(try decimalText(node))
    }
    return .bounds(
      lower: try inside("lower", decimalText, lower),
      upper: try inside("upper", decimalText, upper))
  }

  func decimals(_ node: JSONNode) throws(Malformed) -> StateVector<DecimalClaim> {
    try stateVector(node, of: decimal)
  }

  private func decimalText(_ node: JSONNode) throws(Malformed) -> String {
    _ = try number(node)
    return try text(node)
  }
}

// MARK: - Containers

extension EntryReader {
  func list<Element>(
    _ node: JSONNode, of element: (JSONNode) throws(Malformed) -> Element
  ) throws(Malformed) -> [Element] {
    guard case .array(let nodes) = node.kind else { throw node.expected("an array") }
    var elements: [Element] = []
    elements.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      elements.append(try inside("[\(index)]", element, node))
    }
    return elements
  }

  func stateVector<Entry>(
    _ node: JSONNode, of entry: (JSONNode) throws(Malformed) -> Entry
  ) throws(Malformed) -> StateVector<Entry> {
    guard case .object(let members) = node.kind else {
      guard case .array = node.kind else {
        throw node.expected("an object or an array with one entry a state")
      }
      return .listed(try list(node, of: entry))
    }
    var entries: [(name: String, entry: Entry)] = []
    entries.reserveCapacity(members.count)
    for member in members {
      entries.append(
        (member.key, try inside("[\(excerpt(member.key))]", entry, member.value)))
    }
    return .named(entries)
  }

  func numberVector(_ node: JSONNode) throws(Malformed) -> NumberVector {
    // States may be called "numerators", but then the entry is a number and no array.
    if let numerators = node["numerators"], case .array = numerators.kind {
      return .common(try commonDenominatorVector(node, numerators))
    }
    return .entries(try stateVector(node, of: number))
  }

  func numberVectors(_ node: JSONNode) throws(Malformed) -> [NumberVector] {
    try list(node, of: numberVector)
  }

  private func commonDenominatorVector(
    _ node: JSONNode, _ numerators: JSONNode
  ) throws(Malformed) -> RationalVector {
    guard case .object(let members) = node.kind, members.count == 2,
      let denominator = node["denominator"]
    else {
      throw node.expected("an object with 'denominator' and 'numerators' and nothing else")
    }
    return RationalVector(
      numerators: try inside(
        "numerators",
        { (n) throws(Malformed) in
          try list(n, of: integer)
        }, numerators),
      denominator: try inside("denominator", positiveInteger, denominator))
  }

  private func positiveInteger(_ node: JSONNode) throws(Malformed) -> Integer {
    let value = try integer(node)
    guard !value.isZero else { throw Malformed("zero denominator") }
    guard !value.isNegative else { throw node.expected("a positive denominator") }
    return value
  }

  /// Reads `node` and puts `member` in front of the place of an error.
  func inside<Value>(
    _ member: @autoclosure () -> String, _ read: (JSONNode) throws(Malformed) -> Value,
    _ node: JSONNode
  ) throws(Malformed) -> Value {
    do throws(Malformed) {
      return try read(node)
    } catch {
      throw error.inside(member())
    }
  }
}

extension JSONNode {
  func expected(_ what: String) -> Malformed {
    let found =
      switch kind {
      case .number(let text): excerpt(text)
      case .string(let text): "the string \(excerpt(text))"
      case .null, .bool, .array, .object: kindName
      }
    return Malformed("\(what) is expected, but there is \(found)")
  }

  var isObject: Bool {
    if case .object = kind { true } else { false }
  }
}
