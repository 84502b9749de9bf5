import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import Testing

@Suite("BellmanJudge")
struct BellmanJudgeTests {
  /// Numbers that lead to each path: words, long common denominators, unrelated denominators.
  static let shapes: [ValueShape] = [
    .words, .wideWords, .doubleWords, .widestDoubleWords, .longCommon, .unrelated, .unrelatedLong,
    .mixed,
  ]

  @Test("slacks have the signs of plain rational arithmetic", arguments: shapes)
  func slacks(shape: ValueShape) throws {
    var random = SplitMix64(seed: 11)
    for round in 0..<60 {
      let model = try RandomModel.make(
        using: &random, longNumbers: round % 4 == 3)
      let reward = model.rewards[0].function.expected(in: model)
      let discount = Rational(Int(random.below(11)), 10)
      let judge = BellmanJudge(model: model, reward: reward, discount: discount)
      let now = shape.vector(count: model.stateCount, using: &random)
      let next = random.below(2) == 0 ? now : shape.vector(count: model.stateCount, using: &random)
      let signs = try judge.slackSigns(of: now, next: next)
      for c in 0..<model.choiceCount {
        let slack =
          lookahead(model, reward, discount, c, next) - now[Int(model.choiceStates[c])]
        try #require(Int(signs[c]) == slack.signum, "round \(round), choice \(c)")
      }
      #expect(try judge.slackSigns(of: now) == judge.slackSigns(of: now, next: now))
    }
  }

  @Test("comparisons of lookaheads have the signs of plain rational arithmetic", arguments: shapes)
  func lookaheads(shape: ValueShape) throws {
    var random = SplitMix64(seed: 12)
    for round in 0..<60 {
      let model = try RandomModel.make(using: &random, longNumbers: round % 4 == 3)
      let reward = model.rewards[0].function.expected(in: model)
      let discount = Rational(Int(random.below(11)), 10)
      let judge = BellmanJudge(model: model, reward: reward, discount: discount)
      let values = shape.vector(count: model.stateCount, using: &random)
      let other =
        random.below(2) == 0 ? values : shape.vector(count: model.stateCount, using: &random)
      let reference = (0..<model.stateCount).map { s in
        let range = model.choiceRange(at: s)
        return Choice(range.lowerBound + Int(random.below(UInt64(range.count))))
      }
      let signs = try judge.lookaheadSigns(of: values, against: other, at: reference)
      for c in 0..<model.choiceCount {
        let d = Int(reference[Int(model.choiceStates[c])].index)
        let difference =
          lookahead(model, reward, discount, c, values)
          - lookahead(model, reward, discount, d, other)
        try #require(Int(signs[c]) == difference.signum, "round \(round), choice \(c)")
      }
    }
  }

  @Test("a true solution has no positive slack and the policy has none at all")
  func optimum() throws {
    var random = SplitMix64(seed: 13)
    for _ in 0..<40 {
      let model = try RandomModel.make(using: &random)
      let reward = model.rewards[0].function.expected(in: model)
      let answer = TinySolver.solve(model, reward, discount: Rational(9, 10), .maximize)
      let judge = BellmanJudge(model: model, reward: reward, discount: Rational(9, 10))
      let signs = try judge.slackSigns(of: RationalVector(answer.values))
      #expect(signs.allSatisfy { $0 <= 0 })
      for (s, action) in answer.policy.enumerated() {
        let choice = try #require(model.choice(of: action, at: State(s)))
        #expect(signs[Int(choice.index)] == 0)
      }
    }
  }

  @Test("sums that 128 bits cannot hold are decided all the same")
  func overflow() throws {
    // A row over the largest word q: q N(t) + q D − q N(s) is near 3 · 2¹²⁶, beyond 2¹²⁷.
    let q = Int.max
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: 2), actions: NameTable(count: 1))
    for s in 0..<2 {
      try builder.addTransition(
        from: State(s), under: Action(0), to: State(1), probability: Rational(q - 1, q))
      try builder.addTransition(
        from: State(s), under: Action(0), to: State(0), probability: Rational(1, q))
    }
    try builder.startReward(named: "r")
    builder.addReward(state: State(0), action: Action(0), successor: nil, value: 1)
    let model = try builder.build()
    let judge = BellmanJudge(
      model: model, reward: model.rewards[0].function.expected(in: model), discount: 1)
    for shift in [0, 61] {
      let values = RationalVector(
        numerators: [Integer(-q) << shift, Integer(q - 1) << shift],
        denominator: Integer(q) << shift)
      #expect(try judge.slackSigns(of: values) == [1, -1])
      #expect(
        try judge.lookaheadSigns(of: values, against: -values, at: [Choice(0), Choice(1)])
          == [1, 1])
    }
  }

  @Test("a stop is obeyed")
  func interruption() throws {
    var random = SplitMix64(seed: 14)
    let model = try RandomModel.make(using: &random)
    let judge = BellmanJudge(
      model: model, reward: model.rewards[0].function.expected(in: model), discount: 1)
    let stop = ProgressHandler(stopReason: { .timeLimit })
    for shape in Self.shapes {
      let values = shape.vector(count: model.stateCount, using: &random)
      #expect(throws: Interrupted(.timeLimit)) {
        try judge.slackSigns(of: values, progress: stop)
      }
    }
  }
}

/// `r(c) + γ P_c v` in plain rational arithmetic.
func lookahead(
  _ model: FiniteMDP, _ reward: PooledVector, _ discount: Rational, _ choice: Int,
  _ values: RationalVector
) -> Rational {
  model.transitions(of: Choice(choice)).reduce(reward[choice]) {
    $0 + discount * $1.probability * values[Int($1.successor.index)]
  }
}

/// What the numbers of a vector look like.
enum ValueShape: Sendable {
  case words, wideWords, doubleWords, widestDoubleWords, longCommon, unrelated, unrelatedLong, mixed

  func vector(count: Int, using random: inout SplitMix64) -> RationalVector {
    switch self {
    case .words:
      return RationalVector(
        numerators: (0..<count).map { _ in Integer(Int(random.below(41)) - 20) },
        denominator: Integer(Int(random.below(6)) + 1))
    case .wideWords:
      return RationalVector(
        numerators: (0..<count).map { _ in Integer(Int(bitPattern: UInt(random.next()))) },
        denominator: Integer(Int(random.next() >> 1) | 1))
    case .doubleWords:
      // Numerators close to multiples of 2⁶², where carries between the two words decide.
      return RationalVector(
        numerators: (0..<count).map { _ in
          (Integer(Int(random.below(9)) - 4) << 62) + Integer(Int(random.below(5)) - 2)
        }, denominator: Integer(1) << Int(random.below(3)))
    case .widestDoubleWords:
      return RationalVector(
        numerators: (0..<count).map { _ in
          (Integer(Int(bitPattern: UInt(random.next()))) << 62)
            + Integer(Int(random.below(1 << 62)))
        }, denominator: (Integer(Int(random.next() >> 1)) << 62) + 1)
    case .longCommon:
      return RationalVector(
        numerators: (0..<count).map { _ in Self.long(&random) },
        denominator: Self.long(&random).magnitude + 1)
    case .unrelated:
      return RationalVector(
        (0..<count).map { _ in Rational(Int(random.below(41)) - 20, Int(random.below(1 << 40)) + 1)
        })
    case .unrelatedLong:
      return RationalVector(
        (0..<count).map { _ in Rational(Self.long(&random), Self.long(&random).magnitude + 1) })
    case .mixed:
      let denominator = Self.long(&random).magnitude + 1
      return RationalVector(
        (0..<count).map { i in
          i % 2 == 0 ? Rational(Self.long(&random), denominator) : Rational(i, 3)
        })
    }
  }

  private static func long(_ random: inout SplitMix64) -> Integer {
    (Integer(Int(bitPattern: UInt(random.next()))) << Int(random.below(300)))
      + Integer(Int(random.next() >> 8))
  }
}
