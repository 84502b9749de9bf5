import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// An answer about reward machines as its file holds it, before it meets a model.
struct WrittenMachineAnswer: Sendable {
  /// Where the runs begin, if not where the model does.
  private let initial: Reference?
  /// The answer in terms of the model's states and actions.
  private let fit: @Sendable (FiniteMDP) throws(CheckFailure) -> MachineAnswer

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    let reader = MachineAnswerReader(fields: fields, read: read)
    let question: MachineAnswer.Question = try fields.required("question", read.named)
    initial =
      question == .minimise ? nil : try fields.optional("initial", read.reference)
    fit =
      switch question {
      case .minimise: try reader.minimization()
      case .compare: try reader.comparison()
      case .markov: try reader.markov()
      }
  }

  func verify(
    against model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    var answer: MachineAnswer?
    var started = model
    let fitting = try verdict { () throws(CheckFailure) in
      if let initial { started = model.starting(at: try model.state(initial, in: "initial")) }
      answer = try fit(started)
      return .accepted(statement: "", warnings: [])
    }
    guard let answer else { return fitting }
    return try answer.verify(in: started, progress: progress)
  }
}

/// A list of names, with a number where the rows of its table have one.
struct WrittenRow: Sendable {
  let names: [Reference]
  let value: Rational
}

/// Reads an answer: what can be said without a model at once, and the rest when there is one.
struct MachineAnswerReader {
  typealias Fit = @Sendable (FiniteMDP) throws(CheckFailure) -> MachineAnswer
  typealias Machine = @Sendable (FiniteMDP) throws(CheckFailure) -> PayingMachine

  let fields: DocumentFields
  let read: EntryReader

  func requireKeys(_ keys: [String]) throws(InputError) {
    try fields.requireKeys(among: ["format", "version", "question"] + keys)
  }

  /// Guards and payments name states of the model, so that a machine is read with one.
  func machine(_ key: String) throws(InputError) -> Machine {
    let inner = try fields.requiredObject(key)
    try inner.requireKeys(among: ["machine", "reward"])
    let limits = read.limits
    return { (model) throws(CheckFailure) in
      do throws(InputError) {
        return try TaskReader(fields: inner, model: model, limits: limits, path: "-")
          .payingMachine()
      } catch {
        throw .rejected("\(error.place ?? key): \(error.problem)")
      }
    }
  }

  /// Rows of `count` names and, where they are valued, a number.
  func rows(
    _ key: String, _ what: String, names count: Int, isValued: Bool
  ) throws(InputError) -> [WrittenRow] {
    try fields.required(key) { (node: JSONNode) throws(Malformed) in
      try read.list(node) { (node: JSONNode) throws(Malformed) in
        guard case .array(let parts) = node.kind, parts.count == count + (isValued ? 1 : 0) else {
          throw node.expected(what)
        }
        var names: [Reference] = []
        for (place, part) in parts.prefix(count).enumerated() {
          names.append(try read.inside("[\(place)]", read.reference, part))
        }
        let value = isValued ? try read.inside("[\(count)]", read.number, parts[count]) : 0
        return WrittenRow(names: names, value: value)
      }
    }
  }

  // MARK: - Questions

  func minimization() throws(InputError) -> Fit {
    try requireKeys(["given", "minimal", "classes", "rounds"])
    let (given, minimal) = (try machine("given"), try machine("minimal"))
    let classes = try fields.required("classes") {
      (node: JSONNode) throws(Malformed) -> [(name: String, stands: Reference)] in
      guard case .object(let members) = node.kind else {
        throw node.expected("an object that names a class for each state that is reached")
      }
      var classes: [(name: String, stands: Reference)] = []
      for member in members {
        classes.append(
          (member.key, try read.inside(excerpt(member.key), read.reference, member.value)))
      }
      return classes
    }
    let rounds = try fields.required("rounds") { (node: JSONNode) throws(Malformed) in
      try read.list(node) { (node: JSONNode) throws(Malformed) in
        try read.list(node, of: read.naturalNumber)
      }
    }
    return { (model) throws(CheckFailure) in
      let (given, minimal) = (try given(model), try minimal(model))
      var places = [Int?](repeating: nil, count: given.machine.states.count)
      for (name, stands) in classes {
        places[try given.machine.place(.name(name), in: "classes")] =
          try minimal.machine.place(stands, in: "classes")
      }
      return .minimal(
        MachineMinimization(minimal: minimal, classes: places, rounds: rounds), of: given)
    }
  }

  func comparison() throws(InputError) -> Fit {
    let (first, second) = (try machine("first"), try machine("second"))
    guard try fields.required("equivalent", read.truth) else { return try different(first, second) }
    try requireKeys(["initial", "first", "second", "equivalent", "triples"])
    let rows = try rows(
      "triples", "[state, state of the first machine, state of the second]", names: 3,
      isValued: false)
    return { (model) throws(CheckFailure) in
      let (first, second) = (try first(model), try second(model))
      var triples: [MachineComparison.Triple] = []
      for row in rows {
        triples.append(
          .init(
            state: try model.state(row.names[0], in: "triples"),
            first: try first.machine.place(row.names[1], in: "triples"),
            second: try second.machine.place(row.names[2], in: "triples")))
      }
      return .comparison(.equivalent(triples), first: first, second: second)
    }
  }

  private func different(
    _ first: @escaping Machine, _ second: @escaping Machine
  ) throws(InputError) -> Fit {
    try requireKeys(["initial", "first", "second", "equivalent", "run", "payments"])
    let rows = try rows("run", "[state, action, next state]", names: 3, isValued: false)
    let payments = try fields.required("payments") { (node: JSONNode) throws(Malformed) in
      try read.list(node, of: read.number)
    }
    return { (model) throws(CheckFailure) in
      let (first, second) = (try first(model), try second(model))
      var run: [MachineComparison.Step] = []
      for row in rows {
        let state = try model.state(row.names[0], in: "run")
        let choice = try model.choice(row.names[1], at: state, in: "run")
        run.append((state, model.action(of: choice), try model.state(row.names[2], in: "run")))
      }
      let paid = MachineComparison.lastPayments(of: first, and: second, for: run, on: model)
      try require(
        payments == paid.map { [$0.first, $0.second] },
        "payments: they are not what the machines pay for the last step of the run")
      return .comparison(.different(run), first: first, second: second)
    }
  }
}

extension RewardMachine {
  /// The state that a file names.
  func place(
    _ reference: Reference, in field: String
  ) throws(CheckFailure) -> Int {
    switch reference {
    case .name(let name):
      if let place = states.place(of: name) { return place }
    case .index(let index):
      if let index, index < states.count { return index }
    }
    throw .rejected("\(field): the machine has no state \(reference.shown)")
  }
}
