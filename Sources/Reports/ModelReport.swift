import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses

/// What kind of model a file holds: its counts, its structure, and what can be done with it.
public struct ModelReport: Report {
  private let model: FiniteMDP
  private let summary: ModelSummary
  private let structure: ModelStructure
  /// What only exact solving tells of a model with one action per state.
  private let chainNumbers: ChainNumbers?

  /// How long it takes from anywhere to anywhere; `nil` where the model is too large for it.
  private let diameter: ModelBounds.Distance?

  /// The most states for which the diameter is computed: one stochastic shortest path a state.
  public static let mostStatesForDiameter = 50
  /// The most states of a chain whose matrices and hitting times are computed.
  public static let mostStatesForMatrices = ChainNumbers.limits.matrices

  /// Counts and classifies `model`; the long run of a small chain is computed exactly.
  ///
  /// - Complexity: that of ``ModelStructure``, nearly linear but for a bounded search.
  /// - Throws: ``Interrupted`` when the handler says so.
  public init(of model: FiniteMDP, progress: ProgressHandler = .none) throws(Interrupted) {
    self.model = model
    summary = ModelSummary(of: model)
    structure = ModelStructure(of: model)
    diameter =
      model.stateCount <= Self.mostStatesForDiameter
      ? ModelBounds.Distance(try Diameter(of: model, progress: progress).value()) : nil
    chainNumbers =
      structure.chain == nil ? nil : try ChainNumbers(of: model, progress: progress)
  }

  // MARK: - JSON

  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: model.stateCount < SolutionReport.largeStateCount, sink: sink)
    json.beginObject()
    writeCounts(to: json)
    writeContents(to: json)
    writeStructure(to: json)
    json.key("objectives")
    json.beginObject()
    for (objective, answer) in objectives { json.member(objective, answer) }
    json.endObject()
    json.endObject()
    try json.finish()
  }

  private func writeCounts(to json: JSONWriter) {
    json.member("states", summary.states)
    json.member("actions", summary.actions)
    json.member("choices", summary.choices)
    json.member("transitions", summary.transitions)
    if let reachable = summary.reachableStates { json.member("reachableStates", reachable) }
    json.member("largestDenominator", summary.largestDenominator.description)
  }

  private func writeContents(to json: JSONWriter) {
    if let discount = model.discount { json.member("discount", discount.description) }
    json.member("rewards", model.rewards.map(\.name))
    json.key("labels")
    json.beginObject()
    for (name, states) in model.labels { json.member(name, states.count) }
    json.endObject()
  }

  private func writeStructure(to json: JSONWriter) {
    json.member("classification", structure.classification.rawValue)
    json.member("recurrent", structure.isRecurrent)
    json.member("unichain", structure.isUnichain)
    json.member("communicating", structure.isCommunicating)
    json.member("weaklyCommunicating", structure.isWeaklyCommunicating)
    json.key("maximalEndComponents")
    json.beginArray()
    for component in structure.maximalEndComponents { json.strings(component.states.map(name)) }
    json.endArray()
    switch diameter {
    case .finite(let steps): json.member("diameter", steps.description)
    case .infinite: json.member("diameter", "inf")
    case nil: break
    }
    guard let chain = structure.chain else { return }
    json.key("chain")
    json.beginObject()
    json.key("recurrentClasses")
    json.beginArray()
    for states in chain.classes { json.strings(states.map(name)) }
    json.endArray()
    json.key("periods")
    json.beginArray()
    chain.periods.forEach(json.integer)
    json.endArray()
    chainNumbers?.write(to: json, classes: chain.classes, names: model)
    json.endObject()
  }

  private func name(_ state: State) -> String { model.states[Int(state.index)] }

  // MARK: - Text

  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var table = Summary()
    let reachable = summary.reachableStates.map { " (\($0) reachable)" } ?? ""
    table.add("States", "\(summary.states)\(reachable)")
    table.add("Actions", "\(summary.actions)" + Self.named(model.actions))
    table.add("Choices", "\(summary.choices)")
    table.add("Transitions", "\(summary.transitions)")
    table.add("Largest denominator", summary.largestDenominator.description)
    table.add("Discount", model.discount?.description ?? "none")
    table.add("Rewards", Self.list(model.rewards.map { "'\($0.name)'" }))
    table.add("Labels", Self.list(model.labels.map { "'\($0.name)' (\($0.states.count))" }))
    table.add("Class", classText)
    table.add("End components", componentsText)
    switch diameter {
    case .finite(let steps): table.add("Diameter", ChainNumbers.text(of: steps))
    case .infinite: table.add("Diameter", "inf")
    case nil: break
    }
    if let chain = structure.chain { table.add("Recurrent classes", Self.text(of: chain)) }
    if let kemeny = chainNumbers?.kemeny {
      table.add("Kemeny constant", ChainNumbers.text(of: kemeny))
    }
    for (objective, answer) in objectives { table.add("solve \(objective)", answer) }
    try table.write(to: &text)
    try chainNumbers?.writeMatrices(to: &text, names: model)
    try text.flush()
  }

  private var classText: String {
    let undecided = structure.isUnichain == nil ? " (unichain: not decided)" : ""
    return structure.classification.rawValue + undecided
  }

  private var componentsText: String {
    let components = structure.maximalEndComponents
    let sizes = components.prefix(8).map { "\($0.states.count)" }.joined(separator: ", ")
    return "\(components.count) maximal, of \(sizes)\(components.count > 8 ? ", …" : "") states"
  }

  private static func text(of chain: RecurrentClasses) -> String {
    let shown = zip(chain.classes, chain.periods).prefix(8).map { states, period in
      "\(states.count) states (period \(period))"
    }
    return "\(chain.classes.count): " + list(shown)
      + (chain.classes.count > shown.count ? ", …" : "")
  }

  private static func named(_ names: NameTable) -> String {
    guard !names.isCount else { return "" }
    return ": " + list(Array(names.names.prefix(8))) + (names.count > 8 ? ", …" : "")
  }

  private static func list(_ parts: [String]) -> String {
    parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }

  // MARK: - Objectives

  /// What `solve` can do with the model, and what it lacks.
  private var objectives: [(name: String, answer: String)] {
    let needs =
      switch model.rewards.count {
      case 0: ["a reward in the file"]
      case 1: [String]()
      default: ["--reward"]
      }
    let discounted = needs + (model.discount == nil ? ["--discount"] : [])
    return [
      ("discounted", Self.answer(discounted)),
      ("finite-horizon", Self.answer(needs + ["--horizon"])),
      ("reachability", goalAnswer([])),
      ("total", goalAnswer(needs)),
      ("average", Self.answer(needs)),
      ("blackwell", blackwellAnswer(needs)),
    ]
  }

  private func goalAnswer(_ needs: [String]) -> String {
    Self.answer(needs + [model.labels.isEmpty ? "a label in the file" : "--goal"])
  }

  private func blackwellAnswer(_ needs: [String]) -> String {
    let limit = BlackwellProblem.largestStateCount
    return model.stateCount <= limit ? Self.answer(needs) : "no, it takes at most \(limit) states"
  }

  private static func answer(_ needs: [String]) -> String {
    needs.isEmpty ? "yes" : "needs " + needs.joined(separator: " and ")
  }
}

extension JSONWriter {
  fileprivate func member(_ key: String, _ value: Int) {
    self.key(key)
    integer(value)
  }

  fileprivate func member(_ key: String, _ strings: [String]) {
    self.key(key)
    self.strings(strings)
  }

  /// A truth value, `null` where it is not decided.
  fileprivate func member(_ key: String, _ value: Bool?) {
    self.key(key)
    if let value { bool(value) } else { null() }
  }

  fileprivate func strings(_ values: [String]) {
    beginArray()
    values.forEach(string)
    endArray()
  }
}
