import ExactArithmetic
import MarkovDecisionProcesses

/// The answer to a task of reward design, with what proves it.
public struct ExpressAnswer: Sendable {
  /// How an answer refers to what is compared.
  public enum Reference: Sendable, Hashable {
    case name(String)
    /// A deterministic policy that the task does not name, one action a state.
    case policy([Action])
  }

  /// A requirement of the task, in the form `left op right`.
  public struct Requirement: Sendable, Hashable {
    public let left: Reference
    public let relation: ExpressTask.Relation
    public let right: Reference

    public init(_ left: Reference, _ relation: ExpressTask.Relation, _ right: Reference) {
      self.left = left
      self.relation = relation
      self.right = right
    }
  }

  /// A requirement with its multiplier: not negative on `>` and `>=`, of any sign on `=`.
  public struct WeightedRequirement: Sendable, Hashable {
    public let requirement: Requirement
    public let multiplier: Rational

    public init(_ requirement: Requirement, _ multiplier: Rational) {
      self.requirement = requirement
      self.multiplier = multiplier
    }
  }

  /// A table of rewards that meets the requirements.
  public struct Reward: Sendable {
    public let support: ExpressTask.RewardSupport
    /// The unknowns that are not zero, in the order of the model.
    public let entries: [(coordinate: RewardCoordinate, value: Rational)]
    /// The least difference of a strict requirement; `nil` without one.
    public let margin: Rational?
    /// Multipliers that prove that no reward within `[-1, 1]` has a larger margin.
    public let optimality: [WeightedRequirement]

    public init(
      support: ExpressTask.RewardSupport,
      entries: [(coordinate: RewardCoordinate, value: Rational)], margin: Rational?,
      optimality: [WeightedRequirement]
    ) {
      self.support = support
      self.entries = entries
      self.margin = margin
      self.optimality = optimality
    }
  }

  /// A run's beginning: alternating states and actions, from a state.
  public struct Prefix: Sendable, Hashable {
    public let start: State
    public let steps: [Trajectory.Step]
    /// The action after the last state, if the prefix ends in one.
    public let lastAction: Action?

    public init(start: State, steps: [Trajectory.Step], lastAction: Action? = nil) {
      self.start = start
      self.steps = steps
      self.lastAction = lastAction
    }
  }

  /// A step of a cycle of relations that cannot all hold.
  public struct CycleStep: Sendable, Hashable {
    public enum Relation: String, Sendable, Hashable, CaseIterable {
      case greater = ">"
      case atLeast = ">="
      case equal = "="
      case sameLottery = "same-lottery"
      case samePolicy = "same-policy"
      case sameTrajectory = "same-trajectory"
    }

    public let left: Reference
    public let relation: Relation
    public let right: Reference

    public init(_ left: Reference, _ relation: Relation, _ right: Reference) {
      self.left = left
      self.relation = relation
      self.right = right
    }
  }

  /// A requirement that the values of a given formula break.
  public struct Violation: Sendable, Hashable {
    public let requirement: Requirement
    public let leftValue: Rational
    public let rightValue: Rational

    public init(_ requirement: Requirement, left: Rational, right: Rational) {
      self.requirement = requirement
      leftValue = left
      rightValue = right
    }
  }

  /// What proves that no machine with so many states, or fewer, expresses a task: conflicts of which
  /// one refutes every node of the tree of machines at which a walk ends.
  public struct MachineRefutation: Sendable {
    public typealias Conflict = [WeightedRequirement]

    public let stateCount: Int
    public let conflicts: [Conflict]

    /// Why the task is not decided by it.
    public var reason: String {
      "no reward machine with at most \(stateCount) \(stateCount == 1 ? "state" : "states")"
        + " expresses it; a larger one was not looked for"
    }

    public init(stateCount: Int, conflicts: [Conflict]) {
      self.stateCount = stateCount
      self.conflicts = conflicts
    }
  }

  /// What was asked of a search for a reward machine, and what it found.
  public struct Search: Sendable {
    public let alphabet: StepAlphabet.Kind
    /// The most states that were allowed.
    public let stateLimit: Int
    public let machine: RewardMachine?
    /// Why no smaller machine does, if it has more than one state.
    public let smaller: MachineRefutation?

    public init(
      _ alphabet: StepAlphabet.Kind, stateLimit: Int, machine: RewardMachine? = nil,
      smaller: MachineRefutation? = nil
    ) {
      self.alphabet = alphabet
      self.stateLimit = stateLimit
      self.machine = machine
      self.smaller = smaller
    }
  }

  public enum Outcome: Sendable {
    case reward(Reward)
    /// `Σ weight · [the run starts like this]`.
    case function([(prefix: Prefix, weight: Rational)])
    /// One rank an object of the task, larger is better.
    case ranks([Int])
    /// The given formula meets the requirements.
    case formula
    /// No linear reward, or no function of trajectories: the requirements contradict each other.
    case farkas([WeightedRequirement])
    /// No order: the relations go round.
    case cycle([CycleStep])
    /// No formula: three levels are asked for where each object is a single run. The relations
    /// lead from a best to a worst object with at least two strict ones on the way.
    case levels([CycleStep])
    /// The given formula breaks requirements.
    case violations([Violation])
    /// No reward machine with so many states.
    case noMachine(MachineRefutation)
    /// No linear reward at any discount, or at none but those that are left open.
    case noDiscount(DiscountRefutation)
    /// A reward whose optimal policies are as the task asks.
    case optimum(Optimum)
    /// No such reward: one of these refutes each policy that could be optimal.
    case noOptimum([OptimumConflict])
    /// Every policy visits the states that are to be avoided: states with ranks, 0 at those, else
    /// every choice has a successor of a smaller rank.
    case unavoidable([(state: State, rank: Int)])
    /// The policy that has to be the only optimum visits a state that optimal ones have to avoid.
    case visit(Trajectory)
    /// For each policy that avoids the states why it is not better than all that visit them.
    case refuted([Refutation])
    case undecided(reason: String)
  }

  public let kind: ExpressTask.Kind
  public let formalism: Formalism
  /// The discount that was used, where one matters.
  public let discount: Rational?
  public let rewardSupport: ExpressTask.RewardSupport?
  public let outcome: Outcome
  /// The value of each object of the task, where the formalism gives values.
  public let values: [(name: String, value: Rational)]
  /// The search for a machine that led to the answer, if there was one.
  public private(set) var search: Search?
  /// A deterministic policy that avoids the states to be avoided and is better than all that visit
  /// them, where the outcome does not have it.
  public private(set) var best: [(state: State, action: Action)]?

  public init(
    kind: ExpressTask.Kind, formalism: Formalism, discount: Rational?,
    rewardSupport: ExpressTask.RewardSupport?, outcome: Outcome,
    values: [(name: String, value: Rational)] = []
  ) {
    self.kind = kind
    self.formalism = formalism
    self.discount = discount
    self.rewardSupport = rewardSupport
    self.outcome = outcome
    self.values = values
  }

  /// The same answer as that of a search for a machine.
  public func searched(_ search: Search) -> ExpressAnswer {
    var answer = self
    answer.search = search
    return answer
  }

  /// The same answer with the policy that is optimal.
  public func withBest(_ best: [(state: State, action: Action)]) -> ExpressAnswer {
    var answer = self
    answer.best = best
    return answer
  }

  /// Whether the task can be expressed, `nil` when it is not decided.
  public var isExpressible: Bool? {
    switch outcome {
    case .reward, .function, .ranks, .formula, .optimum: true
    case .farkas, .cycle, .levels, .violations, .noOptimum, .unavoidable, .visit,
      .refuted:
      false
    case .noDiscount(let refutation): refutation.open.isEmpty ? false : nil
    // A larger machine may.
    case .noMachine, .undecided: nil
    }
  }
}

extension ExpressAnswer {
  /// The machine of the answer, or of the task, with the reward that meets the task; `nil` where
  /// the answer has none.
  public func payingMachine(for task: ExpressTask) -> PayingMachine? {
    guard formalism == .rewardMachine, case .reward(let found) = outcome,
      let machine = search?.machine ?? task.machine
    else { return nil }
    var reward = MachineReward()
    for (coordinate, value) in found.entries {
      guard case .entry(let place?, let state, let action, let successor) = coordinate else {
        continue
      }
      let actions =
        action.map { [$0] }
        ?? task.model.choices(at: state).map { task.model.action(of: $0) }
      for action in actions {
        reward.set(
          .init(machine: place, state: state, action: action, successor: successor), to: value)
      }
    }
    return PayingMachine(machine, reward)
  }
}
