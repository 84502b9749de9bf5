// What is here: all optimal points of a program, not only one.
// With optimal multipliers, a point is optimal iff it is feasible and every variable of non-zero
// reduced cost is at its bound (complementary slackness): the face of optimal points is the program
// with those variables fixed. Source: proofs-notes/exact-basis.md.

import ExactArithmetic
import LinearPrograms

/// The set of optimal points of a linear program.
public struct OptimalFace: Sendable {
  /// 0 iff the optimum is unique; decided over the rationals.
  public let dimension: Int
  /// The corners of the face, if they are few; `nil` when there are too many to list. Empty when
  /// the face contains a line.
  public let vertices: [RationalVector]?
  /// Directions of the unlimited edges that were met on the way; `nil` with ``vertices``.
  public let rays: [RationalVector]?

  /// Whether there is one optimal point only.
  public var isUnique: Bool { dimension == 0 }
}

extension LPSolution {
  /// Columns' reduced costs: `z_j = c_j - A_j·y`, in the program's own direction; `nil` unless
  /// optimal.
  public func reducedCosts(in program: LinearProgram) -> [Rational]? {
    guard status == .optimal, let dual else { return nil }
    var reduced = program.objective
    for row in 0..<program.rowCount {
      let multiplier = dual[row]
      if multiplier.isZero { continue }
      for entry in program.entries(ofRow: row) {
        reduced[Int(program.columnIndices[entry])] -= multiplier * program.coefficients[entry]
      }
    }
    return reduced
  }

  /// The set of all optimal points; `nil` unless optimal.
  ///
  /// - Parameters:
  ///   - program: the program that this solves.
  ///   - vertexLimit: list the vertices if there are at most so many.
  /// - Throws: ``Interrupted``.
  /// - Complexity: nothing beyond one factorisation when no reduced cost is 0 by chance; else some
  ///   exact simplex runs on the face, and, for the vertices, a walk over all its bases that ends
  ///   after 40 bases a vertex allowed.
  public func optimalFace(
    of program: LinearProgram, vertexLimit: Int = 32, progress: ProgressHandler = .none
  ) throws(Interrupted) -> OptimalFace? {
    guard status == .optimal, let basis, let point = primal else { return nil }
    var analysis = try FaceAnalysis(SlackForm(program), basis, progress)
    if analysis.openVariables.isEmpty {
      return OptimalFace(dimension: 0, vertices: [point], rays: [])
    }
    let dimension = try analysis.dimension()
    if dimension == 0 { return OptimalFace(dimension: 0, vertices: [point], rays: []) }
    let corners = try analysis.corners(limit: vertexLimit)
    return OptimalFace(dimension: dimension, vertices: corners?.vertices, rays: corners?.rays)
  }
}

/// The face as a slack form whose every feasible point is optimal.
private struct FaceAnalysis {
  private var form: SlackForm
  private var state: SimplexState
  private let progress: ProgressHandler

  init(_ program: SlackForm, _ basis: Basis, _ progress: ProgressHandler) throws(Interrupted) {
    let optimum = try ExactSimplex(program, progress: progress).state(basis)
    var form = program
    var sum = Accumulator()
    for v in 0..<form.variableCount where !optimum.basis.isBasic(v) {
      let sign = optimum.multipliers.reducedCostSign(v, program, program.cost, &sum)
      if sign == 0 { continue }
      let value = optimum.basis.restingValue(v, program)
      form.lower[v] = value
      form.upper[v] = value
    }
    form.cost = Array(repeating: 0, count: form.variableCount)
    self.form = form
    self.progress = progress
    state = try ExactSimplex(form, progress: progress).state(optimum.basis)
  }

  /// Variables that are not basic and may move.
  var openVariables: [Int] {
    (0..<form.variableCount).filter { !state.basis.isBasic($0) && !form.isFixed($0) }
  }

  /// The dimension: the open variables less the equations that always-tight bounds put on them.
  mutating func dimension() throws(Interrupted) -> Int {
    let tight = try alwaysTight()
    let open = openVariables.filter { !tight.contains($0) }
    let rows = (0..<form.variableCount).filter {
      state.basis.isBasic($0) && (tight.contains($0) || form.isFixed($0))
    }
    var columns: [[Rational]] = []
    for variable in open where !rows.isEmpty {
      let direction = try state.kernel.direction(variable, progress)
      columns.append(rows.map { direction[$0] })
    }
    return open.count - rank(columns)
  }

  /// The variables that are at one bound all over the face.
  ///
  /// Maximises the sum of the distances of all that never left their bound: while that is positive,
  /// the optimum shows some that do; when it is zero, none of the rest ever does.
  private mutating func alwaysTight() throws(Interrupted) -> Set<Int> {
    var suspects: [Int: Int] = [:]  // 1 at the lower bound, -1 at the upper one
    for v in 0..<form.variableCount where !form.isFixed(v) {
      if let lower = form.lower[v], state.point.compare(v, to: lower) == 0 { suspects[v] = 1 }
      if let upper = form.upper[v], state.point.compare(v, to: upper) == 0 { suspects[v] = -1 }
    }
    while !suspects.isEmpty {
      try progress.checkpoint()
      var search = form
      for (v, side) in suspects { search.cost[v] = Rational(-side) }
      var simplex = ExactSimplex(search, progress: progress)
      var moved: [Int] = []
      switch try simplex.run(from: simplex.state(state.basis)) {
      case .optimal(let end), .infeasible(let end):
        moved = suspects.filter { hasLeft($0.key, $0.value, end.point) }.map(\.key)
        state = try ExactSimplex(form, progress: progress).state(end.basis)
      case .unbounded(let end, let ray):
        let change = VariableValues(columns: ray, form: form)
        moved = suspects.filter {
          hasLeft($0.key, $0.value, end.point) || change.signum($0.key) != 0
        }.map(\.key)
        state = try ExactSimplex(form, progress: progress).state(end.basis)
      }
      if moved.isEmpty { break }
      for v in moved { suspects[v] = nil }
    }
    return Set(suspects.keys)
  }

  private func hasLeft(_ v: Int, _ side: Int, _ point: VariableValues) -> Bool {
    guard let bound = side > 0 ? form.lower[v] : form.upper[v] else { return true }
    return point.compare(v, to: bound) != 0
  }

  /// Walks over the bases of the face; every vertex has one, and pivots connect them all.
  func corners(
    limit: Int
  ) throws(Interrupted) -> (vertices: [RationalVector], rays: [RationalVector])? {
    let simplex = ExactSimplex(form, progress: progress)
    var waiting = [state.basis]
    var seen: Set<Basis> = [state.basis]
    var vertices: [[Rational]: RationalVector] = [:]
    var order: [[Rational]] = []
    var rays: [[Rational]: RationalVector] = [:]
    while let basis = waiting.popLast() {
      try progress.checkpoint()
      let here = try simplex.state(basis, isKnownRegular: true)
      let vector = here.point.columnVector
      let isCorner = !basis.status.contains(.free)
      if isCorner, vertices.updateValue(vector, forKey: vector.entries) == nil {
        order.append(vector.entries)
        if order.count > limit { return nil }
      }
      for move in moves(basis) {
        let direction = try here.kernel.direction(move.variable, progress)
        let steps = simplex.steps(here, move, direction)
        if steps.isEmpty, isCorner {
          let ray = simplex.ray(direction, move.sign)
          rays[normalised(ray.entries)] = ray
        }
        for step in steps {
          let next = simplex.after(basis, move, step)
          if seen.insert(next).inserted { waiting.append(next) }
        }
      }
      if seen.count > 40 * limit { return nil }
    }
    return (order.compactMap { vertices[$0] }, Array(rays.values))
  }

  private func moves(_ basis: Basis) -> [(variable: Int, sign: Int)] {
    (0..<form.variableCount).flatMap { v -> [(variable: Int, sign: Int)] in
      if form.isFixed(v) { return [] }
      switch basis.status[v] {
      case .basic: return []
      case .atLower: return [(v, 1)]
      case .atUpper: return [(v, -1)]
      case .free: return [(v, 1), (v, -1)]
      }
    }
  }

  private func normalised(_ ray: [Rational]) -> [Rational] {
    guard let first = ray.first(where: { !$0.isZero }) else { return ray }
    let scale = first.magnitude
    return ray.map { $0 / scale }
  }
}

/// The rank of a few vectors, by elimination over the rationals.
private func rank(_ vectors: [[Rational]]) -> Int {
  var basis: [(pivot: Int, vector: [Rational])] = []
  for vector in vectors {
    var rest = vector
    for (pivot, known) in basis where !rest[pivot].isZero {
      let factor = rest[pivot] / known[pivot]
      for k in rest.indices where !known[k].isZero { rest[k] -= factor * known[k] }
    }
    if let pivot = rest.firstIndex(where: { !$0.isZero }) { basis.append((pivot, rest)) }
  }
  return basis.count
}
