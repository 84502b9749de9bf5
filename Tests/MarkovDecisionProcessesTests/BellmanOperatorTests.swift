import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Bellman operator")
struct BellmanOperatorTests {
  /// Case C1 of the average-reward note: three discounts, three optimal value vectors.
  @Test(
    "the optimal values of the worked case are fixed points, greedily attained", .tags(.worked),
    arguments: [
      (Rational(19, 20), [Rational(-60, 7), -20], [0]), (Rational(9, 10), [1, -10], [1]),
      (Rational(1, 2), [9, -2], [1]), (Rational(10, 11), [0, -11], [0, 1]),
    ])
  func worked(discount: Rational, values: [Rational], greedy: [Int]) throws {
    let model = try TinyModel.read("s a → s:1/2, t:1/2 | 5; s b → t | 10; t a → t | -1")
    let reward = try #require(model.reward(named: "default"))
    let bellman = BellmanOperator(model: model, reward: reward, discount: discount)
    let vector = RationalVector(values)
    #expect(bellman.isFixedPoint(vector))
    #expect(bellman.greedyActions(for: vector)[0] == greedy.map(Action.init))
    #expect(bellman.advantage(of: vector).allSatisfy { $0.signum <= 0 })
    #expect(!bellman.isFixedPoint(RationalVector([values[0] + Rational(1, 1 << 60), values[1]])))
  }

  @Test("Q-values of the worked case", .tags(.worked))
  func qValues() throws {
    let model = try TinyModel.read("s a → s:1/2, t:1/2 | 5; s b → t | 10; t a → t | -1")
    let reward = try #require(model.reward(named: "default"))
    let bellman = BellmanOperator(model: model, reward: reward, discount: Rational(9, 10))
    let values = RationalVector(numerators: [2, -20], denominator: 2)
    // 5 + 9/10 (1/2 · 1 + 1/2 · -10) = 19/20; 10 + 9/10 · -10 = 1; -1 - 9 = -10
    #expect(bellman.qValues(of: values) == [Rational(19, 20), 1, -10])
    #expect(bellman.advantage(of: values) == [Rational(-1, 20), 0, 0])
    let least = BellmanOperator(
      model: model, reward: reward, discount: Rational(9, 10), direction: .minimize)
    #expect(least.applied(to: values) == RationalVector([Rational(19, 20), -10]))
  }

  @Test("ten steps of RiverSwim from the note", .tags(.worked))
  func riverSwim() throws {
    let model = try ModelFamily("riverswim").model()
    let reward = try #require(model.reward(named: "default"))
    let bellman = BellmanOperator(model: model, reward: reward, discount: 1)
    var values = RationalVector(Array(repeating: Rational.zero, count: 6))
    for _ in 0..<10 { values = bellman.applied(to: values) }
    // Average-reward note, case C3: the 10-step optimal value at 0.
    #expect(values[0] == Rational(176_191_989, 500_000_000))
  }

  @Test(
    "minimising is maximising the opposite", .tags(.metamorphic), arguments: 0..<4 as Range<UInt64>)
  func directions(seed: UInt64) throws {
    var models = RandomModel(seed: seed)
    var random = SplitMix64(seed: seed)
    for _ in 0..<40 {
      let model = try models.next()
      let reward = try #require(model.reward(named: "main"))
      let discount = try #require(model.discount)
      let values = random.vector(model.stateCount)
      let most = BellmanOperator(model: model, reward: reward, discount: discount)
      let least = BellmanOperator(
        model: model, reward: -reward, discount: discount, direction: .minimize)
      #expect(least.applied(to: -values) == -most.applied(to: values), "seed \(seed)")
      #expect(least.greedyActions(for: -values) == most.greedyActions(for: values))
    }
  }

  @Test(
    "every policy is at or below the backup, and the greedy one attains it",
    arguments: 0..<4 as Range<UInt64>)
  func policies(seed: UInt64) throws {
    var models = RandomModel(seed: seed)
    var random = SplitMix64(seed: seed)
    for _ in 0..<40 {
      let model = try models.next()
      let reward = try #require(model.reward(named: "main"))
      let bellman = BellmanOperator(
        model: model, reward: reward, discount: try #require(model.discount))
      let values = random.vector(model.stateCount)
      let backup = bellman.applied(to: values)
      let policy = bellman.applied(to: values, policy: try random.policy(in: model))
      let uniform = bellman.applied(to: values, policy: .uniform(in: model))
      let greedy = try Policy(bellman.greedyActions(for: values).map { $0[0] }, in: model)
      for state in backup.indices {
        #expect(policy[state] <= backup[state], "seed \(seed)")
        #expect(uniform[state] <= backup[state], "seed \(seed)")
      }
      #expect(bellman.applied(to: values, policy: greedy) == backup)
    }
  }

  @Test("a policy of two steps is evaluated backwards")
  func steps() throws {
    let model = try TinyModel.read("s a → s:1/2, t:1/2 | 5; s b → t | 10; t a → t | -1")
    let reward = try #require(model.reward(named: "default"))
    let bellman = BellmanOperator(model: model, reward: reward, discount: Rational(1, 2))
    let first = try Policy([Action(0), Action(0)], in: model)
    let second = try Policy([Action(1), Action(0)], in: model)
    let values = bellman.stepValues(
      of: try Policy(steps: [first, second]), horizon: 2, terminal: RationalVector([0, 0]))
    // Last step: (10, -1). First: 5 + 1/2 (1/2 · 10 + 1/2 · -1) = 29/4; -1 - 1/2.
    #expect(values[1] == RationalVector([10, -1]))
    #expect(values[0] == RationalVector([Rational(29, 4), Rational(-3, 2)]))
  }
}
