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
///   pass the memory limit.
public func solve(
  _ problem: FiniteHorizonProblem, options: SolverOptions = SolverOptions()
) throws -> Solution {
  try BackwardInduction(problem, options).solve()
}
