import ExactArithmetic

/// Certified logarithms and exponentials at growing precision.
func enclosureBenchmarks() -> [Benchmark] {
  let x = Enclosure(Rational(355, 113))
  return [64, 256, 1024, 4096].flatMap { bits in
    [
      Benchmark("Enclosure/log/\(bits) bits") {
        (try? x.logarithm(bits: bits))?.lower.signum ?? 0
      },
      Benchmark("Enclosure/exp/\(bits) bits") {
        (try? x.exponential(bits: bits))?.lower.signum ?? 0
      },
    ]
  }
}
