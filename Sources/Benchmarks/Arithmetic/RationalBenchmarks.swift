import ExactArithmetic

/// `+ * / <` on inline fractions against boxed GMP rationals.
func rationalBenchmarks() -> [Benchmark] {
  // The gcd grows with the length of the words and dominates both sides in the end; the goal is
  // set on what models are made of.
  let kinds: [(name: String, goal: Double?, draw: (inout SplitMix64) -> Rational)] = [
    // The probabilities of models: k/60 in lowest terms.
    ("sixtieths", 10, { Rational(Int.random(in: 1...60, using: &$0), 60) }),
    ("decimals", 10, { Rational(Int.random(in: 1...100, using: &$0), 100) }),
    ("integers", 10, { Rational(Int.random(in: 1...1000, using: &$0)) }),
    ("8-bit", nil, { randomFraction(bits: 8, using: &$0) }),
    ("16-bit", nil, { randomFraction(bits: 16, using: &$0) }),
    ("31-bit", nil, { randomFraction(bits: 31, using: &$0) }),
  ]
  return kinds.flatMap { kind in
    Operands(kind.draw).benchmarks(of: kind.name, goal: kind.goal)
  }
}

private func randomFraction(bits: Int, using random: inout SplitMix64) -> Rational {
  let range = 1..<(1 << bits)
  return Rational(Int.random(in: range, using: &random), Int.random(in: range, using: &random))
}

/// Pairs of fractions in both representations.
private struct Operands {
  let ours: [(Rational, Rational)]
  let boxed: [(GMPRational, GMPRational)]

  init(_ draw: (inout SplitMix64) -> Rational) {
    var random = SplitMix64(seed: 1)
    ours = (0..<1000).map { _ in (draw(&random), draw(&random)) }
    boxed = ours.map { (GMPRational($0), GMPRational($1)) }
  }

  func benchmarks(of kind: String, goal: Double?) -> [Benchmark] {
    [
      benchmark(Sum.self, kind, goal), benchmark(Product.self, kind, goal),
      benchmark(Quotient.self, kind, goal), benchmark(Comparison.self, kind, nil),
    ]
  }

  private func benchmark<O: Operation>(
    _ operation: O.Type, _ kind: String, _ goal: Double?
  ) -> Benchmark {
    Benchmark(
      "Rational/\(O.name)/\(kind)", operations: ours.count, against: "boxed mpq", goal: goal,
      ours: { [ours] in
        var sum = 0
        for (a, b) in ours { sum &+= O.result(a, b) }
        return sum
      },
      reference: { [boxed] in
        var sum = 0
        for (a, b) in boxed { sum &+= O.result(a, b) }
        return sum
      })
  }
}

/// An operation as a type, so that the loops are compiled for it: a call through a closure would
/// take as long as a comparison.
private protocol Operation {
  static var name: String { get }
  static func result(_ a: Rational, _ b: Rational) -> Int
  static func result(_ a: GMPRational, _ b: GMPRational) -> Int
}

private enum Sum: Operation {
  static let name = "add"
  static func result(_ a: Rational, _ b: Rational) -> Int { checksum(a + b) }
  static func result(_ a: GMPRational, _ b: GMPRational) -> Int { (a + b).checksum }
}

private enum Product: Operation {
  static let name = "multiply"
  static func result(_ a: Rational, _ b: Rational) -> Int { checksum(a * b) }
  static func result(_ a: GMPRational, _ b: GMPRational) -> Int { (a * b).checksum }
}

private enum Quotient: Operation {
  static let name = "divide"
  static func result(_ a: Rational, _ b: Rational) -> Int { checksum(a / b) }
  static func result(_ a: GMPRational, _ b: GMPRational) -> Int { (a / b).checksum }
}

private enum Comparison: Operation {
  static let name = "compare"
  static func result(_ a: Rational, _ b: Rational) -> Int { a < b ? 1 : 0 }
  static func result(_ a: GMPRational, _ b: GMPRational) -> Int { a < b ? 1 : 0 }
}

/// A number that depends on both parts of a result.
@inline(__always)
private func checksum(_ value: Rational) -> Int {
  guard let words = value.words else { return 0 }
  return words.numerator ^ words.denominator
}
