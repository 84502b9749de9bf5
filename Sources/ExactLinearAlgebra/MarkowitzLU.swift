// What is here: sparse triangular factors modulo a prime with any row and column as pivot.
// Notation: step k eliminates row r_k and column c_k. Source: Markowitz 1957.

/// Sparse factors of a square matrix modulo a prime, pivots chosen for little fill.
///
/// Modulo a prime every entry that is not zero is as good a pivot as any other, so the choice looks
/// at counts alone: rows and columns with one entry first, which take no arithmetic.
struct MarkowitzLU: Sendable {
  let size: Int
  private(set) var pivotRows: ContiguousArray<Int32> = []
  private(set) var pivotColumns: ContiguousArray<Int32> = []
  private var inversePivots: ContiguousArray<UInt64> = []
  /// `lower` of step k: the rows that were still there, and their multipliers.
  private var lower = Steps()
  /// `upper` of step k: the rest of the pivot row.
  private var upper = Steps()
  private let field: PrimeField

  private struct Steps: Sendable {
    var offsets: ContiguousArray<Int> = [0]
    var indices: ContiguousArray<Int32> = []
    var values: ContiguousArray<UInt64> = []
  }

  /// Whether every row and column became a pivot, that is, the matrix is regular modulo the prime.
  var isComplete: Bool { pivotRows.count == size }

  /// Eliminates as far as it goes: a singular matrix leaves rows and columns without pivots.
  ///
  /// - Parameter rows: for each row its columns and Montgomery residues, none of them zero.
  init(rows: [[(column: Int32, value: UInt64)]], field: PrimeField) {
    self.field = field
    size = rows.count
    var active = ActiveMatrix(rows)
    while let (row, column) = active.nextPivot() {
      eliminate(row, column, &active)
    }
  }

  private mutating func eliminate(_ row: Int, _ column: Int, _ active: inout ActiveMatrix) {
    let pivotRow = active.takeRow(row)
    guard let pivot = pivotRow.first(where: { $0.column == Int32(column) })?.value else { return }
    let inverse = field.invert(pivot)
    pivotRows.append(Int32(row))
    pivotColumns.append(Int32(column))
    inversePivots.append(inverse)
    for (other, value) in pivotRow where other != Int32(column) {
      upper.indices.append(other)
      upper.values.append(value)
    }
    upper.offsets.append(upper.indices.count)
    for below in active.takeColumn(column) {
      guard let entry = active.removeEntry(row: Int(below), column: Int32(column)) else { continue }
      let factor = field.multiply(entry, inverse)
      lower.indices.append(below)
      lower.values.append(factor)
      active.subtract(
        factor, of: pivotRow, except: Int32(column), from: Int(below), field: field)
    }
    lower.offsets.append(lower.indices.count)
  }

  /// Solves `A x = b`; `vector` holds b in Montgomery form, by rows, and after it x, by columns.
  ///
  /// - Precondition: ``isComplete``.
  func solve(_ vector: inout ContiguousArray<UInt64>, _ work: inout ContiguousArray<UInt64>) {
    for k in 0..<size {
      let t = vector[Int(pivotRows[k])]
      if t == 0 { continue }
      for p in lower.offsets[k]..<lower.offsets[k + 1] {
        let i = Int(lower.indices[p])
        vector[i] = field.subtract(vector[i], field.multiply(lower.values[p], t))
      }
    }
    for k in stride(from: size - 1, through: 0, by: -1) {
      var sum = vector[Int(pivotRows[k])]
      for p in upper.offsets[k]..<upper.offsets[k + 1] {
        let value = work[Int(upper.indices[p])]
        if value != 0 { sum = field.subtract(sum, field.multiply(upper.values[p], value)) }
      }
      work[Int(pivotColumns[k])] = sum == 0 ? 0 : field.multiply(sum, inversePivots[k])
    }
    swap(&vector, &work)
  }

  /// Solves `Aᵀ y = c`; `vector` holds c, by columns, and after it y, by rows.
  ///
  /// - Precondition: ``isComplete``.
  func solveTransposed(
    _ vector: inout ContiguousArray<UInt64>, _ work: inout ContiguousArray<UInt64>
  ) {
    for k in 0..<size {
      let w = vector[Int(pivotColumns[k])]
      let value = w == 0 ? 0 : field.multiply(w, inversePivots[k])
      work[Int(pivotRows[k])] = value
      if value == 0 { continue }
      for p in upper.offsets[k]..<upper.offsets[k + 1] {
        let j = Int(upper.indices[p])
        vector[j] = field.subtract(vector[j], field.multiply(upper.values[p], value))
      }
    }
    for k in stride(from: size - 1, through: 0, by: -1) {
      let row = Int(pivotRows[k])
      var sum = work[row]
      for p in lower.offsets[k]..<lower.offsets[k + 1] {
        let value = work[Int(lower.indices[p])]
        if value != 0 { sum = field.subtract(sum, field.multiply(lower.values[p], value)) }
      }
      work[row] = sum
    }
    swap(&vector, &work)
  }
}

/// The part of a matrix that is not eliminated yet.
private struct ActiveMatrix {
  private var rows: [[(column: Int32, value: UInt64)]]
  /// Rows with an entry in the column, and perhaps some that had one.
  private var columnRows: [[Int32]]
  private var columnCounts: ContiguousArray<Int32>
  private var isRowDone: [Bool]
  private var isColumnDone: [Bool]
  private var rowBuckets: CountBuckets
  private var columnBuckets: CountBuckets
  /// `place[j]` is one more than the position of column j in the row at hand.
  private var place: ContiguousArray<Int32>

  init(_ rows: [[(column: Int32, value: UInt64)]]) {
    let size = rows.count
    self.rows = rows
    columnRows = Array(repeating: [], count: size)
    columnCounts = ContiguousArray(repeating: 0, count: size)
    for (i, row) in rows.enumerated() {
      for (column, _) in row {
        columnRows[Int(column)].append(Int32(i))
        columnCounts[Int(column)] += 1
      }
    }
    isRowDone = Array(repeating: false, count: size)
    isColumnDone = Array(repeating: false, count: size)
    place = ContiguousArray(repeating: 0, count: size)
    rowBuckets = CountBuckets(rows.map(\.count))
    columnBuckets = CountBuckets(columnCounts.map { Int($0) })
  }

  /// The entry of least `(row count - 1)(column count - 1)` among a few short rows and columns.
  mutating func nextPivot() -> (row: Int, column: Int)? {
    if let column = columnBuckets.first(ofCount: 1),
      let row = columnRows[column].first(where: { hasEntry(Int($0), Int32(column)) })
    {
      return (Int(row), column)
    }
    var best: (row: Int, column: Int)?
    var least = Int.max
    for row in rowBuckets.shortest(3) {
      for (column, _) in rows[row] {
        let cost = (rows[row].count - 1) * (Int(columnCounts[Int(column)]) - 1)
        if cost < least { (least, best) = (cost, (row, Int(column))) }
      }
      if least == 0 { return best }
    }
    for column in columnBuckets.shortest(1) {
      for row in columnRows[column] where hasEntry(Int(row), Int32(column)) {
        let cost = (rows[Int(row)].count - 1) * (Int(columnCounts[column]) - 1)
        if cost < least { (least, best) = (cost, (Int(row), column)) }
      }
    }
    return best
  }

  private func hasEntry(_ row: Int, _ column: Int32) -> Bool {
    !isRowDone[row] && rows[row].contains { $0.column == column }
  }

  mutating func takeRow(_ row: Int) -> [(column: Int32, value: UInt64)] {
    isRowDone[row] = true
    rowBuckets.remove(row)
    for (column, _) in rows[row] { changeCount(Int(column), by: -1) }
    let entries = rows[row]
    rows[row] = []
    return entries
  }

  mutating func takeColumn(_ column: Int) -> [Int32] {
    isColumnDone[column] = true
    columnBuckets.remove(column)
    let entries = columnRows[column]
    columnRows[column] = []
    return entries.filter { !isRowDone[Int($0)] }
  }

  mutating func removeEntry(row: Int, column: Int32) -> UInt64? {
    guard let index = rows[row].firstIndex(where: { $0.column == column }) else { return nil }
    let value = rows[row][index].value
    let last = rows[row].count - 1
    rows[row].swapAt(index, last)
    rows[row].removeLast()
    rowBuckets.move(row, to: last)
    return value
  }

  /// `row -= factor * pivotRow` off the pivot's column; entries that vanish are dropped.
  mutating func subtract(
    _ factor: UInt64, of pivotRow: [(column: Int32, value: UInt64)], except pivot: Int32,
    from row: Int, field: PrimeField
  ) {
    guard pivotRow.count > 1 else { return }
    var target: [(column: Int32, value: UInt64)] = []
    swap(&target, &rows[row])
    for (index, entry) in target.enumerated() { place[Int(entry.column)] = Int32(index + 1) }
    var hasZero = false
    for (column, value) in pivotRow where column != pivot {
      let product = field.multiply(factor, value)
      let at = Int(place[Int(column)])
      if at > 0 {
        target[at - 1].value = field.subtract(target[at - 1].value, product)
        if target[at - 1].value == 0 { hasZero = true }
      } else {
        target.append((column, field.subtract(0, product)))
        columnRows[Int(column)].append(Int32(row))
        changeCount(Int(column), by: 1)
      }
    }
    for entry in target { place[Int(entry.column)] = 0 }
    if hasZero {
      for entry in target where entry.value == 0 { drop(row, entry.column) }
      target.removeAll { $0.value == 0 }
    }
    swap(&target, &rows[row])
    rowBuckets.move(row, to: rows[row].count)
  }

  private mutating func drop(_ row: Int, _ column: Int32) {
    changeCount(Int(column), by: -1)
    // Left in the list it could come up twice if the entry fills in again.
    if let index = columnRows[Int(column)].firstIndex(of: Int32(row)) {
      columnRows[Int(column)].remove(at: index)
    }
  }

  private mutating func changeCount(_ column: Int, by change: Int32) {
    columnCounts[column] += change
    if !isColumnDone[column] { columnBuckets.move(column, to: Int(columnCounts[column])) }
  }
}

/// Indices in doubly linked lists, one a count.
private struct CountBuckets {
  private var heads: ContiguousArray<Int32>
  private var next: ContiguousArray<Int32>
  private var previous: ContiguousArray<Int32>
  private var counts: ContiguousArray<Int32>
  private var lowest = 1

  init(_ initial: [Int]) {
    heads = ContiguousArray(repeating: -1, count: initial.count + 1)
    next = ContiguousArray(repeating: -1, count: initial.count)
    previous = next
    counts = ContiguousArray(repeating: -1, count: initial.count)
    for index in initial.indices.reversed() { insert(index, initial[index]) }
  }

  private mutating func insert(_ index: Int, _ count: Int) {
    counts[index] = Int32(count)
    next[index] = heads[count]
    previous[index] = -1
    if heads[count] >= 0 { previous[Int(heads[count])] = Int32(index) }
    heads[count] = Int32(index)
    if count >= 1 { lowest = min(lowest, count) }
  }

  mutating func remove(_ index: Int) {
    let count = Int(counts[index])
    if count < 0 { return }
    if previous[index] >= 0 {
      next[Int(previous[index])] = next[index]
    } else {
      heads[count] = next[index]
    }
    if next[index] >= 0 { previous[Int(next[index])] = previous[index] }
    counts[index] = -1
  }

  mutating func move(_ index: Int, to count: Int) {
    if Int(counts[index]) == count { return }
    remove(index)
    insert(index, count)
  }

  func first(ofCount count: Int) -> Int? {
    count < heads.count && heads[count] >= 0 ? Int(heads[count]) : nil
  }

  /// Up to `limit` indices of the lowest counts from 1 on.
  mutating func shortest(_ limit: Int) -> [Int] {
    while lowest < heads.count, heads[lowest] < 0 { lowest += 1 }
    var found: [Int] = []
    var count = lowest
    while count < heads.count, found.count < limit {
      var index = heads[count]
      while index >= 0, found.count < limit {
        found.append(Int(index))
        index = next[Int(index)]
      }
      count += 1
    }
    return found
  }
}
