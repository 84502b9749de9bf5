import ExactArithmetic
import ExactJSON

// The sections that are short: the initial law, the labels, the propositions.
extension ModelSections {
  mutating func readInitial(
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
    do throws(ModelError) {
      try builder.setInitial(law)
    } catch {
      let hint =
        if case .initialSum = error { " (--normalize divides by the sum)" } else { "" }
      throw ContentError("initial", error.description + hint)
    }
  }

  mutating func readLabels(_ json: inout JSONReader) throws {
    guard try json.peek() == .object else {
      throw ContentError(
        "labels", "expected an object of named sets of states, found \(try json.describeValue())")
    }
    try json.beginObject()
    while let (name, _) = try json.nextKey() {
      let path = { "labels.\(excerpt(name).dropFirst().dropLast())" }
      guard try json.peek() == .array else {
        throw ContentError(
          path(), "expected an array of states, found \(try json.describeValue())")
      }
      try json.beginArray()
      var members: [State] = []
      while try json.nextElement() {
        let index = members.count
        members.append(State(Int(try reference(&json, .state) { "\(path())[\(index)]" })))
      }
      do throws(ModelError) {
        try builder.addLabel(name, states: members)
      } catch {
        throw ContentError(path(), error)
      }
    }
  }

  mutating func readLabeledTransitions(_ json: inout JSONReader) throws {
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

  func readPropositions(_ json: inout JSONReader, at path: String) throws -> [String] {
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
}

/// Divides a law by its sum, unless that is 0.
func normalize(_ law: inout [(state: State, probability: Rational)]) {
  let sum = law.reduce(Rational.zero) { $0 + $1.probability }
  guard !sum.isZero, sum != 1 else { return }
  for index in law.indices { law[index].probability = law[index].probability / sum }
}
