// What is here: expected visits in a chain that ends, by p-adic digits that are verified.
// Notation: x = μ + x P with P ≥ 0 and row sums ≤ 1; q_s = the common denominator of row s; M = the
// transpose of diag(q)(I − P), whole; m μ whole. Then y = x / q solves M (m y) = m μ. Digits of m y
// (Dixon 1982) suggest a denominator D and whole numbers Y, and M Y = D m μ is checked: nothing is
// taken on trust. M is regular modulo p, hence regular, so that 1 is no eigenvalue of P and x is what
// the visits are.

import ExactArithmetic

/// The expected visits `x = start + x P`, or `nil` when some state is never left.
///
/// - Parameter rows: for each state its successors with positive weights, each once.
/// - Complexity: for chains of up to 3 000 states whose rows have short denominators one
///   factorisation in words and as many sweeps over its factors as the answer has words; for others
///   an elimination with fractions.
func expectedVisits(
  rows: [[(target: Int, weight: Rational)]], start: [Rational]
) -> RationalVector? {
  if rows.count > 8, rows.count <= 3_000, var lifting = VisitLifting(rows: rows, start: start),
    let visits = lifting.visits()
  {
    return visits
  }
  var elimination = ChainElimination(rows: rows, start: start)
  return elimination.visits().map { RationalVector($0) }
}

/// The digits of one chain's visits.
struct VisitLifting {
  typealias Entry = (column: Int, value: Int)

  private let size: Int
  private let scales: [Int]
  /// `M`, by rows.
  private let matrix: [[Entry]]
  private let factors: ModularFactors
  /// `m μ`, and `m`.
  private let right: [Int]
  private let rightScale: Integer
  private var residual: [Int]
  /// Digit `k` of state `s` is at `k · size + s`.
  private var digits: ContiguousArray<UInt64> = []
  private let bitBound: Int

  /// - Returns: `nil` when a number does not fit, or the matrix is singular modulo p.
  init?(rows: [[(target: Int, weight: Rational)]], start: [Rational]) {
    size = rows.count
    var scales: [Int] = []
    var matrix = [[Entry]](repeating: [], count: size)
    var columnSums = [Int128](repeating: 0, count: size)
    for (state, row) in rows.enumerated() {
      let scale = row.reduce(Integer.one) { Integer.lcm($0, $1.weight.denominator) }
      guard scale.bitLength < 48, let word = scale.word else { return nil }
      scales.append(word)
      var diagonal = word
      for (target, weight) in row {
        let factor = scale.exactlyDivided(by: weight.denominator)
        guard let value = (weight.numerator * factor).word else { return nil }
        columnSums[target] += Int128(value)
        if target == state { diagonal -= value } else { matrix[target].append((state, -value)) }
      }
      columnSums[state] += Int128(word)
      matrix[state].append((state, diagonal))
    }
    // The residual of a sweep stays below the largest of these.
    guard columnSums.allSatisfy({ $0 < 1 << 60 }) else { return nil }
    let rightScale = start.reduce(Integer.one) { Integer.lcm($0, $1.denominator) }
    var right: [Int] = []
    for mass in start {
      guard rightScale.bitLength < 60,
        let value = (mass.numerator * rightScale.exactlyDivided(by: mass.denominator)).word,
        value.magnitude < 1 << 60
      else { return nil }
      right.append(value)
    }
    guard let factors = ModularFactors(matrix) else { return nil }
    self.scales = scales
    self.matrix = matrix
    self.factors = factors
    self.right = right
    self.rightScale = rightScale
    residual = right
    bitBound = scales.reduce(0) { $0 + Integer($1).bitLength + 1 } + rightScale.bitLength
  }

  /// The visits, or `nil` when so many digits as there can be do not give them.
  mutating func visits() -> RationalVector? {
    var bits = 512
    var denominator = Integer.one
    while bits < 4 * bitBound + 1024 {
      let (residues, modulus) = residues(bits: bits)
      if let numerators = numerators(residues, modulus, &denominator, bits),
        isSolution(numerators, denominator)
      {
        let scaled = zip(numerators, scales).map { $0 * Integer($1) }
        return RationalVector(numerators: scaled, denominator: denominator * rightScale)
      }
      bits *= 2
    }
    return nil
  }

  /// Whole numbers over a denominator that grows until it takes all entries; `nil` when there are
  /// too few digits.
  private func numerators(
    _ residues: [Integer], _ modulus: Integer, _ denominator: inout Integer, _ bits: Int
  ) -> [Integer]? {
    var trial = denominator
    for residue in residues {
      let scaled = trial * residue
      let numerator = scaled.centredRemainder(modulus)
      if numerator.bitLength + trial.bitLength + 32 < bits { continue }
      trial *= reconstructedDenominator(scaled.floorRemainder(modulus), modulus)
      if 2 * trial.bitLength + 128 > bits { return nil }
    }
    denominator = trial
    return residues.map { (trial * $0).centredRemainder(modulus) }
  }

  /// Whether `M numerators = denominator · m μ`, exactly.
  private func isSolution(_ numerators: [Integer], _ denominator: Integer) -> Bool {
    var sum = Accumulator()
    for (state, row) in matrix.enumerated() {
      sum.reset()
      for entry in row { sum.add(numerators[entry.column], times: entry.value) }
      sum.add(denominator, times: -right[state])
      if !sum.isZero { return false }
    }
    return true
  }

  // MARK: - Digits

  /// `m y` modulo the least power of p with so many bits.
  private mutating func residues(bits: Int) -> (residues: [Integer], modulus: Integer) {
    let count = bits / 60 + 1
    while digits.count < count * size { lift() }
    let prime = Integer(Mersenne.prime)
    var sum = Accumulator()
    let residues = (0..<size).map { state in
      sum.reset()
      for place in (0..<count).reversed() {
        sum.multiply(by: prime)
        sum.add(Integer(digits[place * size + state]))
      }
      return sum.value
    }
    return (residues, prime.power(UInt(count)))
  }

  private mutating func lift() {
    let digit = factors.solve(residual.map(Mersenne.residue))
    for (state, row) in matrix.enumerated() {
      var sum = Int128(residual[state])
      for entry in row { sum -= Int128(entry.value) * Int128(digit[entry.column]) }
      residual[state] = Int(sum / Int128(Mersenne.prime))
    }
    digits += digit
  }
}

/// The factors modulo p of a sparse matrix, with pivots on the diagonal.
struct ModularFactors {
  /// One step of the elimination: what is subtracted from the rows that remain, and the pivot's row.
  private struct Step {
    let pivot: Int
    let inverse: UInt64
    let below: Range<Int>
    let beside: Range<Int>
  }

  private var steps: [Step] = []
  private var indices: ContiguousArray<Int32> = []
  private var values: ContiguousArray<UInt64> = []

  /// - Returns: `nil` when a pivot vanishes.
  /// - Complexity: cubic at worst, in word operations; the least degree comes first.
  init?(_ rows: [[(column: Int, value: Int)]]) {
    let size = rows.count
    var dense = ContiguousArray<UInt64>(repeating: 0, count: size * size)
    var pattern = FillPattern(size)
    for (row, entries) in rows.enumerated() {
      for entry in entries where entry.value != 0 {
        dense[row * size + entry.column] = Mersenne.residue(entry.value)
        pattern.insert(row, entry.column)
      }
    }
    while let pivot = pattern.next() {
      let (below, beside) = pattern.eliminate(pivot)
      let value = dense[pivot * size + pivot]
      if value == 0 { return nil }
      let inverse = Mersenne.inverse(value)
      let first = indices.count
      for row in below {
        let factor = Mersenne.product(dense[row * size + pivot], inverse)
        indices.append(Int32(row))
        values.append(factor)
        if factor != 0 { Self.subtract(factor, pivot, from: row, beside, &dense, size) }
      }
      let middle = indices.count
      for column in beside {
        indices.append(Int32(column))
        values.append(dense[pivot * size + column])
      }
      steps.append(
        Step(
          pivot: pivot, inverse: inverse, below: first..<middle, beside: middle..<indices.count))
    }
  }

  private static func subtract(
    _ factor: UInt64, _ pivot: Int, from row: Int, _ columns: [Int],
    _ dense: inout ContiguousArray<UInt64>, _ size: Int
  ) {
    let negative = UInt128(Mersenne.prime - factor)
    dense.withUnsafeMutableBufferPointer { dense in
      for column in columns {
        let target = row * size + column
        dense[target] = Mersenne.reduced(
          negative &* UInt128(truncatingIfNeeded: dense[pivot * size + column])
            &+ UInt128(truncatingIfNeeded: dense[target]))
      }
    }
  }

  /// The solution modulo p.
  func solve(_ right: [UInt64]) -> [UInt64] {
    var vector = right
    vector.withUnsafeMutableBufferPointer { vector in
      indices.withUnsafeBufferPointer { indices in
        values.withUnsafeBufferPointer { values in
          for step in steps {
            let value = vector[step.pivot]
            if value == 0 { continue }
            let negative = UInt128(Mersenne.prime - value)
            for place in step.below {
              let row = Int(indices[place])
              vector[row] = Mersenne.reduced(
                negative &* UInt128(truncatingIfNeeded: values[place])
                  &+ UInt128(truncatingIfNeeded: vector[row]))
            }
          }
          for step in steps.reversed() {
            var sum: UInt128 = 0
            for place in step.beside {
              sum &+=
                UInt128(truncatingIfNeeded: values[place])
                &* UInt128(truncatingIfNeeded: vector[Int(indices[place])])
              if sum >> 126 != 0 { sum = UInt128(Mersenne.reduced(sum)) }
            }
            let rest =
              UInt128(vector[step.pivot]) &+ UInt128(Mersenne.prime)
              &- UInt128(Mersenne.reduced(sum))
            vector[step.pivot] = Mersenne.product(Mersenne.reduced(rest), step.inverse)
          }
        }
      }
    }
    return vector
  }
}

/// Which entries of a matrix may differ from 0 while states are eliminated.
private struct FillPattern {
  private let size: Int
  private let width: Int
  private var rows: ContiguousArray<UInt64>
  private var columns: ContiguousArray<UInt64>
  private var rowCounts: [Int]
  private var columnCounts: [Int]
  private var remaining: Set<Int>

  init(_ size: Int) {
    self.size = size
    width = (size + 63) / 64
    rows = ContiguousArray(repeating: 0, count: size * width)
    columns = rows
    rowCounts = Array(repeating: 0, count: size)
    columnCounts = rowCounts
    remaining = Set(0..<size)
  }

  mutating func insert(_ row: Int, _ column: Int) {
    rows[row * width + column >> 6] |= 1 << UInt64(column & 63)
    columns[column * width + row >> 6] |= 1 << UInt64(row & 63)
    rowCounts[row] += 1
    columnCounts[column] += 1
  }

  /// The state whose elimination touches least.
  func next() -> Int? {
    remaining.min {
      (rowCounts[$0] * columnCounts[$0], $0) < (rowCounts[$1] * columnCounts[$1], $1)
    }
  }

  /// Takes a state out: the other rows with an entry in its column, and the other columns with one
  /// in its row.
  mutating func eliminate(_ state: Int) -> (below: [Int], beside: [Int]) {
    remaining.remove(state)
    let below = members(columns, state)
    let beside = members(rows, state)
    for row in below {
      rowCounts[row] = Self.merge(&rows, width, state, into: row)
    }
    for column in beside {
      columnCounts[column] = Self.merge(&columns, width, state, into: column)
    }
    return (below, beside)
  }

  private func members(_ bits: ContiguousArray<UInt64>, _ line: Int) -> [Int] {
    var found: [Int] = []
    for word in 0..<width {
      var rest = bits[line * width + word]
      while rest != 0 {
        let member = word * 64 + rest.trailingZeroBitCount
        if member != line { found.append(member) }
        rest &= rest - 1
      }
    }
    return found
  }

  /// - Returns: how many entries the line has then, the eliminated one left out.
  private static func merge(
    _ bits: inout ContiguousArray<UInt64>, _ width: Int, _ state: Int, into line: Int
  ) -> Int {
    var count = 0
    for word in 0..<width {
      var merged = bits[line * width + word] | bits[state * width + word]
      if word == state >> 6 { merged &= ~(1 << UInt64(state & 63)) }
      bits[line * width + word] = merged
      count += merged.nonzeroBitCount
    }
    return count
  }
}
