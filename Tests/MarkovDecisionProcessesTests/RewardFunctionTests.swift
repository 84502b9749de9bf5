import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Rewards as vectors")
struct RewardFunctionTests {
  /// All values on all triples of `model`, read entry by entry.
  private func table(_ reward: RewardFunction, _ model: FiniteMDP) -> [Rational] {
    let (states, actions) = (0..<model.stateCount, 0..<model.actions.count)
    return states.flatMap { s in
      actions.flatMap { a in
        states.map { t in
          reward.entries.filter {
            $0.state == State(s) && $0.action == Action(a)
              && ($0.successor == nil || $0.successor == State(t))
          }.reduce(Rational.zero) { $0 + $1.value }
        }
      }
    }
  }

  @Test(
    "sum, difference and multiples act on every value", .tags(.differential),
    arguments: 0..<4 as Range<UInt64>)
  func algebra(seed: UInt64) throws {
    var models = RandomModel(seed: seed)
    for _ in 0..<30 {
      let model = try models.next()
      let (a, b) = (model.rewards[0].function, model.rewards[1].function)
      let (x, y) = (table(a, model), table(b, model))
      #expect(table(a + b, model) == zip(x, y).map { $0 + $1 }, "seed \(seed)")
      #expect(table(a - b, model) == zip(x, y).map { $0 - $1 }, "seed \(seed)")
      #expect(table(Rational(-2, 3) * a, model) == x.map { Rational(-2, 3) * $0 })
      #expect((a - a).entryCount == 0)
      #expect((0 * a).entryCount == 0)
      for (index, value) in x.enumerated() {
        let (n, actions) = (model.stateCount, model.actions.count)
        let found = a.value(
          state: State(index / (n * actions)), action: Action(index / n % actions),
          successor: State(index % n))
        #expect(found == value)
      }
    }
  }

  @Test(
    "the normal form has the same values, is shared by equal functions and is no longer",
    .tags(.differential), arguments: 0..<4 as Range<UInt64>)
  func normalForm(seed: UInt64) throws {
    var models = RandomModel(seed: seed)
    for _ in 0..<30 {
      let model = try models.next()
      let n = model.stateCount
      for (_, reward) in model.rewards {
        let normal = reward.normalForm(stateCount: n)
        #expect(table(normal, model) == table(reward, model), "seed \(seed)")
        // The same function, spelled out on every triple.
        let spelled = RewardFunction(
          summing: reward.entries.flatMap { entry in
            (0..<n).filter { entry.successor == nil || entry.successor == State($0) }.map {
              RewardFunction.Entry(
                state: entry.state, action: entry.action, successor: State($0),
                value: entry.value)
            }
          })
        #expect(spelled.hasSameValues(as: reward, stateCount: n))
        #expect(Array(spelled.normalForm(stateCount: n).entries) == Array(normal.entries))
        let moved =
          reward
          + RewardFunction(
            summing: [.init(state: State(n - 1), action: Action(0), successor: State(0), value: 1)])
        #expect(!moved.hasSameValues(as: reward, stateCount: n))
      }
    }
  }

  @Test("entries on one key add up, and zeros are no entries")
  func entries() {
    let key = { (value: Rational) in
      RewardFunction.Entry(state: State(1), action: Action(0), value: value)
    }
    let other = RewardFunction.Entry(
      state: State(0), action: Action(1), successor: State(2), value: 5)
    let reward = RewardFunction(summing: [key(1), other, key(2)])
    #expect(Array(reward.entries) == [other, key(3)])
    #expect(RewardFunction(summing: [key(1), key(-1)]).entryCount == 0)
  }

  @Test(
    "shaping moves q by -Φ(s) when v moves by -Φ", .tags(.metamorphic),
    arguments: 0..<4 as Range<UInt64>)
  func shaping(seed: UInt64) throws {
    var models = RandomModel(seed: seed)
    var random = SplitMix64(seed: seed)
    for _ in 0..<30 {
      let model = try models.next()
      let discount = try #require(model.discount)
      let reward = model.rewards[0].function
      let potential = random.vector(model.stateCount)
      let values = random.vector(model.stateCount)
      let shaped = reward.shaped(by: potential, discount: discount, in: model)
      let everywhere =
        reward + .potentialShapingEverywhere(potential, discount: discount, in: model)
      let lowered = RationalVector(values.indices.map { values[$0] - potential[$0] })
      let before = BellmanOperator(model: model, reward: reward, discount: discount)
      // r + γPΦ - Φ + γP(v - Φ) = q - Φ: the advantage does not change.
      let advantage = before.advantage(of: values)
      for changed in [shaped, everywhere] {
        let after = BellmanOperator(model: model, reward: changed, discount: discount)
        #expect(after.advantage(of: lowered) == advantage, "seed \(seed)")
      }
      let added = everywhere - reward
      for state in 0..<model.stateCount {
        for successor in 0..<model.stateCount {
          let value = added.value(
            state: State(state), action: Action(0), successor: State(successor))
          #expect(value == discount * potential[successor] - potential[state])
        }
      }
    }
  }

  @Test("redistribution keeps every conditional mean", arguments: 0..<4 as Range<UInt64>)
  func redistribution(seed: UInt64) throws {
    var models = RandomModel(seed: seed)
    for _ in 0..<30 {
      let model = try models.next()
      let (a, b) = (model.rewards[0].function, model.rewards[1].function)
      let mean = a.conditionalMean(in: model)
      #expect(mean.isRedistribution(of: a, in: model), "seed \(seed)")
      #expect(mean.entries.allSatisfy { $0.successor == nil })
      #expect(a.redistributed(by: b, in: model).isRedistribution(of: a, in: model))
      #expect(
        !(a + .constant(1, in: model)).isRedistribution(of: a, in: model), "seed \(seed)")
    }
  }

  @Test("a model takes other rewards, and refuses entries that it has no place for")
  func replacing() throws {
    let model = try ModelFamily("riverswim", options: ["states": "3"]).model()
    let reward = try #require(model.reward(named: "default"))
    let doubled = try model.addingReward(named: "twice", 2 * reward)
    #expect(doubled.rewards.map(\.name) == ["default", "twice"])
    #expect(doubled.reward(named: "twice")?.entries.last?.value == 2)
    #expect(throws: ModelError.nameTwice(kind: .reward, name: "default")) {
      try model.addingReward(named: "default", reward)
    }
    let far = RewardFunction(summing: [.init(state: State(3), action: Action(0), value: 1)])
    #expect(throws: ModelError.indexOutOfRange(kind: .state, index: "3", count: 3)) {
      try model.replacingRewards([("far", far)])
    }
    #expect(throws: ModelError.discountOutOfRange(1)) { try model.replacingDiscount(1) }
    #expect(try model.replacingDiscount(nil).discount == nil)
    #expect(model.starting(at: State(2)).initial?.first?.state == State(2))
  }
}
