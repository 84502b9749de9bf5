// What is here: from one vertex to all of them. Each facet of the hull of the known vertices is
// held against the model: the best policy for its normal either lies beyond it, which is a new
// vertex of D, or proves it. Proof: `proofs-notes/pareto-front.md`.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The search for a front; inside, everything is maximised.
struct ParetoSearch {
  /// The most deterministic policies that are enumerated.
  static let policyLimit = 20_000

  private let problem: MultiObjectiveProblem
  private let options: ParetoOptions
  private let solver: ScalarizedSolver

  init(_ problem: MultiObjectiveProblem, _ options: ParetoOptions) {
    self.problem = problem
    self.options = options
    solver = ScalarizedSolver(problem, options.progress.stopOnly)
  }

  func front() throws -> ParetoFront {
    let deterministic = try options.includesDeterministic ? deterministicPoints() : nil
    let found = try hull()
    let front = found.hull.sorted
    let reference = options.reference.map(signed) ?? Self.worst(front.points)
    options.progress.report(
      "measuring \(front.points.count) vertices and \(front.facets.count) facets")
    let hypervolume = try Hypervolume.below(
      front.points, front.facets, above: reference, progress: options.progress)
    let neighbours = Self.neighbours(front.points.count, front.facets)
    var vertices: [ParetoFront.Vertex] = []
    for place in front.points.indices {
      options.progress.report("certifying vertex \(place + 1) of \(front.points.count)")
      vertices.append(
        try vertex(place, front.points, front.facets, neighbours[place], found.answers))
    }
    return ParetoFront(
      rewardNames: problem.rewardNames, direction: problem.direction, discount: problem.discount,
      vertices: vertices,
      facets: front.facets.map { facet in
        ParetoFront.Facet(
          normal: facet.normal, offset: signed([facet.offset])[0], vertices: facet.points,
          values: found.bounds[facet.id] ?? RationalVector([]))
      },
      reference: signed(reference), hypervolume: hypervolume,
      deterministic: deterministic.map { flagged($0, front.facets) },
      deterministicHypervolume: deterministic.map {
        Hypervolume.ofBoxes($0.map(\.point), above: reference)
      },
      solveCount: found.solveCount + front.points.count)
  }

  /// For each point those on a facet with it: all to which an edge leads, and some more.
  private static func neighbours(_ count: Int, _ facets: [UpperHull.Facet]) -> [Set<Int>] {
    var neighbours = [Set<Int>](repeating: [], count: count)
    for facet in facets {
      for point in facet.points { neighbours[point].formUnion(facet.points) }
    }
    return neighbours
  }

  /// The hull of all vertices of `D`, with what was found on the way.
  private struct Found {
    var hull: UpperHull
    /// A policy for each vertex, by its point.
    var answers: [[Rational]: ScalarizedSolver.Answer]
    /// For each facet, by its number, the values that prove it: superharmonic for its normal.
    var bounds: [Int: RationalVector] = [:]
    var solveCount = 1
  }

  private func hull() throws -> Found {
    let even = problem.rewardNames.map { _ in Rational(1, problem.rewardNames.count) }
    let first = try solver.solve(even)
    var found = Found(hull: UpperHull(first.point), answers: [first.point: first])
    // An inequality once proved is never cut off again.
    while let facet = found.hull.facet(unless: { found.bounds[$0] != nil }) {
      options.progress.report(
        "finding the front: \(found.hull.points.count) vertices, "
          + "\(found.bounds.count) facets so far")
      try options.progress.checkpoint()
      // The one that ties are broken for: as a rule it is the answer.
      let near = facet.points.map { found.hull.points[$0] }
        .max { $0.lexicographicallyPrecedes($1) }
      let answer = try solver.solve(facet.normal, from: near.flatMap { found.answers[$0] })
      found.solveCount += 1
      if facet.slack(at: answer.point).isNegative {
        found.answers[answer.point] = answer
        found.hull.insert(answer.point)
      } else {
        found.bounds[facet.id] = RationalVector(signed(weighted(answer, facet.normal)))
      }
    }
    return found
  }

  /// `Σ w_i v_i`, one entry a state.
  private func weighted(
    _ answer: ScalarizedSolver.Answer, _ weight: [Rational]
  ) -> [Rational] {
    (0..<problem.model.stateCount).map { state in
      zip(weight, answer.values).reduce(Rational.zero) { $0 + $1.0 * $1.1[state] }
    }
  }

  /// The vertex with a weight inside its normal cone, and the certificate.
  private func vertex(
    _ place: Int, _ points: [[Rational]], _ facets: [UpperHull.Facet], _ neighbours: Set<Int>,
    _ answers: [[Rational]: ScalarizedSolver.Answer]
  ) throws -> ParetoFront.Vertex {
    let point = points[place]
    let normals = facets.filter { $0.points.contains(place) }.map(\.normal)
    let rivals = neighbours.filter { $0 != place }.map { rival in
      zip(point, points[rival]).map { $0 - $1 }
    }
    let weight = Self.shortWeight(normals, rivals)
    // No other point is as good for this weight, so that the solver comes back to it.
    let answer = try solver.solve(weight, from: answers[point])
    precondition(answer.point == point, "a weight inside the normal cone finds its vertex")
    return ParetoFront.Vertex(
      point: signed(point), weight: weight, policy: actions(of: answer.policy),
      certificate: ParetoPointCertificate(
        direction: problem.direction, rewards: problem.rewardNames, discount: problem.discount,
        initial: problem.replacesInitial ? problem.initial : nil, point: signed(point),
        weight: weight, occupancy: try solver.occupancy(of: answer.policy),
        values: RationalVector(signed(weighted(answer, weight)))))
  }

  /// A weight with a positive product with every rival, of as few digits as will do.
  ///
  /// The mean of the normals is one; rounded, it is tried exactly.
  private static func shortWeight(_ normals: [[Rational]], _ rivals: [[Rational]]) -> [Rational] {
    let axes = normals[0].indices
    let centre = axes.map { i in
      normals.reduce(0.0) { $0 + Double($1[i]) } / Double(normals.count)
    }
    for bits in [3, 6, 12, 24, 48] {
      let steps = centre.map { max(1, Int(($0 * Double(1 << bits)).rounded())) }
      let sum = steps.reduce(0, +)
      let weight = steps.map { Rational($0, sum) }
      let isInside = rivals.allSatisfy { rival in
        zip(weight, rival).reduce(Rational.zero) { $0 + $1.0 * $1.1 }.signum > 0
      }
      if isInside { return weight }
    }
    return axes.map { i in
      normals.reduce(Rational.zero) { $0 + $1[i] } / Rational(normals.count)
    }
  }

  private func actions(of policy: ContiguousArray<Int32>) -> [Action] {
    policy.map { problem.model.action(of: Choice(Int($0))) }
  }

  /// Between the problem's sign and that of a maximisation.
  private func signed(_ numbers: [Rational]) -> [Rational] {
    problem.direction == .maximize ? numbers : numbers.map { -$0 }
  }

  private static func worst(_ points: [[Rational]]) -> [Rational] {
    points.dropFirst().reduce(points.first ?? []) { zip($0, $1).map { min($0, $1) } }
  }
}

extension UpperHull {
  /// Points and facets in descending order, the facets with the new places of their points.
  fileprivate var sorted: (points: [[Rational]], facets: [Facet]) {
    let order = points.indices.sorted { points[$1].lexicographicallyPrecedes(points[$0]) }
    var places = [Int](repeating: 0, count: order.count)
    for (place, point) in order.enumerated() { places[point] = place }
    let renamed = facets.map { facet in
      Facet(
        id: facet.id, normal: facet.normal, offset: facet.offset,
        points: facet.points.map { places[$0] }.sorted())
    }
    return (
      order.map { points[$0] },
      renamed.sorted { $1.normal.lexicographicallyPrecedes($0.normal) }
    )
  }
}

extension ProgressHandler {
  /// The same stops without the stages: those of one solve say nothing about many.
  fileprivate var stopOnly: ProgressHandler {
    ProgressHandler(stopReason: {
      do throws(Interrupted) {
        try checkpoint()
        return nil
      } catch {
        return error.reason
      }
    })
  }
}

// MARK: - Deterministic policies

extension ParetoSearch {
  private typealias Attained = (point: [Rational], policy: ContiguousArray<Int32>)

  /// The points of deterministic policies that no other one beats, each with the first policy
  /// that attains it, in descending order.
  private func deterministicPoints() throws -> [Attained] {
    let model = problem.model
    var count = 1
    for state in 0..<model.stateCount {
      count *= model.choiceRange(at: state).count
      guard count <= Self.policyLimit else {
        throw SolverError.tooManyPolicies(limit: Self.policyLimit)
      }
    }
    var policy = ContiguousArray(model.choiceOffsets.dropLast())
    var front: [Attained] = []
    repeat {
      try options.progress.checkpoint()
      let point = try solver.values(of: policy).map(solver.mean)
      if front.contains(where: { Self.isAtLeast($0.point, point) }) { continue }
      front.removeAll { Self.isAtLeast(point, $0.point) }
      front.append((point, policy))
    } while advance(&policy)
    return front.sorted { $1.point.lexicographicallyPrecedes($0.point) }
  }

  private func flagged(
    _ points: [Attained], _ facets: [UpperHull.Facet]
  ) -> [ParetoFront.DeterministicPoint] {
    points.map { attained in
      ParetoFront.DeterministicPoint(
        point: signed(attained.point), policy: actions(of: attained.policy),
        isSupported: Self.isSupported(attained.point, facets))
    }
  }

  /// The normals of the facets through a point generate all weights for which it is the best:
  /// some weight is positive throughout iff their sum is.
  private static func isSupported(_ point: [Rational], _ facets: [UpperHull.Facet]) -> Bool {
    let normals = facets.filter { $0.slack(at: point).isZero }.map(\.normal)
    return point.indices.allSatisfy { i in normals.contains { $0[i].signum > 0 } }
  }

  private static func isAtLeast(_ a: [Rational], _ b: [Rational]) -> Bool {
    zip(a, b).allSatisfy { $0 >= $1 }
  }

  /// The next policy in the order of an odometer; false after the last.
  private func advance(_ policy: inout ContiguousArray<Int32>) -> Bool {
    for state in policy.indices {
      policy[state] += 1
      if policy[state] < problem.model.choiceOffsets[state + 1] { return true }
      policy[state] = problem.model.choiceOffsets[state]
    }
    return false
  }
}
