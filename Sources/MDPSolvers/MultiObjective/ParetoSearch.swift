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
    let order = found.hull.points.indices.sorted {
      found.hull.points[$1].lexicographicallyPrecedes(found.hull.points[$0])
    }
    let facets = found.hull.facets.sorted { $1.normal.lexicographicallyPrecedes($0.normal) }
    let points = order.map { found.hull.points[$0] }
    options.progress.report(
      "measuring and certifying \(points.count) vertices and \(facets.count) facets")
    let reference = options.reference.map(signed) ?? Self.worst(points)
    return ParetoFront(
      rewardNames: problem.rewardNames, direction: problem.direction, discount: problem.discount,
      vertices: try points.map { try vertex($0, facets, from: found.answers[$0]) },
      facets: facets.map { facet in
        ParetoFront.Facet(
          normal: facet.normal, offset: signed([facet.offset])[0],
          vertices: points.indices.filter { facet.slack(at: points[$0]).isZero },
          values: found.bounds[facet.id] ?? RationalVector([]))
      },
      reference: signed(reference),
      hypervolume: try Hypervolume.below(
        points, facets, above: reference, progress: options.progress),
      deterministic: deterministic.map { flagged($0, facets) },
      deterministicHypervolume: deterministic.map {
        Hypervolume.ofBoxes($0.map(\.point), above: reference)
      },
      solveCount: found.solveCount + points.count)
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
      let near = found.hull.points.filter { facet.slack(at: $0).isZero }
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
    _ point: [Rational], _ facets: [UpperHull.Facet], from start: ScalarizedSolver.Answer?
  ) throws -> ParetoFront.Vertex {
    let normals = facets.filter { $0.slack(at: point).isZero }.map(\.normal)
    let count = Rational(normals.count)
    let weight = point.indices.map { i in
      normals.reduce(Rational.zero) { $0 + $1[i] } / count
    }
    // No other point is as good for this weight, so that the solver comes back to it.
    let answer = try solver.solve(weight, from: start)
    precondition(answer.point == point, "a weight inside the normal cone finds its vertex")
    return ParetoFront.Vertex(
      point: signed(point), weight: weight, policy: actions(of: answer.policy),
      certificate: ParetoPointCertificate(
        direction: problem.direction, rewards: problem.rewardNames, discount: problem.discount,
        initial: problem.replacesInitial ? problem.initial : nil, point: signed(point),
        weight: weight, occupancy: try solver.occupancy(of: answer.policy),
        values: RationalVector(signed(weighted(answer, weight)))))
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
