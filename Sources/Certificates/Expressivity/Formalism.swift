/// A formalism in which an objective can be stated: the specification of one induces on every
/// finite environment a total preorder of the stationary policies.
///
/// The list is that of Subramani, Williams, Heitmann, Holm, Griffin and Skalse, *On the
/// Expressivity of Objective-Specification Formalisms in Reinforcement Learning* (arXiv
/// 2310.11840). The specification sees the environment, and its discount is part of it.
public enum Formalism: String, Sendable, Hashable, CaseIterable {
  /// Markov reward: `J_R`.
  case markovReward = "MR"
  /// Limit average reward: the gain.
  case limitAverage = "LAR"
  /// Linear temporal logic: the probability of a formula.
  case temporalLogic = "LTL"
  /// Reward machine: discounted reward on the product with a finite machine.
  case rewardMachine = "RM"
  /// Inner non-linear Markov reward: `E f(G)`.
  case innerNonlinear = "INMR"
  /// Inner multi-objective: `E f(G_1..G_k)`.
  case innerMultiObjective = "IMORL"
  /// A function from trajectories to the reals: `E f(ξ)`.
  case trajectoryFunction = "FTR"
  /// Regularised: discounted reward less a function of the action law in use.
  case regularised = "RRL"
  /// Outer non-linear Markov reward: `f(J)`.
  case outerNonlinear = "ONMR"
  /// Outer multi-objective: `f(J_1..J_k)`.
  case outerMultiObjective = "OMORL"
  /// A function from occupancy measures to the reals.
  case occupancyFunction = "FOMR"
  /// A function from trajectory lotteries to the reals.
  case lotteryFunction = "FTLR"
  /// A function from policies to the reals.
  case policyFunction = "FPR"
  /// A total preorder of occupancy measures.
  case occupancyOrder = "OMO"
  /// A total preorder of trajectory lotteries.
  case lotteryOrder = "TLO"
  /// Generalised outer multi-objective: a total preorder of `(J_1..J_k)`.
  case generalisedMultiObjective = "GOMORL"
  /// A total preorder of policies.
  case policyOrder = "PO"

  /// What a specification consists of.
  public var specification: String {
    switch self {
    case .markovReward: "a reward R(s,a,s') and a discount"
    case .limitAverage: "a reward R(s,a,s')"
    case .temporalLogic: "labels of transitions and a formula"
    case .rewardMachine: "a finite machine over transitions, a reward on its steps, a discount"
    case .innerNonlinear: "a reward, a discount, a function f of the return"
    case .innerMultiObjective: "k rewards, a discount, a function f of the k returns"
    case .trajectoryFunction: "a function f of the trajectory"
    case .regularised: "a reward, a discount, a function F of the law of the action"
    case .outerNonlinear: "a reward, a discount, a function f of the value"
    case .outerMultiObjective: "k rewards, a discount, a function f of the k values"
    case .occupancyFunction: "a discount, a function f of the occupancy measure"
    case .lotteryFunction: "a function f of the trajectory lottery"
    case .policyFunction: "a function f of the policy"
    case .occupancyOrder: "a discount, a total preorder of occupancy measures"
    case .lotteryOrder: "a total preorder of trajectory lotteries"
    case .generalisedMultiObjective: "k rewards, a discount, a total preorder of vectors of values"
    case .policyOrder: "a total preorder of policies"
    }
  }

  /// The value of a policy, or what it is ordered by.
  public var value: String {
    switch self {
    case .markovReward: "E Σ γ^t R_t"
    case .limitAverage: "lim (1/N) E Σ_{t<N} R_t"
    case .temporalLogic: "P(ξ ⊨ φ)"
    case .rewardMachine: "E Σ γ^t R(u_t,s_t,a_t,s_{t+1})"
    case .innerNonlinear: "E f(Σ γ^t R_t)"
    case .innerMultiObjective: "E f(G_1,…,G_k)"
    case .trajectoryFunction: "E f(ξ)"
    case .regularised: "E Σ γ^t (R_t − α F(π(·|s_t)))"
    case .outerNonlinear: "f(J)"
    case .outerMultiObjective: "f(J_1,…,J_k)"
    case .occupancyFunction: "f(m)"
    case .lotteryFunction: "f(L)"
    case .policyFunction: "f(π)"
    case .occupancyOrder: "the order of m"
    case .lotteryOrder: "the order of L"
    case .generalisedMultiObjective: "the order of (J_1,…,J_k)"
    case .policyOrder: "the order itself"
    }
  }
}
