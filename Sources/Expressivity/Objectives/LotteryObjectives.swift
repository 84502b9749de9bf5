// What is here: objectives that see a policy by the law of its runs (FTLR, TLO), and objectives that
// see the policy itself (FPR, PO).

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The law of the runs of a stationary policy: its laws of actions at the states that it reaches.
///
/// Two stationary policies have the same law of runs exactly if these are equal.
public struct TrajectoryLottery: Sendable, Hashable {
  /// One entry a state, `nil` where the policy never comes.
  public let laws: [ActionLaw?]

  public init(of policy: Policy, in environment: ObjectiveEnvironment) {
    let model = environment.model
    let isReached = model.graph(of: policy).reachable(
      from: environment.initial.map { Int($0.state.index) })
    laws = (0..<model.stateCount).map { state in
      isReached[state] ? ActionLaw(policy.choices(at: State(state)), in: model) : nil
    }
  }

  /// A policy with this lottery: the first available action where it never comes.
  public func policy(in environment: ObjectiveEnvironment) throws -> Policy {
    let model = environment.model
    return try Policy(
      laws: laws.enumerated().map { state, law in
        guard let law else {
          return [(model.action(of: Choice(model.choiceRange(at: state).lowerBound)), 1)]
        }
        return zip(law.actions, law.probabilities).map { ($0, $1) }
      }, in: model)
  }
}

/// A function of trajectory lotteries.
public indirect enum LotteryFunction: Sendable {
  case expectation(TrajectoryFunction)
  /// A function of several expectations.
  case outer([TrajectoryFunction], OuterFunction)
  /// The lottery tells the laws in use and how often, which is all that enters.
  case regularised(RegularisedObjective)
  /// A function of the occupancy at a discount, which the lottery tells.
  case ofOccupancy(OccupancyFunctionObjective)

  func value(
    of lottery: TrajectoryLottery, in environment: ObjectiveEnvironment
  ) throws -> LogSum {
    let policy = try lottery.policy(in: environment)
    switch self {
    case .expectation(let function):
      return LogSum(try function.expectation(under: policy, in: environment))
    case .outer(let functions, let outer):
      return LogSum(
        outer.value(
          at: try functions.map { try $0.expectation(under: policy, in: environment) }))
    case .regularised(let objective): return try objective.value(of: policy, in: environment)
    case .ofOccupancy(let objective): return try objective.value(of: policy, in: environment)
    }
  }
}

/// A function of trajectory lotteries: `f(L_π)`.
public struct LotteryFunctionObjective: RealValuedObjective {
  public static let formalism = Formalism.lotteryFunction

  public let function: LotteryFunction

  public init(_ function: LotteryFunction) {
    self.function = function
  }

  public func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    try function.value(of: TrajectoryLottery(of: policy, in: environment), in: environment)
  }
}

/// A total preorder of trajectory lotteries.
public indirect enum LotteryOrder: Sendable {
  /// By the first of these functions that differs.
  case lexicographic([LotteryFunction])
  case ofOccupancy(OccupancyOrderObjective)

  func comparison(
    of first: TrajectoryLottery, with second: TrajectoryLottery,
    in environment: ObjectiveEnvironment
  ) throws -> ObjectiveComparison {
    switch self {
    case .lexicographic(let functions):
      try firstDifference(functions) {
        try $0.value(of: first, in: environment) - $0.value(of: second, in: environment)
      }
    case .ofOccupancy(let objective):
      try objective.comparison(
        of: first.policy(in: environment), with: second.policy(in: environment),
        in: environment)
    }
  }
}

/// A total preorder of trajectory lotteries.
public struct LotteryOrderObjective: ObjectiveSpecification {
  public static let formalism = Formalism.lotteryOrder

  public let order: LotteryOrder

  public init(_ order: LotteryOrder) {
    self.order = order
  }

  public func comparison(
    of first: Policy, with second: Policy, in environment: ObjectiveEnvironment
  ) throws -> ObjectiveComparison {
    try order.comparison(
      of: TrajectoryLottery(of: first, in: environment),
      with: TrajectoryLottery(of: second, in: environment), in: environment)
  }
}

/// A function of policies.
public indirect enum PolicyFunction: Sendable {
  /// A function of the probabilities `π(a|s)`, one entry a choice in the model's order.
  case outer(OuterFunction)
  /// A value for each listed policy, and one for all others.
  case table([Policy: Rational], otherwise: Rational)
  case ofLottery(LotteryFunction)

  func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    let model = environment.model
    switch self {
    case .outer(let function):
      return LogSum(
        function.value(
          at: (0..<model.choiceCount).map {
            policy.probability(of: Choice($0), at: model.state(of: Choice($0)))
          }))
    case .table(let values, let otherwise): return LogSum(values[policy] ?? otherwise)
    case .ofLottery(let function):
      return try function.value(
        of: TrajectoryLottery(of: policy, in: environment), in: environment)
    }
  }
}

/// A function of policies: `f(π)`.
public struct PolicyFunctionObjective: RealValuedObjective {
  public static let formalism = Formalism.policyFunction

  public let function: PolicyFunction

  public init(_ function: PolicyFunction) {
    self.function = function
  }

  public func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    try function.value(of: policy, in: environment)
  }
}

/// A total preorder of policies.
public struct PolicyOrderObjective: ObjectiveSpecification {
  public static let formalism = Formalism.policyOrder

  public enum Order: Sendable {
    /// By the first of these functions that differs.
    case lexicographic([PolicyFunction])
    case ofLottery(LotteryOrder)
  }

  public let order: Order

  public init(_ order: Order) {
    self.order = order
  }

  public func comparison(
    of first: Policy, with second: Policy, in environment: ObjectiveEnvironment
  ) throws -> ObjectiveComparison {
    switch order {
    case .lexicographic(let functions):
      try firstDifference(functions) {
        try $0.value(of: first, in: environment) - $0.value(of: second, in: environment)
      }
    case .ofLottery(let order):
      try order.comparison(
        of: TrajectoryLottery(of: first, in: environment),
        with: TrajectoryLottery(of: second, in: environment), in: environment)
    }
  }
}
