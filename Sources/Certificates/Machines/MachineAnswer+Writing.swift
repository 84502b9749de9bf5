import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension MachineAnswer {
  /// Writes the answer with its machines as one JSON object.
  ///
  /// - Parameter initial: where the runs begin, if not where the model does.
  public func write(to writer: JSONWriter, names model: FiniteMDP, initial: State? = nil) {
    MachineAnswerWriter(
      answer: self, fields: FieldWriter(writer: writer, model: model, omitted: [])
    ).write(initial)
  }
}

private struct MachineAnswerWriter {
  let answer: MachineAnswer
  let fields: FieldWriter

  private var writer: JSONWriter { fields.writer }
  private var model: FiniteMDP { fields.model }

  func write(_ initial: State?) {
    writer.beginObject()
    fields.string("format", DocumentKind.machineAnswer.rawValue)
    fields.field("version") { writer.integer(1) }
    fields.string("question", answer.question.rawValue)
    if let initial { fields.string("initial", name(initial)) }
    switch answer {
    case .minimal(let minimization, let given): write(minimization, given)
    case .comparison(let comparison, let first, let second): write(comparison, first, second)
    case .markov(let markov, let given, let discount): write(markov, given, discount)
    }
    writer.endObject()
  }

  private func write(_ key: String, _ machine: PayingMachine) {
    fields.field(key) {
      writer.beginObject()
      machine.writeParts(to: writer, for: model)
      writer.endObject()
    }
  }

  private func rows(_ key: String, _ rows: [[String]]) {
    fields.field(key) {
      writer.beginArray()
      rows.forEach(writer.strings)
      writer.endArray()
    }
  }

  private func write(_ minimization: MachineMinimization, _ given: PayingMachine) {
    let minimal = minimization.minimal
    write("given", given)
    write("minimal", minimal)
    fields.field("classes") {
      writer.beginObject()
      for (place, stands) in minimization.classes.enumerated() {
        guard let stands else { continue }
        fields.string(given.machine.states[place], minimal.machine.states[stands])
      }
      writer.endObject()
    }
    fields.field("rounds") {
      writer.beginArray()
      for round in minimization.rounds {
        writer.beginArray()
        round.forEach(writer.integer)
        writer.endArray()
      }
      writer.endArray()
    }
  }

  private func write(
    _ comparison: MachineComparison, _ first: PayingMachine, _ second: PayingMachine
  ) {
    write("first", first)
    write("second", second)
    switch comparison {
    case .equivalent(let triples):
      fields.field("equivalent") { writer.bool(true) }
      rows(
        "triples",
        triples.map {
          [
            name($0.state), first.machine.states[$0.first], second.machine.states[$0.second],
          ]
        })
    case .different(let run):
      fields.field("equivalent") { writer.bool(false) }
      rows("run", run.map { [name($0.state), name($0.action), name($0.successor)] })
      guard
        let paid = MachineComparison.lastPayments(of: first, and: second, for: run, on: model)
      else { return }
      fields.field("payments") { writer.strings(["\(paid.first)", "\(paid.second)"]) }
    }
  }

  private func write(_ markov: MarkovMachine, _ given: PayingMachine, _ discount: Rational) {
    write("given", given)
    fields.string("discount", "\(discount)")
    let states = given.machine.states
    switch markov {
    case .markov(let reward, let potential):
      fields.field("markov") { writer.bool(true) }
      rows(
        "reward",
        reward.sorted { $0.key.index < $1.key.index }.map { choice, value in
          names(choice) + ["\(value)"]
        })
      rows(
        "potential",
        potential.sorted {
          ($0.key.machine, $0.key.state) < ($1.key.machine, $1.key.state)
        }.map { node, value in [states[node.machine], name(node.state), "\(value)"] })
    case .notMarkov(let multipliers):
      fields.field("markov") { writer.bool(false) }
      rows(
        "multipliers",
        multipliers.sorted {
          ($0.key.choice.index, $0.key.machine) < ($1.key.choice.index, $1.key.machine)
        }.map { place, value in [states[place.machine]] + names(place.choice) + ["\(value)"] })
      fields.string("difference", "\(markov.difference(of: given, on: model))")
    case .apart(let advantages): write(advantages, states)
    }
  }

  private func write(_ advantages: MarkovMachine.ApartAdvantages, _ states: NameTable) {
    fields.field("markov") { writer.bool(false) }
    fields.field("choice") { writer.strings(names(advantages.choice)) }
    fields.field("machines") {
      writer.strings([states[advantages.machines.first], states[advantages.machines.second]])
    }
    let sorted = advantages.values.sorted {
      ($0.key.state, $0.key.machine) < ($1.key.state, $1.key.machine)
    }
    rows(
      "values",
      sorted.compactMap { node, value in
        advantages.policy[node.state].map {
          [states[node.machine]] + names($0) + ["\(value)"]
        }
      })
    fields.string("apart", "\(advantages.gap)")
  }

  private func names(_ choice: Choice) -> [String] {
    [name(model.state(of: choice)), name(model.action(of: choice))]
  }
  private func name(_ state: State) -> String { model.states[Int(state.index)] }
  private func name(_ action: Action) -> String { model.actions[Int(action.index)] }
}
