// What is here: a stopping problem without its end components of reward 0.
// In such a component every state can be reached from every other for nothing, so all have the same
// value: they become one state, whose choices are those that may leave. The closed states become
// one as well, their values part of the rewards.
// Source: L. de Alfaro, *Computing minimum and maximum reachability times in probabilistic systems*,
// CONCUR 1999; proofs-notes/end-component-contraction.md.

import ExactArithmetic
import MarkovDecisionProcesses

/// A stopping problem and the smaller one that has the same values.
struct StoppingQuotient {
  let whole: StoppingProblem
  /// On a model of its own, the last state of which is its only closed one, of value 0.
  let problem: StoppingProblem
  /// The state of ``problem`` for each open state of ``whole``, -1 for closed ones.
  private let place: ContiguousArray<Int32>
  /// The choice of ``whole`` behind each choice of ``problem``; -1 at the closed state.
  private let origin: ContiguousArray<Int32>
  /// The choices of ``whole`` that stay inside a component.
  private let isInternal: ContiguousArray<Bool>
  /// A proper policy of ``problem``.
  let start: ContiguousArray<Int32>

  /// - Complexity: that of the maximal end components.
  init(_ whole: StoppingProblem) throws {
    let model = whole.model
    let (isAllowed, reward) = (whole.isAllowed, whole.reward)
    let isZero = reward.pool.values.map(\.isZero)
    let isFree = ContiguousArray(
      (0..<model.choiceCount).map { isAllowed[$0] && isZero[Int(reward.places[$0])] })
    let components = model.maximalEndComponents(within: isFree)
    var isInternal = ContiguousArray(repeating: false, count: model.choiceCount)
    for choice in components.lazy.flatMap(\.choices) { isInternal[Int(choice.index)] = true }
    let (place, members) = Self.classes(whole, components)
    var builder = try QuotientBuilder(
      whole, place, members.count, isInternal,
      Self.mostChoices(model, members, isAllowed, isInternal))
    for states in members { try builder.add(states) }
    (problem, origin) = try builder.finish()
    self.whole = whole
    self.place = place
    self.isInternal = isInternal
    start = problem.graph.attractor(of: problem.graph.isGoal, by: problem.isAllowed).choice
  }

  /// The largest number of choices that a state of the quotient has.
  private static func mostChoices(
    _ model: FiniteMDP, _ members: [[Int32]], _ isAllowed: ContiguousArray<Bool>,
    _ isInternal: ContiguousArray<Bool>
  ) -> Int {
    var most = 1
    for states in members {
      var count = 0
      for state in states {
        for choice in model.choiceRange(at: Int(state))
        where isAllowed[choice] && !isInternal[choice] { count += 1 }
      }
      most = max(most, count)
    }
    return most
  }

  /// The class of each open state, in the order of the first states, and the states of each.
  private static func classes(
    _ whole: StoppingProblem, _ components: [EndComponent]
  ) -> (place: ContiguousArray<Int32>, members: [[Int32]]) {
    var component = ContiguousArray<Int32>(repeating: -1, count: whole.model.stateCount)
    for (number, found) in components.enumerated() {
      for state in found.states { component[Int(state.index)] = Int32(number) }
    }
    var place = ContiguousArray<Int32>(repeating: -1, count: whole.model.stateCount)
    var members: [[Int32]] = []
    for state in whole.open where place[Int(state)] < 0 {
      let number = component[Int(state)]
      let states = number < 0 ? [state] : components[Int(number)].states.map(\.index)
      for member in states { place[Int(member)] = Int32(members.count) }
      members.append(states)
    }
    return (place, members)
  }

  /// The policy that goes, inside a component, to the state whose choice leaves.
  ///
  /// - Parameter policy: of ``problem``.
  func lifted(_ policy: ContiguousArray<Int32>) -> ContiguousArray<Int32> {
    var lifted = ContiguousArray<Int32>(repeating: -1, count: whole.model.stateCount)
    var isDecided = [Bool](repeating: false, count: whole.model.stateCount)
    for choice in policy where choice >= 0 && origin[Int(choice)] >= 0 {
      let original = origin[Int(choice)]
      let state = Int(whole.model.choiceStates[Int(original)])
      lifted[state] = original
      isDecided[state] = true
    }
    let way = whole.graph.attractor(of: isDecided, by: isInternal)
    for state in whole.open where lifted[Int(state)] < 0 {
      lifted[Int(state)] = way.choice[Int(state)]
    }
    return lifted
  }

  /// The values of all states of ``whole`` from those of ``problem``.
  func lifted(_ values: RationalVector) -> RationalVector {
    let states = whole.open.map { Int(place[Int($0)]) }
    switch values.form {
    case .entries(let entries):
      return whole.withClosedValues(RationalVector(states.map { entries[$0] }))
    case .common(let denominator, let numerators):
      return whole.withClosedValues(
        RationalVector(numerators: states.map { numerators[$0] }, denominator: denominator))
    }
  }

  /// The state of ``problem`` that stands for an open state of ``whole``.
  func state(of original: Int) -> Int { Int(place[original]) }
}

/// Builds the model of a quotient, state by state.
private struct QuotientBuilder {
  private let model: FiniteMDP
  private let isAllowed: ContiguousArray<Bool>
  private let foldedReward: PooledVector
  private let place: ContiguousArray<Int32>
  private let isInternal: ContiguousArray<Bool>
  private let terminal: Int32
  private var builder: FiniteMDPBuilder
  private var probabilityPlaces: ContiguousArray<Int32>
  private var rewards: ContiguousArray<Int32> = []
  private var origin: ContiguousArray<Int32> = []
  private var next: Int32 = 0
  /// The probability that goes to each state in the row at hand, and the states that have one.
  private var sums: ContiguousArray<Int32>
  private var successors: [Int32] = []

  init(
    _ whole: StoppingProblem, _ place: ContiguousArray<Int32>, _ count: Int,
    _ isInternal: ContiguousArray<Bool>, _ actionCount: Int
  ) throws {
    model = whole.model
    isAllowed = whole.isAllowed
    foldedReward = whole.foldedReward
    self.place = place
    self.isInternal = isInternal
    terminal = Int32(count)
    builder = try FiniteMDPBuilder(
      states: NameTable(count: count + 1), actions: NameTable(count: max(1, actionCount)))
    builder.reserveTransitions(model.transitionCount)
    probabilityPlaces = []
    sums = ContiguousArray(repeating: -1, count: count + 1)
    for value in model.probabilityPool.values {
      probabilityPlaces.append(builder.place(ofProbability: value))
    }
  }

  /// Adds the next state: these states of the whole in one.
  mutating func add(_ states: [Int32]) throws {
    var action: Int32 = 0
    for state in states {
      for choice in model.choiceRange(at: Int(state))
      where isAllowed[choice] && !isInternal[choice] {
        try addRow(choice, action)
        action += 1
      }
    }
    next += 1
  }

  private mutating func addRow(_ choice: Int, _ action: Int32) throws {
    var merged: [Int32: Rational] = [:]
    for transition in model.transitionRange(of: choice) {
      let original = Int(model.successors[transition])
      let successor = place[original] < 0 ? terminal : place[original]
      let probability = model.probabilities[transition]
      if sums[Int(successor)] < 0 {
        sums[Int(successor)] = probability
        successors.append(successor)
      } else {
        let known = merged[successor] ?? model.probabilityPool[sums[Int(successor)]]
        merged[successor] = known + model.probabilityPool[probability]
      }
    }
    for successor in successors {
      let pooled =
        merged[successor].map { builder.place(ofProbability: $0) }
        ?? probabilityPlaces[Int(sums[Int(successor)])]
      try builder.addTransition(next, action, successor, pooled: pooled)
      sums[Int(successor)] = -1
    }
    successors.removeAll(keepingCapacity: true)
    origin.append(Int32(choice))
    rewards.append(foldedReward.places[choice])
  }

  /// The problem on the quotient and the choices behind its choices.
  consuming func finish() throws -> (StoppingProblem, ContiguousArray<Int32>) {
    try builder.addTransition(
      terminal, 0, terminal, pooled: builder.place(ofProbability: 1))
    var pool = foldedReward.pool
    rewards.append(pool.insert(0))
    origin.append(-1)
    let quotient = try builder.build()
    let graph = GoalGraph(quotient, goal: [State(Int(terminal))])
    var closedValues = [Rational?](repeating: nil, count: quotient.stateCount)
    closedValues[Int(terminal)] = 0
    return (
      StoppingProblem(
        graph: graph, reward: PooledVector(places: rewards, pool: pool),
        closedValues: closedValues, isAllowed: graph.choicesOffGoal), origin
    )
  }
}
