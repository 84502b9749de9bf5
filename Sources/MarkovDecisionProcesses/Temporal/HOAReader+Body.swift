// What is here: the labels and the states with their edges of an automaton's text.

extension HOAReader {
  /// A state has an edge for every letter when edges have no labels.
  private static let maximumImplicitPropositions = 10
  /// Aliases of aliases may stand for labels of exponential size.
  private static let maximumLabelSize = 10_000

  /// A label with the number of its operators and operands.
  typealias SizedLabel = (label: EdgeLabel, size: Int)

  private func sized(_ label: EdgeLabel, _ size: Int) throws(AutomatonError) -> SizedLabel {
    guard size <= Self.maximumLabelSize else {
      throw error("a label has more than \(Self.maximumLabelSize) operators")
    }
    return (label, size)
  }

  mutating func label() throws(AutomatonError) -> SizedLabel {
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
      try requireProposition(proposition)
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

  /// Aliases may come before the propositions that they name.
  private mutating func requireProposition(_ proposition: Int) throws(AutomatonError) {
    if propositions == nil, proposition < OmegaAutomaton.maximumPropositions {
      if proposition > awaited?.proposition ?? -1 { awaited = (proposition, line) }
      return
    }
    guard proposition < propositions?.count ?? 0 else {
      throw error(
        "proposition \(proposition) is out of range: there are \(propositions?.count ?? 0)")
    }
  }

  /// `State: 3 "name" {0}` and the edges that follow.
  mutating func state() throws(AutomatonError) {
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
