import ExactArithmetic
import MarkovDecisionProcesses

// The loops over rows. Notation of a row: state s, scale q, reward q r, weights w(t) = q γ p(t).

/// How many rows of words, or of long numbers, lie between two questions whether to stop.
private let wordStride = 1 << 14
private let longStride = 1 << 8

extension BellmanJudge {
  /// Signs of `q r D + Σ w N'(t) − q N(s)` where the caller has shown that 128 bits hold it.
  func wordSlackSigns(
    _ denominator: Int, _ now: ContiguousArray<Int>, _ next: ContiguousArray<Int>,
    _ progress: ProgressHandler
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    var signs = ContiguousArray<Int8>(repeating: 0, count: model.choiceCount)
    for chunk in chunks(of: model.choiceCount) {
      try progress.checkpoint()
      let sums = slacks(chunk, denominator, now, next)
      for (choice, sum) in zip(chunk, sums) { signs[choice] = sign(sum) }
    }
    for choice in rows.longRows.keys {
      signs[choice] = longSlackSign(
        choice, Integer(denominator), { Integer(now[$0]) }, { Integer(next[$0]) })
    }
    return signs
  }

  /// The same for numbers in two words, where 128 bits hold the sum over each of the words.
  func doubleWordSlackSigns(
    _ denominator: (high: Int, low: Int), _ now: CommonScale.DoubleWords,
    _ next: CommonScale.DoubleWords, _ progress: ProgressHandler
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    var signs = ContiguousArray<Int8>(repeating: 0, count: model.choiceCount)
    for chunk in chunks(of: model.choiceCount) {
      try progress.checkpoint()
      let high = slacks(chunk, denominator.high, now.high, next.high)
      let low = slacks(chunk, denominator.low, now.low, next.low)
      for (index, choice) in chunk.enumerated() { signs[choice] = sign(high[index], low[index]) }
    }
    let divisor = CommonScale.integer(denominator)
    for choice in rows.longRows.keys {
      signs[choice] = longSlackSign(choice, divisor, now.integer, next.integer)
    }
    return signs
  }

  /// Signs of `X(c) q(d) − Y(d) q(c)`, the lookaheads over a common denominator that cancels.
  func wordLookaheadSigns(
    _ denominator: Int, _ values: ContiguousArray<Int>, _ other: ContiguousArray<Int>,
    _ reference: [Choice], _ progress: ProgressHandler
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    var signs = ContiguousArray<Int8>(repeating: 0, count: model.choiceCount)
    for chunk in chunks(of: model.stateCount) {
      try progress.checkpoint()
      let gaps = gaps(chunk, denominator, values, other, reference)
      for (choice, gap) in zip(choices(at: chunk), gaps) { signs[choice] = sign(gap) }
    }
    setLongLookaheadSigns(
      &signs, Integer(denominator), { Integer(values[$0]) }, { Integer(other[$0]) }, reference)
    return signs
  }

  /// The same for numbers in two words.
  func doubleWordLookaheadSigns(
    _ denominator: (high: Int, low: Int), _ values: CommonScale.DoubleWords,
    _ other: CommonScale.DoubleWords, _ reference: [Choice], _ progress: ProgressHandler
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    var signs = ContiguousArray<Int8>(repeating: 0, count: model.choiceCount)
    for chunk in chunks(of: model.stateCount) {
      try progress.checkpoint()
      let high = gaps(chunk, denominator.high, values.high, other.high, reference)
      let low = gaps(chunk, denominator.low, values.low, other.low, reference)
      for (index, choice) in choices(at: chunk).enumerated() {
        signs[choice] = sign(high[index], low[index])
      }
    }
    setLongLookaheadSigns(
      &signs, CommonScale.integer(denominator), values.integer,
      other.integer, reference)
    return signs
  }

  /// Decides the states at which a row is kept aside.
  private func setLongLookaheadSigns(
    _ signs: inout ContiguousArray<Int8>, _ denominator: Integer, _ values: (Int) -> Integer,
    _ other: (Int) -> Integer, _ reference: [Choice]
  ) {
    for state in Set(rows.longRows.keys.map { Int(model.choiceStates[$0]) }) {
      let d = Int(reference[state].index)
      for choice in model.choiceRange(at: state) {
        signs[choice] = longLookaheadSign(choice, values, d, other, denominator)
      }
    }
  }

  private func chunks(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: wordStride).map { $0..<min($0 + wordStride, count) }
  }

  private func choices(at states: Range<Int>) -> Range<Int> {
    Int(model.choiceOffsets[states.lowerBound])..<Int(model.choiceOffsets[states.upperBound])
  }

  /// `q r D + Σ w N'(t) − q N(s)` of each choice in `chunk`.
  private func slacks(
    _ chunk: Range<Int>, _ denominator: Int, _ now: ContiguousArray<Int>,
    _ next: ContiguousArray<Int>
  ) -> ContiguousArray<Int128> {
    var sums = ContiguousArray<Int128>(repeating: 0, count: chunk.count)
    sums.withUnsafeMutableBufferPointer { sums in
      withWords(next) { row in
        now.withUnsafeBufferPointer { now in
          for choice in chunk {
            sums[choice - chunk.lowerBound] =
              row.lookahead(choice, denominator)
              &- Int128(row.scales[choice]) &* Int128(now[Int(row.states[choice])])
          }
        }
      }
    }
    return sums
  }

  /// `X(c) q(d) − Y(d) q(c)` of each choice at the states in `chunk`.
  private func gaps(
    _ chunk: Range<Int>, _ denominator: Int, _ values: ContiguousArray<Int>,
    _ other: ContiguousArray<Int>, _ reference: [Choice]
  ) -> ContiguousArray<Int128> {
    let choices = choices(at: chunk)
    var gaps = ContiguousArray<Int128>(repeating: 0, count: choices.count)
    gaps.withUnsafeMutableBufferPointer { gaps in
      withWords(values) { row in
        withWords(other) { otherRow in
          for state in chunk {
            let d = Int(reference[state].index)
            let y = otherRow.lookahead(d, denominator)
            let scale = Int128(row.scales[d])
            for choice in model.choiceRange(at: state) {
              let x = row.lookahead(choice, denominator)
              gaps[choice - choices.lowerBound] = x &* scale &- y &* Int128(row.scales[choice])
            }
          }
        }
      }
    }
    return gaps
  }

  private func withWords(_ values: ContiguousArray<Int>, _ body: (WordRows) -> Void) {
    rows.scales.withUnsafeBufferPointer { scales in
      rows.rewards.withUnsafeBufferPointer { rewards in
        rows.weights.withUnsafeBufferPointer { weights in
          model.transitionOffsets.withUnsafeBufferPointer { offsets in
            model.successors.withUnsafeBufferPointer { successors in
              model.choiceStates.withUnsafeBufferPointer { states in
                values.withUnsafeBufferPointer { values in
                  body(
                    WordRows(
                      scales: scales, rewards: rewards, weights: weights, offsets: offsets,
                      successors: successors, states: states, values: values))
                }
              }
            }
          }
        }
      }
    }
  }
}

/// The rows and a vector as plain memory, for the loops alone.
private struct WordRows {
  let scales: UnsafeBufferPointer<Int>
  let rewards: UnsafeBufferPointer<Int>
  let weights: UnsafeBufferPointer<Int>
  let offsets: UnsafeBufferPointer<Int32>
  let successors: UnsafeBufferPointer<Int32>
  let states: UnsafeBufferPointer<Int32>
  let values: UnsafeBufferPointer<Int>

  /// `q r D + Σ w N(t)`; 0 for a row that is kept aside.
  @inline(__always)
  func lookahead(_ choice: Int, _ denominator: Int) -> Int128 {
    var sum = Int128(rewards[choice]) &* Int128(denominator)
    for transition in Int(offsets[choice])..<Int(offsets[choice + 1]) {
      sum &+= Int128(weights[transition]) &* Int128(values[Int(successors[transition])])
    }
    return sum
  }
}

@inline(__always)
private func sign(_ value: Int128) -> Int8 {
  value > 0 ? 1 : value < 0 ? -1 : 0
}

/// The sign of `high · 2⁶² + low`, whatever the sign of `low`.
@inline(__always)
private func sign(_ high: Int128, _ low: Int128) -> Int8 {
  // What low holds beyond 62 bits belongs to high; the rest is not negative.
  let top = high &+ (low >> 62)
  return top != 0 ? sign(top) : sign(low & (1 << 62 - 1))
}

// MARK: - Numbers of any length

extension BellmanJudge {
  func longSlackSigns(
    _ denominator: Integer, _ now: [Integer], _ next: [Integer], _ progress: ProgressHandler
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    var signs = ContiguousArray<Int8>(repeating: 0, count: model.choiceCount)
    var sum = Accumulator()
    for choice in 0..<model.choiceCount {
      if choice % longStride == 0 { try progress.checkpoint() }
      guard rows.scales[choice] != 0 else {
        signs[choice] = longSlackSign(choice, denominator, { now[$0] }, { next[$0] })
        continue
      }
      setToLookahead(&sum, choice, denominator, { next[$0] })
      sum.add(now[Int(model.choiceStates[choice])], times: -rows.scales[choice])
      signs[choice] = Int8(sum.signum)
    }
    return signs
  }

  func longLookaheadSigns(
    _ denominator: Integer, _ values: [Integer], _ other: [Integer], _ reference: [Choice],
    _ progress: ProgressHandler
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    var signs = ContiguousArray<Int8>(repeating: 0, count: model.choiceCount)
    for state in 0..<model.stateCount {
      if state % longStride == 0 { try progress.checkpoint() }
      let d = Int(reference[state].index)
      for choice in model.choiceRange(at: state) {
        signs[choice] = longLookaheadSign(
          choice, { values[$0] }, d, { other[$0] }, denominator)
      }
    }
    return signs
  }

  /// Sets `sum` to `q r D + Σ w N(t)`, whether the row is of words or kept aside.
  private func setToLookahead(
    _ sum: inout Accumulator, _ choice: Int, _ denominator: Integer,
    _ numerator: (Int) -> Integer
  ) {
    sum.reset()
    if rows.scales[choice] == 0, let row = rows.longRows[choice] {
      sum.add(denominator, times: row.reward)
      for (transition, weight) in zip(model.transitionRange(of: choice), row.weights) {
        sum.add(numerator(Int(model.successors[transition])), times: weight)
      }
    } else {
      sum.add(denominator, times: rows.rewards[choice])
      for transition in model.transitionRange(of: choice) {
        sum.add(numerator(Int(model.successors[transition])), times: rows.weights[transition])
      }
    }
  }

  private func longSlackSign(
    _ choice: Int, _ denominator: Integer, _ now: (Int) -> Integer, _ next: (Int) -> Integer
  ) -> Int8 {
    var sum = Accumulator()
    setToLookahead(&sum, choice, denominator, next)
    sum.add(now(Int(model.choiceStates[choice])), times: -scale(of: choice))
    return Int8(sum.signum)
  }

  private func longLookaheadSign(
    _ choice: Int, _ values: (Int) -> Integer, _ reference: Int, _ other: (Int) -> Integer,
    _ denominator: Integer
  ) -> Int8 {
    var x = Accumulator()
    setToLookahead(&x, choice, denominator, values)
    x.multiply(by: scale(of: reference))
    var y = Accumulator()
    setToLookahead(&y, reference, denominator, other)
    y.multiply(by: scale(of: choice))
    return Int8(x.compare(to: y.value))
  }

  private func scale(of choice: Int) -> Integer {
    if rows.scales[choice] == 0, let row = rows.longRows[choice] { return row.scale }
    return Integer(rows.scales[choice])
  }
}

// MARK: - Entries with denominators of their own

extension BellmanJudge {
  func fractionSlackSigns(
    _ now: CommonScale.Fractions, _ next: CommonScale.Fractions, _ progress: ProgressHandler
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    var signs = ContiguousArray<Int8>(repeating: 0, count: model.choiceCount)
    for choice in 0..<model.choiceCount {
      if choice % longStride == 0 { try progress.checkpoint() }
      let state = Int(model.choiceStates[choice])
      let denominator = commonDenominator(next, after: choice, times: now.denominators[state])
      signs[choice] = longSlackSign(
        choice, denominator, { now.numerator($0, over: denominator) },
        { next.numerator($0, over: denominator) })
    }
    return signs
  }

  func fractionLookaheadSigns(
    _ values: CommonScale.Fractions, _ other: CommonScale.Fractions, _ reference: [Choice],
    _ progress: ProgressHandler
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    var signs = ContiguousArray<Int8>(repeating: 0, count: model.choiceCount)
    for state in 0..<model.stateCount {
      if state % longStride == 0 { try progress.checkpoint() }
      let d = Int(reference[state].index)
      let shared = commonDenominator(other, after: d, times: 1)
      for choice in model.choiceRange(at: state) {
        let denominator = commonDenominator(values, after: choice, times: shared)
        signs[choice] = longLookaheadSign(
          choice, { values.numerator($0, over: denominator) }, d,
          { other.numerator($0, over: denominator) }, denominator)
      }
    }
    return signs
  }

  /// A common denominator of `seed` and the entries at the successors of `choice`.
  private func commonDenominator(
    _ values: CommonScale.Fractions, after choice: Int, times seed: Integer
  ) -> Integer {
    var multiple = seed
    for transition in model.transitionRange(of: choice) {
      let denominator = values.denominators[Int(model.successors[transition])]
      if !denominator.divides(multiple) { multiple = Integer.lcm(multiple, denominator) }
    }
    return multiple
  }
}

extension CommonScale.Fractions {
  /// The numerator of entry `index` over a multiple of its denominator.
  fileprivate func numerator(_ index: Int, over multiple: Integer) -> Integer {
    let denominator = denominators[index]
    if denominator == multiple { return numerators[index] }
    return numerators[index] * multiple.exactlyDivided(by: denominator)
  }
}
