import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Solves a discounted problem; the status of the answer says whether it is exact.
///
/// - Throws: ``SolverError`` for a problem that the method cannot take, ``Interrupted`` when the
///   caller stops it or the memory limit would be passed.
public func solve(
  _ problem: DiscountedProblem, options: SolverOptions = SolverOptions()
) throws -> Solution {
  try DiscountedSolver(problem, options).solve()
}

/// Solves a finite horizon exactly by backward induction.
///
/// - Throws: ``Interrupted`` when the caller stops it, or before it starts when the answer would
///   pass the memory limit; ``SolverError/methodDoesNotApply(_:)`` for a method of other
///   objectives.
public func solve(
  _ problem: FiniteHorizonProblem, options: SolverOptions = SolverOptions()
) throws -> Solution {
  guard options.method != .linearProgram else {
    throw SolverError.methodDoesNotApply(
      "the method 'linear-program' is for the objective 'discounted'; "
        + "a finite horizon is solved by backward induction, as with the method 'auto'")
  }
  if options.scope == .initial, problem.initial == nil { throw SolverError.noInitialLaw }
  return try BackwardInduction(problem, options).solve()
}

/// Solves reachability, ever or within a number of steps.
///
/// The answer's certificate has been checked before it is returned.
///
/// - Throws: ``SolverError`` for a problem that the method cannot take, ``Interrupted`` when the
///   caller stops it, ``GoalSolverError`` on a defect of this module.
public func solve(
  _ problem: ReachabilityProblem, options: SolverOptions = SolverOptions()
) throws -> GoalSolution {
  if options.scope == .initial, problem.initial == nil { throw SolverError.noInitialLaw }
  guard let horizon = problem.horizon else {
    return try judged(ReachabilitySolver(problem, options).solve(), problem.model, options)
  }
  guard options.method != .linearProgram else {
    throw SolverError.methodDoesNotApply(
      "the method 'linear-program' is for reachability without a horizon; "
        + "a number of steps is solved by backward induction, as with the method 'auto'")
  }
  return try judged(
    BoundedReachability(problem: problem, horizon: horizon, options: options).solve(),
    problem.model, options)
}

/// Solves the expected total reward until a goal.
///
/// The answer's certificate has been checked before it is returned.
///
/// - Throws: as for reachability.
public func solve(
  _ problem: TotalRewardProblem, options: SolverOptions = SolverOptions()
) throws -> GoalSolution {
  if options.scope == .initial, problem.initial == nil { throw SolverError.noInitialLaw }
  return try judged(TotalRewardSolver(problem, options).solve(), problem.model, options)
}

/// Solves the probability of an omega-regular property.
///
/// The answer's certificate has been checked before it is returned.
///
/// - Throws: as for reachability; ``SolverError/acceptanceTooLarge``.
public func solve(
  _ problem: OmegaRegularProblem, options: SolverOptions = SolverOptions()
) throws -> OmegaRegularSolution {
  if options.scope == .initial, problem.initial == nil { throw SolverError.noInitialLaw }
  return try OmegaRegularSolver(problem, options).solve()
}

private func judged(
  _ solution: GoalSolution, _ model: FiniteMDP, _ options: SolverOptions
) throws -> GoalSolution {
  options.progress.report("checking the certificate")
  let verdict = try solution.certificate.verify(in: model, progress: options.progress)
  if case .rejected(let reason) = verdict { throw GoalSolverError.rejected(reason) }
  return solution
}
