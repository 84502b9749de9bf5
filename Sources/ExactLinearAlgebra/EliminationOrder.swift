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
    let (rows, columns) = (elimination.pivotRows, elimination.pivotColumns)
    for row in order {
      for place in rows.range(of: Int(row)) { upper.append(position[Int(rows[place])]) }
      upperOffsets.append(upper.count)
      for place in columns.range(of: Int(row)) {
        lowerCounts[Int(position[Int(columns[place])]) + 1] += 1
      }
    }
    upper.withUnsafeMutableBufferPointer { upper in
      for i in 0..<size { upper[upperOffsets[i]..<upperOffsets[i + 1]].sort() }
    }
    for i in 0..<size { lowerCounts[i + 1] += lowerCounts[i] }
    var lower = ContiguousArray<Int32>(repeating: 0, count: lowerCounts[size])
    var cursor = lowerCounts
    for (place, row) in order.enumerated() {
      for below in columns.range(of: Int(row)) {
        let i = Int(position[Int(columns[below])])
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
  var pivotRows: IndexLists
  var pivotColumns: IndexLists
  private var isEliminated: ContiguousArray<Bool>
  private var mark: ContiguousArray<Int32>
  private var stamp: Int32 = 0
  private var queue = DegreeQueue()
  /// The number of entries in rows that are not eliminated.
  private var active: Int
  /// The degree under which each row is queued: never more than its degree.
  private var queued: ContiguousArray<Int>

  init(_ matrix: SparseIntegerMatrix) {
    let size = matrix.size
    var rowCounts = ContiguousArray<Int>(repeating: 0, count: size)
    var columnCounts = rowCounts
    for row in 0..<size { rowCounts[row] = matrix.range(of: row).count }
    for column in matrix.columns { columnCounts[Int(column)] += 1 }
    pivotRows = IndexLists(expecting: rowCounts)
    pivotColumns = IndexLists(expecting: columnCounts)
    active = matrix.columns.count
    for row in 0..<size {
      for k in matrix.range(of: row) {
        pivotRows.append(matrix.columns[k], to: row)
        pivotColumns.append(Int32(row), to: Int(matrix.columns[k]))
      }
    }
    isEliminated = ContiguousArray(repeating: false, count: size)
    mark = ContiguousArray(repeating: -1, count: size)
    queued = ContiguousArray(repeating: 0, count: size)
    order.reserveCapacity(size)
    queue.reserve(2 * size)
    for row in 0..<size {
      queued[row] = degree(row)
      queue.push(Int32(row), queued[row])
    }
  }

  @inline(__always)
  private func degree(_ k: Int) -> Int {
    min(pivotRows.count(of: k) * pivotColumns.count(of: k), DegreeQueue.largestDegree)
  }

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
      let width = pivotRows.count(of: pivot)
      active -= width
      order.append(k)
      fill += width + pivotColumns.count(of: pivot)
      for place in pivotColumns.range(of: pivot) {
        steps += pivotRows.count(of: Int(pivotColumns[place])) + width + 8
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
    // The pivot's own lists do not move: nothing is added to them.
    let (row, column) = (pivotRows.range(of: pivot), pivotColumns.range(of: pivot))
    for place in column {
      let below = pivotColumns[place]
      let i = Int(below)
      stamp += 1
      let before = pivotRows.count(of: i)
      pivotRows.remove(k, from: i)
      for kept in pivotRows.range(of: i) { mark[Int(pivotRows[kept])] = stamp }
      for other in row {
        let j = pivotRows[other]
        if j == below || mark[Int(j)] == stamp { continue }
        pivotRows.append(j, to: i)
        pivotColumns.append(below, to: Int(j))
      }
      active += pivotRows.count(of: i) - before
    }
    for place in row { pivotColumns.remove(k, from: Int(pivotRows[place])) }
    // A degree that grew is noticed when its turn comes.
    for place in column { requeue(pivotColumns[place]) }
    for place in row { requeue(pivotRows[place]) }
  }

  private mutating func requeue(_ row: Int32) {
    let now = degree(Int(row))
    guard now < queued[Int(row)] else { return }
    queued[Int(row)] = now
    queue.push(row, now)
  }
}

/// Lists of indices that share one array; a list that outgrows its place moves to the end.
private struct IndexLists {
  private var items: ContiguousArray<Int32> = []
  private var starts: ContiguousArray<Int> = []
  private var counts: ContiguousArray<Int>
  private var capacities: ContiguousArray<Int> = []

  /// - Parameter expected: how many items each list will have at first.
  init(expecting expected: ContiguousArray<Int>) {
    counts = ContiguousArray(repeating: 0, count: expected.count)
    starts.reserveCapacity(expected.count)
    capacities.reserveCapacity(expected.count)
    var end = 0
    for count in expected {
      starts.append(end)
      capacities.append(2 * count + 2)
      end += 2 * count + 2
    }
    items = ContiguousArray(repeating: 0, count: end)
  }

  @inline(__always)
  func count(of list: Int) -> Int { counts[list] }

  /// The places of a list's items, until something is added to it.
  @inline(__always)
  func range(of list: Int) -> Range<Int> { starts[list]..<starts[list] + counts[list] }

  /// The item at a place.
  @inline(__always)
  subscript(place: Int) -> Int32 { items[place] }

  @inline(__always)
  mutating func append(_ item: Int32, to list: Int) {
    if counts[list] == capacities[list] { move(list) }
    items[starts[list] + counts[list]] = item
    counts[list] += 1
  }

  private mutating func move(_ list: Int) {
    let old = range(of: list)
    starts[list] = items.count
    capacities[list] *= 2
    for place in old { items.append(items[place]) }
    for _ in old.count..<capacities[list] { items.append(0) }
  }

  /// Removes an item that occurs once at most; the last one takes its place.
  @inline(__always)
  mutating func remove(_ item: Int32, from list: Int) {
    for place in range(of: list) where items[place] == item {
      counts[list] -= 1
      items[place] = items[starts[list] + counts[list]]
      return
    }
  }
}

/// A priority queue of (degree, row) with stale entries: a binary heap.
private struct DegreeQueue {
  /// Larger ones count as this one.
  static let largestDegree = Int(Int32.max)

  /// The degree in the upper half of the word, the row in the lower one.
  private var heap: ContiguousArray<Int> = []

  mutating func reserve(_ count: Int) { heap.reserveCapacity(count) }

  mutating func push(_ row: Int32, _ degree: Int) {
    let key = degree << 32 | Int(row)
    heap.append(key)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if heap[parent] <= key { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = key
  }

  mutating func pop() -> (Int32, Int)? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty { sink(last) }
    return (Int32(truncatingIfNeeded: top), top >> 32)
  }

  /// Puts a key in place of the first one.
  private mutating func sink(_ key: Int) {
    let count = heap.count
    var parent = 0
    while true {
      var child = 2 * parent + 1
      if child >= count { break }
      if child + 1 < count, heap[child + 1] < heap[child] { child += 1 }
      if key <= heap[child] { break }
      heap[parent] = heap[child]
      parent = child
    }
    heap[parent] = key
  }
}
