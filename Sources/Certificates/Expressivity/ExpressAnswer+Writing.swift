import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension ExpressAnswer {
  /// Writes the answer to `task` as one JSON object.
  ///
  /// - Parameter decimals: digits of the decimals beside the margin and the values; none when `nil`.
  public func write(to json: JSONWriter, for task: ExpressTask, decimals: Int? = nil) {
    AnswerWriter(answer: self, task: task, json: json, decimals: decimals).write()
  }
}

/// Writes an answer with the names of its task.
struct AnswerWriter {
  let answer: ExpressAnswer
  let task: ExpressTask
  let json: JSONWriter
  let decimals: Int?

  var model: FiniteMDP { task.model }

  func write() {
    json.beginObject()
    text("format", DocumentKind.expressivity.rawValue)
    json.key("version")
    json.integer(1)
    text("kind", answer.kind.rawValue)
    text("formalism", answer.formalism.rawValue)
    if let discount = answer.discount { number("discount", discount) }
    if case .noDiscount = answer.outcome { text("discount", ExpressTask.anyDiscount) }
    if let support = answer.rewardSupport { text("rewardOn", support.rawValue) }
    json.key("expressible")
    if let isExpressible = answer.isExpressible { json.bool(isExpressible) } else { json.null() }
    if let search = answer.search { write(search) }
    writeOutcome()
    if let best = answer.best { write(policy: best) }
    json.endObject()
  }

  func writeOutcome() {
    switch answer.outcome {
    case .reward(let reward): write(reward)
    case .function(let terms):
      list("function", terms) { term in
        json.beginArray()
        write(term.prefix)
        json.string(term.weight.description)
        json.endArray()
      }
      writeValues()
    case .ranks(let ranks):
      json.key("ranks")
      json.beginObject()
      for (object, rank) in zip(task.objects, ranks) {
        json.key(object.name)
        json.integer(rank)
      }
      json.endObject()
    case .formula: writeValues()
    case .farkas(let requirements):
      certificate("farkas") { list("constraints", requirements, write) }
    case .cycle(let steps): write(steps, as: "cycle")
    case .levels(let steps): write(steps, as: "levels")
    case .violations(let violations):
      writeValues()
      certificate("evaluation") { list("violated", violations, write) }
    case .noMachine(let refutation):
      text("undecided", refutation.reason)
      certificate(AnswerReader.machineRefutation) { write(refutation) }
    case .noDiscount(let refutation): write(refutation)
    case .optimum(let optimum): write(optimum)
    case .noOptimum(let conflicts): write(conflicts)
    case .unavoidable(let ranks): write(ranks)
    case .visit(let run): write(visit: run)
    case .refuted(let refutations): write(refutations)
    case .undecided(let reason): text("undecided", reason)
    }
  }

  private func write(_ search: ExpressAnswer.Search) {
    text("machineInput", search.alphabet.rawValue)
    json.key("machineStates")
    json.integer(search.machine?.states.count ?? search.stateLimit)
    guard let machine = search.machine else { return }
    json.key("machine")
    machine.write(to: json, for: model)
    guard let smaller = search.smaller else { return }
    json.key("smaller")
    json.beginObject()
    write(smaller)
    json.endObject()
  }

  private func write(_ refutation: ExpressAnswer.MachineRefutation) {
    json.key("states")
    json.integer(refutation.stateCount)
    list("conflicts", refutation.conflicts) { conflict in
      json.beginObject()
      list("constraints", conflict, write)
      json.endObject()
    }
  }

  private func write(_ refutation: ExpressAnswer.DiscountRefutation) {
    if !refutation.open.isEmpty {
      text("undecided", refutation.reason)
      list("open", refutation.open, json.algebraicNumber)
    }
    certificate(AnswerReader.discountRefutation) {
      list("pieces", refutation.pieces) { piece in
        json.beginObject()
        if let place = piece.place { number("at", place) }
        list("constraints", piece.terms) { term in
          json.beginObject()
          write(term.requirement)
          json.key("multiplier")
          json.polynomial(term.multiplier)
          json.endObject()
        }
        json.endObject()
      }
    }
  }

  private func write(_ steps: [ExpressAnswer.CycleStep], as type: String) {
    certificate(type) {
      list("steps", steps) { step in
        json.beginObject()
        reference("left", step.left)
        text("relation", step.relation.rawValue)
        reference("right", step.right)
        json.endObject()
      }
    }
  }

  // MARK: - Rewards

  func write(_ reward: ExpressAnswer.Reward) {
    json.key("margin")
    if let margin = reward.margin { json.string(margin.description) } else { json.null() }
    if let decimals, let margin = reward.margin {
      text("marginDecimal", margin.decimal(digits: decimals))
    }
    let entries = reward.entries.compactMap { entry -> (parts: [String], value: Rational)? in
      guard case .entry(let machine, let state, let action, let successor) = entry.coordinate
      else { return nil }
      var parts: [String] = []
      if let machine, let states = (answer.search?.machine ?? task.machine)?.states {
        parts.append(states[machine])
      }
      parts.append(model.states[Int(state.index)])
      if let action { parts.append(model.actions[Int(action.index)]) }
      if let successor { parts.append(model.states[Int(successor.index)]) }
      return (parts, entry.value)
    }
    list("reward", entries) { entry in
      json.beginArray()
      for part in entry.parts { json.string(part) }
      json.string(entry.value.description)
      json.endArray()
    }
    if answer.formalism == .regularised {
      let laws = reward.entries.compactMap { entry -> (law: ActionLaw, value: Rational)? in
        guard case .regulariser(let law) = entry.coordinate else { return nil }
        return (law, entry.value)
      }
      list("regulariser", laws) { entry in
        json.beginArray()
        write(entry.law)
        json.string(entry.value.description)
        json.endArray()
      }
    }
    writeValues()
    if !reward.optimality.isEmpty {
      json.key("optimality")
      json.beginObject()
      list("constraints", reward.optimality, write)
      json.endObject()
    }
  }

  private func write(_ law: ActionLaw) {
    json.beginObject()
    for (action, probability) in zip(law.actions, law.probabilities) {
      json.key(model.actions[Int(action.index)])
      json.string(probability.description)
    }
    json.endObject()
  }

  func write(_ prefix: ExpressAnswer.Prefix) {
    json.beginArray()
    json.string(model.states[Int(prefix.start.index)])
    for step in prefix.steps {
      json.string(model.actions[Int(step.action.index)])
      json.string(model.states[Int(step.successor.index)])
    }
    if let action = prefix.lastAction { json.string(model.actions[Int(action.index)]) }
    json.endArray()
  }

  private func writeValues() {
    write("values", \.description)
    if let decimals { write("valuesDecimal") { $0.decimal(digits: decimals) } }
  }

  private func write(_ key: String, _ shown: (Rational) -> String) {
    json.key(key)
    json.beginObject()
    for (name, value) in answer.values { text(name, shown(value)) }
    json.endObject()
  }

  // MARK: - Requirements

  func write(_ weighted: ExpressAnswer.WeightedRequirement) {
    json.beginObject()
    write(weighted.requirement)
    number("multiplier", weighted.multiplier)
    json.endObject()
  }

  private func write(_ violation: ExpressAnswer.Violation) {
    json.beginObject()
    write(violation.requirement)
    number("leftValue", violation.leftValue)
    number("rightValue", violation.rightValue)
    json.endObject()
  }

  private func write(_ requirement: ExpressAnswer.Requirement) {
    reference("left", requirement.left)
    text("relation", requirement.relation.rawValue)
    reference("right", requirement.right)
  }

  private func reference(_ key: String, _ reference: ExpressAnswer.Reference) {
    json.key(key)
    switch reference {
    case .policy(let actions): write(actions)
    case .name(let name):
      guard let object = task.objects.first(where: { $0.name == name }), object.isInline,
        case .policy(let policy) = object.behaviour
      else { return json.string(name) }
      write(policy)
    }
  }

  private func write(_ actions: [Action]) {
    json.beginObject()
    for (state, action) in actions.enumerated() {
      text(model.states[state], model.actions[Int(action.index)])
    }
    json.endObject()
  }

  private func write(_ policy: Policy) {
    if let actions = policy.actions(in: model) { return write(actions) }
    json.beginObject()
    for state in 0..<model.stateCount {
      json.key(model.states[state])
      write(ActionLaw(policy.choices(at: State(state)), in: model))
    }
    json.endObject()
  }

  // MARK: - Members

  func text(_ key: String, _ value: String) {
    json.key(key)
    json.string(value)
  }

  private func number(_ key: String, _ value: Rational) { text(key, value.description) }

  func list<Element>(_ key: String, _ elements: [Element], _ body: (Element) -> Void) {
    json.key(key)
    json.beginArray()
    for element in elements { body(element) }
    json.endArray()
  }

  func certificate(_ type: String, _ body: () -> Void) {
    json.key("certificate")
    json.beginObject()
    text("type", type)
    body()
    json.endObject()
  }
}
