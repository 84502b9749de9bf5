import ExactArithmetic

/// Posterior sampling without end: plays the best policy of a kernel drawn from the posterior, until
/// the episode is longer than the one before or a choice has doubled its count.
///
/// Source: Y. Ouyang, M. Gagrani, A. Nayyar and R. Jain, *Learning unknown Markov decision
/// processes: a Thompson sampling approach*, 2017.
struct PosteriorLearner: AverageLearner {
  private let environment: TabularEnvironment
  private var kernel: SampledKernel
  private var counts: VisitCounts
  private var earlier: [Int64]
  private var policy: [Int]
  private var (length, lastLength) = (0, 0)
  private(set) var switches = -1
  var optimisticGains: Rational? { nil }
  var isCovered: Bool? { nil }

  /// A kernel that mixes slowly is planned for this many sweeps only.
  private static let mostSweeps = 5000

  init(_ environment: TabularEnvironment, seed: UInt64) {
    self.environment = environment
    kernel = SampledKernel(environment, seed: seed)
    counts = VisitCounts(
      slots: environment.sampler.slotCount, choices: environment.choiceCount)
    earlier = counts.choices
    policy = Array(repeating: 0, count: environment.stateCount)
  }

  mutating func choice(
    at state: Int, step: Int, progress: ProgressHandler
  ) throws(Interrupted) -> Int {
    let choice = policy[state]
    if step == 1 || length > lastLength || counts.choices[choice] > 2 * earlier[choice] {
      switches += 1
      (lastLength, length) = (length, 0)
      earlier = counts.choices
      kernel.draw(counts)
      try plan(at: step, progress)
    }
    length += 1
    return policy[state]
  }

  mutating func observe(_ choice: Int, slot: Int) { counts.add(slot: slot, of: choice) }

  struct Memento: Codable, Sendable {
    let random: SplitMix64
    let counts: VisitCounts
    let earlier: [Int64]
    let policy: [Int]
    let length, lastLength, switches: Int
  }

  var memento: Memento {
    Memento(
      random: kernel.random, counts: counts, earlier: earlier, policy: policy, length: length,
      lastLength: lastLength, switches: switches)
  }

  mutating func restore(_ memento: Memento) throws(LearningError) {
    // Before the first plan the policy is all zeros, which need not be choices.
    try LearningError.require(
      memento.counts.hasShape(of: counts) && memento.earlier.count == earlier.count
        && (environment.isPolicy(memento.policy) || memento.policy == policy), "the learner")
    kernel.random = memento.random
    (counts, earlier, policy) = (memento.counts, memento.earlier, memento.policy)
    (length, lastLength) = (memento.length, memento.lastLength)
    switches = memento.switches
  }

  private mutating func plan(
    at start: Int, _ progress: ProgressHandler
  ) throws(Interrupted) {
    try progress.checkpoint()
    let scale = UInt128(1) << UInt128(2 * FixedPoint.bits)
    let tolerance = Int64(FixedPoint.squareRoot(scale / UInt128(start)))
    var values = [Int64](repeating: 0, count: environment.stateCount)
    var next = values
    for _ in 0..<Self.mostSweeps {
      var (least, most) = (Int64.max, Int64.min)
      for state in values.indices {
        let best = kernel.best(at: state, over: values)
        policy[state] = best.choice
        next[state] = best.value
        least = min(least, best.value - values[state])
        most = max(most, best.value - values[state])
      }
      if most - least <= tolerance { return }
      let floor = next.min() ?? 0
      for state in values.indices { values[state] = next[state] - floor }
    }
  }
}
