import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

@Suite("Enclosed comparisons where rewards or bounds nearly cancel")
struct EnclosedEquivalenceTests {
  private static let narrow = Rational(1, 1_000_000_000)

  private func enclosed(_ model: FiniteMDP) throws -> EnclosedComparison {
    let answer = try encloseComparison(
      ComparisonProblem(
        model: model, rewards: model.rewards.map(\.name), discount: #require(model.discount)))
    let verdict = try answer.verify(in: model)
    #expect(verdict.isAccepted, "\(verdict)")
    return answer
  }

  private func function(
    _ model: FiniteMDP, _ value: (Choice) -> Rational
  ) -> RewardFunction {
    RewardFunction(
      summing: (0..<model.choiceCount).map {
        RewardFunction.Entry(
          state: model.state(of: Choice($0)), action: model.action(of: Choice($0)),
          value: value(Choice($0)))
      })
  }

  /// `Φ - γPΦ`, which every policy earns alike.
  private func shaping(_ potential: [Rational], _ model: FiniteMDP) throws -> RewardFunction {
    let discount = try #require(model.discount)
    return function(model) { choice in
      let next = model.transitions(of: choice).reduce(Rational.zero) {
        $0 + $1.probability * potential[Int($1.successor.index)]
      }
      return potential[Int(model.state(of: choice).index)] - discount * next
    }
  }

  @Test("A reward and itself, shaped and scaled, have distance and regrets near 0")
  func equivalent() throws {
    var models = RandomModel(seed: 5)
    var random = SplitMix64(seed: 6)
    for place in 0..<12 {
      let model = try models.next().withDenseRewards(&random)
      let potential = (0..<model.stateCount).map { _ in
        Rational(Int(random.below(19)) - 9, 1 + Int(random.below(6)))
      }
      let factor = [1, Rational(1, 3), 7, Rational(10).power(30)][place % 4]
      let main = try #require(model.reward(named: "main"))
      let other =
        place % 3 == 0 ? factor * main : factor * main + (try shaping(potential, model))
      let pair = try enclosed(model.replacingRewards([("main", main), ("other", other)])).pairs[0]
      for bounds in [pair.spanDistance] + pair.worstCaseRegret {
        #expect(bounds.lower.isZero && bounds.upper < Self.narrow)
      }
      #expect(!pair.isOrderProvedDifferent)
    }
  }

  @Test("A shaping is proved to be trivial, and told from other rewards")
  func trivial() throws {
    var models = RandomModel(seed: 7)
    var random = SplitMix64(seed: 8)
    var counts = [0, 0]
    for _ in 0..<12 {
      let model = try models.next().withDenseRewards(&random)
      let potential = (0..<model.stateCount).map { _ in
        Rational(Int(random.below(19)) - 9, 1 + Int(random.below(6)))
      }
      let main = try #require(model.reward(named: "main"))
      let shaped = try model.replacingRewards([
        ("main", main), ("shaping", shaping(potential, model)),
      ])
      let answer = try enclosed(shaped)
      let pair = answer.pairs[0]
      let isTrivial = answer.rewards[0].span.upper.isZero
      counts[isTrivial ? 0 : 1] += 1
      #expect(answer.rewards[1].span == Enclosure(0))
      #expect(pair.spanDistance == Enclosure(isTrivial ? 0 : Rational(1, 2)))
      #expect(pair.worstCaseRegret[0].upper == (isTrivial ? 0 : 1))
      #expect(isTrivial || pair.worstCaseRegret[0].lower > 1 - Self.narrow)
      #expect(pair.worstCaseRegret[1] == Enclosure(0))
    }
    #expect(counts[1] > 5)
  }

  @Test(
    "Rewards that differ by little are enclosed, if widely",
    arguments: [9, 30, 300] as [Int])
  func nearlyEqual(digits: Int) throws {
    let little = 1 / Rational(10).power(digits)
    let model = try Environments.e1([("R", [0, 1, 2, 0]), ("N", [little, 1, 2, 0])])
    let pair = try enclosed(model).pairs[0]
    let exact = try compared(model).answer.pairs[0]
    #expect(pair.spanDistance.contains(exact.spanDistance))
    #expect(pair.spanDistance.width < Self.narrow)
    for direction in 0...1 {
      #expect(pair.worstCaseRegret[direction].contains(exact.worstCaseRegret[direction]))
      #expect(pair.worstCaseRegret[direction].width < Self.narrow)
    }
  }

  @Test("One reward may have entries of magnitudes that are far apart", arguments: [30, 300, 600])
  func mixedMagnitudes(digits: Int) throws {
    let little = 1 / Rational(10).power(digits)
    for entry in [little, 1 / little] {
      let model = try Environments.e1([("R", [entry, 1, 2, 0]), ("D", [0, 2, 1, 0])])
      let pair = try enclosed(model).pairs[0]
      let exact = try compared(model).answer.pairs[0]
      for direction in 0...1 {
        #expect(pair.worstCaseRegret[direction].contains(exact.worstCaseRegret[direction]))
        #expect(pair.worstCaseRegret[direction].width < Self.narrow)
      }
    }
  }

  @Test("Regrets are bounded narrowly from both sides", arguments: [11, 12] as [UInt64])
  func narrowRegrets(seed: UInt64) throws {
    var models = RandomModel(seed: seed)
    var random = SplitMix64(seed: seed)
    for _ in 0..<15 {
      let model = try models.next().withDenseRewards(&random)
      let answer = try enclosed(model)
      let exact = try compared(model).answer
      for (enclosed, exact) in zip(answer.pairs, exact.pairs) {
        #expect(enclosed.spanDistance.contains(exact.spanDistance))
        for direction in 0...1 {
          let bounds = enclosed.worstCaseRegret[direction]
          #expect(bounds.contains(exact.worstCaseRegret[direction]))
          #expect(bounds.width < Self.narrow)
        }
      }
    }
  }

  @Test("A change that the proxy neither wants nor minds counts, whatever rounding says")
  func indifferentProxy() throws {
    // Without a future: the states have 1/3 and 2/3 of the weight, which doubles do not hold.
    let model = try TinyModel.read("s a → s; s b → s; t a → t; t b → t", discount: 0)
    let rewards: [(String, [Rational])] = [("B", [-4, 1, 5, 1]), ("A", [0, 0, 0, -4])]
    let pair = try enclosed(
      Environments.withRewards(rewards, on: model, initial: [Rational(1, 3), Rational(2, 3)])
    ).pairs[0]
    let exact = try compared(
      Environments.withRewards(rewards, on: model, initial: [Rational(1, 3), Rational(2, 3)])
    ).answer.pairs[0]
    for direction in 0...1 {
      #expect(pair.worstCaseRegret[direction].contains(exact.worstCaseRegret[direction]))
      #expect(pair.worstCaseRegret[direction].width < Self.narrow)
    }
  }

  @Test("Names that make one text of both directions are refused")
  func ambiguousNames() throws {
    let model = try Environments.e1([("a->a", [0, 1, 2, 0]), ("a", [0, 2, 1, 0])])
    let problem = try ComparisonProblem(
      model: model, rewards: ["a->a", "a"], discount: Rational(1, 2))
    let expected = ComparisonError.sameDirections("a", "a->a")
    #expect(throws: expected) { try encloseComparison(problem) }
    #expect(throws: expected) { try compareRewards(problem) }
    let others = try Environments.e1([("a->b", [0, 1, 2, 0]), ("a", [0, 2, 1, 0])])
    #expect(try enclosed(others).pairs.count == 1)
  }
}
