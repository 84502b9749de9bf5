import ExactArithmetic

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

  /// - Parameter law: a law on the states marked `init`, if the file holds one.
  func finish(
    _ builder: inout FiniteMDPBuilder, _ notes: inout [String],
    law: [(state: State, probability: Rational)] = []
  ) throws {
    for name in names { try builder.addLabel(name, states: members[name] ?? []) }
    if initial.count == 1 { try builder.setInitial([(initial[0], 1)]) }
    if initial.count > 1 {
      let isLaw = law.map(\.state) == initial && law.allSatisfy { $0.probability.signum > 0 }
      if isLaw, (try? builder.setInitial(law)) != nil { return }
      notes.append(
        "\(grouped(initial.count)) states are marked init, which is no law:"
          + " the model is read without one")
    }
  }
}
