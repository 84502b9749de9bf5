import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension ExpressTask {
  static let keys = [
    "format", "version", "model", "kind", "formalism", "discount", "initial", "rewardOn",
    "policies", "acceptable", "variant", "candidates", "relations", "ranking", "trajectories",
    "machine", "formula", "automaton", "uniqueOptimum", "avoid",
  ]

  /// Reads the task at `path`, or from standard input for `-`.
  ///
  /// A model that is given by path is looked for from the task's folder.
  ///
  /// - Throws: ``InputError``, of the kind `cannotOpen` when a file cannot be read.
  public static func read(
    _ path: String, options: ReadOptions = ReadOptions()
  ) throws(InputError) -> ExpressTask {
    try read(try JSONDocument.read(path), path: path, options: options)
  }

  /// Reads the bytes of a task whose path is `path`.
  public static func read(
    bytes: [UInt8], path: String, options: ReadOptions = ReadOptions()
  ) throws(InputError) -> ExpressTask {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(parsing: bytes)
    } catch {
      throw InputError(error, file: InputFile.name(of: path))
    }
    return try read(document, path: path, options: options)
  }

  static func read(
    _ document: JSONDocument, path: String, options: ReadOptions
  ) throws(InputError) -> ExpressTask {
    let fields = try DocumentFields(document.root, file: InputFile.name(of: path))
    try fields.requireTask()
    let model = try fields.model(document, path: path, options)
    return try TaskReader(fields: fields, model: model, limits: options.limits, path: path).task()
  }
}

extension DocumentFields {
  /// Checks that this object is a task of the version that is known, with known keys only.
  fileprivate func requireTask() throws(InputError) {
    guard let node = self["format"] else {
      throw error("the key 'format' is missing; '\(DocumentKind.task.rawValue)' is expected")
    }
    guard case .string(DocumentKind.task.rawValue) = node.kind else {
      throw error(
        node.expected("'\(DocumentKind.task.rawValue)'").problem, at: "format")
    }
    try requireVersion()
    try requireKeys(among: ExpressTask.keys)
  }

  /// The model that the field `model` holds or names.
  fileprivate func model(
    _ document: JSONDocument, path: String, _ options: ReadOptions
  ) throws(InputError) -> FiniteMDP {
    guard let node = self["model"] else { throw missing("model") }
    switch node.kind {
    case .string(let name):
      return try ModelFile.read(resolved(name, besides: path), options: options).model
    case .object:
      var inner = options
      inner.format = .rationale
      do throws(InputError) {
        return try ModelFile.read(bytes: document.bytes(of: node), name: file, options: inner).model
      } catch {
        let place = error.place.map { "model.\($0)" } ?? "model"
        throw InputError(kind: error.kind, file: file, place: place, problem: error.problem)
      }
    case .null, .bool, .number, .array:
      throw error(node.expected("a model or its path").problem, at: "model")
    }
  }
}

/// `file` as seen from the folder of the file at `path`.
func resolved(_ file: String, besides path: String) -> String {
  guard !file.hasPrefix("/"), path != "-", let slash = path.lastIndex(of: "/") else {
    // The name of standard input is no name of a file beside another.
    return file == "-" ? "./-" : file
  }
  return path[...slash] + file
}

/// Reads the fields of a task, now that its model is there.
struct TaskReader {
  let fields: DocumentFields
  let model: FiniteMDP
  let limits: NumberLimits
  let path: String
  let read: EntryReader
  /// What formulas and guards may speak of.
  let propositions: Set<String>
  private(set) var objects: [ExpressTask.Object] = []
  /// The places of the objects by name; inline policies go by their JSON text.
  private(set) var places: [String: Int] = [:]

  init(fields: DocumentFields, model: FiniteMDP, limits: NumberLimits, path: String) {
    self.fields = fields
    self.model = model
    self.limits = limits
    self.path = path
    read = EntryReader(limits: limits)
    propositions = model.propositions
  }

  consuming func task() throws(InputError) -> ExpressTask {
    var reader = self
    return try reader.readTask()
  }

  private mutating func readTask() throws(InputError) -> ExpressTask {
    let kind: ExpressTask.Kind = try requiredChoice("kind")
    let formalism: Formalism = try optionalChoice("formalism") ?? .markovReward
    try requireFitting(kind, formalism)
    let discount = try discount()
    let initial = try initialLaw()
    if kind != .trajectoryOrder, initial == nil {
      throw fields.error(
        "an initial law is required for policies: give the model one, or the task", at: "initial")
    }
    try readObjects(kind)
    let support: ExpressTask.RewardSupport =
      try optionalChoice("rewardOn") ?? (kind == .trajectoryOrder ? .transition : .stateAction)
    let (acceptable, candidates, variant) = try policySet(kind)
    let relations = try relations(kind)
    let ranking = try ranking(kind)
    let optimum = try optimumRequest(kind, discount)
    return ExpressTask(
      model: model, kind: kind, formalism: formalism, discount: discount, initial: initial,
      rewardSupport: support, objects: objects, acceptable: acceptable, candidates: candidates,
      variant: variant, relations: relations, ranking: ranking, machine: try machine(),
      temporal: try temporal(), optimum: optimum)
  }

  private func requireFitting(
    _ kind: ExpressTask.Kind, _ formalism: Formalism
  ) throws(InputError) {
    if kind == .trajectoryOrder, formalism == .regularised {
      throw fields.error(
        "RRL values laws of actions, so it does not order single trajectories", at: "formalism")
    }
    let wrong =
      kind == .trajectoryOrder
      ? ["policies", "acceptable", "candidates", "variant"]
      : kind == .policySet
        ? ["trajectories", "relations", "ranking"]
        : ["trajectories", "acceptable", "candidates", "variant"]
    if let key = wrong.first(where: { fields[$0] != nil }) {
      throw fields.error("a task of the kind '\(kind.rawValue)' has no such field", at: key)
    }
  }

  // MARK: - Values of closed sets

  private func requiredChoice<Value: RawRepresentable & CaseIterable>(
    _ key: String
  ) throws(InputError) -> Value where Value.RawValue == String {
    guard let value: Value = try optionalChoice(key) else { throw fields.missing(key) }
    return value
  }

  private func optionalChoice<Value: RawRepresentable & CaseIterable>(
    _ key: String
  ) throws(InputError) -> Value? where Value.RawValue == String {
    try fields.optional(key) { (node: JSONNode) throws(Malformed) in
      guard case .string(let text) = node.kind, let value = Value(rawValue: text) else {
        let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw node.expected("one of \(known)")
      }
      return value
    }
  }

  // MARK: - Discount and initial law

  private func discount() throws(InputError) -> ExpressTask.Discount? {
    let given = try fields.optional("discount") {
      (node: JSONNode) throws(Malformed) -> ExpressTask.Discount in
      if case .string(ExpressTask.anyDiscount) = node.kind { return .any }
      let value = try read.number(node)
      guard value.signum >= 0, value < 1 else {
        throw Malformed("the discount is \(value), but it has to be at least 0 and less than 1")
      }
      return .fixed(value)
    }
    return given ?? model.discount.map { .fixed($0) }
  }

  private func initialLaw() throws(InputError) -> [(state: State, probability: Rational)]? {
    let given = try fields.optional("initial") {
      (node: JSONNode) throws(Malformed) -> [(state: State, probability: Rational)] in
      guard case .array(let entries) = node.kind else { return [(try state(node), 1)] }
      var law: [(state: State, probability: Rational)] = []
      for (index, entry) in entries.enumerated() {
        guard case .array(let pair) = entry.kind, pair.count == 2 else {
          throw entry.expected("a pair [state, probability]").inside("[\(index)]")
        }
        law.append((try state(pair[0]), try read.number(pair[1])))
      }
      try requireLaw(law)
      return law
    }
    return given ?? model.initial
  }

  private func requireLaw(
    _ law: [(state: State, probability: Rational)]
  ) throws(Malformed) {
    guard Set(law.map(\.state)).count == law.count else {
      throw Malformed("a state appears twice")
    }
    guard law.allSatisfy({ $0.probability.signum >= 0 }) else {
      throw Malformed("a probability is negative")
    }
    let sum = law.reduce(Rational.zero) { $0 + $1.probability }
    guard sum == 1 else { throw Malformed("the probabilities add up to \(sum), not 1") }
  }

  // MARK: - Names

  /// A state by name or index.
  func state(_ node: JSONNode) throws(Malformed) -> State {
    State(try place(node, in: model.states, "state"))
  }

  /// An action by name or index.
  func action(_ node: JSONNode) throws(Malformed) -> Action {
    Action(try place(node, in: model.actions, "action"))
  }

  private func place(
    _ node: JSONNode, in table: NameTable, _ what: String
  ) throws(Malformed) -> Int {
    switch try read.reference(node) {
    case .name(let name):
      if let place = table.place(of: name) { return place }
      let near = nearestName(to: name, among: table.names)
      throw Malformed(
        "unknown \(what) \(excerpt(name))" + (near.map { "; did you mean '\($0)'?" } ?? ""))
    case .index(let index):
      if let index, index < table.count { return index }
      throw Malformed("the \(what) index has to be in 0...\(table.count - 1)")
    }
  }

  // MARK: - Objects

  private mutating func readObjects(_ kind: ExpressTask.Kind) throws(InputError) {
    let key = kind == .trajectoryOrder ? "trajectories" : "policies"
    guard let node = fields[key] else {
      if kind != .trajectoryOrder { return }
      throw fields.missing(key)
    }
    guard case .object(let members) = node.kind else {
      throw fields.error(node.expected("an object of named \(key)").problem, at: key)
    }
    for member in members {
      guard kind == .trajectoryOrder || !member.key.hasPrefix("{") else {
        throw fields.error(
          "the name \(excerpt(member.key)) looks like a policy itself: policies that stand where"
            + " they are used go by their text", at: key)
      }
      let behaviour = try fields.optional(key) {
        (_: JSONNode) throws(Malformed) -> ExpressTask.Object.Behaviour in
        try read.inside(
          "[\(excerpt(member.key))]",
          { (node: JSONNode) throws(Malformed) in
            kind == .trajectoryOrder
              ? .trajectory(try trajectory(node)) : .policy(try policy(node))
          }, member.value)
      }
      guard let behaviour else { continue }
      places[member.key] = objects.count
      objects.append(ExpressTask.Object(name: member.key, behaviour: behaviour))
    }
  }

  /// The place of an object that is named, or of a policy that stands there itself.
  mutating func object(_ node: JSONNode, inlineAllowed: Bool) throws(Malformed) -> Int {
    if case .string(let name) = node.kind {
      if let place = places[name] { return place }
      let near = nearestName(to: name, among: objects.map(\.name))
      throw Malformed(
        "nothing is called \(excerpt(name)) here" + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
    guard inlineAllowed, node.isObject else {
      throw node.expected(inlineAllowed ? "a name or a policy" : "a name")
    }
    let text = node.text
    if let place = places[text] { return place }
    let policy = try policy(node)
    places[text] = objects.count
    objects.append(ExpressTask.Object(name: text, isInline: true, behaviour: .policy(policy)))
    return objects.count - 1
  }
}
