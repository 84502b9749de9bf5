import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// Rewards of one model that are to be compared.
public struct ComparisonProblem: Sendable {
  /// The model with the compared rewards alone, negated where they are minimised.
  public let model: FiniteMDP
  public let direction: Direction
  /// In `[0, 1)`.
  public let discount: Rational
  /// The law of the first state.
  public let initial: [(state: State, probability: Rational)]
  /// Whether ``initial`` is not the model's own.
  public let replacesInitial: Bool
  public let pairs: ComparedPairs

  public var rewardNames: [String] { model.rewards.map(\.name) }

  /// - Parameters:
  ///   - rewards: two names at least, no name twice.
  ///   - initial: the law of the first state; the model's when `nil`.
  /// - Throws: ``ComparisonError``.
  public init(
    model: FiniteMDP, rewards: [String], discount: Rational, direction: Direction = .maximize,
    initial: [(state: State, probability: Rational)]? = nil
  ) throws {
    guard rewards.count >= 2 else { throw ComparisonError.fewRewards(rewards.count) }
    guard discount.signum >= 0, discount < 1 else {
      throw ComparisonError.discountOutOfRange(discount)
    }
    guard let law = initial ?? model.initial else { throw ComparisonError.noInitialLaw }
    var chosen: [(name: String, function: RewardFunction)] = []
    for name in rewards {
      guard let function = model.reward(named: name) else {
        throw ComparisonError.noReward(name, names: model.rewards.map(\.name))
      }
      guard !chosen.contains(where: { $0.name == name }) else {
        throw ComparisonError.rewardTwice(name)
      }
      chosen.append((name, direction == .maximize ? function : -function))
    }
    self.model = try model.replacingRewards(chosen)
    self.direction = direction
    self.discount = discount
    self.initial = law
    replacesInitial = initial != nil
    pairs = ComparedPairs(model: model, discount: discount, initial: law)
  }

  /// An environment whose rewards are drawn later.
  ///
  /// - Throws: ``ComparisonError``.
  public static func environment(
    _ model: FiniteMDP, discount: Rational,
    initial: [(state: State, probability: Rational)]? = nil
  ) throws -> ComparisonProblem {
    let rewards = [("first", RewardFunction.zero), ("second", RewardFunction.zero)]
    return try ComparisonProblem(
      model: model.replacingRewards(rewards), rewards: rewards.map(\.0), discount: discount,
      initial: initial)
  }

  /// The same environment with other rewards.
  func replacingRewards(
    _ rewards: [(name: String, function: RewardFunction)]
  ) throws -> ComparisonProblem {
    ComparisonProblem(model: try model.replacingRewards(rewards), like: self, discount, pairs)
  }

  /// The same problem with another discount in `[0, 1)`.
  func replacingDiscount(_ discount: Rational) -> ComparisonProblem {
    ComparisonProblem(
      model: model, like: self, discount,
      ComparedPairs(model: model, discount: discount, initial: initial))
  }

  private init(
    model: FiniteMDP, like other: ComparisonProblem, _ discount: Rational, _ pairs: ComparedPairs
  ) {
    self.model = model
    self.discount = discount
    self.pairs = pairs
    direction = other.direction
    initial = other.initial
    replacesInitial = other.replacesInitial
  }

  /// Refuses two names that make the same text of both directions, as `a` and `a->a`: regrets are
  /// told apart by it.
  func requireDistinctDirections() throws {
    let names = rewardNames.filter { $0.contains("->") }
    for long in names {
      for other in rewardNames where other != long {
        guard "\(long)->\(other)" != "\(other)->\(long)" else {
          throw ComparisonError.sameDirections(other, long)
        }
      }
    }
  }

  /// `Σ μ(s) v(s)`.
  func mean(_ values: RationalVector) -> Rational {
    initial.reduce(Rational.zero) { $0 + $1.probability * values[Int($1.state.index)] }
  }
}

/// A comparison that cannot be made.
public enum ComparisonError: Error, Hashable, Sendable {
  case fewRewards(Int)
  case noReward(String, names: [String])
  case rewardTwice(String)
  /// `A->B` and `B->A` are one text.
  case sameDirections(String, String)
  case discountOutOfRange(Rational)
  case noInitialLaw
  /// DARD draws one action for several states.
  case unavailableAction(state: String, action: String)
  case metricWithoutMeaning(String)
  /// Enclosures are of rewards as they are.
  case minimizeEnclosed
  /// Doubles, which guide the enclosures, do not tell the discount from 1.
  case outOfRange
  /// A defect: the checker does not accept what was computed.
  case rejected(String)
}

extension ComparisonError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .fewRewards(let count):
      "a comparison needs two rewards at least, but there \(count == 1 ? "is 1" : "are \(count)")"
    case .noReward(let name, let names):
      "there is no reward '\(name)'; there are: "
        + names.map { "'\($0)'" }.joined(separator: ", ")
    case .rewardTwice(let name): "the reward '\(name)' is named twice"
    case .sameDirections(let first, let second):
      "the names '\(first)' and '\(second)' of rewards do not tell the regret "
        + "'\(first)->\(second)' from its reverse: rename one of them"
    case .discountOutOfRange(let value):
      "the discount is \(value), but it has to be at least 0 and less than 1"
    case .noInitialLaw: "a comparison needs an initial law, but the model has none"
    case .unavailableAction(let state, let action):
      "the canonicalization 'dard' needs every action in every state, but '\(action)' is not "
        + "available at '\(state)'"
    case .metricWithoutMeaning(let why): why
    case .minimizeEnclosed:
      "enclosures are made for maximisation: negate the rewards instead"
    case .outOfRange:
      "enclosures come from doubles, which do not serve where the discount is above 1 - 2^-32: "
        + "ask for --values exact"
    case .rejected(let reason):
      "the computed comparison was rejected by the checker: \(reason)"
    }
  }
}
