import ExactArithmetic
import LinearPrograms

/// The vertex that doubles take for optimal, computed exactly, if it is feasible.
///
/// For choosing among points of which none is wrong: feasibility is decided exactly, and optimality
/// is not decided at all, which saves the multipliers and the steps that would prove it.
///
/// - Returns: one entry a column; `nil` when the floating-point basis is not feasible.
/// - Throws: ``Interrupted``.
/// - Complexity: one run of GLPK, one factorisation and one p-adic lifting.
package func guidedVertex(
  of program: LinearProgram, progress: ProgressHandler = .none
) throws(Interrupted) -> RationalVector? {
  let form = SlackForm(program)
  guard form.rowCount > 0, form.columnCount > 0,
    let guess = try GuideProblems(form).first(
      method: LPOptions().guide ?? .dual, progress: progress),
    guess.answer.outcome == .optimal
  else { return nil }
  return try ExactSimplex(form, progress: progress).feasiblePoint(guess.basis)
}
