import ExactArithmetic
import MarkovDecisionProcesses

/// The rows of a model multiplied by the common denominator of their numbers.
///
/// Row `c` with scale `q` holds the integers `q`, `q r(c)` and `q γ p(t|c)`. Words while all of a
/// row fit; the rare row that does not is kept aside.
struct IntegerRows: Sendable {
  /// A row with a number that does not fit a word.
  struct LongRow: Sendable {
    let scale: Integer
    let reward: Integer
    /// One a transition of the choice, in the model's order.
    let weights: [Integer]
  }

  /// `q` of each choice; 0 marks a row in ``longRows``.
  private(set) var scales: ContiguousArray<Int>
  /// `q r(c)` of each choice.
  private(set) var rewards: ContiguousArray<Int>
  /// `q γ p` of each transition.
  private(set) var weights: ContiguousArray<Int>
  private(set) var longRows: [Int: LongRow] = [:]
  /// The most bits of `q + Σ q γ p` in a row of words.
  private(set) var weightBits = 0
  /// The most bits of `q r(c)` in a row of words.
  private(set) var rewardBits = 0
  /// The most bits of `q` in a row of words.
  private(set) var scaleBits = 0

  /// - Complexity: O(transitions) divisions of words, as long as words suffice.
  init(model: FiniteMDP, reward: PooledVector, discount: Rational) {
    let discounted = model.probabilityPool.values.map { discount * $0 }
    // 0 is no denominator: it marks a number that does not fit words.
    let numerators = ContiguousArray(discounted.map { $0.words?.numerator ?? 0 })
    let denominators = ContiguousArray(discounted.map { $0.words?.denominator ?? 0 })
    let rewardWords = reward.pool.values.map { $0.words ?? (numerator: 0, denominator: 0) }
    scales = ContiguousArray(repeating: 0, count: model.choiceCount)
    rewards = ContiguousArray(repeating: 0, count: model.choiceCount)
    weights = ContiguousArray(repeating: 0, count: model.transitionCount)
    for choice in 0..<model.choiceCount {
      let range = model.transitionRange(of: choice)
      let r = rewardWords[Int(reward.places[choice])]
      let isShort = fillRow(
        choice, range, r, numerators, denominators, places: model.probabilities)
      if !isShort {
        scales[choice] = 0
        longRows[choice] = LongRow(
          reward: reward[choice], row: range.map { discounted[Int(model.probabilities[$0])] })
      }
    }
  }

  /// Writes a row of words; `false` when a number of the row does not fit.
  private mutating func fillRow(
    _ choice: Int, _ range: Range<Int>, _ r: (numerator: Int, denominator: Int),
    _ numerators: ContiguousArray<Int>, _ denominators: ContiguousArray<Int>,
    places: ContiguousArray<Int32>
  ) -> Bool {
    var scale = r.denominator
    guard scale != 0 else { return false }
    var last = scale
    for transition in range {
      let denominator = denominators[Int(places[transition])]
      guard denominator != 0 else { return false }
      if denominator == last { continue }
      last = denominator
      if scale % denominator == 0 { continue }
      let g = Int(wordGCD(scale.magnitude, denominator.magnitude))
      let (product, overflow) = scale.multipliedReportingOverflow(by: denominator / g)
      guard !overflow else { return false }
      scale = product
    }
    let (scaled, overflow) = r.numerator.multipliedReportingOverflow(by: scale / r.denominator)
    guard !overflow, scaled != .min else { return false }
    // Σ γ p ≤ 1, so that no weight and no sum of weights exceeds the scale.
    for transition in range {
      let place = Int(places[transition])
      weights[transition] = numerators[place] * (scale / denominators[place])
    }
    scales[choice] = scale
    rewards[choice] = scaled
    weightBits = max(weightBits, bitLength(scale) + 1)
    rewardBits = max(rewardBits, bitLength(scaled))
    scaleBits = max(scaleBits, bitLength(scale))
    return true
  }
}

extension IntegerRows.LongRow {
  /// The row multiplied by the least common denominator of its numbers.
  init(reward: Rational, row: [Rational]) {
    var scale = reward.denominator
    for number in row where !number.denominator.divides(scale) {
      scale = Integer.lcm(scale, number.denominator)
    }
    self.scale = scale
    self.reward = reward.numerator * scale.exactlyDivided(by: reward.denominator)
    weights = row.map { $0.numerator * scale.exactlyDivided(by: $0.denominator) }
  }
}

/// The number of binary digits of the magnitude of a word.
func bitLength(_ value: Int) -> Int {
  Int.bitWidth - value.magnitude.leadingZeroBitCount
}
