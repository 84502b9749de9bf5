import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// An answer to a task as a file writes it, before it meets the task.
public struct ExpressAnswerDocument: Sendable {
  let kind: ExpressTask.Kind
  let formalism: Formalism
  let discount: Rational?
  let rewardSupport: ExpressTask.RewardSupport?
  /// `nil` for "undecided".
  let isExpressible: Bool?
  let outcome: WrittenOutcome
  let values: [(name: String, value: Rational)]?
  /// Decimals of the margin and of the values.
  let marginDecimal: String?
  let valuesDecimal: [(name: String, decimal: String)]?
  /// What the answer says of a search for a machine.
  let search: WrittenSearch?
  /// The discounts that the answer leaves open.
  let open: [WrittenAlgebraicNumber]
  /// A policy that is optimal.
  let best: [(state: String, action: String)]?
  let fields: DocumentFields
  let limits: NumberLimits

  /// Reads the answer at `path`, or from standard input for `-`.
  ///
  /// - Throws: ``InputError`` for what is no answer.
  public static func read(
    _ path: String, limits: NumberLimits = .standard
  ) throws(InputError) -> ExpressAnswerDocument {
    let document = try JSONDocument.read(path)
    return try ExpressAnswerDocument(
      DocumentFields(document.root, file: InputFile.name(of: path)), EntryReader(limits: limits))
  }

  /// Reads the bytes of an answer whose path is `path`.
  public static func read(
    bytes: [UInt8], path: String, limits: NumberLimits = .standard
  ) throws(InputError) -> ExpressAnswerDocument {
    let file = InputFile.name(of: path)
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(parsing: bytes)
    } catch {
      throw InputError(error, file: file)
    }
    return try ExpressAnswerDocument(
      DocumentFields(document.root, file: file), EntryReader(limits: limits))
  }

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    self.fields = fields
    limits = read.limits
    let format = try fields.required("format", read.text)
    guard format == DocumentKind.expressivity.rawValue else {
      throw fields.error(
        "'\(DocumentKind.expressivity.rawValue)' is expected, but there is \(excerpt(format));"
          + " the order is check TASK ANSWER", at: "format")
    }
    try fields.requireVersion()
    let answer = AnswerReader(fields: fields, read: read)
    kind = try answer.choice("kind")
    formalism = try answer.choice("formalism")
    discount = try answer.discount()
    rewardSupport = try answer.optionalChoice("rewardOn")
    isExpressible = try fields.required("expressible") {
      (node: JSONNode) throws(Malformed) -> Bool? in
      if case .null = node.kind { return nil }
      return try read.truth(node)
    }
    values = try fields.optional("values", answer.namedNumbers)
    marginDecimal = try fields.optional("marginDecimal", read.text)
    valuesDecimal = try fields.optional("valuesDecimal", answer.namedTexts)
    search = try answer.search()
    open = try answer.openDiscounts()
    best = try fields.optional("optimum", answer.policy)
    outcome = try answer.outcome(isExpressible: isExpressible)
  }
}

/// What an answer claims, in the terms of its file.
enum WrittenOutcome: Sendable {
  case reward(
    entries: [(parts: [String], value: Rational)],
    regulariser: [(law: [(action: String, probability: Rational)], value: Rational)],
    margin: Rational?, optimality: [WrittenRequirement])
  case function([(prefix: [String], weight: Rational)])
  case ranks([(name: String, rank: Rational)])
  case formula
  case farkas([WrittenRequirement])
  case cycle([WrittenRequirement])
  case levels([WrittenRequirement])
  case violations([WrittenRequirement])
  case noMachine(WrittenRefutation)
  case noDiscount([WrittenPiece])
  case optimum(WrittenOptimum)
  case noOptimum([WrittenConflict])
  case unavoidable([(name: String, rank: Rational)])
  case visit([String])
  case refuted([WrittenRefutedPolicy])
  case undecided(String)
}

/// What a search for a machine was about.
struct WrittenSearch: Sendable {
  let alphabet: StepAlphabet.Kind
  let stateCount: Int
  /// Why there is no smaller machine.
  let smaller: WrittenRefutation?
}

/// Conflicts that are to refute all machines of some number of states.
struct WrittenRefutation: Sendable {
  let stateCount: Int
  let conflicts: [[WrittenRequirement]]
}

/// `left op right`, with what the certificate's type adds.
struct WrittenRequirement: Sendable {
  let left: WrittenObject
  let relation: String
  let right: WrittenObject
  let multiplier: Rational?
  let leftValue: Rational?
  let rightValue: Rational?
}

/// An object by name, or a policy that stands there itself.
enum WrittenObject: Sendable {
  case name(String)
  case policy(JSONNode)
}

/// Reads the parts of an answer.
struct AnswerReader {
  /// The type of a certificate against all machines of some number of states.
  static let machineRefutation = "machine-search"

  let fields: DocumentFields
  let read: EntryReader

  func choice<Value: RawRepresentable & CaseIterable>(
    _ key: String
  ) throws(InputError) -> Value where Value.RawValue == String {
    guard let value: Value = try optionalChoice(key) else { throw fields.missing(key) }
    return value
  }

  func optionalChoice<Value: RawRepresentable & CaseIterable>(
    _ key: String
  ) throws(InputError) -> Value? where Value.RawValue == String {
    try fields.optional(key) { (node: JSONNode) throws(Malformed) in
      let text = try read.text(node)
      guard let value = Value(rawValue: text) else {
        throw node.expected("one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return value
    }
  }

  func search() throws(InputError) -> WrittenSearch? {
    guard let alphabet: StepAlphabet.Kind = try optionalChoice("machineInput") else { return nil }
    return WrittenSearch(
      alphabet: alphabet, stateCount: try fields.required("machineStates", stateCount),
      smaller: try fields.optional("smaller", refutation))
  }

  private func stateCount(_ node: JSONNode) throws(Malformed) -> Int {
    guard case .number(let text) = node.kind, let count = Int(text), count > 0, count <= 1_000_000
    else { throw node.expected("a number of states, from 1 to 1000000") }
    return count
  }

  private func refutation(_ node: JSONNode) throws(Malformed) -> WrittenRefutation {
    guard let states = node["states"], let conflicts = node["conflicts"] else {
      throw node.expected("an object with 'states' and 'conflicts'")
    }
    return WrittenRefutation(
      stateCount: try read.inside("states", stateCount, states),
      conflicts: try read.inside(
        "conflicts",
        { (node: JSONNode) throws(Malformed) in
          try read.list(node) { (node: JSONNode) throws(Malformed) in
            guard let list = node["constraints"] else {
              throw node.expected("an object with 'constraints'")
            }
            return try read.inside("constraints", requirements, list)
          }
        }, conflicts))
  }

  func outcome(isExpressible: Bool?) throws(InputError) -> WrittenOutcome {
    guard let isExpressible else {
      let reason = try fields.required("undecided", read.text)
      guard fields["certificate"] != nil else { return .undecided(reason) }
      let outcome = try impossibility()
      switch outcome {
      case .noDiscount, .noMachine: return outcome
      default:
        throw fields.error(
          "an undecided answer has a certificate of the type '\(Self.discountRefutation)' or"
            + " '\(Self.machineRefutation)', or none", at: "certificate")
      }
    }
    guard isExpressible else {
      let outcome = try impossibility()
      guard case .noMachine = outcome else { return outcome }
      throw fields.error(
        "a certificate of the type '\(Self.machineRefutation)' leaves larger machines open: null is"
          + " expected", at: "expressible")
    }
    if fields["potential"] != nil { return .optimum(try optimum()) }
    if fields["reward"] != nil { return try reward() }
    if fields["function"] != nil {
      return .function(
        try fields.required("function") { (node: JSONNode) throws(Malformed) in
          try read.list(node, of: term)
        })
    }
    if fields["ranks"] != nil { return .ranks(try fields.required("ranks", namedRanks)) }
    guard fields["values"] != nil else {
      throw fields.error(
        "one of 'reward', 'function', 'ranks' or 'values' is expected where 'expressible' is true")
    }
    return .formula
  }

  func namedNumbers(_ node: JSONNode) throws(Malformed) -> [(name: String, value: Rational)] {
    guard case .object(let members) = node.kind else { throw node.expected("an object") }
    var numbers: [(name: String, value: Rational)] = []
    for member in members {
      numbers.append(
        (member.key, try read.inside("[\(excerpt(member.key))]", read.number, member.value)))
    }
    return numbers
  }

  func namedTexts(_ node: JSONNode) throws(Malformed) -> [(name: String, decimal: String)] {
    guard case .object(let members) = node.kind else { throw node.expected("an object") }
    var texts: [(name: String, decimal: String)] = []
    for member in members {
      texts.append(
        (member.key, try read.inside("[\(excerpt(member.key))]", read.text, member.value)))
    }
    return texts
  }

  private func namedRanks(_ node: JSONNode) throws(Malformed) -> [(name: String, rank: Rational)] {
    try namedNumbers(node).map { ($0.name, $0.value) }
  }

  // MARK: - What is expressed

  func reward() throws(InputError) -> WrittenOutcome {
    let margin = try fields.required("margin") { (node: JSONNode) throws(Malformed) -> Rational? in
      if case .null = node.kind { return nil }
      return try read.number(node)
    }
    let entries = try fields.required("reward") { (node: JSONNode) throws(Malformed) in
      try read.list(node, of: entry)
    }
    let regulariser =
      try fields.optional("regulariser") { (node: JSONNode) throws(Malformed) in
        try read.list(node, of: lawValue)
      } ?? []
    let optimality = try fields.optional("optimality") {
      (node: JSONNode) throws(Malformed) -> [WrittenRequirement] in
      guard let list = node["constraints"] else {
        throw node.expected("an object with 'constraints'")
      }
      return try read.inside("constraints", requirements, list)
    }
    return .reward(
      entries: entries, regulariser: regulariser, margin: margin, optimality: optimality ?? [])
  }

  func entry(
    _ node: JSONNode
  ) throws(Malformed) -> (parts: [String], value: Rational) {
    guard case .array(let parts) = node.kind, let last = parts.last, parts.count >= 2 else {
      throw node.expected("an entry [..., number]")
    }
    var names: [String] = []
    for part in parts.dropLast() { names.append(try read.text(part)) }
    return (names, try read.number(last))
  }

  private func lawValue(
    _ node: JSONNode
  ) throws(Malformed) -> (law: [(action: String, probability: Rational)], value: Rational) {
    guard case .array(let parts) = node.kind, parts.count == 2 else {
      throw node.expected("a pair [{action: probability}, number]")
    }
    return (
      try namedNumbers(parts[0]).map { ($0.name, $0.value) }, try read.number(parts[1])
    )
  }

  private func term(_ node: JSONNode) throws(Malformed) -> (prefix: [String], weight: Rational) {
    guard case .array(let parts) = node.kind, parts.count == 2 else {
      throw node.expected("a pair [prefix, weight]")
    }
    return (try read.list(parts[0], of: read.text), try read.number(parts[1]))
  }

  // MARK: - What is impossible

  private func impossibility() throws(InputError) -> WrittenOutcome {
    try fields.required("certificate", certificate)
  }

  func certificate(_ node: JSONNode) throws(Malformed) -> WrittenOutcome {
    guard let typeNode = node["type"] else {
      throw node.expected("a certificate with a 'type'")
    }
    let type = try read.inside("type", read.text, typeNode)
    if type == Self.machineRefutation { return .noMachine(try refutation(node)) }
    if type == Self.discountRefutation { return .noDiscount(try pieces(node)) }
    if let found = try optimumCertificate(type, node) { return found }
    let keys = [
      "farkas": "constraints", "cycle": "steps", "levels": "steps", "evaluation": "violated",
    ]
    guard let key = keys[type] else {
      throw typeNode.expected(
        "'farkas', 'farkas-any', 'cycle', 'levels', 'evaluation', '\(Self.machineRefutation)',"
          + " 'deviations', 'unavoidable', 'visit' or 'avoiding-policies'"
      ).inside("type")
    }
    guard let list = node[key] else { throw Malformed("the key '\(key)' is missing") }
    let found = try read.inside(key, requirements, list)
    switch type {
    case "farkas": return .farkas(found)
    case "cycle": return .cycle(found)
    case "levels": return .levels(found)
    default: return .violations(found)
    }
  }

  func requirements(_ node: JSONNode) throws(Malformed) -> [WrittenRequirement] {
    try read.list(node) { (node: JSONNode) throws(Malformed) in
      try related(
        node, multiplier: try number(node, "multiplier"), leftValue: try number(node, "leftValue"),
        rightValue: try number(node, "rightValue"))
    }
  }

  func related(
    _ node: JSONNode, multiplier: Rational? = nil, leftValue: Rational? = nil,
    rightValue: Rational? = nil
  ) throws(Malformed) -> WrittenRequirement {
    guard let left = node["left"], let right = node["right"], let relation = node["relation"]
    else { throw node.expected("an object with 'left', 'relation' and 'right'") }
    return WrittenRequirement(
      left: try read.inside("left", object, left),
      relation: try read.inside("relation", read.text, relation),
      right: try read.inside("right", object, right),
      multiplier: multiplier, leftValue: leftValue, rightValue: rightValue)
  }

  private func number(_ node: JSONNode, _ key: String) throws(Malformed) -> Rational? {
    guard let inner = node[key] else { return nil }
    return try read.inside(key, read.number, inner)
  }

  private func object(_ node: JSONNode) throws(Malformed) -> WrittenObject {
    if case .string(let name) = node.kind { return .name(name) }
    guard node.isObject else { throw node.expected("a name or a policy") }
    return .policy(node)
  }
}
