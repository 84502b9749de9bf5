// What is here: all pairs of values that policies attain under two rewards: a convex polygon whose
// vertices deterministic policies attain. Found by dichotomy: for each known edge the best policy
// for its outer normal either lies beyond it or proves it. Proof: `proofs-notes/value-polygon.md`.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The polygon of the values of two rewards.
public struct ValuePolygon: Sendable {
  /// A point of values.
  public struct Point: Sendable, Hashable {
    /// The value of the first reward.
    public let x: Rational
    /// The value of the second reward.
    public let y: Rational

    public init(x: Rational, y: Rational) {
      self.x = x
      self.y = y
    }
  }

  /// A corner with a policy that attains it, one action a state.
  public struct Vertex: Sendable {
    public let point: Point
    public let policy: [Action]
  }

  /// Counterclockwise, from the rightmost one, of these the lowest; one or two when the polygon is
  /// a point or a segment.
  public let vertices: [Vertex]

  /// Finds the polygon of the rewards at two places of a problem.
  ///
  /// - Complexity: about two exact solves a vertex.
  /// - Throws: ``Interrupted``.
  public init(
    _ problem: ComparisonProblem, first: Int = 0, second: Int = 1,
    progress: ProgressHandler = .none
  ) throws {
    try self.init(RewardSolver(problem, progress), first, second)
  }

  init(_ solver: RewardSolver, _ first: Int, _ second: Int) throws {
    var search = PolygonSearch(solver, first, second)
    vertices = try search.vertices()
  }

  public var points: [Point] { vertices.map(\.point) }

  /// `max x - min x`.
  public var width: Rational { extent(points.map(\.x)) }
  /// `max y - min y`.
  public var height: Rational { extent(points.map(\.y)) }

  private func extent(_ numbers: [Rational]) -> Rational {
    (numbers.max() ?? 0) - (numbers.min() ?? 0)
  }

  /// The longest step to the left that does not go down: the largest loss in the first reward of a
  /// change that the second does not object to. With its two ends.
  ///
  /// For a height `c` the step may start at or below and end at or above it; its length is concave
  /// in `c` and linear between the heights of vertices, so that one of these is the best.
  public var longestStep: (from: Point, to: Point, length: Rational) {
    var best = (from: points[0], to: points[0], length: Rational.zero)
    for height in Set(points.map(\.y)) {
      let cut = crossings(at: height)
      let below = points.filter { $0.y <= height } + cut
      let above = points.filter { $0.y >= height } + cut
      guard let from = below.max(by: { $0.x < $1.x }), let to = above.min(by: { $0.x < $1.x })
      else { continue }
      if from.x - to.x > best.length { best = (from, to, from.x - to.x) }
    }
    return best
  }

  /// Where the edges cross a height.
  private func crossings(at height: Rational) -> [Point] {
    points.indices.compactMap { place in
      let (p, q) = (points[place], points[(place + 1) % points.count])
      guard (p.y < height && height < q.y) || (q.y < height && height < p.y) else { return nil }
      let share = (height - p.y) / (q.y - p.y)
      return Point(x: p.x + share * (q.x - p.x), y: height)
    }
  }

  /// The same polygon with the roles of the rewards exchanged.
  public var exchanged: ValuePolygon {
    ValuePolygon(
      vertices.reversed().map {
        Vertex(point: Point(x: $0.point.y, y: $0.point.x), policy: $0.policy)
      })
  }

  private init(_ vertices: [Vertex]) {
    self.vertices = vertices
  }
}

/// The search for the vertices.
private struct PolygonSearch {
  private typealias Found = (point: ValuePolygon.Point, policy: ContiguousArray<Int32>)

  private let solver: RewardSolver
  private let places: (Int, Int)

  init(_ solver: RewardSolver, _ first: Int, _ second: Int) {
    self.solver = solver
    places = (first, second)
  }

  mutating func vertices() throws -> [ValuePolygon.Vertex] {
    // Rightmost and lowest, highest and rightmost, leftmost and highest, lowest and leftmost.
    let corners: [Found] = [
      try extreme((1, 0), then: (0, -1)), try extreme((0, 1), then: (1, 0)),
      try extreme((-1, 0), then: (0, 1)), try extreme((0, -1), then: (-1, 0)),
    ]
    var found: [Found] = []
    for place in corners.indices {
      found += try chain(from: corners[place], to: corners[(place + 1) % corners.count])
    }
    if found.isEmpty { found = [corners[0]] }
    return found.map {
      ValuePolygon.Vertex(point: $0.point, policy: solver.actions(of: $0.policy))
    }
  }

  /// The vertices from `start` on, counterclockwise, without `end`.
  private func chain(from start: Found, to end: Found) throws -> [Found] {
    guard start.point != end.point else { return [] }
    try solver.progress.checkpoint()
    let edge = (end.point.x - start.point.x, end.point.y - start.point.y)
    let normal = (edge.1, -edge.0)
    let farthest = try extreme(normal, then: edge)
    guard value(farthest.point, normal) > value(start.point, normal) else { return [start] }
    return try chain(from: start, to: farthest) + chain(from: farthest, to: end)
  }

  private func value(_ point: ValuePolygon.Point, _ weight: (Rational, Rational)) -> Rational {
    weight.0 * point.x + weight.1 * point.y
  }

  /// The vertex that is the farthest in one direction and, of these, in another.
  private func extreme(
    _ direction: (Rational, Rational), then other: (Rational, Rational)
  ) throws -> Found {
    let first = try solver.best(for: combination(direction))
    let second = try solver.best(
      for: combination(other), from: first.policy, allowed: first.signs.map { $0 == 0 })
    return (
      ValuePolygon.Point(
        x: try solver.mean(of: second.policy, reward: places.0),
        y: try solver.mean(of: second.policy, reward: places.1)), second.policy
    )
  }

  private func combination(_ weight: (Rational, Rational)) -> RewardCombination {
    RewardCombination([(places.0, weight.0), (places.1, weight.1)])
  }
}
