import ExactJSON
import MarkovDecisionProcesses

extension TaskReader {
  func machine() throws(InputError) -> RewardMachine? {
    try fields.optional("machine") { (node: JSONNode) throws(Malformed) in
      try requireKeys(of: node, ["states", "initial", "transitions"], "a machine")
      let states = try machineStates(node)
      guard let initial = node["initial"] else {
        throw Malformed("the key 'initial' is missing")
      }
      let start = try read.inside(
        "initial",
        { (n: JSONNode) throws(Malformed) in try self.machineState(n, states) }, initial)
      var transitions: [RewardMachine.Transition] = []
      if let list = node["transitions"] {
        transitions = try read.inside(
          "transitions",
          { (n: JSONNode) throws(Malformed) in
            try read.list(n) { (n: JSONNode) throws(Malformed) in
              try self.machineTransition(n, states)
            }
          }, list)
      }
      return RewardMachine(states: states, initial: start, transitions: transitions)
    }
  }

  private func requireKeys(
    of node: JSONNode, _ known: [String], _ what: String
  ) throws(Malformed) {
    guard case .object(let members) = node.kind else { throw node.expected("\(what), an object") }
    for member in members where !known.contains(member.key) && !member.key.hasPrefix("x-") {
      throw Malformed(
        "unknown key \(excerpt(member.key)); known are \(known.joined(separator: ", "))",
        at: member.key)
    }
  }

  private func machineStates(_ node: JSONNode) throws(Malformed) -> NameTable {
    guard let list = node["states"] else { throw Malformed("the key 'states' is missing") }
    let names = try read.inside(
      "states", { (n: JSONNode) throws(Malformed) in try read.list(n, of: read.text) }, list)
    guard !names.isEmpty else {
      throw Malformed("a machine needs at least one state", at: "states")
    }
    do throws(ModelError) {
      return try NameTable(names, of: .state)
    } catch {
      throw Malformed("\(error)", at: "states")
    }
  }

  private func machineState(_ node: JSONNode, _ states: NameTable) throws(Malformed) -> Int {
    let name = try read.text(node)
    guard let place = states.place(of: name) else {
      throw Malformed("the machine has no state \(excerpt(name))")
    }
    return place
  }

  private func machineTransition(
    _ node: JSONNode, _ states: NameTable
  ) throws(Malformed) -> RewardMachine.Transition {
    guard case .array(let parts) = node.kind, parts.count == 3 else {
      throw node.expected("a transition [state, guard, state]")
    }
    let source = try machineState(parts[0], states)
    let target = try machineState(parts[2], states)
    return RewardMachine.Transition(
      from: source, when: try read.inside("[1]", condition, parts[1]), to: target)
  }

  private func condition(_ node: JSONNode) throws(Malformed) -> RewardMachine.Guard {
    try requireKeys(of: node, ["state", "action", "next", "on", "onNext"], "a guard")
    var condition = RewardMachine.Guard()
    condition.states = try oneOrMany(node, "state", state)
    condition.actions = try oneOrMany(node, "action", action)
    condition.successors = try oneOrMany(node, "next", state)
    condition.literals = try literals(node, "on")
    condition.nextLiterals = try literals(node, "onNext")
    return condition
  }

  private func oneOrMany<Value: Hashable>(
    _ node: JSONNode, _ key: String, _ one: (JSONNode) throws(Malformed) -> Value
  ) throws(Malformed) -> Set<Value>? {
    guard let inner = node[key] else { return nil }
    guard case .array(let members) = inner.kind else {
      return [try read.inside(key, one, inner)]
    }
    guard !members.isEmpty else {
      throw Malformed("the list is empty, so that the guard never holds", at: key)
    }
    return Set(
      try read.inside(
        key, { (n: JSONNode) throws(Malformed) in try read.list(n, of: one) }, inner))
  }

  private func literals(
    _ node: JSONNode, _ key: String
  ) throws(Malformed) -> [RewardMachine.Literal] {
    guard let inner = node[key] else { return [] }
    return try read.inside(key, literals, inner)
  }

  private func literals(_ node: JSONNode) throws(Malformed) -> [RewardMachine.Literal] {
    let texts: [String]
    if case .string(let text) = node.kind {
      texts = [text]
    } else {
      texts = try read.list(node, of: read.text)
    }
    let literals = texts.map { text in
      text.hasPrefix("!")
        ? RewardMachine.Literal(String(text.dropFirst()), isNegated: true)
        : RewardMachine.Literal(text)
    }
    try requireKnown(literals.map(\.proposition))
    return literals
  }

  /// A name that the model does not have is a slip: it would count as never true.
  private func requireKnown(_ names: [String]) throws(Malformed) {
    guard let name = names.first(where: { !propositions.contains($0) }) else { return }
    let known = propositions.sorted().joined(separator: ", ")
    throw Malformed(
      "there is no label \(excerpt(name)); the model has \(known.isEmpty ? "none" : known)")
  }

  /// The formula, or the automaton as text or in a file.
  func temporal() throws(InputError) -> ExpressTask.Temporal? {
    let formula = try fields.optional("formula") { (node: JSONNode) throws(Malformed) in
      let text = try read.text(node)
      try requireKnown(try propositions(of: text))
      return text
    }
    let automaton = try fields.optional("automaton") { (node: JSONNode) throws(Malformed) in
      try read.text(node)
    }
    if let formula {
      guard automaton == nil else {
        throw fields.error("a task has a formula or an automaton, not both", at: "automaton")
      }
      return .formula(formula)
    }
    guard let automaton else { return nil }
    // A text in the format starts with its header; anything else is a path.
    if automaton.drop(while: \.isWhitespace).hasPrefix("HOA:") {
      return .automaton(try parsed(automaton))
    }
    let bytes = try InputFile.read(resolved(automaton, besides: path))
    return .automaton(try parsed(String(decoding: bytes, as: UTF8.self)))
  }

  private func propositions(of formula: String) throws(Malformed) -> [String] {
    do throws(FormulaError) {
      return try TemporalFormula(parsing: formula).propositions
    } catch {
      throw Malformed("the formula is malformed: \(error)")
    }
  }

  private func parsed(_ text: String) throws(InputError) -> OmegaAutomaton {
    let automaton: OmegaAutomaton
    do throws(AutomatonError) {
      automaton = try OmegaAutomaton(hoa: text)
    } catch {
      throw fields.error("\(error)", at: "automaton")
    }
    do throws(Malformed) {
      try requireKnown(automaton.propositions)
    } catch {
      throw fields.error(error.problem, at: "automaton")
    }
    return automaton
  }
}
