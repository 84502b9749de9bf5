// What is here: polynomials modulo a prime, as coefficients in Montgomery form, that of the constant
// first; interpolation, and the fraction behind a residue.

/// Interpolation at fixed places.
struct NewtonBasis {
  /// Between places whose numbers follow each other.
  static let distance: Int64 = 1_000_003

  private let field: PrimeField
  private let samples: [KernelSample]
  /// Entry `n` belongs to places whose numbers differ by `n`.
  private let inverses: [UInt64]
  /// The polynomial that vanishes at all places.
  let modulus: [UInt64]

  init(_ field: PrimeField, _ samples: [KernelSample]) {
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
  var trimmed: [UInt64] {
    var count = count
    while count > 0, self[count - 1] == 0 { count -= 1 }
    return Array(prefix(count))
  }
}

extension PrimeField {
  func value(of polynomial: [UInt64], at x: UInt64) -> UInt64 {
    var value: UInt64 = 0
    for coefficient in polynomial.reversed() { value = add(multiply(value, x), coefficient) }
    return value
  }

  /// `(x - place) · polynomial`.
  func product(_ polynomial: [UInt64], minus place: UInt64) -> [UInt64] {
    guard !polynomial.isEmpty else { return [] }
    var product = [0] + polynomial
    for (i, coefficient) in polynomial.enumerated() {
      product[i] = subtract(product[i], multiply(place, coefficient))
    }
    return product
  }

  func subtract(
    _ factor: UInt64, times row: [UInt64], from other: inout [UInt64], movedBy distance: Int = 0
  ) {
    for i in row.indices {
      other[i + distance] = subtract(other[i + distance], multiply(factor, row[i]))
    }
  }

  /// The denominator, with the leading coefficient 1, of the fraction of polynomials that is
  /// congruent to `residue` modulo `modulus`, where the quotients of Euclid's algorithm show a
  /// clear one: one of degree 3 or more before which nothing as large stands.
  func reconstructedDenominator(
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
