import ExactArithmetic
import Testing

@testable import ExactLinearAlgebra

@Suite("Kernels of matrices of rational functions")
struct ParametricKernelTests {
  /// A polynomial with small coefficients.
  private func polynomial(_ degree: Int, _ random: inout SplitMix64) -> Polynomial {
    Polynomial((0...degree).map { _ in Integer(Int(random.next() % 19) - 9) })
  }

  private func value(
    _ vector: ParametricKernel.Vector, _ row: Int, _ place: Rational
  ) -> Rational {
    let numerator = vector.entries.first { $0.row == row }?.numerator ?? .zero
    return numerator.value(at: place) / vector.denominator.value(at: place)
  }

  @Test("differences of random vectors, of which one depends on the others", arguments: 2..<7)
  func random(count: Int) throws {
    var random = SplitMix64(seed: UInt64(count))
    // count vectors of count - 2 rows, and the zero vector: one relation in all.
    let rows = count - 2
    var vectors = (0..<count - 1).map { _ in
      ParametricKernel.Vector(
        denominator: polynomial(2, &random) + Polynomial([20]),
        entries: (0..<rows).map { ($0, polynomial(3, &random)) })
    }
    vectors.append(ParametricKernel.Vector(denominator: .one, entries: []))
    let columns = (0..<count - 1).map { (left: $0, right: count - 1) }
    let kernel = try #require(
      try ParametricKernel(vectors: vectors, columns: columns, progress: .none).vector())
    #expect(kernel.count == columns.count)
    #expect(kernel.reduce(Polynomial.zero) { Polynomial.gcd($0, $1) } == .one)
    for place in [Rational(1, 3), 7, Rational(-5, 2)] {
      for row in 0..<rows {
        let sum = zip(vectors, kernel).reduce(Rational.zero) {
          $0 + $1.1.value(at: place) * value($1.0, row, place)
        }
        #expect(sum == 0)
      }
    }
  }

  @Test("a common factor is taken out, long coefficients come back")
  func longCoefficients() throws {
    let big = Integer(10).power(60) + 7
    let vectors = [
      ParametricKernel.Vector(
        denominator: Polynomial([1, -1]), entries: [(0, Polynomial([big, 1]))]),
      ParametricKernel.Vector(
        denominator: Polynomial([1, 0, -1]), entries: [(0, Polynomial([3, 0, big]))]),
      ParametricKernel.Vector(denominator: .one, entries: []),
    ]
    let kernel = try ParametricKernel(
      vectors: vectors, columns: [(0, 2), (1, 2)], progress: .none
    ).vector()
    // (3 + Bγ²) against (B + γ)(1 + γ).
    let expected = [Polynomial([3, 0, big]), Polynomial([-big, -big - 1, -1])]
    #expect(kernel == expected || kernel == expected.map { -$0 })
  }

  @Test("a column of zeros, independent columns, and two relations")
  func otherDimensions() throws {
    let vectors = (1...3).map { number in
      ParametricKernel.Vector(
        denominator: .one, entries: [(0, Polynomial([Integer(number)])), (1, .variable)])
    }
    func kernel(_ columns: [(left: Int, right: Int)]) throws -> [Polynomial]? {
      try ParametricKernel(vectors: vectors, columns: columns, progress: .none).vector()
    }
    #expect(try kernel([(1, 1)]) == [.one])
    #expect(try kernel([(0, 1)]) == nil)
    #expect(try kernel([(0, 1), (1, 2)]) != nil)
    #expect(try kernel([(0, 1), (1, 2), (0, 2)]) == nil)
  }
}
