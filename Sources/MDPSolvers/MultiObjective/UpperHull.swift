// What is here: the facets of D = conv(points) - R^d_+ while points arrive one by one.
// Notation: the valid inequalities w·z ≤ c of D form the cone {(w, c): w ≥ 0, c ≥ w·z for every
// point z}; its extreme rays with w ≠ 0 are the facets of D, and (0, 1) is the only other one.

import ExactArithmetic

/// The downward hull of points in two to four dimensions, by its facets.
struct UpperHull {
  /// An inequality `normal · z ≤ offset`; the normal's entries sum to 1.
  struct Facet: Sendable {
    /// Never that of another facet, also of one that was cut off.
    let id: Int
    let normal: [Rational]
    let offset: Rational

    /// `c − w·z`.
    func slack(at point: [Rational]) -> Rational {
      zip(normal, point).reduce(offset) { $0 - $1.0 * $1.1 }
    }
  }

  private(set) var points: [[Rational]]
  /// The rays (w, c).
  private var cone: ConeRays

  /// The hull of one point: `z_i ≤ p_i` for each `i`.
  init(_ point: [Rational]) {
    points = [point]
    let axes = point.indices
    // The inequalities: w_i ≥ 0 for each i, then one a point.
    var rays: [(entries: [Rational], tight: BitSet)] = axes.map { i in
      let normal = axes.map { $0 == i ? Rational.one : .zero }
      return (normal + [point[i]], BitSet(axes.filter { $0 != i } + [point.count]))
    }
    rays.append((point.map { _ in 0 } + [1], BitSet(axes)))
    cone = ConeRays(rays, count: point.count + 1)
  }

  var facets: [Facet] { cone.rays.filter(isFacet).map(facet) }

  /// A facet of which `isKnown` is false.
  func facet(unless isKnown: (_ id: Int) -> Bool) -> Facet? {
    cone.rays.first { isFacet($0) && !isKnown($0.id) }.map(facet)
  }

  private func isFacet(_ ray: ConeRays.Ray) -> Bool {
    ray.entries.dropLast().contains { !$0.isZero }
  }

  private func facet(_ ray: ConeRays.Ray) -> Facet {
    let last = ray.entries.count - 1
    return Facet(id: ray.id, normal: Array(ray.entries[..<last]), offset: ray.entries[last])
  }

  /// Takes in one more point, which may lie inside.
  mutating func insert(_ point: [Rational]) {
    points.append(point)
    cone.insert { ray in
      zip(ray, point).reduce(ray[point.count]) { $0 - $1.0 * $1.1 }
    } scale: { ray in
      // Not 0: a ray that is cut off has w ≠ 0, since (0, 1) has slack 1 at every point.
      ray.dropLast().reduce(Rational.zero, +)
    }
  }
}
