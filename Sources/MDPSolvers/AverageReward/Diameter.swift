// What is here: the diameter of a model, and how far it is at most to a best state.
// Source: Auer, Jaksch and Ortner 2010, definition 1; proofs-notes/diameter.md.

import ExactArithmetic
import MarkovDecisionProcesses

/// How long it takes at most, on average, to get from anywhere to anywhere.
public struct Diameter: Sendable {
  private let model: FiniteMDP
  private let progress: ProgressHandler

  public init(of model: FiniteMDP, progress: ProgressHandler = .none) {
    self.model = model
    self.progress = progress
  }

  /// `max_{s≠t} min_π E_s[τ_t]`; `nil` is infinite: some state cannot be reached surely.
  ///
  /// Bounds of doubles, proved for each target, tell which targets can matter; these are solved
  /// exactly, the farthest first.
  ///
  /// - Complexity: value iteration in doubles for each target, and an exact policy iteration for
  ///   each target as far as the farthest.
  public func value() throws(Interrupted) -> Rational? {
    guard model.stateCount > 1 else { return 0 }
    guard StronglyConnectedComponents(of: model.graph).count == 1 else { return nil }
    let times = ArrivalTimes(model, progress: progress)
    var open: [ArrivalTimes.Estimate] = []
    // Estimates that cannot matter any more are dropped at once, so that memory stays linear.
    var floor = Rational.zero
    for target in 0..<model.stateCount {
      try progress.checkpoint()
      progress.report("diameter", fraction: Double(target) / Double(model.stateCount))
      let estimate = try times.estimate(to: target)
      if let ceiling = estimate.ceiling, ceiling <= floor { continue }
      if estimate.longest > Double(floor) * 1.1 || open.count > 64 {
        floor = max(floor, longest(try times.exact(from: estimate)))
        open.removeAll { $0.ceiling.map { $0 <= floor } ?? false }
      } else {
        open.append(estimate)
      }
    }
    for estimate in open.sorted(by: { $0.longest > $1.longest }) {
      if let ceiling = estimate.ceiling, ceiling <= floor { continue }
      floor = max(floor, longest(try times.exact(from: estimate)))
    }
    return floor
  }

  /// `min_t max_s min_π E_s[τ_t]` over the states `t` of the list; `nil` is infinite.
  ///
  /// - Complexity: one exact policy iteration for each target of the list that is reached surely.
  public func leastDistance(to targets: [State]) throws(Interrupted) -> Rational? {
    guard model.stateCount > 1 else { return targets.isEmpty ? nil : 0 }
    let times = ArrivalTimes(model, progress: progress)
    var least: Rational?
    for target in targets where isReachedSurely(target) {
      try progress.checkpoint()
      let distance = longest(try times.exact(from: times.estimate(to: Int(target.index))))
      least = least.map { min($0, distance) } ?? distance
    }
    return least
  }

  private func longest(_ times: [Rational]) -> Rational {
    times.reduce(.zero) { $0 < $1 ? $1 : $0 }
  }

  /// Whether some policy reaches the target surely from everywhere: with the choices at the target
  /// out of play, no state is forced away for ever, which holds if every state can reach it.
  private func isReachedSurely(_ target: State) -> Bool {
    let predecessors = Predecessors(model)
    var isReached = [Bool](repeating: false, count: model.stateCount)
    isReached[Int(target.index)] = true
    var pending = [target.index]
    while let state = pending.popLast() {
      for before in predecessors.states(before: Int(state)) where !isReached[Int(before)] {
        isReached[Int(before)] = true
        pending.append(before)
      }
    }
    return isReached.allSatisfy { $0 }
  }
}
