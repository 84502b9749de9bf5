// What is here: the comparison of all pairs of the rewards of a problem, solved and judged.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// What of a comparison is wanted.
public struct ComparisonOptions: Sendable {
  public var settings = ComparisonSettings()
  /// The policy of value-adjusted levelling; the uniform one when `nil`.
  public var policy: Policy?
  public var progress = ProgressHandler.none

  public init() {}
}

/// A comparison with its distances as exact numbers.
public struct ComparedRewards: Sendable {
  /// What is printed and checked.
  public let answer: ComparisonAnswer
  public let standardised: [StandardisedReward]
  /// One entry a pair of ``ComparisonAnswer/pairs``.
  public let distances: [RootNumber]
}

/// Compares every pair of the rewards of `problem`, exactly.
///
/// - Complexity: two exact solves a reward, one linear system for all levelled rewards, and some
///   ten exact solves a pair.
/// - Throws: ``ComparisonError``, ``Interrupted``.
public func compareRewards(
  _ problem: ComparisonProblem, options: ComparisonOptions = ComparisonOptions()
) throws -> ComparedRewards {
  try problem.requireDistinctDirections()
  return try ComparisonRun(problem, options).comparison()
}

/// The distances of all pairs of the rewards of `problem`, exactly, and nothing else: row and column
/// by the places of the rewards.
///
/// - Complexity: two exact solves a reward where spans are needed, one linear system for all
///   levelled rewards, and one pass over the entries a pair (a solve or a linear program where the
///   metric asks for one).
/// - Throws: ``ComparisonError``, ``Interrupted``.
public func rewardDistances(
  _ problem: ComparisonProblem, options: ComparisonOptions = ComparisonOptions()
) throws -> [[RootNumber]] {
  let run = try ComparisonRun(problem, options)
  let standardised = try run.standardised()
  let count = run.ranges.count
  var distances = [[RootNumber]](
    repeating: Array(repeating: RootNumber(0), count: count), count: count)
  for first in 0..<count {
    try options.progress.checkpoint()
    options.progress.report("measuring distances", fraction: Double(first) / Double(count))
    for second in first + 1..<count {
      let distance = try standardised.distance(first, second).0
      distances[first][second] = distance
      distances[second][first] = distance
    }
  }
  return distances
}

/// The distances of all pairs of the rewards of `problem`, exactly, with whether the pairs order
/// policies alike and share their optimal policies, as an answer that proves itself.
///
/// - Complexity: as ``rewardDistances(_:options:)``.
/// - Throws: ``ComparisonError``, ``Interrupted``.
public func measureDistances(
  _ problem: ComparisonProblem, options: ComparisonOptions = ComparisonOptions()
) throws -> DistanceMatrix {
  try ComparisonRun(problem, options).matrix()
}

/// One run of the comparison.
struct ComparisonRun {
  let problem: ComparisonProblem
  let options: ComparisonOptions
  let solver: RewardSolver
  let ranges: [RewardRange]

  init(_ problem: ComparisonProblem, _ options: ComparisonOptions) throws {
    self.problem = problem
    self.options = options
    let solver = try RewardSolver(problem, options.progress)
    self.solver = solver
    let count = problem.model.rewards.count
    ranges = try problem.model.rewards.indices.map { place in
      options.progress.report(
        "solving the reward '\(problem.model.rewards[place].name)'",
        fraction: count > 2 ? Double(place) / Double(count) : nil)
      return try RewardRange(solver, reward: place)
    }
  }

  func standardised() throws -> StandardisedRewards {
    options.progress.report("bringing the rewards to canonical form")
    return try RewardStandardiser(
      solver: solver, settings: options.settings, policy: options.policy
    ).standardised(spans: ranges.map(\.span))
  }

  func constants() throws -> (lower: Rational, upper: Rational)? {
    try BoundConstants(
      problem: problem, settings: options.settings, policy: options.policy,
      progress: options.progress
    ).constants()
  }

  func comparison() throws -> ComparedRewards {
    let standardised = try standardised()
    let constants = try constants()
    var pairs: [ComparisonAnswer.Pair] = []
    var distances: [RootNumber] = []
    let count = ranges.count
    for first in 0..<count {
      for second in first + 1..<count {
        options.progress.report(
          "comparing '\(problem.rewardNames[first])' and '\(problem.rewardNames[second])'",
          fraction: Double(pairs.count) / Double(count * (count - 1) / 2))
        let (distance, certificate) = try standardised.distance(first, second)
        distances.append(distance)
        pairs.append(
          try PairComparison(solver, ranges, first, second).pair(
            distance: distance, certificate, constants: constants))
      }
    }
    return ComparedRewards(
      answer: answer(standardised, pairs), standardised: standardised.rewards,
      distances: distances)
  }

  func answer(
    _ standardised: StandardisedRewards, _ pairs: [ComparisonAnswer.Pair],
    statesCanonical: Bool = true
  ) -> ComparisonAnswer {
    ComparisonAnswer(
      discount: problem.discount, direction: problem.direction,
      initial: problem.replacesInitial ? problem.initial : nil, settings: options.settings,
      policy: options.policy, comparedStates: problem.pairs.states,
      rewards: ranges.indices.map { place in
        reward(place, standardised.rewards[place], statesCanonical)
      }, pairs: pairs)
  }

  private func reward(
    _ place: Int, _ standardised: StandardisedReward, _ statesCanonical: Bool
  ) -> ComparisonAnswer.Reward {
    let range = ranges[place]
    return ComparisonAnswer.Reward(
      name: problem.rewardNames[place], isTrivial: range.isTrivial, minimum: range.minimum.mean,
      maximum: range.maximum.mean, span: range.span,
      norm: standardised.norm.map { ComparisonAnswer.Number($0.number) },
      canonical: statesCanonical ? standardised.canonical : nil,
      policyValues: standardised.policyValues,
      maximumCertificate: solver.certificate(range.maximum),
      minimumCertificate: solver.certificate(range.minimum),
      normCertificate: standardised.normCertificate)
  }
}

extension RewardSolver {
  /// The optimum in the form in which it is checked.
  func certificate(_ optimum: CombinationOptimum) -> ComparisonAnswer.Optimum {
    ComparisonAnswer.Optimum(values: optimum.values, policy: actions(of: optimum.policy))
  }
}
