import ExactArithmetic
import MarkovDecisionProcesses

/// Holds values against a model for weights of several rewards.
struct ScalarizedJudge {
  private let model: FiniteMDP
  private let names: [String]
  private let discount: Rational
  private let direction: Direction
  /// The expected reward of each choice, for each reward.
  let functions: [PooledVector]
  private let progress: ProgressHandler

  /// Rejects a reward that the model lacks, and a discount outside `[0, 1)`.
  init(
    _ names: [String], in model: FiniteMDP, discount: Rational, direction: Direction,
    _ progress: ProgressHandler
  ) throws(CheckFailure) {
    try require(!names.isEmpty, "rewards: there is none")
    try requireContracting(discount)
    var vectors: [PooledVector] = []
    for name in names {
      vectors.append(try model.expectedReward(name, in: "rewards"))
    }
    self.model = model
    self.names = names
    self.discount = discount
    self.direction = direction
    self.progress = progress
    functions = vectors
  }

  /// Rejects weights of a wrong number, negative ones, and none but zeros.
  func requireWeight(_ weight: [Rational], _ field: String) throws(CheckFailure) {
    try requireCount(weight, field)
    for (index, factor) in weight.enumerated() {
      try require(
        factor.signum >= 0,
        "\(field)[\(index)]: it is \(shown(factor)), but it must not be negative")
    }
    try require(
      weight.contains { !$0.isZero }, "\(field): every entry is 0, and so nothing would be proved")
  }

  /// Rejects what has not one entry a reward.
  func requireCount(_ numbers: [Rational], _ field: String) throws(CheckFailure) {
    try require(
      numbers.count == names.count,
      "\(field): there are \(numbers.count) entries, but \(names.count) rewards")
  }

  /// Checks `v(s) ≥ Σ w_i r_i(s,a) + γ P_a v(s)` for every action (`≤` for `minimize`).
  func requireSuperharmonic(
    _ values: RationalVector, for weight: [Rational]
  ) throws(CheckFailure) {
    try Certificates.requireCount(values.count, model, "values")
    let reward = weighted(weight)
    let judge = BellmanJudge(model: model, reward: reward, discount: discount)
    let signs: ContiguousArray<Int8>
    do throws(Interrupted) {
      signs = try judge.slackSigns(of: values, progress: progress)
    } catch {
      throw .interrupted(error)
    }
    for choice in signs.indices where signs[choice] * direction.sign > 0 {
      let bellman = BellmanOperator(model: model, reward: reward, discount: discount)
      let (left, right) = shown(
        values[Int(model.choiceStates[choice])],
        versus: bellman.lookahead(Choice(choice), over: values.entries))
      throw .rejected(
        "at state \(model.name(stateOf: choice)), action \(model.name(actionOf: choice)): "
          + "value = \(left) has to be \(direction == .maximize ? "at least" : "at most") "
          + "weighted reward + discount × expected next value = \(right)")
    }
  }

  private func weighted(_ weight: [Rational]) -> PooledVector {
    var pool = RationalPool()
    var places = ContiguousArray<Int32>()
    places.reserveCapacity(model.choiceCount)
    for choice in 0..<model.choiceCount {
      let sum = zip(weight, functions).reduce(Rational.zero) { $0 + $1.0 * $1.1[choice] }
      places.append(pool.insert(sum))
    }
    return PooledVector(places: places, pool: pool)
  }
}

/// `Σ_i a_i b_i`.
func dotProduct(_ a: [Rational], _ b: [Rational]) -> Rational {
  zip(a, b).reduce(Rational.zero) { $0 + $1.0 * $1.1 }
}
