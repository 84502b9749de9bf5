import ExactArithmetic
import ExactJSON

/// Reads PRISM's explicit files: `.tra` with `.sta`, `.lab`, `.srew`, `.trew` beside it where they
/// exist; several rewards are in `PREFIX1.srew`, `PREFIX1.trew`, `PREFIX2.srew` and so on.
///
/// Rows have to be sorted by state and choice, as PRISM writes them. A header of three numbers
/// is that of an MDP, of two that of a DTMC; a comment `# Transitions (CTMC)` says otherwise.
///
/// Source: the PRISM manual, appendix "Explicit Model Files"; PRISM's `PrismExplicitImporter` and
/// `PrismExplicitExporter`.
struct PrismExplicitReader {
  /// `.srew` is optional like the others but never written by us: transition rewards say it all.
  private static let parts = ["tra", "sta", "lab", "srew", "trew"]

  private static let shape = "STATE CHOICE SUCCESSOR PROBABILITY"
  private static let chainShape = "STATE SUCCESSOR PROBABILITY"

  private let options: ReadOptions
  var numbers: NumberReader
  var stateCount = 0
  var isChain = false
  var choices = ChoiceNames()
  var firstChoices: ContiguousArray<Int32> = []
  var choiceLines: ContiguousArray<Int32> = []
  /// The line of each entry of a reward, file by file.
  private var entryLines: [String: [(path: String, lines: ContiguousArray<Int32>)]] = [:]

  /// Reads the files with the prefix that `path` has or is.
  static func read(_ path: String, _ options: ReadOptions) throws(InputError) -> LoadedModel {
    let named = parts.first { path.hasSuffix(".\($0)") }
    let prefix = named.map { String(path.dropLast($0.count + 1)) } ?? path
    guard path != "-" else {
      throw InputError(
        file: "<stdin>", place: nil,
        problem: "the format prism-explicit is several files, which are read from a path")
    }
    var files: [String: InputBuffer] = [:]
    for part in ["tra", "sta", "lab"] {
      files[part] = try load("\(prefix).\(part)", isRequired: part == "tra" || part == named)
    }
    guard let transitions = files["tra"] else { preconditionFailure("loaded or thrown") }
    let rewards = try PrismRewardFiles(prefix, named: named)
    var reader = PrismExplicitReader(options: options, numbers: NumberReader(options))
    return try reader.read(transitions, files, rewards, prefix)
  }

  static func load(_ path: String, isRequired: Bool) throws(InputError) -> InputBuffer? {
    do throws(InputError) {
      return try InputFile.load(path)
    } catch {
      if !isRequired, !InputFile.exists(path) { return nil }
      throw error
    }
  }

  private init(options: ReadOptions, numbers: NumberReader) {
    self.options = options
    self.numbers = numbers
  }

  private mutating func read(
    _ transitions: InputBuffer, _ files: [String: InputBuffer], _ rewards: PrismRewardFiles,
    _ prefix: String
  ) throws(InputError) -> LoadedModel {
    var file = "\(prefix).tra"
    do {
      try findChoices(TextLines(transitions))
      var notes: [String] = []
      var states = NameTable(count: stateCount)
      if let buffer = files["sta"] {
        file = "\(prefix).sta"
        states = try PrismStates.read(TextLines(buffer), count: stateCount, &notes)
      }
      file = "\(prefix).tra"
      var builder = try FiniteMDPBuilder(states: states, actions: try choices.table())
      builder.normalizesRows = options.normalizes
      try readTransitions(TextLines(transitions), &builder)
      if let note = choices.renamingNote { notes.append(note) }
      if let buffer = files["lab"] {
        file = "\(prefix).lab"
        var labels = LabelLists()
        try readLabels(TextLines(buffer), &labels)
        try labels.finish(&builder, &notes)
      }
      for reward in rewards.structures {
        file = reward.files[0].path
        try builder.startReward(named: reward.name)
        for part in reward.files {
          file = part.path
          let lines = try readRewards(
            TextLines(part.buffer), isOfStates: part.isOfStates, &builder)
          entryLines[reward.name, default: []].append((part.path, lines))
        }
      }
      file = "\(prefix).tra"
      let (model, normalized) = try finish(builder)
      notes = numbers.notes + [normalizationNote(normalized)].compactMap { $0 } + notes
      return LoadedModel(model: model, format: .prismExplicit, notes: notes)
    } catch {
      throw InputError(error, in: file)
    }
  }

  // MARK: Transitions

  /// The header of a file as numbers, with `count` or one fewer for a chain.
  ///
  /// - Parameter kind: what a comment in the file calls its kind.
  func header(
    _ lines: inout TextLines, _ expected: String, kind: PrismComment.Kind
  ) throws -> [Int] {
    while lines.advance() {
      var words = lines.words
      guard let first = words.next() else { continue }
      if try PrismComment.skip(lines, kind) { continue }
      var values: [Int] = []
      var word: Range<Int>? = first
      while let range = word {
        guard let value = lines.index(range) else { throw lines.unexpected(expected) }
        values.append(value)
        word = words.next()
      }
      return values
    }
    throw ContentError(
      "line \(lines.number + 1)", "expected \(expected), found the end of the text")
  }

  private mutating func findChoices(_ start: TextLines) throws {
    var lines = start
    let expected = "STATES CHOICES TRANSITIONS, or STATES TRANSITIONS for a chain"
    let counts = try header(&lines, expected, kind: .transitions)
    let headerLine = lines.number
    guard counts.count == 2 || counts.count == 3, counts[0] > 0 else {
      throw lines.unexpected(expected)
    }
    stateCount = counts[0]
    isChain = counts.count == 2
    var transitionCount = 0
    var (lastState, lastChoice) = (-1, -1)
    var action: Range<Int>?
    while lines.advance() {
      var words = lines.words
      guard let first = words.next(), try !PrismComment.skip(lines, .transitions) else { continue }
      let state = try index(first, lines)
      guard let choice = isChain ? 0 : words.next().flatMap(lines.index) else {
        throw lines.unexpected(Self.shape)
      }
      transitionCount += 1
      guard words.next() != nil, words.next() != nil else {
        throw lines.unexpected(isChain ? Self.chainShape : Self.shape)
      }
      let name = words.next()
      if state == lastState && choice == lastChoice {
        // Transitions of a chain may come from commands with different actions.
        guard isChain || lines.isSame(name, action) else {
          throw lines.failure("the transitions of a choice have different actions")
        }
        continue
      }
      action = name
      let isNext =
        state == lastState ? choice == lastChoice + 1 : state == lastState + 1 && choice == 0
      guard isNext else {
        throw lines.unexpected(
          "state \(lastState) choice \(lastChoice + 1) or state \(lastState + 1) choice 0")
      }
      if state != lastState {
        firstChoices.append(Int32(choiceLines.count))
        choices.startState()
      }
      (lastState, lastChoice) = (state, choice)
      choices.add(try name.map(lines.text))
      choiceLines.append(Int32(truncatingIfNeeded: lines.number))
    }
    try check(counts, headerLine, transitionCount)
  }

  private func check(_ counts: [Int], _ line: Int, _ transitionCount: Int) throws {
    let found =
      isChain
      ? [firstChoices.count, transitionCount]
      : [firstChoices.count, choiceLines.count, transitionCount]
    guard counts == found else {
      let names = isChain ? "states, transitions" : "states, choices, transitions"
      let text = { (values: [Int]) in values.map(String.init).joined(separator: " ") }
      throw ContentError(
        "line \(line)",
        "the header says \(text(counts)) (\(names)), but the file has \(text(found))")
    }
  }

  func index(_ word: Range<Int>, _ lines: TextLines) throws -> Int {
    guard let state = lines.index(word), state < stateCount else {
      throw lines.failure(
        "there is no state \(excerpt(try lines.text(word))): the states are 0 to \(stateCount - 1)")
    }
    return state
  }

  private mutating func readTransitions(
    _ start: TextLines, _ builder: inout FiniteMDPBuilder
  ) throws {
    var lines = start
    _ = try header(&lines, "", kind: .transitions)
    var cache = TextCache()
    let shape = isChain ? Self.chainShape : Self.shape
    while lines.advance() {
      var words = lines.words
      guard let first = words.next(), try !PrismComment.skip(lines, .transitions) else { continue }
      let state = try index(first, lines)
      let local = isChain ? 0 : words.next().flatMap(lines.index) ?? 0
      guard let target = words.next(), let text = words.next() else {
        throw lines.unexpected(shape)
      }
      _ = words.next()
      guard words.next() == nil else { throw lines.unexpected("\(shape) [ACTION]") }
      let action = choices.actions[Int(firstChoices[state]) + local]
      let successor = try index(target, lines)
      let bytes = lines.buffer.bytes(text)
      if let known = cache.known(bytes, &numbers) {
        try builder.addTransition(Int32(state), action, Int32(successor), pooled: known)
        continue
      }
      let before = numbers.snappedCount
      let value = try lines.number(text, &numbers)
      guard value.signum >= 0 else {
        throw lines.failure(
          ModelError.negativeProbability(
            state: builder.states[state], action: builder.actions[Int(action)],
            successor: builder.states[successor], value: value
          ).description)
      }
      let place = builder.place(ofProbability: value)
      cache.remember(bytes, place, isSnapped: numbers.snappedCount > before)
      try builder.addTransition(Int32(state), action, Int32(successor), pooled: place)
    }
  }

  private func finish(_ builder: consuming FiniteMDPBuilder) throws -> (FiniteMDP, Int) {
    let (states, actions) = (builder.states, builder.actions)
    do throws(ModelError) {
      return try builder.buildCountingNormalizedRows()
    } catch {
      if case .rewardTwice(let name, _, _, _, _, var entry) = error {
        for (path, lines) in entryLines[name] ?? [] {
          if entry < lines.count {
            throw InputError(file: path, place: "line \(lines[entry])", problem: "\(error)")
          }
          entry -= lines.count
        }
      }
      throw ContentError(rowError: error) { state, action in
        guard let state = states.place(of: state), let action = actions.place(of: action) else {
          return nil
        }
        return range(ofState: state).first { Int(choices.actions[$0]) == action }
          .map { "line \(choiceLines[$0])" }
      }
    }
  }

  func range(ofState state: Int) -> Range<Int> {
    let end = state + 1 < firstChoices.count ? Int(firstChoices[state + 1]) : choiceLines.count
    return Int(firstChoices[state])..<end
  }
}
