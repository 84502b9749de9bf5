// What is here: an order in which a sparse matrix with non-zero pivots on the diagonal is
// eliminated with little fill, and the pattern of the factors.
// Source: Markowitz 1957 (the least product of row and column counts), restricted to the diagonal.

/// The order of elimination of a sparse matrix and the patterns of its triangular factors.
///
/// Everything is in terms of positions: position `i` eliminates row and column `order[i]`.
struct EliminationOrder {
  let order: ContiguousArray<Int32>
  /// `lowerOffsets[i]..<lowerOffsets[i+1]` are the positions below `i` in row `i`, ascending.
  let lowerOffsets: ContiguousArray<Int>
  let lower: ContiguousArray<Int32>
  /// Likewise the positions above `i` in row `i`, ascending.
  let upperOffsets: ContiguousArray<Int>
  let upper: ContiguousArray<Int32>

  /// The number of entries of both factors off the diagonal.
  var fill: Int { lower.count + upper.count }

  /// Chooses the order; `nil` as soon as the factors would have more than `limit` entries, or the
  /// choice itself would take more than about `effort` steps.
  ///
  /// - Complexity: of the order of the numeric factorisation.
  init?(_ matrix: SparseIntegerMatrix, limit: Int, effort: Int = .max) {
    var elimination = SymbolicElimination(matrix)
    guard elimination.run(limit: limit, effort: effort) else { return nil }
    order = elimination.order
    let size = matrix.size
    var position = ContiguousArray<Int32>(repeating: 0, count: size)
    for (place, row) in order.enumerated() { position[Int(row)] = Int32(place) }
    // Row k at its elimination is the upper row; column k's rows at that time form the lower part.
    var upperOffsets: ContiguousArray<Int> = [0]
    var upper: ContiguousArray<Int32> = []
    var lowerCounts = ContiguousArray<Int>(repeating: 0, count: size + 1)
    for row in order {
      upper.append(contentsOf: elimination.pivotRows[Int(row)].map { position[Int($0)] }.sorted())
      upperOffsets.append(upper.count)
      for below in elimination.pivotColumns[Int(row)] {
        lowerCounts[Int(position[Int(below)]) + 1] += 1
      }
    }
    for i in 0..<size { lowerCounts[i + 1] += lowerCounts[i] }
    var lower = ContiguousArray<Int32>(repeating: 0, count: lowerCounts[size])
    var cursor = lowerCounts
    for (place, row) in order.enumerated() {
      for below in elimination.pivotColumns[Int(row)] {
        let i = Int(position[Int(below)])
        lower[cursor[i]] = Int32(place)
        cursor[i] += 1
      }
    }
    self.upperOffsets = upperOffsets
    self.upper = upper
    lowerOffsets = lowerCounts
    self.lower = lower
  }
}

/// Elimination of patterns alone.
private struct SymbolicElimination {
  var order: ContiguousArray<Int32> = []
  /// Columns of the row (rows of the column) that are not eliminated yet, without the diagonal.
  var pivotRows: [[Int32]]
  var pivotColumns: [[Int32]]
  private var isEliminated: [Bool]
  private var mark: [Int32]
  private var stamp: Int32 = 0
  private var queue = DegreeQueue()
  /// The number of entries in rows that are not eliminated.
  private var active: Int
  /// The degree under which each row is queued: never more than its degree.
  private var queued: [Int]

  init(_ matrix: SparseIntegerMatrix) {
    let size = matrix.size
    pivotRows = (0..<size).map { row in matrix.range(of: row).map { matrix.columns[$0] } }
    pivotColumns = Array(repeating: [], count: size)
    active = matrix.columns.count
    for row in 0..<size {
      for column in pivotRows[row] { pivotColumns[Int(column)].append(Int32(row)) }
    }
    isEliminated = Array(repeating: false, count: size)
    mark = Array(repeating: -1, count: size)
    queued = Array(repeating: 0, count: size)
    order.reserveCapacity(size)
    for row in 0..<size {
      queued[row] = degree(row)
      queue.push(Int32(row), queued[row])
    }
  }

  private func degree(_ k: Int) -> Int { pivotRows[k].count * pivotColumns[k].count }

  mutating func run(limit: Int, effort: Int) -> Bool {
    var fill = 0
    var steps = 0
    while let (k, known) = queue.pop() {
      let pivot = Int(k)
      if isEliminated[pivot] || known > queued[pivot] { continue }
      let now = degree(pivot)
      if now > known {
        queued[pivot] = now
        queue.push(k, now)
        continue
      }
      isEliminated[pivot] = true
      active -= pivotRows[pivot].count
      order.append(k)
      fill += pivotRows[pivot].count + pivotColumns[pivot].count
      for below in pivotColumns[pivot] {
        steps += pivotRows[Int(below)].count + pivotRows[pivot].count + 8
      }
      // What is not eliminated yet will be part of the factors, all but a little.
      if fill + active > 2 * limit || fill > limit || steps > effort { return false }
      merge(pivot)
    }
    return true
  }

  /// Adds the pivot's row to each row of its column, and takes the pivot out of both.
  private mutating func merge(_ pivot: Int) {
    let k = Int32(pivot)
    for below in pivotColumns[pivot] {
      let i = Int(below)
      stamp += 1
      var kept: [Int32] = []
      kept.reserveCapacity(pivotRows[i].count + pivotRows[pivot].count)
      for column in pivotRows[i] where column != k {
        mark[Int(column)] = stamp
        kept.append(column)
      }
      for column in pivotRows[pivot] where column != below && mark[Int(column)] != stamp {
        kept.append(column)
        pivotColumns[Int(column)].append(below)
      }
      active += kept.count - pivotRows[i].count
      pivotRows[i] = kept
    }
    for column in pivotRows[pivot] {
      let j = Int(column)
      if let place = pivotColumns[j].firstIndex(of: k) { pivotColumns[j].remove(at: place) }
    }
    // A degree that grew is noticed when its turn comes.
    for list in [pivotColumns[pivot], pivotRows[pivot]] {
      for row in list where degree(Int(row)) < queued[Int(row)] {
        queued[Int(row)] = degree(Int(row))
        queue.push(row, queued[Int(row)])
      }
    }
  }
}

/// A priority queue of (degree, row) with stale entries: a binary heap.
private struct DegreeQueue {
  private var heap: [(degree: Int, row: Int32)] = []

  mutating func push(_ row: Int32, _ degree: Int) {
    heap.append((degree, row))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if heap[parent] <= heap[child] { break }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  mutating func pop() -> (Int32, Int)? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    return (top.row, top.degree)
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[child] < heap[least] { least = child }
      }
      if least == parent { return }
      heap.swapAt(least, parent)
      parent = least
    }
  }
}
