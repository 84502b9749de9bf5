import ExactArithmetic
import ExactJSON

/// The sections of our format that refer to states and actions, read into a builder.
struct ModelSections {
  private var builder: FiniteMDPBuilder
  private let buffer: InputBuffer
  private let normalizes: Bool
  /// Whether text that was read may be given back to the system.
  private let givesBack: Bool
  /// Whether some probability was a decimal, so that a sum may fail for want of snapping.
  private var sawDecimal = false
  /// The bytes of the last number that was written with escapes.
  private var unescaped = InputBuffer([])
  private var stateCache = TextCache()
  private var actionCache = TextCache()
  private var numberCache = TextCache()

  init(
    states: NameTable, actions: NameTable, _ buffer: InputBuffer, _ options: ReadOptions,
    givesBack: Bool
  ) throws {
    builder = try FiniteMDPBuilder(states: states, actions: actions)
    builder.normalizesRows = options.normalizes
    normalizes = options.normalizes
    self.givesBack = givesBack
    self.buffer = buffer
  }

  /// Reads the value of `key`, which is one of the section names.
  mutating func read(
    _ key: String, _ json: inout JSONReader, _ numbers: inout NumberReader
  ) throws {
    switch key {
    case "discount":
      let value = try number(&json, &numbers, at: "discount")
      try at("discount") { () throws(ModelError) in try builder.setDiscount(value) }
    case "initial": try readInitial(&json, &numbers)
    case "transitions": try readTransitions(&json, &numbers)
    case "rewards": try readRewards(&json, &numbers)
    case "labels": try readLabels(&json)
    default: try readLabeledTransitions(&json)
    }
  }

  /// The finished model; errors of whole rows get their place here.
  consuming func build(_ numbers: NumberReader) throws -> (FiniteMDP, Int) {
    do throws(ModelError) {
      return try builder.buildCountingNormalizedRows()
    } catch {
      switch error {
      case .rowSum:
        let hint =
          sawDecimal && !numbers.snaps
          ? " (--snap reads decimals that stand for fractions, --normalize divides by the sum)"
          : numbers.snaps ? " (--normalize divides each row by its sum)" : ""
        throw ContentError("transitions", error.description + hint)
      case .transitionTwice(_, _, _, _, let second):
        throw ContentError("transitions[\(second)]", error)
      case .rewardTwice(let name, _, _, _, _, let second):
        throw ContentError("rewards\(ModelSections.suffix(name))[\(second)]", error)
      default: throw ContentError("transitions", error)
      }
    }
  }

  /// The path of a reward list below `rewards`; the only list of a file has no name there.
  private static func suffix(_ name: String) -> String {
    name == "default" ? "" : ".\(excerpt(name).dropFirst().dropLast())"
  }

  // MARK: Transitions

  private mutating func readTransitions(
    _ json: inout JSONReader, _ numbers: inout NumberReader
  ) throws {
    try requireArray(&json, at: "transitions", of: "[state, action, successor, probability]")
    numberCache.forgetAll()
    builder.reserveTransitions(min(buffer.count - json.offset, 1 << 31) / 16)
    try json.beginArray()
    var index = 0
    while try json.nextElement() {
      try readTransition(&json, &numbers, index)
      index += 1
      if givesBack, index & 0xFFFF == 0 { buffer.discard(upTo: json.offset) }
    }
  }

  @inline(__always)
  private mutating func readTransition(
    _ json: inout JSONReader, _ numbers: inout NumberReader, _ index: Int
  ) throws {
    let shape = "[state, action, successor, probability]"
    try beginEntry(&json, shape) { "transitions[\(index)]" }
    try element(&json, 0, shape) { "transitions[\(index)]" }
    let state = try reference(&json, .state) { "transitions[\(index)][0]" }
    try element(&json, 1, shape) { "transitions[\(index)]" }
    let action = try reference(&json, .action) { "transitions[\(index)][1]" }
    try element(&json, 2, shape) { "transitions[\(index)]" }
    let successor = try reference(&json, .state) { "transitions[\(index)][2]" }
    try element(&json, 3, shape) { "transitions[\(index)]" }
    let text = try numberText(&json) { "transitions[\(index)][3]" }
    let key = TextCache.Key(text)
    let place: Int32
    if let key, let known = numberCache.value(key) {
      place = known.value
      if known.isSnapped { numbers.countSnappedAgain() }
    } else {
      let path = "transitions[\(index)][3]"
      let before = numbers.snappedCount
      let value = try parse(text, &numbers, at: path)
      if text.contains(UInt8(ascii: ".")) { sawDecimal = true }
      guard value.signum >= 0 else {
        throw ContentError(
          path,
          ModelError.negativeProbability(
            state: builder.states[Int(state)], action: builder.actions[Int(action)],
            successor: builder.states[Int(successor)], value: value))
      }
      place = builder.place(ofProbability: value)
      if let key {
        numberCache.remember(key, place, isSnapped: numbers.snappedCount > before)
      }
    }
    try builder.addTransition(state, action, successor, pooled: place)
    try endEntry(&json, 4, shape) { "transitions[\(index)]" }
  }

  // MARK: Rewards

  private mutating func readRewards(
    _ json: inout JSONReader, _ numbers: inout NumberReader
  ) throws {
    switch try json.peek() {
    case .array: try readReward(named: "default", path: "rewards", &json, &numbers)
    case .object:
      try json.beginObject()
      while let (name, _) = try json.nextKey() {
        let path = "rewards.\(excerpt(name).dropFirst().dropLast())"
        try readReward(named: name, path: path, &json, &numbers)
      }
    default:
      throw ContentError(
        "rewards", "expected a list or an object of named lists, found \(try json.describeValue())")
    }
  }

  private mutating func readReward(
    named name: String, path: String, _ json: inout JSONReader, _ numbers: inout NumberReader
  ) throws {
    try requireArray(
      &json, at: path, of: "[state, action, reward] or [state, action, successor, reward]")
    try at(path) { () throws(ModelError) in try builder.startReward(named: name) }
    numberCache.forgetAll()
    try json.beginArray()
    var index = 0
    while try json.nextElement() {
      try readRewardEntry(&json, &numbers, path, index)
      index += 1
      if givesBack, index & 0xFFFF == 0 { buffer.discard(upTo: json.offset) }
    }
  }

  private mutating func readRewardEntry(
    _ json: inout JSONReader, _ numbers: inout NumberReader, _ path: String, _ index: Int
  ) throws {
    let shape = "[state, action, reward] or [state, action, successor, reward]"
    try beginEntry(&json, shape) { "\(path)[\(index)]" }
    try element(&json, 0, shape) { "\(path)[\(index)]" }
    let state = try reference(&json, .state) { "\(path)[\(index)][0]" }
    try element(&json, 1, shape) { "\(path)[\(index)]" }
    let action = try reference(&json, .action) { "\(path)[\(index)][1]" }
    try element(&json, 2, shape) { "\(path)[\(index)]" }
    // Whether this is a successor or the reward shows only behind it.
    let third = json.offset
    try json.skipValue()
    var again = JSONReader(buffer, at: third)
    if try json.nextElement() {
      let successor = try reference(&again, .state) { "\(path)[\(index)][2]" }
      try addReward(&json, &numbers, state, action, successor) { "\(path)[\(index)][3]" }
      try endEntry(&json, 4, shape) { "\(path)[\(index)]" }
    } else {
      try addReward(&again, &numbers, state, action, -1) { "\(path)[\(index)][2]" }
    }
  }

  @inline(__always)
  private mutating func addReward(
    _ json: inout JSONReader, _ numbers: inout NumberReader, _ state: Int32, _ action: Int32,
    _ successor: Int32, at path: () -> String
  ) throws {
    let text = try numberText(&json, at: path)
    let key = TextCache.Key(text)
    let place: Int32
    if let key, let known = numberCache.value(key) {
      place = known.value
      if known.isSnapped { numbers.countSnappedAgain() }
    } else {
      let before = numbers.snappedCount
      place = builder.place(ofReward: try parse(text, &numbers, at: path()))
      if let key {
        numberCache.remember(key, place, isSnapped: numbers.snappedCount > before)
      }
    }
    builder.addReward(state, action, successor, pooled: place)
  }

  // MARK: Initial law, labels

  private mutating func readInitial(
    _ json: inout JSONReader, _ numbers: inout NumberReader
  ) throws {
    var law: [(state: State, probability: Rational)] = []
    switch try json.peek() {
    case .string, .number:
      law = [(State(Int(try reference(&json, .state) { "initial" })), 1)]
    case .array:
      try json.beginArray()
      while try json.nextElement() {
        let index = law.count
        try beginEntry(&json, "[state, probability]") { "initial[\(index)]" }
        try element(&json, 0, "[state, probability]") { "initial[\(index)]" }
        let state = try reference(&json, .state) { "initial[\(index)][0]" }
        try element(&json, 1, "[state, probability]") { "initial[\(index)]" }
        let value = try number(&json, &numbers, at: "initial[\(index)][1]")
        try endEntry(&json, 2, "[state, probability]") { "initial[\(index)]" }
        law.append((State(Int(state)), value))
      }
      if normalizes { normalize(&law) }
    default:
      throw ContentError(
        "initial",
        "expected a state or a list of [state, probability], found \(try json.describeValue())")
    }
    try at("initial") { () throws(ModelError) in try builder.setInitial(law) }
  }

  private mutating func readLabels(_ json: inout JSONReader) throws {
    guard try json.peek() == .object else {
      throw ContentError(
        "labels", "expected an object of named sets of states, found \(try json.describeValue())")
    }
    try json.beginObject()
    while let (name, _) = try json.nextKey() {
      let path = "labels.\(excerpt(name).dropFirst().dropLast())"
      try requireArray(&json, at: path, of: "states")
      try json.beginArray()
      var members: [State] = []
      while try json.nextElement() {
        let index = members.count
        members.append(State(Int(try reference(&json, .state) { "\(path)[\(index)]" })))
      }
      try at(path) { () throws(ModelError) in try builder.addLabel(name, states: members) }
    }
  }

  private mutating func readLabeledTransitions(_ json: inout JSONReader) throws {
    let shape = "[state, action, successor, [propositions]]"
    try requireArray(&json, at: "labeledTransitions", of: shape)
    try json.beginArray()
    var index = 0
    while try json.nextElement() {
      let path = "labeledTransitions[\(index)]"
      try beginEntry(&json, shape) { path }
      try element(&json, 0, shape) { path }
      let state = State(Int(try reference(&json, .state) { "\(path)[0]" }))
      try element(&json, 1, shape) { path }
      let action = Action(Int(try reference(&json, .action) { "\(path)[1]" }))
      try element(&json, 2, shape) { path }
      let successor = State(Int(try reference(&json, .state) { "\(path)[2]" }))
      try element(&json, 3, shape) { path }
      let propositions = try readPropositions(&json, at: "\(path)[3]")
      try endEntry(&json, 4, shape) { path }
      try at(path) { () throws(ModelError) in
        try builder.addLabeledTransition(
          from: state, under: action, to: successor, propositions: propositions)
      }
      index += 1
    }
  }

  private func readPropositions(_ json: inout JSONReader, at path: String) throws -> [String] {
    try requireArray(&json, at: path, of: "propositions")
    try json.beginArray()
    var propositions: [String] = []
    while try json.nextElement() {
      guard try json.peek() == .string else {
        throw ContentError(
          "\(path)[\(propositions.count)]",
          "expected a proposition (a string), found \(try json.describeValue())")
      }
      propositions.append(try json.string())
    }
    return propositions
  }

  // MARK: Pieces of entries

  private func requireArray(_ json: inout JSONReader, at path: String, of what: String) throws {
    guard try json.peek() == .array else {
      throw ContentError(path, "expected an array of \(what), found \(try json.describeValue())")
    }
  }

  @inline(__always)
  private func beginEntry(
    _ json: inout JSONReader, _ shape: String, at path: () -> String
  ) throws {
    guard try json.peek() == .array else {
      throw ContentError(path(), "expected \(shape), found \(try json.describeValue())")
    }
    try json.beginArray()
  }

  /// Goes to element `index` of an entry, which has to be there.
  @inline(__always)
  private func element(
    _ json: inout JSONReader, _ index: Int, _ shape: String, at path: () -> String
  ) throws {
    guard try json.nextElement() else {
      throw ContentError(path(), "expected \(shape), found an array of \(index)")
    }
  }

  /// Leaves an entry, which has to end after `count` elements.
  @inline(__always)
  private func endEntry(
    _ json: inout JSONReader, _ count: Int, _ shape: String, at path: () -> String
  ) throws {
    guard try json.nextElement() else { return }
    var found = count
    repeat {
      try json.skipValue()
      found += 1
    } while try json.nextElement()
    throw ContentError(path(), "expected \(shape), found an array of \(found)")
  }

  /// Reads a state or an action: an index (a JSON integer) or a name (a string).
  @inline(__always)
  private mutating func reference(
    _ json: inout JSONReader, _ kind: ModelError.Kind, at path: () -> String
  ) throws -> Int32 {
    let count = kind == .state ? builder.states.count : builder.actions.count
    switch try json.peek() {
    case .number:
      let text = buffer.bytes(try json.numberToken())
      if let index = ModelSections.index(text), index < count {
        return Int32(truncatingIfNeeded: index)
      }
      let shown = String(decoding: text, as: UTF8.self)
      throw ContentError(
        path(),
        ModelError.indexOutOfRange(
          kind: kind, index: text.count <= 60 ? shown : excerpt(shown), count: count))
    case .string: return try named(try json.stringToken(), json, kind, path)
    default:
      throw ContentError(
        path(),
        "expected \(kind == .state ? "a state" : "an action") (a name or an index),"
          + " found \(try json.describeValue())")
    }
  }

  private mutating func named(
    _ token: JSONReader.StringToken, _ json: borrowing JSONReader, _ kind: ModelError.Kind,
    _ path: () -> String
  ) throws -> Int32 {
    let key = token.isPlain ? TextCache.Key(buffer.bytes(token.range)) : nil
    if let key,
      let known = kind == .state ? stateCache.value(key) : actionCache.value(key)
    {
      return known.value
    }
    let name = json.decode(token)
    let table = kind == .state ? builder.states : builder.actions
    guard let place = table.place(of: name) else {
      throw ContentError(path(), table.unknown(name, of: kind))
    }
    if let key, kind == .state { stateCache.remember(key, Int32(place)) }
    if let key, kind == .action { actionCache.remember(key, Int32(place)) }
    return Int32(place)
  }

  /// Digits as a number below 10¹⁰, or `nil`.
  @inline(__always)
  private static func index(_ text: UnsafeRawBufferPointer) -> Int? {
    guard text.count <= 10 else { return nil }
    var value = 0
    for byte in text {
      guard byte &- 48 < 10 else { return nil }
      value = value &* 10 &+ Int(byte &- 48)
    }
    return value
  }

  /// The text of a number, which stands there as it is or in a string.
  @inline(__always)
  private mutating func numberText(
    _ json: inout JSONReader, at path: () -> String
  ) throws -> UnsafeRawBufferPointer {
    switch try json.peek() {
    case .number: return buffer.bytes(try json.numberToken())
    case .string:
      let token = try json.stringToken()
      if token.isPlain { return buffer.bytes(token.range) }
      unescaped = InputBuffer(Array(json.decode(token).utf8))
      return unescaped.bytes(0..<unescaped.count)
    default:
      throw ContentError(
        path(),
        "expected a number as in \"1/3\", 0.25 or 7, found \(try json.describeValue())")
    }
  }

  private mutating func number(
    _ json: inout JSONReader, _ numbers: inout NumberReader, at path: String
  ) throws -> Rational {
    try parse(try numberText(&json) { path }, &numbers, at: path)
  }

  private func parse(
    _ text: UnsafeRawBufferPointer, _ numbers: inout NumberReader, at path: String
  ) throws -> Rational {
    do throws(NumberError) {
      return try numbers.number(text)
    } catch {
      throw ContentError(path, error)
    }
  }

  private func at(_ path: String, _ body: () throws(ModelError) -> Void) throws {
    do throws(ModelError) { try body() } catch { throw ContentError(path, error) }
  }
}

/// Divides a law by its sum, unless that is 0.
func normalize(_ law: inout [(state: State, probability: Rational)]) {
  let sum = law.reduce(Rational.zero) { $0 + $1.probability }
  guard !sum.isZero, sum != 1 else { return }
  for index in law.indices { law[index].probability = law[index].probability / sum }
}

extension NameTable {
  /// The error that there is no such name here, with the nearest one there is.
  package func unknown(_ name: String, of kind: ModelError.Kind) -> ModelError {
    isCount
      ? .nameWhereCount(kind: kind, name: name, count: count)
      : .unknownName(kind: kind, name: name, nearest: nearestName(to: name, among: names))
  }
}
