import ExactArithmetic

extension FactoredMatrix {
  /// The solutions of `M x = b` for several right sides, on several threads, as `reading` takes
  /// them down.
  ///
  /// - Parameter reading: receives the place of a right side and its solution, on any thread.
  /// - Throws: ``Interrupted``.
  /// - Complexity: one lifting for a denominator that probably serves all, and one of half that
  ///   length a right side.
  package func solve<Value: Sendable>(
    _ rights: [[Rational]], progress: ProgressHandler = .none,
    reading: @Sendable (Int, RationalVector) -> Value
  ) throws(Interrupted) -> [Value] {
    let denominator = try likelyDenominator(rights, progress)
    return try concurrentMap(rights.count, stage: "solving exactly", progress: progress) {
      (place) throws(Interrupted) in
      let vector = try lifted(
        rights[place], rows, rowScale, isTransposed: false, likely: denominator, .none)
      return reading(place, rescaled(vector, by: columnScale))
    }
  }

  /// The denominator of the solution for a random combination: that of all others, but for rare
  /// cancellation.
  private func likelyDenominator(
    _ rights: [[Rational]], _ progress: ProgressHandler
  ) throws(Interrupted) -> Integer? {
    guard rights.count > 1 else { return nil }
    var random = SplitMix64(seed: 0xD1B0)
    var sum = [Rational](repeating: 0, count: size)
    for right in rights {
      let weight = Rational(1 + Int(random.below(65_536)))
      for (place, value) in right.enumerated() where !value.isZero { sum[place] += weight * value }
    }
    let vector = try lifted(sum, rows, rowScale, isTransposed: false, likely: nil, progress)
    guard case .common(let denominator, _) = vector.form else { return nil }
    return denominator
  }
}
