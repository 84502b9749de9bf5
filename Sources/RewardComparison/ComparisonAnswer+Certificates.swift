import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

extension ComparisonAnswer {
  /// What the answer proves of one pair, as certificates that stand alone: of the order, and of the
  /// worst-case regrets (of a maximisation alone).
  ///
  /// - Parameter place: in ``pairs``.
  public func certificates(ofPair place: Int) -> [ComparisonCertificate] {
    let pair = pairs[place]
    var certificates: [ComparisonCertificate] = []
    switch pair.orderingCertificate {
    case .equivalent(let scale, let potential, let secondPotential):
      // Negated rewards differ by the negated shaping.
      let isNegated = direction == .minimize
      certificates.append(
        .orderEqual(
          RewardOrderEqualCertificate(
            terms: terms(pair.first, pair.second), scale: scale,
            potential: isNegated ? -potential : potential,
            secondPotential: secondPotential.map { isNegated ? -$0 : $0 })))
    case .witness:
      if let regret = pair.regretPolicies[0] ?? pair.regretPolicies[1],
        let better = regret.betterOccupancy, let worse = regret.worseOccupancy
      {
        certificates.append(
          .orderDifferent(
            RewardOrderDifferentCertificate(
              terms: terms(pair.first, pair.second), first: better, second: worse)))
      }
    }
    guard direction == .maximize else { return certificates }
    let places = [pair.first, pair.second]
    for index in 0...1 {
      guard let regret = pair.regretPolicies[index], let better = regret.betterOccupancy,
        let worse = regret.worseOccupancy
      else { continue }
      certificates.append(
        .worstCaseRegret(
          WorstCaseRegretCertificate(
            terms: terms(places[index], places[1 - index]), better: better, worse: worse,
            multiplier: regret.multiplier, upperValues: regret.upperValues,
            lowerValues: regret.lowerValues,
            regret: pair.worstCaseRegret[index] * rewards[places[index]].span)))
    }
    return certificates
  }

  private func terms(_ first: Int, _ second: Int) -> RewardPairTerms {
    RewardPairTerms(
      first: rewards[first].name, second: rewards[second].name, discount: discount,
      initial: initial)
  }
}

/// The proof of the largest loss in one reward among policies that are optimal for another.
///
/// The multiplier grows until the best policy of `-r_evaluated + t r_optimised` is optimal for
/// the optimised reward; from some number on every one is.
///
/// - Parameters:
///   - evaluated: the place of the reward in which the loss is measured.
///   - optimised: the place of the reward whose optimal policies are followed.
/// - Throws: ``Interrupted``.
public func proxyRegretCertificate(
  _ problem: ComparisonProblem, evaluated: Int, optimised: Int, progress: ProgressHandler = .none
) throws -> ProxyRegretCertificate {
  let solver = try RewardSolver(problem, progress)
  let best = try solver.best(for: RewardCombination([(evaluated, 1)]))
  let optimum = try solver.best(for: RewardCombination([(optimised, 1)]))
  let worst = try solver.best(
    for: RewardCombination([(evaluated, -1)]), from: optimum.policy,
    allowed: optimum.signs.map { $0 == 0 })
  var multiplier = Rational.one
  while true {
    try progress.checkpoint()
    let dual = try solver.best(
      for: RewardCombination([(evaluated, -1), (optimised, multiplier)]), from: worst.policy)
    if dual.mean == worst.mean + multiplier * optimum.mean {
      return ProxyRegretCertificate(
        terms: RewardPairTerms(
          first: problem.rewardNames[evaluated], second: problem.rewardNames[optimised],
          discount: problem.discount,
          initial: problem.replacesInitial ? problem.initial : nil),
        evaluatedValues: best.values, optimisedValues: optimum.values,
        best: try entries(best.policy, solver), worst: try entries(worst.policy, solver),
        multiplier: multiplier, dual: dual.values, regret: best.mean + worst.mean)
    }
    multiplier = 2 * multiplier * multiplier
  }
}

private func entries(
  _ policy: ContiguousArray<Int32>, _ solver: RewardSolver
) throws -> OccupancyEntries {
  let masses = try solver.occupancy(of: policy).masses
  return OccupancyEntries(
    masses.indices.compactMap { masses[$0].isZero ? nil : (Choice($0), masses[$0]) })
}
