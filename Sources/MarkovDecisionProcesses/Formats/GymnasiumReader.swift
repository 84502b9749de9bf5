import ExactArithmetic
import ExactJSON

/// Reads the transition table of a Gymnasium toy-text environment:
/// `{"P": {s: {a: [[p, s', r, done]...]}}, "isd": [...]}`.
///
/// The floats are snapped to fractions; a transition with `done` goes to one added absorbing state
/// `terminal`; entries of one choice with the same successor are merged.
struct GymnasiumReader {
  /// One `[p, s', r, done]`.
  private struct Outcome {
    var probability: Rational
    let successor: Int
    var reward: Rational
    let isDone: Bool
  }

  /// The outcomes of an action at a state, by the numbers that the file uses as keys.
  private struct Row {
    let state: Int
    let action: Int
    let outcomes: Range<Int>
  }

  private let buffer: InputBuffer
  private let options: ReadOptions
  private var numbers: NumberReader
  private var stateKeys: [Int] = []
  private var rows: [Row] = []
  private var outcomes: [Outcome] = []
  private var initial: [Rational]?
  private var hasTable = false

  static func read(_ buffer: InputBuffer, _ options: ReadOptions) throws -> LoadedModel {
    var reader = GymnasiumReader(
      buffer: buffer, options: options, numbers: NumberReader(options, alwaysSnaps: true))
    try reader.readDocument()
    let (model, normalized) = try reader.build()
    let notes = reader.numbers.notes + [normalizationNote(normalized)].compactMap { $0 }
    return LoadedModel(model: model, format: .gymnasium, notes: notes)
  }

  private init(buffer: InputBuffer, options: ReadOptions, numbers: NumberReader) {
    self.buffer = buffer
    self.options = options
    self.numbers = numbers
  }

  // MARK: The text

  private mutating func readDocument() throws {
    var json = try JSONReader(buffer)
    guard try json.peek() == .object else {
      throw ContentError(
        nil, "expected an object at the top level, found \(try json.describeValue())")
    }
    try json.beginObject()
    while let (key, _) = try json.nextKey() {
      switch key {
      case "P":
        hasTable = true
        try readTable(&json)
      case "isd": try readInitial(&json)
      default: try json.skipValue()
      }
    }
    try json.finish()
    guard hasTable else {
      throw ContentError(
        nil, "the required key 'P' is missing (an object {state: {action: [...]}})")
    }
  }

  private mutating func readTable(_ json: inout JSONReader) throws {
    try require(.object, &json, at: "P", "an object {state: {action: [...]}}")
    try json.beginObject()
    while let (stateText, _) = try json.nextKey() {
      let state = try number(ofKey: stateText, at: "P", "state")
      stateKeys.append(state)
      let path = "P.\(state)"
      try require(.object, &json, at: path, "an object {action: [...]}")
      try json.beginObject()
      while let (actionText, _) = try json.nextKey() {
        let action = try number(ofKey: actionText, at: path, "action")
        let first = outcomes.count
        try readOutcomes(&json, at: "\(path).\(action)")
        rows.append(Row(state: state, action: action, outcomes: first..<outcomes.count))
      }
    }
  }

  private func number(ofKey text: String, at path: String, _ what: String) throws -> Int {
    guard let number = Int(text), number >= 0, number < Int(Int32.max), String(number) == text
    else {
      throw ContentError(
        path,
        "expected the number of \(what == "state" ? "a state" : "an action")"
          + " as key, found \(excerpt(text))")
    }
    return number
  }

  private mutating func readOutcomes(_ json: inout JSONReader, at path: String) throws {
    let shape = "[probability, successor, reward, done]"
    try require(.array, &json, at: path, "an array of \(shape)")
    try json.beginArray()
    var index = 0
    while try json.nextElement() {
      let place = "\(path)[\(index)]"
      try require(.array, &json, at: place, shape)
      try json.beginArray()
      try element(&json, 0, at: place, shape)
      let probability = try readNumber(&json, at: "\(place)[0]")
      guard probability.signum >= 0 else {
        throw ContentError(
          "\(place)[0]", "the probability is \(probability), but it must not be negative")
      }
      try element(&json, 1, at: place, shape)
      let successor = try json.describeValue()
      guard let state = Int(successor), state >= 0 else {
        throw ContentError("\(place)[1]", "expected the number of a state, found \(successor)")
      }
      try element(&json, 2, at: place, shape)
      let reward = try readNumber(&json, at: "\(place)[2]")
      try element(&json, 3, at: place, shape)
      try require(.bool, &json, at: "\(place)[3]", "true or false")
      let isDone = try json.bool()
      guard try !json.nextElement() else {
        throw ContentError(place, "expected \(shape), found a longer array")
      }
      outcomes.append(
        Outcome(probability: probability, successor: state, reward: reward, isDone: isDone))
      index += 1
    }
  }

  private mutating func readInitial(_ json: inout JSONReader) throws {
    try require(.array, &json, at: "isd", "an array of probabilities")
    try json.beginArray()
    var law: [Rational] = []
    while try json.nextElement() { law.append(try readNumber(&json, at: "isd[\(law.count)]")) }
    initial = law
  }

  private mutating func readNumber(_ json: inout JSONReader, at path: String) throws -> Rational {
    let range: Range<Int>
    switch try json.peek() {
    case .number: range = try json.numberToken()
    case .string: range = try json.stringToken().range
    default:
      throw ContentError(path, "expected a number, found \(try json.describeValue())")
    }
    do throws(NumberError) {
      return try numbers.number(buffer.bytes(range))
    } catch {
      throw ContentError(path, error)
    }
  }

  private func require(
    _ kind: JSONReader.ValueKind, _ json: inout JSONReader, at path: String, _ expected: String
  ) throws {
    guard try json.peek() == kind else {
      throw ContentError(path, "expected \(expected), found \(try json.describeValue())")
    }
  }

  private func element(
    _ json: inout JSONReader, _ index: Int, at path: String, _ shape: String
  ) throws {
    guard try json.nextElement() else {
      throw ContentError(path, "expected \(shape), found an array of \(index)")
    }
  }

  // MARK: The model

  private func build() throws -> (FiniteMDP, Int) {
    let states = stateKeys.sorted()
    let actions = Set(rows.map(\.action)).sorted()
    let stateIndex = Dictionary(uniqueKeysWithValues: states.enumerated().map { ($1, $0) })
    let actionIndex = Dictionary(uniqueKeysWithValues: actions.enumerated().map { ($1, $0) })
    let terminal = outcomes.contains(where: \.isDone) ? states.count : nil
    let names = states.map(String.init) + (terminal == nil ? [] : ["terminal"])
    guard !names.isEmpty else { throw ContentError("P", "there is no state") }
    guard !actions.isEmpty else { throw ContentError("P", "there is no action") }
    var builder = try FiniteMDPBuilder(
      states: NameTable(names, of: .state),
      actions: NameTable(actions.map(String.init), of: .action))
    builder.normalizesRows = options.normalizes
    try builder.startReward(named: "default")
    for row in rows.sorted(by: { ($0.state, $0.action) < ($1.state, $1.action) }) {
      guard let state = stateIndex[row.state], let action = actionIndex[row.action] else {
        preconditionFailure("every key of a row was collected")
      }
      let merged = try merge(row, stateIndex, terminal)
      try add(merged, from: State(state), under: Action(action), row, to: &builder)
    }
    if let terminal {
      for action in actions.indices {
        try builder.addTransition(
          from: State(terminal), under: Action(action), to: State(terminal), probability: 1)
      }
      try builder.addLabel("terminal", states: [State(terminal)])
    }
    try setInitial(states.count, &builder)
    return try finish(builder)
  }

  /// The outcomes of a row with one entry a successor: probabilities add, and rewards that differ
  /// are averaged by probability.
  private func merge(
    _ row: Row, _ stateIndex: [Int: Int], _ terminal: Int?
  ) throws -> [Outcome] {
    var merged: [Outcome] = []
    var places: [Int: Int] = [:]
    for index in row.outcomes {
      let outcome = outcomes[index]
      guard let listed = stateIndex[outcome.successor] else {
        throw ContentError(
          "P.\(row.state).\(row.action)[\(index - row.outcomes.lowerBound)][1]",
          "there is no state \(outcome.successor)")
      }
      let target = outcome.isDone ? terminal ?? listed : listed
      guard let place = places[target] else {
        places[target] = merged.count
        merged.append(
          Outcome(
            probability: outcome.probability, successor: target, reward: outcome.reward,
            isDone: outcome.isDone))
        continue
      }
      let (p, q) = (merged[place].probability, outcome.probability)
      if merged[place].reward != outcome.reward, !(p + q).isZero {
        merged[place].reward = (p * merged[place].reward + q * outcome.reward) / (p + q)
      }
      merged[place].probability = p + q
    }
    return merged
  }

  private func add(
    _ merged: [Outcome], from state: State, under action: Action, _ row: Row,
    to builder: inout FiniteMDPBuilder
  ) throws {
    let sum = merged.reduce(Rational.zero) { $0 + $1.probability }
    guard sum == 1 || options.normalizes && !sum.isZero else {
      let total = ModelError.rowSum(state: "\(row.state)", action: "\(row.action)", sum: sum)
      throw ContentError(
        "P.\(row.state).\(row.action)",
        "\(total) (after snapping; --normalize divides each row by its sum)")
    }
    for outcome in merged.sorted(by: { $0.successor < $1.successor }) {
      let successor = State(outcome.successor)
      try builder.addTransition(
        from: state, under: action, to: successor, probability: outcome.probability)
      guard !outcome.reward.isZero else { continue }
      builder.addReward(
        state: state, action: action, successor: successor, value: outcome.reward)
    }
  }

  private func setInitial(_ count: Int, _ builder: inout FiniteMDPBuilder) throws {
    guard let initial else { return }
    guard initial.count == count else {
      throw ContentError(
        "isd", "expected \(count) probabilities, one a state, found \(initial.count)")
    }
    var law = initial.enumerated().filter { !$1.isZero }.map { (state: State($0), probability: $1) }
    if options.normalizes { normalize(&law) }
    do throws(ModelError) {
      try builder.setInitial(law)
    } catch {
      throw ContentError("isd", "\(error) (--normalize divides by the sum)")
    }
  }

  private func finish(_ builder: consuming FiniteMDPBuilder) throws -> (FiniteMDP, Int) {
    do throws(ModelError) {
      return try builder.buildCountingNormalizedRows()
    } catch {
      throw ContentError("P", error)
    }
  }
}
