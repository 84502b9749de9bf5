import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Diameters")
struct DiameterTests {
  private func bounds(_ model: FiniteMDP) throws -> ModelBounds {
    try ModelBounds(of: model, reward: model.rewards.first?.name)
  }

  @Test(
    "diameter and one-way diameter are those of the note", .tags(.worked),
    arguments: [
      ("C1", nil, nil), ("C2", "3", "3"), ("C5", nil, nil), ("C12", "7", "3"),
    ] as [(String, String?, String?)])
  func worked(name: String, diameter: String?, oneWay: String?) throws {
    let example = try #require(AverageCase.all.first { $0.name == name })
    let found = try bounds(TinyModel.read(example.rows))
    let distance = { (text: String?) -> ModelBounds.Distance in
      text.flatMap { Rational($0) }.map { .finite($0) } ?? .infinite
    }
    #expect(found.diameter == distance(diameter))
    #expect(found.reward?.oneWayDiameter == distance(oneWay))
  }

  @Test("RiverSwim(6): C3", .tags(.worked))
  func riverSwim() throws {
    let found = try bounds(ModelFamily("riverswim", arguments: []).model())
    #expect(found.diameter == .finite(Rational(106_045, 7203)))
    #expect(found.reward?.oneWayDiameter == .finite(Rational(106_045, 7203)))
    // The span is the gain times the diameter.
    #expect(found.reward?.span == Rational(7203, 16805) * Rational(106_045, 7203))
  }

  @Test("one state has the diameter 0, and multichain models have no one-way diameter")
  func corners() throws {
    let single = try bounds(TinyModel.read("s a → s | 1"))
    #expect(single.diameter == .finite(0))
    #expect(single.reward?.oneWayDiameter == .finite(0))
    let multichain = try bounds(TinyModel.read("s a → s | 1; t a → t | 2"))
    #expect(multichain.diameter == .infinite)
    #expect(multichain.reward?.oneWayDiameter == nil)
  }

  @Test(
    "the diameter is that of all policies", .tags(.differential), arguments: 0..<3 as Range<UInt64>)
  func bruteForce(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    generator.largestStateCount = 4
    var finite = 0
    for index in 0..<80 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let found = try bounds(model)
      let expected = try bruteForceDiameter(model)
      #expect(found.diameter == expected.map { .finite($0) } ?? .infinite, label)
      guard case .finite(let diameter) = found.diameter, let reward = found.reward else { continue }
      finite += 1
      // Span facts 1 and 2 of the note.
      let rewards = PlainModel(model).reward
      let values = (0..<model.choiceCount).map { rewards[$0] }
      let (least, greatest) = (try #require(values.min()), try #require(values.max()))
      #expect(reward.span <= (greatest - least) * diameter, label)
      guard case .finite(let oneWay)? = reward.oneWayDiameter else {
        Issue.record(label)
        continue
      }
      #expect(oneWay <= diameter, label)
      #expect(reward.span <= (reward.gain[0] - least) * oneWay, label)
    }
    #expect(finite > 10)
  }

  /// The largest over pairs of the least mean time of all deterministic policies.
  private func bruteForceDiameter(_ model: FiniteMDP) throws -> Rational? {
    var best = [[Rational?]](
      repeating: Array(repeating: nil, count: model.stateCount), count: model.stateCount)
    for policy in try allPolicies(of: model) {
      let chain = ChainAnalysis(of: policy, in: model)
      for target in 0..<model.stateCount {
        for (state, time) in try chain.hittingTimes(to: State(target)).enumerated() {
          guard let time else { continue }
          best[target][state] = best[target][state].map { min($0, time) } ?? time
        }
      }
    }
    var largest = Rational.zero
    for row in best {
      for time in row {
        guard let time else { return nil }
        largest = max(largest, time)
      }
    }
    return largest
  }

  private func allPolicies(of model: FiniteMDP) throws -> [Policy] {
    var policies: [[Action]] = [[]]
    for state in 0..<model.stateCount {
      let actions = model.choices(at: State(state)).map(model.action)
      policies = policies.flatMap { start in actions.map { start + [$0] } }
    }
    return try policies.map { try Policy($0, in: model) }
  }
}
