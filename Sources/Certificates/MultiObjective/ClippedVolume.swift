// What is here: the volume of a polyhedron from its facets alone, for claims of hypervolumes.
// Source: J. B. Lasserre, An analytical expression and an algorithm for the volume of a convex
// polyhedron in R^n, 1983: `d·vol = Σ_i b_i / |a_ij| · vol_{d−1}(face i without coordinate j)`.

import ExactArithmetic

/// The volume of `{z ≥ corner: normal · z ≤ offset for every half-space}`.
package struct ClippedVolume {
  package typealias HalfSpace = (normal: [Rational], offset: Rational)

  /// The most half-spaces for which the volume is worth the time, by the dimension.
  package static func limit(dimension: Int) -> Int {
    switch dimension {
    case ...2: 1_000
    case 3: 40
    default: 14
    }
  }

  package let value: Rational

  /// - Precondition: the set is bounded.
  /// - Complexity: O(m^d) for m half-spaces in d dimensions.
  package init(_ halfSpaces: [HalfSpace], above corner: [Rational]) {
    // The corner becomes the origin.
    var constraints = halfSpaces.map { normal, offset in
      (normal: normal, offset: zip(normal, corner).reduce(offset) { $0 - $1.0 * $1.1 })
    }
    for axis in corner.indices {
      constraints.append((normal: corner.indices.map { $0 == axis ? -1 : 0 }, offset: 0))
    }
    value = Self.volume(constraints, corner.count)
  }

  private static func volume(_ constraints: [HalfSpace], _ dimension: Int) -> Rational {
    guard let distinct = distinct(constraints) else { return 0 }
    if dimension == 1 { return length(distinct) }
    var sum = Rational.zero
    for (index, face) in distinct.enumerated() where !face.offset.isZero {
      guard let axis = face.normal.firstIndex(where: { !$0.isZero }) else { continue }
      let others = distinct.indices.filter { $0 != index }.map { other -> HalfSpace in
        let factor = distinct[other].normal[axis] / face.normal[axis]
        let normal = face.normal.indices.filter { $0 != axis }.map {
          distinct[other].normal[$0] - factor * face.normal[$0]
        }
        return (normal, distinct[other].offset - factor * face.offset)
      }
      sum += face.offset / face.normal[axis].magnitude * volume(others, dimension - 1)
    }
    return sum / Rational(dimension)
  }

  private static func length(_ constraints: [HalfSpace]) -> Rational {
    let upper = constraints.filter { $0.normal[0] > 0 }.map { $0.offset / $0.normal[0] }.min()
    let lower = constraints.filter { $0.normal[0] < 0 }.map { $0.offset / $0.normal[0] }.max()
    guard let upper, let lower else { return 0 }
    return max(upper - lower, 0)
  }

  /// Each half-space once, the tighter of two parallel ones, since a face that is listed twice
  /// would count twice; `nil` when one can never hold.
  private static func distinct(_ constraints: [HalfSpace]) -> [HalfSpace]? {
    var offsets: [[Rational]: Rational] = [:]
    for (normal, offset) in constraints {
      let size = normal.reduce(Rational.zero) { $0 + $1.magnitude }
      if size.isZero {
        if offset.isNegative { return nil }
        continue
      }
      let key = normal.map { $0 / size }
      offsets[key] = min(offsets[key] ?? offset / size, offset / size)
    }
    return offsets.map { ($0.key, $0.value) }
  }
}
