// What is here: what a planner that optimises r + w u attains of r, for all weights w ≥ 0, when the
// planner may be limited: another discount, or few steps of lookahead. Proof:
// `proofs-notes/blended-rewards.md`. Notation: next to the right of a weight every value of the
// planner is a line a + b w, and the choices that are best there are those of the largest value
// and, among these, of the largest slope.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

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
  let found: [(set: BlendSet, lines: BlendLines?)]
  switch planner {
  case .optimal(let discount):
    guard discount.signum >= 0, discount < 1 else {
      throw ComparisonError.discountOutOfRange(discount)
    }
    found = try OptimalBlend(
      solver: RewardSolver(problem.replacingDiscount(discount), progress)
    ).sets()
  case .lookahead(let steps, let discount):
    precondition(steps >= 1, "a planner looks ahead a step at least")
    guard discount.signum >= 0, discount <= 1 else {
      throw ComparisonError.discountOutOfRange(discount)
    }
    let plan = LookaheadPlan(
      model: problem.model,
      rewards: problem.model.rewards.map { $0.function.expected(in: problem.model) },
      steps: steps, discount: discount)
    found = try blendSets { (weight) throws(Interrupted) in
      try progress.checkpoint()
      return plan.plan(at: weight)
    }.map { ($0, nil) }
  }
  return try found.map { try evaluation.stretch($0.set, $0.lines) }
}

/// The values `constant + slope · weight` of an optimal planner.
private typealias BlendLines = (constant: RationalVector, slope: RationalVector)

extension RewardSolver {
  /// What is attained of the first reward by allowed choices.
  fileprivate func stretch(_ set: BlendSet, _ lines: BlendLines?) throws -> BlendStretch {
    let start = firstAllowed(set.allowed)
    let plain = RewardCombination([(0, 1)])
    let best = try best(for: plain, from: start, allowed: set.allowed)
    let worst = try self.best(for: -plain, from: start, allowed: set.allowed)
    return BlendStretch(
      from: set.from, to: set.to, worst: -worst.mean, best: best.mean,
      worstOptimum: ComparisonAnswer.Optimum(
        values: -worst.values, policy: actions(of: worst.policy)),
      bestOptimum: certificate(best), lines: lines)
  }

  fileprivate func firstAllowed(_ allowed: [Bool]) -> ContiguousArray<Int32> {
    ContiguousArray(
      (0..<problem.model.stateCount).map { state in
        let range = problem.model.choiceRange(at: state)
        return Int32(range.first { allowed[$0] } ?? range.lowerBound)
      })
  }
}

/// An optimal planner: policies of values a + b w.
private struct OptimalBlend {
  let solver: RewardSolver

  /// The stretches; those that are no single weights with the lines of the values.
  func sets() throws -> [(set: BlendSet, lines: BlendLines?)] {
    var lines: [Rational: BlendLines] = [:]
    let sets = try blendSets { weight in
      let (plan, right) = try plan(at: weight)
      lines[weight] = right
      return plan
    }
    return sets.map { ($0, $0.from == $0.to ? nil : lines[$0.from]) }
  }

  private func plan(at weight: Rational) throws -> (BlendPlan, BlendLines) {
    let optimum = try solver.best(for: RewardCombination([(0, 1), (1, weight)]))
    let here = optimum.signs.map { $0 == 0 }
    let right = try solver.best(
      for: RewardCombination([(1, 1)]), from: optimum.policy, allowed: here)
    let values = try (0..<2).map { try solver.values(of: right.policy, reward: $0) }
    let (own, other) = (advantages(values[0], 0), advantages(values[1], 1))
    var next: Rational?
    for choice in own.indices where other[choice].signum > 0 {
      let crossing = -own[choice] / other[choice]
      next = min(next ?? crossing, crossing)
    }
    let after = right.signs.indices.map { here[$0] && right.signs[$0] == 0 }
    return ((here, after, next), (values[0], values[1]))
  }

  private func advantages(_ values: RationalVector, _ reward: Int) -> [Rational] {
    let model = solver.problem.model
    let bellman = BellmanOperator(
      model: model, reward: solver.evaluator.reward(reward), discount: solver.problem.discount)
    return bellman.qValues(of: values).enumerated().map { choice, value in
      value - values[Int(model.choiceStates[choice])]
    }
  }
}
