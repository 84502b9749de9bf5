import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// States that every optimal policy among the deterministic ones avoids, in any formalism: some policy
/// that avoids them is better than every one that visits them.
///
/// Each policy that avoids the states, up to its lottery, is taken to be that one in turn.
///
/// Source: ours; `proofs-notes/optimum-requests.md`.
struct AvoidanceDesign {
  private let task: ExpressTask
  private let options: ExpressOptions

  init(_ task: ExpressTask, _ options: ExpressOptions) {
    self.task = task
    self.options = options
  }

  func answer() throws -> ExpressAnswer {
    if task.usesDiscount, task.discount == .any { throw ExpressError.oneDiscountForOptima }
    var refutations: [ExpressAnswer.Refutation] = []
    var found: ExpressAnswer?
    var isOver = false
    try AvoidingPolicies(of: task).visitAll { best in
      guard refutations.count < options.maximumPolicies else {
        isOver = true
        return false
      }
      options.progress.report("policy \(refutations.count + 1) of those that avoid the states")
      let answer = try expressOrder(
        task.taking(Policy(best.actions, in: task.model)), options: options)
      if answer.isExpressible == false {
        refutations.append(ExpressAnswer.Refutation(best: best.decisions, proof: answer))
        return true
      }
      found = answer.withoutBound.withBest(best.decisions)
      return false
    }
    if let found { return found }
    return ExpressAnswer(
      kind: task.kind, formalism: task.formalism, discount: nil, rewardSupport: nil,
      outcome: isOver
        ? .undecided(
          reason: "none of \(options.maximumPolicies) policies that avoid the states can be better"
            + " than all that visit them, and there are more; raise --max-policies")
        : .refuted(refutations))
  }
}

extension ExpressAnswer {
  /// The same without the proof that the margin is the largest: it is so for one policy alone.
  fileprivate var withoutBound: ExpressAnswer {
    guard case .reward(let reward) = outcome else { return self }
    return ExpressAnswer(
      kind: kind, formalism: formalism, discount: discount, rewardSupport: rewardSupport,
      outcome: .reward(
        Reward(
          support: reward.support, entries: reward.entries, margin: reward.margin, optimality: [])),
      values: values)
  }
}
