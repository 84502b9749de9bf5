import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import TestSupport
import Testing

@Suite("Optimal faces")
struct OptimalFaceTests {
  private func face(_ program: LinearProgram, limit: Int = 32) throws -> OptimalFace {
    let solution = try solve(program)
    return try #require(try solution.optimalFace(of: program, vertexLimit: limit))
  }

  private func corners(_ face: OptimalFace) throws -> Set<[Rational]> {
    Set(try #require(face.vertices).map(\.entries))
  }

  @Test("a unique optimum, also where a reduced cost is zero by degeneracy")
  func unique() throws {
    let plain = try denseProgram(
      .maximize, [3, 5], rows: [([1, 0], atMost(4)), ([0, 2], atMost(12)), ([3, 2], atMost(18))])
    #expect(try face(plain).isUnique)
    // Two copies of one bound: either slack may be out of the basis at reduced cost 0.
    let twice = try denseProgram(
      .maximize, [1], rows: [([1], atMost(1)), ([2], atMost(2)), ([1], atMost(1))])
    #expect(try face(twice).isUnique)
  }

  @Test("the simplex with a constant objective has all its corners", arguments: [1, 2, 4, 6])
  func simplexFace(n: Int) throws {
    let program = try denseProgram(
      .minimize, Array(repeating: 1, count: n),
      rows: [(Array(repeating: 1, count: n), exactly(1))])
    let found = try face(program)
    #expect(found.dimension == n - 1)
    let units = Set((0..<n).map { i in (0..<n).map { Rational($0 == i ? 1 : 0) } })
    #expect(try corners(found) == units)
  }

  @Test("a cube without objective: dimension 3, 8 corners; too many for a limit of 7")
  func cube() throws {
    let program = try denseProgram(
      .minimize, [0, 0, 0], columns: Array(repeating: between(0, 1), count: 3), rows: [])
    let found = try face(program)
    #expect(found.dimension == 3)
    #expect(try corners(found).count == 8)
    #expect(try face(program, limit: 7).vertices == nil)
  }

  @Test("an edge, a half-line and a line")
  func unlimited() throws {
    let edge = try denseProgram(
      .maximize, [1, 1], rows: [([1, 1], atMost(2)), ([1, 0], atMost(1))])
    #expect(try corners(face(edge)) == [[1, 1], [0, 2]])
    let halfLine = try denseProgram(.minimize, [0, 1], rows: [([1, 1], atLeast(1))])
    let found = try face(halfLine)
    #expect(found.dimension == 1)
    #expect(try corners(found) == [[1, 0]])
    #expect(found.rays?.count == 1)
    let line = try denseProgram(
      .minimize, [1, 1], columns: [.free, .free], rows: [([1, 1], atLeast(1))])
    let whole = try face(line)
    #expect(whole.dimension == 1)
    #expect(whole.vertices?.isEmpty == true)
  }

  @Test("bounds that are always tight lower the dimension")
  func hiddenEquations() throws {
    // x + y ≤ 1 and x + y ≥ 1 and x - y ≤ 0 and x - y ≥ 0 leave one point of the square.
    let program = try denseProgram(
      .minimize, [0, 0, 0], columns: [.nonNegative, .nonNegative, between(0, 1)],
      rows: [
        ([1, 1, 0], atMost(1)), ([1, 1, 0], atLeast(1)), ([1, -1, 0], atMost(0)),
        ([1, -1, 0], atLeast(0)),
      ])
    let found = try face(program)
    #expect(found.dimension == 1)
    let half = Rational(1, 2)
    #expect(try corners(found) == [[half, half, 0], [half, half, 1]])
  }

  @Test(
    "uniqueness and corners agree with all optimal basic points", .tags(.differential),
    arguments: 0..<4 as Range<UInt64>)
  func differential(seed: UInt64) throws {
    var random = SplitMix64(seed: 7_000 + seed)
    for round in 0..<150 {
      let program = try randomProgram(
        &random, columns: 1 + Int(random.below(3)), rows: Int(random.below(4)))
      let solution = try solve(program)
      guard let found = try solution.optimalFace(of: program) else { continue }
      let known = optimalBasicPoints(program, solution)
      let vertices = try corners(found)
      let place = "seed \(seed), round \(round)"
      #expect(vertices.isSubset(of: known), "\(place)")
      // Without free columns and rows every basic point is a corner.
      if !(program.columnBounds + program.rowBounds).contains(.free) {
        #expect(vertices == known, "\(place)")
        if found.isUnique {
          #expect(known.count == 1, "\(place)")
        } else {
          #expect(known.count > 1 || found.rays?.isEmpty == false, "\(place)")
        }
        if found.rays?.isEmpty == true {
          #expect(found.dimension == affineDimension(Array(known)), "\(place)")
        }
      }
    }
  }

  private func optimalBasicPoints(
    _ program: LinearProgram, _ solution: LPSolution
  ) -> Set<[Rational]> {
    var points: Set<[Rational]> = []
    forEachBasicFeasiblePoint(program) { x in
      if program.objectiveValue(at: x) == solution.objectiveValue { points.insert(x) }
    }
    return points
  }

  private func affineDimension(_ points: [[Rational]]) -> Int {
    var basis: [[Rational]] = []
    for point in points.dropFirst() {
      var rest = zip(point, points[0]).map { $0 - $1 }
      for known in basis {
        let pivot = known.firstIndex { !$0.isZero } ?? 0
        let factor = rest[pivot] / known[pivot]
        rest = zip(rest, known).map { $0 - factor * $1 }
      }
      if rest.contains(where: { !$0.isZero }) { basis.append(rest) }
    }
    return basis.count
  }
}
