// What is here: automata in the Hanoi omega-automata format, version 1, as tools for temporal logic
// write them (Babiak, Blahoudek, Duret-Lutz, Klein, Kretinsky, Mueller, Parker, Strejcek, CAV 2015).
// Read are deterministic complete automata with any condition of Inf and Fin.

import ExactJSON

extension OmegaAutomaton {
  /// Reads an automaton in the Hanoi omega-automata format (version 1).
  ///
  /// The automaton has one initial state, labels on edges or states or none (one edge a letter),
  /// marks on states or edges, and is deterministic and complete; its propositions are names of
  /// labels.
  ///
  /// - Throws: ``AutomatonError`` with the line.
  public init(hoa text: String) throws(AutomatonError) {
    var reader = HOAReader(try HOALexer.tokens(of: text))
    self = try reader.automaton()
  }
}

private struct HOAReader {
  /// A file of a few bytes may claim any number of states.
  private static let maximumStates = 1_000_000
  private static let maximumDepth = 200
  /// A state has an edge for every letter when edges have no labels.
  private static let maximumImplicitPropositions = 10
  /// Aliases of aliases may stand for labels of exponential size.
  private static let maximumLabelSize = 10_000

  private let tokens: [HOAToken]
  private var place = 0
  private var depth = 0

  private var stateCount: Int?
  private var initial: Int?
  private var propositions: [String]?
  private var aliases: [String: (label: EdgeLabel, size: Int)] = [:]
  private var acceptance: AcceptanceCondition?
  private var markCount = 0
  /// Marks that stand for the absence of a mark of the file.
  private var absences: [Int: Int] = [:]
  private var lines: [Int: Int] = [:]
  private var edges: [Int: [OmegaAutomaton.Edge]] = [:]

  init(_ tokens: [HOAToken]) { self.tokens = tokens }

  private var line: Int { tokens[place].line }

  private func error(_ problem: String) -> AutomatonError {
    AutomatonError(line: line, problem)
  }

  private func unexpected(_ expected: String) -> AutomatonError {
    error("expected \(expected), found \(tokens[place].shown)")
  }

  private mutating func take(_ symbol: String) -> Bool {
    guard tokens[place].kind == .symbol(symbol) else { return false }
    place += 1
    return true
  }

  private mutating func require(_ symbol: String) throws(AutomatonError) {
    guard take(symbol) else { throw unexpected("'\(symbol)'") }
  }

  private mutating func integer(_ what: String) throws(AutomatonError) -> Int {
    guard case .integer(let value) = tokens[place].kind else { throw unexpected(what) }
    place += 1
    return value
  }

  private mutating func nested<Value>(
    _ body: (inout HOAReader) throws(AutomatonError) -> Value
  ) throws(AutomatonError) -> Value {
    guard depth < Self.maximumDepth else {
      throw error("nested deeper than \(Self.maximumDepth)")
    }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  mutating func automaton() throws(AutomatonError) -> OmegaAutomaton {
    try header()
    let headerLine = line
    try require("--BODY--")
    while !take("--END--") { try state() }
    guard tokens[place].kind == .end else {
      throw error("only one automaton is read, but another text follows")
    }
    return try assembled(headerLine)
  }

  private func assembled(_ headerLine: Int) throws(AutomatonError) -> OmegaAutomaton {
    guard let acceptance else {
      throw AutomatonError(line: headerLine, "'Acceptance:' is missing")
    }
    guard let initial else { throw AutomatonError(line: headerLine, "'Start:' is missing") }
    let targets = edges.values.lazy.flatMap { $0 }.map(\.target)
    let count = stateCount ?? 1 + max(initial, max(edges.keys.max() ?? 0, targets.max() ?? 0))
    guard count <= Self.maximumStates else {
      throw AutomatonError(
        line: headerLine, "more than \(Self.maximumStates) states are not read")
    }
    guard count > 0, initial < count else {
      throw AutomatonError(
        line: headerLine, "the initial state is \(initial), but there are \(count) states")
    }
    for state in 0..<count where edges[state] == nil {
      throw AutomatonError(line: line, "state \(state) is not described, so it has no edge")
    }
    let automaton = OmegaAutomaton(
      propositions: propositions ?? [], initial: initial,
      edges: (0..<count).map { edges[$0] ?? [] }, markCount: markCount, acceptance: acceptance)
    if let defect = automaton.deterministicDefect() { throw described(defect, automaton) }
    return automaton
  }

  private func described(
    _ defect: OmegaAutomaton.Defect, _ automaton: OmegaAutomaton
  ) -> AutomatonError {
    switch defect {
    case .nondeterministic(let state, let letter):
      AutomatonError(
        line: lines[state] ?? line,
        "the automaton is not deterministic: state \(state) has two edges for"
          + " \(automaton.shown(letter))")
    case .incomplete(let state, let letter):
      AutomatonError(
        line: lines[state] ?? line,
        "the automaton is not complete: state \(state) has no edge for"
          + " \(automaton.shown(letter))")
    case .undecided(let state):
      AutomatonError(
        line: lines[state] ?? line, "the labels at state \(state) are too complicated")
    }
  }
}

// MARK: - The header

extension HOAReader {
  private mutating func header() throws(AutomatonError) {
    guard tokens[place].kind == .header("HOA") else { throw unexpected("'HOA: v1'") }
    place += 1
    guard tokens[place].kind == .identifier("v1") else {
      throw error("only version 1 of the format is read, found \(tokens[place].shown)")
    }
    place += 1
    while case .header(let name) = tokens[place].kind {
      place += 1
      try item(name)
    }
  }

  private mutating func item(_ name: String) throws(AutomatonError) {
    switch name {
    case "States":
      guard stateCount == nil else { throw error("'States:' occurs twice") }
      stateCount = try integer("the number of states")
    case "Start":
      guard initial == nil else {
        throw error("the automaton is not deterministic: it has several initial states")
      }
      initial = try integer("the initial state")
      if tokens[place].kind == .symbol("&") {
        throw error("alternating automata are not read")
      }
    case "AP": try readPropositions()
    case "Alias": try readAlias()
    case "Acceptance":
      guard acceptance == nil else { throw error("'Acceptance:' occurs twice") }
      markCount = try integer("the number of acceptance sets")
      try requireCapacity()
      acceptance = try disjunction()
    default:
      // Tools may add what does not change the meaning, in small letters.
      guard name.first?.isLowercase == true else {
        throw error("the header '\(name):' is not known")
      }
      skipItem()
    }
  }

  private func requireCapacity() throws(AutomatonError) {
    guard markCount <= MarkSet.capacity else {
      throw error("more than \(MarkSet.capacity) acceptance sets are not read")
    }
  }

  private mutating func skipItem() {
    while true {
      switch tokens[place].kind {
      case .header, .symbol("--BODY--"), .symbol("--END--"), .end: return
      default: place += 1
      }
    }
  }

  private mutating func readPropositions() throws(AutomatonError) {
    guard propositions == nil else { throw error("'AP:' occurs twice") }
    let first = line
    let count = try integer("the number of propositions")
    guard count <= OmegaAutomaton.maximumPropositions else {
      throw error("more than \(OmegaAutomaton.maximumPropositions) propositions are not read")
    }
    var names: [String] = []
    while case .string(let name) = tokens[place].kind {
      guard !names.contains(name) else {
        throw error("the proposition \(excerpt(name)) is named twice")
      }
      names.append(name)
      place += 1
    }
    guard names.count == count else {
      throw AutomatonError(
        line: first, "there are \(names.count) propositions, but \(count) are announced")
    }
    propositions = names
  }

  private mutating func readAlias() throws(AutomatonError) {
    guard case .alias(let name) = tokens[place].kind else { throw unexpected("an alias") }
    guard aliases[name] == nil else { throw error("the alias '@\(name)' is defined twice") }
    place += 1
    aliases[name] = try label()
  }

  // MARK: - Acceptance

  private mutating func disjunction() throws(AutomatonError) -> AcceptanceCondition {
    var parts = [try conjunction()]
    while take("|") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func conjunction() throws(AutomatonError) -> AcceptanceCondition {
    var parts = [try condition()]
    while take("&") { parts.append(try condition()) }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func condition() throws(AutomatonError) -> AcceptanceCondition {
    if take("(") {
      let inner = try nested { (reader) throws(AutomatonError) in try reader.disjunction() }
      try require(")")
      return inner
    }
    guard case .identifier(let name) = tokens[place].kind else {
      throw unexpected("'Inf', 'Fin', 't' or 'f'")
    }
    place += 1
    switch name {
    case "t": return .constant(true)
    case "f": return .constant(false)
    case "Inf", "Fin":
      try require("(")
      let isAbsence = take("!")
      let set = try integer("an acceptance set")
      try requireSet(set)
      try require(")")
      let mark = isAbsence ? try absence(of: set) : set
      return name == "Inf" ? .infinitely(mark) : .finitely(mark)
    default:
      place -= 1
      throw unexpected("'Inf', 'Fin', 't' or 'f'")
    }
  }

  private func requireSet(_ set: Int) throws(AutomatonError) {
    let count = markCount - absences.count
    guard set < count else {
      throw error("acceptance set \(set) is out of range: there are \(count)")
    }
  }

  /// A new mark where `set` is not.
  private mutating func absence(of set: Int) throws(AutomatonError) -> Int {
    if let known = absences[set] { return known }
    absences[set] = markCount
    markCount += 1
    try requireCapacity()
    return markCount - 1
  }
}

// MARK: - Labels and the body

extension HOAReader {
  private typealias SizedLabel = (label: EdgeLabel, size: Int)

  private func sized(_ label: EdgeLabel, _ size: Int) throws(AutomatonError) -> SizedLabel {
    guard size <= Self.maximumLabelSize else {
      throw error("a label has more than \(Self.maximumLabelSize) operators")
    }
    return (label, size)
  }

  private mutating func label() throws(AutomatonError) -> SizedLabel {
    var left = try labelConjunction()
    while take("|") {
      let right = try labelConjunction()
      left = try sized(.or(left.label, right.label), left.size + right.size + 1)
    }
    return left
  }

  private mutating func labelConjunction() throws(AutomatonError) -> SizedLabel {
    var left = try labelAtom()
    while take("&") {
      let right = try labelAtom()
      left = try sized(.and(left.label, right.label), left.size + right.size + 1)
    }
    return left
  }

  private mutating func labelAtom() throws(AutomatonError) -> SizedLabel {
    if take("!") {
      let inner = try nested { (reader) throws(AutomatonError) in try reader.labelAtom() }
      return try sized(.not(inner.label), inner.size + 1)
    }
    if take("(") {
      let inner = try nested { (reader) throws(AutomatonError) in try reader.label() }
      try require(")")
      return inner
    }
    switch tokens[place].kind {
    case .identifier("t"), .identifier("f"):
      let isTrue = tokens[place].kind == .identifier("t")
      place += 1
      return (.constant(isTrue), 1)
    case .integer(let proposition):
      guard proposition < propositions?.count ?? 0 else {
        throw error(
          "proposition \(proposition) is out of range: there are \(propositions?.count ?? 0)")
      }
      place += 1
      return (.proposition(proposition), 1)
    case .alias(let name):
      guard let alias = aliases[name] else {
        throw error("the alias '@\(name)' is not defined")
      }
      place += 1
      return alias
    default: throw unexpected("a label")
    }
  }

  /// `State: 3 "name" {0}` and the edges that follow.
  private mutating func state() throws(AutomatonError) {
    if tokens[place].kind == .symbol("--ABORT--") { throw error("the automaton was aborted") }
    guard tokens[place].kind == .header("State") else {
      throw unexpected("'State:' or '--END--'")
    }
    place += 1
    let stateLabel = try bracketedLabel()
    let first = line
    let number = try stateNumber()
    guard edges[number] == nil else {
      throw AutomatonError(line: first, "state \(number) is described twice")
    }
    if case .string = tokens[place].kind { place += 1 }
    let marks = try marks()
    lines[number] = first
    var own: [OmegaAutomaton.Edge] = []
    var unlabelled = 0
    while true {
      switch tokens[place].kind {
      case .header("State"), .symbol("--END--"), .symbol("--ABORT--"):
        try requireLetters(unlabelled, among: own.count, of: number)
        edges[number] = own
        return
      case .end: throw unexpected("'--END--'")
      default:
        let explicit = try bracketedLabel()
        guard explicit == nil || stateLabel == nil else {
          throw error("state \(number) has a label, so its edges have none")
        }
        if let label = explicit ?? stateLabel {
          own.append(try edge(label, marks))
        } else {
          own.append(try edge(try implicitLabel(of: unlabelled), marks))
          unlabelled += 1
        }
      }
    }
  }

  private mutating func bracketedLabel() throws(AutomatonError) -> EdgeLabel? {
    guard take("[") else { return nil }
    let label = try label().label
    try require("]")
    return label
  }

  /// The letter for which the edge without a label stands that follows `count` others: propositions
  /// are its binary digits.
  private func implicitLabel(of count: Int) throws(AutomatonError) -> EdgeLabel {
    guard case .integer = tokens[place].kind else {
      throw unexpected("an edge, 'State:' or '--END--'")
    }
    let width = propositions?.count ?? 0
    guard width <= Self.maximumImplicitPropositions else {
      throw error(
        "edges without labels are read over at most \(Self.maximumImplicitPropositions)"
          + " propositions: explicit edge labels are expected")
    }
    let literals = (0..<width).map { place in
      count >> place & 1 == 1
        ? EdgeLabel.proposition(place) : .not(.proposition(place))
    }
    guard let first = literals.first else { return .constant(true) }
    return literals.dropFirst().reduce(first) { .and($0, $1) }
  }

  /// Edges without labels stand for all letters, in order.
  private func requireLetters(
    _ unlabelled: Int, among count: Int, of state: Int
  ) throws(AutomatonError) {
    guard unlabelled > 0 else { return }
    let letters = 1 << (propositions?.count ?? 0)
    guard unlabelled == count, count == letters else {
      throw error(
        "state \(state) has \(unlabelled) edges without labels among \(count), but such edges"
          + " stand for the \(letters) letters")
    }
  }

  private mutating func stateNumber() throws(AutomatonError) -> Int {
    let number = try integer("a state")
    guard number < stateCount ?? Self.maximumStates else {
      place -= 1
      throw error(
        stateCount.map { "state \(number) is out of range: there are \($0)" }
          ?? "more than \(Self.maximumStates) states are not read")
    }
    return number
  }

  private mutating func edge(
    _ label: EdgeLabel, _ stateMarks: [Int]
  ) throws(AutomatonError) -> OmegaAutomaton.Edge {
    let target = try stateNumber()
    if tokens[place].kind == .symbol("&") { throw error("alternating automata are not read") }
    var set = MarkSet(stateMarks + (try marks()))
    for (mark, absence) in absences where !set.contains(mark) { set.insert(absence) }
    return OmegaAutomaton.Edge(label, to: target, marks: set)
  }

  private mutating func marks() throws(AutomatonError) -> [Int] {
    guard take("{") else { return [] }
    var marks: [Int] = []
    while !take("}") {
      let mark = try integer("an acceptance set or '}'")
      try requireSet(mark)
      marks.append(mark)
    }
    return marks
  }
}
