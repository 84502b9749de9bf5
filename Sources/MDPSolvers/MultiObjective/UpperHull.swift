// What is here: the facets of D = conv(points) - R^d_+ while points arrive one by one.
// Notation: the valid inequalities w·z ≤ c of D form the cone {(w, c): w ≥ 0, c ≥ w·z for every
// point z}; its extreme rays with w ≠ 0 are the facets of D, and (0, 1) is the only other one.

import Certificates
import ExactArithmetic

/// The downward hull of points in two to four dimensions, by its facets.
struct UpperHull {
  /// An inequality `normal · z ≤ offset`; the normal's entries sum to 1.
  struct Facet: Sendable {
    /// Never that of another facet, also of one that was cut off.
    let id: Int
    let normal: [Rational]
    let offset: Rational
    /// The places of the points on it, ascending.
    let points: [Int]

    /// `c − w·z`.
    func slack(at point: [Rational]) -> Rational {
      zip(normal, point).reduce(offset) { $0 - $1.0 * $1.1 }
    }
  }

  private(set) var points: [[Rational]]
  /// The rays (w, c); the inequalities are `w_i ≥ 0` for each i, then one a point.
  private var cone: ConeRays

  /// The hull of one point: `z_i ≤ p_i` for each `i`.
  init(_ point: [Rational]) {
    points = [point]
    let axes = point.indices
    var rays: [(entries: [Integer], tight: BitSet)] = axes.map { i in
      let normal = axes.map { $0 == i ? point[i].denominator : 0 }
      return (normal + [point[i].numerator], BitSet(axes.filter { $0 != i } + [point.count]))
    }
    rays.append((axes.map { _ in 0 } + [1], BitSet(axes)))
    cone = ConeRays(rays, count: point.count + 1)
  }

  var facets: [Facet] { cone.rays.filter(Self.isFacet).map(facet) }

  /// A facet of which `isKnown` is false.
  func facet(unless isKnown: (_ id: Int) -> Bool) -> Facet? {
    cone.rays.first { Self.isFacet($0) && !isKnown($0.id) }.map(facet)
  }

  private static func isFacet(_ ray: ConeRays.Ray) -> Bool {
    ray.entries.dropLast().contains { !$0.isZero }
  }

  private func facet(_ ray: ConeRays.Ray) -> Facet {
    let count = ray.entries.count - 1
    let normal = ray.entries[..<count]
    // Positive: the entries are not negative, and some is not 0.
    let sum = normal.reduce(Integer(0), +)
    return Facet(
      id: ray.id, normal: normal.map { Rational($0, sum) },
      offset: Rational(ray.entries[count], sum),
      points: ray.tight.members.filter { $0 >= count }.map { $0 - count })
  }

  /// Takes in one more point, which may lie inside.
  mutating func insert(_ point: [Rational]) {
    points.append(point)
    let integers = homogeneous(point)
    cone.insert(integers.dropLast().map { -$0 } + integers.suffix(1))
  }
}
