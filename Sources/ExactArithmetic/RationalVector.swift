/// A vector of rational numbers in whichever of two forms is cheaper.
///
/// The answer of a linear system has one common denominator; kept once, it halves the size of the
/// vector, and a row of a model becomes an integer dot product. Where parts of a model do not
/// interact, entries with denominators of their own are far smaller.
public struct RationalVector: Sendable {
  public enum Form: Sendable {
    /// Entry `i` is `entries[i]`.
    case entries([Rational])
    /// Entry `i` is `numerators[i] / denominator` with `denominator > 0`, not necessarily reduced.
    case common(denominator: Integer, numerators: [Integer])
  }

  public let form: Form

  /// The vector with these entries.
  public init(_ entries: [Rational]) {
    form = .entries(entries)
  }

  /// The vector `numerators / denominator`.
  ///
  /// - Precondition: `denominator` is positive.
  public init(numerators: [Integer], denominator: Integer) {
    precondition(denominator.signum > 0, "the denominator of a vector is positive")
    form = .common(denominator: denominator, numerators: numerators)
  }

  public var count: Int {
    switch form {
    case .entries(let entries): entries.count
    case .common(_, let numerators): numerators.count
    }
  }

  /// Entry `index`, in lowest terms.
  ///
  /// - Complexity: O(1), or one gcd in the common-denominator form.
  public subscript(index: Int) -> Rational {
    switch form {
    case .entries(let entries): entries[index]
    case .common(let denominator, let numerators): Rational(numerators[index], denominator)
    }
  }

  /// All entries in lowest terms.
  public var entries: [Rational] {
    if case .entries(let entries) = form { return entries }
    return indices.map { self[$0] }
  }

  public var indices: Range<Int> { 0..<count }

  /// The vector with opposite signs.
  public static prefix func - (vector: RationalVector) -> RationalVector {
    switch vector.form {
    case .entries(let entries):
      RationalVector(entries.map { -$0 })
    case .common(let denominator, let numerators):
      RationalVector(numerators: numerators.map { -$0 }, denominator: denominator)
    }
  }

  /// The largest bit length of a denominator: a measure of how long the answer is.
  public var denominatorBits: Int {
    switch form {
    case .entries(let entries): entries.lazy.map(\.denominator.bitLength).max() ?? 1
    case .common(let denominator, _): denominator.bitLength
    }
  }
}

extension RationalVector: Equatable {
  public static func == (a: RationalVector, b: RationalVector) -> Bool {
    if case .common(let d1, let n1) = a.form, case .common(let d2, let n2) = b.form, d1 == d2 {
      return n1 == n2
    }
    return a.count == b.count && a.indices.allSatisfy { a[$0] == b[$0] }
  }
}
