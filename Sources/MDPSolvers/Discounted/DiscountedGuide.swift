// What is here: a candidate policy, in doubles. Nothing here decides anything.
// Notation: v one double a state, γp the discounted probability of a transition.

import ExactArithmetic
import MarkovDecisionProcesses

/// Value iteration in doubles, in place, alternating improvement with sweeps of evaluation.
struct DiscountedGuide {
  private let model: FiniteMDP
  private let discounted: ContiguousArray<Double>
  private let rewards: ContiguousArray<Double>
  private let progress: ProgressHandler
  private(set) var values: ContiguousArray<Double>
  /// The index of one choice a state.
  private(set) var policy: ContiguousArray<Int32>

  init(_ problem: MaximizationProblem, progress: ProgressHandler) {
    self.init(
      model: problem.model, reward: problem.reward, discount: problem.discount,
      progress: progress)
  }

  init(
    model: FiniteMDP, reward: PooledVector, discount: Rational, progress: ProgressHandler
  ) {
    self.model = model
    self.progress = progress
    let gamma = Double(discount)
    discounted = ContiguousArray(model.probabilityPool.doubles.map { $0 * gamma })
    rewards = ContiguousArray((0..<reward.count).map { reward.double(at: $0) })
    values = ContiguousArray(repeating: 0, count: model.stateCount)
    policy = ContiguousArray(model.choiceOffsets.dropLast())
  }

  /// Sweeps until the policy stays the same four times, or `limit` improvements are made.
  ///
  /// Sweeps alternate their direction, so that values travel along chains and grids either way.
  mutating func run(improvements limit: Int, evaluations: Int = 5) throws(Interrupted) {
    var quiet = 0
    for round in 0..<limit {
      try progress.checkpoint()
      progress.report("looking for a policy", fraction: Double(round) / Double(limit))
      let (changed, change) = improvementSweep(isForwards: round & 1 == 0)
      quiet = changed == 0 ? quiet + 1 : 0
      if quiet >= 4 || change == 0 { return }
      for index in 0..<evaluations { evaluationSweep(isForwards: index & 1 == 0) }
    }
  }

  /// Plain value iteration until a sweep changes no value by more than `tolerance` of the largest.
  mutating func iterateValues(tolerance: Double, limit: Int) throws(Interrupted) {
    for round in 0..<limit {
      if round & 15 == 0 { try progress.checkpoint() }
      let (_, change) = improvementSweep(isForwards: round & 1 == 0)
      let norm = values.lazy.map(abs).max() ?? 0
      if change <= tolerance * norm { return }
    }
  }

  /// Takes the values of the policy at hand and improves the policy where that gains clearly.
  ///
  /// - Parameter isRelative: whether a gain is held against the values at its state instead of the
  ///   largest of all.
  /// - Returns: the number of states at which the policy changed.
  mutating func improve(
    from evaluated: ContiguousArray<Double>, isRelative: Bool = false
  ) -> Int {
    values = evaluated
    let norm = values.lazy.map(abs).max() ?? 0
    var changed = 0
    for state in 0..<model.stateCount {
      let current = lookahead(Int(policy[state]))
      var best = current
      var choice = policy[state]
      for candidate in model.choiceRange(at: state) {
        let value = lookahead(candidate)
        if value > best {
          best = value
          choice = Int32(candidate)
        }
      }
      let size = isRelative ? abs(current) + abs(rewards[Int(policy[state])]) : norm
      if best > current + 1e-11 * size {
        policy[state] = choice
        changed += 1
      }
    }
    return changed
  }

  /// Starts from a policy and values of another run.
  mutating func start(from other: ContiguousArray<Int32>, values: ContiguousArray<Double>) {
    policy = other
    self.values = values
  }

  /// A round of value iteration: one improvement, some sweeps of evaluation, and a shift of all
  /// values that centres what is left.
  ///
  /// Where a chain forgets its start quickly, what sweeps leave is nearly the same everywhere: the
  /// shift removes it, and the rest falls faster than the discount.
  ///
  /// - Returns: half the width of `max_a (r + γ P_a v) - v` over the states, divided by `1 - γ`:
  ///   the distance of the values from optimal ones, but for rounding.
  mutating func centredRound(evaluations: Int, gamma: Double) -> Double {
    _ = improvementSweep(isForwards: true)
    for index in 0..<evaluations { evaluationSweep(isForwards: index & 1 == 1) }
    var (least, greatest) = (Double.infinity, -Double.infinity)
    for state in 0..<model.stateCount {
      var best = -Double.infinity
      for candidate in model.choiceRange(at: state) { best = max(best, lookahead(candidate)) }
      let residual = best - values[state]
      least = min(least, residual)
      greatest = max(greatest, residual)
    }
    let shift = (least + greatest) / 2 / (1 - gamma)
    for state in 0..<model.stateCount { values[state] += shift }
    return (greatest - least) / 2 / (1 - gamma)
  }

  /// Puts a policy in place of the one at hand.
  mutating func adopt(_ other: ContiguousArray<Int32>) { policy = other }

  /// `r(c) + γ P_c v` in doubles.
  @inline(__always)
  func lookahead(_ choice: Int) -> Double {
    var sum = rewards[choice]
    for transition in model.transitionRange(of: choice) {
      sum +=
        discounted[Int(model.probabilities[transition])]
        * values[Int(model.successors[transition])]
    }
    return sum
  }

  private mutating func improvementSweep(isForwards: Bool) -> (changed: Int, change: Double) {
    var changed = 0
    var change = 0.0
    for index in 0..<model.stateCount {
      let state = isForwards ? index : model.stateCount - 1 - index
      var best = -Double.infinity
      var choice: Int32 = 0
      for candidate in model.choiceRange(at: state) {
        let value = lookahead(candidate)
        if value > best {
          best = value
          choice = Int32(candidate)
        }
      }
      // A near tie keeps the policy, so that rounding does not make it swing.
      let current = policy[state]
      if choice != current, best > lookahead(Int(current)) + 1e-12 * abs(best) {
        policy[state] = choice
        changed += 1
      }
      change = max(change, abs(best - values[state]))
      values[state] = best
    }
    return (changed, change)
  }

  private mutating func evaluationSweep(isForwards: Bool) {
    for index in 0..<model.stateCount {
      let state = isForwards ? index : model.stateCount - 1 - index
      values[state] = lookahead(Int(policy[state]))
    }
  }
}
