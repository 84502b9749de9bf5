import Certificates
import ExactArithmetic
import LinearPrograms
import TestSupport
import Testing

/// `D(y;c)` word for word from the note, or `nil` where a needed side is infinite.
private func dualValue(
  _ program: LinearProgram, _ y: [Rational], _ cost: [Rational]
) -> Rational? {
  var z = cost
  var sum = Rational.zero
  for row in 0..<program.rowCount {
    for entry in program.entries(ofRow: row) {
      z[Int(program.columnIndices[entry])] =
        z[Int(program.columnIndices[entry])] - y[row] * program.coefficients[entry]
    }
  }
  let pairs = Array(zip(y, program.rowBounds)) + Array(zip(z, program.columnBounds))
  for (weight, bounds) in pairs where !weight.isZero {
    guard let side = weight > 0 ? bounds.lower : bounds.upper else { return nil }
    sum = sum + weight * side
  }
  return sum
}

@Suite("Certificates of linear programs against their definitions")
struct LPDefinitionTests {
  /// A program of two columns and two rows with small integers, so that random guesses often
  /// are certificates.
  private func tiny(_ random: inout SplitMix64) throws -> LinearProgram {
    func number(_ range: ClosedRange<Int>) -> Rational {
      Rational(Int.random(in: range, using: &random))
    }
    func side() -> Rational? { Bool.random(using: &random) ? number(-1...1) : nil }
    var builder = LinearProgramBuilder(
      direction: Bool.random(using: &random) ? .minimize : .maximize)
    for name in ["x", "y"] {
      try builder.addColumn(name, lower: side(), upper: side(), objective: number(-1...1))
    }
    for name in ["a", "b"] {
      try builder.addRow(
        name, lower: side(), upper: side(), entries: [(0, number(-1...1)), (1, number(-1...1))])
    }
    return builder.build()
  }

  @Test(
    "small guesses are accepted exactly when the definition says so", .tags(.differential),
    arguments: 0..<4 as Range<UInt64>)
  func guesses(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var accepted = [0, 0, 0]
    for _ in 0..<60 {
      let program = try tiny(&random)
      let sign: Rational = program.direction == .minimize ? 1 : -1
      let cost = program.objective.map { sign * $0 }
      for code in 0..<81 {
        let digits = [code % 3, code / 3 % 3, code / 9 % 3, code / 27].map { Rational($0 - 1) }
        let (u, v) = (Array(digits[..<2]), Array(digits[2...]))
        let isFeasible =
          (0..<2).allSatisfy { program.columnBounds[$0].contains(u[$0]) }
          && (0..<2).allSatisfy {
            program.rowBounds[$0].contains(program.activity(ofRow: $0, at: u))
          }
        let value = program.objectiveValue(at: u)
        let optimal = LPOptimalCertificate(primal: u, dual: v, objectiveValue: value)
        let isOptimal =
          isFeasible && dualValue(program, v.map { sign * $0 }, cost) == sign * value
        try #require(optimal.verify(on: program).isAccepted == isOptimal, "\(program) \(u) \(v)")
        let farkas = LPInfeasibleCertificate.farkas(v)
        let isInfeasible = (dualValue(program, v, [0, 0]) ?? 0) > 0
        try #require(
          farkas.verify(on: program).isAccepted == isInfeasible, "\(program) \(v)")
        try #require(!(isFeasible && isInfeasible))
        let isRay =
          isFeasible && sign * program.objectiveValue(at: v) < 0
          && zip(
            program.columnBounds + program.rowBounds,
            v + (0..<2).map { program.activity(ofRow: $0, at: v) }
          ).allSatisfy { ($0.lower == nil || $1 >= 0) && ($0.upper == nil || $1 <= 0) }
        let ray = LPUnboundedCertificate(primal: u, ray: v)
        try #require(ray.verify(on: program).isAccepted == isRay, "\(program) \(u) \(v)")
        for (kind, holds) in [isOptimal, isInfeasible, isRay].enumerated() where holds {
          accepted[kind] += 1
        }
      }
    }
    #expect(accepted.allSatisfy { $0 > 10 }, "\(accepted)")
  }

  @Test("entries whose denominators have nothing in common are checked as they are")
  func unrelatedDenominators() throws {
    // Twenty long primes would make a common denominator of twenty times their length.
    var builder = LinearProgramBuilder()
    var point: [Rational] = []
    for column in 0..<20 {
      let bound = Rational(1, Integer(2).power(UInt(200 + 7 * column)) + Integer(2 * column + 1))
      try builder.addColumn("x\(column)", lower: bound, upper: nil, objective: 1)
      point.append(bound)
    }
    try builder.addRow("all", lower: nil, upper: 1, entries: (0..<20).map { ($0, 1) })
    let program = builder.build()
    let value = point.reduce(Rational.zero) { $0 + $1 }
    let right = LPOptimalCertificate(primal: point, dual: [0], objectiveValue: value)
    #expect(right.verify(on: program).isAccepted)
    var wrong = point
    wrong[3] = wrong[3] - Rational(1, Integer(10).power(500))
    #expect(
      !LPOptimalCertificate(primal: wrong, dual: [0], objectiveValue: value).verify(on: program)
        .isAccepted)
  }
}
