import ExactArithmetic
import ExactJSON

/// Reads Storm's explicit text format (DRN) for MDPs and DTMCs without parameters.
///
/// State rewards and choice rewards become rewards on (state, action), choice labels the names of
/// the actions, state valuations (see ``StateNames``) the names of the states. Two passes: the
/// first finds the actions and checks the counts, the second builds.
///
/// Source: Storm's `DirectEncodingParser` and `DirectEncodingExporter`, PRISM's `DRNExporter`.
struct DRNReader {
  var header = DRNHeader()
  let buffer: InputBuffer
  let options: ReadOptions
  var numbers: NumberReader
  var choices = ChoiceNames()
  /// The line of each choice, and the first choice of each state.
  var choiceLines: ContiguousArray<Int32> = []
  var firstChoices: ContiguousArray<Int32> = []
  private var names = StateNames()
  private var rewardCount: Int?
  /// The line of the state that the first pass is at.
  private var stateLine = 0

  static func read(_ buffer: InputBuffer, _ options: ReadOptions) throws -> LoadedModel {
    var reader = DRNReader(buffer: buffer, options: options, numbers: NumberReader(options))
    var lines = TextLines(buffer)
    reader.header = try DRNHeader.read(&lines)
    let start = lines
    try reader.findChoices(lines)
    return try reader.build(start)
  }

  private init(buffer: InputBuffer, options: ReadOptions, numbers: NumberReader) {
    self.buffer = buffer
    self.options = options
    self.numbers = numbers
  }

  // MARK: First pass

  /// What the last line was that is no comment.
  private enum Place {
    case start, state, action, transition
    /// A transition right behind its state: all that the one choice of the state has.
    case bareTransition
  }

  private mutating func findChoices(_ start: TextLines) throws {
    var lines = start
    var place = Place.start
    while lines.advance() {
      var words = lines.words
      guard let first = words.next() else { continue }
      if isComment(first) {
        if place == .state { names.readComment(lines, state: firstChoices.count - 1) }
      } else if lines.equals(first, "state") {
        try endChoice(place)
        try startState(&words, lines)
        place = .state
      } else if lines.equals(first, "action") {
        if place != .state { try endChoice(place) }
        try startAction(&words, lines, behind: place)
        place = .action
      } else {
        switch place {
        case .start: throw lines.unexpected("state 0")
        case .state:
          addChoice(nil, lines.number)
          place = .bareTransition
        case .action: place = .transition
        case .transition, .bareTransition: break
        }
      }
    }
    try endChoice(place)
    try checkCounts()
    header.nameRewards(count: rewardCount ?? 0)
  }

  /// Refuses what has no transitions.
  private func endChoice(_ place: Place) throws {
    switch place {
    case .start, .transition, .bareTransition: return
    case .state:
      throw ContentError(
        "line \(stateLine)", "state \(firstChoices.count - 1) has no action and no transition")
    case .action:
      throw ContentError("line \(choiceLines.last ?? 0)", "the action has no transitions")
    }
  }

  private mutating func startAction(
    _ words: inout TextLines.Words, _ lines: TextLines, behind place: Place
  ) throws {
    guard place != .start else { throw lines.unexpected("state 0") }
    guard place != .bareTransition else {
      throw lines.unexpected("a transition, or state \(firstChoices.count)")
    }
    guard let name = words.next() else { throw lines.unexpected("action NAME") }
    guard !header.isChain || place == .state else {
      throw lines.failure("a second choice, but @type: DTMC allows one a state")
    }
    addChoice(lines.equals(name, "__NOLABEL__") ? nil : try lines.text(name), lines.number)
    try countRewards(&words, lines)
  }

  private mutating func startState(_ words: inout TextLines.Words, _ lines: TextLines) throws {
    guard let number = words.next(), lines.index(number) == firstChoices.count else {
      throw lines.unexpected("state \(firstChoices.count)")
    }
    guard firstChoices.count < header.stateCount else {
      throw lines.failure(
        "state \(firstChoices.count) is one more than @nr_states says (\(header.stateCount))")
    }
    firstChoices.append(Int32(choices.actions.count))
    stateLine = lines.number
    choices.startState()
    try countRewards(&words, lines)
  }

  /// The length of the first list of rewards, which those of the writers' files share.
  private mutating func countRewards(_ words: inout TextLines.Words, _ lines: TextLines) throws {
    guard rewardCount == nil, let list = try words.list(lines) else { return }
    rewardCount = 1 + list.count { buffer.base[$0] == UInt8(ascii: ",") }
  }

  private mutating func addChoice(_ name: String?, _ line: Int) {
    choices.add(name)
    choiceLines.append(Int32(truncatingIfNeeded: line))
  }

  func isComment(_ word: Range<Int>) -> Bool {
    word.count >= 2 && buffer.base[word.lowerBound] == 47 && buffer.base[word.lowerBound + 1] == 47
  }

  private func checkCounts() throws {
    guard firstChoices.count == header.stateCount else {
      throw ContentError(
        "line \(header.stateLine)",
        "@nr_states says \(header.stateCount), but the file has \(firstChoices.count) states")
    }
    if let count = header.choiceCount, count != choiceLines.count {
      throw ContentError(
        "line \(header.choiceLine)",
        "@nr_choices says \(count), but the file has \(choiceLines.count) choices")
    }
  }

  // MARK: Second pass

  private mutating func build(_ start: TextLines) throws -> LoadedModel {
    guard !choiceLines.isEmpty else { throw ContentError(nil, "the model has no choices") }
    var notes: [String] = []
    let states = names.table(count: header.stateCount, &notes)
    var builder = try FiniteMDPBuilder(states: states, actions: try choices.table())
    builder.normalizesRows = options.normalizes
    for name in header.rewards {
      do { try builder.startReward(named: name) } catch {
        throw ContentError("line \(header.rewardLine)", "\(error)")
      }
    }
    var labels = LabelLists()
    try readModel(start, &builder, &labels)
    if let note = choices.renamingNote { notes.append(note) }
    try labels.finish(&builder, &notes, law: header.law)
    if let discount = header.discount, discount.signum >= 0, discount < 1 {
      try builder.setDiscount(discount)
    }
    let (model, normalized) = try finish(builder)
    notes = numbers.notes + [normalizationNote(normalized)].compactMap { $0 } + notes
    return LoadedModel(model: model, format: .drn, notes: notes)
  }

  /// Builds; errors of whole rows get the line of their choice.
  private func finish(_ builder: consuming FiniteMDPBuilder) throws -> (FiniteMDP, Int) {
    let (states, actions) = (builder.states, builder.actions)
    do throws(ModelError) {
      return try builder.buildCountingNormalizedRows()
    } catch {
      let line = { (state: String, action: String) -> String? in
        guard let state = states.place(of: state), let action = actions.place(of: action) else {
          return nil
        }
        let end = state + 1 < firstChoices.count ? Int(firstChoices[state + 1]) : choiceLines.count
        return (Int(firstChoices[state])..<end).first { Int(choices.actions[$0]) == action }
          .map { "line \(choiceLines[$0])" }
      }
      throw ContentError(rowError: error, place: line)
    }
  }
}

extension ContentError {
  /// An error of a whole row of a line format.
  init(rowError error: ModelError, place: (String, String) -> String?) {
    switch error {
    case .rowSum(let state, let action, _):
      self.init(
        place(state, action), "\(error) (--normalize divides each row by its sum)")
    case .transitionTwice(let state, let action, let successor, _, _):
      self.init(
        place(state, action),
        "the transition from '\(state)' under \(excerpt(action)) to '\(successor)' is listed twice")
    default: self.init(nil, error)
    }
  }
}
