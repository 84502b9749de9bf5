import ExactArithmetic
import MarkovDecisionProcesses

extension ExpressTask {
  /// What a task of the kind `policy-order` asks of the optimal policies.
  public struct OptimumRequest: Sendable, Hashable {
    /// The place of the policy that has to be optimal under the initial law, and whose lottery every
    /// optimal policy has to have.
    public let unique: Int?
    /// The states that every optimal policy has to avoid: it visits them with probability 0.
    public let avoided: [State]

    /// The deterministic policy that is taken to be optimal, while the tasks of each are looked at.
    public let best: Policy?

    public init(unique: Int? = nil, avoided: [State] = [], best: Policy? = nil) {
      self.unique = unique
      self.avoided = avoided
      self.best = best
    }
  }

  /// The same task with a policy that is taken to be optimal.
  public func taking(_ best: Policy) -> ExpressTask {
    ExpressTask(
      model: model, kind: kind, formalism: formalism, discount: discount, initial: initial,
      rewardSupport: rewardSupport, objects: objects, acceptable: acceptable,
      candidates: candidates, variant: variant, relations: relations, ranking: ranking,
      machine: machine, temporal: temporal,
      optimum: OptimumRequest(
        unique: optimum?.unique, avoided: optimum?.avoided ?? [], best: best))
  }

  /// The policy that has to be the only optimum.
  public var uniqueOptimum: Policy? {
    guard let place = optimum?.unique, case .policy(let policy) = objects[place].behaviour else {
      return nil
    }
    return policy
  }

  /// For each state whether some policy reaches it from the initial law.
  public var reachableStates: [Bool] {
    model.graph.reachable(
      from: (initial ?? []).filter { !$0.probability.isZero }.map { Int($0.state.index) })
  }
}

extension ExpressAnswer {
  /// A reward whose optimal policies are as a task asks, with what proves it.
  public struct Optimum: Sendable {
    public let reward: Reward
    /// `V ≥ r + γ P V` for every choice at the states that can be reached, with equality along the run of
    /// ``policy``: so that policy is optimal, and others lose the discounted sum of their slacks.
    public let potential: [(state: State, value: Rational)]
    /// An optimal policy, at the states that it reaches.
    public let policy: [(state: State, action: Action)]
    /// Why no reward within `[-1, 1]` has a larger margin, where that is proved.
    public let bound: OptimumConflict?

    public init(
      reward: Reward, potential: [(state: State, value: Rational)],
      policy: [(state: State, action: Action)], bound: OptimumConflict?
    ) {
      self.reward = reward
      self.potential = potential
      self.policy = policy
      self.bound = bound
    }
  }

  /// A policy that avoids the states, and why it cannot be better than all that visit them.
  public struct Refutation: Sendable {
    public let best: [(state: State, action: Action)]
    /// Of the task in which the policy is taken to be optimal.
    public let proof: ExpressAnswer

    public init(best: [(state: State, action: Action)], proof: ExpressAnswer) {
      self.best = best
      self.proof = proof
    }
  }

  /// Multipliers of relations and of losses by choices that bound the margin of all rewards.
  ///
  /// The loss of a choice is `V(s) − r − γ P V`. Multipliers of losses are not negative but where the
  /// optimal policy makes the choice, for there the loss is 0; they are balanced, so that `V` drops out.
  public struct OptimumConflict: Sendable {
    public let constraints: [WeightedRequirement]
    public let deviations: [(choice: Choice, multiplier: Rational)]

    public init(
      constraints: [WeightedRequirement], deviations: [(choice: Choice, multiplier: Rational)]
    ) {
      self.constraints = constraints
      self.deviations = deviations
    }
  }
}
