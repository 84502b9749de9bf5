// What is here: the facets of D = conv(points) - R^d_+ while points arrive one by one.
// Notation: the valid inequalities w·z ≤ c of D form the cone {(w, c): w ≥ 0, c ≥ w·z for every
// point z}; its extreme rays with w ≠ 0 are the facets of D, and (0, 1) is the only other one.
// Source: T. Motzkin et al., The double description method, 1953; `proofs-notes/pareto-front.md`.

import ExactArithmetic

/// The downward hull of points in two to four dimensions, by its facets.
struct UpperHull {
  /// An inequality `normal · z ≤ offset`; the normal's entries sum to 1, or are all 0.
  struct Ray: Sendable {
    let normal: [Rational]
    let offset: Rational
    /// The constraints that hold with equality: `i` for `w_i = 0`, `d + k` for point `k`.
    var tight: Set<Int>

    /// `c − w·z`.
    func slack(at point: [Rational]) -> Rational {
      zip(normal, point).reduce(offset) { $0 - $1.0 * $1.1 }
    }
  }

  private(set) var points: [[Rational]]
  private var rays: [Ray]
  let dimension: Int

  /// The hull of one point: `z_i ≤ p_i` for each `i`.
  init(_ point: [Rational]) {
    dimension = point.count
    points = [point]
    let axes = Set(0..<point.count)
    rays = point.indices.map { i in
      let normal = point.indices.map { $0 == i ? Rational.one : .zero }
      return Ray(
        normal: normal, offset: point[i], tight: axes.subtracting([i]).union([point.count]))
    }
    rays.append(Ray(normal: point.map { _ in 0 }, offset: 1, tight: axes))
  }

  /// The facets; a normal is never zero.
  var facets: [Ray] { rays.filter { ray in ray.normal.contains { !$0.isZero } } }

  /// Takes in one more point, which may lie inside.
  ///
  /// Complexity: O(R³) set operations for R facets; these are fronts of tens to hundreds.
  mutating func insert(_ point: [Rational]) {
    let constraint = dimension + points.count
    points.append(point)
    let slacks = rays.map { $0.slack(at: point) }
    let kept = rays.indices.filter { slacks[$0].signum > 0 }
    let cut = rays.indices.filter { slacks[$0].signum < 0 }
    var next: [Ray] = []
    for index in rays.indices where slacks[index].signum >= 0 {
      var ray = rays[index]
      if slacks[index].isZero { ray.tight.insert(constraint) }
      next.append(ray)
    }
    for i in kept {
      for j in cut where areAdjacent(i, j) {
        next.append(combined(i, slacks[i], j, slacks[j], constraint))
      }
    }
    rays = next
  }

  /// Two rays span a face of the cone iff no third one has all the equalities that they share.
  private func areAdjacent(_ i: Int, _ j: Int) -> Bool {
    let shared = rays[i].tight.intersection(rays[j].tight)
    // A face of dimension 2 in d + 1 dimensions has d - 1 equalities at least.
    guard shared.count >= dimension - 1 else { return false }
    return !rays.indices.contains { $0 != i && $0 != j && shared.isSubset(of: rays[$0].tight) }
  }

  /// The positive combination of a kept and a cut ray on which the new constraint is tight.
  private func combined(
    _ i: Int, _ kept: Rational, _ j: Int, _ cut: Rational, _ constraint: Int
  ) -> Ray {
    let normal = zip(rays[i].normal, rays[j].normal).map { kept * $1 - cut * $0 }
    let offset = kept * rays[j].offset - cut * rays[i].offset
    // A cut ray has w ≠ 0: (0, 1) has slack 1 at every point.
    let sum = normal.reduce(Rational.zero, +)
    return Ray(
      normal: normal.map { $0 / sum }, offset: offset / sum,
      tight: rays[i].tight.intersection(rays[j].tight).union([constraint]))
  }
}
