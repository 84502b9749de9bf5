import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Specifications of every formalism and policies, drawn at random for one environment: what the
/// arrows between formalisms are tried on.
///
/// Numbers are small and ties frequent.
public struct ObjectiveSampler {
  private let environment: ObjectiveEnvironment
  private var random: SplitMix64

  /// The same seed draws the same specifications.
  public init(for environment: ObjectiveEnvironment, seed: UInt64) {
    self.environment = environment
    random = SplitMix64(seed: seed)
  }

  /// A stationary policy that takes one action at some states and draws at others.
  public mutating func policy() throws -> Policy {
    let model = environment.model
    var laws: [[(action: Action, probability: Rational)]] = []
    for state in 0..<model.stateCount {
      let choices = Array(model.choices(at: State(state)))
      var weights = choices.map { _ in draw(3) }
      weights[draw(choices.count)] += 1
      let total = weights.reduce(0, +)
      laws.append(
        zip(choices, weights).map { (model.action(of: $0), Rational($1, total)) })
    }
    return try Policy(laws: laws, in: model)
  }

  /// A specification of a formalism.
  public mutating func objective(
    of formalism: Formalism
  ) throws -> any ObjectiveSpecification {
    switch formalism {
    case .markovReward: try MarkovRewardObjective(reward(), discount: discount())
    case .limitAverage: LimitAverageObjective(reward())
    case .temporalLogic: temporalObjective()
    case .rewardMachine: try machineObjective()
    case .innerNonlinear:
      try InnerNonlinearObjective(
        reward(), discount: discount(), .outer(OuterFunction(otherwise: polynomial(of: 1))))
    case .innerMultiObjective: try innerObjective()
    case .trajectoryFunction: TrajectoryFunctionObjective(try trajectoryFunction())
    case .regularised: try regularisedObjective()
    case .outerNonlinear:
      try OuterNonlinearObjective(reward(), discount: discount(), outerFunction(of: 1))
    case .outerMultiObjective: try outerObjective()
    case .occupancyFunction: try occupancyObjective()
    case .lotteryFunction: LotteryFunctionObjective(try lotteryFunction())
    case .policyFunction: PolicyFunctionObjective(try policyFunction())
    case .occupancyOrder:
      try OccupancyOrderObjective(
        discount: Rational(1, 2), .ofLottery(.lexicographic(lotteryFunctions())))
    case .lotteryOrder: LotteryOrderObjective(.lexicographic(try lotteryFunctions()))
    case .generalisedMultiObjective:
      try GeneralisedMultiObjective(
        [reward(), reward()], discount: discount(),
        .lexicographic([outerFunction(of: 2), .entry(draw(2))]))
    case .policyOrder:
      PolicyOrderObjective(
        .lexicographic([try policyFunction(), .outer(.entry(draw(environment.model.choiceCount)))]))
    }
  }

  // MARK: - Parts

  private mutating func draw(_ bound: Int) -> Int { Int(random.below(UInt64(bound))) }

  private mutating func discount() -> Rational {
    [0, Rational(1, 3), Rational(1, 2), Rational(9, 10)][draw(4)]
  }

  private mutating func number() -> Rational { Rational(draw(5) - 2, 1 + draw(2)) }

  private mutating func reward() -> TransitionReward {
    var values: [Trajectory.Step: Rational] = [:]
    for step in environment.steps where draw(3) > 0 { values[step] = number() }
    return TransitionReward(values)
  }

  /// Of degree 2 at most in each variable.
  private mutating func polynomial(of count: Int) -> SymbolicPolynomial {
    var sum = SymbolicPolynomial.constant(number())
    for place in 0..<count {
      let entry = SymbolicPolynomial.entry(place)
      sum = sum + .constant(number()) * entry + .constant(number()) * entry * entry
    }
    return count > 1 ? sum + .constant(number()) * .entry(0) * .entry(1) : sum
  }

  private mutating func outerFunction(of count: Int) -> OuterFunction {
    guard draw(2) == 0 else { return OuterFunction(otherwise: polynomial(of: count)) }
    let condition = OuterFunction.Condition.entry(
      draw(count), above: number(), isStrict: draw(2) == 0)
    return OuterFunction(
      [.init(where: [condition], polynomial(of: count))],
      otherwise: draw(2) == 0 ? .constant(number()) : .entry(draw(count)))
  }

  private mutating func temporalObjective() -> TemporalObjective {
    var labels: [Trajectory.Step: Set<String>] = [:]
    for step in environment.steps {
      labels[step] = [[], ["p"], ["q"], ["p", "q"]][draw(4)]
    }
    let (p, q) = (TemporalFormula.proposition("p"), TemporalFormula.proposition("q"))
    let formulas: [TemporalFormula] = [
      .finally(p), .globally(p), .until(p, q), .globally(.finally(q)),
      .finally(.globally(p)), .next(p), .and(p, .next(.finally(q))),
    ]
    return TemporalObjective(formulas[draw(formulas.count)], labels: labels)
  }

  private mutating func machineObjective() throws -> RewardMachineObjective {
    let count = 1 + draw(3)
    var transitions: [RewardMachine.Transition] = []
    var table = MachineReward()
    for place in 0..<count {
      for step in environment.steps {
        if draw(2) == 0 {
          transitions.append(
            .init(
              from: place,
              when: .init(
                states: [step.state], actions: [step.action], successors: [step.successor]),
              to: draw(count)))
        }
        table.set(
          .init(
            machine: place, state: step.state, action: step.action, successor: step.successor),
          to: number())
      }
    }
    let machine = RewardMachine(
      states: NameTable(count: count), initial: draw(count), transitions: transitions)
    return try RewardMachineObjective(PayingMachine(machine, table), discount: discount())
  }

  private mutating func innerObjective() throws -> InnerMultiObjective {
    try InnerMultiObjective(
      [reward(), reward()], discount: discount(),
      .outer(OuterFunction(otherwise: polynomial(of: 2))))
  }

  private mutating func trajectoryFunction() throws -> TrajectoryFunction {
    switch draw(6) {
    case 0: .machine(try machineObjective())
    case 1: .limitAverage(reward())
    case 2: .indicator(temporalObjective())
    case 3: .returns(try innerObjective())
    case 4:
      .sum([(number(), .limitAverage(reward())), (number(), .indicator(temporalObjective()))])
    default: .prefixes([(prefix(), number()), (prefix(), number())])
    }
  }

  private mutating func prefix() -> ExpressAnswer.Prefix {
    let model = environment.model
    let start = environment.initial[draw(environment.initial.count)].state
    var (state, steps) = (start, [Trajectory.Step]())
    for _ in 0..<draw(3) {
      let choices = Array(model.choices(at: state))
      let choice = choices[draw(choices.count)]
      let successors = Array(model.transitions(of: choice))
      let successor = successors[draw(successors.count)].successor
      steps.append(Trajectory.Step(state, model.action(of: choice), successor))
      state = successor
    }
    let choices = Array(model.choices(at: state))
    let last = draw(2) == 0 ? model.action(of: choices[draw(choices.count)]) : nil
    return ExpressAnswer.Prefix(start: start, steps: steps, lastAction: last)
  }

  private mutating func regularisedObjective() throws -> RegularisedObjective {
    let actionCount = environment.model.actions.count
    let regulariser: Regulariser
    switch draw(3) {
    case 0: regulariser = .negativeEntropy
    case 1: regulariser = .squares(actionCount: actionCount)
    default:
      var table: [ActionLaw: Rational] = [:]
      for action in 0..<actionCount { table[ActionLaw([(Action(action), 1)])] = number() }
      regulariser = .table(table, otherwise: number())
    }
    return try RegularisedObjective(
      reward(), discount: discount(), weight: number(), regulariser)
  }

  private mutating func outerObjective() throws -> OuterMultiObjective {
    try OuterMultiObjective(
      [reward(), reward()], discount: discount(), .outer(outerFunction(of: 2)))
  }

  private mutating func occupancyObjective() throws -> OccupancyFunctionObjective {
    draw(2) == 0
      ? try OccupancyFunctionObjective(discount: discount(), .ofValues(outerObjective()))
      : try OccupancyFunctionObjective(
        discount: Rational(1, 3), .ofLottery(.expectation(trajectoryFunction())))
  }

  private mutating func lotteryFunction() throws -> LotteryFunction {
    switch draw(4) {
    case 0: .expectation(try trajectoryFunction())
    case 1: .regularised(try regularisedObjective())
    case 2: .ofOccupancy(try occupancyObjective())
    default: .outer([try trajectoryFunction(), try trajectoryFunction()], outerFunction(of: 2))
    }
  }

  private mutating func lotteryFunctions() throws -> [LotteryFunction] {
    [
      .outer(
        [try trajectoryFunction()],
        OuterFunction(
          [.init(where: [.entry(0, above: number(), isStrict: true)], 1)], otherwise: 0)),
      try lotteryFunction(),
    ]
  }

  private mutating func policyFunction() throws -> PolicyFunction {
    switch draw(3) {
    case 0: return .outer(outerFunction(of: min(2, environment.model.choiceCount)))
    case 1: return .ofLottery(try lotteryFunction())
    default:
      // Two draws may be the same policy.
      var table = [try policy(): number()]
      table[try policy()] = number()
      return .table(table, otherwise: number())
    }
  }
}
