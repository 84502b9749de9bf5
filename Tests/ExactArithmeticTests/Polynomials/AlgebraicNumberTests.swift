import ExactArithmetic
import TestSupport
import Testing

/// `Π (qx - p)` over the given fractions.
private func polynomial(withRoots roots: [Rational]) -> Polynomial {
  roots.reduce(.one) { $0 * Polynomial([-$1.numerator, $1.denominator]) }
}

@Suite("AlgebraicNumber")
struct AlgebraicNumberTests {
  @Test("known roots are found, each once, in order", arguments: 0..<4 as Range<UInt64>)
  func knownRoots(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      let roots = (0..<1 + random.below(6)).map { _ in
        Rational(Int(random.below(33)) - 16, 1 + Int(random.below(16)))
      }
      // A factor without real roots, and now and then a root twice.
      let p = polynomial(withRoots: roots) * Polynomial([1, 1, 1])
      let found = p.roots(from: -1, to: 1)
      let expected = Set(roots.filter { -1 < $0 && $0 < 1 }).sorted()
      let label: Comment = "seed \(seed): \(roots)"
      try #require(found.map { $0.rationalValue } == expected.map { Optional($0) }, label)
      let odd = expected.filter { root in roots.count { $0 == root } % 2 == 1 }
      try #require(p.signChanges(from: -1, to: 1).map { $0.rationalValue } == odd, label)
      for (place, root) in found.enumerated() {
        try #require(root.comparison(with: expected[place]) == 0, label)
        try #require(root == AlgebraicNumber(expected[place]), label)
        try #require(root.isRoot(of: p), label)
      }
    }
  }

  @Test("Wilkinson's polynomial, whose roots doubles cannot find")
  func wilkinson() {
    let p = polynomial(withRoots: (1...20).map { Rational($0) })
    let roots = p.roots(from: 0, to: 21)
    #expect(roots.map(\.rationalValue) == (1...20).map { Rational($0) })
    // With -2^-23 x^19 added ten of them become complex (Wilkinson 1959).
    let x19 = Polynomial([Integer](repeating: 0, count: 19) + [1])
    let spoiled = (Integer(1) << 23) * p - x19
    #expect(spoiled.rootCount(from: 0, to: 21) == 10)
  }

  @Test("roots that lie 2^-200 apart")
  func cluster() {
    let third = Rational(1, 3)
    let near = third + Rational(1, timesTwoToThe: -200)
    let p = polynomial(withRoots: [third, near, third, 5])
    let roots = p.roots(from: 0, to: 1)
    #expect(roots.count == 2)
    #expect(p.signChanges(from: 0, to: 1).map(\.rationalValue) == [near])
    #expect(roots[0] < roots[1] && roots[0] != roots[1])
  }

  @Test("ends of the interval are no roots inside, also when they are roots")
  func ends() {
    let p = polynomial(withRoots: [0, 1, Rational(1, 2), Rational(1, 4)])
    #expect(p.roots(from: 0, to: 1).map(\.rationalValue) == [Rational(1, 4), Rational(1, 2)])
    #expect(p.rootCount(from: Rational(1, 4), to: Rational(1, 2)) == 0)
  }

  @Test("√2 and its neighbours")
  func squareRoot() throws {
    let root = try #require(
      AlgebraicNumber(rootOf: Polynomial([-2, 0, 1]), from: 0, to: 2))
    #expect(root.rationalValue == nil)
    #expect(root.comparison(with: Rational(7, 5)) == 1)
    #expect(root.comparison(with: Rational(3, 2)) == -1)
    // x⁴ - 4 has the same root, and √3 is another number.
    let same = try #require(
      AlgebraicNumber(rootOf: Polynomial([-4, 0, 0, 0, 1]), from: 1, to: 2))
    let other = try #require(
      AlgebraicNumber(rootOf: Polynomial([-3, 0, 1]), from: 1, to: 2))
    #expect(root == same && !(root < same) && !(same < root))
    #expect(root < other && other > same && root != other)
    #expect(root.sign(of: Polynomial([-4, 0, 0, 0, 1])) == 0)
    #expect(root.sign(of: Polynomial([-3, 0, 0, 1])) == -1)  // 2√2 < 3
    #expect(root.sign(of: Polynomial([4, 0, -4, 0, 1]), onSide: -1) == 1)  // (x² - 2)²
    #expect(root.sign(of: Polynomial([2, 0, -1]), onSide: -1) == 1)
    #expect(root.sign(of: Polynomial([2, 0, -1]), onSide: 1) == -1)
    let narrow = root.refined(toWidth: Rational(1, timesTwoToThe: -100))
    #expect(narrow.upper - narrow.lower <= Rational(1, timesTwoToThe: -100))
    #expect(narrow.lower * narrow.lower < 2 && narrow.upper * narrow.upper > 2)
    #expect(abs(root.approximation - 1.4142135623730951) < 1e-15)
  }

  @Test("bounds with no root or with two hold no number")
  func refused() {
    let p = Polynomial([-2, 0, 1])
    #expect(AlgebraicNumber(rootOf: p, from: 2, to: 3) == nil)
    #expect(AlgebraicNumber(rootOf: p, from: -2, to: 2) == nil)
    #expect(AlgebraicNumber(rootOf: p, from: 2, to: 0) == nil)
    #expect(AlgebraicNumber(rootOf: .zero, from: 0, to: 1) == nil)
  }

  @Test("order laws on roots of random polynomials", arguments: 0..<3 as Range<UInt64>)
  func order(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var numbers: [AlgebraicNumber] = [AlgebraicNumber(0), AlgebraicNumber(Rational(1, 2))]
    while numbers.count < 12 {
      let p = Polynomial((0...4).map { _ in Integer(Int(random.below(9)) - 4) })
      if !p.isZero { numbers += p.roots(from: -2, to: 2) }
    }
    for a in numbers {
      for b in numbers {
        try #require([a < b, a == b, b < a].count { $0 } == 1, "\(a), \(b)")
        try #require(!(a < b) || a.approximation <= b.approximation, "\(a), \(b)")
      }
    }
  }

  @Test("a sign all over an interval")
  func nonPositive() throws {
    let (zero, one) = (AlgebraicNumber(0), AlgebraicNumber(1))
    let half = AlgebraicNumber(Rational(1, 2))
    let touching = -Polynomial([1, -4, 4])  // -(2x - 1)²
    #expect(touching.isNonPositive(from: zero, to: one))
    let crossing = Polynomial([-1, 2])
    #expect(crossing.isNonPositive(from: zero, to: half))
    #expect(!crossing.isNonPositive(from: zero, to: one))
    #expect(!crossing.isNonPositive(from: half, to: one))
    let root = try #require(
      AlgebraicNumber(rootOf: Polynomial([-1, 0, 3]), from: 0, to: 1))
    #expect(Polynomial([-1, 0, 3]).isNonPositive(from: zero, to: root))
    #expect(Polynomial([1, 0, -3]).isNonPositive(from: root, to: one))
    #expect(!Polynomial([1, 0, -3]).isNonPositive(from: half, to: one))
  }
}
