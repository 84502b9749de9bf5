import ExactArithmetic
import MarkovDecisionProcesses

/// Value iteration in doubles inside each maximal end component, by the choices that stay there.
struct ComponentIteration {
  private let model: FiniteMDP
  private let components: [EndComponent]
  private let probabilities: ContiguousArray<Double>
  private let rewards: ContiguousArray<Double>
  private let largestReward: Double
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
    for round in 1...limit(size) {
      if round & 63 == 0 { try progress.checkpoint() }
      rounds = max(rounds, round)
      let (low, high) = sweep(component, &next)
      (least[number], greatest[number]) = (low, high)
      let size = max(abs(low), abs(high), largestReward)
      let noise = 0x1p-51 * (next.lazy.map(abs).max() ?? 0)
      if high - low <= 1e-13 * size + noise || !(high - low).isFinite { return }
      // Under the aperiodicity transform, and kept near 0.
      let shift = next[0]
      for (place, state) in component.states.enumerated() {
        let old = values[Int(state.index)]
        values[Int(state.index)] = (old + next[place] - shift) / 2
      }
    }
  }

  /// `L v` on the component, with the bounds of `L v - v`.
  private mutating func sweep(
    _ component: EndComponent, _ next: inout ContiguousArray<Double>
  ) -> (low: Double, high: Double) {
    var (low, high) = (Double.infinity, -Double.infinity)
    var cursor = 0
    for (place, state) in component.states.enumerated() {
      var best = -Double.infinity
      while cursor < component.choices.count {
        let choice = Int(component.choices[cursor].index)
        guard model.choiceStates[choice] == state.index else { break }
        let value = lookahead(choice)
        if value > best {
          best = value
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
