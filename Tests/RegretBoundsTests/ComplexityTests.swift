import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import RegretBounds
import TestSupport
import Testing

@Suite("The complexity of finite classes")
struct ComplexityTests {
  /// Home and away, with three hypotheses about the way out.
  private func homeAndAway() throws -> HypothesisClass {
    let models = try ["1/4", "1/2", "3/4"].map { theta in
      let rest = ["1/4": "3/4", "1/2": "1/2", "3/4": "1/4"][theta] ?? "0"
      return try TinyModel.read(
        "home safe → home | 2/5; home go → away:\(theta), home:\(rest) | 0;"
          + " away go → home:1/2, away:1/2 | 1")
    }
    return try HypothesisClass(models, reward: "default")
  }

  @Test("gains, biases, spans and ranges of the worked class", .tags(.worked))
  func hypotheses() throws {
    let all = try homeAndAway()
    #expect(all.gains == [Rational(2, 5), Rational(1, 2), Rational(3, 5)])
    #expect(
      all.biases == [
        [0, Rational(6, 5)], [Rational(-1, 2), Rational(1, 2)],
        [Rational(-12, 25), Rational(8, 25)],
      ])
    #expect(all.largestSpan == Rational(6, 5))
    #expect(all.largestRange == Rational(6, 5))
    #expect(all.leastError(truth: 0) == Rational(1, 5))
  }

  @Test("error table, ranks and eluder dimensions of the worked class", .tags(.worked))
  func complexity() throws {
    let all = try homeAndAway()
    let table = all.errorTable(truth: 0)
    #expect(!table[0].contains { !$0.isZero })
    let columns = table[0].indices.filter { !table[2][$0].isZero }
    #expect(columns.map { table[1][$0] } == [Rational(3, 10), Rational(1, 4), Rational(1, 5)])
    #expect(columns.map { table[2][$0] } == [Rational(3, 5), Rational(1, 2), Rational(2, 5)])
    let matrix = try all.bellmanErrorMatrix(truth: 0)
    #expect(
      matrix == [
        [0, 0, 0], [0, Rational(1, 6), Rational(4, 15)], [0, Rational(1, 6), Rational(4, 15)],
      ])
    #expect(HypothesisClass.bellmanRank(of: matrix) == 1)
    for (truth, expected) in [(0, 2), (1, 1), (2, 2)] {
      let table = all.errorTable(truth: truth)
      let dimension = try EluderDimension(of: table)
      #expect(dimension.value == expected && dimension.isExact, "truth \(truth)")
      #expect(dimension.isValid(for: table))
    }
    let witnesses = try EluderDimension(of: table)
    #expect(witnesses.sequence.map(\.hypothesis).sorted() == [1, 2])
    // At scales of which no error is larger nothing is independent.
    #expect(try EluderDimension(of: table, scale: Rational(3, 5)).value == 0)
    #expect(try EluderDimension(of: table, scale: Rational(2, 5)).value == 1)
    #expect(try EluderDimension(of: table, scale: Rational(1, 4)).value == 2)
    #expect(try EluderDimension(of: table, scale: Rational(3, 10)).value == 1)
  }

  @Test("eluder dimensions against all sequences", .tags(.differential), arguments: 0..<6)
  func eluder(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<6 {
      let table = (0..<3).map { _ in
        (0..<4).map { _ in Rational(Int(random.below(7)) - 3, 1 + Int(random.below(2))) }
      }
      let fast = try EluderDimension(of: table)
      #expect(fast.isExact && fast.isValid(for: table))
      #expect(fast.value == Self.byDefinition(table), "\(table)")
    }
  }

  /// Every scale that matters is the square of a partial sum: try them all, on all sequences.
  private static func byDefinition(_ table: [[Rational]]) -> Int {
    let squares = table.map { $0.map { $0 * $0 } }
    func longest(_ used: [Int], _ square: Rational) -> Int {
      var best = used.count
      for point in squares[0].indices where !used.contains(point) {
        let isIndependent = squares.contains { row in
          let before = used.reduce(Rational.zero) { $0 + row[$1] }
          return before <= square && square < row[point]
        }
        if isIndependent { best = max(best, longest(used + [point], square)) }
      }
      return best
    }
    var scales: Set<Rational> = [Rational(1, 1000)]
    for row in squares {
      for subset in 0..<(1 << row.count) {
        let sum = row.indices.reduce(Rational.zero) { $0 + (subset >> $1 & 1 == 1 ? row[$1] : 0) }
        if sum.signum > 0 { scales.insert(sum) }
      }
    }
    return scales.map { longest([], $0) }.max() ?? 0
  }

  @Test("coefficients of a trace")
  func trace() throws {
    let table: [[Rational]] = [[0, 0], [Rational(1, 2), Rational(1, 4)], [1, Rational(1, 2)]]
    let trace = TraceCoefficients(
      of: [
        .init(hypothesis: 2, point: 0), .init(hypothesis: 2, point: 1),
        .init(hypothesis: 1, point: 0),
      ], table: table)
    // Priors: 0; 1; 1/4 + 1/16.
    #expect(trace.error == 2)
    #expect(trace.priorSquares == Rational(21, 16))
    #expect(trace.dominance == Rational(64, 21))
    #expect(trace.squares == Rational(3, 2))
    #expect(trace.transferability == Rational(3, 2))
    let d = try trace.dominance(additive: Rational(1, 3), bits: 100)
    // c d + √(d S) = a at the root.
    let sum = try d * Rational(1, 3) + (d * trace.priorSquares).squareRoot(bits: 120)
    #expect(sum.contains(2) && sum.width < Rational(1, 1_000_000))
    #expect(d.upper < Rational(64, 21))
    let nothing = TraceCoefficients(of: [.init(hypothesis: 2, point: 0)], table: table)
    #expect(nothing.dominance == nil && nothing.transferability == nil)
  }

  @Test("total-variation distances of a two-state chain", .tags(.worked))
  func mixing() throws {
    let model = try TinyModel.read("0 a → 0:3/4, 1:1/4; 1 a → 0:1/2, 1:1/2")
    let profile = try MixingProfile(of: .first(in: model), in: model, steps: 5)
    #expect(profile.stationary == [Rational(2, 3), Rational(1, 3)])
    // The second eigenvalue is 1/4: the distance is 2/3 · 4^-t.
    for (step, distance) in profile.distances.enumerated() {
      #expect(distance == Rational(2, 3) * Rational(1, 4).power(step))
    }
    #expect(profile.mixingTime() == 1)
    let periodic = try TinyModel.read("0 a → 1; 1 a → 0")
    let cycle = try MixingProfile(of: .first(in: periodic), in: periodic, steps: 3)
    #expect(cycle.distances == Array(repeating: Rational(1, 2), count: 4))
    #expect(cycle.mixingTime() == nil)
    let split = try TinyModel.read("0 a → 0; 1 a → 1")
    #expect(throws: BoundError.self) {
      try MixingProfile(of: .first(in: split), in: split, steps: 1)
    }
  }

  @Test("concentrability is attained by some policy and by none exceeded")
  func coverage() throws {
    let model = try TinyModel.read(
      "0 a → 1 | 0; 0 b → 0 | 0; 1 a → 0:1/2, 1:1/2 | 0; 1 b → 0 | 0")
    let initial = [(state: State(0), probability: Rational.one)]
    let discount = Rational(1, 2)
    let data = [Rational](repeating: Rational(1, 4), count: 4)
    let worst = try #require(
      try Coverage.concentrability(in: model, discount: discount, initial: initial, data: data))
    var largest = Rational.zero
    for first in 0..<2 {
      for second in 0..<2 {
        let policy = try Policy([Action(first), Action(second)], in: model)
        let measure = try OccupancyMeasure(
          of: policy, in: model, discount: discount, initial: initial)
        let own = try #require(Coverage.coefficient(of: measure, data: data))
        largest = max(largest, own)
      }
    }
    #expect(worst.coefficient == largest)
    // Staying at 0 for good has all of its mass there.
    #expect(worst.coefficient == 4)
    #expect(
      try Coverage.concentrability(
        in: model, discount: discount, initial: initial, data: [1, 0, 0, 0]) == nil)
  }
}
