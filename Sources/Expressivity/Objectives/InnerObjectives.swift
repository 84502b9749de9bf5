// What is here: objectives that apply a function to the returns of each run (INMR, IMORL).

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// A function of the returns `(G_1, …, G_k)` of a run.
public enum ReturnFunction: Sendable {
  case outer(OuterFunction)
  /// The function of the run whose code (``TransitionCode``) the first return is.
  case decoding(TrajectoryFunction)
}

/// Inner non-linear Markov reward: `E f(G_R)`.
public struct InnerNonlinearObjective: RealValuedObjective {
  public static let formalism = Formalism.innerNonlinear

  public let reward: TransitionReward
  public let discount: Rational
  public let function: ReturnFunction

  /// - Throws: ``ObjectiveError/discountOutOfRange(_:)``.
  public init(
    _ reward: TransitionReward, discount: Rational, _ function: ReturnFunction
  ) throws(ObjectiveError) {
    self.reward = reward
    self.discount = try checked(discount: discount)
    self.function = function
  }

  public func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    try InnerMultiObjective([reward], discount: discount, function)
      .value(of: policy, in: environment)
  }
}

/// Inner multi-objective: `E f(G_1, …, G_k)`.
public struct InnerMultiObjective: RealValuedObjective {
  public static let formalism = Formalism.innerMultiObjective

  public let rewards: [TransitionReward]
  public let discount: Rational
  public let function: ReturnFunction

  /// - Throws: ``ObjectiveError/discountOutOfRange(_:)``.
  public init(
    _ rewards: [TransitionReward], discount: Rational, _ function: ReturnFunction
  ) throws(ObjectiveError) {
    self.rewards = rewards
    self.discount = try checked(discount: discount)
    self.function = function
  }

  public func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    LogSum(try expectation(under: policy, in: environment))
  }

  /// The moments of the returns where `f` is a polynomial; else their law, where it is finite.
  func expectation(
    under policy: Policy, in environment: ObjectiveEnvironment
  ) throws -> Rational {
    switch function {
    case .decoding(let function):
      // The code is injective, so that `f ∘ G⁻¹ ∘ G = f`: `proofs-notes/formalisms.md`.
      return try function.expectation(under: policy, in: environment)
    case .outer(let function):
      if let polynomial = function.polynomial {
        return try ReturnMoments(of: rewards, discount, policy, in: environment)
          .expectation(of: polynomial)
      }
      return try ReturnLaw(of: rewards, discount, policy, in: environment)
        .outcomes.reduce(Rational.zero) {
          $0 + $1.value * function.value(at: $1.key)
        }
    }
  }

  /// `f` of the returns of one run; the code of no run is worth 0.
  func value(on run: Trajectory, in environment: ObjectiveEnvironment) throws -> Rational {
    let returns = rewards.map { run.discountedSum(of: $0, discount) }
    switch function {
    case .outer(let function): return function.value(at: returns)
    case .decoding(let function):
      guard let first = returns.first,
        let decoded = TransitionCode(of: environment.model).run(of: first)
      else { return 0 }
      return try function.value(on: decoded, in: environment)
    }
  }
}

extension Trajectory {
  /// `Σ γ^t R_t` along the run.
  func discountedSum(of reward: TransitionReward, _ discount: Rational) -> Rational {
    func sum(_ steps: [Step]) -> Rational {
      // By Horner's rule from the end.
      steps.reversed().reduce(Rational.zero) { reward[$1] + discount * $0 }
    }
    guard let cycle else { return sum(steps) }
    let rounds = sum(cycle) / (1 - discount.power(cycle.count))
    return sum(steps) + discount.power(steps.count) * rounds
  }
}

/// A reward and a discount whose return tells the run: the `N` triples are numbered from 0, the
/// reward is the number, and the discount is `1/(N+1)`.
///
/// A difference at step `t` is worth at least `γ^t`, and everything after it less.
///
/// Source: ours, `proofs-notes/formalisms.md`.
public struct TransitionCode: Sendable {
  private let model: FiniteMDP
  /// `N = |S|²|A|`.
  private let count: Int

  public init(of model: FiniteMDP) {
    self.model = model
    count = model.stateCount * model.stateCount * model.actions.count
  }

  public var discount: Rational { Rational(1, count + 1) }

  public var reward: TransitionReward {
    var values: [Trajectory.Step: Rational] = [:]
    for choice in 0..<model.choiceCount {
      let (state, action) = (model.state(of: Choice(choice)), model.action(of: Choice(choice)))
      for (successor, _) in model.transitions(of: Choice(choice)) {
        let step = Trajectory.Step(state, action, successor)
        values[step] = Rational(number(of: step))
      }
    }
    return TransitionReward(values)
  }

  private func number(of step: Trajectory.Step) -> Int {
    (Int(step.state.index) * model.actions.count + Int(step.action.index)) * model.stateCount
      + Int(step.successor.index)
  }

  private func step(numbered number: Int) -> Trajectory.Step {
    let (pair, successor) = number.quotientAndRemainder(dividingBy: model.stateCount)
    let (state, action) = pair.quotientAndRemainder(dividingBy: model.actions.count)
    return Trajectory.Step(State(state), Action(action), State(successor))
  }

  /// The run whose return is `code`, or `nil` when there is none.
  ///
  /// The first number is the floor, since all that follows is worth at most `(N−1)/N`; a rational
  /// has finitely many remainders, so that they come round.
  public func run(of code: Rational) -> Trajectory? {
    var steps: [Trajectory.Step] = []
    var places: [Rational: Int] = [:]
    var rest = code
    while places[rest] == nil {
      places[rest] = steps.count
      guard let digit = rest.floor.word, digit >= 0, digit < count else { return nil }
      let step = step(numbered: digit)
      guard steps.last.map({ $0.successor == step.state }) ?? true else { return nil }
      steps.append(step)
      rest = (rest - Rational(digit)) * Rational(count + 1)
    }
    guard let first = places[rest], let start = steps.first?.state,
      steps.last?.successor == steps[first].state
    else { return nil }
    return Trajectory(
      start: start, steps: Array(steps[..<first]), cycle: Array(steps[first...]))
  }
}
