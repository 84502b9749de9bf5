// What is here: two rewards on a finite set of policies: whether the one can be hacked, whether it
// simplifies the other, and whether a simplification exists. Source: Skalse, Howe, Krasheninnikov,
// Krueger, *Defining and characterizing reward hacking*, 2022; `proofs-notes/reward-hacking.md`.
// Notation: J_i the values, F the span of differences of occupancy measures, Z that of differences
// inside classes of equal J_1.

import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// Finitely many policies of one problem, with their occupancy measures.
public struct PolicySetOrder: Sendable {
  /// Two policies, by their places.
  public struct Witness: Sendable, Hashable {
    public let first: Int
    public let second: Int
  }

  public let problem: ComparisonProblem
  private let measures: [OccupancyMeasure]
  private let rewards: [PooledVector]

  /// - Parameter policies: stationary ones of the problem's model, at least one.
  /// - Throws: ``Interrupted``.
  public init(
    _ problem: ComparisonProblem, policies: [Policy], progress: ProgressHandler = .none
  ) throws {
    self.problem = problem
    measures = try policies.map {
      try OccupancyMeasure(
        of: $0, in: problem.model, discount: problem.discount, initial: problem.initial,
        progress: progress)
    }
    rewards = problem.model.rewards.map { $0.function.expected(in: problem.model) }
  }

  /// The values of a reward, by policy.
  public func values(ofReward place: Int) -> [Rational] {
    measures.map { $0.value(of: rewards[place]) }
  }

  /// The values of a reward with one number a choice, by policy.
  func values(of table: [Rational]) -> [Rational] {
    let reward = PooledVector(table)
    return measures.map { $0.value(of: reward) }
  }

  /// Policies with `J_true(first) < J_true(second)` and `J_proxy(first) > J_proxy(second)`: the
  /// proxy can be hacked on the set. `nil` when it cannot.
  ///
  /// - Complexity: O(n log n) in the number of policies.
  public func hackingWitness(trueReward: Int, proxy: Int) -> Witness? {
    ValueOrder(values(ofReward: trueReward)).inversion(in: values(ofReward: proxy)).map {
      Witness(first: $0.first, second: $0.second)
    }
  }

  /// Whether `simple` is unhackable for `reward` on the set and keeps its ties.
  public func isSimplification(_ simple: Int, of reward: Int) -> Bool {
    ValueOrder(values(ofReward: reward)).isSimplified(by: values(ofReward: simple))
  }

  /// Whether `fine` strictly prefers the first of two policies of the set whenever `coarse` does:
  /// the same as that `coarse` simplifies it.
  public func refines(_ fine: Int, _ coarse: Int) -> Bool { isSimplification(coarse, of: fine) }

  /// Whether it is one that makes some, but not all, strict differences ties.
  public func isNontrivialSimplification(_ simple: Int, of reward: Int) -> Bool {
    ValueOrder(values(ofReward: reward))
      .isNontriviallySimplified(by: values(ofReward: simple))
  }

  /// `dim F` and `dim Z` for a reward.
  public func dimensions(of reward: Int) -> (all: Int, ties: Int) {
    OccupancyDifferences(
      measures.indices.map(occupancy), order: ValueOrder(values(ofReward: reward))
    ).dimensions
  }

  /// The occupancy of a policy, by its place.
  public func occupancy(of place: Int) -> OccupancyEntries {
    OccupancyEntries(
      measures[place].masses.enumerated().filter { !$0.element.isZero }.map {
        (Choice($0.offset), $0.element)
      })
  }

  /// A nontrivial simplification of a reward, one number a choice; `nil` when there is none.
  ///
  /// It exists iff `dim F - dim Z ≥ 2`, and is found by one linear program for each successive
  /// pair of classes that is to become a tie.
  public func nontrivialSimplification(
    of reward: Int, progress: ProgressHandler = .none
  ) throws -> [Rational]? {
    let dimensions = dimensions(of: reward)
    guard dimensions.all - dimensions.ties >= 2 else { return nil }
    let groups = ValueOrder(values(ofReward: reward)).classes
    let steps = zip(groups, groups.dropFirst()).map {
      difference(measures[$1[0]].masses, measures[$0[0]].masses)
    }
    let ties = groups.flatMap { group in
      group.dropFirst().map { difference(measures[$0].masses, measures[group[0]].masses) }
    }
    for tied in steps.indices {
      let found = try simplification(steps, ties, tied: tied, progress)
      if let found { return found }
    }
    return nil
  }

  /// Maximises the sum of the other steps, each at most 1, with one step made a tie.
  private func simplification(
    _ steps: [[Rational]], _ ties: [[Rational]], tied: Int, _ progress: ProgressHandler
  ) throws -> [Rational]? {
    var builder = LinearProgramBuilder(direction: .maximize)
    let total = steps.reduce([Rational](repeating: 0, count: steps[0].count)) { sum, step in
      zip(sum, step).map { $0 + $1 }
    }
    for choice in total.indices {
      try builder.addColumn("r\(choice)", lower: nil, upper: nil, objective: total[choice])
    }
    for (place, step) in steps.enumerated() {
      try builder.addRow(
        "step\(place)", lower: 0, upper: place == tied ? 0 : 1, entries: entries(step))
    }
    for (place, tie) in ties.enumerated() {
      try builder.addRow("tie\(place)", lower: 0, upper: 0, entries: entries(tie))
    }
    let solution = try solve(builder.build(), options: LPOptions(progress: progress))
    guard let value = solution.objectiveValue, value.signum > 0 else { return nil }
    return solution.primal?.entries
  }

  private func entries(_ row: [Rational]) -> [(column: Int, coefficient: Rational)] {
    row.enumerated().filter { !$0.element.isZero }.map { ($0.offset, $0.element) }
  }

  private func difference(_ a: [Rational], _ b: [Rational]) -> [Rational] {
    zip(a, b).map { $0 - $1 }
  }
}
