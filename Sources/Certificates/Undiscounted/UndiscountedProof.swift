import ExactArithmetic
import MarkovDecisionProcesses

/// What a checked certificate of an objective without discount has proved, in the form in which
/// claims are held against it.
struct UndiscountedProof: Sendable {
  /// What is known of the actions of one step.
  struct Step: Sendable {
    /// The policy of the certificate; `nil` where it says nothing.
    let policy: [Choice?]
    /// For each choice whether it attains the optimality equations; `nil` when bounds leave
    /// that open.
    let isOptimal: ContiguousArray<Bool>?
  }

  /// What a witness proves of the bias of an average reward.
  struct Bias: Sendable {
    let vector: RationalVector
    /// Whether it is the best among those of gain-optimal policies.
    let isOptimal: Bool
    /// For each choice whether a policy of such choices has this bias.
    let isAttained: ContiguousArray<Bool>
  }

  let direction: Direction
  /// The optimal values or gains at the first step, or bounds on them.
  let values: CertifiedValues
  /// Where the values are infinite; `nil` when they are all numbers.
  var divergence: [Divergence]?
  /// The states at which nothing is left to be done; `nil` when there are none.
  var isGoal: [Bool]?
  /// One a step; kinds without a number of steps have one.
  let steps: [Step]
  /// Whether every policy of optimal actions is proved optimal, not the certificate's alone.
  let provesEveryOptimalAction: Bool
  /// `nil` without a witness.
  var bias: Bias?
  /// The sentence that is proved, without the initial value.
  let statement: String

  var lower: RationalVector { values.bounds.lower.vector }
  var upper: RationalVector { values.bounds.upper.vector }

  /// Whether the bounds meet everywhere.
  var isExact: Bool { values.isExact }
}

/// What is proved of one number, which may be infinite.
struct ProvedValue: Sendable {
  let divergence: Divergence
  /// 0 where the value is infinite.
  let lower: Rational
  let upper: Rational
}

extension UndiscountedProof {
  func value(at state: Int) -> ProvedValue {
    ProvedValue(
      divergence: divergence?[state] ?? .finite, lower: lower[state], upper: upper[state])
  }

  /// The mean under an initial law: infinite as soon as the value of a state of positive
  /// probability is, with the sign of the states without a proper policy if there is one.
  func mean(_ law: [(state: Int, probability: Rational)]) -> ProvedValue {
    let support = law.filter { !$0.probability.isZero }
    let infinite = support.map { divergence?[$0.state] ?? .finite }.filter { $0 != .finite }
    if let first = infinite.first {
      let worst = direction.divergenceWithoutProperPolicy
      return ProvedValue(
        divergence: infinite.contains(worst) ? worst : first, lower: 0, upper: 0)
    }
    return ProvedValue(
      divergence: .finite, lower: lower.mean(support), upper: upper.mean(support))
  }

  /// The statement with the initial value, where there is an initial law.
  func sentence(initial: [(state: Int, probability: Rational)]?) -> String {
    guard let initial else { return statement }
    let mean = mean(initial)
    if let infinite = mean.divergence.text {
      return statement + "; the initial value is \(infinite)"
    }
    if isExact { return statement + "; the initial value is \(shown(mean.lower))" }
    return statement
      + "; the initial value lies between \(shown(mean.lower)) and \(shown(mean.upper))"
  }

  /// The same with the model's own law.
  func sentence(in model: FiniteMDP) -> String {
    sentence(initial: model.initial?.indexed)
  }
}

extension Divergence {
  /// How an infinite value is written; `nil` for a number.
  package var text: String? {
    switch self {
    case .finite: nil
    case .positive: "inf"
    case .negative: "-inf"
    }
  }
}

extension Direction {
  /// The value of a state from which no policy reaches the goal almost surely: the worst there is.
  var divergenceWithoutProperPolicy: Divergence { self == .maximize ? .negative : .positive }
}

extension CertifiedValues {
  /// Whether the numbers are given, or bounds that meet everywhere.
  var isExact: Bool {
    switch self {
    case .exact: true
    case .enclosed(let lower, let upper):
      lower.indices.allSatisfy { lower.isEqual(upper, at: $0) }
    }
  }

  func requireCounts(_ model: FiniteMDP) throws(CheckFailure) {
    switch self {
    case .exact(let values): try requireCount(values.count, model, "values")
    case .enclosed(let lower, let upper):
      try requireCount(lower.count, model, "lower")
      try requireCount(upper.count, model, "upper")
    }
  }

  /// The two vectors with their names in messages: the same one twice for exact values.
  var bounds: (lower: NamedVector, upper: NamedVector) {
    switch self {
    case .exact(let values):
      (NamedVector("value", values), NamedVector("value", values))
    case .enclosed(let lower, let upper):
      (NamedVector("lower", lower), NamedVector("upper", upper))
    }
  }
}

/// A vector with its name in messages.
struct NamedVector {
  let name: String
  let vector: RationalVector

  init(_ name: String, _ vector: RationalVector) {
    self.name = name
    self.vector = vector
  }

  /// The names of an entry now and of one a step later.
  var names: (now: String, next: String) { (name, "next \(name)") }
}
