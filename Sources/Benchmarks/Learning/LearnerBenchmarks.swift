import ExactArithmetic
import MarkovDecisionProcesses
import OnlineLearning

/// Whole runs of learners, exact accounts included. `Peers/learners.py` times the same runs in NumPy.
func learnerBenchmarks(isQuick: Bool) throws -> [Benchmark] {
  let steps = isQuick ? 1000 : 1_000_000
  let river = try ModelFamily("riverswim", options: ["states": "6"]).model()
  let endless = try TabularExperiment(
    .ucrl2, on: river, reward: river.rewards[0].name, start: State(0))
  let episodes = isQuick ? 10 : 2000
  let mixture = try MixtureSubject.eightKernels()
  return [
    Benchmark("Learn/ucrl2 riverswim 6/\(steps)", operations: steps) {
      (try? endless.run(steps, seed: 0))?.switches ?? 0
    },
    Benchmark("Learn/ucrl-vtr d = 8, H = 5/\(episodes * 5)", operations: episodes * 5) {
      (try? mixture.run(episodes: episodes, seed: 0))?.switches ?? 0
    },
  ]
}

/// A mixture of eight random kernels on six states with three actions.
private enum MixtureSubject {
  static func eightKernels() throws -> MixtureExperiment {
    var random = SplitMix64(seed: 8)
    let kernels = (0..<8).map { _ in kernel(&random) }
    let weights = (0..<8).map { Rational(1 + $0, 36) }
    let truth = kernels[0].indices.map { row in
      kernels[0][row].indices.map { state in
        zip(kernels, weights).reduce(Rational.zero) { $0 + $1.1 * $1.0[row][state] }
      }
    }
    return try MixtureExperiment(
      model(truth), reward: "main", basis: try kernels.map(model), horizon: 5, start: State(0))
  }

  private static func kernel(_ random: inout SplitMix64) -> [[Rational]] {
    (0..<18).map { _ in
      var weights = [Int](repeating: 0, count: 6)
      for _ in 0..<3 { weights[Int(random.below(6))] += 1 + Int(random.below(5)) }
      let total = weights.reduce(0, +)
      return weights.map { Rational($0, total) }
    }
  }

  private static func model(_ rows: [[Rational]]) throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: 6), actions: NameTable(count: 3))
    try builder.startReward(named: "main")
    for (row, law) in rows.enumerated() {
      let (state, action) = (State(row / 3), Action(row % 3))
      for (place, probability) in law.enumerated() where !probability.isZero {
        try builder.addTransition(
          from: state, under: action, to: State(place), probability: probability)
      }
      builder.addReward(
        state: state, action: action, successor: nil, value: Rational(row * 7 % 11, 10))
    }
    return try builder.build()
  }
}
