import ExactArithmetic
import MarkovDecisionProcesses

/// Decides every Bellman inequality of a model exactly, in integers.
///
/// The rows are scaled to integers once (``IntegerRows``). Over a vector with common denominator
/// `D` and numerators `N` the sign of `r(c) + γ P_c v − v(s)` is that of the integer
/// `q r D + Σ w(t) N(t) − q N(s)`: one dot product. Three paths compute the same signs: 128-bit
/// words where a bound on the bits proves that they cannot overflow, an accumulator of any length,
/// and, for vectors without a short common denominator, an accumulator with the common denominator
/// of the entries that meet in a row.
package struct BellmanJudge: Sendable {
  let model: FiniteMDP
  let rows: IntegerRows

  /// - Parameters:
  ///   - reward: the expected reward of each choice.
  ///   - discount: in `[0, 1]`.
  /// - Complexity: O(transitions).
  package init(model: FiniteMDP, reward: PooledVector, discount: Rational) {
    precondition(reward.count == model.choiceCount, "one reward a choice")
    precondition(discount.signum >= 0 && discount <= 1, "a discount is in [0, 1]")
    self.model = model
    rows = IntegerRows(model: model, reward: reward, discount: discount)
  }

  /// For every choice `c` at `s` the sign of `r(c) + γ P_c v − v(s)`, where `v = values`.
  ///
  /// - Complexity: O(transitions) multiply-adds on numbers as long as those of `values`.
  /// - Throws: ``Interrupted`` when the handler says so.
  package func slackSigns(
    of values: RationalVector, progress: ProgressHandler = .none
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    precondition(values.count == model.stateCount, "one value a state")
    return try slackSigns(CommonScale(values), progress)
  }

  /// For every choice `c` at `s` the sign of `r(c) + γ P_c next − now(s)`.
  ///
  /// - Complexity: O(transitions) multiply-adds on numbers as long as those of the vectors.
  /// - Throws: ``Interrupted`` when the handler says so.
  package func slackSigns(
    of now: RationalVector, next: RationalVector, progress: ProgressHandler = .none
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    precondition(now.count == model.stateCount, "one value a state")
    precondition(next.count == model.stateCount, "one value a state")
    return try slackSigns(CommonScale(now, next), progress)
  }

  /// For every choice `c` at `s` the sign of `(r(c) + γ P_c values) − (r(d) + γ P_d other)`,
  /// where `d = reference[s]`.
  ///
  /// - Parameter reference: one choice a state.
  /// - Complexity: O(transitions) multiply-adds on numbers as long as those of the vectors.
  /// - Throws: ``Interrupted`` when the handler says so.
  package func lookaheadSigns(
    of values: RationalVector, against other: RationalVector, at reference: [Choice],
    progress: ProgressHandler = .none
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    precondition(values.count == model.stateCount, "one value a state")
    precondition(other.count == model.stateCount, "one value a state")
    precondition(reference.count == model.stateCount, "one choice a state")
    return try lookaheadSigns(CommonScale(values, other), reference, progress)
  }
}

extension BellmanJudge {
  private func slackSigns(
    _ scale: CommonScale, _ progress: ProgressHandler
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    switch scale {
    case .words(let denominator, let now, let next):
      if wordBits(denominator, now, next) <= 125 {
        return try wordSlackSigns(denominator, now, next, progress)
      }
      return try longSlackSigns(
        Integer(denominator), now.map { Integer($0) }, next.map { Integer($0) }, progress)
    case .doubleWords(let denominator, let now, let next):
      if doubleWordBits(denominator, now, next) <= 124 {
        return try doubleWordSlackSigns(denominator, now, next, progress)
      }
      return try longSlackSigns(
        CommonScale.integer(denominator), now.integers, next.integers, progress)
    case .integers(let denominator, let now, let next):
      return try longSlackSigns(denominator, now, next, progress)
    case .fractions(let now, let next):
      return try fractionSlackSigns(now, next, progress)
    }
  }

  private func lookaheadSigns(
    _ scale: CommonScale, _ reference: [Choice], _ progress: ProgressHandler
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    switch scale {
    case .words(let denominator, let values, let other):
      if wordBits(denominator, values, other) + rows.scaleBits <= 125 {
        return try wordLookaheadSigns(denominator, values, other, reference, progress)
      }
      return try longLookaheadSigns(
        Integer(denominator), values.map { Integer($0) }, other.map { Integer($0) },
        reference, progress)
    case .doubleWords(let denominator, let values, let other):
      if doubleWordBits(denominator, values, other) + rows.scaleBits <= 124 {
        return try doubleWordLookaheadSigns(denominator, values, other, reference, progress)
      }
      return try longLookaheadSigns(
        CommonScale.integer(denominator), values.integers, other.integers, reference, progress)
    case .integers(let denominator, let values, let other):
      return try longLookaheadSigns(denominator, values, other, reference, progress)
    case .fractions(let values, let other):
      return try fractionLookaheadSigns(values, other, reference, progress)
    }
  }

  /// A bound on the bits of `|q r D| + Σ w |N(t)| + q |N(s)|` over the rows of words.
  ///
  /// Each of the two parts has at most the sum of the bits of its factors; their sum one more.
  private func wordBits(
    _ denominator: Int, _ first: ContiguousArray<Int>, _ second: ContiguousArray<Int>
  ) -> Int {
    let largest = [first, second].lazy.joined().map(\.magnitude).max() ?? 0
    let numeratorBits = UInt.bitWidth - largest.leadingZeroBitCount
    return 1 + max(rows.weightBits + numeratorBits, rows.rewardBits + bitLength(denominator))
  }

  /// The same for each of the two words. Their joint sum has at most one bit more.
  private func doubleWordBits(
    _ denominator: (high: Int, low: Int), _ first: CommonScale.DoubleWords,
    _ second: CommonScale.DoubleWords
  ) -> Int {
    max(
      wordBits(denominator.high, first.high, second.high),
      wordBits(denominator.low, first.low, second.low))
  }
}
