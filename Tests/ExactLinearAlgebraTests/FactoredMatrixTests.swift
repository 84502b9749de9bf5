import ExactArithmetic
import ExactLinearAlgebra
import TestSupport
import Testing

@Suite("Square systems of any pattern")
struct FactoredMatrixTests {
  private typealias Rows = [[(column: Int, value: Rational)]]

  private func sparse(_ dense: [[Rational]]) -> Rows {
    dense.map { row in
      row.enumerated().filter { !$0.element.isZero }
        .map { (column: $0.offset, value: $0.element) }
    }
  }

  private func randomMatrix(_ size: Int, _ random: inout SplitMix64, isWide: Bool) -> [[Rational]] {
    (0..<size).map { _ in
      (0..<size).map { _ in
        if random.below(3) > 0 { return 0 }
        let small = Rational(Int(random.below(9)) - 4, 1 + Int(random.below(6)))
        return isWide ? small * Rational(10).power(Int(random.below(60)) - 30) : small
      }
    }
  }

  @Test(
    "matrix and transpose agree with elimination", .tags(.differential),
    arguments: [false, true], 0..<3 as Range<UInt64>)
  func differential(isWide: Bool, seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var regular = 0
    for round in 0..<60 {
      let size = Int(random.below(9))
      let matrix = randomMatrix(size, &random, isWide: isWide)
      let right = (0..<size).map { _ in Rational(Int(random.below(15)) - 7, 3) }
      let transposed = (0..<size).map { j in matrix.map { $0[j] } }
      let expected = solvedByElimination(rows: matrix, rightSide: right)
      let place = "seed \(seed), round \(round)"
      switch try FactoredMatrix.factor(rows: sparse(matrix)) {
      case .regular(let factors):
        regular += 1
        #expect(try factors.solve(right).entries == expected, "\(place)")
        #expect(
          try factors.solveTransposed(right).entries
            == solvedByElimination(rows: transposed, rightSide: right), "\(place)")
      case .singular(let rows, let columns):
        #expect(expected == nil, "\(place)")
        #expect(rows.count == columns.count && rows.count < size, "\(place)")
        // The pivots' part is regular.
        let part = rows.map { row in columns.map { matrix[row][$0] } }
        let zeros = [Rational](repeating: 0, count: rows.count)
        #expect(solvedByElimination(rows: part, rightSide: zeros) != nil, "\(place)")
      }
    }
    #expect(regular > 5)
  }

  @Test(
    "several right sides give what they give one by one", .tags(.differential),
    arguments: [false, true])
  func several(isWide: Bool) throws {
    var random = SplitMix64(seed: 23)
    var regular = 0
    for round in 0..<30 {
      let size = 1 + Int(random.below(12))
      let matrix = randomMatrix(size, &random, isWide: isWide)
      guard case .regular(let factors) = try FactoredMatrix.factor(rows: sparse(matrix)) else {
        continue
      }
      regular += 1
      // One alone, zeros, columns of the matrix with their short solutions, long fractions.
      let long = (0..<size).map { _ in
        Rational(Integer.random(using: &random), Integer.random(using: &random).magnitude + 1)
      }
      var rights = (0..<size).map { j in matrix.map { $0[j] } }
      rights += [long, Array(repeating: 0, count: size), long.map { -$0 / 3 }]
      for rights in [rights, [long], []] {
        let found = try factors.solve(rights) { ($0, $1.entries) }
        #expect(found.map(\.0) == Array(rights.indices), "round \(round)")
        #expect(try found.map(\.1) == rights.map { try factors.solve($0).entries })
      }
    }
    #expect(regular > 5)
  }

  @Test("several right sides stop when they are asked to")
  func interrupted() throws {
    let rows: Rows = (0..<5).map { [(column: $0, value: Rational(3))] }
    guard case .regular(let factors) = try FactoredMatrix.factor(rows: rows) else {
      Issue.record("a diagonal matrix is regular")
      return
    }
    let rights = (0..<8).map { k in (0..<5).map { Rational($0 + k) } }
    #expect(throws: Interrupted.self) {
      try factors.solve(rights, progress: ProgressHandler(stopReason: { .cancelled })) { _, _ in }
    }
  }

  @Test("a matrix without a diagonal", .tags(.worked), arguments: [2, 3, 50])
  func cyclicShift(size: Int) throws {
    // Row i reads x_{i+1} / 2 = i, so x_{i+1} = 2 i.
    let rows: Rows = (0..<size).map { [(column: ($0 + 1) % size, value: Rational(1, 2))] }
    guard case .regular(let factors) = try FactoredMatrix.factor(rows: rows) else {
      Issue.record("a permutation matrix is regular")
      return
    }
    let solution = try factors.solve((0..<size).map { Rational($0) })
    #expect(solution.entries == (0..<size).map { Rational(2 * (($0 + size - 1) % size)) })
  }
}
