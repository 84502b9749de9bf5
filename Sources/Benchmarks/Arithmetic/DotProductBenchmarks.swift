import ExactArithmetic

/// Dot products of a probability row with values, fused against a chain of `Rational` operations.
func dotProductBenchmarks() -> [Benchmark] {
  [("30-bit", 30), ("300-bit", 300), ("3000-bit", 3000)].flatMap { name, bits in
    dotProducts(of: 64, valueBits: bits, name: name)
  }
}

private func dotProducts(of count: Int, valueBits: Int, name: String) -> [Benchmark] {
  var random = SplitMix64(seed: 2)
  let weights = (0..<count).map { _ in Int.random(in: 1...60, using: &random) }
  let numerators = (0..<count).map { _ in randomInteger(bits: valueBits, using: &random) }
  let denominator = randomInteger(bits: valueBits, using: &random)
  // The same numbers as fractions.
  let probabilities = weights.map { Rational($0, 60) }
  let values = numerators.map { Rational($0, denominator) }
  let chain = {
    var sum = Rational.zero
    for (p, v) in zip(probabilities, values) { sum += p * v }
    return sum.signum
  }
  return [
    Benchmark(
      "DotProduct/common denominator/\(name)", operations: count, against: "sum of products",
      ours: {
        var sum = Accumulator()
        for (w, v) in zip(weights, numerators) { sum.add(v, times: w) }
        return sum.signum
      }, reference: chain),
    Benchmark(
      "DotProduct/fractions/\(name)", operations: count, against: "sum of products",
      ours: {
        var sum = RationalAccumulator(denominator: denominator * 60)
        for (p, v) in zip(probabilities, values) { sum.add(v, times: p) }
        return sum.value.signum
      }, reference: chain),
  ]
}

private func randomInteger(bits: Int, using random: inout SplitMix64) -> Integer {
  var value = Integer.one
  for _ in 1..<bits { value = (value << 1) + Integer(Int(random.next() & 1)) }
  return value
}
