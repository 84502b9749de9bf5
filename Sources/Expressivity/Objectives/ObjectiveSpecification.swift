import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// An objective in one of the seventeen formalisms: it orders the stationary policies of an
/// environment.
public protocol ObjectiveSpecification: Sendable {
  static var formalism: Formalism { get }

  /// How the first policy compares with the second one, decided exactly.
  ///
  /// - Precondition: both policies are stationary.
  /// - Throws: ``ObjectiveError`` where the objective cannot be evaluated, ``Interrupted``.
  func comparison(
    of first: Policy, with second: Policy, in environment: ObjectiveEnvironment
  ) throws -> ObjectiveComparison
}

/// An objective that gives every policy a number, which is all that its order depends on.
public protocol RealValuedObjective: ObjectiveSpecification {
  /// The value of a stationary policy, exactly.
  ///
  /// - Throws: ``ObjectiveError`` where the objective cannot be evaluated, ``Interrupted``.
  func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum
}

/// The outcome of comparing two policies under a total preorder.
public enum ObjectiveComparison: Int, Sendable, Hashable {
  case worse = -1
  case equal = 0
  case better = 1

  public init(of first: LogSum, with second: LogSum) {
    let sign = (first - second).signum
    self = sign > 0 ? .better : sign < 0 ? .worse : .equal
  }

  /// The comparison the other way round.
  public var reversed: ObjectiveComparison {
    switch self {
    case .worse: .better
    case .equal: .equal
    case .better: .worse
    }
  }
}

extension RealValuedObjective {
  public func comparison(
    of first: Policy, with second: Policy, in environment: ObjectiveEnvironment
  ) throws -> ObjectiveComparison {
    ObjectiveComparison(
      of: try value(of: first, in: environment), with: try value(of: second, in: environment))
  }
}

extension ObjectiveSpecification {
  /// The ranks of policies, 0 for the worst, equal ones sharing a rank.
  ///
  /// - Complexity: a value a policy; without values n² comparisons.
  public func ranks(
    of policies: [Policy], in environment: ObjectiveEnvironment
  ) throws -> [Int] {
    if let valued = self as? any RealValuedObjective {
      let values = try policies.map { try valued.value(of: $0, in: environment) }
      let levels = values.sorted().reduce(into: [LogSum]()) { levels, value in
        if levels.last != value { levels.append(value) }
      }
      return values.map { value in levels.firstIndex(of: value) ?? 0 }
    }
    // Of a total preorder the rank is the number of classes below.
    var classes: [Policy] = []
    for policy in policies {
      let isKnown = try classes.contains {
        try comparison(of: policy, with: $0, in: environment) == .equal
      }
      if !isKnown { classes.append(policy) }
    }
    return try policies.map { policy in
      try classes.count { try comparison(of: policy, with: $0, in: environment) == .better }
    }
  }
}

/// What an objective is asked on: a model and the law of its first state.
///
/// Labels are those of the model.
public struct ObjectiveEnvironment: Sendable {
  public let model: FiniteMDP
  /// Positive probabilities.
  public let initial: [(state: State, probability: Rational)]
  let letters: TransitionLetters

  /// - Throws: ``ObjectiveError/initialRequired`` when the model has no initial law.
  public init(_ model: FiniteMDP) throws(ObjectiveError) {
    guard let initial = model.initial else { throw .initialRequired }
    self.model = model
    self.initial = initial.filter { !$0.probability.isZero }
    letters = TransitionLetters(of: model)
  }

  /// The steps that are possible, by choice.
  public var steps: [Trajectory.Step] {
    (0..<model.choiceCount).flatMap { choice in
      model.transitions(of: Choice(choice)).map { successor, _ in
        Trajectory.Step(
          model.state(of: Choice(choice)), model.action(of: Choice(choice)), successor)
      }
    }
  }

  func chain(of policy: Policy, machine: RewardMachine? = nil) -> ProductChain {
    ProductChain(of: policy, in: model, machine: machine, letters: letters, initial: initial)
  }

  /// The discounted time that a policy spends on each choice.
  public func occupancy(
    of policy: Policy, discount: Rational
  ) throws -> OccupancyMeasure {
    let chain = chain(of: policy)
    let masses = try chain.discountedMasses(discount, progress: .none)
    return OccupancyMeasure(
      knownMasses: spread(masses, of: chain, policy), discount: discount, initial: initial)
  }

  /// The share of the time that a policy spends on each choice in the long run.
  func limitingShares(of policy: Policy) throws -> [Rational] {
    let chain = chain(of: policy)
    return spread(try chain.limitingMasses(progress: .none), of: chain, policy)
  }

  private func spread(
    _ masses: [Rational], of chain: ProductChain, _ policy: Policy
  ) -> [Rational] {
    var spread = [Rational](repeating: 0, count: model.choiceCount)
    for (node, mass) in zip(chain.nodes, masses) {
      for weighted in policy.choices(at: node.state) {
        spread[Int(weighted.choice.index)] += mass * weighted.probability
      }
    }
    return spread
  }
}

/// A table of rewards on steps; what is not listed is 0.
public struct TransitionReward: Sendable, Hashable {
  /// Without zeros.
  public let values: [Trajectory.Step: Rational]

  public init(_ values: [Trajectory.Step: Rational]) {
    self.values = values.filter { !$0.value.isZero }
  }

  /// The same reward for every successor, one entry a choice.
  public init(onChoices values: [Choice: Rational], in model: FiniteMDP) {
    var table: [Trajectory.Step: Rational] = [:]
    for (choice, value) in values {
      for (successor, _) in model.transitions(of: choice) {
        let step = Trajectory.Step(model.state(of: choice), model.action(of: choice), successor)
        table[step] = value
      }
    }
    self.init(table)
  }

  /// The reward of a model, on its possible steps.
  public init(_ reward: RewardFunction, in model: FiniteMDP) {
    var table: [Trajectory.Step: Rational] = [:]
    for entry in reward.entries {
      guard let choice = model.choice(of: entry.action, at: entry.state) else { continue }
      for (successor, _) in model.transitions(of: choice)
      where entry.successor.map({ $0 == successor }) ?? true {
        table[Trajectory.Step(entry.state, entry.action, successor), default: 0] += entry.value
      }
    }
    self.init(table)
  }

  public subscript(step: Trajectory.Step) -> Rational { values[step] ?? 0 }

  /// The expected reward of each choice.
  func expected(in model: FiniteMDP) -> [Rational] {
    (0..<model.choiceCount).map { index in
      let choice = Choice(index)
      let (state, action) = (model.state(of: choice), model.action(of: choice))
      return model.transitions(of: choice).reduce(Rational.zero) { sum, transition in
        sum + transition.probability * self[Trajectory.Step(state, action, transition.successor)]
      }
    }
  }

  /// `Σ x(s,a) r(s,a)` for the mass `x` of each choice.
  func total(over masses: [Rational], in model: FiniteMDP) -> Rational {
    zip(masses, expected(in: model)).reduce(Rational.zero) { sum, pair in
      pair.0.isZero ? sum : sum + pair.0 * pair.1
    }
  }
}

/// What makes an objective impossible to evaluate.
public enum ObjectiveError: Error, Hashable, Sendable {
  /// The environment has no law of the first state.
  case initialRequired
  /// The discount is negative, or 1 or more.
  case discountOutOfRange(Rational)
  /// With discount 0 values see the first step alone.
  case positiveDiscountRequired
  /// A function of returns that is no polynomial is evaluated by listing the returns, and there
  /// are infinitely many: the policy comes back to a state with rewards still open.
  case infinitelyManyReturns(state: String)
  /// The formula is not translated within the limit.
  case formulaTooLarge(String)
  /// An arrow was given a specification of another formalism.
  case wrongFormalism(expected: Formalism, given: Formalism)
  /// No chain of arrows leads there.
  case notExpressible(from: Formalism, to: Formalism)
}

extension ObjectiveError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .initialRequired:
      "an initial law is required to compare policies, and the model has none"
    case .discountOutOfRange(let value):
      "the discount is \(value), but it has to be at least 0 and less than 1"
    case .positiveDiscountRequired:
      "the discount is 0, with which MR and RRL see the first step alone; it has to be above 0 here"
    case .infinitelyManyReturns(let state):
      "a function of returns with regions is evaluated where finitely many returns are possible,"
        + " but state '\(state)' comes back with rewards still open"
    case .formulaTooLarge(let problem): problem
    case .wrongFormalism(let expected, let given):
      "a specification of \(expected.rawValue) is expected here, not one of \(given.rawValue)"
    case .notExpressible(let from, let to):
      "\(to.rawValue) does not express everything that \(from.rawValue) does"
    }
  }
}

/// Checks the discount of a specification.
func checked(discount: Rational) throws(ObjectiveError) -> Rational {
  guard discount.signum >= 0, discount < 1 else { throw .discountOutOfRange(discount) }
  return discount
}
