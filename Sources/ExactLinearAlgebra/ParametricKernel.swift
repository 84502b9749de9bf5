// What is here: the vector that a matrix of rational functions maps to 0, when there is one up to
// factors.
// Notation: the matrix has the columns δ_k = φ_l - φ_r for vectors φ = N(x)/D(x); λ is the kernel's
//   vector of coprime integer polynomials.
// Modulo a prime: solve at many places x with λ_last = 1, find a common denominator of the solutions
//   by Euclid's algorithm stopped half way, and interpolate. Several primes by the Chinese remainder
//   theorem. An unlikely accident may spoil the outcome, which the caller has to verify.
// Source: Monagan, Maximal Quotient Rational Reconstruction, ISSAC 2004.

import ExactArithmetic

/// A matrix whose columns are differences of vectors of rational functions in one variable.
package struct ParametricKernel {
  /// A vector of rational functions over one denominator.
  package struct Vector {
    let denominator: Polynomial
    let entries: [(row: Int, numerator: Polynomial)]

    /// - Parameter entries: those that are not zero, each row once.
    package init(denominator: Polynomial, entries: [(row: Int, numerator: Polynomial)]) {
      self.denominator = denominator
      self.entries = entries
    }
  }

  private let vectors: [Vector]
  private let columns: [(left: Int, right: Int)]
  private let rowCount: Int
  private let progress: ProgressHandler

  /// - Parameter columns: for each column the places of the two vectors of which it is the
  ///   difference.
  package init(
    vectors: [Vector], columns: [(left: Int, right: Int)], progress: ProgressHandler
  ) {
    self.vectors = vectors
    self.columns = columns
    self.progress = progress
    rowCount = 1 + vectors.reduce(-1) { max($0, $1.entries.map(\.row).max() ?? -1) }
  }

  /// The kernel's vector without a common factor, or `nil` when the kernel is not of dimension 1
  /// or its vector has zeros.
  ///
  /// - Complexity: for each 61 bits of a coefficient O(d k³ + k d²) word operations, for `k` columns
  ///   and vectors of degree `d` in all.
  package func vector() throws(Interrupted) -> [Polynomial]? {
    var residues = CombinedResidues(count: columns.count)
    var failures = 0
    var sampleCount = 8
    for prime in PrimeField.primes() {
      try progress.checkpoint()
      let field = PrimeField(prime)
      let image = ModularKernel(
        field, vectors: vectors.map { ModularVector($0, field) }, columns: columns,
        rowCount: rowCount)
      switch try image.vector(sampleCount: sampleCount, limit: largestSampleCount, progress) {
      case .unlucky:
        failures += 1
        if failures > 3 { return nil }
      case .none:
        return nil
      case .found(let coefficients):
        if let found = residues.rational(), Self.agrees(found, coefficients, field) {
          return Self.whole(found)
        }
        residues.add(coefficients, field)
        let lengths = coefficients.map(\.count)
        sampleCount = (lengths.max() ?? 1) + (lengths.last ?? 1) + 6
      }
      progress.report("multipliers as functions of the discount: \(residues.bitLength) bits")
    }
    return nil
  }

  /// More than enough to find a fraction of polynomials as long as minors of the matrix.
  private var largestSampleCount: Int {
    4
      * vectors.reduce(8) { sum, vector in
        sum + vector.denominator.degree
          + vector.entries.reduce(0) { max($0, $1.numerator.degree) } + 1
      }
  }

  private static func agrees(
    _ vector: [[Rational]], _ residues: [[UInt64]], _ field: PrimeField
  ) -> Bool {
    zip(vector, residues).allSatisfy { coefficients, residues in
      coefficients.count == residues.count
        && zip(coefficients, residues).allSatisfy { coefficient, residue in
          field.multiply(field.encode(integer: coefficient.denominator), residue)
            == field.encode(integer: coefficient.numerator)
        }
    }
  }

  private static func whole(_ vector: [[Rational]]) -> [Polynomial] {
    let all = vector.joined()
    let common = all.reduce(Integer.one) { Integer.lcm($0, $1.denominator) }
    let polynomials = vector.map { coefficients in
      Polynomial(
        coefficients.map { $0.numerator * common.exactlyDivided(by: $0.denominator) })
    }
    let content = polynomials.reduce(Integer.zero) { Integer.gcd($0, $1.content) }
    return polynomials.map { polynomial in
      Polynomial(polynomial.coefficients.map { $0.exactlyDivided(by: content) })
    }
  }
}

// MARK: - Several primes

/// Coefficients modulo a product of primes.
private struct CombinedResidues {
  private var modulus = Integer.one
  private var combined: [[Integer]]
  private var primes = 0
  /// The next number of primes at which fractions are looked for: each time half as many more, so
  /// that they cost little.
  private var next = 1

  init(count: Int) {
    combined = Array(repeating: [], count: count)
  }

  var bitLength: Int { modulus.bitLength }

  mutating func add(_ residues: [[UInt64]], _ field: PrimeField) {
    let (own, other) = (combined.map(\.count), residues.map(\.count))
    // An unlucky prime has smaller degrees; greater ones show that the others were unlucky.
    if own.reduce(0, +) > other.reduce(0, +) { return }
    if own != other {
      combined = other.map { Array(repeating: 0, count: $0) }
      (modulus, primes, next) = (1, 0, 1)
    }
    let inverse = field.invert(field.encode(integer: modulus))
    for (k, coefficients) in residues.enumerated() {
      for (i, residue) in coefficients.enumerated() {
        let own = field.encode(integer: combined[k][i])
        let step = field.multiply(field.subtract(residue, own), inverse)
        combined[k][i] += modulus * Integer(field.decode(step))
      }
    }
    modulus *= Integer(field.prime)
    primes += 1
  }

  /// Fractions with these residues, of numerators and denominators of half the length.
  mutating func rational() -> [[Rational]]? {
    guard primes >= next else { return nil }
    next = primes + 1 + primes / 2
    let bits = (modulus.bitLength - 2) / 2
    return combined.map { coefficients in
      coefficients.map { residue in
        let denominator = reconstructedDenominator(
          ofResidue: residue, modulus: modulus, numeratorBits: bits)
        var numerator = (residue * denominator) % modulus
        if numerator + numerator > modulus { numerator -= modulus }
        return Rational(numerator, denominator)
      }
    }
  }
}
