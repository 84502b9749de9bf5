import Certificates

/// A counterexample: an environment and an order that the formalisms ``stronger`` induce there
/// and that the formalisms ``weaker`` cannot.
///
/// Source: ours, after arXiv 2310.11840; `proofs-notes/formalisms.md`.
public enum Witness: String, Sendable, Hashable, CaseIterable {
  case lexicographic = "W1"
  case unreachableState = "W2"
  case coinIsBest = "W3"
  case twoRoads = "W4"
  case uniformIsBest = "W5"
  case conditionalChoice = "W6"
  case eventually = "W7"
  case threeLevels = "W8"
  case firstAction = "W9"

  /// What kind of argument proves the separation.
  public enum Evidence: String, Sendable, Hashable {
    /// Finitely many policies, recomputed exactly.
    case finite
    /// An identity of polynomials or rational functions over Q.
    case symbolic
    /// A continuity bound on a family of policies.
    case topological
    /// A count of uncountably many disjoint intervals: no countable set of policies shows it.
    case cardinality
  }

  /// The formalisms that fail.
  public var weaker: [Formalism] {
    switch self {
    case .lexicographic: [.policyFunction]
    case .unreachableState: [.lotteryOrder]
    case .coinIsBest: [.trajectoryFunction]
    case .twoRoads: [.regularised]
    case .uniformIsBest, .conditionalChoice: [.outerNonlinear]
    case .eventually: [.rewardMachine]
    case .threeLevels: [.temporalLogic]
    case .firstAction: [.limitAverage]
    }
  }

  /// The formalisms that induce the order.
  public var stronger: [Formalism] {
    switch self {
    case .lexicographic: [.lotteryOrder]
    case .unreachableState: [.policyFunction]
    case .coinIsBest: [.regularised, .outerNonlinear]
    case .twoRoads: [.rewardMachine, .temporalLogic, .limitAverage, .outerNonlinear]
    case .uniformIsBest: [.rewardMachine, .temporalLogic, .regularised]
    case .conditionalChoice: [.limitAverage, .temporalLogic]
    case .eventually: [.temporalLogic, .limitAverage]
    case .threeLevels: [.markovReward, .limitAverage]
    case .firstAction: [.markovReward, .temporalLogic]
    }
  }

  public var evidence: Evidence {
    switch self {
    case .lexicographic: .cardinality
    case .unreachableState, .coinIsBest, .twoRoads, .threeLevels, .firstAction: .finite
    case .uniformIsBest, .conditionalChoice: .symbolic
    case .eventually: .topological
    }
  }

  /// The counterexample in a sentence.
  public var summary: String {
    switch self {
    case .lexicographic:
      "a lexicographic order of (p_a, p_b) on one state with three arms has uncountably many"
        + " disjoint intervals of ranks, so no real function represents it"
    case .unreachableState:
      "two policies that differ at an unreachable state have one lottery, but may have two ranks"
    case .coinIsBest:
      "a coin tossed once is better than both its sides: its lottery is their mean"
    case .twoRoads:
      "two goals, each by a short and a long road, and only the goal counts: discounting shrinks"
        + " what the goals differ by"
    case .uniformIsBest:
      "the uniform law on three arms is the only best one: a linear value is constant along a line"
        + " through it"
    case .conditionalChoice:
      "the share of x among leaving for x or y is constant on rays from 0 alone, the level sets of"
        + " a discounted value are lines that miss 0"
    case .eventually:
      "leaving at all, however slowly, is as good as leaving at once: a discounted value is"
        + " continuous in the probability of leaving"
    case .threeLevels:
      "three deterministic policies with three ranks: a single run meets a formula or does not"
    case .firstAction:
      "two actions that lead to the same absorbing state: the long run forgets the first one"
    }
  }
}
