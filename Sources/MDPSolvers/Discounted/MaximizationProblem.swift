import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// A discounted problem turned into a maximisation, with the judge that decides it exactly.
///
/// To minimise is to maximise the negated reward and to negate the values: everything inside the
/// solver maximises, and only the answer is turned back.
struct MaximizationProblem: Sendable {
  let original: DiscountedProblem
  let model: FiniteMDP
  /// The expected reward of each choice, negated when the original minimises.
  let reward: PooledVector
  let discount: Rational
  let judge: BellmanJudge

  init(_ problem: DiscountedProblem) {
    original = problem
    model = problem.model
    discount = problem.discount
    reward = problem.direction == .maximize ? problem.reward : problem.reward.negated
    judge = BellmanJudge(model: problem.model, reward: reward, discount: problem.discount)
  }

  var isNegated: Bool { original.direction == .minimize }

  var objective: DiscountedObjective {
    DiscountedObjective(
      direction: original.direction, reward: original.rewardName, discount: discount)
  }

  /// The values of the original from those of the maximisation.
  func restored(_ values: RationalVector) -> RationalVector {
    isNegated ? -values : values
  }

  /// The action of each choice of a policy, one a state.
  func actions(of policy: ContiguousArray<Int32>) -> [Action] {
    policy.map { Action(Int(model.choiceActions[Int($0)])) }
  }
}
