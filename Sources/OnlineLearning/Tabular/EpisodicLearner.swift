import ExactArithmetic

/// A learner of episodes of fixed length, whose policy stays as it is within an episode.
protocol EpisodicLearner: Sendable {
  /// What the data have changed, between two episodes.
  associatedtype Memento: Codable & Sendable

  var memento: Memento { get }

  /// - Throws: ``LearningError`` for a memento of another shape.
  mutating func restore(_ memento: Memento) throws(LearningError)

  /// The choice of each state at each step, before exploration.
  var policy: [[Int]] { get }
  /// The probability of a uniform choice instead.
  var exploration: Exploration? { get }
  /// The learner's own value of the start, at least the optimal one for scaled rewards while its
  /// confidence sets hold the truth; `nil` for learners without.
  var optimisticValue: Rational? { get }
  /// Whether the values were optimistic whenever the learner planned.
  var isCovered: Bool? { get }

  /// Plans the next episode.
  mutating func plan()

  mutating func observe(_ choice: Int, slot: Int, state: Int, step: Int)
}

/// UCBVI with bonuses after Chernoff and Hoeffding.
///
/// Rewards are known and scaled to `[0, 1]`. `Q_h = min(Q_h before, H, r + P̂V_{h+1} + 7HL/√N)` for
/// choices seen `N ≥ 1` times, `H` for others, `L = ln(5HSA·KH/δ)`; all in multiples of `2^-30`,
/// rounded up, which adds at most `2^-29` a step.
///
/// Source: Azar, Osband and Munos 2017, algorithms 1 and 2.
struct UCBVILearner: EpisodicLearner {
  private let environment: TabularEnvironment
  private let horizon: Int
  private let rewards: [Int64]
  /// `⌈V*_h(s) · 2^30⌉` for scaled rewards: `V ≥ V*` on the grid exactly if it is at least this.
  private let optimal: [[Int64]]
  /// `⌈2^20 (7HL)²⌉`.
  private let level: UInt128
  private var counts: VisitCounts
  /// `Q_h`: one entry a step and choice.
  private var scores: [[Int64]]
  private var values: [[Int64]]
  private(set) var policy: [[Int]]
  private var coverage = true
  var exploration: Exploration? { nil }
  var isCovered: Bool? { coverage }

  init(
    _ environment: TabularEnvironment, horizon: Int, optimalValues: [[Rational]], level: Rational
  ) {
    self.environment = environment
    self.horizon = horizon
    rewards = environment.scaledExpectations.map { -FixedPoint.floor(-$0) }
    optimal = optimalValues.map { $0.map { -FixedPoint.floor(-$0) } }
    let top = -(-(level * level * Rational(49 * horizon * horizon))).floor(timesTwoToThe: 20)
    self.level = top.int128.map { UInt128($0) } ?? UInt128(1) << 87
    counts = VisitCounts(
      slots: environment.sampler.slotCount, choices: environment.choiceCount)
    let cap = Int64(horizon) * FixedPoint.one
    scores = Array(
      repeating: Array(repeating: cap, count: environment.choiceCount), count: horizon)
    values = Array(
      repeating: Array(repeating: 0, count: environment.stateCount), count: horizon + 1)
    policy = Array(
      repeating: Array(repeating: 0, count: environment.stateCount), count: horizon)
  }

  var optimisticValue: Rational? {
    Rational(Int(values[0][Int(environment.start.index)]), 1 << FixedPoint.bits)
  }

  mutating func plan() {
    let bonuses = counts.choices.map { bonus($0) }
    for step in (0..<horizon).reversed() {
      for state in 0..<environment.stateCount {
        var best: (choice: Int, score: Int64)?
        for choice in environment.model.choiceRange(at: state) {
          if let bonus = bonuses[choice] {
            let score = rewards[choice] + mean(choice, values[step + 1]) + bonus
            scores[step][choice] = min(scores[step][choice], score)
          }
          let score = scores[step][choice]
          if best.map({ score > $0.score }) ?? true { best = (choice, score) }
        }
        // Every state has a choice.
        values[step][state] = best?.score ?? 0
        policy[step][state] = best?.choice ?? 0
        if values[step][state] < optimal[step][state] { coverage = false }
      }
    }
  }

  mutating func observe(_ choice: Int, slot: Int, state: Int, step: Int) {
    counts.add(slot: slot, of: choice)
  }

  struct Memento: Codable, Sendable {
    let counts: VisitCounts
    let scores: [[Int64]]
    let coverage: Bool
  }

  var memento: Memento { Memento(counts: counts, scores: scores, coverage: coverage) }

  mutating func restore(_ memento: Memento) throws(LearningError) {
    try LearningError.require(
      memento.counts.hasShape(of: counts) && memento.scores.map(\.count) == scores.map(\.count),
      "the learner")
    (counts, scores, coverage) = (memento.counts, memento.scores, memento.coverage)
  }

  /// `7HL/√N`, rounded up; `nil` where the choice is new or the bonus is past every cap.
  private func bonus(_ count: Int64) -> Int64? {
    if count == 0 || level >> 86 != 0 { return nil }
    let bonus = FixedPoint.squareRoot((level << 40) / UInt128(count) + 1) + 1
    return bonus < UInt64(horizon) << 30 ? Int64(bonus) : nil
  }

  /// `P̂V`, rounded up.
  private func mean(_ choice: Int, _ values: [Int64]) -> Int64 {
    var sum = Int128.zero
    for slot in environment.sampler.slots(of: choice) {
      sum +=
        Int128(counts.slots[slot])
        * Int128(values[environment.sampler.successor(at: slot)])
    }
    let count = Int128(counts.choices[choice])
    return Int64((sum + count - 1) / count)
  }
}

/// Posterior sampling in episodes: the best policy of a kernel drawn before each.
///
/// Source: I. Osband, D. Russo and B. Van Roy, *(More) efficient reinforcement learning via
/// posterior sampling*, 2013.
struct EpisodicPosteriorLearner: EpisodicLearner {
  private let environment: TabularEnvironment
  private var kernel: SampledKernel
  private var counts: VisitCounts
  private(set) var policy: [[Int]]
  var exploration: Exploration? { nil }
  var optimisticValue: Rational? { nil }
  var isCovered: Bool? { nil }

  init(_ environment: TabularEnvironment, horizon: Int, seed: UInt64) {
    self.environment = environment
    kernel = SampledKernel(environment, seed: seed)
    counts = VisitCounts(
      slots: environment.sampler.slotCount, choices: environment.choiceCount)
    policy = Array(
      repeating: Array(repeating: 0, count: environment.stateCount), count: horizon)
  }

  mutating func plan() {
    kernel.draw(counts)
    var values = [Int64](repeating: 0, count: environment.stateCount)
    for step in policy.indices.reversed() {
      let best = values.indices.map { kernel.best(at: $0, over: values) }
      policy[step] = best.map(\.choice)
      values = best.map(\.value)
    }
  }

  struct Memento: Codable, Sendable {
    let counts: VisitCounts
    let random: SplitMix64
  }

  var memento: Memento { Memento(counts: counts, random: kernel.random) }

  mutating func restore(_ memento: Memento) throws(LearningError) {
    try LearningError.require(memento.counts.hasShape(of: counts), "the learner")
    counts = memento.counts
    kernel.random = memento.random
  }

  mutating func observe(_ choice: Int, slot: Int, state: Int, step: Int) {
    counts.add(slot: slot, of: choice)
  }
}

/// Q-learning in episodes, one table a step, with an `ε`-greedy policy.
///
/// `Q_h(s,a) += α (r + max Q_{h+1}(s',·) - Q_h(s,a))`, `α = (H + 1)/(H + n)` at the `n`-th visit, in
/// multiples of `2^-30`; starts at 0; rewards scaled to `[0, 1]`. A baseline without theorem.
///
/// Source: the rate of Jin, Allen-Zhu, Bubeck and Jordan 2018.
struct EpisodicQLearner: EpisodicLearner {
  private let environment: TabularEnvironment
  private let rewards: [Int64]
  private let rate: Int64
  private var scores: [[Int64]]
  private var visits: [[Int64]]
  private(set) var policy: [[Int]]
  let exploration: Exploration?
  var optimisticValue: Rational? { nil }
  var isCovered: Bool? { nil }

  init(_ environment: TabularEnvironment, horizon: Int, exploration: Rational) {
    self.environment = environment
    rewards = environment.scaledRewards.map(FixedPoint.floor)
    rate = Int64(horizon)
    self.exploration = Exploration(exploration)
    scores = Array(
      repeating: Array(repeating: 0, count: environment.choiceCount), count: horizon)
    visits = scores
    let first = (0..<environment.stateCount).map {
      environment.model.choiceRange(at: $0).lowerBound
    }
    policy = Array(repeating: first, count: horizon)
  }

  mutating func plan() {}

  struct Memento: Codable, Sendable {
    let scores, visits: [[Int64]]
    let policy: [[Int]]
  }

  var memento: Memento { Memento(scores: scores, visits: visits, policy: policy) }

  mutating func restore(_ memento: Memento) throws(LearningError) {
    let shape = scores.map(\.count)
    try LearningError.require(
      memento.scores.map(\.count) == shape && memento.visits.map(\.count) == shape
        && memento.policy.count == policy.count
        && memento.policy.allSatisfy { environment.isPolicy($0) }, "the learner")
    (scores, visits, policy) = (memento.scores, memento.visits, memento.policy)
  }

  mutating func observe(_ choice: Int, slot: Int, state: Int, step: Int) {
    visits[step][choice] += 1
    let successor = environment.sampler.successor(at: slot)
    var target = rewards[slot]
    if step + 1 < policy.count { target += scores[step + 1][policy[step + 1][successor]] }
    let change = Int128(target - scores[step][choice]) * Int128(rate + 1)
    scores[step][choice] += Int64(change / Int128(rate + visits[step][choice]))
    let choices = environment.model.choiceRange(at: state)
    var best = choices.lowerBound
    for other in choices.dropFirst() where scores[step][other] > scores[step][best] {
      best = other
    }
    policy[step][state] = best
  }
}
