// What is here: exact volumes of what a front dominates above a reference point.
// Source: J. B. Lasserre, An analytical expression and an algorithm for the volume of a convex
// polyhedron in R^n, 1983; worked case: K13, `proofs-notes/pareto-front.md`.

import ExactArithmetic

/// The exact volume that points or half-spaces enclose with a reference corner.
public enum Hypervolume {
  /// The volume of the union of the boxes between `reference` and each point, where a point that
  /// is not above the reference in every coordinate counts nothing.
  ///
  /// - Complexity: O(n^d) for n points.
  public static func ofBoxes(_ points: [[Rational]], above reference: [Rational]) -> Rational {
    // Clip first: what lies below the reference in one coordinate encloses nothing with it.
    slices(points.filter { zip($0, reference).allSatisfy { $0 > $1 } }, reference[...])
  }

  private static func slices(
    _ points: [[Rational]], _ reference: ArraySlice<Rational>
  ) -> Rational {
    guard let floor = reference.last, !points.isEmpty else { return 0 }
    let axis = reference.count - 1
    let sorted = points.sorted { $0[axis] > $1[axis] }
    if axis == 0 { return sorted[0][0] - floor }
    var volume = Rational.zero
    for index in sorted.indices {
      let below = index + 1 < sorted.count ? sorted[index + 1][axis] : floor
      let height = sorted[index][axis] - below
      if height.isZero { continue }
      volume += height * slices(Array(sorted[...index]), reference.dropLast())
    }
    return volume
  }

  /// The volume of `{z ≥ reference: normal · z ≤ offset for every half-space}`.
  ///
  /// - Parameter halfSpaces: the facets of a polyhedron that contains no line, each with the
  ///   numbers of all the vertices on it.
  /// - Precondition: the set is bounded.
  /// - Complexity: O(m k^(d-1)) for m facets, each of which meets k others.
  static func ofPolytope(
    _ halfSpaces: [(normal: [Rational], offset: Rational, vertices: Set<Int>)],
    above reference: [Rational],
    progress: ProgressHandler
  ) throws -> Rational {
    var constraints = halfSpaces.map { normal, offset, vertices in
      Constraint(
        normal: normal, offset: zip(normal, reference).reduce(offset) { $0 - $1.0 * $1.1 },
        vertices: vertices)
    }
    for axis in reference.indices {
      constraints.append(
        Constraint(normal: reference.indices.map { $0 == axis ? -1 : 0 }, offset: 0, vertices: nil))
    }
    return try volume(constraints, reference.count, progress)
  }

  private struct Constraint {
    let normal: [Rational]
    let offset: Rational
    /// Those of the face at hand that are on it; `nil` for a side of the corner, which cuts
    /// anywhere.
    let vertices: Set<Int>?
  }

  /// Lasserre's formula `d·vol = Σ_i b_i / |a_ij| · vol_{d-1}(face i without coordinate j)`.
  private static func volume(
    _ constraints: [Constraint], _ dimension: Int, _ progress: ProgressHandler
  ) throws -> Rational {
    guard let distinct = distinct(constraints) else { return 0 }
    if dimension == 1 { return length(distinct) }
    try progress.checkpoint()
    var sum = Rational.zero
    for (index, face) in distinct.enumerated() where !face.offset.isZero {
      guard let axis = face.normal.firstIndex(where: { !$0.isZero }) else { continue }
      var others: [Constraint] = []
      others.reserveCapacity(distinct.count)
      for (other, constraint) in distinct.enumerated() where other != index {
        // Every face of the polyhedron has a vertex: facets without a common one do not meet.
        var common = constraint.vertices
        if let mine = face.vertices { common = common?.intersection(mine) }
        if let common, common.isEmpty { continue }
        others.append(eliminated(axis, by: face, from: constraint, vertices: common))
      }
      let measure = try volume(others, dimension - 1, progress)
      sum += face.offset / face.normal[axis].magnitude * measure
    }
    return sum / Rational(dimension)
  }

  private static func eliminated(
    _ axis: Int, by face: Constraint, from constraint: Constraint, vertices: Set<Int>?
  ) -> Constraint {
    let factor = constraint.normal[axis] / face.normal[axis]
    var normal: [Rational] = []
    for index in face.normal.indices where index != axis {
      normal.append(constraint.normal[index] - factor * face.normal[index])
    }
    return Constraint(
      normal: normal, offset: constraint.offset - factor * face.offset, vertices: vertices)
  }

  /// The constraints, each half-space once; `nil` when one can never hold.
  ///
  /// A face that is listed twice would count twice.
  private static func distinct(_ constraints: [Constraint]) -> [Constraint]? {
    var best: [[Rational]: Constraint] = [:]
    var order: [[Rational]] = []
    for constraint in constraints {
      let size = constraint.normal.reduce(Rational.zero) { $0 + $1.magnitude }
      if size.isZero {
        if constraint.offset.isNegative { return nil }
        continue
      }
      let normal = constraint.normal.map { $0 / size }
      let next = Constraint(
        normal: normal, offset: constraint.offset / size, vertices: constraint.vertices)
      if let known = best[normal] {
        // Of two that coincide the side of the corner is kept: nothing is left out for it.
        let isTighter = next.offset < known.offset
        if isTighter || (next.offset == known.offset && next.vertices == nil) {
          best[normal] = next
        }
      } else {
        best[normal] = next
        order.append(normal)
      }
    }
    return order.compactMap { best[$0] }
  }

  private static func length(_ constraints: [Constraint]) -> Rational {
    var (low, high): (Rational?, Rational?) = (nil, nil)
    for constraint in constraints {
      let bound = constraint.offset / constraint.normal[0]
      if constraint.normal[0].signum > 0 {
        high = high.map { min($0, bound) } ?? bound
      } else {
        low = low.map { max($0, bound) } ?? bound
      }
    }
    guard let low, let high, low < high else { return 0 }
    return high - low
  }
}
