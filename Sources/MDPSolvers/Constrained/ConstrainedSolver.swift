// What is here: constrained problems as linear programs over occupancy measures, and the way from
// the program's dual point to Lagrange multipliers.
// Notation: x(s,a) masses, y_s the multipliers of the flow rows, y_k those of the constraints,
//   λ_k ≥ 0 the certificate's (`proofs-notes/constrained-certificate.md` has the signs).

import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// Solves a constrained problem exactly.
///
/// The answer's certificate has been checked before it is returned.
///
/// - Throws: ``Interrupted`` when the caller stops it; ``ConstrainedSolverError`` on a defect of
///   this module.
/// - Complexity: one exact linear program with a row a state and a row a constraint.
/// - Source: Altman, *Constrained Markov Decision Processes*, 1999, chapter 3;
///   `proofs-notes/constrained-certificate.md`.
public func solve(
  _ problem: ConstrainedProblem, options: SolverOptions = SolverOptions()
) throws -> ConstrainedSolution {
  let solution = try ConstrainedSolver(problem, options).solve()
  let verdict = try solution.certificate.verify(in: problem.model, progress: options.progress)
  if case .rejected(let reason) = verdict { throw ConstrainedSolverError.rejected(reason) }
  return solution
}

/// A defect of this module, found by the checker before the answer was given.
public enum ConstrainedSolverError: Error, Hashable, Sendable {
  case rejected(String)
}

extension ConstrainedSolverError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rejected(let reason):
      "the computed answer of the constrained problem was rejected by the checker: \(reason)"
    }
  }
}

private struct ConstrainedSolver {
  private let problem: ConstrainedProblem
  private let options: SolverOptions
  private let start = ContinuousClock.now

  init(_ problem: ConstrainedProblem, _ options: SolverOptions) {
    self.problem = problem
    self.options = options
  }

  private var model: FiniteMDP { problem.model }
  private var isMaximizing: Bool { problem.objective.direction == .maximize }

  func solve() throws -> ConstrainedSolution {
    let (program, polytope, firstRow) = try makeProgram()
    let answer = try LinearProgramSolvers.solve(
      program, options: LPOptions(progress: options.progress))
    let statistics = Solution.Statistics(
      since: start,
      iterations: answer.statistics.floatingIterations + answer.statistics.exactPivots,
      denominatorBits: answer.statistics.denominatorBits)
    switch answer.certificate {
    case .optimal(let proof):
      return try optimal(proof, polytope, firstRow, statistics)
    case .infeasible(.farkas(let dual)):
      return infeasible(dual, polytope, firstRow, statistics)
    case .infeasible, .unbounded:
      preconditionFailure("no row is crossed, and occupancy measures have a bounded mass")
    }
  }

  /// The flow rows, then one row a constraint.
  private func makeProgram() throws -> (LinearProgram, OccupancyPolytope, firstRow: Int) {
    var weights = [Rational](repeating: 0, count: model.stateCount)
    for (state, probability) in problem.initial { weights[Int(state.index)] += probability }
    var builder = LinearProgramBuilder(direction: isMaximizing ? .maximize : .minimize)
    let polytope = try OccupancyPolytope(
      of: model, discount: problem.objective.discount, weights: weights, addedTo: &builder)
    for (column, coefficient) in polytope.entries(of: problem.objective.reward) {
      builder.setObjective(coefficient, ofColumn: column)
    }
    let firstRow = builder.rowCount
    for (k, constraint) in problem.constraints.enumerated() {
      let hasLower = constraint.relation != .atMost
      let hasUpper = constraint.relation != .atLeast
      try builder.addRow(
        "constraint\(k)", lower: hasLower ? constraint.bound : nil,
        upper: hasUpper ? constraint.bound : nil,
        entries: polytope.entries(of: problem.features[k]))
    }
    return (builder.build(), polytope, firstRow)
  }

  private func optimal(
    _ proof: LPOptimalCertificate, _ polytope: OccupancyPolytope, _ firstRow: Int,
    _ statistics: Solution.Statistics
  ) throws -> ConstrainedSolution {
    let masses = polytope.masses(at: RationalVector(proof.primal))
    let measure = try OccupancyMeasure(
      masses: masses, discount: problem.objective.discount, initial: problem.initial, in: model)
    // The optimum's rate of change: y_k; the certificate counts gains from loosening.
    let multipliers = multipliers(proof.dual, firstRow, sign: isMaximizing ? 1 : -1)
    let certificate = ConstrainedOptimalCertificate(
      terms: problem.terms,
      occupancy: masses.enumerated().filter { !$0.element.isZero }.map {
        (Choice($0.offset), $0.element)
      },
      multipliers: multipliers,
      values: polytope.potentials(at: RationalVector(proof.dual)),
      objectiveValue: proof.objectiveValue)
    return ConstrainedSolution(
      terms: problem.terms,
      optimum: ConstrainedSolution.Optimum(
        value: proof.objectiveValue, occupancy: measure, policy: try measure.policy(in: model),
        constraintValues: problem.features.map { measure.value(of: $0) },
        multipliers: multipliers),
      certificate: .optimal(certificate), statistics: statistics)
  }

  private func infeasible(
    _ dual: [Rational], _ polytope: OccupancyPolytope, _ firstRow: Int,
    _ statistics: Solution.Statistics
  ) -> ConstrainedSolution {
    // Farkas' y has z = −Aᵀy ≥ 0 and y·(μ, b) > 0: v = −y is superharmonic for −Σ λ_k c_k.
    let potentials = polytope.potentials(at: RationalVector(dual))
    let certificate = ConstrainedInfeasibleCertificate(
      terms: problem.terms, multipliers: multipliers(dual, firstRow, sign: -1),
      values: isMaximizing ? -potentials : potentials)
    return ConstrainedSolution(
      terms: problem.terms, optimum: nil, certificate: .infeasible(certificate),
      statistics: statistics)
  }

  /// `λ_k = sign · y_k`, negated once more at `≥` rows.
  private func multipliers(_ dual: [Rational], _ firstRow: Int, sign: Rational) -> [Rational] {
    problem.constraints.enumerated().map { k, constraint in
      let multiplier = sign * dual[firstRow + k]
      return constraint.relation == .atLeast ? -multiplier : multiplier
    }
  }
}
