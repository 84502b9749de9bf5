import ExactArithmetic
import MarkovDecisionProcesses

/// What a user wants an objective to say: which policies or trajectories are better than which.
public struct ExpressTask: Sendable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Some deterministic policies are acceptable, the others are not.
    case policySet = "policy-set"
    case policyOrder = "policy-order"
    case trajectoryOrder = "trajectory-order"
  }

  /// What a table of rewards may depend on.
  public enum RewardSupport: String, Sendable, Hashable, CaseIterable {
    case stateAction = "state-action"
    case transition
    /// The state that is left.
    case state
  }

  public enum Variant: String, Sendable, Hashable, CaseIterable {
    /// Every acceptable policy is better than every other one.
    case range
    /// And all acceptable ones are equally good.
    case equal
  }

  public enum Relation: String, Sendable, Hashable, CaseIterable {
    case greater = ">"
    case atLeast = ">="
    case equal = "="
  }

  /// The left object stands in this relation to the right one.
  public struct Constraint: Sendable, Hashable {
    /// Places in ``ExpressTask/objects``.
    public let left: Int
    public let relation: Relation
    public let right: Int

    public init(_ left: Int, _ relation: Relation, _ right: Int) {
      self.left = left
      self.relation = relation
      self.right = right
    }
  }

  /// Something that is compared.
  public struct Object: Sendable, Hashable {
    public enum Behaviour: Sendable, Hashable {
      /// Stationary.
      case policy(Policy)
      case trajectory(Trajectory)
    }

    /// The name, or the JSON text of a policy that was given inline.
    public let name: String
    public let isInline: Bool
    public let behaviour: Behaviour

    public init(name: String, isInline: Bool = false, behaviour: Behaviour) {
      self.name = name
      self.isInline = isInline
      self.behaviour = behaviour
    }
  }

  /// The discount of the specification.
  public enum Discount: Sendable, Hashable {
    case fixed(Rational)
    /// The specification may choose it.
    case any
  }

  /// How files write ``Discount/any``.
  static let anyDiscount = "any"

  /// How a formula of temporal logic is given.
  public enum Temporal: Sendable, Hashable {
    case formula(String)
    case automaton(OmegaAutomaton)
  }

  public let model: FiniteMDP
  public let kind: Kind
  public let formalism: Formalism
  /// `nil` when neither the task nor the model has one.
  public let discount: Discount?
  /// The law of the first state.
  public let initial: [(state: State, probability: Rational)]?
  public let rewardSupport: RewardSupport
  /// The named objects in the order of the input, then those given inline.
  public let objects: [Object]
  /// `policy-set`: the places of the acceptable policies.
  public let acceptable: [Int]
  /// `policy-set`: the places of all policies in question; `nil` for all deterministic ones.
  public let candidates: [Int]?
  public let variant: Variant
  /// Relations as they were given, `<` and `<=` turned round.
  public let relations: [Constraint]
  /// Tiers of places, the best first.
  public let ranking: [[Int]]
  public let machine: RewardMachine?
  public let temporal: Temporal?
  /// What is asked of the optimal policies, in tasks of the kind `policy-order`.
  public let optimum: OptimumRequest?

  public init(
    model: FiniteMDP, kind: Kind, formalism: Formalism, discount: Discount?,
    initial: [(state: State, probability: Rational)]?, rewardSupport: RewardSupport,
    objects: [Object], acceptable: [Int] = [], candidates: [Int]? = nil,
    variant: Variant = .range, relations: [Constraint] = [], ranking: [[Int]] = [],
    machine: RewardMachine? = nil, temporal: Temporal? = nil, optimum: OptimumRequest? = nil
  ) {
    self.model = model
    self.kind = kind
    self.formalism = formalism
    self.discount = discount
    self.initial = initial
    self.rewardSupport = rewardSupport
    self.objects = objects
    self.acceptable = acceptable
    self.candidates = candidates
    self.variant = variant
    self.relations = relations
    self.ranking = ranking
    self.machine = machine
    self.temporal = temporal
    self.optimum = optimum
  }

  /// The same requirements for another formalism, with or without a machine.
  ///
  /// - Parameter discount: the task's when `nil`.
  public func asking(
    for formalism: Formalism, machine: RewardMachine?, discount: Discount? = nil
  ) -> ExpressTask {
    ExpressTask(
      model: model, kind: kind, formalism: formalism, discount: discount ?? self.discount,
      initial: initial,
      rewardSupport: rewardSupport, objects: objects, acceptable: acceptable,
      candidates: candidates, variant: variant, relations: relations, ranking: ranking,
      machine: machine, temporal: temporal, optimum: optimum)
  }

  /// Fields that are given and say nothing to the formalism.
  public var unusedFields: [String] {
    var unused: [String] = []
    if machine != nil, formalism != .rewardMachine { unused.append("machine") }
    if formalism != .temporalLogic {
      switch temporal {
      case .formula?: unused.append("formula")
      case .automaton?: unused.append("automaton")
      case nil: break
      }
    }
    return unused
  }

  /// The relations and what the ranking adds to them: a chain of `=` in each tier and one `>`
  /// between neighbouring tiers, from which all others follow with at least the same margin.
  public var orderConstraints: [Constraint] {
    var constraints = relations
    for tier in ranking {
      for (left, right) in zip(tier, tier.dropFirst()) {
        constraints.append(Constraint(left, .equal, right))
      }
    }
    for (better, worse) in zip(ranking, ranking.dropFirst()) {
      if let left = better.first, let right = worse.first {
        constraints.append(Constraint(left, .greater, right))
      }
    }
    return constraints
  }
}

/// A run that is given step by step: finite, or going round a cycle for ever after.
public struct Trajectory: Sendable, Hashable {
  public struct Step: Sendable, Hashable {
    public let state: State
    public let action: Action
    public let successor: State

    public init(_ state: State, _ action: Action, _ successor: State) {
      self.state = state
      self.action = action
      self.successor = successor
    }
  }

  public let start: State
  public let steps: [Step]
  /// Starts and ends in the last state of ``steps``; not empty; `nil` for a finite run.
  public let cycle: [Step]?

  public init(start: State, steps: [Step], cycle: [Step]? = nil) {
    self.start = start
    self.steps = steps
    self.cycle = cycle
  }

  /// The same run in its shortest form: the cycle not a repetition of a shorter one, and rolled
  /// back into the steps as far as they agree.
  ///
  /// Two runs are the same exactly if their normal forms are.
  public var normalForm: Trajectory {
    guard var cycle else { return self }
    let count = cycle.count
    let period = (1..<max(count, 1)).first { period in
      count % period == 0 && (period..<count).allSatisfy { cycle[$0] == cycle[$0 - period] }
    }
    if let period { cycle.removeLast(count - period) }
    var steps = steps
    while let last = steps.last, last == cycle.last {
      steps.removeLast()
      cycle.removeLast()
      cycle.insert(last, at: 0)
    }
    return Trajectory(start: start, steps: steps, cycle: cycle)
  }
}
