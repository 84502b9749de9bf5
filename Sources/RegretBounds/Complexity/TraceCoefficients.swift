import ExactArithmetic

/// The average-reward generalised eluder coefficients of one played trace, exactly.
///
/// For hypotheses `f_t` at points `x_t` of an error table: `a = Σ_t Z_{f_t}(x_t)` and
/// `S = Σ_t Σ_{i<t} Z_{f_t}(x_i)²`. A number exists only after the constants of the definition are
/// fixed: here the additive one is `c = C₁ sp`, and no `ε`.
///
/// Source: after He, Zhong, Yang 2024 (2404.12648).
public struct TraceCoefficients: Sendable {
  /// One step: the hypothesis that was played and the point that was met.
  public struct Step: Sendable, Hashable {
    public let hypothesis: Int
    public let point: Int

    public init(hypothesis: Int, point: Int) {
      self.hypothesis = hypothesis
      self.point = point
    }
  }

  /// `a`.
  public let error: Rational
  /// `S`.
  public let priorSquares: Rational
  /// `Σ_t Z_{f_t}(x_t)²`.
  public let squares: Rational
  /// `max_t Σ_{i<t} Z_{f_t}(x_i)²`.
  public let largestPrior: Rational

  /// - Parameter table: one row an hypothesis, one column a point.
  public init(of trace: [Step], table: [[Rational]]) {
    // What each hypothesis has against it so far.
    var prior = [Rational](repeating: 0, count: table.count)
    var (error, priorSquares, squares) = (Rational.zero, Rational.zero, Rational.zero)
    var largest = Rational.zero
    for step in trace {
      let own = table[step.hypothesis][step.point]
      error += own
      squares += own * own
      priorSquares += prior[step.hypothesis]
      largest = max(largest, prior[step.hypothesis])
      for row in table.indices { prior[row] += table[row][step.point] * table[row][step.point] }
    }
    (self.error, self.priorSquares, self.squares) = (error, priorSquares, squares)
    largestPrior = largest
  }

  /// The least `d` with `a ≤ √(d S)`, for `C₁ = 0`; `nil` when there is none.
  public var dominance: Rational? {
    if error.signum <= 0 { return 0 }
    return priorSquares.isZero ? nil : error * error / priorSquares
  }

  /// The least `d` with `a ≤ √(d S) + c d`: the root of that equation, valid while `d ≤ T`.
  ///
  /// - Parameters:
  ///   - additive: `c > 0`.
  ///   - bits: the precision of the root.
  /// - Throws: ``EnclosureError``, which a positive `c` excludes.
  public func dominance(additive: Rational, bits: Int) throws(EnclosureError) -> Enclosure {
    precondition(additive.signum > 0, "the additive constant is positive")
    if error.signum <= 0 { return Enclosure(0) }
    let (S, c, a) = (priorSquares, additive, error)
    // (S + 2ca - √(S² + 4caS))/(2c²) loses digits to cancellation; this is the same number:
    // 2a²/(S + 2ca + √(S² + 4caS)).
    let root = try Enclosure(S * S + 4 * c * a * S).squareRoot(bits: bits + 8)
    return try Enclosure(2 * a * a).divided(by: root + (S + 2 * c * a))
  }

  /// `κ = Σ_t Z_{f_t}(x_t)² / max_t Σ_{i<t} Z_{f_t}(x_i)²`; `nil` when the largest prior is 0 and
  /// the sum is not.
  public var transferability: Rational? {
    if squares.isZero { return 0 }
    return largestPrior.isZero ? nil : squares / largestPrior
  }
}
