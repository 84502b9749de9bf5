import ExactArithmetic
import MarkovDecisionProcesses

/// How to solve.
public enum SolverMethod: String, Sendable, CaseIterable {
  case auto
  case policyIteration = "policy-iteration"
  case valueIteration = "value-iteration"
  case linearProgram = "linear-program"
  case enumeration
}

/// Which values are wanted.
public enum ValueScope: Sendable, Hashable {
  /// Every value exactly, unless the answer is predicted to pass the memory limit: then
  /// enclosures, or ``Interrupted`` when `isRequired`.
  case all(isRequired: Bool)
  /// The exact value under the initial law, and a policy proved optimal.
  case initial
  /// Enclosures and a policy proved optimal.
  case none

  /// Whether the values of all states are wanted, and what is optimal there.
  var wantsAll: Bool {
    switch self {
    case .all: true
    case .initial, .none: false
    }
  }
}

public struct SolverOptions: Sendable {
  public var method = SolverMethod.auto
  public var scope = ValueScope.all(isRequired: false)
  /// In bytes.
  public var memoryLimit = 8 << 30
  public var progress = ProgressHandler.none

  public init() {}
}

/// A discounted problem on a model: maximise or minimise the expected discounted sum of rewards.
public struct DiscountedProblem: Sendable {
  public let model: FiniteMDP
  public let direction: Direction
  public let rewardName: String
  /// The expected reward of every choice.
  public let reward: PooledVector
  /// In `[0, 1)`.
  public let discount: Rational
  /// The law of the first state, if an initial value is wanted.
  public let initial: [(state: State, probability: Rational)]?

  /// - Throws: ``SolverError/noReward(_:names:)``, ``SolverError/discountOutOfRange(_:)``.
  public init(
    model: FiniteMDP, reward rewardName: String, discount: Rational,
    direction: Direction = .maximize,
    initial: [(state: State, probability: Rational)]? = nil
  ) throws(SolverError) {
    guard let function = model.reward(named: rewardName) else {
      throw .noReward(rewardName, names: model.rewards.map(\.name))
    }
    guard discount.signum >= 0, discount < 1 else { throw .discountOutOfRange(discount) }
    self.model = model
    self.direction = direction
    self.rewardName = rewardName
    self.reward = function.expected(in: model)
    self.discount = discount
    self.initial = initial ?? model.initial
  }
}

/// A finite horizon on a model: the best expected sum of the first `horizon` rewards.
public struct FiniteHorizonProblem: Sendable {
  public let model: FiniteMDP
  public let direction: Direction
  public let rewardName: String
  /// The expected reward of every choice.
  public let reward: PooledVector
  /// In `[0, 1]`.
  public let discount: Rational
  public let horizon: Int
  public let initial: [(state: State, probability: Rational)]?

  /// - Throws: ``SolverError/noReward(_:names:)``, ``SolverError/discountOutOfRange(_:)``,
  ///   ``SolverError/negativeHorizon(_:)``.
  public init(
    model: FiniteMDP, reward rewardName: String, horizon: Int, discount: Rational = 1,
    direction: Direction = .maximize,
    initial: [(state: State, probability: Rational)]? = nil
  ) throws(SolverError) {
    guard let function = model.reward(named: rewardName) else {
      throw .noReward(rewardName, names: model.rewards.map(\.name))
    }
    guard discount.signum >= 0, discount <= 1 else { throw .discountOutOfRange(discount) }
    guard horizon >= 0 else { throw .negativeHorizon(horizon) }
    self.model = model
    self.direction = direction
    self.rewardName = rewardName
    self.reward = function.expected(in: model)
    self.discount = discount
    self.horizon = horizon
    self.initial = initial ?? model.initial
  }
}

/// A problem that a solver cannot take.
public enum SolverError: Error, Hashable, Sendable {
  case noReward(String, names: [String])
  case noLabel(String, names: [String])
  case discountOutOfRange(Rational)
  case negativeHorizon(Int)
  case noInitialLaw
  /// Enumeration visits every deterministic policy; there are more than the limit.
  case tooManyPolicies(limit: Int)
  case methodDoesNotApply(String)
  /// With the column.
  case malformedFormula(String)
  /// The automaton of the formula would have more states, or needs too many marks.
  case formulaTooLarge(states: Int)
  /// The check that the automaton is that of the formula needs more room than it may take; with
  /// what there is too much of.
  case formulaNotProved(String)
  /// The acceptance condition has too many pairs.
  case acceptanceTooLarge
}

extension SolverError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noReward(let name, let names):
      "there is no reward '\(name)'; the model has \(names.joined(separator: ", "))"
    case .noLabel(let name, let names):
      names.isEmpty
        ? "there is no label '\(name)'; the model has no labels"
        : "there is no label '\(name)'; the model has \(names.joined(separator: ", "))"
    case .discountOutOfRange(let value):
      "the discount is \(value), but it has to be at least 0 and less than 1"
    case .negativeHorizon(let horizon):
      "the horizon is \(horizon), but it must not be negative"
    case .noInitialLaw:
      "the model has no initial law; give a state with --initial"
    case .tooManyPolicies(let limit):
      "the model has more than \(limit) deterministic policies, too many to enumerate"
    case .methodDoesNotApply(let why):
      why
    case .malformedFormula(let problem):
      "the formula is malformed: \(problem)"
    case .formulaTooLarge(let states):
      "the automaton of the formula is too large (more than \(states) states, or too many"
        + " acceptance marks)"
    case .formulaNotProved(let excess):
      "the automaton of the formula was found, but the check that it accepts the words of the"
        + " formula gives up: there are \(excess)"
    case .acceptanceTooLarge:
      "the acceptance condition of the automaton has more than 4096 pairs in disjunctive form"
    }
  }
}
