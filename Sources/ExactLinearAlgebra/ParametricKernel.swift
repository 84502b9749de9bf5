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
    4 * vectors.reduce(8) { sum, vector in
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

// MARK: - One prime

private struct ModularVector {
  let denominator: [UInt64]
  let entries: [(row: Int, numerator: [UInt64])]

  init(denominator: [UInt64], entries: [(row: Int, numerator: [UInt64])]) {
    self.denominator = denominator
    self.entries = entries
  }

  init(_ vector: ParametricKernel.Vector, _ field: PrimeField) {
    denominator = vector.denominator.coefficients.map { field.encode(integer: $0) }
    entries = vector.entries.map { entry in
      (entry.row, entry.numerator.coefficients.map { field.encode(integer: $0) })
    }
  }
}

/// The kernel modulo a prime.
private struct ModularKernel {
  enum Outcome {
    /// For each column the coefficients in Montgomery form; the last column's are those of a
    /// polynomial with the leading coefficient 1.
    case found([[UInt64]])
    /// The kernel has another dimension.
    case none
    case unlucky
  }

  private let field: PrimeField
  private let vectors: [ModularVector]
  private let columns: [(left: Int, right: Int)]
  private let rowCount: Int

  init(
    _ field: PrimeField, vectors: [ModularVector], columns: [(left: Int, right: Int)],
    rowCount: Int
  ) {
    self.field = field
    self.vectors = vectors
    self.columns = columns
    self.rowCount = rowCount
  }

  /// - Parameters:
  ///   - sampleCount: the number of places to begin with.
  ///   - limit: a number of places that has to be enough.
  func vector(
    sampleCount: Int, limit: Int, _ progress: ProgressHandler
  ) throws(Interrupted) -> Outcome {
    guard let matrix = matrix(at: place(1)) else { return .unlucky }
    let rows = pivotRows(of: matrix)
    guard rows.count < columns.count else { return .none }
    guard rows.count == columns.count - 1 else { return .unlucky }
    return try restricted(to: rows).interpolated(sampleCount: sampleCount, limit: limit, progress)
  }

  /// Places far from the numbers that mean something in a task.
  private func place(_ number: Int) -> UInt64 {
    field.encode(Int64(number) * NewtonBasis.distance + 1009)
  }

  /// The same columns on some of the rows.
  private func restricted(to rows: [Int]) -> ModularKernel {
    let places = Dictionary(
      rows.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let vectors = vectors.map { vector in
      ModularVector(
        denominator: vector.denominator,
        entries: vector.entries.compactMap { entry in
          places[entry.row].map { ($0, entry.numerator) }
        })
    }
    return ModularKernel(field, vectors: vectors, columns: columns, rowCount: rows.count)
  }

  /// For a matrix with one row less than columns.
  private func interpolated(
    sampleCount: Int, limit: Int, _ progress: ProgressHandler
  ) throws(Interrupted) -> Outcome {
    var samples: [Sample] = []
    var wanted = sampleCount
    var number = 1
    while wanted <= max(limit, sampleCount) {
      while samples.count < wanted {
        try progress.checkpoint()
        number += 1
        guard number < 4 * wanted + 64 else { return .unlucky }
        let place = place(number)
        if let matrix = matrix(at: place), let values = solution(matrix) {
          samples.append(Sample(number: number, place: place, values: values))
        }
      }
      if let found = interpolated(samples) { return .found(found) }
      wanted *= 2
    }
    return .unlucky
  }

  /// The matrix at a place; `nil` where a denominator vanishes.
  private func matrix(at x: UInt64) -> [[UInt64]]? {
    var matrix = [[UInt64]](
      repeating: [UInt64](repeating: 0, count: columns.count), count: rowCount)
    var values: [[(row: Int, value: UInt64)]] = []
    for vector in vectors {
      let denominator = field.value(of: vector.denominator, at: x)
      guard denominator != 0 else { return nil }
      let inverse = field.invert(denominator)
      values.append(
        vector.entries.map { entry in
          (entry.row, field.multiply(inverse, field.value(of: entry.numerator, at: x)))
        })
    }
    for (k, column) in columns.enumerated() {
      for (row, value) in values[column.left] { matrix[row][k] = field.add(matrix[row][k], value) }
      for (row, value) in values[column.right] {
        matrix[row][k] = field.subtract(matrix[row][k], value)
      }
    }
    return matrix
  }

  /// Rows that are independent and span the others.
  private func pivotRows(of matrix: [[UInt64]]) -> [Int] {
    var echelon: [(pivot: Int, row: [UInt64])] = []
    var chosen: [Int] = []
    for (number, row) in matrix.enumerated() {
      var rest = row
      for (pivot, entry) in echelon where rest[pivot] != 0 {
        field.subtract(rest[pivot], times: entry, from: &rest)
      }
      guard let pivot = rest.firstIndex(where: { $0 != 0 }) else { continue }
      let inverse = field.invert(rest[pivot])
      echelon.append((pivot, rest.map { field.multiply(inverse, $0) }))
      chosen.append(number)
    }
    return chosen
  }

  /// The kernel's vector with the last entry 1, left out; `nil` when it is another.
  private func solution(_ matrix: [[UInt64]]) -> [UInt64]? {
    var rows = matrix
    let count = rows.count
    for pivot in 0..<count {
      guard let swap = (pivot..<count).first(where: { rows[$0][pivot] != 0 }) else { return nil }
      rows.swapAt(pivot, swap)
      let inverse = field.invert(rows[pivot][pivot])
      rows[pivot] = rows[pivot].map { field.multiply(inverse, $0) }
      for other in 0..<count where other != pivot && rows[other][pivot] != 0 {
        field.subtract(rows[other][pivot], times: rows[pivot], from: &rows[other])
      }
    }
    return rows.map { field.subtract(0, $0[count]) }
  }

  /// The coefficients of a common denominator, last, and of the values times it; `nil` when there
  /// are too few samples.
  private func interpolated(_ samples: [Sample]) -> [[UInt64]]? {
    let newton = NewtonBasis(field, samples)
    // A combination of all values has their least common denominator, if luck is not bad.
    let combination = samples.map { sample in
      sample.values.reduce(UInt64(0)) {
        field.add(field.multiply($0, 0x0123_4567_89AB_CDEF), $1)
      }
    }
    guard
      let denominator = field.reconstructedDenominator(
        of: newton.polynomial(through: combination), modulo: newton.modulus)
    else { return nil }
    let scales = samples.map { field.value(of: denominator, at: $0.place) }
    var polynomials: [[UInt64]] = []
    for column in 0..<columns.count - 1 {
      let values = zip(samples, scales).map { field.multiply($0.values[column], $1) }
      let polynomial = newton.polynomial(through: values)
      // Too long is what fits by force.
      guard polynomial.count + 2 < samples.count else { return nil }
      polynomials.append(polynomial)
    }
    return polynomials + [denominator]
  }
}

/// The kernel at one place.
private struct Sample {
  let number: Int
  let place: UInt64
  /// The entries before the last, which is 1.
  let values: [UInt64]
}

// MARK: - Polynomials modulo a prime

/// Interpolation at fixed places.
private struct NewtonBasis {
  /// Between places whose numbers follow each other.
  static let distance: Int64 = 1_000_003

  private let field: PrimeField
  private let samples: [Sample]
  /// Entry `n` belongs to places whose numbers differ by `n`.
  private let inverses: [UInt64]
  /// The polynomial that vanishes at all places.
  let modulus: [UInt64]

  init(_ field: PrimeField, _ samples: [Sample]) {
    self.field = field
    self.samples = samples
    let span = (samples.last?.number ?? 0) - (samples.first?.number ?? 0)
    inverses = (0...span).map { number in
      number == 0 ? 0 : field.invert(field.encode(Int64(number) * Self.distance))
    }
    modulus = samples.reduce([field.encode(1)]) { field.product($0, minus: $1.place) }
  }

  /// The polynomial of least degree with these values.
  func polynomial(through values: [UInt64]) -> [UInt64] {
    var differences = values
    for order in samples.indices.dropFirst() {
      for i in stride(from: samples.count - 1, through: order, by: -1) {
        differences[i] = field.multiply(
          field.subtract(differences[i], differences[i - 1]),
          inverses[samples[i].number - samples[i - order].number])
      }
    }
    var coefficients: [UInt64] = []
    for i in samples.indices.reversed() {
      coefficients = field.product(coefficients, minus: samples[i].place)
      if coefficients.isEmpty { coefficients = [0] }
      coefficients[0] = field.add(coefficients[0], differences[i])
      // Zeros at the end would make every step as long as the last.
      if coefficients.count == 1, coefficients[0] == 0 { coefficients = [] }
    }
    return coefficients.trimmed
  }
}

extension [UInt64] {
  /// Without zeros at the end.
  fileprivate var trimmed: [UInt64] {
    var count = count
    while count > 0, self[count - 1] == 0 { count -= 1 }
    return Array(prefix(count))
  }
}

extension PrimeField {
  fileprivate func value(of polynomial: [UInt64], at x: UInt64) -> UInt64 {
    var value: UInt64 = 0
    for coefficient in polynomial.reversed() { value = add(multiply(value, x), coefficient) }
    return value
  }

  /// `(x - place) · polynomial`.
  fileprivate func product(_ polynomial: [UInt64], minus place: UInt64) -> [UInt64] {
    guard !polynomial.isEmpty else { return [] }
    var product = [0] + polynomial
    for (i, coefficient) in polynomial.enumerated() {
      product[i] = subtract(product[i], multiply(place, coefficient))
    }
    return product
  }

  fileprivate func subtract(
    _ factor: UInt64, times row: [UInt64], from other: inout [UInt64], movedBy distance: Int = 0
  ) {
    for i in row.indices {
      other[i + distance] = subtract(other[i + distance], multiply(factor, row[i]))
    }
  }

  /// The denominator, with the leading coefficient 1, of the fraction of polynomials that is
  /// congruent to `residue` modulo `modulus`, where the quotients of Euclid's algorithm show a
  /// clear one: one of degree 3 or more before which nothing as large stands.
  fileprivate func reconstructedDenominator(
    of residue: [UInt64], modulo modulus: [UInt64]
  ) -> [UInt64]? {
    var (r0, r1) = (modulus, residue)
    var (t0, t1): ([UInt64], [UInt64]) = ([], [encode(1)])
    var best: (degree: Int, denominator: [UInt64])?
    while true {
      let degree = r1.isEmpty ? r0.count : r0.count - r1.count
      if degree > best?.degree ?? 0 { best = (degree, t1) }
      guard !r1.isEmpty else { break }
      let (quotient, rest) = quotientAndRemainder(r0, r1)
      (r0, r1) = (r1, rest)
      (t0, t1) = (t1, difference(t0, product(quotient, t1)))
    }
    guard let best, best.degree >= 4 else { return nil }
    let inverse = invert(best.denominator[best.denominator.count - 1])
    return best.denominator.map { multiply(inverse, $0) }
  }

  private func quotientAndRemainder(
    _ a: [UInt64], _ b: [UInt64]
  ) -> (quotient: [UInt64], remainder: [UInt64]) {
    guard a.count >= b.count else { return ([], a) }
    let inverse = invert(b[b.count - 1])
    var rest = a
    var quotient = [UInt64](repeating: 0, count: a.count - b.count + 1)
    for place in quotient.indices.reversed() {
      let factor = multiply(rest[place + b.count - 1], inverse)
      quotient[place] = factor
      if factor != 0 { subtract(factor, times: b, from: &rest, movedBy: place) }
    }
    return (quotient.trimmed, rest.trimmed)
  }

  private func product(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    guard !a.isEmpty, !b.isEmpty else { return [] }
    var product = [UInt64](repeating: 0, count: a.count + b.count - 1)
    for (i, x) in a.enumerated() where x != 0 {
      for (j, y) in b.enumerated() { product[i + j] = add(product[i + j], multiply(x, y)) }
    }
    return product
  }

  private func difference(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    var difference = a + [UInt64](repeating: 0, count: max(0, b.count - a.count))
    for (i, x) in b.enumerated() { difference[i] = subtract(difference[i], x) }
    return difference.trimmed
  }
}
