// What is here: whether two rewards order policies alike, have the same optimal policies, and what
// following the one costs under the other. Proofs: `proofs-notes/reward-order.md`.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The spans of one reward: its best and its worst policy.
struct RewardRange {
  let maximum: CombinationOptimum
  /// Values of the reward itself, least instead of greatest.
  let minimum: CombinationOptimum

  var span: Rational { maximum.mean - minimum.mean }
  var isTrivial: Bool { span.isZero }

  init(_ solver: RewardSolver, reward: Int) throws {
    let plain = RewardCombination([(reward, 1)])
    maximum = try solver.best(for: plain)
    let negated = try solver.best(for: -plain)
    minimum = CombinationOptimum(
      policy: negated.policy, values: -negated.values, mean: -negated.mean, signs: negated.signs)
  }
}

extension RewardSolver {
  /// `λ` with `r_first = λ r_second + γPΦ - Φ` on compared choices, or `nil` when there is none;
  /// neither reward is trivial.
  ///
  /// Both are levelled by one policy: equivalent rewards have the same advantage.
  func proportion(_ first: Int, _ second: Int, policy: ContiguousArray<Int32>) throws -> Rational? {
    let (a, b) = (try advantage(first, policy), try advantage(second, policy))
    guard let place = b.indices.first(where: { !b[$0].isZero }) else { return nil }
    let scale = a[place] / b[place]
    let rest = RationalVector.difference(a, times: 1, b, times: scale)
    return rest.largestMagnitude.isZero ? scale : nil
  }

  /// `r + γ P v - v` on compared choices, with the values `v` of a policy.
  func advantage(
    _ reward: Int, _ policy: ContiguousArray<Int32>
  ) throws -> RationalVector {
    CanonicalReward.levelled(
      evaluator.reward(reward), by: try values(of: policy, reward: reward), on: problem.pairs,
      in: problem.model, discount: problem.discount)
  }
}

/// The choices that are optimal for a reward where optimal policies go.
struct OptimalSet: Equatable {
  /// The states that optimal policies reach, ascending.
  let states: [Int]
  /// Their optimal choices, ascending.
  let choices: [Int]

  init(_ optimum: CombinationOptimum, in problem: ComparisonProblem) {
    self.init(optimum.signs, in: problem)
  }

  /// - Parameter signs: of the advantage of each choice, 0 where it is optimal.
  init(_ signs: ContiguousArray<Int8>, in problem: ComparisonProblem) {
    let model = problem.model
    let support = problem.initial.filter { !$0.probability.isZero }.map { Int($0.state.index) }
    var isReached = [Bool](repeating: false, count: model.stateCount)
    var pending = Array(Set(support))
    for state in pending { isReached[state] = true }
    var choices: [Int] = []
    while let state = pending.popLast() {
      for choice in model.choiceRange(at: state) where signs[choice] == 0 {
        choices.append(choice)
        if problem.discount.isZero { continue }
        for transition in model.transitionRange(of: choice) {
          let successor = Int(model.successors[transition])
          if !isReached[successor] {
            isReached[successor] = true
            pending.append(successor)
          }
        }
      }
    }
    states = isReached.indices.filter { isReached[$0] }
    self.choices = choices.sorted()
  }
}

/// The values of one reward where every action is optimal for another.
struct ProxyOptima {
  let worst: CombinationOptimum
  let best: CombinationOptimum

  init(_ solver: RewardSolver, trueReward: Int, proxy: CombinationOptimum) throws {
    let allowed = proxy.signs.map { $0 == 0 }
    let plain = RewardCombination([(trueReward, 1)])
    best = try solver.best(for: plain, from: proxy.policy, allowed: allowed)
    let least = try solver.best(for: -plain, from: proxy.policy, allowed: allowed)
    worst = CombinationOptimum(
      policy: least.policy, values: -least.values, mean: -least.mean, signs: least.signs)
  }
}
