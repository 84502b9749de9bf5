// What is here: the way from a linear program to its exact answer.
// guide (doubles: a basis) → lift (exact solves) → judge (exact signs) → repair (refine, pivot).

import Certificates
import ExactArithmetic
import LinearPrograms

/// Solves a linear program exactly.
///
/// GLPK proposes a basis in floating point; its systems are solved over the rationals, and every
/// sign is decided there. A basis that is not optimal is first refined (the program shifted by the
/// exact point and scaled up, once more in doubles), then improved by exact simplex steps with
/// Bland's rule against cycling, which end for every program.
///
/// The answer's certificate has been checked before it is returned.
///
/// - Throws: ``Interrupted``; ``LPSolverError`` on a defect of this module.
/// - Complexity: as a rule one run of GLPK, one sparse factorisation modulo a prime and two p-adic
///   liftings of the optimal basis.
/// - Source: Applegate, Cook, Dash, Espinoza 2007; Gleixner, Steffy, Wolter 2016;
///   `proofs-notes/exact-basis.md`.
public func solve(
  _ program: LinearProgram, options: LPOptions = LPOptions()
) throws -> LPSolution {
  let solution = try unchecked(program, options)
  options.progress.report("checking the certificate")
  let verdict = try solution.certificate.verify(on: program, progress: options.progress)
  if case .rejected(let reason) = verdict {
    throw LPSolverError.certificateRejected(reason: reason)
  }
  return solution
}

private func unchecked(_ program: LinearProgram, _ options: LPOptions) throws -> LPSolution {
  if let crossed = crossedBounds(program) {
    return LPSolution(
      status: .infeasible, direction: program.direction, objectiveValue: nil, primal: nil,
      dual: nil, ray: nil, certificate: .infeasible(crossed),
      statistics: LPSolution.Statistics(), basis: nil)
  }
  var run = SolveRun(SlackForm(program), options)
  let end = try run.end()
  return AnswerMaker(program: program, statistics: run.statistics).solution(end)
}

private func crossedBounds(_ program: LinearProgram) -> LPInfeasibleCertificate? {
  if let row = program.rowBounds.firstIndex(where: \.areCrossed) { return .crossedRow(row) }
  return program.columnBounds.firstIndex(where: \.areCrossed).map { .crossedColumn($0) }
}

/// One run of guide, lift, judge and repair.
struct SolveRun {
  let form: SlackForm
  let options: LPOptions
  private(set) var statistics = LPSolution.Statistics()

  init(_ form: SlackForm, _ options: LPOptions) {
    self.form = form
    self.options = options
  }

  mutating func end() throws(Interrupted) -> SimplexEnd {
    var simplex = ExactSimplex(form, progress: options.progress)
    let hasMatrix = form.rowCount > 0 && form.columnCount > 0
    guard let method = options.guide, hasMatrix else {
      let end = try simplex.run(from: simplex.state(Basis(slacksOf: form)))
      statistics.exactPivots = simplex.pivots
      return end
    }
    options.progress.report("solving in floating point")
    let problems = GuideProblems(form)
    let guess = try problems.first(method: method, progress: options.progress)
    statistics.floatingIterations = guess?.answer.iterations ?? 0
    var state = try simplex.state(guess?.basis ?? Basis(slacksOf: form))
    // Without an optimum there is no point to shift to.
    if guess?.answer.outcome == .optimal {
      state = try refine(state, simplex, problems, method)
    }
    let end = try simplex.run(from: state, first: guess?.answer.rayVariable(form))
    statistics.exactPivots = simplex.pivots
    return end
  }

  private mutating func refine(
    _ start: SimplexState, _ simplex: ExactSimplex, _ problems: GuideProblems,
    _ method: LPOptions.FloatingMethod
  ) throws(Interrupted) -> SimplexState {
    var state = start
    var seen: Set<Basis> = [state.basis]
    for round in 0..<options.refinements {
      if simplex.end(state) != nil { break }
      options.progress.report("refining the basis, round \(round + 1)")
      guard
        let basis = try problems.refined(state, method: method, progress: options.progress),
        seen.insert(basis).inserted
      else { break }
      statistics.refinements += 1
      state = try simplex.state(basis)
    }
    return state
  }
}

extension FloatingAnswer {
  fileprivate func rayVariable(_ form: SlackForm) -> Int? {
    unbounded.map { $0 < form.rowCount ? form.columnCount + $0 : $0 - form.rowCount }
  }
}

/// From the end of the simplex method to the answer in the program's own terms.
private struct AnswerMaker {
  let program: LinearProgram
  let statistics: LPSolution.Statistics

  func solution(_ end: SimplexEnd) -> LPSolution {
    switch end {
    case .optimal(let state): optimal(state)
    case .infeasible(let state):
      make(
        .infeasible, state,
        certificate: .infeasible(.farkas(state.multipliers.vector.entries)))
    case .unbounded(let state, let ray):
      make(
        .unbounded, state, primal: state.point.columnVector, ray: ray,
        certificate: .unbounded(
          LPUnboundedCertificate(
            primal: state.point.columnVector.entries, ray: ray.entries)))
    }
  }

  private func optimal(_ state: SimplexState) -> LPSolution {
    let primal = state.point.columnVector
    let minimising = state.multipliers.vector
    let dual = program.direction == .maximize ? -minimising : minimising
    let value = objectiveValue(state.point)
    return make(
      .optimal, state, value: value, primal: primal, dual: dual,
      certificate: .optimal(
        LPOptimalCertificate(primal: primal.entries, dual: dual.entries, objectiveValue: value)))
  }

  private func make(
    _ status: LPSolution.Status, _ state: SimplexState, value: Rational? = nil,
    primal: RationalVector? = nil, dual: RationalVector? = nil, ray: RationalVector? = nil,
    certificate: LPCertificate
  ) -> LPSolution {
    var statistics = statistics
    statistics.denominatorBits = primal?.denominatorBits ?? 1
    return LPSolution(
      status: status, direction: program.direction, objectiveValue: value, primal: primal,
      dual: dual, ray: ray, certificate: certificate, statistics: statistics, basis: state.basis)
  }

  /// `c·x + c₀` with one gcd at the end.
  private func objectiveValue(_ point: VariableValues) -> Rational {
    let cost = IntegerLines([program.objective.enumerated().map { ($0.offset, $0.element) }])
    var sum = Accumulator()
    let product = cost.product(0, point.columns, &sum)
    return Rational(product, cost.denominators[0] * point.denominator)
      + program.objectiveConstant
  }
}
