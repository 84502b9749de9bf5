import ExactArithmetic
import ExactJSON

/// The sections of our format that refer to states and actions, read into a builder.
struct ModelSections {
  var builder: FiniteMDPBuilder
  let buffer: InputBuffer
  let normalizes: Bool
  /// Whether text that was read may be given back to the system.
  private let givesBack: Bool
  /// Whether some probability was a decimal, so that a sum may fail for want of snapping.
  private var sawDecimal = false
  /// The bytes of the last number that was written with escapes.
  var unescaped = InputBuffer([])
  var stateCache = TextCache()
  var actionCache = TextCache()
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
    let place: Int32
    if let known = numberCache.known(text, &numbers) {
      place = known
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
      numberCache.remember(text, place, isSnapped: numbers.snappedCount > before)
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
    let place: Int32
    if let known = numberCache.known(text, &numbers) {
      place = known
    } else {
      let before = numbers.snappedCount
      place = builder.place(ofReward: try parse(text, &numbers, at: path()))
      numberCache.remember(text, place, isSnapped: numbers.snappedCount > before)
    }
    builder.addReward(state, action, successor, pooled: place)
  }
}
