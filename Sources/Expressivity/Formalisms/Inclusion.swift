import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// A constructive proof that one formalism expresses at least another: a function that turns a
/// specification of ``weaker`` into one of ``stronger`` that induces the same order.
///
/// Source: ours, after arXiv 2310.11840; `proofs-notes/formalisms.md`.
public struct Inclusion: Sendable {
  public let weaker: Formalism
  public let stronger: Formalism
  /// The construction, in one sentence.
  public let construction: String
  private let apply:
    @Sendable (any ObjectiveSpecification, ObjectiveEnvironment) throws ->
      any ObjectiveSpecification

  private init<Weak: ObjectiveSpecification, Strong: ObjectiveSpecification>(
    _ construction: String,
    _ convert: @escaping @Sendable (Weak, ObjectiveEnvironment) throws -> Strong
  ) {
    weaker = Weak.formalism
    stronger = Strong.formalism
    self.construction = construction
    apply = { specification, environment in
      guard let weak = specification as? Weak else {
        throw ObjectiveError.wrongFormalism(
          expected: Weak.formalism, given: type(of: specification).formalism)
      }
      return try convert(weak, environment)
    }
  }

  /// A specification of the stronger formalism that orders the policies of `environment` alike.
  ///
  /// - Throws: ``ObjectiveError/wrongFormalism(expected:given:)`` for a specification that is
  ///   none of the weaker formalism.
  public func converted(
    _ specification: any ObjectiveSpecification, in environment: ObjectiveEnvironment
  ) throws -> any ObjectiveSpecification {
    try apply(specification, environment)
  }

  /// The arrows whose reflexive and transitive closure is everything that holds.
  public static let all: [Inclusion] =
    markovArrows + trajectoryArrows + occupancyArrows + orderArrows

  private static let markovArrows: [Inclusion] = [
    Inclusion("a machine with one state") {
      (objective: MarkovRewardObjective, _) in
      var table = MachineReward()
      for (step, value) in objective.reward.values {
        table.set(
          .init(
            machine: 0, state: step.state, action: step.action, successor: step.successor),
          to: value)
      }
      let machine = RewardMachine(states: NameTable(count: 1), initial: 0, transitions: [])
      return try RewardMachineObjective(
        PayingMachine(machine, table), discount: objective.discount)
    },
    Inclusion("the weight α = 0") {
      (objective: MarkovRewardObjective, _) in
      try RegularisedObjective(
        objective.reward, discount: objective.discount, weight: 0,
        .table([:], otherwise: 0))
    },
    Inclusion("f is the identity") {
      (objective: MarkovRewardObjective, _) in
      try OuterNonlinearObjective(
        objective.reward, discount: objective.discount, .entry(0))
    },
    Inclusion("one reward, k = 1") {
      (objective: OuterNonlinearObjective, _) in
      try OuterMultiObjective(
        [objective.reward], discount: objective.discount, .outer(objective.function))
    },
  ]

  private static let trajectoryArrows: [Inclusion] = [
    Inclusion("f is the discounted sum that the machine pays") {
      (objective: RewardMachineObjective, _) in
      TrajectoryFunctionObjective(.machine(objective))
    },
    Inclusion("one reward, k = 1") {
      (objective: InnerNonlinearObjective, _) in
      try InnerMultiObjective(
        [objective.reward], discount: objective.discount, objective.function)
    },
    Inclusion("f of the trajectory's returns") {
      (objective: InnerMultiObjective, _) in
      TrajectoryFunctionObjective(.returns(objective))
    },
    Inclusion("f is the limit superior of the running averages") {
      (objective: LimitAverageObjective, _) in
      TrajectoryFunctionObjective(.limitAverage(objective.reward))
    },
    Inclusion("f is the indicator of the formula") {
      (objective: TemporalObjective, _) in
      TrajectoryFunctionObjective(.indicator(objective))
    },
    Inclusion("number the N triples, γ = 1/(N+1): the return tells the trajectory, f undoes it") {
      (objective: TrajectoryFunctionObjective, environment) in
      let code = TransitionCode(of: environment.model)
      return try InnerNonlinearObjective(
        code.reward, discount: code.discount, .decoding(objective.function))
    },
    Inclusion("the expectation of f under the lottery") {
      (objective: TrajectoryFunctionObjective, _) in
      LotteryFunctionObjective(.expectation(objective.function))
    },
    Inclusion("the lottery fixes the policy at every reachable state, and only these enter") {
      (objective: RegularisedObjective, _) in
      LotteryFunctionObjective(.regularised(objective))
    },
  ]

  /// Both ways between values, occupancies and lotteries.
  private static let occupancyArrows: [Inclusion] = [
    Inclusion("the indicators of the triples as rewards") {
      (objective: OccupancyFunctionObjective, environment) in
      try OuterMultiObjective(
        environment.indicators, discount: objective.discount,
        .ofOccupancy(objective.function))
    },
    Inclusion("the values are linear in the occupancy") {
      (objective: OuterMultiObjective, _) in
      try OccupancyFunctionObjective(discount: objective.discount, .ofValues(objective))
    },
    Inclusion("the indicators of the triples as rewards") {
      (objective: OccupancyOrderObjective, environment) in
      try GeneralisedMultiObjective(
        environment.indicators, discount: objective.discount, .ofOccupancy(objective.order))
    },
    Inclusion("the values are linear in the occupancy") {
      (objective: GeneralisedMultiObjective, _) in
      try OccupancyOrderObjective(discount: objective.discount, .ofValues(objective))
    },
    Inclusion(determinesLottery) {
      (objective: LotteryFunctionObjective, _) in
      try OccupancyFunctionObjective(
        discount: Rational(1, 2), .ofLottery(objective.function))
    },
    Inclusion("the lottery determines the occupancy at every discount") {
      (objective: OccupancyFunctionObjective, _) in
      LotteryFunctionObjective(.ofOccupancy(objective))
    },
    Inclusion(determinesLottery) {
      (objective: LotteryOrderObjective, _) in
      try OccupancyOrderObjective(discount: Rational(1, 2), .ofLottery(objective.order))
    },
    Inclusion("the lottery determines the occupancy at every discount") {
      (objective: OccupancyOrderObjective, _) in
      LotteryOrderObjective(.ofOccupancy(objective))
    },
  ]

  private static let determinesLottery =
    "γ = 1/2: the occupancy of a stationary policy determines its lottery"

  private static let orderArrows: [Inclusion] = [
    Inclusion("f of the policy's lottery") {
      (objective: LotteryFunctionObjective, _) in
      PolicyFunctionObjective(.ofLottery(objective.function))
    },
    Inclusion("the order of the values") {
      (objective: LotteryFunctionObjective, _) in
      LotteryOrderObjective(.lexicographic([objective.function]))
    },
    Inclusion("the order of the values") {
      (objective: PolicyFunctionObjective, _) in
      PolicyOrderObjective(.lexicographic([objective.function]))
    },
    Inclusion("the order of the policies' lotteries") {
      (objective: LotteryOrderObjective, _) in
      PolicyOrderObjective(.ofLottery(objective.order))
    },
  ]
}

extension Inclusion: Hashable {
  /// There is one arrow at most between two formalisms.
  public static func == (a: Inclusion, b: Inclusion) -> Bool {
    a.weaker == b.weaker && a.stronger == b.stronger
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(weaker)
    hasher.combine(stronger)
  }
}

extension FormalismPreorder {
  /// The specification of `formalism` that a chain of arrows makes of another one: it orders the
  /// stationary policies of `environment` alike.
  ///
  /// - Throws: ``ObjectiveError/notExpressible(from:to:)`` where `formalism` does not express
  ///   everything that the other one does.
  public func converted(
    _ specification: any ObjectiveSpecification, to formalism: Formalism,
    in environment: ObjectiveEnvironment
  ) throws -> any ObjectiveSpecification {
    let start = type(of: specification).formalism
    guard let chain = chain(from: start, to: formalism) else {
      throw ObjectiveError.notExpressible(from: start, to: formalism)
    }
    return try chain.reduce(specification) { try $1.converted($0, in: environment) }
  }
}
