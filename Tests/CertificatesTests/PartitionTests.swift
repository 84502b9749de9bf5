import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Partitions that settle ties")
struct PartitionTests {
  /// Two copies of each state of a random model; every transition goes to a random copy, every
  /// action comes twice. The copies are equal in value, so that the two forms of an action tie.
  static func doubled(_ random: inout SplitMix64) throws -> FiniteMDP {
    let base = try RandomModel.make(using: &random, maximumStates: 3)
    let (n, m) = (base.stateCount, base.actions.count)
    let reward = base.rewards[0].function.expected(in: base)
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: 2 * n), actions: NameTable(count: 2 * m))
    try builder.startReward(named: "r")
    for c in 0..<base.choiceCount {
      let s = Int(base.choiceStates[c])
      for (state, form) in [(s, 0), (s, 1), (s + n, 0), (s + n, 1)] {
        let action = Action(Int(base.choiceActions[c]) + m * form)
        builder.addReward(state: State(state), action: action, successor: nil, value: reward[c])
        for (t, p) in base.transitions(of: Choice(c)) {
          let copy = Int(t.index) + n * Int(random.below(2))
          try builder.addTransition(
            from: State(state), under: action, to: State(copy), probability: p)
        }
      }
    }
    return try builder.build()
  }

  static let discount = Rational(4, 5)

  private func certificate(
    _ model: FiniteMDP, partition: [Int]?
  ) -> (Certificate, TinySolver.Answer) {
    let reward = model.rewards[0].function.expected(in: model)
    // Only the values of one copy need be found: both are equal.
    let answer = valueIterationLimit(model, reward)
    let width = Rational(1, 1 << 30)
    let certificate = Certificate.discountedEnclosed(
      DiscountedEnclosedCertificate(
        objective: DiscountedObjective(
          direction: .maximize, reward: "r", discount: Self.discount),
        lower: RationalVector(answer.values.map { $0 - width }),
        upper: RationalVector(answer.values.map { $0 + width }), policy: answer.policy,
        policyIsOptimal: true, undecided: [], partition: partition))
    return (certificate, answer)
  }

  /// Exact policy iteration over the test's own evaluation: the doubled models have too many
  /// policies to enumerate.
  private func valueIterationLimit(
    _ model: FiniteMDP, _ reward: PooledVector
  ) -> TinySolver.Answer {
    var policy = (0..<model.stateCount).map { model.choiceRange(at: $0).lowerBound }
    while true {
      let values = TinySolver.evaluate(model, reward, Self.discount, policy)
      let vector = RationalVector(values)
      let better = (0..<model.stateCount).map { s in
        let gain = { (c: Int) in lookahead(model, reward, Self.discount, c, vector) }
        let best = model.choiceRange(at: s).max { gain($0) < gain($1) } ?? policy[s]
        return gain(best) > values[s] ? best : policy[s]
      }
      if better == policy {
        return TinySolver.Answer(
          values: values, policy: policy.map { model.action(of: Choice($0)) },
          optimalActions: [])
      }
      policy = better
    }
  }

  @Test("the partition into pairs of copies settles every tie between them")
  func settles() throws {
    var random = SplitMix64(seed: 41)
    var needed = 0
    for round in 0..<40 {
      let model = try Self.doubled(&random)
      let classes = (0..<model.stateCount).map { $0 % (model.stateCount / 2) }
      let (with, answer) = certificate(model, partition: classes)
      let (without, _) = certificate(model, partition: nil)
      if Self.hasRealTie(model, answer, classes) {
        // Ties between different actions of the random model are no business of the partition.
        continue
      }
      try #require(with.verify(in: model).isAccepted, "round \(round): \(with.verify(in: model))")
      if !without.verify(in: model).isAccepted { needed += 1 }
      #expect(try check(with.object(model), model).isAccepted)
    }
    #expect(needed > 5, "the partition was put to the test")
  }

  /// Whether two actions tie whose lumped rows differ.
  static func hasRealTie(
    _ model: FiniteMDP, _ answer: TinySolver.Answer, _ classes: [Int]
  ) -> Bool {
    let reward = model.rewards[0].function.expected(in: model)
    let vector = RationalVector(answer.values)
    let lumped = { (c: Int) in
      model.transitions(of: Choice(c)).reduce(into: [-1: reward[c]]) {
        $0[classes[Int($1.successor.index)], default: 0] += $1.probability
      }
    }
    return (0..<model.stateCount).contains { s in
      let best = model.choiceRange(at: s).filter {
        lookahead(model, reward, discount, $0, vector) == answer.values[s]
      }
      return Set(best.map(lumped)).count > 1
    }
  }

  @Test(
    "a partition with one state in a wrong class is rejected unless it is stable", .tags(.mutation))
  func corrupted() throws {
    var random = SplitMix64(seed: 42)
    var rejected = 0
    for _ in 0..<40 {
      let model = try Self.doubled(&random)
      let classes = (0..<model.stateCount).map { $0 % (model.stateCount / 2) }
      let (with, _) = certificate(model, partition: classes)
      let object = try with.object(model)
      for s in 0..<model.stateCount {
        var wrong = classes
        wrong[s] = (classes[s] + 1) % (model.stateCount / 2)
        let isStable = Self.isStable(model, wrong)
        let outcome = try check(object.with("partition", wrong), model)
        if !isStable {
          #expect(outcome.isRejected)
          rejected += 1
        }
      }
    }
    #expect(rejected > 20)
  }

  static func isStable(_ model: FiniteMDP, _ classes: [Int]) -> Bool {
    let reward = model.rewards[0].function.expected(in: model)
    let rows = (0..<model.stateCount).map { s in
      Set(
        model.choiceRange(at: s).map { c in
          model.transitions(of: Choice(c)).reduce(into: [-1: reward[c]]) {
            $0[classes[Int($1.successor.index)], default: 0] += $1.probability
          }
        })
    }
    return (0..<model.stateCount).allSatisfy { s in
      (0..<model.stateCount).allSatisfy { classes[s] != classes[$0] || rows[s] == rows[$0] }
    }
  }
}
