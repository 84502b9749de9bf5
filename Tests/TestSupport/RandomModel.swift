import ExactArithmetic
import MarkovDecisionProcesses

/// Small random models that lean towards trouble: ties, sure transitions, single actions,
/// unavailable actions, unreachable states, absorbing states, rewards on transitions (also on
/// impossible ones), zero rewards, discount 0.
public struct RandomModel {
  /// The most states and actions; denominators are at most 60.
  public var largestStateCount = 7
  public var largestActionCount = 3

  private var random: SplitMix64

  /// A stream of models that `seed` determines.
  public init(seed: UInt64) {
    random = SplitMix64(seed: seed)
  }

  /// One choice in the making.
  private struct Row {
    var law: [(successor: Int, probability: Rational)]
    var reward: Rational?
    var transitionRewards: [(successor: Int, value: Rational)]
  }

  /// The next model: rewards `main` and `other`, a label `goal`, a discount, an initial law.
  ///
  /// - Throws: nothing unless the generator is wrong.
  public mutating func next() throws -> FiniteMDP {
    let stateCount = 1 + draw(largestStateCount)
    let actionCount = 1 + draw(largestActionCount)
    // Where `reached` is less than the number of states, the last ones are never entered.
    let reached = draw(3) == 0 ? 1 + draw(stateCount) : stateCount
    var rows: [(state: Int, action: Int, row: Row)] = []
    for state in 0..<stateCount {
      var earlier: Row?
      for action in availableActions(of: actionCount) {
        let row = draw(5) == 0 ? earlier ?? drawRow(reached) : drawRow(reached)
        rows.append((state, action, row))
        earlier = row
      }
    }
    var builder = try emptyBuilder(stateCount, actionCount)
    for (state, action, row) in rows {
      for (successor, probability) in row.law {
        try builder.addTransition(
          from: State(state), under: Action(action), to: State(successor),
          probability: probability)
      }
    }
    try addRewards(of: rows, stateCount, to: &builder)
    try addRest(stateCount, to: &builder)
    return try builder.build()
  }

  /// Names or counts.
  private mutating func emptyBuilder(
    _ stateCount: Int, _ actionCount: Int
  ) throws -> FiniteMDPBuilder {
    guard draw(2) == 0 else {
      return try FiniteMDPBuilder(
        states: NameTable(count: stateCount), actions: NameTable(count: actionCount))
    }
    return try FiniteMDPBuilder(
      states: NameTable((0..<stateCount).map { "s\($0)" }, of: .state),
      actions: NameTable((0..<actionCount).map { "a\($0)" }, of: .action))
  }

  private mutating func addRewards(
    of rows: [(state: Int, action: Int, row: Row)], _ stateCount: Int,
    to builder: inout FiniteMDPBuilder
  ) throws {
    try builder.startReward(named: "main")
    for (state, action, row) in rows {
      let (s, a) = (State(state), Action(action))
      if let value = row.reward {
        builder.addReward(state: s, action: a, successor: nil, value: value)
      }
      for (successor, value) in row.transitionRewards {
        builder.addReward(state: s, action: a, successor: State(successor), value: value)
      }
    }
    try builder.startReward(named: "other")
    for (state, action, _) in rows where draw(2) == 0 {
      // Possible or not: an impossible transition's reward changes no value.
      builder.addReward(
        state: State(state), action: Action(action),
        successor: draw(2) == 0 ? nil : State(draw(stateCount)), value: drawReward())
    }
  }

  private mutating func addRest(_ stateCount: Int, to builder: inout FiniteMDPBuilder) throws {
    try builder.addLabel(
      "goal", states: (0..<stateCount).filter { _ in draw(3) == 0 }.map(State.init))
    let discounts: [Rational] = [
      0, Rational(1, 3), Rational(1, 2), Rational(9, 10), Rational(19, 20), Rational(99, 100),
      Rational(draw(60), 60),
    ]
    try builder.setDiscount(discounts[draw(discounts.count)])
    let states = pick(1 + draw(min(3, stateCount)), below: stateCount)
    let law = drawLaw(over: states)
    try builder.setInitial(law.map { (State($0.successor), $0.probability) })
  }

  private mutating func availableActions(of count: Int) -> [Int] {
    if draw(3) == 0 { return [draw(count)] }
    let actions = (0..<count).filter { _ in draw(4) > 0 }
    return actions.isEmpty ? [draw(count)] : actions
  }

  private mutating func drawRow(_ reached: Int) -> Row {
    let successors = pick(draw(3) == 0 ? 1 : 1 + draw(min(4, reached)), below: reached)
    let law = drawLaw(over: successors)
    let onTransitions = draw(4) == 0 ? successors.filter { _ in draw(2) == 0 } : []
    return Row(
      law: law, reward: draw(4) == 0 ? nil : drawReward(),
      transitionRewards: onTransitions.map { ($0, drawReward()) })
  }

  /// Positive probabilities on `successors` with one denominator of at most 60.
  private mutating func drawLaw(
    over successors: [Int]
  ) -> [(successor: Int, probability: Rational)] {
    var weights = successors.map { _ in 1 + draw([1, 2, 15][draw(3)]) }
    let excess = weights.reduce(0, +) - 60
    if excess > 0 { weights = weights.map { _ in 1 } }
    let total = weights.reduce(0, +)
    return zip(successors, weights).map { ($0, Rational($1, total)) }
  }

  /// A few values only, so that sums coincide often; now and then an awkward one.
  private mutating func drawReward() -> Rational {
    switch draw(8) {
    case 0: 0
    case 1: Rational(draw(121) - 60, 1 + draw(60))
    default: Rational(draw(5) - 2, 1 + draw(2))
    }
  }

  private mutating func pick(_ count: Int, below bound: Int) -> [Int] {
    var chosen: Set<Int> = []
    while chosen.count < count { chosen.insert(draw(bound)) }
    return chosen.sorted()
  }

  private mutating func draw(_ bound: Int) -> Int {
    Int(random.below(UInt64(bound)))
  }
}

extension SplitMix64 {
  /// A random order of `0..<count`.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in order.indices.dropFirst().reversed() {
      order.swapAt(last, Int(below(UInt64(last + 1))))
    }
    return order
  }

  /// A deterministic policy of `model`.
  public mutating func policy(in model: FiniteMDP) throws -> Policy {
    var actions: [Action] = []
    for state in 0..<model.stateCount {
      let choices = Array(model.choices(at: State(state)))
      actions.append(model.action(of: choices[Int(below(UInt64(choices.count)))]))
    }
    return try Policy(actions, in: model)
  }

  /// A vector of small fractions.
  public mutating func vector(_ count: Int) -> RationalVector {
    RationalVector(
      (0..<count).map { _ in Rational(Int(below(41)) - 20, 1 + Int(below(6))) })
  }
}
