// What is here: two curves that are read from the polygon of values: the loss of nearly optimal
// policies of a proxy, and what optimising a blend of two rewards does to both.
// Proof: `proofs-notes/value-polygon.md`.

import ExactArithmetic

extension ValuePolygon {
  /// A corner of a piecewise linear curve.
  public struct CurvePoint: Sendable, Hashable {
    /// How far below the best the second reward may stay.
    public let tolerance: Rational
    /// The largest loss in the first reward then, not divided by its span.
    public let loss: Rational
  }

  /// The largest loss in the first reward over policies whose value of the second is at most `ε`
  /// below the best, as a function of `ε ≥ 0`: linear between the corners, constant after the last.
  ///
  /// It is concave, starts with the worst loss of optimising the second reward, and ends at the
  /// width of the polygon.
  public var lossOfNearlyOptimal: [CurvePoint] {
    guard let best = points.map(\.x).max(), let top = points.map(\.y).max(),
      let left = points.map(\.x).min()
    else { return [] }
    // Down the left side from the leftmost of the highest to the highest of the leftmost.
    let heights = Set(points.map(\.y)).sorted(by: >)
    var curve: [CurvePoint] = []
    for height in heights {
      let farthest = leftmost(from: height)
      curve.append(CurvePoint(tolerance: top - height, loss: best - farthest))
      if farthest == left { break }
    }
    return Self.withoutStraightCorners(curve)
  }

  /// `min {x: y ≥ height}` for the height of a vertex.
  private func leftmost(from height: Rational) -> Rational {
    let above = points.filter { $0.y >= height }.map(\.x)
    let crossing = points.indices.compactMap { place -> Rational? in
      let (p, q) = (points[place], points[(place + 1) % points.count])
      guard (p.y < height && height < q.y) || (q.y < height && height < p.y) else { return nil }
      return p.x + (height - p.y) / (q.y - p.y) * (q.x - p.x)
    }
    return (above + crossing).min() ?? 0
  }

  /// Corners between which the curve is straight are none.
  private static func withoutStraightCorners(_ curve: [CurvePoint]) -> [CurvePoint] {
    var kept: [CurvePoint] = []
    for point in curve {
      while kept.count >= 2 {
        let (a, b) = (kept[kept.count - 2], kept[kept.count - 1])
        let first = (b.loss - a.loss) * (point.tolerance - b.tolerance)
        let second = (point.loss - b.loss) * (b.tolerance - a.tolerance)
        if first != second { break }
        kept.removeLast()
      }
      kept.append(point)
    }
    return kept
  }

  /// A stretch of weights with one optimum.
  public struct BlendPiece: Sendable, Hashable {
    /// The least weight of the stretch; it ends where the next one starts.
    public let from: Rational
    /// The values of both rewards of a policy that is optimal for each weight inside.
    public let point: Point
  }

  /// The optima of `x + w y` for all weights `w ≥ 0`, with every weight at which they change.
  ///
  /// The first reward falls and the second rises from piece to piece: an exact planner gains
  /// nothing in the first reward from a blend.
  public var blendedOptima: [BlendPiece] {
    guard let right = points.map(\.x).max() else { return [] }
    guard var current = points.filter({ $0.x == right }).max(by: { $0.y < $1.y }) else { return [] }
    var pieces = [BlendPiece(from: 0, point: current)]
    while true {
      // The next optimum is the one that needs the least weight, of these the highest.
      let next =
        points.filter { $0.y > current.y }
        .map { (weight: (current.x - $0.x) / ($0.y - current.y), point: $0) }
        .min { ($0.weight, -$0.point.y) < ($1.weight, -$1.point.y) }
      guard let next else { return pieces }
      current = next.point
      pieces.append(BlendPiece(from: next.weight, point: current))
    }
  }
}
