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
  try ComparisonRun(problem, options).comparison()
}

/// One run of the comparison.
private struct ComparisonRun {
  let problem: ComparisonProblem
  let options: ComparisonOptions
  let solver: RewardSolver
  let ranges: [RewardRange]

  init(_ problem: ComparisonProblem, _ options: ComparisonOptions) throws {
    self.problem = problem
    self.options = options
    let solver = try RewardSolver(problem, options.progress)
    self.solver = solver
    ranges = try problem.model.rewards.indices.map { place in
      options.progress.report("solving the reward '\(problem.model.rewards[place].name)'")
      return try RewardRange(solver, reward: place)
    }
  }

  func comparison() throws -> ComparedRewards {
    let standardiser = RewardStandardiser(
      solver: solver, settings: options.settings, policy: options.policy)
    options.progress.report("bringing the rewards to canonical form")
    let standardised = try standardiser.standardised(spans: ranges.map(\.span))
    let constants = try BoundConstants(
      problem: problem, settings: options.settings, hasOwnPolicy: options.policy != nil,
      progress: options.progress
    ).constants()
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
    let answer = ComparisonAnswer(
      discount: problem.discount, direction: problem.direction,
      initial: problem.replacesInitial ? problem.initial : nil, settings: options.settings,
      policy: options.policy, comparedStates: problem.pairs.states,
      rewards: ranges.indices.map { reward($0, standardised.rewards[$0]) }, pairs: pairs)
    return ComparedRewards(
      answer: answer, standardised: standardised.rewards, distances: distances)
  }

  private func reward(_ place: Int, _ standardised: StandardisedReward) -> ComparisonAnswer.Reward {
    let range = ranges[place]
    return ComparisonAnswer.Reward(
      name: problem.rewardNames[place], isTrivial: range.isTrivial, minimum: range.minimum.mean,
      maximum: range.maximum.mean, span: range.span,
      norm: standardised.norm.map { ComparisonAnswer.Number($0.number) },
      canonical: standardised.canonical, policyValues: standardised.policyValues,
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
