import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// A function of infinite runs whose expectation under every stationary policy is computed exactly.
public indirect enum TrajectoryFunction: Sendable {
  /// `Σ weight · [the run starts like this]`.
  case prefixes([(prefix: ExpressAnswer.Prefix, weight: Rational)])
  /// The discounted sum that a machine pays.
  case machine(RewardMachineObjective)
  /// The limit superior of the running averages of a reward.
  case limitAverage(TransitionReward)
  /// 1 where the formula holds, else 0.
  case indicator(TemporalObjective)
  /// A function of the discounted sums of rewards.
  case returns(InnerMultiObjective)
  /// A linear combination.
  case sum([(weight: Rational, function: TrajectoryFunction)])

  /// The expectation under a policy.
  ///
  /// - Throws: ``ObjectiveError``, ``Interrupted``.
  public func expectation(
    under policy: Policy, in environment: ObjectiveEnvironment
  ) throws -> Rational {
    switch self {
    case .prefixes(let parts):
      return parts.reduce(Rational.zero) { sum, part in
        sum + part.weight * environment.probability(of: part.prefix, under: policy)
      }
    case .machine(let objective):
      return try objective.value(of: policy, in: environment).rational
    case .limitAverage(let reward):
      return try LimitAverageObjective(reward).value(of: policy, in: environment).rational
    case .indicator(let objective):
      return try objective.value(of: policy, in: environment).rational
    case .returns(let objective):
      return try objective.expectation(under: policy, in: environment)
    case .sum(let parts):
      return try parts.reduce(Rational.zero) { sum, part in
        sum + part.weight * (try part.function.expectation(under: policy, in: environment))
      }
    }
  }

  /// The value on one run that goes on for ever.
  ///
  /// - Precondition: the run has a cycle.
  public func value(
    on run: Trajectory, in environment: ObjectiveEnvironment
  ) throws -> Rational {
    guard let cycle = run.cycle else { preconditionFailure("a function of infinite runs") }
    switch self {
    case .prefixes(let parts):
      return parts.reduce(Rational.zero) { $1.prefix.begins(run) ? $0 + $1.weight : $0 }
    case .machine(let objective): return objective.value(on: run, in: environment)
    case .limitAverage(let reward):
      return cycle.reduce(Rational.zero) { $0 + reward[$1] } / Rational(cycle.count)
    case .indicator(let objective):
      return try objective.holds(on: run, in: environment) ? 1 : 0
    case .returns(let objective): return try objective.value(on: run, in: environment)
    case .sum(let parts):
      return try parts.reduce(Rational.zero) { sum, part in
        sum + part.weight * (try part.function.value(on: run, in: environment))
      }
    }
  }
}

extension ObjectiveEnvironment {
  /// The probability that a run starts like this.
  func probability(of prefix: ExpressAnswer.Prefix, under policy: Policy) -> Rational {
    var probability = initial.first { $0.state == prefix.start }?.probability ?? 0
    var state = prefix.start
    for step in prefix.steps {
      guard step.state == state, let choice = model.choice(of: step.action, at: state) else {
        return 0
      }
      let reached = model.transitions(of: choice).first { $0.successor == step.successor }
      probability *= policy.probability(of: choice, at: state) * (reached?.probability ?? 0)
      state = step.successor
    }
    guard let action = prefix.lastAction else { return probability }
    guard let choice = model.choice(of: action, at: state) else { return 0 }
    return probability * policy.probability(of: choice, at: state)
  }
}

extension ExpressAnswer.Prefix {
  /// Whether an infinite run starts like this.
  func begins(_ run: Trajectory) -> Bool {
    guard let cycle = run.cycle, start == run.start else { return false }
    func step(_ place: Int) -> Trajectory.Step {
      place < run.steps.count
        ? run.steps[place] : cycle[(place - run.steps.count) % cycle.count]
    }
    return steps.indices.allSatisfy { steps[$0] == step($0) }
      && (lastAction.map { $0 == step(steps.count).action } ?? true)
  }
}

/// A function of trajectories: `E f(ξ)`.
public struct TrajectoryFunctionObjective: RealValuedObjective {
  public static let formalism = Formalism.trajectoryFunction

  public let function: TrajectoryFunction

  public init(_ function: TrajectoryFunction) {
    self.function = function
  }

  public func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    LogSum(try function.expectation(under: policy, in: environment))
  }
}
