import ExactArithmetic
import MarkovDecisionProcesses

/// Small models that lean towards trouble: ties, single actions, deterministic rows.
enum RandomModel {
  static func make(
    using random: inout SplitMix64, maximumStates: Int = 5, longNumbers: Bool = false
  ) throws -> FiniteMDP {
    let n = Int(random.below(UInt64(maximumStates))) + 1
    let m = Int(random.below(3)) + 1
    let states = try NameTable((0..<n).map { "s\($0)" }, of: .state)
    let actions = try NameTable((0..<m).map { "a\($0)" }, of: .action)
    var builder = try FiniteMDPBuilder(states: states, actions: actions)
    var keys: [(State, Action)] = []
    for s in 0..<n {
      for a in 0..<m where a == 0 || random.below(4) != 0 {
        keys.append((State(s), Action(a)))
        for (t, p) in row(count: n, longNumbers, &random) {
          try builder.addTransition(
            from: State(s), under: Action(a), to: State(t), probability: p)
        }
      }
    }
    try builder.startReward(named: "r")
    for (s, a) in keys {
      let denominator = longNumbers ? Int(random.next() >> 2) | 1 : Int(random.below(3)) + 1
      builder.addReward(
        state: s, action: a, successor: nil,
        value: Rational(Int(random.below(5)) - 2, denominator))
    }
    try builder.setInitial([(State(0), 1)])
    try builder.setDiscount(Rational(9, 10))
    return try builder.build()
  }

  private static func row(
    count: Int, _ longNumbers: Bool, _ random: inout SplitMix64
  ) -> [(Int, Rational)] {
    let range: UInt64 = longNumbers ? 1 << 61 : 4
    var weights = (0..<count).map { _ in random.below(2) == 0 ? 0 : Int(random.below(range)) }
    if weights.allSatisfy({ $0 == 0 }) { weights[Int(random.below(UInt64(count)))] = 1 }
    let sum = weights.reduce(Integer.zero) { $0 + Integer($1) }
    return weights.enumerated().filter { $0.element > 0 }.map {
      ($0.offset, Rational(Integer($0.element), sum))
    }
  }
}
