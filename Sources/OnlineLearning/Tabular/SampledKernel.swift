import ExactArithmetic

/// A kernel drawn from the posterior law: a weight for every state after every choice.
///
/// The prior of each row is uniform over all laws on the states; rewards are known.
struct SampledKernel {
  private let environment: TabularEnvironment
  private var posterior: PosteriorSampler
  /// One row a choice, one weight a state.
  private var weights: [Int64]
  private var totals: [Int128]
  private var scratch: [Int64]
  /// Rewards scaled to `[0, 1]`, rounded down to `2^-30`.
  private let rewards: [Int64]

  init(_ environment: TabularEnvironment, seed: UInt64) {
    self.environment = environment
    // The stream of the transitions stays as it is for every learner.
    posterior = PosteriorSampler(seed: ~seed)
    weights = Array(repeating: 0, count: environment.choiceCount * environment.stateCount)
    totals = Array(repeating: 0, count: environment.choiceCount)
    scratch = Array(repeating: 0, count: environment.stateCount)
    rewards = environment.scaledExpectations.map(FixedPoint.floor)
  }

  /// The stream of the draws; with the counts it determines what is drawn next.
  var random: SplitMix64 {
    get { posterior.random }
    set { posterior.random = newValue }
  }

  mutating func draw(_ counts: VisitCounts) {
    let states = environment.stateCount
    for choice in 0..<environment.choiceCount {
      for state in scratch.indices { scratch[state] = 0 }
      for slot in environment.sampler.slots(of: choice) {
        scratch[environment.sampler.successor(at: slot)] = counts.slots[slot]
      }
      posterior.draw(scratch, into: &weights, at: choice * states)
      totals[choice] = weights[(choice * states)..<((choice + 1) * states)].reduce(Int128.zero) {
        $0 + Int128($1)
      }
    }
  }

  /// Reward and mean of the values, rounded down.
  func lookahead(_ choice: Int, over values: [Int64]) -> Int64 {
    var sum = Int128.zero
    let offset = choice * values.count
    for state in values.indices { sum += Int128(weights[offset + state]) * Int128(values[state]) }
    return rewards[choice] + Int64(sum / max(1, totals[choice]))
  }

  /// The best choice at a state, the first of equals, with its value.
  func best(at state: Int, over values: [Int64]) -> (choice: Int, value: Int64) {
    let choices = environment.model.choiceRange(at: state)
    var best = (choices.lowerBound, lookahead(choices.lowerBound, over: values))
    for choice in choices.dropFirst() {
      let value = lookahead(choice, over: values)
      if value > best.1 { best = (choice, value) }
    }
    return best
  }
}
