// What is here: where to stay for ever, among the end components, in doubles.
// Notation: an *outer* choice is one of no end component; u, l the gains that a component offers;
//   G(s) the best mean of what is offered where the policy stays; T a time that falls by one or
//   more on average with each outer choice. Then G + εT falls strictly outside and is constant
//   inside, whatever the rounding of G; likewise G - εT rises under the plan's policy.
// Source: proofs-notes/average-bounds.md.

import ExactArithmetic
import MarkovDecisionProcesses

/// A policy that goes to the components it stays in, with gains to bound from both sides.
struct ComponentPlan {
  let policy: ContiguousArray<Int32>
  /// `G` for what is offered at most, one entry a state.
  let upperGain: ContiguousArray<Double>
  /// `G` of the policy for what it gets at least.
  let lowerGain: ContiguousArray<Double>
  private let upperTime: ContiguousArray<Double>
  private let lowerTime: ContiguousArray<Double>

  /// A bound from above that has `step` to spare.
  func upper(_ step: Double) -> ContiguousArray<Double> {
    ContiguousArray(zip(upperGain, upperTime).map { $0 + step * (1 + $1) })
  }

  /// A bound from below that has `step` to spare.
  func lower(_ step: Double) -> ContiguousArray<Double> {
    ContiguousArray(zip(lowerGain, lowerTime).map { $0 - step * (1 + $1) })
  }

  /// - Returns: `nil` where the times do not settle or are no finite doubles.
  init?(
    _ model: FiniteMDP, _ inner: ComponentIteration, _ components: [EndComponent],
    _ progress: ProgressHandler
  ) throws(Interrupted) {
    var quotient = ComponentQuotient(model, components, progress)
    let gain = try quotient.bestGain(offers: inner.greatest)
    upperGain = gain
    guard let time = try quotient.longestTime() else { return nil }
    upperTime = time
    policy = quotient.policy(for: gain, offers: inner.least, inside: inner.policy)
    guard let reached = try quotient.evaluate(policy, offers: inner.least) else { return nil }
    (lowerGain, lowerTime) = reached
  }
}

/// The model with each end component as one place, which is left by outer choices alone. No policy
/// of outer choices goes on for ever.
private struct ComponentQuotient {
  private let model: FiniteMDP
  private let components: [EndComponent]
  private let progress: ProgressHandler
  private let probabilities: ContiguousArray<Double>
  /// The component of each state, or -1.
  private let componentOf: [Int]
  /// For each choice whether it is outer.
  private let isOuter: [Bool]
  /// The components in which the policy stays.
  private var stays: [Bool]

  init(_ model: FiniteMDP, _ components: [EndComponent], _ progress: ProgressHandler) {
    self.model = model
    self.components = components
    self.progress = progress
    probabilities = ContiguousArray(model.probabilityPool.doubles)
    var componentOf = [Int](repeating: -1, count: model.stateCount)
    var isOuter = [Bool](repeating: true, count: model.choiceCount)
    for (number, component) in components.enumerated() {
      for state in component.states { componentOf[Int(state.index)] = number }
      for choice in component.choices { isOuter[Int(choice.index)] = false }
    }
    self.componentOf = componentOf
    self.isOuter = isOuter
    stays = Array(repeating: true, count: components.count)
  }

  @inline(__always)
  private func mean(_ choice: Int, _ f: ContiguousArray<Double>) -> Double {
    var sum = 0.0
    for transition in model.transitionRange(of: choice) {
      sum +=
        probabilities[Int(model.probabilities[transition])] * f[Int(model.successors[transition])]
    }
    return sum
  }

  /// The best outer choice of a state.
  private func bestOuter(
    _ state: Int, _ f: ContiguousArray<Double>
  ) -> (choice: Int, value: Double)? {
    var best: (choice: Int, value: Double)?
    for choice in model.choiceRange(at: state) where isOuter[choice] {
      let value = mean(choice, f)
      if best.map({ value > $0.value }) ?? true { best = (choice, value) }
    }
    return best
  }

  /// Sweeps that set each transient state and each component to `added` plus the best outer
  /// choice, or to what the component offers, until they change by `tolerance` at most.
  ///
  /// - Returns: `nil` when they do not settle.
  private func iterated(
    from start: Double, offers: [Double], added: Double, tolerance: Double
  ) throws(Interrupted) -> ContiguousArray<Double>? {
    var f = ContiguousArray<Double>(repeating: start, count: model.stateCount)
    for (state, number) in componentOf.enumerated() where number >= 0 { f[state] = offers[number] }
    let limit = max(100, min(100_000, 500_000_000 / (model.transitionCount + model.stateCount)))
    for round in 0..<limit {
      if round & 15 == 0 { try progress.checkpoint() }
      var change = 0.0
      for index in 0..<model.stateCount {
        let state = round & 1 == 0 ? index : model.stateCount - 1 - index
        guard componentOf[state] < 0, let best = bestOuter(state, f) else { continue }
        change = max(change, abs(added + best.value - f[state]))
        f[state] = added + best.value
      }
      for (number, component) in components.enumerated() {
        var value = offers[number]
        for state in component.states {
          if let best = bestOuter(Int(state.index), f) { value = max(value, added + best.value) }
        }
        change = max(change, abs(value - f[Int(component.states[0].index)]))
        for state in component.states { f[Int(state.index)] = value }
      }
      guard change.isFinite else { return nil }
      if change <= tolerance { return f }
    }
    return nil
  }

  /// The best mean of what is offered at the end; where it does not settle, a constant that no
  /// choice raises.
  func bestGain(offers: [Double]) throws(Interrupted) -> ContiguousArray<Double> {
    let norm = offers.lazy.map(abs).max() ?? 0
    let greatest = offers.max() ?? 0
    let least = offers.min() ?? 0
    return try iterated(from: least, offers: offers, added: 0, tolerance: 0x1p-50 * norm)
      ?? ContiguousArray(repeating: greatest, count: model.stateCount)
  }

  /// A time that falls by half a step at least, on average, with every outer choice.
  func longestTime() throws(Interrupted) -> ContiguousArray<Double>? {
    try iterated(
      from: 0, offers: Array(repeating: 0, count: components.count), added: 1, tolerance: 0.25)
  }

  /// Stays where no outer choice promises more, and leaves elsewhere by the best one.
  mutating func policy(
    for gain: ContiguousArray<Double>, offers: [Double], inside: ContiguousArray<Int32>
  ) -> ContiguousArray<Int32> {
    var policy = inside
    for state in 0..<model.stateCount where componentOf[state] < 0 {
      if let best = bestOuter(state, gain) { policy[state] = Int32(best.choice) }
    }
    let norm = offers.lazy.map(abs).max() ?? 0
    for (number, component) in components.enumerated() {
      var exit: (state: Int, choice: Int, value: Double)?
      for state in component.states {
        guard let best = bestOuter(Int(state.index), gain) else { continue }
        if exit.map({ best.value > $0.value }) ?? true {
          exit = (Int(state.index), best.choice, best.value)
        }
      }
      guard let exit, exit.value > offers[number] + 1e-9 * norm else { continue }
      stays[number] = false
      component.lead(to: [exit.state], in: model, &policy)
      policy[exit.state] = Int32(exit.choice)
    }
    return policy
  }

  /// What a policy gets at least, and a time that falls by half a step at least on its way.
  func evaluate(
    _ policy: ContiguousArray<Int32>, offers: [Double]
  ) throws(Interrupted) -> (gain: ContiguousArray<Double>, time: ContiguousArray<Double>)? {
    var gain = ContiguousArray<Double>(repeating: 0, count: model.stateCount)
    var time = gain
    let isMoving = componentOf.map { $0 < 0 || !stays[$0] }
    for state in 0..<model.stateCount where !isMoving[state] {
      gain[state] = offers[componentOf[state]]
    }
    let moving = isMoving.indices.filter { isMoving[$0] }
    if let system = TransientSystem(of: policy, on: moving, in: model) {
      let offered = gain
      let gains = system.solution { mean(Int(policy[$0]), offered) }
      for (state, value) in zip(moving, gains) { gain[state] = value }
      for (state, value) in zip(moving, system.solution { _ in 1 }) { time[state] = value }
      return (gain, time)
    }
    return try swept(policy, moving, gain, time)
  }

  /// The same by sweeps; `nil` where they do not settle.
  private func swept(
    _ policy: ContiguousArray<Int32>, _ moving: [Int], _ offered: ContiguousArray<Double>,
    _ start: ContiguousArray<Double>
  ) throws(Interrupted) -> (gain: ContiguousArray<Double>, time: ContiguousArray<Double>)? {
    var (gain, time) = (offered, start)
    let tolerance = 0x1p-50 * (offered.lazy.map(abs).max() ?? 0)
    let limit = max(100, min(100_000, 500_000_000 / (model.transitionCount + model.stateCount)))
    for round in 0..<limit {
      if round & 15 == 0 { try progress.checkpoint() }
      var (gainChange, timeChange) = (0.0, 0.0)
      for index in moving.indices {
        let state = moving[round & 1 == 0 ? index : moving.count - 1 - index]
        let newGain = mean(Int(policy[state]), gain)
        let newTime = 1 + mean(Int(policy[state]), time)
        gainChange = max(gainChange, abs(newGain - gain[state]))
        timeChange = max(timeChange, abs(newTime - time[state]))
        (gain[state], time[state]) = (newGain, newTime)
      }
      guard timeChange.isFinite else { return nil }
      if gainChange <= tolerance, timeChange <= 0.25 { return (gain, time) }
    }
    return nil
  }
}

extension EndComponent {
  /// Makes a policy go to some states of the component from all of it, by inner choices.
  ///
  /// Breadth first from the targets; of the choices that may come closer, the likeliest.
  ///
  /// - Complexity: O(transitions of the component).
  func lead(
    to targets: [Int], in model: FiniteMDP, _ policy: inout ContiguousArray<Int32>
  ) {
    var entering: [Int: [Int]] = [:]
    for choice in choices {
      for transition in model.transitionRange(of: Int(choice.index)) {
        entering[Int(model.successors[transition]), default: []].append(Int(choice.index))
      }
    }
    var layers: [Int: Int] = [:]
    for target in targets { layers[target] = 0 }
    var queue = targets
    var bestShare: [Int: Double] = [:]
    var next = 0
    while next < queue.count {
      let layer = (layers[queue[next]] ?? 0) + 1
      for choice in entering[queue[next]] ?? [] {
        let state = Int(model.choiceStates[choice])
        if layers[state] == nil {
          layers[state] = layer
          queue.append(state)
        }
        guard layers[state] == layer else { continue }
        var share = 0.0
        for transition in model.transitionRange(of: choice) {
          if let other = layers[Int(model.successors[transition])], other < layer {
            share += model.probabilityPool.doubles[Int(model.probabilities[transition])]
          }
        }
        if share > bestShare[state] ?? 0 {
          bestShare[state] = share
          policy[state] = Int32(choice)
        }
      }
      next += 1
    }
  }
}
