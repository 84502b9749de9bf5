// What is here: objectives that see a policy by its values or its occupancy measure (ONMR, OMORL,
// FOMR, OMO, GOMORL). Notation: m(s,a,t) = x(s,a) T(t|s,a) for the discounted time x at a choice.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Outer non-linear Markov reward: `f(J_R)`.
public struct OuterNonlinearObjective: RealValuedObjective {
  public static let formalism = Formalism.outerNonlinear

  public let reward: TransitionReward
  public let discount: Rational
  public let function: OuterFunction

  /// - Throws: ``ObjectiveError/discountOutOfRange(_:)``.
  public init(
    _ reward: TransitionReward, discount: Rational, _ function: OuterFunction
  ) throws(ObjectiveError) {
    self.reward = reward
    self.discount = try checked(discount: discount)
    self.function = function
  }

  public func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    let occupancy = try environment.occupancy(of: policy, discount: discount)
    return LogSum(
      function.value(at: [reward.total(over: occupancy.masses, in: environment.model)]))
  }
}

/// A function of `(J_1, …, J_k)`, or of the measure whose masses the values are.
public enum ValueFunction: Sendable {
  case outer(OuterFunction)
  /// The values are those of the steps' indicators (``ObjectiveEnvironment/indicators``).
  case ofOccupancy(OccupancyFunction)

  func value(
    at values: [Rational], discount: Rational, in environment: ObjectiveEnvironment
  ) throws -> LogSum {
    switch self {
    case .outer(let function): LogSum(function.value(at: values))
    case .ofOccupancy(let function):
      try function.value(
        of: environment.occupancy(stepMasses: values, discount: discount), in: environment)
    }
  }
}

/// Outer multi-objective: `f(J_1, …, J_k)`.
public struct OuterMultiObjective: RealValuedObjective {
  public static let formalism = Formalism.outerMultiObjective

  public let rewards: [TransitionReward]
  public let discount: Rational
  public let function: ValueFunction

  /// - Throws: ``ObjectiveError/discountOutOfRange(_:)``.
  public init(
    _ rewards: [TransitionReward], discount: Rational, _ function: ValueFunction
  ) throws(ObjectiveError) {
    self.rewards = rewards
    self.discount = try checked(discount: discount)
    self.function = function
  }

  public func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    let occupancy = try environment.occupancy(of: policy, discount: discount)
    return try value(of: occupancy, in: environment)
  }

  /// The values are linear in the occupancy, so that this is a function of it.
  func value(
    of occupancy: OccupancyMeasure, in environment: ObjectiveEnvironment
  ) throws -> LogSum {
    let values = rewards.map { $0.total(over: occupancy.masses, in: environment.model) }
    return try function.value(at: values, discount: discount, in: environment)
  }
}

/// A function of occupancy measures.
public indirect enum OccupancyFunction: Sendable {
  /// A function of the values of rewards.
  case ofValues(OuterMultiObjective)
  /// A function of the lottery of the policies that have the measure.
  case ofLottery(LotteryFunction)

  func value(
    of occupancy: OccupancyMeasure, in environment: ObjectiveEnvironment
  ) throws -> LogSum {
    switch self {
    case .ofValues(let objective): try objective.value(of: occupancy, in: environment)
    case .ofLottery(let function):
      try function.value(of: environment.lottery(of: occupancy), in: environment)
    }
  }
}

/// A function of occupancy measures: `f(m)`.
public struct OccupancyFunctionObjective: RealValuedObjective {
  public static let formalism = Formalism.occupancyFunction

  public let discount: Rational
  public let function: OccupancyFunction

  /// - Throws: ``ObjectiveError/discountOutOfRange(_:)``.
  public init(discount: Rational, _ function: OccupancyFunction) throws(ObjectiveError) {
    self.discount = try checked(discount: discount)
    self.function = function
  }

  public func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    try function.value(
      of: environment.occupancy(of: policy, discount: discount), in: environment)
  }
}

/// A total preorder of vectors of values.
public indirect enum ValueOrder: Sendable {
  /// By the first of these functions that differs.
  case lexicographic([OuterFunction])
  /// By the measures whose masses the values are.
  case ofOccupancy(OccupancyOrder)

  func comparison(
    of first: [Rational], with second: [Rational], discount: Rational,
    in environment: ObjectiveEnvironment
  ) throws -> ObjectiveComparison {
    switch self {
    case .lexicographic(let functions):
      return firstDifference(functions) { LogSum($0.value(at: first) - $0.value(at: second)) }
    case .ofOccupancy(let order):
      return try order.comparison(
        of: environment.occupancy(stepMasses: first, discount: discount),
        with: environment.occupancy(stepMasses: second, discount: discount), in: environment)
    }
  }
}

/// Generalised outer multi-objective: a total preorder of `(J_1, …, J_k)`.
public struct GeneralisedMultiObjective: ObjectiveSpecification {
  public static let formalism = Formalism.generalisedMultiObjective

  public let rewards: [TransitionReward]
  public let discount: Rational
  public let order: ValueOrder

  /// - Throws: ``ObjectiveError/discountOutOfRange(_:)``.
  public init(
    _ rewards: [TransitionReward], discount: Rational, _ order: ValueOrder
  ) throws(ObjectiveError) {
    self.rewards = rewards
    self.discount = try checked(discount: discount)
    self.order = order
  }

  public func comparison(
    of first: Policy, with second: Policy, in environment: ObjectiveEnvironment
  ) throws -> ObjectiveComparison {
    try comparison(
      of: environment.occupancy(of: first, discount: discount),
      with: environment.occupancy(of: second, discount: discount), in: environment)
  }

  func comparison(
    of first: OccupancyMeasure, with second: OccupancyMeasure,
    in environment: ObjectiveEnvironment
  ) throws -> ObjectiveComparison {
    func values(_ occupancy: OccupancyMeasure) -> [Rational] {
      rewards.map { $0.total(over: occupancy.masses, in: environment.model) }
    }
    return try order.comparison(
      of: values(first), with: values(second), discount: discount, in: environment)
  }
}

/// A total preorder of occupancy measures.
public indirect enum OccupancyOrder: Sendable {
  /// By the values of rewards.
  case ofValues(GeneralisedMultiObjective)
  /// By the lotteries of the policies that have the measures.
  case ofLottery(LotteryOrder)

  func comparison(
    of first: OccupancyMeasure, with second: OccupancyMeasure,
    in environment: ObjectiveEnvironment
  ) throws -> ObjectiveComparison {
    switch self {
    case .ofValues(let objective):
      try objective.comparison(of: first, with: second, in: environment)
    case .ofLottery(let order):
      try order.comparison(
        of: environment.lottery(of: first), with: environment.lottery(of: second),
        in: environment)
    }
  }
}

/// A total preorder of occupancy measures.
public struct OccupancyOrderObjective: ObjectiveSpecification {
  public static let formalism = Formalism.occupancyOrder

  public let discount: Rational
  public let order: OccupancyOrder

  /// - Throws: ``ObjectiveError/discountOutOfRange(_:)``.
  public init(discount: Rational, _ order: OccupancyOrder) throws(ObjectiveError) {
    self.discount = try checked(discount: discount)
    self.order = order
  }

  public func comparison(
    of first: Policy, with second: Policy, in environment: ObjectiveEnvironment
  ) throws -> ObjectiveComparison {
    try order.comparison(
      of: environment.occupancy(of: first, discount: discount),
      with: environment.occupancy(of: second, discount: discount), in: environment)
  }
}

extension ObjectiveEnvironment {
  /// The indicator of each step, in the order of ``steps``: its value is the step's mass.
  public var indicators: [TransitionReward] { steps.map { TransitionReward([$0: 1]) } }

  /// The measure whose step masses are the values of the ``indicators``.
  func occupancy(stepMasses: [Rational], discount: Rational) -> OccupancyMeasure {
    var masses = [Rational](repeating: 0, count: model.choiceCount)
    for (step, mass) in zip(steps, stepMasses) {
      if let choice = model.choice(of: step.action, at: step.state) {
        masses[Int(choice.index)] += mass
      }
    }
    return OccupancyMeasure(knownMasses: masses, discount: discount, initial: initial)
  }

  /// The lottery of the stationary policies with this measure.
  ///
  /// `π(a|s) = Σ_t m(s,a,t) / Σ_{b,t} m(s,b,t)` wherever the state is visited. At the discount 0
  /// only the first step is seen; the lottery is then that of one of the policies.
  func lottery(of occupancy: OccupancyMeasure) throws -> TrajectoryLottery {
    TrajectoryLottery(of: try occupancy.policy(in: model), in: self)
  }
}

/// The sign of the first difference that is not 0.
func firstDifference<Function>(
  _ functions: [Function], _ difference: (Function) throws -> LogSum
) rethrows -> ObjectiveComparison {
  for function in functions {
    let comparison = ObjectiveComparison(of: try difference(function), with: .zero)
    if comparison != .equal { return comparison }
  }
  return .equal
}
