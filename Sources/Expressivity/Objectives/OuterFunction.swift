import ExactArithmetic

/// A function of vectors that is a polynomial on each of finitely many polyhedral regions:
/// polynomials, piecewise linear and piecewise constant functions over the rationals.
///
/// The first region that holds the vector counts, and outside all of them ``otherwise``. So
/// `min(x1, x2)` is `x1` where `x2 - x1 ≥ 0`, else `x2`, and the threshold `[x1 > 0]` is 1 where
/// `x1 > 0`, else 0.
public struct OuterFunction: Sendable, Hashable {
  /// `form > 0`, or `form ≥ 0`.
  public struct Condition: Sendable, Hashable {
    public let form: SymbolicPolynomial
    public let isStrict: Bool

    public init(_ form: SymbolicPolynomial, isStrict: Bool) {
      self.form = form
      self.isStrict = isStrict
    }

    func holds(at vector: [Rational]) -> Bool {
      let sign = form.value(at: vector).signum
      return isStrict ? sign > 0 : sign >= 0
    }
  }

  public struct Piece: Sendable, Hashable {
    /// All of them hold in the region.
    public let region: [Condition]
    public let value: SymbolicPolynomial

    public init(where region: [Condition], _ value: SymbolicPolynomial) {
      self.region = region
      self.value = value
    }
  }

  public let pieces: [Piece]
  public let otherwise: SymbolicPolynomial

  public init(_ pieces: [Piece] = [], otherwise: SymbolicPolynomial) {
    self.pieces = pieces
    self.otherwise = otherwise
  }

  /// The entry at `place`.
  public static func entry(_ place: Int) -> OuterFunction {
    OuterFunction(otherwise: .entry(place))
  }

  public func value(at vector: [Rational]) -> Rational {
    let piece = pieces.first { piece in piece.region.allSatisfy { $0.holds(at: vector) } }
    return (piece?.value ?? otherwise).value(at: vector)
  }

  /// The polynomial that the function is, if there are no regions.
  public var polynomial: SymbolicPolynomial? { pieces.isEmpty ? otherwise : nil }
}

extension OuterFunction.Condition {
  /// Whether the entry at `place` is more than `bound`, or at least.
  public static func entry(
    _ place: Int, above bound: Rational, isStrict: Bool
  ) -> OuterFunction.Condition {
    OuterFunction.Condition(.entry(place) - .constant(bound), isStrict: isStrict)
  }
}
