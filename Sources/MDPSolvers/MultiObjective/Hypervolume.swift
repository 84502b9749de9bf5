// What is here: exact volumes of what a front dominates above a reference point.
// Source: J. Cohen, T. Hickey, Two algorithms for determining volumes of convex polyhedra, 1979;
// worked case: K13, `proofs-notes/pareto-front.md`.

import Certificates
import ExactArithmetic

/// The exact volume that points or a polyhedron enclose with a reference corner.
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

  /// The volume of `{z ≥ reference: normal · z ≤ offset for every facet}`.
  ///
  /// The pyramids from the reference over the facets fill the set; each facet is cut into simplices.
  ///
  /// - Parameters:
  ///   - vertices: of a polyhedron that holds with each point all that is below it.
  ///   - facets: its facets, which name the vertices by their places.
  /// - Complexity: O(d) insertions into a double description, then one determinant a simplex.
  /// - Throws: ``Interrupted``.
  static func below(
    _ vertices: [[Rational]], _ facets: [UpperHull.Facet], above reference: [Rational],
    progress: ProgressHandler
  ) throws(Interrupted) -> Rational {
    // Inside, the reference is a corner of the set; elsewhere the set is flat or empty.
    guard facets.allSatisfy({ $0.slack(at: reference).signum > 0 }) else { return 0 }
    let corner = ClippedPolytope(vertices, facets, reference)
    var terms: [Rational] = []
    for facet in facets.indices {
      try progress.checkpoint()
      terms += corner.simplices(of: facet).map(corner.parallelepiped)
    }
    return sum(terms[...]) / Rational((1...reference.count).reduce(1, *))
  }

  /// The sum in pairs: long denominators then meet late.
  private static func sum(_ terms: ArraySlice<Rational>) -> Rational {
    if terms.count <= 2 { return terms.reduce(.zero, +) }
    let middle = terms.startIndex + terms.count / 2
    return sum(terms[..<middle]) + sum(terms[middle...])
  }
}

/// The part of a polyhedron above a corner, which is the origin here.
private struct ClippedPolytope {
  /// Each vertex as integers over one denominator.
  private let vertices: [(numerators: [Integer], denominator: Integer)]
  /// For each facet and each side of the corner the vertices on it.
  private let incident: [BitSet]
  private let dimension: Int

  init(_ points: [[Rational]], _ facets: [UpperHull.Facet], _ reference: [Rational]) {
    dimension = reference.count
    let axes = reference.indices
    let infinity = facets.count
    // The cone over the polyhedron: generators (z, 1) and (-e_i, 0); inequalities: the facets,
    // then "the last coordinate is not negative".
    var tight = [BitSet](repeating: BitSet(), count: points.count)
    for (place, facet) in facets.enumerated() {
      for point in facet.points { tight[point].insert(place) }
    }
    var generators = points.indices.map { place in
      (entries: homogeneous(zip(points[place], reference).map { $0 - $1 }), tight: tight[place])
    }
    for axis in axes {
      generators.append(
        (
          axes.map { $0 == axis ? -1 : 0 } + [0],
          BitSet(facets.indices.filter { facets[$0].normal[axis].isZero } + [infinity])
        ))
    }
    var cone = ConeRays(generators, count: facets.count + 1)
    for axis in axes { cone.insert(axes.map { $0 == axis ? 1 : 0 } + [0]) }
    // The set is bounded: every ray has a last coordinate, which makes it a point.
    vertices = cone.rays.map { ray in
      (Array(ray.entries[..<reference.count]), ray.entries[reference.count])
    }
    var incident = [BitSet](repeating: BitSet(), count: cone.count)
    for (vertex, ray) in cone.rays.enumerated() {
      for inequality in ray.tight.members { incident[inequality].insert(vertex) }
    }
    self.incident = incident
  }

  /// Simplices that fill a facet and have no inner point in common, each by its vertices.
  func simplices(of facet: Int) -> [[Int]] {
    let vertices = incident[facet]
    // Clipping may leave a facet's boundary alone.
    if vertices.count < dimension { return [] }
    var candidates: [BitSet] = []
    for other in incident where vertices.commonCount(other) >= dimension - 1 {
      candidates.append(vertices.intersection(other))
    }
    return simplices(of: vertices, candidates, dimension - 1)
  }

  /// The pyramids from the first vertex over the faces without it.
  ///
  /// - Parameter candidates: intersections of the face with others; its facets are among them.
  private func simplices(of face: BitSet, _ candidates: [BitSet], _ size: Int) -> [[Int]] {
    let members = face.members
    if members.count <= size + 1 { return members.count == size + 1 ? [members] : [] }
    let apex = members[0]
    var simplices: [[Int]] = []
    for side in Self.maximal(candidates, in: face) where !side.contains(apex) {
      let next = candidates.filter { $0.commonCount(side) >= size - 1 }
        .map { $0.intersection(side) }
      simplices += self.simplices(of: side, next, size - 1).map { [apex] + $0 }
    }
    return simplices
  }

  /// The facets of a face: the largest of its intersections with others.
  private static func maximal(_ sets: [BitSet], in face: BitSet) -> [BitSet] {
    let proper = Set(sets).filter { $0 != face }
    return proper.filter { set in
      !proper.contains { $0 != set && set.isSubset(of: $0) }
    }
  }

  /// `|det|` of the vertices of a simplex, seen from the corner.
  func parallelepiped(_ simplex: [Int]) -> Rational {
    let rows = simplex.map { vertices[$0] }
    let determinant = Self.determinant(rows.map(\.numerators))
    return Rational(determinant.magnitude, rows.reduce(Integer(1)) { $0 * $1.denominator })
  }

  /// Fraction-free elimination (Bareiss 1968): every division is exact.
  private static func determinant(_ matrix: [[Integer]]) -> Integer {
    var rows = matrix
    var (last, sign) = (Integer(1), Integer(1))
    for step in 0..<rows.count - 1 {
      guard let pivot = (step..<rows.count).first(where: { !rows[$0][step].isZero }) else {
        return 0
      }
      if pivot != step {
        rows.swapAt(pivot, step)
        sign = -sign
      }
      for row in step + 1..<rows.count {
        for column in step + 1..<rows.count {
          let cross =
            rows[row][column] * rows[step][step] - rows[row][step] * rows[step][column]
          rows[row][column] = cross.exactlyDivided(by: last)
        }
      }
      last = rows[step][step]
    }
    return sign * rows[rows.count - 1][rows.count - 1]
  }
}
