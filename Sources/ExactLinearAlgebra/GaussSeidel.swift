// What is here: solving A x = r approximately in doubles by Gauss-Seidel sweeps, with the slow
// mode of each closed class taken out after every sweep.
// Notation: A is a strictly diagonally dominant M-matrix with row sums e.
// Source: proofs-notes/refinement-convergence.md; deflation is the two-level method with one
// coarse function a closed class.

/// Something that solves `A x = r` in floating point, well enough to gain bits.
///
/// Nothing that it returns is trusted: the residual is computed exactly afterwards.
protocol FloatingSolver: AnyObject {
  /// Writes an approximate solution; `rightSide` and `solution` have one entry a row.
  func solve(
    _ rightSide: UnsafePointer<Double>, into solution: UnsafeMutablePointer<Double>)
}

/// Gauss-Seidel sweeps with a fixed number of sweeps, chosen on a trial right side.
final class GaussSeidel: FloatingSolver {
  private let size: Int
  private let offsets: UnsafeMutablePointer<Int32>
  private let columns: UnsafeMutablePointer<Int32>
  /// The entries off the diagonal, negated: not negative.
  private let weights: UnsafeMutablePointer<Double>
  private let inverseDiagonal: UnsafeMutablePointer<Double>
  private let deflation: Deflation
  private(set) var sweeps: Int

  /// - Parameters:
  ///   - closedClasses: the closed classes of the chain behind the matrix, as far as known.
  ///   - tolerance: the change of a sweep, relative to the solution, at which it stops.
  ///   - limit: the most sweeps to try.
  /// - Returns: `nil` when `limit` sweeps do not get there.
  init?(
    _ matrix: SparseIntegerMatrix, closedClasses: [[Int32]], tolerance: Double, limit: Int
  ) {
    size = matrix.size
    offsets = .allocate(capacity: size + 1)
    columns = .allocate(capacity: max(1, matrix.columns.count))
    weights = .allocate(capacity: max(1, matrix.columns.count))
    inverseDiagonal = .allocate(capacity: size)
    for i in 0...size { offsets[i] = matrix.offsets[i] }
    for k in 0..<matrix.columns.count {
      columns[k] = matrix.columns[k]
      weights[k] = -Double(matrix.entries[k])
    }
    for i in 0..<size { inverseDiagonal[i] = 1 / Double(matrix.diagonal[i]) }
    deflation = Deflation(matrix, closedClasses)
    sweeps = limit
    guard let needed = trial(tolerance: tolerance, limit: limit) else { return nil }
    sweeps = needed
  }

  deinit {
    offsets.deallocate()
    columns.deallocate()
    weights.deallocate()
    inverseDiagonal.deallocate()
  }

  func solve(
    _ rightSide: UnsafePointer<Double>, into solution: UnsafeMutablePointer<Double>
  ) {
    start(rightSide, solution)
    for _ in 0..<sweeps { sweep(rightSide, solution) }
  }

  /// Asks for a third more sweeps from now on.
  func work(harder factor: Double = 4 / 3) {
    sweeps = Int(Double(sweeps) * factor) + 1
  }

  private func start(_ r: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>) {
    for i in 0..<size { x[i] = 0 }
    deflation.begin(r)
    deflation.correct(x)
  }

  @inline(__always)
  private func product(_ row: Int, _ x: UnsafeMutablePointer<Double>) -> Double {
    var sum = 0.0
    var k = Int(offsets[row])
    let end = Int(offsets[row + 1])
    while k < end {
      sum += weights[k] * x[Int(columns[k])]
      k &+= 1
    }
    return sum
  }

  private func sweep(_ r: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>) {
    for i in 0..<size { x[i] = (r[i] + product(i, x)) * inverseDiagonal[i] }
    deflation.correct(x)
  }

  /// How many sweeps bring the change of a sweep below `tolerance` times the solution.
  private func trial(tolerance: Double, limit: Int) -> Int? {
    let r = UnsafeMutablePointer<Double>.allocate(capacity: size)
    let x = UnsafeMutablePointer<Double>.allocate(capacity: size)
    let last = UnsafeMutablePointer<Double>.allocate(capacity: size)
    defer {
      r.deallocate()
      x.deallocate()
      last.deallocate()
    }
    // A right side without structure: signs and sizes from a fixed multiplicative sequence.
    var seed: UInt64 = 1
    for i in 0..<size {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      r[i] = (Double(seed >> 11) / 0x1p53 - 0.5) / inverseDiagonal[i]
    }
    start(r, x)
    var count = 0
    while count < limit {
      for i in 0..<size { last[i] = x[i] }
      sweep(r, x)
      count += 1
      var change = 0.0
      var norm = 0.0
      for i in 0..<size {
        change = max(change, abs(x[i] - last[i]))
        norm = max(norm, abs(x[i]))
      }
      if change <= tolerance * norm { return count }
    }
    return nil
  }
}

/// Takes the slow mode of each closed class out of an approximate solution.
///
/// Near discount 1 the error of a sweep is nearly constant on a closed class of the chain. Let `w`
/// be the class's stationary weights; adding to `x` on the class the constant
/// `w·(r - A x) / w·e` makes the weighted residual zero.
private final class Deflation {
  private let rows: UnsafeMutablePointer<Int32>
  /// `w / w·e` for each of ``rows``.
  private let weights: UnsafeMutablePointer<Double>
  /// `Aᵀ w / w·e` for each of ``rows``.
  private let images: UnsafeMutablePointer<Double>
  private var bounds: [Int] = [0]
  /// `w·r / w·e` of each class for the right side at hand.
  private var targets: [Double] = []

  init(_ matrix: SparseIntegerMatrix, _ classes: [[Int32]]) {
    let useful = classes.filter { Self.isUseful(matrix, $0) }
    let count = useful.reduce(0) { $0 + $1.count }
    rows = .allocate(capacity: max(1, count))
    weights = .allocate(capacity: max(1, count))
    images = .allocate(capacity: max(1, count))
    guard count > 0 else { return }
    let left = stationaryWeights(matrix)
    var image = [Double](repeating: 0, count: matrix.size)
    var place = 0
    for members in useful {
      let mass = members.reduce(0) { $0 + left[Int($1)] * Double(matrix.rowSum(Int($1)) ?? 0) }
      guard mass > 0, mass.isFinite else { continue }
      for row in members { image[Int(row)] = 0 }
      for row in members {
        let weight = left[Int(row)] / mass
        image[Int(row)] += weight * Double(matrix.diagonal[Int(row)])
        for k in matrix.range(of: Int(row)) {
          image[Int(matrix.columns[k])] += weight * Double(matrix.entries[k])
        }
      }
      for row in members {
        rows[place] = row
        weights[place] = left[Int(row)] / mass
        images[place] = image[Int(row)]
        place += 1
      }
      bounds.append(place)
      targets.append(0)
    }
  }

  deinit {
    rows.deallocate()
    weights.deallocate()
    images.deallocate()
  }

  /// With a contraction of 3/4 or better in each sweep nothing is gained.
  private static func isUseful(_ matrix: SparseIntegerMatrix, _ members: [Int32]) -> Bool {
    members.count > 1
      && members.contains {
        Double(matrix.rowSum(Int($0)) ?? 0) < 0.25 * Double(matrix.diagonal[Int($0)])
      }
  }

  /// Prepares for the right side `r`.
  func begin(_ r: UnsafePointer<Double>) {
    for index in targets.indices {
      var sum = 0.0
      for k in bounds[index]..<bounds[index + 1] { sum += weights[k] * r[Int(rows[k])] }
      targets[index] = sum
    }
  }

  func correct(_ x: UnsafeMutablePointer<Double>) {
    for index in targets.indices {
      var shift = targets[index]
      for k in bounds[index]..<bounds[index + 1] { shift -= images[k] * x[Int(rows[k])] }
      for k in bounds[index]..<bounds[index + 1] { x[Int(rows[k])] += shift }
    }
  }
}

/// Weights `w` with `wᵀ A` small in comparison: the stationary law of the chain behind the matrix,
/// divided by the rows' scales; by damped power iteration on the jump chain.
private func stationaryWeights(_ matrix: SparseIntegerMatrix) -> [Double] {
  let size = matrix.size
  let mass = (0..<size).map { row in
    matrix.range(of: row).reduce(0.0) { $0 - Double(matrix.entries[$1]) }
  }
  var law = [Double](repeating: 1 / Double(size), count: size)
  var next = law
  for _ in 0..<40 {
    for i in 0..<size { next[i] = mass[i] == 0 ? law[i] : 0.25 * law[i] }
    for i in 0..<size where mass[i] != 0 {
      let factor = 0.75 * law[i] / mass[i]
      for k in matrix.range(of: i) {
        next[Int(matrix.columns[k])] -= factor * Double(matrix.entries[k])
      }
    }
    swap(&law, &next)
  }
  return (0..<size).map { mass[$0] == 0 ? law[$0] : law[$0] / mass[$0] }
}
