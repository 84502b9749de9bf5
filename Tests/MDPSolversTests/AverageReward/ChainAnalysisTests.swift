import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Chains in the long run")
struct ChainAnalysisTests {
  private func analysis(_ rows: String) throws -> ChainAnalysis {
    let model = try TinyModel.read(rows)
    return ChainAnalysis(of: .first(in: model), in: model)
  }

  private func scaled(_ rows: [[Int]], _ denominator: Int) -> [[Rational]] {
    rows.map { $0.map { Rational($0, denominator) } }
  }

  @Test("C13: law, deviation matrix and Kemeny constant", .tags(.worked))
  func threeStates() throws {
    let chain = try analysis("a x → a:1/2,b:1/2; b x → a:1/4,b:1/2,c:1/4; c x → b:1/3,c:2/3")
    #expect(try chain.stationaryLaws() == scaled([[2, 4, 3]], 9))
    #expect(
      try chain.deviationMatrix()
        == scaled([[116, -20, -96], [-10, 52, -42], [-64, -56, 120]], 81))
    #expect(try chain.kemenyConstant() == Rational(32, 9))
  }

  @Test("closed forms of the Kemeny constant", .tags(.worked))
  func closedForms() throws {
    // Two states, 1/(p+q); a cycle, (n-1)/2; equal rows, n-1; C2 and C3.
    #expect(
      try analysis("a x → a:2/3,b:1/3; b x → a:1/4,b:3/4").kemenyConstant() == Rational(12, 7))
    #expect(
      try analysis("a x → b; b x → c; c x → d; d x → a").kemenyConstant() == Rational(3, 2))
    let row = "a:1/5,b:2/5,c:2/5"
    #expect(try analysis("a x → \(row); b x → \(row); c x → \(row)").kemenyConstant() == 2)
    let river = try ModelFamily("riverswim", arguments: []).model()
    let right = try Policy(Array(repeating: Action(1), count: 6), in: river)
    let chain = ChainAnalysis(of: right, in: river)
    #expect(try chain.kemenyConstant() == Rational(42025, 3361))
    #expect(
      try chain.stationaryLaws()
        == scaled([[2, 24, 168, 1176, 8232, 7203]], 16805))
  }

  @Test("matrices and constants satisfy their definitions", arguments: 0..<4 as Range<UInt64>)
  func definitions(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    generator.largestActionCount = 1
    for index in 0..<30 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let chain = ChainAnalysis(of: .first(in: model), in: model)
      let plain = PlainModel(model)
      let n = model.stateCount
      let limit = try chain.limitingMatrix()
      let deviation = try chain.deviationMatrix()
      for state in 0..<n {
        let row = Array(model.choices(at: State(state)))[0]
        for other in 0..<n {
          let identity: Rational = state == other ? 1 : 0
          let column = { (matrix: [[Rational]]) in matrix.map { $0[other] } }
          // P P* = P*, (I - P) D = I - P*, P* D = 0.
          #expect(plain.expectation(row, column(limit)) == limit[state][other], label)
          #expect(
            deviation[state][other] - plain.expectation(row, column(deviation))
              == identity - limit[state][other], label)
          #expect(zip(limit[state], column(deviation)).reduce(0) { $0 + $1.0 * $1.1 } == 0, label)
        }
      }
      let trace = (0..<n).reduce(Rational.zero) { $0 + deviation[$1][$1] }
      #expect(try chain.kemenyConstant() == trace, label)
    }
  }

  @Test("the Kemeny constant is the mean first-passage time to the stationary law")
  func firstPassage() throws {
    let model = try ModelFamily("garnet", arguments: ["--states", "8", "--actions", "1"]).model()
    let chain = ChainAnalysis(of: .first(in: model), in: model)
    try #require(chain.classes.classes.count == 1 && chain.classes.classes[0].count == 8)
    let law = try chain.stationaryLaws()[0]
    for start in 0..<8 {
      var mean = Rational.zero
      for target in 0..<8 {
        mean += law[target] * (try #require(try chain.hittingTimes(to: State(target))[start]))
      }
      #expect(try chain.kemenyConstant() == mean)
    }
  }

  @Test("hitting times are infinite where the target can be missed")
  func hittingTimes() throws {
    let chain = try analysis("a x → a:1/2,b:1/2; b x → b:1/2,a:1/4,c:1/4; c x → c; d x → c")
    #expect(try chain.hittingTimes(to: State(2)) == [8, 6, 0, 1].map(Optional.some))
    #expect(try chain.hittingTimes(to: State(1)) == [2, 0, nil, nil])
    #expect(try chain.hittingTimes(to: State(0)) == [0, nil, nil, nil])
  }
}
