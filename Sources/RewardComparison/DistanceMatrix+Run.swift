// What is here: all pairs of many rewards at the cost of the rewards. Everything long is computed
// once a reward: its best and worst values, its canonical form, its form levelled by one policy that
// serves all rewards, and the choices that are optimal for it. A pair is one pass over the entries.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

extension ComparisonRun {
  func matrix() throws -> DistanceMatrix {
    let standardised = try standardised()
    let constants = try constants()
    let orders = try RewardOrders(solver, ranges)
    var pairs: [DistanceMatrix.Pair] = []
    let count = ranges.count
    for first in 0..<count {
      options.progress.report(
        "measuring distances", fraction: Double(pairs.count) / Double(count * (count - 1) / 2))
      for second in first + 1..<count {
        try options.progress.checkpoint()
        let (distance, certificate) = try standardised.distance(first, second)
        let scale = orders.scale(first, second)
        pairs.append(
          DistanceMatrix.Pair(
            first: first, second: second, distance: ComparisonAnswer.Number(distance),
            distanceCertificate: certificate,
            sameOrdering: orders.areAlike(first, second, scale: scale),
            reversedOrdering: (scale?.signum ?? 0) < 0,
            sameOptimalPolicies: orders.optimalSets[first] == orders.optimalSets[second],
            equivalence: orders.equivalence(first, second, scale: scale)))
      }
    }
    return DistanceMatrix(
      rewards: answer(standardised, [], statesCanonical: false), boundConstants: constants,
      pairs: pairs)
  }
}

/// What decides of each pair whether the orders are the same.
private struct RewardOrders {
  let ranges: [RewardRange]
  let optimalSets: [OptimalSet]
  /// The rewards levelled by one policy.
  private let levelled: [RationalVector]

  init(_ solver: RewardSolver, _ ranges: [RewardRange]) throws {
    self.ranges = ranges
    optimalSets = ranges.map { OptimalSet($0.maximum, in: solver.problem) }
    let policy = ContiguousArray(solver.problem.model.choiceOffsets.dropLast())
    levelled = try ranges.indices.map { place in
      try solver.progress.checkpoint()
      return try solver.advantage(place, policy)
    }
  }

  /// `λ` with `r_first = λ r_second` up to shaping, for nontrivial rewards that have one.
  func scale(_ first: Int, _ second: Int) -> Rational? {
    guard !ranges[first].isTrivial, !ranges[second].isTrivial else { return nil }
    let ratio = ranges[first].span / ranges[second].span
    return [ratio, -ratio].first { levelled[first].isMultiple(of: levelled[second], by: $0) }
  }

  func areAlike(_ first: Int, _ second: Int, scale: Rational?) -> Bool {
    if let scale { return scale.signum > 0 }
    return ranges[first].isTrivial && ranges[second].isTrivial
  }

  /// The shaping between rewards of one order: the difference of their best values.
  func equivalence(
    _ first: Int, _ second: Int, scale: Rational?
  ) -> ComparisonAnswer.OrderingCertificate? {
    guard areAlike(first, second, scale: scale) else { return nil }
    let values = [first, second].map { ranges[$0].maximum.values }
    guard let scale else {
      return .equivalent(scale: 0, potential: -values[0], secondPotential: -values[1])
    }
    return .equivalent(
      scale: scale, potential: .difference(values[1], times: scale, values[0], times: 1),
      secondPotential: nil)
  }
}
