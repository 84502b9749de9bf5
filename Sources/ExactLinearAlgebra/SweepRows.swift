/// The rows of a matrix in block order, in doubles, with the vectors of a solve.
///
/// One owner: the solver that made it.
final class SweepRows {
  let size: Int
  /// The right side and the solution, by place.
  let right: UnsafeMutablePointer<Double>
  let x: UnsafeMutablePointer<Double>

  private let order: ContiguousArray<Int32>
  private let offsets: UnsafeMutablePointer<Int32>
  private let columns: UnsafeMutablePointer<Int32>
  /// The entries off the diagonal, negated: not negative.
  private let weights: UnsafeMutablePointer<Double>
  private let inverseDiagonal: UnsafeMutablePointer<Double>

  init(_ matrix: SparseIntegerMatrix, _ order: ContiguousArray<Int32>) {
    size = matrix.size
    self.order = order
    right = .allocate(capacity: max(1, size))
    x = .allocate(capacity: max(1, size))
    offsets = .allocate(capacity: size + 1)
    columns = .allocate(capacity: max(1, matrix.columns.count))
    weights = .allocate(capacity: max(1, matrix.columns.count))
    inverseDiagonal = .allocate(capacity: max(1, size))
    var position = ContiguousArray<Int32>(repeating: 0, count: size)
    for (place, row) in order.enumerated() { position[Int(row)] = Int32(place) }
    var entry = 0
    offsets[0] = 0
    for (place, row) in order.enumerated() {
      for k in matrix.range(of: Int(row)) {
        columns[entry] = position[Int(matrix.columns[k])]
        weights[entry] = -Double(matrix.entries[k])
        entry += 1
      }
      offsets[place + 1] = Int32(entry)
      inverseDiagonal[place] = 1 / Double(matrix.diagonal[Int(row)])
    }
  }

  deinit {
    right.deallocate()
    x.deallocate()
    offsets.deallocate()
    columns.deallocate()
    weights.deallocate()
    inverseDiagonal.deallocate()
  }

  func load(_ rightSide: UnsafePointer<Double>) {
    for place in 0..<size { right[place] = rightSide[Int(order[place])] }
  }

  func store(_ solution: UnsafeMutablePointer<Double>) {
    for place in 0..<size { solution[Int(order[place])] = x[place] }
  }

  /// The number of entries of some rows, the diagonal included.
  func entries(in places: Range<Int>) -> Int {
    Int(offsets[places.upperBound] - offsets[places.lowerBound]) + places.count
  }

  /// Makes row `place` hold by changing its own unknown.
  @inline(__always)
  func relax(_ place: Int) {
    var sum = right[place]
    var k = Int(offsets[place])
    let end = Int(offsets[place + 1])
    while k < end {
      sum += weights[k] * x[Int(columns[k])]
      k &+= 1
    }
    x[place] = sum * inverseDiagonal[place]
  }

  func diagonal(_ place: Int) -> Double { 1 / inverseDiagonal[place] }

  /// Calls `body` with the entries of a row that lie in `block`: column and weight.
  func forEachEntry(of place: Int, in block: Range<Int>, _ body: (Int, Double) -> Void) {
    for k in Int(offsets[place])..<Int(offsets[place + 1]) {
      let column = Int(columns[k])
      if block.contains(column) { body(column, weights[k]) }
    }
  }

  /// The right side of a row with what the row takes from places before `start`.
  @inline(__always)
  func rightSide(of place: Int, before start: Int) -> Double {
    var sum = right[place]
    for k in Int(offsets[place])..<Int(offsets[place + 1]) where Int(columns[k]) < start {
      sum += weights[k] * x[Int(columns[k])]
    }
    return sum
  }

  /// Adds to the right sides of a block what its rows take from earlier blocks.
  func moveEarlierBlocks(to block: Range<Int>) {
    for place in block { right[place] = rightSide(of: place, before: block.lowerBound) }
  }
}
