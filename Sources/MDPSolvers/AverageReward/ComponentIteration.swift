import ExactArithmetic
import MarkovDecisionProcesses

/// Value iteration in doubles inside each maximal end component, by the choices that stay there;
/// where it is slow, policies are evaluated by sparse factors.
struct ComponentIteration {
  private let model: FiniteMDP
  private let components: [EndComponent]
  private let probabilities: ContiguousArray<Double>
  private let rewards: ContiguousArray<Double>
  let largestReward: Double
  private let progress: ProgressHandler
  /// A bias, one entry a state; 0 outside the components.
  private(set) var values: ContiguousArray<Double>
  /// The choice that attains the last round inside the state's component.
  private(set) var policy: ContiguousArray<Int32>
  /// Bounds on the best gain inside each component, up to rounding.
  private(set) var least: [Double]
  private(set) var greatest: [Double]
  /// The rounds of the component that took most.
  private(set) var rounds = 0

  init(
    _ model: FiniteMDP, reward: PooledVector, _ components: [EndComponent],
    _ progress: ProgressHandler
  ) {
    self.model = model
    self.components = components
    self.progress = progress
    probabilities = ContiguousArray(model.probabilityPool.doubles)
    rewards = ContiguousArray((0..<reward.count).map { reward.double(at: $0) })
    largestReward = rewards.lazy.map(abs).max() ?? 0
    values = ContiguousArray(repeating: 0, count: model.stateCount)
    policy = ContiguousArray(model.choiceOffsets.dropLast())
    for component in components {
      for choice in component.choices.reversed() {
        policy[Int(model.choiceStates[Int(choice.index)])] = choice.index
      }
    }
    least = Array(repeating: 0, count: components.count)
    greatest = least
  }

  /// Rounds in each component until its bounds meet, or as many as `limit` says for its number of
  /// transitions.
  mutating func run(limit: (Int) -> Int) throws(Interrupted) {
    for number in components.indices {
      try progress.checkpoint()
      progress.report(
        "end components", fraction: Double(number) / Double(components.count))
      try run(number, limit)
    }
  }

  private mutating func run(_ number: Int, _ limit: (Int) -> Int) throws(Interrupted) {
    let component = components[number]
    let size = component.choices.reduce(0) {
      $0 + model.transitionRange(of: Int($1.index)).count
    }
    var next = ContiguousArray<Double>(repeating: 0, count: component.states.count)
    let first = min(limit(size), 500)
    if try iterate(number, rounds: first, &next) { return }
    if try improve(number, &next) { return }
    _ = try iterate(number, rounds: limit(size) - first, &next)
  }

  /// Rounds of value iteration under the aperiodicity transform; returns whether the bounds met.
  private mutating func iterate(
    _ number: Int, rounds limit: Int, _ next: inout ContiguousArray<Double>
  ) throws(Interrupted) -> Bool {
    let component = components[number]
    for round in 0..<max(0, limit) {
      if round & 63 == 0 { try progress.checkpoint() }
      rounds += 1
      if bound(number, &next) { return true }
      // Kept near 0, where doubles are densest.
      let shift = next[0]
      for (place, state) in component.states.enumerated() {
        let old = values[Int(state.index)]
        values[Int(state.index)] = (old + next[place] - shift) / 2
      }
    }
    // The bounds belong to the values.
    return bound(number, &next)
  }

  /// Sets the bounds of a component from its values; returns whether they meet.
  private mutating func bound(_ number: Int, _ next: inout ContiguousArray<Double>) -> Bool {
    let (low, high) = sweep(components[number], &next)
    (least[number], greatest[number]) = (low, high)
    let size = max(abs(low), abs(high), largestReward)
    let noise = 0x1p-51 * (next.lazy.map(abs).max() ?? 0)
    return high - low <= 1e-13 * size + noise || !(high - low).isFinite
  }

  // MARK: - Policies

  /// Policy iteration as far as it narrows the bounds; returns whether they met.
  private mutating func improve(
    _ number: Int, _ next: inout ContiguousArray<Double>
  ) throws(Interrupted) -> Bool {
    let component = components[number]
    for _ in 0..<40 {
      try progress.checkpoint()
      let known = component.states.map { values[Int($0.index)] }
      let width = greatest[number] - least[number]
      guard evaluate(component) else { return false }
      rounds += 1
      if bound(number, &next) { return true }
      guard greatest[number] - least[number] < width else {
        for (state, value) in zip(component.states, known) { values[Int(state.index)] = value }
        return bound(number, &next)
      }
    }
    return false
  }

  /// Replaces the values by the bias of the policy, led to one recurrent class, from the rewards and
  /// times between visits of one of its states.
  private mutating func evaluate(_ component: EndComponent) -> Bool {
    let root = makeUnichain(component)
    let others = component.states.map { Int($0.index) }.filter { $0 != root }
    guard let system = TransientSystem(of: policy, on: others, in: model) else { return false }
    let earned = system.solution { rewards[Int(policy[$0])] }
    let times = system.solution { _ in 1 }
    var (reward, time) = (rewards[Int(policy[root])], 1.0)
    var place: [Int: Int] = [:]
    for (index, state) in others.enumerated() { place[state] = index }
    for transition in model.transitionRange(of: Int(policy[root])) {
      guard let index = place[Int(model.successors[transition])] else { continue }
      let probability = probabilities[Int(model.probabilities[transition])]
      reward += probability * earned[index]
      time += probability * times[index]
    }
    let gain = reward / time
    values[root] = 0
    for (index, state) in others.enumerated() {
      values[state] = earned[index] - gain * times[index]
    }
    return others.allSatisfy { values[$0].isFinite }
  }

  /// Leads the policy to one of its recurrent classes, where it has several; returns a state of it.
  private mutating func makeUnichain(_ component: EndComponent) -> Int {
    let states = component.states.map { Int($0.index) }
    var place: [Int: Int] = [:]
    for (index, state) in states.enumerated() { place[state] = index }
    let graph = DirectedGraph(
      states.map { state in
        model.transitionRange(of: Int(policy[state])).compactMap {
          place[Int(model.successors[$0])]
        }
      })
    let parts = StronglyConnectedComponents(of: graph)
    let classes = zip(parts.members(), parts.isClosed(in: graph)).filter { $0.1 }.map(\.0)
    // By the growth of the last round, which tends to the gain of the class.
    var best = classes.first ?? [0]
    for other in classes.dropFirst() where growth(states[other[0]]) > growth(states[best[0]]) {
      best = other
    }
    if classes.count > 1 { component.lead(to: best.map { states[$0] }, in: model, &policy) }
    return states[best[0]]
  }

  private func growth(_ state: Int) -> Double { lookahead(Int(policy[state])) - values[state] }

  /// `L v` on the component, with the bounds of `L v - v`.
  private mutating func sweep(
    _ component: EndComponent, _ next: inout ContiguousArray<Double>
  ) -> (low: Double, high: Double) {
    var (low, high) = (Double.infinity, -Double.infinity)
    var cursor = 0
    for (place, state) in component.states.enumerated() {
      let current = policy[Int(state.index)]
      var best = lookahead(Int(current))
      // A near tie keeps the policy, so that rounding does not make it swing.
      var bar = best + 1e-13 * abs(best)
      while cursor < component.choices.count {
        let choice = Int(component.choices[cursor].index)
        guard model.choiceStates[choice] == state.index else { break }
        let value = lookahead(choice)
        if value > bar {
          (best, bar) = (value, value)
          policy[Int(state.index)] = Int32(choice)
        }
        cursor += 1
      }
      next[place] = best
      let growth = best - values[Int(state.index)]
      (low, high) = (min(low, growth), max(high, growth))
    }
    return (low, high)
  }

  @inline(__always)
  private func lookahead(_ choice: Int) -> Double {
    var sum = rewards[choice]
    for transition in model.transitionRange(of: choice) {
      sum +=
        probabilities[Int(model.probabilities[transition])]
        * values[Int(model.successors[transition])]
    }
    return sum
  }
}
