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

/// Goes through the words of an automaton once.
struct HOAReader {
  /// A file of a few bytes may claim any number of states.
  static let maximumStates = 1_000_000
  private static let maximumDepth = 200

  let tokens: [HOAToken]
  var place = 0
  private var depth = 0

  var stateCount: Int?
  private var initial: Int?
  var propositions: [String]?
  var aliases: [String: (label: EdgeLabel, size: Int)] = [:]
  private var acceptance: AcceptanceCondition?
  var markCount = 0
  /// Marks that stand for the absence of a mark of the file.
  var absences: [Int: Int] = [:]
  /// The greatest proposition that an alias names before the propositions are listed.
  var awaited: (proposition: Int, line: Int)?
  var lines: [Int: Int] = [:]
  var edges: [Int: [OmegaAutomaton.Edge]] = [:]

  init(_ tokens: [HOAToken]) { self.tokens = tokens }

  var line: Int { tokens[place].line }

  func error(_ problem: String) -> AutomatonError {
    AutomatonError(line: line, problem)
  }

  func unexpected(_ expected: String) -> AutomatonError {
    error("expected \(expected), found \(tokens[place].shown)")
  }

  mutating func take(_ symbol: String) -> Bool {
    guard tokens[place].kind == .symbol(symbol) else { return false }
    place += 1
    return true
  }

  mutating func require(_ symbol: String) throws(AutomatonError) {
    guard take(symbol) else { throw unexpected("'\(symbol)'") }
  }

  mutating func integer(_ what: String) throws(AutomatonError) -> Int {
    guard case .integer(let value) = tokens[place].kind else { throw unexpected(what) }
    place += 1
    return value
  }

  mutating func nested<Value>(
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
    let names = propositions ?? []
    propositions = names
    let count = names.count
    if let awaited, awaited.proposition >= count {
      throw AutomatonError(
        line: awaited.line,
        "proposition \(awaited.proposition) is out of range: there are \(count)")
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

  func requireCapacity() throws(AutomatonError) {
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
}
