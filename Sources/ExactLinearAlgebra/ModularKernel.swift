// What is here: one prime's part of ParametricKernel.
// Notation: the matrix at a place x has the kernel (y(x), 1); y = P/Q for polynomials P and a common
// denominator Q, which interpolation at enough places brings out.

import ExactArithmetic

/// A vector of rational functions modulo a prime.
struct ModularVector {
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

/// The kernel of a matrix of rational functions modulo a prime.
struct ModularKernel {
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
    var samples: [KernelSample] = []
    var wanted = sampleCount
    var number = 1
    while wanted <= max(limit, sampleCount) {
      while samples.count < wanted {
        try progress.checkpoint()
        number += 1
        guard number < 4 * wanted + 64 else { return .unlucky }
        let place = place(number)
        if let matrix = matrix(at: place), let values = solution(matrix) {
          samples.append(KernelSample(number: number, place: place, values: values))
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
  private func interpolated(_ samples: [KernelSample]) -> [[UInt64]]? {
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
struct KernelSample {
  let number: Int
  let place: UInt64
  /// The entries before the last, which is 1.
  let values: [UInt64]
}
