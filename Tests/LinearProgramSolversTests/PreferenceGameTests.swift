import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import TestSupport
import Testing

@Suite("Minimax winners: the example of the article")
struct PreferenceGameTests {
  private let half = Rational(1, 2)

  /// Maximises the least expected win over all opponents; the last column is the win.
  private func program(_ preferences: [[Rational]]) throws -> LinearProgram {
    var builder = LinearProgramBuilder(name: "minimax", direction: .maximize)
    for response in preferences.indices { try builder.addColumn("p\(response)") }
    let worst = try builder.addColumn("t", lower: nil, objective: 1)
    for opponent in preferences.indices {
      let wins = preferences.indices.map { (column: $0, coefficient: preferences[$0][opponent]) }
      try builder.addRow(
        "against\(opponent)", lower: 0, upper: nil,
        entries: wins + [(column: worst, coefficient: -1)])
    }
    try builder.addRow(
      "distribution", lower: 1, upper: 1,
      entries: preferences.indices.map { (column: $0, coefficient: Rational.one) })
    return builder.build()
  }

  /// The vertices of the set of winners, for a value of one half.
  private func winners(_ preferences: [[Rational]]) throws -> Set<[Rational]> {
    let program = try program(preferences)
    let solution = try solve(program)
    #expect(AnswerChecks(program: program).fault(solution) == nil)
    #expect(solution.objectiveValue == half)
    let face = try #require(try solution.optimalFace(of: program))
    let vertices = try #require(face.vertices)
    #expect((face.dimension == 0) == (vertices.count == 1))
    return Set(vertices.map { $0.entries.dropLast() })
  }

  private func circle(_ a: Rational, _ b: Rational, _ c: Rational) -> [[Rational]] {
    [[half, half + a, half - c], [half - a, half, half + b], [half + c, half - b, half]]
  }

  // Against (b, c, a)/(a + b + c) each response gains as much from one neighbour as it loses to
  // the other: against 0 it is (-c·a + a·c) = 0 above one half, and so on around.
  @Test("preferences in a circle: (b, c, a)/(a + b + c)", .tags(.worked))
  func worked() throws {
    let preferences = circle(Rational(1, 10), Rational(2, 5), Rational(3, 10))
    #expect(preferences[1] == [Rational(2, 5), half, Rational(9, 10)])
    #expect(try winners(preferences) == [[half, Rational(3, 8), Rational(1, 8)]])
    let third = Rational(1, 3)
    #expect(try winners(circle(half, half, half)) == [[third, third, third]])
  }

  // Responses 1 and 2 lose to 0; averages against all three would choose 1: 13/20 > 8/15.
  @Test("a response that beats every other one is the winner", .tags(.worked))
  func condorcet() throws {
    let (more, less) = (Rational(11, 20), Rational(9, 20))
    #expect(try winners([[half, more, more], [less, half, 1], [less, 0, half]]) == [[1, 0, 0]])
  }

  // A copy of response 0 shares its part of the mixture in every proportion: an edge.
  @Test("the face of winners: copies make an edge, indifference the whole simplex", .tags(.worked))
  func faces() throws {
    let base = circle(Rational(1, 10), Rational(2, 5), Rational(3, 10))
    let order = [0, 1, 2, 0]
    let copied = order.map { i in order.map { base[i][$0] } }
    #expect(
      try winners(copied) == [
        [half, Rational(3, 8), Rational(1, 8), 0], [0, Rational(3, 8), Rational(1, 8), half],
      ])
    let even = [[Rational]](repeating: [half, half, half], count: 3)
    #expect(try winners(even) == [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
  }

  @Test("every preference matrix has the value one half", .tags(.metamorphic))
  func value() throws {
    var random = SplitMix64(seed: 4)
    for count in 1...8 {
      var preferences = [[Rational]](
        repeating: [Rational](repeating: half, count: count), count: count)
      for i in 0..<count {
        for j in 0..<i {
          preferences[i][j] = Rational(Int(random.below(7)), 6)
          preferences[j][i] = 1 - preferences[i][j]
        }
      }
      #expect(try solve(program(preferences)).objectiveValue == half, "\(count) responses")
    }
  }
}
