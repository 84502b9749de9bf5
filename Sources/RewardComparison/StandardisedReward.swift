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

  /// The norm as a divisor.
  var divisor: NormValue { norm ?? .rational(1) }
}

/// Makes the canonical forms of the rewards of one problem.
struct RewardStandardiser {
  let solver: RewardSolver
  let settings: ComparisonSettings
  /// The levelling policy; `nil` for the uniform one.
  let policy: Policy?

  private var problem: ComparisonProblem { solver.problem }
  private var model: FiniteMDP { problem.model }

  /// The canonical forms, by place of the reward.
  ///
  /// - Parameter spans: `max J - min J` of each reward.
  func standardised(spans: [Rational]) throws -> [StandardisedReward] {
    let (vectors, values) = try canonicalVectors()
    return try vectors.indices.map { place in
      StandardisedReward(
        canonical: vectors[place],
        norm: try norm(of: vectors[place], place, span: spans[place]),
        policyValues: values?[place])
    }
  }

  private func norm(
    of canonical: RationalVector, _ place: Int, span: Rational
  ) throws -> NormValue? {
    switch settings.normalization {
    case .none: return nil
    case .span: return .rational(span)
    case .l1, .l2, .linf: return canonical.norm(settings.normalization)
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

  /// The distance of two standardised rewards.
  func distance(
    _ first: Int, _ second: Int, _ rewards: [StandardisedReward]
  ) throws -> RootNumber {
    let pair = StandardisedPair(
      rewards[first].canonical, rewards[first].divisor, rewards[second].canonical,
      rewards[second].divisor)
    switch settings.metric {
    case .l1, .l2, .linf: return pair.distance(settings.metric)
    case .span:
      guard let n1 = rewards[first].divisor.number.rational,
        let n2 = rewards[second].divisor.number.rational
      else {
        throw ComparisonError.metricWithoutMeaning(
          "--metric span with --normalization l2 is not available in this version")
      }
      let combination = RewardCombination([
        (first, 1 / (n1.isZero ? 1 : n1)), (second, -1 / (n2.isZero ? 1 : n2)),
      ])
      let upper = try solver.best(for: combination).mean
      let lower = try solver.best(for: -combination).mean
      return RootNumber((upper + lower) / 2)
    case .none:
      throw ComparisonError.metricWithoutMeaning("the metric has to be a norm")
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

  init(_ problem: ComparisonProblem, _ evaluator: PolicyEvaluator, _ progress: ProgressHandler)
  {
    self.problem = problem
    self.evaluator = evaluator
    self.progress = progress
  }

  /// For each reward the vector `v = Φ` for which `r - v + γPv` is least in `l2`; 0 at states
  /// that are not compared.
  func values() throws -> [RationalVector] {
    let rows = shapingRows()
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

  /// Rows of `C` by the places of compared states.
  private func shapingRows() -> [[Int: Rational]] {
    var places: [Int32: Int] = [:]
    for (place, state) in problem.pairs.states.enumerated() { places[state.index] = place }
    return problem.pairs.choices.map { choice in
      var row: [Int: Rational] = [:]
      if let own = places[problem.model.state(of: choice).index] { row[own, default: 0] -= 1 }
      for (successor, probability) in problem.model.transitions(of: choice) {
        // With discount 0 successors need not be compared, nor do they count.
        guard let place = places[successor.index] else { continue }
        row[place, default: 0] += problem.discount * probability
      }
      return row.filter { !$0.value.isZero }
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
