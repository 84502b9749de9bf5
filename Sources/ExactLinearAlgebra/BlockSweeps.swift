/// Gauss-Seidel sweeps over one block, with its slow mode taken out after every sweep.
///
/// The order of the rows matters where values travel one way, as in chains and grids: forwards,
/// backwards and both in turn are tried on a right side without structure.
final class BlockSweeps {
  private enum Direction: CaseIterable {
    case forwards, alternating, backwards
  }

  private let places: Range<Int>
  private let deflation: Deflation?
  private var direction = Direction.forwards
  /// How many sweeps a solve makes.
  private(set) var count = 0

  /// - Parameters:
  ///   - sums: the row sums within the block.
  ///   - tolerance: the change of a sweep, relative to the solution, at which to stop.
  ///   - limit: the most sweeps to try.
  /// - Returns: `nil` when `limit` sweeps do not get there.
  init?(
    _ places: Range<Int>, _ rows: SweepRows, _ sums: ContiguousArray<Int64>,
    tolerance: Double, limit: Int
  ) {
    self.places = places
    deflation = Deflation(places, rows, sums)
    var best: (count: Int, direction: Direction)?
    for candidate in Direction.allCases {
      // One direction is as good as another on a model without geometry.
      if let best, best.count <= 64 { break }
      direction = candidate
      if let needed = trial(rows, tolerance, limit: best.map { $0.count * 3 / 4 } ?? limit) {
        best = (needed, candidate)
      }
    }
    guard let best else { return nil }
    (count, direction) = best
  }

  /// Asks for more sweeps from now on, by this factor.
  func work(harder factor: Double) { count = Int(Double(count) * factor) + 1 }

  func run(_ rows: SweepRows) {
    start(rows)
    for index in 0..<count { sweep(rows, index) }
  }

  private func start(_ rows: SweepRows) {
    for place in places { rows.x[place] = 0 }
    deflation?.begin(rows)
    deflation?.correct(rows)
  }

  private func sweep(_ rows: SweepRows, _ index: Int) {
    let isForwards =
      switch direction {
      case .forwards: true
      case .backwards: false
      case .alternating: index & 1 == 0
      }
    if isForwards {
      for place in places { rows.relax(place) }
    } else {
      for place in places.reversed() { rows.relax(place) }
    }
    deflation?.correct(rows)
  }

  /// How many sweeps bring the change of a sweep below `tolerance` times the solution.
  private func trial(_ rows: SweepRows, _ tolerance: Double, limit: Int) -> Int? {
    // Signs and sizes from a fixed multiplicative sequence; nothing comes from earlier blocks.
    for place in 0..<places.lowerBound { rows.x[place] = 0 }
    var seed: UInt64 = 1
    for place in places {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      rows.right[place] = (Double(seed >> 11) / 0x1p53 - 0.5) * rows.diagonal(place)
    }
    start(rows)
    let last = UnsafeMutablePointer<Double>.allocate(capacity: places.count)
    defer { last.deallocate() }
    for index in 0..<limit {
      for (local, place) in places.enumerated() { last[local] = rows.x[place] }
      sweep(rows, index)
      var change = 0.0
      var norm = 0.0
      for (local, place) in places.enumerated() {
        change = max(change, abs(rows.x[place] - last[local]))
        norm = max(norm, abs(rows.x[place]))
      }
      if change <= tolerance * norm { return index + 1 }
    }
    return nil
  }
}

/// Takes the slow mode of one block out of an approximate solution.
///
/// Near discount 1 the error of a sweep is nearly constant on a closed class of the chain. Let `w`
/// be the class's stationary weights; adding to `x` on the block the constant
/// `w·(r - A x) / w·e` makes the weighted residual zero.
private final class Deflation {
  private let places: Range<Int>
  /// `w / w·e` and `Aᵀ w / w·e`, by place within the block.
  private var weights: ContiguousArray<Double>
  private var images: ContiguousArray<Double>
  private var target = 0.0

  /// - Returns: `nil` when a sweep contracts by 3/4 or better anyway.
  init?(_ places: Range<Int>, _ rows: SweepRows, _ sums: ContiguousArray<Int64>) {
    let isSlow = places.indices.contains { index in
      Double(sums[index - places.lowerBound]) < 0.25 * rows.diagonal(index)
    }
    guard isSlow else { return nil }
    self.places = places
    weights = stationaryWeights(places, rows)
    images = ContiguousArray(repeating: 0, count: places.count)
    let base = places.lowerBound
    var mass = 0.0
    for local in weights.indices { mass += weights[local] * Double(sums[local]) }
    guard mass > 0, mass.isFinite else { return nil }
    for local in weights.indices { weights[local] /= mass }
    for place in places {
      let weight = weights[place - base]
      images[place - base] += weight * rows.diagonal(place)
      rows.forEachEntry(of: place, in: places) { column, entry in
        images[column - base] -= weight * entry
      }
    }
  }

  /// Prepares for the right side at hand.
  func begin(_ rows: SweepRows) {
    target = 0
    for (local, place) in places.enumerated() {
      target += weights[local] * rows.rightSide(of: place, before: places.lowerBound)
    }
  }

  func correct(_ rows: SweepRows) {
    let x = rows.x + places.lowerBound
    var shift = target
    images.withUnsafeBufferPointer { images in
      for local in 0..<images.count { shift -= images[local] * x[local] }
    }
    for local in 0..<places.count { x[local] += shift }
  }
}

/// Weights `w` with `wᵀ A` small in comparison: the stationary law of the chain behind the block,
/// divided by the rows' scales; by damped power iteration on the jump chain.
private func stationaryWeights(
  _ places: Range<Int>, _ rows: SweepRows
) -> ContiguousArray<Double> {
  let base = places.lowerBound
  var mass = ContiguousArray<Double>(repeating: 0, count: places.count)
  for place in places {
    rows.forEachEntry(of: place, in: places) { _, weight in mass[place - base] += weight }
  }
  var law = ContiguousArray<Double>(repeating: 1 / Double(places.count), count: places.count)
  var next = law
  for _ in 0..<40 {
    for local in law.indices { next[local] = mass[local] == 0 ? law[local] : 0.25 * law[local] }
    for place in places where mass[place - base] != 0 {
      let factor = 0.75 * law[place - base] / mass[place - base]
      rows.forEachEntry(of: place, in: places) { column, weight in
        next[column - base] += factor * weight
      }
    }
    swap(&law, &next)
  }
  for local in law.indices where mass[local] != 0 { law[local] /= mass[local] }
  return law
}
