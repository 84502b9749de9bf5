// What is here: the specifications of the nine counterexamples as objects, with the policies that
// they are tried on and the values that they are to have.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Specifications that induce the order of a counterexample on its environment.
public struct WitnessObjectives: Sendable {
  /// One specification with numbers that order the policies as it is to order them.
  public struct Entry: Sendable {
    public let objective: any ObjectiveSpecification
    /// One entry a policy.
    public let expected: [Rational]
    /// Whether the objective's values are to be these numbers, and not only their order.
    public let isExact: Bool
  }

  public let environment: ObjectiveEnvironment
  public let policies: [(name: String, policy: Policy)]
  /// One of each formalism that the witness says is strong enough.
  public fileprivate(set) var entries: [Entry] = []

  /// What trying one of the specifications gave.
  func check(_ entry: Entry) throws -> (isRight: Bool, line: String) {
    let objective = entry.objective
    let ranks = try objective.ranks(of: policies.map(\.policy), in: environment)
    let levels = Set(entry.expected).sorted()
    var isRight = ranks == entry.expected.map { levels.firstIndex(of: $0) ?? 0 }
    var values: [LogSum] = []
    if let valued = objective as? any RealValuedObjective {
      values = try policies.map { try valued.value(of: $0.policy, in: environment) }
      if entry.isExact { isRight = isRight && values == entry.expected.map { LogSum($0) } }
    }
    let order = ranks.indices.sorted { (-ranks[$0], $0) < (-ranks[$1], $1) }
    var text = ""
    for (index, place) in order.enumerated() {
      if index > 0 { text += ranks[place] == ranks[order[index - 1]] ? " = " : " > " }
      text += policies[place].name + (values.isEmpty ? "" : " (\(values[place]))")
    }
    let formalism = type(of: objective).formalism.rawValue
    return (isRight, "\(formalism) induces" + (isRight ? ": " : " ANOTHER ORDER: ") + text)
  }

  fileprivate init(_ model: FiniteMDP, _ policies: [(String, [[Rational]])]) throws {
    environment = try ObjectiveEnvironment(model)
    self.policies = try policies.map { name, rows in
      let laws = rows.enumerated().map { state, row in
        zip(model.choices(at: State(state)), row).map { (model.action(of: $0), $1) }
      }
      return (name, try Policy(laws: laws, in: model))
    }
  }

  fileprivate mutating func add(
    _ objective: any ObjectiveSpecification, _ expected: [Rational], isExact: Bool = true
  ) {
    entries.append(Entry(objective: objective, expected: expected, isExact: isExact))
  }

  /// A reward by the names of state and action.
  fileprivate func reward(
    _ values: [(state: String, action: String, value: Rational)]
  ) -> TransitionReward {
    let model = environment.model
    var choices: [Choice: Rational] = [:]
    for (state, action, value) in values {
      if let s = model.states.place(of: state), let a = model.actions.place(of: action),
        let choice = model.choice(of: Action(a), at: State(s))
      {
        choices[choice] = value
      }
    }
    return TransitionReward(onChoices: choices, in: model)
  }

  /// Each step labelled with its action.
  fileprivate var actionLabels: [Trajectory.Step: Set<String>] {
    var labels: [Trajectory.Step: Set<String>] = [:]
    for step in environment.steps {
      labels[step] = [environment.model.actions[Int(step.action.index)]]
    }
    return labels
  }

  /// Each step labelled with the state that is left.
  fileprivate var stateLabels: [Trajectory.Step: Set<String>] {
    var labels: [Trajectory.Step: Set<String>] = [:]
    for step in environment.steps {
      labels[step] = [environment.model.states[Int(step.state.index)]]
    }
    return labels
  }
}

extension Witness {
  /// The specifications, on policies that show the order or a part of it.
  ///
  /// - Throws: nothing unless this module is wrong.
  public func objectives() throws -> WitnessObjectives {
    switch self {
    case .lexicographic: try Self.lexicographicObjectives(try model())
    case .unreachableState: try Self.unreachableObjectives(try model())
    case .coinIsBest: try Self.coinObjectives(try model())
    case .twoRoads: try Self.roadObjectives(try model())
    case .uniformIsBest: try Self.uniformObjectives(try model())
    case .conditionalChoice: try Self.conditionalObjectives(try model())
    case .eventually: try Self.leavingObjectives(try model())
    case .threeLevels: try Self.levelObjectives(try model())
    case .firstAction: try Self.firstActionObjectives(try model())
    }
  }

  private func model() throws -> FiniteMDP {
    try ModelFile.read(
      bytes: [UInt8](modelText.utf8), name: rawValue, options: ReadOptions()
    ).model
  }

  private static let half = Rational(1, 2)
  private static let third = Rational(1, 3)

  private static func lexicographicObjectives(_ model: FiniteMDP) throws -> WitnessObjectives {
    // For two values of p_a both ends of their intervals of ranks: the intervals are disjoint.
    var found = try WitnessObjectives(
      model,
      [
        ("(1/3, 0)", [[third, 0, 1 - third]]), ("(1/3, 2/3)", [[third, 1 - third, 0]]),
        ("(1/2, 0)", [[half, 0, half]]), ("(1/2, 1/2)", [[half, half, 0]]),
      ])
    let objective = try GeneralisedMultiObjective(
      [found.reward([("s", "a", 1)]), found.reward([("s", "b", 1)])], discount: 0,
      .lexicographic([.entry(0), .entry(1)]))
    for formalism in [Formalism.generalisedMultiObjective, .lotteryOrder] {
      found.add(
        try FormalismPreorder().converted(objective, to: formalism, in: found.environment),
        [0, 1, 2, 3])
    }
    return found
  }

  private static func unreachableObjectives(_ model: FiniteMDP) throws -> WitnessObjectives {
    var found = try WitnessObjectives(model, [("p", [[1], [1, 0]]), ("q", [[1], [0, 1]])])
    // The choices are (x,a), (u,a), (u,b).
    found.add(PolicyFunctionObjective(.outer(.entry(1))), [1, 0])
    return found
  }

  private static func coinObjectives(_ model: FiniteMDP) throws -> WitnessObjectives {
    var found = try WitnessObjectives(
      model, [("half", [[half, half], [1]]), ("a", [[1, 0], [1]]), ("b", [[0, 1], [1]])])
    found.add(
      try RegularisedObjective(
        TransitionReward([:]), discount: half, weight: 1, .squares(actionCount: 2)),
      [Rational(-3, 2), -2, -2])
    let x = SymbolicPolynomial.entry(0)
    let middle = SymbolicPolynomial.constant(half)
    let distance = OuterFunction(
      [.init(where: [.entry(0, above: half, isStrict: false)], middle - x)],
      otherwise: x - middle)
    found.add(
      try OuterNonlinearObjective(found.reward([("s", "a", 1)]), discount: half, distance),
      [0, -half, -half])
    return found
  }

  private static func roadObjectives(_ model: FiniteMDP) throws -> WitnessObjectives {
    func policy(_ road: [Rational], _ goal: [Rational]) -> [[Rational]] {
      [road, [1], goal, [1], [1]]
    }
    var found = try WitnessObjectives(
      model,
      [
        ("shortX", policy([1, 0], [1, 0])), ("longX", policy([0, 1], [1, 0])),
        ("shortY", policy([1, 0], [0, 1])), ("longY", policy([0, 1], [0, 1])),
      ])
    let expected: [Rational] = [1, 1, 0, 0]
    // The machine sees w, and pays γ^-t on entering X at t = 1 or 2.
    var table = MachineReward()
    table.set(.init(machine: 0, state: State(2), action: Action(0)), to: 2)
    table.set(.init(machine: 1, state: State(2), action: Action(0)), to: 4)
    let machine = RewardMachine(
      states: NameTable(count: 2), initial: 0,
      transitions: [.init(from: 0, when: .init(states: [State(1)]), to: 1)])
    found.add(
      try RewardMachineObjective(PayingMachine(machine, table), discount: half), expected)
    found.add(
      TemporalObjective(.finally(.proposition("X")), labels: found.stateLabels), expected)
    found.add(LimitAverageObjective(found.reward([("X", "a", 1)])), expected)
    let isPositive = OuterFunction(
      [.init(where: [.entry(0, above: 0, isStrict: true)], 1)], otherwise: 0)
    found.add(
      try OuterNonlinearObjective(found.reward([("c", "a", 1)]), discount: half, isPositive),
      expected)
    return found
  }

  /// On the ten points of a triangular grid, which determine a polynomial of degree 3.
  private static func uniformObjectives(_ model: FiniteMDP) throws -> WitnessObjectives {
    var laws: [[Rational]] = []
    for a in 0...3 {
      for b in 0...(3 - a) {
        laws.append([Rational(a, 3), Rational(b, 3), Rational(3 - a - b, 3)])
      }
    }
    var found = try WitnessObjectives(
      model, laws.map { ("(\($0[0]), \($0[1]), \($0[2]))", [$0]) })
    let products = laws.map { 6 * $0[0] * $0[1] * $0[2] }
    found.add(try allDifferentMachine(), products)
    let names = ["a", "b", "c"]
    var formula = TemporalFormula.constant(false)
    for first in names {
      for second in names where second != first {
        for third in names where third != first && third != second {
          formula = .or(
            formula,
            .and(
              .proposition(first),
              .next(.and(.proposition(second), .next(.proposition(third))))))
        }
      }
    }
    found.add(TemporalObjective(formula, labels: found.actionLabels), products)
    found.add(
      try RegularisedObjective(
        TransitionReward([:]), discount: 0, weight: 1, .squares(actionCount: 3)),
      laws.map { -$0.reduce(Rational.zero) { $0 + $1 * $1 } })
    return found
  }

  /// Remembers the actions so far and pays `γ^-2` when the third differs from both.
  ///
  /// The states are the sets of actions so far as bits: 0 at the start, 1, 2, 4 after one, 3, 5, 6
  /// after two, and 7 for a repetition and for the end.
  private static func allDifferentMachine() throws -> RewardMachineObjective {
    var transitions: [RewardMachine.Transition] = []
    var table = MachineReward()
    for seen in 0..<7 {
      for action in 0..<3 {
        let isNew = seen & (1 << action) == 0
        transitions.append(
          .init(
            from: seen, when: .init(actions: [Action(action)]),
            to: isNew ? seen | (1 << action) : 7))
        if isNew, seen.nonzeroBitCount == 2 {
          table.set(.init(machine: seen, state: State(0), action: Action(action)), to: 4)
        }
      }
    }
    let machine = RewardMachine(
      states: NameTable(count: 8), initial: 0, transitions: transitions)
    return try RewardMachineObjective(PayingMachine(machine, table), discount: half)
  }

  private static func conditionalObjectives(_ model: FiniteMDP) throws -> WitnessObjectives {
    let laws: [[Rational]] = [
      [half, half, 0], [half, Rational(1, 4), Rational(1, 4)], [0, half, half],
      [half, Rational(1, 6), third], [1, 0, 0], [0, 0, 1],
    ]
    var found = try WitnessObjectives(
      model, laws.map { ("(\($0[0]), \($0[1]), \($0[2]))", [$0, [1], [1]]) })
    let shares = laws.map { law -> Rational in
      let leaving = law[1] + law[2]
      return leaving.isZero ? 0 : law[1] / leaving
    }
    found.add(LimitAverageObjective(found.reward([("X", "stay", 1)])), shares)
    found.add(TemporalObjective(.finally(.proposition("X")), labels: found.stateLabels), shares)
    return found
  }

  private static func leavingObjectives(_ model: FiniteMDP) throws -> WitnessObjectives {
    let chances: [Rational] = [0, Rational(1, 10), half, 1]
    var found = try WitnessObjectives(
      model, chances.map { ("\($0)", [[1 - $0, $0], [1]]) })
    let expected: [Rational] = [0, 1, 1, 1]
    found.add(TemporalObjective(.finally(.proposition("g")), labels: found.stateLabels), expected)
    found.add(LimitAverageObjective(found.reward([("g", "stay", 1)])), expected)
    return found
  }

  private static func levelObjectives(_ model: FiniteMDP) throws -> WitnessObjectives {
    var found = try WitnessObjectives(
      model, [("a", [[1, 0, 0]]), ("b", [[0, 1, 0]]), ("c", [[0, 0, 1]])])
    let reward = found.reward([("s", "a", 2), ("s", "b", 1)])
    found.add(try MarkovRewardObjective(reward, discount: half), [4, 2, 0])
    found.add(LimitAverageObjective(reward), [2, 1, 0])
    return found
  }

  private static func firstActionObjectives(_ model: FiniteMDP) throws -> WitnessObjectives {
    var found = try WitnessObjectives(model, [("a", [[1, 0], [1]]), ("b", [[0, 1], [1]])])
    found.add(
      try MarkovRewardObjective(found.reward([("s", "a", 1)]), discount: half), [1, 0])
    found.add(TemporalObjective(.proposition("a"), labels: found.actionLabels), [1, 0])
    return found
  }
}
