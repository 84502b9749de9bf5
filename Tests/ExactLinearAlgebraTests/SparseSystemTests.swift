import ExactArithmetic
import Testing

@testable import ExactLinearAlgebra

/// A random system `(q - w) x = b` of a discounted chain: rows scaled by their denominators.
func discountedSystem(
  size: Int, branching: Int, discount: (Int64, Int64), rightBits: Int = 8, scale: Integer = 1,
  using random: inout SplitMix64
) -> SparseSystem {
  var matrix = SparseIntegerMatrix()
  var right: [Integer] = []
  for row in 0..<size {
    let count = 1 + Int(random.below(UInt64(branching)))
    var weights: [Int32: Int64] = [:]
    var total: Int64 = 0
    for _ in 0..<count {
      let weight = Int64(1 + random.below(20))
      weights[Int32(random.below(UInt64(size))), default: 0] += weight
      total += weight
    }
    var stay: Int64 = 0
    for (column, weight) in weights.sorted(by: { $0.key < $1.key }) {
      if column == Int32(row) {
        stay = weight
      } else {
        matrix.append(column: column, entry: -discount.0 * weight)
      }
    }
    matrix.endRow(diagonal: discount.1 * total - discount.0 * stay)
    let half = Integer.one << (rightBits - 1)
    right.append(Integer(random.next()).modulo(powerOfTwo: rightBits) - half)
  }
  return SparseSystem(matrix: matrix, rightSide: right, scale: scale)
}

@Suite("Sparse systems")
struct SparseSystemTests {
  @Test(
    "refinement, lifting and elimination give the same fractions",
    arguments: 0..<6 as Range<UInt64>)
  func methodsAgree(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<12 {
      let discounts: [(Int64, Int64)] = [(9, 10), (99, 100), (999, 1000), (0, 1), (1, 2)]
      let system = discountedSystem(
        size: 1 + Int(random.below(25)), branching: 4,
        discount: discounts[Int(random.below(5))], rightBits: 4 + Int(random.below(60)),
        scale: Integer(1 + Int(random.below(5))), using: &random)
      let reference = try system.solved(method: .elimination)
      #expect(system.isSolved(by: reference), "seed \(seed)")
      #expect(try system.solved(method: .refinement) == reference, "seed \(seed)")
      #expect(try system.solved(method: .lifting) == reference, "seed \(seed)")
    }
  }

  @Test("a discount of 1 - 1e-15 is left to lifting")
  func hardDiscount() throws {
    var random = SplitMix64(seed: 5)
    let system = discountedSystem(
      size: 12, branching: 3, discount: (99_999_999_999_999, 100_000_000_000_000),
      using: &random)
    let small = discountedSystem(
      size: 12, branching: 3, discount: (999_999_999_999, 1_000_000_000_000), using: &random)
    for system in [system, small] {
      let reference = try system.solved(method: .elimination)
      #expect(throws: Unsolvable.self) { try system.solved(method: .refinement) }
      #expect(try system.solved() == reference)
      #expect(try system.solved(method: .lifting) == reference)
    }
  }

  @Test("a long chain with many transient states and several closed classes")
  func closedClasses() throws {
    var matrix = SparseIntegerMatrix()
    let size = 120
    for row in 0..<size {
      // Two rings of 30 states; the other 60 walk into one of them.
      if row < 60 {
        let base = row < 30 ? 0 : 30
        matrix.append(column: Int32(base + (row - base + 1) % 30), entry: -99)
      } else {
        matrix.append(column: Int32(row - 60), entry: -33)
        matrix.append(column: Int32(row - 1), entry: -66)
      }
      matrix.endRow(diagonal: 100)
    }
    let right = (0..<size).map { Integer($0 % 7 - 3) }
    let system = SparseSystem(matrix: matrix, rightSide: right, scale: 3)
    // The walkers depend on the states below them: each is a component of its own.
    let rings = [Int32](repeating: 0, count: 30) + [Int32](repeating: 1, count: 30)
    let components = ContiguousArray(rings + (2..<Int32(size - 58)))
    let plain = try system.solved(method: .refinement)
    #expect(try system.solved(method: .refinement, components: components) == plain)
    #expect(try system.solved(method: .lifting) == plain)
  }

  @Test("coefficients of hundreds of bits", arguments: 0..<3 as Range<UInt64>)
  func wideRows(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<6 {
      let size = 1 + Int(random.below(9))
      var rows: [WideRow] = []
      var dense = [[Rational]](repeating: Array(repeating: 0, count: size), count: size)
      for row in 0..<size {
        var entries: [(column: Int32, entry: Integer)] = []
        for column in 0..<size where column != row && random.below(2) == 0 {
          let value = wide(&random) * (random.below(2) == 0 ? 1 : -1)
          entries.append((Int32(column), value))
          dense[row][column] = Rational(value)
        }
        // A multiple of 2^40 has a lowest limb of zero, which must not become the pivot.
        let diagonal = random.below(2) == 0 ? wide(&random) << 40 : wide(&random)
        dense[row][row] = Rational(diagonal)
        rows.append(WideRow(diagonal: diagonal, entries: entries, rightSide: wide(&random)))
      }
      let expected = solvedByElimination(
        rows: dense, rightSide: rows.map { Rational($0.rightSide) })
      guard let expected else { continue }
      let system = SparseSystem(wideRows: rows)
      let solution = try system.solved(method: .lifting).prefix(size)
      #expect(solution.entries == expected, "seed \(seed)")
    }
  }

  private func wide(_ random: inout SplitMix64) -> Integer {
    let bits = 1 + Int(random.below(300))
    var value = Integer(1)
    for _ in 0..<(bits / 60) { value = (value << 60) + Integer(random.next() >> 4) }
    return value + Integer(Int(random.below(1000)))
  }

  @Test("the determinant bound holds and is reached by triangular systems")
  func determinantBound() throws {
    var random = SplitMix64(seed: 21)
    for _ in 0..<20 {
      let system = discountedSystem(
        size: 15, branching: 4, discount: (9, 10), using: &random)
      let solution = try system.solved(method: .lifting)
      let product = system.matrix.diagonal.reduce(Integer.one) { $0 * Integer($1) }
      #expect(solution.reduced().denominatorBits <= product.bitLength)
      #expect(product.bitLength <= mMatrixDenominatorBits(system.matrix))
    }
    // 3 x_0 - x_1 = 0, x_1 = 8: the worked case of proofs-notes/m-matrix-denominator.md.
    var matrix = SparseIntegerMatrix()
    matrix.append(column: 1, entry: -1)
    matrix.endRow(diagonal: 3)
    matrix.endRow(diagonal: 1)
    let system = SparseSystem(matrix: matrix, rightSide: [0, 8], scale: 1)
    #expect(try system.solved(method: .refinement).entries == [Rational(8, 3), 8])
    #expect(try system.combination([(0, 1)]) == Rational(8, 3))
  }

  @Test("a streamed combination equals that of the full solution", arguments: [0, 1, 2])
  func streaming(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for discount: (Int64, Int64) in [(1, 2), (9, 10), (999, 1000)] {
      let system = discountedSystem(
        size: 60, branching: 4, discount: discount, rightBits: 90, scale: 12, using: &random)
      let exact = try system.solved(method: .lifting).entries
      let weights = [(row: 3, weight: 2), (row: 17, weight: -5), (row: 59, weight: 1)]
      let expected = weights.reduce(Rational.zero) { $0 + Rational($1.weight) * exact[$1.row] }
      #expect(try system.combination(weights) == expected)
    }
  }

  @Test("seven unknowns that share nothing, with denominators of 100 bits each")
  func independentLongDenominators() throws {
    // A combination of the entries can lose powers of 2 and 5 that are longer than a word.
    let base = Integer(10).power(17)
    let rows = (0..<7).map { row in
      WideRow(
        diagonal: (base * base - Integer(12_345_678_901_234_567 + row * 8)) << row, entries: [],
        rightSide: Integer(10).power(30) - Integer(row))
    }
    let solution = try SparseSystem(wideRows: rows).solved(method: .lifting).prefix(7)
    for row in 0..<7 {
      #expect(solution[row] == Rational(rows[row].rightSide, rows[row].diagonal))
    }
  }
}
