// What is here: what a planner that optimises r + w u attains of r, for all weights w ≥ 0, when the
// planner may be limited: another discount, or few steps of lookahead. Proof:
// `proofs-notes/blended-rewards.md`. Notation: next to the right of a weight every value of the
// planner is a line a + b w, and the choices that are best there are those of the largest value
// and, among these, of the largest slope.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// A planner that optimises a blend of two rewards.
public enum BlendPlanner: Sendable, Hashable {
  /// Optimal at every state, for a discount in `[0, 1)`.
  case optimal(discount: Rational)
  /// Takes at every state the first action of an optimal plan for so many steps, at least one,
  /// with a discount in `[0, 1]`.
  case lookahead(steps: Int, discount: Rational)
}

/// Weights at which a planner has the same best choices.
public struct BlendStretch: Sendable, Hashable {
  public let from: Rational
  /// ``from`` for a single weight, at which more choices are best than on either side; `nil`
  /// without an end. Otherwise the stretch is all weights strictly between.
  public let to: Rational?
  /// The least and the largest value of the first reward over the planner's best policies.
  public let worst: Rational
  public let best: Rational
  /// One that attains ``worst``, one action a state.
  public let policy: [Action]

  public var isSingleWeight: Bool { from == to }
}

/// What a planner that optimises `reward + w · auxiliary` attains of `reward`, as a function of
/// `w ≥ 0`: stretches in ascending order, the first one the weight 0 alone.
///
/// An exact planner (``BlendPlanner/optimal(discount:)`` with the discount of the problem) gains
/// nothing from a blend: what it attains falls with the weight. A limited one may gain.
///
/// - Parameters:
///   - environment: the problem whose discount and initial law define the values; its rewards are
///     not looked at.
/// - Complexity: three exact solves a stretch, and one for each weight at which the planner's values
///   have a corner.
/// - Throws: ``ComparisonError``, ``Interrupted``.
public func blendedPlans(
  of reward: RewardFunction, with auxiliary: RewardFunction, planner: BlendPlanner,
  in environment: ComparisonProblem, progress: ProgressHandler = .none
) throws -> [BlendStretch] {
  let problem = try environment.replacingRewards([("reward", reward), ("auxiliary", auxiliary)])
  let evaluation = try RewardSolver(problem, progress)
  let source: any BlendSource
  switch planner {
  case .optimal(let discount):
    guard discount.signum >= 0, discount < 1 else {
      throw ComparisonError.discountOutOfRange(discount)
    }
    source = OptimalSource(
      solver: try RewardSolver(problem.replacingDiscount(discount), progress))
  case .lookahead(let steps, let discount):
    precondition(steps >= 1, "a planner looks ahead a step at least")
    guard discount.signum >= 0, discount <= 1 else {
      throw ComparisonError.discountOutOfRange(discount)
    }
    source = LookaheadSource(
      problem: problem, steps: steps, discount: discount,
      rewards: problem.model.rewards.map { $0.function.expected(in: problem.model) })
  }
  var stretches: [(from: Rational, to: Rational?, allowed: [Bool])] = []
  var weight = Rational.zero
  while true {
    try progress.checkpoint()
    let plan = try source.plan(at: weight)
    if let last = stretches.last, last.allowed == plan.here, last.allowed == plan.after,
      last.from != last.to
    {
      // A corner of the planner's values that changes no choice.
      stretches[stretches.count - 1].to = plan.next
    } else {
      stretches.append((weight, weight, plan.here))
      stretches.append((weight, plan.next, plan.after))
    }
    guard let next = plan.next else { break }
    weight = next
  }
  return try stretches.map { try evaluation.stretch($0.from, $0.to, allowed: $0.allowed) }
}

extension RewardSolver {
  /// What is attained of the first reward by allowed choices.
  fileprivate func stretch(
    _ from: Rational, _ to: Rational?, allowed: [Bool]
  ) throws -> BlendStretch {
    let model = problem.model
    let start = firstAllowed(allowed)
    let plain = RewardCombination([(0, 1)])
    let best = try best(for: plain, from: start, allowed: allowed)
    let worst = try self.best(for: -plain, from: start, allowed: allowed)
    return BlendStretch(
      from: from, to: to, worst: -worst.mean, best: best.mean,
      policy: worst.policy.map { model.action(of: Choice(Int($0))) })
  }

  fileprivate func firstAllowed(_ allowed: [Bool]) -> ContiguousArray<Int32> {
    ContiguousArray(
      (0..<problem.model.stateCount).map { state in
        let range = problem.model.choiceRange(at: state)
        return Int32(range.first { allowed[$0] } ?? range.lowerBound)
      })
  }
}

/// The best choices at a weight and to its right, and the least greater weight at which a value
/// has a corner.
private typealias BlendPlan = (here: [Bool], after: [Bool], next: Rational?)

private protocol BlendSource {
  func plan(at weight: Rational) throws -> BlendPlan
}

/// An optimal planner: policies of values a + b w.
private struct OptimalSource: BlendSource {
  let solver: RewardSolver

  func plan(at weight: Rational) throws -> BlendPlan {
    let optimum = try solver.best(for: RewardCombination([(0, 1), (1, weight)]))
    let here = optimum.signs.map { $0 == 0 }
    let right = try solver.best(
      for: RewardCombination([(1, 1)]), from: optimum.policy, allowed: here)
    let (own, other) = (try advantages(right.policy, 0), try advantages(right.policy, 1))
    var next: Rational?
    for choice in own.indices where other[choice].signum > 0 {
      let crossing = -own[choice] / other[choice]
      next = min(next ?? crossing, crossing)
    }
    return (here, right.signs.indices.map { here[$0] && right.signs[$0] == 0 }, next)
  }

  private func advantages(_ policy: ContiguousArray<Int32>, _ reward: Int) throws -> [Rational] {
    let model = solver.problem.model
    let values = try solver.values(of: policy, reward: reward)
    let bellman = BellmanOperator(
      model: model, reward: solver.evaluator.reward(reward), discount: solver.problem.discount)
    return bellman.qValues(of: values).enumerated().map { choice, value in
      value - values[Int(model.choiceStates[choice])]
    }
  }
}

/// A planner that looks some steps ahead.
private struct LookaheadSource: BlendSource {
  let problem: ComparisonProblem
  let steps: Int
  let discount: Rational
  let rewards: [PooledVector]

  func plan(at weight: Rational) throws -> BlendPlan {
    let model = problem.model
    let operators = rewards.map {
      BellmanOperator(model: model, reward: $0, discount: discount)
    }
    var parts = rewards.map { _ in [Rational](repeating: 0, count: model.stateCount) }
    var plan: BlendPlan = ([], [], nil)
    for _ in 0..<steps {
      let q = operators.indices.map { operators[$0].qValues(of: RationalVector(parts[$0])) }
      let sums = q[0].indices.map { q[0][$0] + weight * q[1][$0] }
      plan.here = Array(repeating: false, count: model.choiceCount)
      plan.after = plan.here
      for state in 0..<model.stateCount {
        let range = model.choiceRange(at: state)
        guard let top = range.max(by: { (sums[$0], q[1][$0]) < (sums[$1], q[1][$1]) }) else {
          continue
        }
        for choice in range {
          plan.here[choice] = sums[choice] == sums[top]
          plan.after[choice] = plan.here[choice] && q[1][choice] == q[1][top]
          if q[1][choice] > q[1][top] {
            let crossing = weight + (sums[top] - sums[choice]) / (q[1][choice] - q[1][top])
            plan.next = min(plan.next ?? crossing, crossing)
          }
        }
        for place in parts.indices { parts[place][state] = q[place][top] }
      }
    }
    return plan
  }
}
