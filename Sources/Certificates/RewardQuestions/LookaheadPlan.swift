// What is here: the best choices of a planner of blended rewards that looks some steps ahead, and the
// walk along the weights. Notation: next to the right of a weight every value is a line, and those
// choices are best that have the largest value and, among these, the largest slope.
// Proof: `proofs-notes/blended-rewards.md`.

import ExactArithmetic
import MarkovDecisionProcesses

/// The best choices at a weight and next to its right, and a greater weight up to which the latter
/// stay the best ones, `nil` where they do for ever.
package typealias BlendPlan = (here: [Bool], after: [Bool], next: Rational?)

/// A stretch of weights with the planner's best choices.
package typealias BlendSet = (from: Rational, to: Rational?, allowed: [Bool])

/// All stretches of weights from 0 on: a single weight, all weights up to the next, and so on.
package func blendSets<Failure: Error>(
  _ plan: (Rational) throws(Failure) -> BlendPlan
) throws(Failure) -> [BlendSet] {
  var sets: [BlendSet] = []
  var weight = Rational.zero
  while true {
    let plan = try plan(weight)
    if let last = sets.last, last.allowed == plan.here, last.allowed == plan.after,
      last.from != last.to
    {
      // A corner of the planner's values that changes no choice.
      sets[sets.count - 1].to = plan.next
    } else {
      sets.append((weight, weight, plan.here))
      sets.append((weight, plan.next, plan.after))
    }
    guard let next = plan.next else { return sets }
    weight = next
  }
}

/// A planner that looks some steps ahead.
package struct LookaheadPlan {
  private let model: FiniteMDP
  private let steps: Int
  private let operators: [BellmanOperator]

  /// - Parameter rewards: the expected ones, of the reward and of the auxiliary one.
  package init(model: FiniteMDP, rewards: [PooledVector], steps: Int, discount: Rational) {
    self.model = model
    self.steps = steps
    operators = rewards.map { BellmanOperator(model: model, reward: $0, discount: discount) }
  }

  /// - Complexity: O(transitions) exact operations a step.
  package func plan(at weight: Rational) -> BlendPlan {
    var parts = operators.map { _ in [Rational](repeating: 0, count: model.stateCount) }
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
