import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Puts the parts of an answer about a goal together.
struct GoalAnswers {
  let model: FiniteMDP
  let direction: Direction
  let initial: [(state: State, probability: Rational)]?
  let options: SolverOptions
  let start: ContinuousClock.Instant

  func solution(
    _ objective: GoalSolution.Objective, goal: String, _ result: StoppingResult,
    _ values: CertifiedVector, _ divergence: [Divergence], _ policy: [Action?],
    optimalActions: [[Action]]?, _ certificate: GoalCertificate
  ) throws -> GoalSolution {
    var bits: Int?
    if case .exact(let vector) = values { bits = vector.denominatorBits }
    return GoalSolution(
      objective: objective, direction: direction, goal: goal,
      status: bits == nil || options.scope == .none ? .enclosed : .exact,
      method: options.method.answering,
      values: values.limited(to: options.scope), divergence: divergence,
      initialValue: initialValue(result, values, divergence)?.limited(to: options.scope),
      policies: [policy],
      optimalActions: options.scope.wantsAll ? optimalActions.map { [$0] } : nil,
      certificate: certificate,
      statistics: .init(since: start, iterations: result.iterations, denominatorBits: bits),
      warnings: result.warnings)
  }

  private func initialValue(
    _ result: StoppingResult, _ values: CertifiedVector, _ divergence: [Divergence]
  ) -> GoalNumber? {
    if let value = result.initialValue {
      return .finite(.exact(direction == .maximize ? value : -value))
    }
    return initial.map { goalMean(of: values, divergence, direction: direction, under: $0) }
  }
}

extension CertifiedVector {
  /// The same numbers as a certificate holds them.
  var certified: CertifiedValues {
    switch self {
    case .exact(let vector): .exact(vector)
    case .enclosed(let lower, let upper): .enclosed(lower: lower, upper: upper)
    }
  }

  /// The numbers with opposite signs.
  var negated: CertifiedVector {
    switch self {
    case .exact(let vector): .exact(-vector)
    case .enclosed(let lower, let upper): .enclosed(lower: -upper, upper: -lower)
    }
  }

  /// The probabilities that these bounds mean: none is negative.
  ///
  /// - Parameter isNegated: whether signs are to be exchanged first.
  func clampedToProbabilities(isNegated: Bool) -> CertifiedVector {
    let values = isNegated ? negated : self
    guard case .enclosed(let lower, let upper) = values else { return values }
    return .enclosed(lower: lower.withoutNegatives, upper: upper)
  }
}

extension RationalVector {
  /// The vector with 0 in place of negative entries.
  fileprivate var withoutNegatives: RationalVector {
    switch form {
    case .entries(let entries): RationalVector(entries.map { max($0, 0) })
    case .common(let denominator, let numerators):
      RationalVector(
        numerators: numerators.map { $0.isNegative ? 0 : $0 }, denominator: denominator)
    }
  }
}

extension FiniteMDP {
  /// The states of several actions that `isIncluded` picks, ascending.
  func statesWithChoice(where isIncluded: (Int) -> Bool) -> [State] {
    (0..<stateCount).filter { choiceRange(at: $0).count > 1 && isIncluded($0) }.map(State.init)
  }

  /// For each state the actions of the choices that `isIncluded` picks, in model order.
  func actions(where isIncluded: (Int) -> Bool) -> [[Action]] {
    (0..<stateCount).map { state in
      choiceRange(at: state).filter(isIncluded).map { Action(Int(choiceActions[$0])) }
    }
  }
}
