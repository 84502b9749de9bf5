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
  return try BackwardInduction(problem, options).solve()
}
