import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Random models")
struct RandomModelTests {
  @Test("one seed gives one stream")
  func seeds() throws {
    var (a, b) = (RandomModel(seed: 5), RandomModel(seed: 5))
    for _ in 0..<20 {
      let (x, y) = try (a.next(), b.next())
      #expect(x.transitionCount == y.transitionCount)
      #expect(x.discount == y.discount)
      #expect(Array(x.rewards[0].function.entries) == Array(y.rewards[0].function.entries))
    }
  }

  @Test("the trouble that tests rely on does occur")
  func trouble() throws {
    var models = RandomModel(seed: 1)
    var seen: Set<String> = []
    for _ in 0..<300 {
      let model = try models.next()
      let choices = (0..<model.choiceCount).map(Choice.init)
      if model.stateCount == 1 { seen.insert("one state") }
      if model.stateCount == 7 { seen.insert("seven states") }
      if model.choiceCount == model.stateCount { seen.insert("no decision") }
      if model.choiceCount < model.stateCount * model.actions.count { seen.insert("unavailable") }
      if choices.contains(where: { model.transitions(of: $0).count == 1 }) { seen.insert("sure") }
      if model.discount == 0 { seen.insert("discount 0") }
      let entered = choices.flatMap { model.transitions(of: $0).map(\.successor) }
      if Set(entered).count < model.stateCount { seen.insert("never entered") }
      if model.rewards[0].function.entries.contains(where: { $0.successor != nil }) {
        seen.insert("transition reward")
      }
      let bellman = BellmanOperator(
        model: model, reward: model.rewards[0].function, discount: model.discount ?? 0)
      let zeros = RationalVector(Array(repeating: Rational.zero, count: model.stateCount))
      if bellman.greedyActions(for: zeros).contains(where: { $0.count > 1 }) { seen.insert("tie") }
      for choice in choices {
        for (_, probability) in model.transitions(of: choice) {
          #expect(probability.denominator <= 60)
        }
      }
    }
    #expect(seen.count == 9, "\(seen.sorted())")
  }

  @Test("a permuted model is the same model", .tags(.metamorphic))
  func permutation() throws {
    var models = RandomModel(seed: 2)
    var random = SplitMix64(seed: 2)
    for _ in 0..<50 {
      let model = try models.next()
      let states = random.permutation(model.stateCount)
      let actions = random.permutation(model.actions.count)
      let moved = try model.permuted(states: states, actions: actions)
      let values = random.vector(model.stateCount)
      var movedValues = values.entries
      for state in values.indices { movedValues[states[state]] = values[state] }
      let discount = try #require(model.discount)
      for name in ["main", "other"] {
        let before = BellmanOperator(
          model: model, reward: try #require(model.reward(named: name)), discount: discount)
        let after = BellmanOperator(
          model: moved, reward: try #require(moved.reward(named: name)), discount: discount)
        let (x, y) = (before.applied(to: values), after.applied(to: RationalVector(movedValues)))
        #expect(values.indices.allSatisfy { x[$0] == y[states[$0]] })
      }
      #expect(model.states.names.enumerated().allSatisfy { moved.states[states[$0]] == $1 })
    }
  }
}
