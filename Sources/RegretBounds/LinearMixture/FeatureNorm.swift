import ExactArithmetic
import MarkovDecisionProcesses

/// The largest squared norm of `φ_V(s,a) = Σ φ(s'|s,a) V(s')` over pairs and `V ∈ [0,1]^S`: `L2`.
///
/// The norm is convex in `V`, so that it is largest at a `V` of zeros and ones, and the vectors
/// `φ_V` of all `V` form a zonotope. For growing dimensions the problem is NP-hard (the rows of a
/// signed incidence matrix make it the largest cut).
///
/// Source: `proofs-notes/feature-norm.md`.
public struct FeatureNorm: Sendable, Hashable {
  /// The largest squared norm, or a number that is not below it.
  public let squared: Rational
  /// Whether it is the largest one.
  public let isExact: Bool

  /// How many successors are enumerated one by one.
  static let enumeratedSuccessors = 20
  /// Facets times successors of a zonotope that are worth the time.
  static let largestWork = 400_000

  /// - Throws: ``Interrupted``.
  public init(of features: TransitionFeatures, progress: ProgressHandler = .none)
    throws(Interrupted)
  {
    var (squared, isExact) = (Rational.zero, true)
    var bounds: [Rational] = []
    for row in features.rows {
      try progress.checkpoint()
      let generators = row.map(\.vector).filter { $0.contains { !$0.isZero } }
      if let norm = try Self.exact(generators, progress) {
        squared = max(squared, norm)
      } else {
        bounds.append(Self.coordinateBound(generators))
      }
    }
    // A bound that the exact rows exceed anyway takes no exactness away.
    for bound in bounds where bound > squared { (squared, isExact) = (bound, false) }
    self.squared = squared
    self.isExact = isExact
  }

  /// `Σ_i max(Σ φ_i⁺, Σ φ_i⁻)²`: what each coordinate can reach alone.
  public static func coordinateBound(_ generators: [[Rational]]) -> Rational {
    guard let dimension = generators.first?.count else { return 0 }
    return (0..<dimension).reduce(Rational.zero) { sum, column in
      var (positive, negative) = (Rational.zero, Rational.zero)
      for generator in generators {
        if generator[column].isNegative {
          negative -= generator[column]
        } else {
          positive += generator[column]
        }
      }
      let largest = max(positive, negative)
      return sum + largest * largest
    }
  }

  /// The largest squared norm of a sum of some of the generators; `nil` where that is too much.
  static func exact(
    _ generators: [[Rational]], _ progress: ProgressHandler
  ) throws(Interrupted) -> Rational? {
    guard let dimension = generators.first?.count else { return 0 }
    if !generators.joined().contains(where: \.isNegative) {
      // Nothing cancels: all together are largest.
      let sum = (0..<dimension).map { column in
        generators.reduce(Rational.zero) { $0 + $1[column] }
      }
      return dot(sum, sum)
    }
    let zonotope = Zonotope(generators)
    let work = zonotope.work
    // Facets take fractions, sums take words: that is about a factor of eight.
    let hasFewFacets = work <= largestWork && work < 1 << max(0, min(generators.count, 62) - 3)
    if generators.count <= enumeratedSuccessors, !hasFewFacets {
      return try zonotope.largestByEnumeration(progress)
    }
    guard work <= largestWork else { return nil }
    return try zonotope.largestByFacets(progress)
  }
}
