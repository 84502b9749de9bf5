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
      if system.matrix.largestEntry < 1 << 48 {
        #expect(try system.solved() == reference)
      }
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
}
