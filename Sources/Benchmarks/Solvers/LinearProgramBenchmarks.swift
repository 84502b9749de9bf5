import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms

/// Whole solves of generated linear programs: with GLPK's basis as a guide against the exact simplex
/// method from the slack basis, where that is bearable. Whole commands beside other programs:
/// `Peers/programs.py`.
func linearProgramBenchmarks(isQuick: Bool) throws -> [Benchmark] {
  var benchmarks: [Benchmark] = []
  for size in isQuick ? [10] : [20, 60, 120] {
    benchmarks.append(try solving("dense", size, dense(size: size), hasReference: size <= 20))
  }
  for size in isQuick ? [6] : [6, 15, 40] {
    benchmarks.append(
      try solving("transportation", size, transportation(size: size), hasReference: size <= 6))
    benchmarks.append(
      try solving("assignment", size, assignment(size: size), hasReference: size <= 6))
  }
  return benchmarks
}

private func solving(
  _ name: String, _ size: Int, _ program: LinearProgram, hasReference: Bool
) -> Benchmark {
  let title = "LP/\(name)/\(size)"
  // The bits of the answer; 0 when there is none.
  func bits(_ guide: LPOptions.FloatingMethod?) -> Int {
    let solution = try? solve(program, options: LPOptions(guide: guide))
    return solution.map { 1 + $0.statistics.denominatorBits } ?? 0
  }
  guard hasReference else { return Benchmark(title) { bits(.dual) } }
  return Benchmark(
    title, against: "exact simplex from the slacks", ours: { bits(.dual) }, reference: { bits(nil) }
  )
}

/// `max c·x, A x ≤ b, x ≥ 0` with entries from 1 to 1000: feasible and bounded.
private func dense(size: Int) throws -> LinearProgram {
  var random = SplitMix64(seed: UInt64(size))
  func number() -> Rational { Rational(1 + Int(random.next() % 1000)) }
  var builder = LinearProgramBuilder(name: "dense", direction: .maximize)
  for column in 0..<size { try builder.addColumn("x\(column)", objective: number()) }
  for _ in 0..<size {
    try builder.addRow(
      lower: nil, upper: 1000 * number(),
      entries: (0..<size).map { (column: $0, coefficient: number()) })
  }
  return builder.build()
}

/// Equal supplies and demands of `size` sources and sinks, so that ties abound.
private func transportation(size: Int) throws -> LinearProgram {
  try routes(size, costs: 20, amount: 10, isExact: false)
}

/// `size` persons and tasks: every basis is degenerate.
private func assignment(size: Int) throws -> LinearProgram {
  try routes(size, costs: 100, amount: 1, isExact: true)
}

private func routes(
  _ size: Int, costs: UInt64, amount: Rational, isExact: Bool
) throws -> LinearProgram {
  var random = SplitMix64(seed: UInt64(size))
  var builder = LinearProgramBuilder(name: "routes", direction: .minimize)
  for route in 0..<size * size {
    try builder.addColumn("x\(route)", objective: Rational(1 + Int(random.next() % costs)))
  }
  for i in 0..<size {
    let from = (0..<size).map { (column: i * size + $0, coefficient: Rational.one) }
    try builder.addRow(lower: isExact ? amount : nil, upper: amount, entries: from)
    let to = (0..<size).map { (column: $0 * size + i, coefficient: Rational.one) }
    try builder.addRow(lower: amount, upper: isExact ? amount : nil, entries: to)
  }
  return builder.build()
}
