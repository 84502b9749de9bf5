import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The value under the initial law, which may be infinite.
public enum GoalNumber: Sendable, Hashable {
  case finite(CertifiedNumber)
  /// `inf`
  case positiveInfinity
  /// `-inf`
  case negativeInfinity

  /// What is told to a caller who wants so much.
  func limited(to scope: ValueScope) -> GoalNumber {
    if case .finite(let value) = self { .finite(value.limited(to: scope)) } else { self }
  }
}

/// The proof of an answer about reaching a goal.
public enum GoalCertificate: Sendable {
  case reachability(ReachabilityCertificate)
  case reachabilityBounded(ReachabilityBoundedCertificate)
  case total(TotalCertificate)
}

/// The answer to a ``ReachabilityProblem`` or a ``TotalRewardProblem``, with the certificate that
/// proves it.
public struct GoalSolution: Sendable {
  public enum Objective: Sendable, Hashable {
    /// Of reaching the goal at all, or within a number of steps.
    case reachability(horizon: Int?)
    /// Of the reward with this name.
    case total(reward: String)
  }

  public let objective: Objective
  public let direction: Direction
  /// The name of a label of the model.
  public let goal: String
  public let status: Solution.Status
  public let method: SolverMethod
  /// One entry a state, at the first step; 0 stands where the value diverges. `nil` where only the
  /// initial value was asked for.
  public let values: CertifiedVector?
  /// One entry a state: whether the value is a number.
  public let divergence: [Divergence]
  /// The mean of the values under the initial law, if there is one.
  public let initialValue: GoalNumber?
  /// One action a state, `nil` at goal states and where no policy reaches the goal as demanded;
  /// for a number of steps one such list a step, else a single list.
  public let policies: [[Action?]]
  /// For each policy of ``policies`` and each state all actions that attain equality in Bellman's
  /// equation, in model order; empty at goal states and where the value is infinite. `nil` unless
  /// everything is exact.
  public let optimalActions: [[[Action]]]?
  public let certificate: GoalCertificate
  public let statistics: Solution.Statistics
  /// What the user has to know beside the answer, one sentence each.
  public let warnings: [String]
}

extension GoalSolution {
  /// What the certificate proves of the values of the first step.
  public var certificateValues: CertifiedValues {
    switch certificate {
    case .reachability(let certificate): certificate.values
    case .reachabilityBounded(let certificate): .exact(certificate.values[0])
    case .total(let certificate): certificate.values
    }
  }

  /// The states with a choice to make at which bounds leave open whether the policy is optimal.
  ///
  /// Without any the policy is proved optimal everywhere: from a state with one action a run
  /// meets only such states until it comes to one where the policy is optimal.
  public func undecided(in model: FiniteMDP) -> [State] {
    guard case .enclosed(let lower, let upper) = certificateValues else { return [] }
    return model.statesWithChoice { policies[0][$0] != nil && !lower.isEqual(upper, at: $0) }
  }
}

/// A defect of this module, found by the checker before the answer was given.
public enum GoalSolverError: Error, Hashable, Sendable {
  case rejected(String)
}

extension GoalSolverError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rejected(let reason):
      "the computed answer was rejected by the checker: \(reason)"
    }
  }
}

/// The mean of values under a law, infinite as soon as a state of positive probability is.
///
/// If both signs occur it is that of the states without proper policy: `-inf` when maximising.
func goalMean(
  of values: CertifiedVector, _ divergence: [Divergence], direction: Direction,
  under law: [(state: State, probability: Rational)]
) -> GoalNumber {
  let support = law.filter { !$0.probability.isZero }
  let signs = support.map { divergence[Int($0.state.index)] }
  let (worst, best): (Divergence, Divergence) =
    direction == .maximize ? (.negative, .positive) : (.positive, .negative)
  for sign in [worst, best] where signs.contains(sign) {
    return sign == .positive ? .positiveInfinity : .negativeInfinity
  }
  switch values {
  case .exact(let vector):
    return .finite(.exact(mean(of: vector, under: support)))
  case .enclosed(let lower, let upper):
    return .finite(
      .enclosed(lower: mean(of: lower, under: support), upper: mean(of: upper, under: support)))
  }
}

extension GoalCertificate {
  public var kind: UndiscountedCertificateKind {
    switch self {
    case .reachability(let certificate): certificate.kind
    case .reachabilityBounded(let certificate): certificate.kind
    case .total(let certificate): certificate.kind
    }
  }

  /// Checks every condition of the certificate on `model`, without solving anything.
  ///
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Verdict {
    switch self {
    case .reachability(let certificate): try certificate.verify(in: model, progress: progress)
    case .reachabilityBounded(let certificate):
      try certificate.verify(in: model, progress: progress)
    case .total(let certificate): try certificate.verify(in: model, progress: progress)
    }
  }
}
