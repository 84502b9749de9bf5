import ExactArithmetic

/// Q-learning with an `ε`-greedy policy, without end.
///
/// `Q(s,a) += α (r + γ max Q(s',·) - Q(s,a))` with `α = (h + 1)/(h + n)` at the `n`-th visit and
/// `h = ⌈1/(1 - γ)⌉`, in multiples of `2^-30`, rounded down; starts at 0; rewards scaled to `[0, 1]`.
/// A baseline: no theorem is claimed for it.
///
/// Source: C. Watkins 1989; the rate of Jin, Allen-Zhu, Bubeck and Jordan 2018.
struct QLearner: AverageLearner {
  private let environment: TabularEnvironment
  private let rewards: [Int64]
  private let exploration: Exploration
  /// `γ` in units of `2^-30`.
  private let discount: Int64
  private let rate: Int64
  private var random: SplitMix64
  private var values: [Int64]
  private var visits: [Int64]
  private var state = 0
  private var greedy: [Int]
  private(set) var switches = 0
  var optimisticGains: Rational? { nil }
  var isCovered: Bool? { nil }

  init(
    _ environment: TabularEnvironment, exploration: Rational, discount: Rational, seed: UInt64
  ) {
    self.environment = environment
    rewards = environment.scaledRewards.map(FixedPoint.floor)
    self.exploration = Exploration(exploration)
    self.discount = FixedPoint.floor(discount)
    rate = Int64((1 / (1 - discount)).ceiling.word ?? Int(Int32.max))
    random = SplitMix64(seed: ~seed)
    values = Array(repeating: 0, count: environment.choiceCount)
    visits = values
    greedy = (0..<environment.stateCount).map { environment.model.choiceRange(at: $0).lowerBound }
  }

  mutating func choice(
    at state: Int, step: Int, progress: ProgressHandler
  ) throws(Interrupted) -> Int {
    self.state = state
    let choices = environment.model.choiceRange(at: state)
    if let place = exploration.draw(choices.count, using: &random) {
      return choices.lowerBound + place
    }
    return greedy[state]
  }

  struct Memento: Codable, Sendable {
    let random: SplitMix64
    let values, visits: [Int64]
    let greedy: [Int]
    let switches: Int
  }

  var memento: Memento {
    Memento(random: random, values: values, visits: visits, greedy: greedy, switches: switches)
  }

  mutating func restore(_ memento: Memento) throws(LearningError) {
    try LearningError.require(
      memento.values.count == values.count && memento.visits.count == visits.count
        && environment.isPolicy(memento.greedy), "the learner")
    random = memento.random
    (values, visits) = (memento.values, memento.visits)
    (greedy, switches) = (memento.greedy, memento.switches)
  }

  mutating func observe(_ choice: Int, slot: Int) {
    visits[choice] += 1
    let successor = environment.sampler.successor(at: slot)
    let target =
      rewards[slot] + Int64(Int128(discount) * Int128(values[greedy[successor]]) >> 30)
    let step = Int128(target - values[choice]) * Int128(rate + 1)
    values[choice] += Int64(step / Int128(rate + visits[choice]))
    let choices = environment.model.choiceRange(at: state)
    var best = choices.lowerBound
    for other in choices.dropFirst() where values[other] > values[best] { best = other }
    if best != greedy[state] {
      greedy[state] = best
      switches += 1
    }
  }
}

/// Exploration: with probability `ε`, exactly up to `2^-64`, a uniform choice.
struct Exploration: Sendable {
  /// `ε`.
  let probability: Rational
  private let threshold: UInt128

  init(_ probability: Rational) {
    self.probability = probability
    // u < 2^64 ε for an integer u exactly if u < ⌈2^64 ε⌉.
    let limit = -(-probability).floor(timesTwoToThe: 64)
    threshold = UInt128(limit.int128 ?? 0)
  }

  /// The place of a uniform choice, or `nil` where the policy is to be followed.
  func draw(_ count: Int, using random: inout SplitMix64) -> Int? {
    guard UInt128(random.next()) < threshold else { return nil }
    return Int(random.below(UInt64(count)))
  }
}
