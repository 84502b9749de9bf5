// What is here: the objectives that are linear in a table of rewards (MR, LAR, RM, RRL).

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Markov reward: `J_R(π) = E Σ γ^t R(s_t, a_t, s_{t+1})`.
public struct MarkovRewardObjective: RealValuedObjective {
  public static let formalism = Formalism.markovReward

  public let reward: TransitionReward
  public let discount: Rational

  /// - Throws: ``ObjectiveError/discountOutOfRange(_:)``.
  public init(_ reward: TransitionReward, discount: Rational) throws(ObjectiveError) {
    self.reward = reward
    self.discount = try checked(discount: discount)
  }

  public func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    let occupancy = try environment.occupancy(of: policy, discount: discount)
    return LogSum(reward.total(over: occupancy.masses, in: environment.model))
  }
}

/// Limit average reward: `lim (1/N) E Σ_{t<N} R(s_t, a_t, s_{t+1})`.
public struct LimitAverageObjective: RealValuedObjective {
  public static let formalism = Formalism.limitAverage

  public let reward: TransitionReward

  public init(_ reward: TransitionReward) {
    self.reward = reward
  }

  public func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    LogSum(
      reward.total(
        over: try environment.limitingShares(of: policy), in: environment.model))
  }
}

/// A reward machine: `E Σ γ^t R(u_t, s_t, a_t, s_{t+1})`, where `u_t` is the machine's state before
/// the step.
public struct RewardMachineObjective: RealValuedObjective {
  public static let formalism = Formalism.rewardMachine

  public let machine: PayingMachine
  public let discount: Rational

  /// - Throws: ``ObjectiveError/discountOutOfRange(_:)``.
  public init(_ machine: PayingMachine, discount: Rational) throws(ObjectiveError) {
    self.machine = machine
    self.discount = try checked(discount: discount)
  }

  public func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    let chain = environment.chain(of: policy, machine: machine.machine)
    let masses = try chain.discountedMasses(discount, progress: .none)
    let model = environment.model
    var sum = Rational.zero
    for (node, mass) in zip(chain.nodes, masses) where !mass.isZero {
      for weighted in policy.choices(at: node.state) {
        let action = model.action(of: weighted.choice)
        for (successor, probability) in model.transitions(of: weighted.choice) {
          sum +=
            mass * weighted.probability * probability
            * machine.reward.value(node.machine, node.state, action, to: successor)
        }
      }
    }
    return LogSum(sum)
  }

  /// `Σ γ^t R(u_t, ·)` along a run.
  func value(on run: Trajectory, in environment: ObjectiveEnvironment) -> Rational {
    var sum = Rational.zero
    var (weight, place) = (Rational.one, machine.machine.initial)
    func take(_ step: Trajectory.Step) {
      sum +=
        weight * machine.reward.value(place, step.state, step.action, to: step.successor)
      weight *= discount
      place = machine.machine.step(
        from: place, step.state, step.action, to: step.successor, letters: environment.letters)
    }
    run.steps.forEach(take)
    guard let cycle = run.cycle else { return sum }
    // Rounds until the machine's state comes again; from there on they repeat.
    var starts: [Int: (sum: Rational, weight: Rational)] = [:]
    while starts[place] == nil {
      starts[place] = (sum, weight)
      cycle.forEach(take)
    }
    guard let first = starts[place], !weight.isZero else { return sum }
    return first.sum + (sum - first.sum) / (1 - weight / first.weight)
  }
}

/// Regularised reward: `E Σ γ^t (R(s_t, a_t, s_{t+1}) − α F(π(·|s_t)))`.
public struct RegularisedObjective: RealValuedObjective {
  public static let formalism = Formalism.regularised

  public let reward: TransitionReward
  public let discount: Rational
  /// `α`.
  public let weight: Rational
  /// `F`.
  public let regulariser: Regulariser

  /// - Throws: ``ObjectiveError/discountOutOfRange(_:)``.
  public init(
    _ reward: TransitionReward, discount: Rational, weight: Rational, _ regulariser: Regulariser
  ) throws(ObjectiveError) {
    self.reward = reward
    self.discount = try checked(discount: discount)
    self.weight = weight
    self.regulariser = regulariser
  }

  public func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    let model = environment.model
    let occupancy = try environment.occupancy(of: policy, discount: discount)
    let paid = reward.total(over: occupancy.masses, in: model)
    guard !weight.isZero else { return LogSum(paid) }
    var sum = LogSum(paid)
    for (state, mass) in occupancy.stateMasses(in: model).enumerated() where !mass.isZero {
      let law = ActionLaw(policy.choices(at: State(state)), in: model)
      sum = sum - weight * mass * regulariser.value(of: law)
    }
    return sum
  }
}

/// A function of laws of actions.
public enum Regulariser: Sendable, Hashable {
  /// A value for each listed law, and one for all others.
  case table([ActionLaw: Rational], otherwise: Rational)
  /// A function of the probabilities of all actions, in the model's order; a sum of squares is
  /// the quadratic one.
  case function(OuterFunction, actionCount: Int)
  /// `Σ q log q`: minus the entropy.
  case negativeEntropy

  /// `Σ_a q(a)²`.
  public static func squares(actionCount: Int) -> Regulariser {
    let squares = (0..<actionCount).reduce(SymbolicPolynomial(integerLiteral: 0)) {
      $0 + .entry($1) * .entry($1)
    }
    return .function(OuterFunction(otherwise: squares), actionCount: actionCount)
  }

  public func value(of law: ActionLaw) -> LogSum {
    switch self {
    case .table(let values, let otherwise): LogSum(values[law] ?? otherwise)
    case .function(let function, let actionCount):
      LogSum(function.value(at: law.vector(actionCount: actionCount)))
    case .negativeEntropy:
      law.probabilities.reduce(LogSum.zero) { $0 + LogSum($1, logOf: $1) }
    }
  }
}

extension ActionLaw {
  /// The probabilities of all actions.
  func vector(actionCount: Int) -> [Rational] {
    var vector = [Rational](repeating: 0, count: actionCount)
    for (action, probability) in zip(actions, probabilities)
    where Int(action.index) < actionCount {
      vector[Int(action.index)] = probability
    }
    return vector
  }
}
