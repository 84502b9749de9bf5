import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Finds a policy that is optimal for all discounts near 1, exactly.
///
/// The answer's certificate has been checked before it is returned.
///
/// - Throws: ``Interrupted`` when the caller stops it or the answer would pass the memory limit;
///   ``SolverError/methodDoesNotApply(_:)`` for a method of other objectives;
///   ``BlackwellSolverError`` on a defect of this module.
/// - Complexity: a few policies, each with O(nT) operations on numbers of O(n) digits, and a
///   change of variable in a polynomial of degree `n` for each choice; with pieces that much for
///   each of them.
/// - Source: Veinott, *Discrete dynamic programming with sensitive discount optimality criteria*,
///   1969; `proofs-notes/blackwell-iteration.md`.
public func solve(
  _ problem: BlackwellProblem, options: SolverOptions = SolverOptions()
) throws -> BlackwellSolution {
  switch options.method {
  case .auto, .policyIteration: break
  case .valueIteration, .linearProgram, .enumeration:
    throw SolverError.methodDoesNotApply(
      "the objective 'blackwell' is solved by the method 'policy-iteration' alone")
  }
  if options.scope == .initial, problem.initial == nil { throw SolverError.noInitialLaw }
  return try BlackwellSolver(problem, options).solve()
}

/// A defect of this module, found by the checker before the answer was given.
public enum BlackwellSolverError: Error, Hashable, Sendable {
  case rejected(String)
}

extension BlackwellSolverError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rejected(let reason):
      "the computed Blackwell optimal policy was rejected by the checker: \(reason)"
    }
  }
}

private struct BlackwellSolver {
  private let problem: BlackwellProblem
  private let options: SolverOptions
  private let evaluation: ParametricEvaluation
  private let begin = ContinuousClock.now

  init(_ problem: BlackwellProblem, _ options: SolverOptions) {
    self.problem = problem
    self.options = options
    evaluation = ParametricEvaluation(
      model: problem.model, reward: isNegated(problem) ? problem.reward.negated : problem.reward,
      progress: options.progress)
  }

  private var model: FiniteMDP { problem.model }

  func solve() throws -> BlackwellSolution {
    guard predictedBytes <= options.memoryLimit else { throw Interrupted(.memoryLimit) }
    var iteration = GermIteration(evaluation)
    let first = ContiguousArray(model.choiceOffsets.dropLast())
    let found: [(from: AlgebraicNumber, values: ParametricValue)]
    if problem.includesPieces {
      found = try pieces(&iteration, from: first)
    } else {
      let values = try iteration.optimum(near: .belowOne, from: first)
      found = [(try values.lastStart(options.progress), values)]
    }
    let certificate = certificate(found)
    let verdict = try certificate.verify(in: model, progress: options.progress)
    if case .rejected(let reason) = verdict { throw BlackwellSolverError.rejected(reason) }
    return solution(found, certificate, iterations: iteration.iterations)
  }

  /// From one breakpoint to the next, each time with the policy that is optimal just above it.
  private func pieces(
    _ iteration: inout GermIteration, from first: ContiguousArray<Int32>
  ) throws -> [(from: AlgebraicNumber, values: ParametricValue)] {
    var pieces: [(from: AlgebraicNumber, values: ParametricValue)] = []
    var place: AlgebraicNumber? = AlgebraicNumber(0)
    var policy = first
    while let start = place {
      let values = try iteration.optimum(near: .above(start), from: policy)
      pieces.append((start, values))
      policy = values.policy
      options.progress.report("piece \(pieces.count)", fraction: start.approximation)
      place = try values.end(after: start, options.progress)
    }
    return pieces
  }

  /// The numerators of one policy: `n²` coefficients, of as many bits as the determinant has.
  private var predictedBytes: Int {
    let n = model.stateCount
    let bits = model.probabilityPool.values.lazy.map(\.denominator.bitLength).max() ?? 1
    let (bytes, overflow) = (n * n).multipliedReportingOverflow(by: n * (bits + 1) / 4 + 64)
    return overflow ? .max : bytes
  }
}

private func isNegated(_ problem: BlackwellProblem) -> Bool {
  problem.objective.direction == .minimize
}

// MARK: - The answer

extension BlackwellSolver {
  private func certificate(
    _ found: [(from: AlgebraicNumber, values: ParametricValue)]
  ) -> BlackwellCertificate {
    BlackwellCertificate(
      objective: problem.objective,
      pieces: found.map {
        DiscountPiece(
          from: $0.from, policy: actions(of: $0.values.policy),
          denominator: $0.values.denominator.primitivePart)
      })
  }

  private func solution(
    _ found: [(from: AlgebraicNumber, values: ParametricValue)],
    _ certificate: BlackwellCertificate, iterations: Int
  ) -> BlackwellSolution {
    let (start, values) = found[found.count - 1]
    let levels = values.laurentCoefficients(through: max(0, shownOrder)).map { level in
      RationalVector(isNegated(problem) ? level.map { -$0 } : level)
    }
    return BlackwellSolution(
      objective: problem.objective, order: problem.order, gain: levels[0], bias: levels[1],
      laurentCoefficients: Array(levels.prefix((problem.order.map { _ in shownOrder } ?? 0) + 2)),
      policy: actions(of: values.policy),
      optimalActions: optimalActions(values), start: start,
      aPrioriBound: blackwellBound(of: model, reward: problem.reward),
      pieces: found.indices.map { piece(found, at: $0) }, hasAllPieces: problem.includesPieces,
      initialGain: problem.initial.map { mean(of: levels[0], under: $0) }, certificate: certificate,
      statistics: Solution.Statistics(
        since: begin, iterations: iterations,
        denominatorBits: max(levels[0].denominatorBits, levels[1].denominatorBits)))
  }

  /// The levels that are printed; more than the number of states tell nothing new.
  private var shownOrder: Int { min(problem.order ?? 0, model.stateCount) }

  private func actions(of policy: ContiguousArray<Int32>) -> [Action] {
    policy.map { model.action(of: Choice(Int($0))) }
  }

  private func optimalActions(_ values: ParametricValue) -> [[Action]] {
    let poleOrder = values.poleOrder
    return (0..<model.stateCount).map { state in
      model.choiceRange(at: state).filter { choice in
        let advantage = values.advantage(of: choice).polynomial
        if advantage.isZero { return true }
        guard let order = problem.order else { return false }
        return advantage.removingRoot(1).order - poleOrder - 1 > order
      }.map { model.action(of: Choice($0)) }
    }
  }

  private func piece(
    _ found: [(from: AlgebraicNumber, values: ParametricValue)], at place: Int
  ) -> BlackwellSolution.Piece {
    let (from, values) = found[place]
    let numerators = (0..<model.stateCount).map { values.numerator(at: $0) }
    let common = numerators.reduce(values.denominator.content) { Integer.gcd($0, $1.content) }
    let factor: Integer = isNegated(problem) ? -1 : 1
    return BlackwellSolution.Piece(
      from: from, to: place + 1 < found.count ? found[place + 1].from : AlgebraicNumber(1),
      policy: actions(of: values.policy), denominator: values.denominator.divided(by: common),
      numerators: numerators.map { factor * $0.divided(by: common) })
  }
}

extension Polynomial {
  /// The polynomial with each coefficient divided by `factor`, which divides it.
  fileprivate func divided(by factor: Integer) -> Polynomial {
    Polynomial(coefficients.map { $0.exactlyDivided(by: factor) })
  }
}
