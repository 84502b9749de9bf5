import ExactArithmetic
import MarkovDecisionProcesses

/// UCRL2: optimism within confidence sets, planned anew whenever a choice has doubled its count.
///
/// With `S` states, `A` choices a state at most, failure probability `δ`, at the start `t` of an
/// episode and for a choice with `n` samples (or 1): rewards within `√(7 ln(2SAt/δ)/(2n))` of
/// their mean, rows within `√(14 S ln(2At/δ)/n)` of theirs in `l1`. Both radii are rounded down; the
/// proof of the theorem has room for that, `proofs-notes/ucrl2-rounding.md`. Rewards are scaled to
/// `[0, 1]` and not known.
///
/// Source: Jaksch, Ortner and Auer 2010, figure 1.
struct UCRL2Learner: AverageLearner {
  private let environment: TabularEnvironment
  private let delta: Rational
  /// What the radii are divided by, for tests that break them; 1 otherwise.
  private let radiusDivisor: Int64
  /// The scaled reward of each slot, rounded down to the grid.
  private let gridRewards: [Int64]
  private let scaledRewards: [Rational]
  private var counts: VisitCounts
  /// The visits within the episode, and those before it.
  private var (recent, earlier): ([Int64], [Int64])
  private var planner: ExtendedValueIteration
  private var episodeStart = 0
  private var gainSum = Rational.zero
  private var step = 0
  private(set) var switches = -1
  private var coverage = true

  var isCovered: Bool? { coverage }
  /// The sweeps of all plans, for measurements.
  var sweeps: Int { planner.sweeps }

  init(_ environment: TabularEnvironment, delta: Rational, radiusDivisor: Int = 1) {
    self.environment = environment
    self.delta = delta
    self.radiusDivisor = Int64(radiusDivisor)
    scaledRewards = environment.scaledRewards
    gridRewards = scaledRewards.map(FixedPoint.floor)
    counts = VisitCounts(
      slots: environment.sampler.slotCount, choices: environment.choiceCount)
    recent = Array(repeating: 0, count: environment.choiceCount)
    earlier = recent
    planner = ExtendedValueIteration(environment)
  }

  var optimisticGains: Rational? {
    gainSum + Rational(Int(planner.gain)) * Rational(step - episodeStart)
      / Rational(Int(FixedPoint.one))
  }

  mutating func choice(
    at state: Int, step: Int, progress: ProgressHandler
  ) throws(Interrupted) -> Int {
    let choice = planner.policy[state]
    guard step == 1 || recent[choice] >= max(1, earlier[choice]) else { return choice }
    try startEpisode(at: step, progress)
    return planner.policy[state]
  }

  mutating func observe(_ choice: Int, slot: Int) {
    counts.add(slot: slot, of: choice)
    recent[choice] += 1
    step += 1
  }

  private mutating func startEpisode(
    at start: Int, _ progress: ProgressHandler
  ) throws(Interrupted) {
    gainSum = optimisticGains ?? 0
    episodeStart = step
    switches += 1
    earlier = counts.choices
    for choice in recent.indices { recent[choice] = 0 }
    let radii = radii(at: start)
    var rows: [ExtendedValueIteration.Row] = []
    rows.reserveCapacity(environment.choiceCount)
    for choice in 0..<environment.choiceCount {
      let radius = radii.of(max(1, counts.choices[choice]))
      rows.append(row(choice, radius))
      if coverage { coverage = covers(choice, radius) }
    }
    let scale = UInt128(1) << UInt128(2 * FixedPoint.bits)
    let tolerance = Int64(FixedPoint.squareRoot(scale / UInt128(start)))
    try planner.plan(rows, counts: counts, tolerance: tolerance, progress: progress)
  }

  // MARK: - Setting aside

  struct Memento: Codable, Sendable {
    let counts: VisitCounts
    let recent, earlier: [Int64]
    let planner: ExtendedValueIteration.Memento
    let episodeStart, step, switches: Int
    let gainSum: Rational
    let coverage: Bool
  }

  var memento: Memento {
    Memento(
      counts: counts, recent: recent, earlier: earlier, planner: planner.memento,
      episodeStart: episodeStart, step: step, switches: switches, gainSum: gainSum,
      coverage: coverage)
  }

  mutating func restore(_ memento: Memento) throws(LearningError) {
    try LearningError.require(
      memento.counts.hasShape(of: counts) && memento.recent.count == recent.count
        && memento.earlier.count == earlier.count, "the learner")
    try planner.restore(memento.planner)
    counts = memento.counts
    (recent, earlier) = (memento.recent, memento.earlier)
    (episodeStart, step, switches) = (memento.episodeStart, memento.step, memento.switches)
    (gainSum, coverage) = (memento.gainSum, memento.coverage)
  }

  // MARK: - Confidence sets

  /// A reward's radius in units of `2^-30`, and half of a row's in units of `1/(2^20 n)`.
  private struct Radius {
    let reward: Int64
    let shift: Int64
  }

  private struct Radii {
    /// `⌊2^40 · 7/2 · ln(2SAt/δ)⌋` and `⌊2^40 · 14/4 · S ln(2At/δ)⌋`.
    let (reward, row): (UInt128, UInt128)
    let divisor: Int64

    func of(_ count: Int64) -> Radius {
      // √(r/n) · 2^30 = √(2^40 r · 2^20 / n); (d/2) n 2^20 = √(2^40 d²n/4 · n).
      let reward = FixedPoint.squareRoot((self.reward << 20) / UInt128(count))
      let shift = FixedPoint.squareRoot(row * UInt128(count))
      return Radius(
        reward: max(1, Int64(clamping: reward) / divisor), shift: Int64(clamping: shift) / divisor)
    }
  }

  private func radii(at start: Int) -> Radii {
    let (states, choices) = (
      Rational(environment.stateCount), Rational(environment.largestChoiceCount)
    )
    let each = 2 * choices * Rational(start) / delta
    return Radii(
      reward: Self.level(each * states, times: Rational(7, 2)),
      row: Self.level(each, times: Rational(7, 2) * states), divisor: radiusDivisor)
  }

  /// `⌊2^40 factor · ln x⌋` or a little less.
  private static func level(_ x: Rational, times factor: Rational) -> UInt128 {
    // x is more than 1, so that the logarithm has a value.
    guard let log = try? Enclosure(x).logarithm(bits: 48) else { return 0 }
    let scaled = (log.lower * factor).floor(timesTwoToThe: 40)
    return scaled.int128.map { UInt128(max(0, $0)) } ?? 0
  }

  private func row(_ choice: Int, _ radius: Radius) -> ExtendedValueIteration.Row {
    let count = counts.choices[choice]
    if count == 0 { return .init(reward: FixedPoint.one, shift: 0) }
    var sum = Int128.zero
    for slot in environment.sampler.slots(of: choice) {
      sum += Int128(counts.slots[slot]) * Int128(gridRewards[slot])
    }
    let mean = Int64(sum / Int128(count))
    return .init(reward: min(FixedPoint.one, mean + radius.reward), shift: radius.shift)
  }

  /// Whether the truth lies within the radii, exactly.
  private func covers(_ choice: Int, _ radius: Radius) -> Bool {
    let count = counts.choices[choice]
    // Everything is plausible before the first sample.
    if count == 0 { return true }
    var (distance, reward) = (Rational.zero, Rational.zero)
    let law = environment.model.transitions(of: Choice(choice)).sorted {
      $0.successor < $1.successor
    }
    for (slot, entry) in zip(environment.sampler.slots(of: choice), law) {
      let share = Rational(Int(counts.slots[slot]), Int(count))
      let difference = share - entry.probability
      distance += difference.magnitude
      reward += difference * scaledRewards[slot]
    }
    let unit = Rational(1 << ExtendedValueIteration.massBits) * Rational(Int(count))
    return distance / 2 <= Rational(Int(radius.shift)) / unit
      && reward.magnitude <= Rational(Int(radius.reward), 1 << FixedPoint.bits)
  }
}
