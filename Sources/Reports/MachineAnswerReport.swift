import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// An answer to a question about reward machines as text and JSON.
public struct MachineAnswerReport: Report {
  private let answer: MachineAnswer
  private let model: FiniteMDP
  private let decimals: Int?
  private let initial: State?

  /// - Parameters:
  ///   - decimals: digits of the decimals beside the fractions; none when `nil`.
  ///   - initial: where the runs begin, if not where the model does.
  public init(
    _ answer: MachineAnswer, on model: FiniteMDP, decimals: Int? = nil, initial: State? = nil
  ) {
    self.answer = answer
    self.model = model
    self.decimals = decimals
    self.initial = initial
  }

  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: model.stateCount < Certificate.arrayThreshold, sink: sink)
    answer.write(to: json, names: model, initial: initial)
    try json.finish()
  }

  /// Writes a machine as a file of its own, which models are read with.
  public static func write(
    _ machine: PayingMachine, on model: FiniteMDP, to sink: @escaping ByteSink
  ) throws {
    let json = JSONWriter(indented: model.stateCount < Certificate.arrayThreshold, sink: sink)
    machine.write(to: json, for: model)
    try json.finish()
  }

  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    let table: TextTable?
    switch answer {
    case .minimal(let minimization, let given): table = describe(minimization, given, &summary)
    case .comparison(let comparison, let first, let second):
      table = describe(comparison, first, second, &summary)
    case .markov(let markov, let given, let discount):
      table = describe(markov, given, discount, &summary)
    }
    if let initial { summary.add("start", name(initial)) }
    try summary.write(to: &text)
    if let table {
      try text.line()
      try table.write(to: &text)
    }
    try text.flush()
  }

  private var fractions: FractionText { FractionText(model: model, decimals: decimals) }

  private func name(_ state: State) -> String { model.states[Int(state.index)] }

  // MARK: - Questions

  private func describe(
    _ minimization: MachineMinimization, _ given: PayingMachine, _ summary: inout Summary
  ) -> TextTable {
    let minimal = minimization.minimal.machine.states
    summary.add("given", states(given.machine.states.count))
    summary.add("minimal", states(minimal.count))
    summary.add("proof", "classes that pay and go on alike, and rounds that tell them apart")
    var table = TextTable([("state", .left), ("stands for", .left)])
    for place in 0..<minimal.count {
      let members = minimization.classes.indices.filter { minimization.classes[$0] == place }
      table.add([
        minimal[place], members.map { given.machine.states[$0] }.joined(separator: ", "),
      ])
    }
    return table
  }

  private func states(_ count: Int) -> String { "\(count) state\(count == 1 ? "" : "s")" }

  private func describe(
    _ comparison: MachineComparison, _ first: PayingMachine, _ second: PayingMachine,
    _ summary: inout Summary
  ) -> TextTable? {
    switch comparison {
    case .equivalent(let triples):
      summary.add("equivalent", "yes: both pay the same on every run of the model")
      summary.add(
        "proof", "\(triples.count) triples of a state with one of each machine, and no others occur"
      )
      return nil
    case .different(let run):
      summary.add("equivalent", "no: the last step of this run is paid differently")
      if let paid = MachineComparison.lastPayments(of: first, and: second, for: run, on: model) {
        summary.add("first pays", fractions.shown(paid.first))
        summary.add("second pays", fractions.shown(paid.second))
      }
      var table = TextTable([("state", .left), ("action", .left), ("next", .left)])
      for step in run {
        table.add([name(step.state), fractions.name(step.action), name(step.successor)])
      }
      return table
    }
  }

  private func describe(
    _ markov: MarkovMachine, _ given: PayingMachine, _ discount: Rational,
    _ summary: inout Summary
  ) -> TextTable? {
    switch markov {
    case .markov(let reward, _):
      summary.add("Markov", "yes: this reward is worth the same for every policy, up to a constant")
      summary.add("discount", fractions.shown(discount))
      guard !reward.isEmpty else { return nil }
      var table = TextTable([("state", .left), ("action", .left), ("reward", .right)])
      for (choice, value) in reward.sorted(by: { $0.key.index < $1.key.index }) {
        let names = fractions.names(choice)
        table.add([names.state, names.action, fractions.shown(value)])
      }
      return table
    case .notMarkov(let multipliers):
      summary.add("Markov", "no: two uses of time differ in the machine's state alone")
      summary.add("discount", fractions.shown(discount))
      summary.add("paid apart", fractions.shown(markov.difference(of: given, on: model)))
      var table = TextTable([
        ("machine", .left), ("state", .left), ("action", .left), ("time", .right),
      ])
      let sorted = multipliers.sorted {
        ($0.key.choice.index, $0.key.machine) < ($1.key.choice.index, $1.key.machine)
      }
      for (place, value) in sorted {
        let names = fractions.names(place.choice)
        table.add([
          given.machine.states[place.machine], names.state, names.action, fractions.shown(value),
        ])
      }
      return table
    case .apart(let advantages):
      let states = given.machine.states
      let names = fractions.names(advantages.choice)
      summary.add("Markov", "no: a policy's advantage of one choice depends on the machine's state")
      summary.add("discount", fractions.shown(discount))
      summary.add("choice", "\(names.action) in \(names.state)")
      summary.add(
        "machine's states",
        "\(states[advantages.machines.first]), \(states[advantages.machines.second])")
      summary.add("apart by", "at least \(fractions.shown(advantages.gap))")
      summary.add("policy", "of \(advantages.values.count) pairs (in JSON, with its values)")
      return nil
    }
  }
}
