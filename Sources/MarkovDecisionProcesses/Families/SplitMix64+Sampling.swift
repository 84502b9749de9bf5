import ExactArithmetic

/// The derived draws of the generated families; the families' page defines them.
extension SplitMix64 {
  /// A uniform draw from `0..<bound`.
  mutating func draw(_ bound: Int) -> Int {
    Int(below(UInt64(bound)))
  }

  /// `count` distinct numbers of `0..<bound`, ascending: exactly `count` draws.
  ///
  /// Source: R. W. Floyd's sampling (Bentley, *Programming Pearls*, CACM 30(9), 1987).
  mutating func drawDistinct(_ count: Int, below bound: Int, into sample: inout [Int]) {
    sample.removeAll(keepingCapacity: true)
    // A scan beats hashing for the short samples that most models have.
    var seen: Set<Int>? = count > 32 ? [] : nil
    for upper in (bound - count)..<bound {
      let drawn = draw(upper + 1)
      let isTaken = seen?.contains(drawn) ?? sample.contains(drawn)
      let chosen = isTaken ? upper : drawn
      sample.append(chosen)
      seen?.insert(chosen)
    }
    sample.sort()
  }

  /// A random composition of `total` into `count` positive parts; no draw when `count` is 1.
  mutating func drawParts(of total: Int, count: Int, into parts: inout [Int]) {
    drawDistinct(count - 1, below: total - 1, into: &parts)
    // The cuts become differences in place.
    var last = 0
    for index in parts.indices {
      let cut = parts[index] + 1
      parts[index] = cut - last
      last = cut
    }
    parts.append(total - last)
  }

  /// A reward of the random families in tenths: uniform in -100...100.
  mutating func drawTenths() -> Int {
    draw(201) - 100
  }
}

/// A law with a fixed denominator that a random family draws: successors, then numerators.
struct DrawnLaw {
  var successors: [Int] = []
  var numerators: [Int] = []
  private var table: NumeratorTable

  init(denominator: Int) {
    table = NumeratorTable(denominator: denominator)
  }

  /// Draws `count` distinct successors below `bound`.
  mutating func drawSuccessors(_ count: Int, below bound: Int, using random: inout SplitMix64) {
    random.drawDistinct(count, below: bound, into: &successors)
  }

  /// Draws one numerator a successor.
  mutating func drawNumerators(using random: inout SplitMix64) {
    random.drawParts(of: table.denominator, count: successors.count, into: &numerators)
  }

  /// Adds the law to `row`, each successor moved by `offset`.
  mutating func add(to row: inout GeneratedRow, offset: Int = 0) {
    for (successor, numerator) in zip(successors, numerators) {
      row.add(successor + offset, table.term(numerator, in: &row.terms))
    }
  }
}
