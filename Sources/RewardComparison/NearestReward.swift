// What is here: nearest rewards by exact linear programs: of a linear family to a given reward, and
// of all rewards that make a policy optimal with a margin (reward design, poisoning).

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import LinearProgramSolvers
import LinearPrograms
import MDPSolvers
import MarkovDecisionProcesses

/// The nearest member of a linear family.
public struct NearestReward: Sendable {
  /// One factor a member of the basis.
  public let coefficients: [Rational]
  /// The norm of the difference.
  public let distance: Rational
  /// What proves it; as in ``NearestAnswer``.
  public let differenceValues: RationalVector
  public let dual: OccupancyEntries
  public let adjoint: RationalVector
}

/// A reward under which a policy is optimal with a margin, or the proof that there is none.
public struct DesignedReward: Sendable {
  public let outcome: DesignAnswer.Outcome
  /// What proves it; as in ``DesignAnswer``.
  public let multipliers: OccupancyEntries
}

/// The combination of `basis` whose form levelled by the uniform policy is the nearest to that of
/// a reward.
///
/// With one unit reward a state the nearest state-only reward, with one a choice of some set the
/// nearest with support there.
///
/// - Parameters:
///   - norm: `l1` or `linf`, over the compared choices.
/// - Throws: ``ComparisonError/metricWithoutMeaning(_:)`` for another norm, ``Interrupted``.
public func nearestReward(
  to reward: RewardFunction, in basis: [RewardFunction], of environment: ComparisonProblem,
  norm: RewardNorm, progress: ProgressHandler = .none
) throws -> NearestReward {
  let named = ([reward] + basis).enumerated().map { ("\($0.offset)", $0.element) }
  let problem = try environment.replacingRewards(named)
  let evaluator = try PolicyEvaluator(model: problem.model, discount: problem.discount)
  let values = try evaluator.values(of: .uniform(in: problem.model), progress: progress)
  let vectors = values.enumerated().map { place, values in
    CanonicalReward.levelled(
      evaluator.reward(place), by: values, on: problem.pairs, in: problem.model,
      discount: problem.discount)
  }
  let choices = problem.pairs.choices
  var program = NormProgram(norm, size: choices.count)
  guard var builder = try program.start() else {
    throw ComparisonError.metricWithoutMeaning("a nearest reward is in the norm l1 or linf")
  }
  let columns = try basis.indices.map { try builder.addColumn("t\($0)", lower: nil, upper: nil) }
  for place in choices.indices {
    let entries = columns.enumerated().map { (column: $1, coefficient: vectors[$0 + 1][place]) }
    try program.bound(place, center: vectors[0][place], entries: entries, &builder)
  }
  let solution = try solve(builder.build(), options: LPOptions(progress: progress))
  guard let distance = solution.objectiveValue, let point = solution.primal,
    let dual = solution.dual
  else {
    throw ComparisonError.rejected("a nearest reward is a bounded program")
  }
  let coefficients = columns.map { point[$0] }
  // Each place has a row from above and one from below.
  let seen = choices.indices.map { dual[2 * $0] + dual[2 * $0 + 1] }
  return NearestReward(
    coefficients: coefficients, distance: distance,
    differenceValues: zip(values.dropFirst(), coefficients).reduce(values[0]) {
      .difference($0, times: 1, $1.0, times: $1.1)
    }, dual: OccupancyEntries(zip(choices, seen).filter { !$1.isZero }.map { ($0, $1) }),
    adjoint: try adjoint(of: seen, in: problem, progress))
}

/// `z` with `z - γ P_uᵀ z = (E - γP)ᵀ u`, for numbers `u` on the compared choices.
private func adjoint(
  of seen: [Rational], in problem: ComparisonProblem, _ progress: ProgressHandler
) throws -> RationalVector {
  let model = problem.model
  var right = [Rational](repeating: 0, count: model.stateCount)
  for (choice, value) in zip(problem.pairs.choices, seen) where !value.isZero {
    right[Int(model.state(of: choice).index)] += value
    for (successor, probability) in model.transitions(of: choice) {
      right[Int(successor.index)] -= problem.discount * probability * value
    }
  }
  var rows = [[Int: Rational]](repeating: [:], count: model.stateCount)
  for state in rows.indices {
    rows[state][state, default: 0] += 1
    for (successor, probability) in model.chainRow(of: .uniform(in: model), at: State(state)) {
      rows[Int(successor.index)][state, default: 0] -= problem.discount * probability
    }
  }
  let matrix = rows.map { row in
    row.filter { !$0.value.isZero }.sorted { $0.key < $1.key }
      .map { (column: $0.key, value: $0.value) }
  }
  guard
    case .regular(let factored) = try FactoredMatrix.factor(
      rows: matrix, isKnownRegular: true, progress: progress)
  else { throw ComparisonError.rejected("the matrix of the uniform policy is singular") }
  return try factored.solve(right, progress: progress)
}

/// The nearest reward that depends on the state alone, in the sense of
/// ``nearestReward(to:in:of:norm:progress:)``, with one coefficient a state.
///
/// - Parameters: as those of ``nearestReward(to:in:of:norm:progress:)``.
/// - Throws: as ``nearestReward(to:in:of:norm:progress:)``.
public func nearestStateOnlyReward(
  to reward: RewardFunction, of environment: ComparisonProblem, norm: RewardNorm,
  progress: ProgressHandler = .none
) throws -> (reward: RewardFunction, nearest: NearestReward) {
  let model = environment.model
  let units = (0..<model.stateCount).map { state in
    unitReward(on: model.choices(at: State(state)), in: model)
  }
  return try nearestCombination(to: reward, of: units, environment, norm, progress)
}

/// The nearest reward that is 0 but on some choices, in the sense of
/// ``nearestReward(to:in:of:norm:progress:)``, with one coefficient a choice in ascending order.
///
/// - Parameters: as those of ``nearestReward(to:in:of:norm:progress:)``.
/// - Throws: as ``nearestReward(to:in:of:norm:progress:)``.
public func nearestReward(
  to reward: RewardFunction, supportedOn support: Set<Choice>, of environment: ComparisonProblem,
  norm: RewardNorm, progress: ProgressHandler = .none
) throws -> (reward: RewardFunction, nearest: NearestReward) {
  let units = support.sorted { $0.index < $1.index }.map {
    unitReward(on: [$0], in: environment.model)
  }
  return try nearestCombination(to: reward, of: units, environment, norm, progress)
}

/// 1 on some choices.
private func unitReward(on choices: some Sequence<Choice>, in model: FiniteMDP) -> RewardFunction {
  RewardFunction(
    summing: choices.map {
      RewardFunction.Entry(state: model.state(of: $0), action: model.action(of: $0), value: 1)
    })
}

private func nearestCombination(
  to reward: RewardFunction, of units: [RewardFunction], _ environment: ComparisonProblem,
  _ norm: RewardNorm, _ progress: ProgressHandler
) throws -> (reward: RewardFunction, nearest: NearestReward) {
  let nearest = try nearestReward(
    to: reward, in: units, of: environment, norm: norm, progress: progress)
  let sum = zip(units, nearest.coefficients).reduce(RewardFunction.zero) { $0 + $1.1 * $1.0 }
  return (sum, nearest)
}

/// The nearest reward under which a policy is optimal at every state, each other action being
/// worse by a margin.
///
/// `V(s) = r(s,π(s)) + γ P V` and `V(s) ≥ r(s,a) + γ P_a V + margin` for the other actions.
///
/// - Parameters:
///   - reference: the expected reward of each choice to stay near to.
///   - policy: one action a state.
///   - norm: `l1` or `linf`, over all choices.
///   - fixed: choices whose reward is not changed.
/// - Returns: the reward, or that the fixed choices leave no such one.
/// - Throws: ``ComparisonError/metricWithoutMeaning(_:)`` for another norm, ``PolicyError``,
///   ``Interrupted``.
public func nearestReward(
  making policy: [Action], optimalWithMargin margin: Rational, in model: FiniteMDP,
  discount: Rational, reference: [Rational], norm: RewardNorm, fixed: Set<Choice> = [],
  progress: ProgressHandler = .none
) throws -> DesignedReward {
  precondition(reference.count == model.choiceCount, "one reward a choice")
  let target = try Policy(policy, in: model)
  var program = NormProgram(norm, size: model.choiceCount)
  guard var builder = try program.start() else {
    throw ComparisonError.metricWithoutMeaning("a nearest reward is in the norm l1 or linf")
  }
  let rewards = try (0..<model.choiceCount).map { choice in
    let isFixed = fixed.contains(Choice(choice))
    return try builder.addColumn(
      "r\(choice)", lower: isFixed ? reference[choice] : nil,
      upper: isFixed ? reference[choice] : nil)
  }
  let values = try (0..<model.stateCount).map {
    try builder.addColumn("v\($0)", lower: nil, upper: nil)
  }
  var steps: [Int] = []
  for choice in 0..<model.choiceCount {
    try program.bound(
      choice, center: reference[choice], entries: [(rewards[choice], 1)], &builder)
    let state = model.state(of: Choice(choice))
    var row: [Int: Rational] = [values[Int(state.index)]: 1, rewards[choice]: -1]
    for (successor, probability) in model.transitions(of: Choice(choice)) {
      row[values[Int(successor.index)], default: 0] -= discount * probability
    }
    let isTarget = target.choices(at: state)[0].choice == Choice(choice)
    steps.append(
      try builder.addRow(
        "step\(choice)", lower: isTarget ? 0 : margin, upper: isTarget ? 0 : nil,
        entries: row.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
  }
  let solution = try solve(builder.build(), options: LPOptions(progress: progress))
  let listed = { (multipliers: [Rational]) in
    OccupancyEntries(
      multipliers.enumerated().filter { !$0.element.isZero }.map {
        (Choice($0.offset), $0.element)
      })
  }
  if case .infeasible(.farkas(let dual)) = solution.certificate {
    return DesignedReward(outcome: .impossible, multipliers: listed(steps.map { dual[$0] }))
  }
  guard let distance = solution.objectiveValue, let point = solution.primal,
    let dual = solution.dual
  else { throw ComparisonError.rejected("the design of a reward is a bounded program") }
  return DesignedReward(
    outcome: .found(
      table: rewards.map { point[$0] }, values: RationalVector(values.map { point[$0] }),
      distance: distance), multipliers: listed(steps.map { dual[$0] }))
}

/// The columns of a program that minimises a norm.
private struct NormProgram {
  private let norm: RewardNorm
  private let size: Int
  private var bounds: [Int] = []

  init(_ norm: RewardNorm, size: Int) {
    self.norm = norm
    self.size = size
  }

  /// A builder with the columns of the norm; `nil` for a norm that is not linear.
  mutating func start() throws -> LinearProgramBuilder? {
    var builder = LinearProgramBuilder(direction: .minimize)
    switch norm {
    case .l1: bounds = try (0..<size).map { try builder.addColumn("d\($0)", objective: 1) }
    case .linf:
      bounds = Array(repeating: try builder.addColumn("d", objective: 1), count: size)
    case .l2, .span, .none: return nil
    }
    return builder
  }

  /// `|Σ entries - center| ≤` the bound of a place.
  func bound(
    _ place: Int, center: Rational, entries: [(column: Int, coefficient: Rational)],
    _ builder: inout LinearProgramBuilder
  ) throws {
    try builder.addRow(
      "above\(place)", lower: nil, upper: center, entries: entries + [(bounds[place], -1)])
    try builder.addRow(
      "below\(place)", lower: center, upper: nil, entries: entries + [(bounds[place], 1)])
  }
}
