import ExactArithmetic
import ExactJSON

// The second pass: states with their rewards and labels, choices, transitions.
extension DRNReader {
  mutating func readModel(
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
    let place: Int32
    if let known = cache.known(buffer.bytes(text), &numbers) {
      place = known
    } else {
      let before = numbers.snappedCount
      let value = try self.value(text, lines)
      guard value.signum >= 0 else {
        throw lines.failure(
          ModelError.negativeProbability(
            state: builder.states[state], action: builder.actions[Int(choices.actions[choice])],
            successor: builder.states[successor], value: value
          ).description)
      }
      place = builder.place(ofProbability: value)
      cache.remember(buffer.bytes(text), place, isSnapped: numbers.snappedCount > before)
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
    guard let list = try words.list(lines) else { return [] }
    var values: [Rational] = []
    var start = list.lowerBound
    for offset in list.lowerBound...list.upperBound
    where offset == list.upperBound || buffer.base[offset] == UInt8(ascii: ",") {
      var inside = TextLines.Words(buffer: buffer, rest: start..<offset)
      guard let word = inside.next(), inside.next() == nil else {
        throw lines.unexpected("a list of rewards such as [1/2, 0]")
      }
      values.append(try value(word, lines))
      start = offset + 1
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

  /// Labels, those with spaces in quotation marks.
  ///
  /// `!`, `{` and `[` begin what other kinds of models have here (exit rates, observations).
  private func readLabels(
    _ words: inout TextLines.Words, _ lines: TextLines, _ state: State, _ labels: inout LabelLists
  ) throws {
    while true {
      words.skipSpace()
      guard let first = words.rest.first else { return }
      guard buffer.base[first] == UInt8(ascii: "\"") else {
        guard let word = words.next() else { return }
        let isForeign = "!{[".utf8.contains(buffer.base[first])
        guard !isForeign, !word.contains(where: { buffer.base[$0] == UInt8(ascii: "\"") }) else {
          throw lines.failure("expected a label, found \(excerpt(try lines.text(word)))")
        }
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
}

extension TextLines.Words {
  /// What stands between `[` and `]` when that comes next.
  mutating func list(_ lines: TextLines) throws -> Range<Int>? {
    skipSpace()
    guard let first = rest.first, buffer.base[first] == UInt8(ascii: "[") else { return nil }
    guard let end = rest.first(where: { buffer.base[$0] == UInt8(ascii: "]") }) else {
      throw lines.unexpected("']' behind the rewards")
    }
    rest = end + 1..<rest.upperBound
    guard rest.first.map({ Self.isSpace(buffer.base[$0]) }) ?? true else {
      throw lines.unexpected("a space behind the rewards")
    }
    return first + 1..<end
  }
}
