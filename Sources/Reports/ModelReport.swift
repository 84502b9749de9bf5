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

  /// The long run of a chain; `nil` where the chain is too large for it.
  private struct ChainNumbers {
    var stationary: [[Rational]]?
    var kemeny: Rational?
    /// The most states for which they are computed.
    static let limits = (stationary: 1000, kemeny: 250)
  }

  /// Counts and classifies `model`; the long run of a small chain is computed exactly.
  ///
  /// - Complexity: that of ``ModelStructure``, nearly linear but for a bounded search.
  /// - Throws: ``Interrupted`` when the handler says so.
  public init(of model: FiniteMDP, progress: ProgressHandler = .none) throws(Interrupted) {
    self.model = model
    summary = ModelSummary(of: model)
    structure = ModelStructure(of: model)
    guard structure.chain != nil else {
      chainNumbers = nil
      return
    }
    let analysis = ChainAnalysis(of: .first(in: model), in: model)
    var numbers = ChainNumbers()
    if model.stateCount <= ChainNumbers.limits.stationary {
      numbers.stationary = try analysis.stationaryLaws(progress: progress)
    }
    if model.stateCount <= ChainNumbers.limits.kemeny {
      numbers.kemeny = try analysis.kemenyConstant(progress: progress)
    }
    chainNumbers = numbers
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
    writeNumbers(of: chain, to: json)
    json.endObject()
  }

  private func writeNumbers(of chain: RecurrentClasses, to json: JSONWriter) {
    guard let numbers = chainNumbers else { return }
    if let laws = numbers.stationary {
      json.key("stationary")
      json.beginArray()
      for (states, law) in zip(chain.classes, laws) {
        json.beginObject()
        for (state, share) in zip(states, law) { json.member(name(state), share.description) }
        json.endObject()
      }
      json.endArray()
    }
    if let kemeny = numbers.kemeny { json.member("kemeny", kemeny.description) }
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
    if let chain = structure.chain { table.add("Recurrent classes", Self.text(of: chain)) }
    if let kemeny = chainNumbers?.kemeny { table.add("Kemeny constant", Self.text(of: kemeny)) }
    for (objective, answer) in objectives { table.add("solve \(objective)", answer) }
    try table.write(to: &text)
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

  /// A number in one line; a long one as a decimal.
  private static func text(of value: Rational) -> String {
    let fraction = value.description
    return fraction.utf8.count <= 40 ? fraction : "≈ " + decimalText(value, digits: 12)
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
