import ExactArithmetic
import ExactJSON

/// Reads Storm's explicit text format (DRN) for MDPs and DTMCs without parameters.
///
/// State rewards and choice rewards become rewards on (state, action). Two passes: the first
/// finds the actions and checks the counts, the second builds.
///
/// Source: Storm's documentation of the DRN format.
struct DRNReader {
  private var header = DRNHeader()
  private let buffer: InputBuffer
  private let options: ReadOptions
  private var numbers: NumberReader
  private var choices = ChoiceNames()
  /// The line of each choice, and the first choice of each state.
  private var choiceLines: ContiguousArray<Int32> = []
  private var firstChoices: ContiguousArray<Int32> = []

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

  private mutating func findChoices(_ start: TextLines) throws {
    var lines = start
    var isBeforeAction = false
    while lines.advance() {
      var words = lines.words
      guard let first = words.next(), !isComment(first) else { continue }
      if lines.equals(first, "state") {
        guard let number = words.next(), lines.index(number) == firstChoices.count else {
          throw lines.unexpected("state \(firstChoices.count)")
        }
        guard firstChoices.count < header.stateCount else {
          throw lines.failure(
            "state \(firstChoices.count) is one more than @nr_states says (\(header.stateCount))")
        }
        firstChoices.append(Int32(choices.actions.count))
        choices.startState()
        isBeforeAction = true
      } else if lines.equals(first, "action") {
        guard !firstChoices.isEmpty else { throw lines.unexpected("state 0") }
        guard let name = words.next() else { throw lines.unexpected("action NAME") }
        addChoice(lines.equals(name, "__NOLABEL__") ? nil : try lines.text(name), lines.number)
        isBeforeAction = false
      } else if isBeforeAction {
        // A transition right behind its state: the one choice of a Markov chain.
        addChoice(nil, lines.number)
        isBeforeAction = false
      }
    }
    try checkCounts()
  }

  private mutating func addChoice(_ name: String?, _ line: Int) {
    choices.add(name)
    choiceLines.append(Int32(truncatingIfNeeded: line))
  }

  private func isComment(_ word: Range<Int>) -> Bool {
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
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: header.stateCount), actions: try choices.table())
    builder.normalizesRows = options.normalizes
    for name in header.rewards {
      do { try builder.startReward(named: name) } catch {
        throw ContentError("line \(header.rewardLine)", "\(error)")
      }
    }
    var labels = LabelLists()
    try readModel(start, &builder, &labels)
    var notes: [String] = []
    try labels.finish(&builder, &notes)
    if let discount = header.discount, discount.signum >= 0, discount < 1 {
      try builder.setDiscount(discount)
    }
    let (model, normalized) = try finish(builder)
    notes = numbers.notes + [normalizationNote(normalized)].compactMap { $0 } + notes
    return LoadedModel(model: model, format: .drn, notes: notes)
  }

  private mutating func readModel(
    _ start: TextLines, _ builder: inout FiniteMDPBuilder, _ labels: inout LabelLists
  ) throws {
    var lines = start
    var cache = TextCache()
    var (state, choice) = (-1, -1)
    var stateRewards: [Rational] = []
    while lines.advance() {
      var words = lines.words
      guard let first = words.next(), !isComment(first) else { continue }
      if lines.equals(first, "state") {
        state += 1
        _ = words.next()
        choice = Int(firstChoices[state]) - 1
        stateRewards = try rewards(&words, lines)
        try readLabels(&words, lines, State(state), &labels)
      } else {
        guard state >= 0 else { throw lines.unexpected("state 0") }
        let isAction = lines.equals(first, "action")
        // The first transition of a chain's state stands for its action line too.
        if isAction || choice < Int(firstChoices[state]) {
          choice += 1
          if isAction { _ = words.next() }
          let own = isAction ? try rewards(&words, lines) : []
          addRewards(stateRewards, own, state, choice, &builder)
        }
        if isAction {
          guard words.next() == nil else { throw lines.unexpected("action NAME [REWARDS]") }
        } else {
          try readTransition(first, &words, lines, state, choice, &builder, &cache)
        }
      }
    }
  }

  private mutating func readTransition(
    _ first: Range<Int>, _ words: inout TextLines.Words, _ lines: TextLines, _ state: Int,
    _ choice: Int, _ builder: inout FiniteMDPBuilder, _ cache: inout TextCache
  ) throws {
    guard let colon = words.next(), lines.equals(colon, ":"), let text = words.next(),
      words.next() == nil
    else { throw lines.unexpected("SUCCESSOR : PROBABILITY") }
    guard let successor = lines.index(first), successor < header.stateCount else {
      throw lines.failure(
        "there is no state \(excerpt(try lines.text(first))): the states are 0 to"
          + " \(header.stateCount - 1)")
    }
    let key = TextCache.Key(buffer.bytes(text))
    let place: Int32
    if let key, let known = cache.value(key) {
      place = known.value
      if known.isSnapped { numbers.countSnappedAgain() }
    } else {
      let before = numbers.snappedCount
      let value = try self.value(text, lines)
      guard value.signum >= 0 else {
        throw lines.failure(
          ModelError.negativeProbability(
            state: String(state), action: builder.actions[Int(choices.actions[choice])],
            successor: String(successor), value: value
          ).description)
      }
      place = builder.place(ofProbability: value)
      if let key { cache.remember(key, place, isSnapped: numbers.snappedCount > before) }
    }
    try builder.addTransition(
      Int32(state), choices.actions[choice], Int32(successor), pooled: place)
  }

  /// A number, or a placeholder of the header.
  private mutating func value(_ text: Range<Int>, _ lines: TextLines) throws -> Rational {
    guard let first = text.first, buffer.base[first] == UInt8(ascii: "$") else {
      return try lines.number(text, &numbers)
    }
    let name = try lines.text(text)
    guard let range = header.placeholders[name] else {
      throw lines.failure("there is no placeholder \(excerpt(name))")
    }
    return try lines.number(range, &numbers)
  }

  /// Reads `[r, r...]` when it comes next.
  private mutating func rewards(
    _ words: inout TextLines.Words, _ lines: TextLines
  ) throws -> [Rational] {
    words.skipSpace()
    guard let first = words.rest.first, buffer.base[first] == UInt8(ascii: "[") else { return [] }
    guard let end = words.rest.first(where: { buffer.base[$0] == UInt8(ascii: "]") }) else {
      throw lines.unexpected("']' behind the rewards")
    }
    var inside = TextLines.Words(buffer: buffer, rest: first + 1..<end)
    words.rest = end + 1..<words.rest.upperBound
    var values: [Rational] = []
    while let word = inside.next() {
      // Commas may or may not have spaces around them.
      var start = word.lowerBound
      for offset in word.lowerBound...word.upperBound
      where offset == word.upperBound || buffer.base[offset] == UInt8(ascii: ",") {
        if offset > start { values.append(try value(start..<offset, lines)) }
        start = offset + 1
      }
    }
    guard values.count <= header.rewards.count else {
      throw lines.failure(
        "\(values.count) rewards are listed, but @reward_models names \(header.rewards.count)")
    }
    return values
  }

  private func addRewards(
    _ ofState: [Rational], _ ofChoice: [Rational], _ state: Int, _ choice: Int,
    _ builder: inout FiniteMDPBuilder
  ) {
    for index in 0..<max(ofState.count, ofChoice.count) {
      let sum =
        (index < ofState.count ? ofState[index] : 0)
        + (index < ofChoice.count ? ofChoice[index] : 0)
      if sum.isZero { continue }
      builder.addReward(
        index, state: State(state), action: Action(Int(choices.actions[choice])), successor: nil,
        value: sum)
    }
  }

  private func readLabels(
    _ words: inout TextLines.Words, _ lines: TextLines, _ state: State, _ labels: inout LabelLists
  ) throws {
    while true {
      words.skipSpace()
      guard let first = words.rest.first else { return }
      guard buffer.base[first] == UInt8(ascii: "\"") else {
        guard let word = words.next() else { return }
        labels.add(try lines.text(word), state)
        continue
      }
      let rest = first + 1..<words.rest.upperBound
      guard let end = rest.first(where: { buffer.base[$0] == UInt8(ascii: "\"") }) else {
        throw lines.unexpected("'\"' at the end of a label")
      }
      labels.add(try lines.text(first + 1..<end), state)
      words.rest = end + 1..<words.rest.upperBound
    }
  }

  /// Builds; errors of whole rows get the line of their choice.
  private func finish(_ builder: consuming FiniteMDPBuilder) throws -> (FiniteMDP, Int) {
    let actions = builder.actions
    do throws(ModelError) {
      return try builder.buildCountingNormalizedRows()
    } catch {
      let line = { (state: String, action: String) -> String? in
        guard let state = Int(state), let action = actions.place(of: action) else { return nil }
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

/// The labels of a line format as they come, state by state.
struct LabelLists {
  private var names: [String] = []
  private var members: [String: [State]] = [:]
  private var initial: [State] = []

  mutating func add(_ name: String, _ state: State) {
    if name == "init" {
      initial.append(state)
      return
    }
    if members[name] == nil { names.append(name) }
    members[name, default: []].append(state)
  }

  /// A label that may stay empty.
  mutating func declare(_ name: String) {
    guard name != "init", members[name] == nil else { return }
    names.append(name)
    members[name] = []
  }

  func finish(_ builder: inout FiniteMDPBuilder, _ notes: inout [String]) throws {
    for name in names { try builder.addLabel(name, states: members[name] ?? []) }
    if initial.count == 1 { try builder.setInitial([(initial[0], 1)]) }
    if initial.count > 1 {
      notes.append(
        "\(grouped(initial.count)) states are marked init, which is no law:"
          + " the model is read without one")
    }
  }
}
