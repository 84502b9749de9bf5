import ExactArithmetic
import MarkovDecisionProcesses

/// The deterministic policies that one policy has to be better than by a request about optimal ones.
public struct OptimumRivals: Sendable {
  /// The policy that has to be better.
  public let best: Policy
  private let own: ReachedPolicy?
  private let avoided: [State]
  private let isUnique: Bool
  /// Whether policies with one lottery may be of different rank.
  private let tellsPoliciesApart: Bool

  /// `nil` when the request names no policy and none is taken to be optimal.
  public init?(of task: ExpressTask) {
    guard let request = task.optimum, let policy = task.uniqueOptimum ?? request.best else {
      return nil
    }
    best = policy
    own = ReachedPolicy(of: policy, in: task.model, from: task.initial ?? [])
    avoided = request.avoided
    isUnique = request.unique != nil
    tellsPoliciesApart = task.formalism == .policyFunction || task.formalism == .policyOrder
  }

  /// What the best policy has to be to a deterministic one, `nil` where nothing is asked.
  ///
  /// A policy with its lottery is optimal with it; where these may differ, it must not be better.
  public func relation(to other: ReachedPolicy) -> ExpressTask.Relation? {
    if contain(other) { return .greater }
    return isUnique && tellsPoliciesApart ? .atLeast : nil
  }

  /// Whether a policy has another lottery than the only optimum, or visits states to be avoided.
  public func contain(_ other: ReachedPolicy) -> Bool {
    isUnique
      ? own?.choices != other.choices : avoided.contains { other.reaches($0) }
  }
}
