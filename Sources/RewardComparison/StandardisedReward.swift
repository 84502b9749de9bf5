// What is here: canonical rewards with their norms, and the distances between them.
// Source: Skalse et al., *STARC*, 2023; the conventions are in the documentation of the module.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MDPSolvers
import MarkovDecisionProcesses

/// One reward in canonical form, with its norm.
public struct StandardisedReward: Sendable {
  /// One entry a compared choice, or one a triple.
  public let canonical: RationalVector
  /// The norm by which it is divided; `nil` where nothing is divided.
  public let norm: NormValue?
  /// What makes the canonical form from the expected reward: `c = r - v + γ P v`.
  public let policyValues: RationalVector?
  let normCertificate: ComparisonAnswer.NormCertificate?

  /// The norm as a divisor.
  var divisor: NormValue { norm ?? .rational(1) }
}

/// Makes the canonical forms of the rewards of one problem.
struct RewardStandardiser {
  let solver: RewardSolver
  let settings: ComparisonSettings
  /// The levelling policy; `nil` for the uniform one.
  let policy: Policy?

  var problem: ComparisonProblem { solver.problem }
  private var model: FiniteMDP { problem.model }

  /// The canonical forms, by place of the reward.
  ///
  /// - Parameter spans: `max J - min J` of each reward.
  func standardised(spans: [Rational]) throws -> StandardisedRewards {
    let (vectors, values) = try canonicalVectors()
    var rewards: [StandardisedReward] = []
    let spanSolver = try spanSolver(vectors)
    for place in vectors.indices {
      let (norm, certificate) = try norm(
        of: vectors[place], place, span: spans[place], spanSolver)
      rewards.append(
        StandardisedReward(
          canonical: vectors[place], norm: norm, policyValues: values?[place],
          normCertificate: certificate))
    }
    return StandardisedRewards(
      rewards: rewards, settings: settings, solver: spanSolver, progress: solver.progress)
  }

  /// The solver of canonical rewards: the rewards' own where these are equivalent.
  private func spanSolver(_ vectors: [RationalVector]) throws -> RewardSolver {
    guard settings.canonicalization == .dard,
      settings.normalization == .span || settings.metric == .span
    else { return solver }
    let functions = vectors.map { RewardFunction(table: $0, in: model) }
    return try RewardSolver(
      problem.replacingRewards(Array(zip(problem.rewardNames, functions))), solver.progress)
  }

  private func norm(
    of canonical: RationalVector, _ place: Int, span: Rational, _ spanSolver: RewardSolver
  ) throws -> (NormValue?, ComparisonAnswer.NormCertificate?) {
    let norm = settings.normalization
    if settings.isQuotient(norm) {
      let quotient = try QuotientNorm(
        problem: problem, norm: norm, progress: solver.progress
      ).value(of: canonical)
      return (
        .rational(quotient.value), .quotient(potential: quotient.potential, dual: quotient.dual)
      )
    }
    switch norm {
    case .none: return (nil, nil)
    case .span:
      guard settings.canonicalization == .dard else { return (.rational(span), nil) }
      let range = try RewardRange(spanSolver, reward: place)
      return (
        .rational(range.span),
        .span(
          maximum: spanSolver.certificate(range.maximum),
          minimum: spanSolver.certificate(range.minimum))
      )
    case .l1, .l2, .linf: return (canonical.norm(norm), nil)
    }
  }

  private func canonicalVectors() throws -> ([RationalVector], [RationalVector]?) {
    let functions = model.rewards.map(\.function)
    switch settings.canonicalization {
    case .valueAdjustedLevelling:
      let values = try solver.evaluator.values(
        of: policy ?? .uniform(in: model), progress: solver.progress)
      return (levelled(by: values), values)
    case .minimal:
      let values = try ShapingProjection(problem, solver.evaluator, solver.progress).values()
      return (levelled(by: values), values)
    case .epic:
      return (
        functions.map {
          CanonicalReward.epic($0, in: model, discount: problem.discount)
        }, nil
      )
    case .dard:
      try requireEveryAction()
      return (
        functions.map {
          CanonicalReward.dard($0, in: model, discount: problem.discount)
        }, nil
      )
    case .none:
      return (functions.map { CanonicalReward.unchanged($0, in: model) }, nil)
    }
  }

  private func levelled(by values: [RationalVector]) -> [RationalVector] {
    values.enumerated().map { place, values in
      CanonicalReward.levelled(
        solver.evaluator.reward(place), by: values, on: problem.pairs, in: model,
        discount: problem.discount)
    }
  }

  private func requireEveryAction() throws {
    for state in 0..<model.stateCount {
      for action in 0..<model.actions.count
      where model.choice(of: Action(action), at: State(state)) == nil {
        throw ComparisonError.unavailableAction(
          state: model.states[state], action: model.actions[action])
      }
    }
  }
}

/// The orthogonal projection of rewards off the shapings, on compared choices.
///
/// With `C = γP - E` on compared choices and states: `(CᵀC) Φ = -Cᵀ r`.
private struct ShapingProjection {
  private let problem: ComparisonProblem
  private let evaluator: PolicyEvaluator
  private let progress: ProgressHandler

  init(_ problem: ComparisonProblem, _ evaluator: PolicyEvaluator, _ progress: ProgressHandler) {
    self.problem = problem
    self.evaluator = evaluator
    self.progress = progress
  }

  /// For each reward the `Φ` for which `r - Φ + γPΦ` is least in `l2`; 0 at states that are not
  /// compared.
  func values() throws -> [RationalVector] {
    let rows = ShapingRows(problem).rows
    let size = problem.pairs.states.count
    var gram = [[Int: Rational]](repeating: [:], count: size)
    for row in rows {
      for (i, a) in row { for (j, b) in row { gram[i][j, default: 0] += a * b } }
    }
    let matrix = gram.map { row in
      row.filter { !$0.value.isZero }.sorted { $0.key < $1.key }
        .map { (column: $0.key, value: $0.value) }
    }
    // C has full rank: C Φ = 0 only for Φ = 0, by averaging over a policy.
    guard
      case .regular(let factored) = try FactoredMatrix.factor(
        rows: matrix, isKnownRegular: true, progress: progress)
    else { throw ComparisonError.rejected("the Gram matrix of the shapings is singular") }
    return try (0..<problem.model.rewards.count).map { place in
      let reward = evaluator.reward(place)
      var right = [Rational](repeating: 0, count: size)
      for (choice, row) in zip(problem.pairs.choices, rows) {
        let value = reward[Int(choice.index)]
        for (i, a) in row { right[i] -= a * value }
      }
      return spread(try factored.solve(right, progress: progress))
    }
  }

  private func spread(_ potential: RationalVector) -> RationalVector {
    var entries = [Rational](repeating: 0, count: problem.model.stateCount)
    for (place, state) in problem.pairs.states.enumerated() {
      entries[Int(state.index)] = potential[place]
    }
    return RationalVector(entries)
  }
}
