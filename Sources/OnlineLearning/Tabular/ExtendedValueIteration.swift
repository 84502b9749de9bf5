import ExactArithmetic

/// Optimistic planning of UCRL2: value iteration over all models within the radii, in integers.
///
/// Values and rewards are multiples of `g = 2^-30`, probabilities of a choice with `n` samples
/// multiples of `1/(2^20 n)`. The best row within the `l1` radius `d` moves `d/2` to the best
/// state, away from the worst ones. `u'` is the exact image of `u` rounded down to the grid, which is
/// the image under rewards smaller by less than `g`; with radii of at least `g` these still lie in
/// `[0, 1]`. The iteration stops at the first `u` with `max (u' - u) - min (u' - u) + g ≤ 1/√t`;
/// while the sets hold the truth, `max (u' - u) + g` is at least the optimal gain.
///
/// Source: Jaksch, Ortner and Auer 2010, figure 2; rounding ours, `proofs-notes/ucrl2-rounding.md`.
struct ExtendedValueIteration {
  /// Bits of a choice's probabilities beyond its count.
  static let massBits = 20

  /// What is known of a choice: the optimistic reward, and `d/2`.
  struct Row {
    var reward: Int64 = FixedPoint.one
    /// `⌊2^20 n d/2⌋`.
    var shift: Int64 = 0
  }

  private let environment: TabularEnvironment
  /// `max (u' - u) + g` of the last plan.
  private(set) var gain: Int64 = 0
  /// The choice of each state.
  private(set) var policy: [Int]
  private(set) var sweeps = 0
  private var values: [Int64]
  private var next: [Int64]
  /// The slots of each choice by rising value of the successor.
  private var order: [Int]

  init(_ environment: TabularEnvironment) {
    self.environment = environment
    policy = (0..<environment.stateCount).map { environment.model.choiceRange(at: $0).lowerBound }
    values = Array(repeating: 0, count: environment.stateCount)
    next = values
    order = Array(0..<environment.sampler.slotCount)
  }

  /// The last plan. Values start at 0 in each, and how slots of equal value are ordered is of no
  /// consequence.
  struct Memento: Codable, Sendable {
    let gain: Int64
    let policy: [Int]
    let sweeps: Int
  }

  var memento: Memento { Memento(gain: gain, policy: policy, sweeps: sweeps) }

  /// - Throws: ``LearningError`` for a memento of another shape.
  mutating func restore(_ memento: Memento) throws(LearningError) {
    try LearningError.require(environment.isPolicy(memento.policy), "the plan")
    (gain, policy, sweeps) = (memento.gain, memento.policy, memento.sweeps)
  }

  /// Plans for the rows; the tolerance is `1/√t` in units of `g`, rounded down.
  ///
  /// - Throws: ``Interrupted``.
  mutating func plan(
    _ rows: [Row], counts: VisitCounts, tolerance: Int64, progress: ProgressHandler
  ) throws(Interrupted) {
    for state in values.indices { values[state] = 0 }
    while true {
      if sweeps & 0xFF == 0 { try progress.checkpoint() }
      sweeps += 1
      var best = 0
      for state in values.indices where values[state] > values[best] { best = state }
      var (least, most) = (Int64.max, Int64.min)
      for state in values.indices {
        let choices = environment.model.choiceRange(at: state)
        var top = Int64.min
        for choice in choices {
          let value = rows[choice].reward + mean(choice, rows[choice].shift, counts, best)
          if value > top {
            top = value
            policy[state] = choice
          }
        }
        next[state] = top
        least = min(least, top - values[state])
        most = max(most, top - values[state])
      }
      if most - least + 1 <= tolerance {
        gain = most + 1
        return
      }
      // Constants do not matter, and small numbers stay words.
      let floor = next.min() ?? 0
      for state in values.indices { values[state] = next[state] - floor }
    }
  }

  /// The largest mean of the values within the radius, rounded down.
  private mutating func mean(
    _ choice: Int, _ shift: Int64, _ counts: VisitCounts, _ best: Int
  ) -> Int64 {
    let count = counts.choices[choice]
    let top = values[best]
    if count == 0 { return top }
    sort(environment.sampler.slots(of: choice))
    let total = count << Int64(Self.massBits)
    var sum = Int128.zero
    var kept = Int64.zero
    for slot in environment.sampler.slots(of: choice) {
      let mass = counts.slots[slot] << Int64(Self.massBits)
      if environment.sampler.successor(at: slot) == best {
        kept = mass
      } else {
        sum += Int128(mass) * Int128(values[environment.sampler.successor(at: slot)])
      }
    }
    var moved = min(shift, total - kept)
    sum += Int128(kept + moved) * Int128(top)
    for place in environment.sampler.slots(of: choice) where moved > 0 {
      let slot = order[place]
      let successor = environment.sampler.successor(at: slot)
      if successor == best { continue }
      let taken = min(moved, counts.slots[slot] << Int64(Self.massBits))
      sum -= Int128(taken) * Int128(values[successor])
      moved -= taken
    }
    // Values are at least 0, so that the quotient is rounded down.
    if let small = Int64(exactly: sum) { return small / total }
    return Int64(sum / Int128(total))
  }

  /// Sorts a choice's slots; they change little from sweep to sweep.
  private mutating func sort(_ range: Range<Int>) {
    for place in range.dropFirst() {
      let slot = order[place]
      let value = values[environment.sampler.successor(at: slot)]
      var hole = place
      while hole > range.lowerBound,
        values[environment.sampler.successor(at: order[hole - 1])] > value
      {
        order[hole] = order[hole - 1]
        hole -= 1
      }
      order[hole] = slot
    }
  }
}
