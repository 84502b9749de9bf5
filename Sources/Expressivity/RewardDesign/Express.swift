import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Decides whether a formalism can express a task, with a specification or a proof that there is
/// none.
///
/// - Throws: ``ExpressError`` for a task that cannot be decided as it is given, ``Interrupted``
///   when the caller stops it.
/// - Complexity: for linear formalisms one exact solve a policy and one exact linear program, and
///   where the discount is open as much for each conflict that is needed; for
///   functions of trajectories at most (objects × states) vectors; for orders a graph search.
///
/// Source: ours, after arXiv 2310.11840; `proofs-notes/reward-design.md`.
public func express(
  _ task: ExpressTask, options: ExpressOptions = ExpressOptions()
) throws -> ExpressAnswer {
  if let request = task.optimum { return try OptimumDesign(task, request, options).answer() }
  return try expressOrder(task, options: options)
}

/// The same for what is asked of values alone, an only optimum among deterministic policies included.
func expressOrder(_ task: ExpressTask, options: ExpressOptions) throws -> ExpressAnswer {
  if task.usesDiscount, task.discount == .any {
    return try FreeDiscountDesign(task, options).answer()
  }
  switch task.formalism {
  case .markovReward, .limitAverage, .regularised:
    return try LinearDesign(task, options).answer()
  case .rewardMachine where task.machine != nil:
    return try LinearDesign(task, options).answer()
  case .rewardMachine, .innerNonlinear, .innerMultiObjective, .trajectoryFunction:
    return task.kind == .trajectoryOrder
      ? try OrderDesign(task, options).answer() : try LotteryDesign(task, options).answer()
  case .outerNonlinear, .outerMultiObjective, .occupancyFunction, .lotteryFunction,
    .policyFunction, .occupancyOrder, .lotteryOrder, .generalisedMultiObjective, .policyOrder:
    return try OrderDesign(task, options).answer()
  case .temporalLogic:
    return try TemporalDesign(task, options).answer()
  }
}

extension ExpressTask {
  /// How an answer refers to the object at `place`.
  func reference(_ place: Int) -> ExpressAnswer.Reference { .name(objects[place].name) }

  /// The requirement in terms of names.
  func requirement(_ constraint: Constraint) -> ExpressAnswer.Requirement {
    ExpressAnswer.Requirement(
      reference(constraint.left), constraint.relation, reference(constraint.right))
  }
}
