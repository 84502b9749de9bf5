import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Laws of long-run averages", .tags(.metamorphic))
struct AverageLawTests {
  private func exact(_ model: FiniteMDP) throws -> (gain: [Rational], bias: [Rational]) {
    let values = try #require(try averageSolved(model).exactValues)
    return (values.gain.entries, values.bias.entries)
  }

  /// The model with its first reward replaced by numbers of its expected ones.
  private func model(
    _ model: FiniteMDP, rewards change: (Rational) -> Rational
  ) throws -> FiniteMDP {
    let reward = PlainModel(model).reward
    let entries = (0..<model.choiceCount).map { choice in
      RewardFunction.Entry(
        state: model.state(of: Choice(choice)), action: model.action(of: Choice(choice)),
        value: change(reward[choice]))
    }
    return try model.replacingRewards([("main", RewardFunction(summing: entries))])
  }

  /// `(1-τ) I + τ P` and `τ r`.
  private func lazy(_ model: FiniteMDP, _ tau: Rational) throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(states: model.states, actions: model.actions)
    let reward = PlainModel(model).reward
    try builder.startReward(named: "main")
    for choice in (0..<model.choiceCount).map(Choice.init) {
      let (state, action) = (model.state(of: choice), model.action(of: choice))
      var row = [State: Rational]()
      for (successor, p) in model.transitions(of: choice) { row[successor] = tau * p }
      row[state, default: 0] += 1 - tau
      for (successor, p) in row.sorted(by: { $0.key < $1.key }) {
        try builder.addTransition(from: state, under: action, to: successor, probability: p)
      }
      builder.addReward(
        state: state, action: action, successor: nil, value: tau * reward[Int(choice.index)])
    }
    return try builder.build()
  }

  @Test("shifts, scales, waiting and renaming", arguments: 30..<34 as Range<UInt64>)
  func laws(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    var random = SplitMix64(seed: seed)
    for index in 0..<30 {
      let label: Comment = "seed \(seed), model \(index)"
      let plain = try generator.next()
      let (gain, bias) = try exact(plain)
      let shifted = try exact(model(plain) { $0 + Rational(7, 3) })
      #expect(shifted.gain == gain.map { $0 + Rational(7, 3) } && shifted.bias == bias, label)
      let scaled = try exact(model(plain) { $0 * Rational(5, 2) })
      #expect(scaled.gain == gain.map { $0 * Rational(5, 2) }, label)
      #expect(scaled.bias == bias.map { $0 * Rational(5, 2) }, label)
      let waiting = try exact(lazy(plain, Rational(1, 3)))
      #expect(waiting.gain == gain.map { $0 * Rational(1, 3) } && waiting.bias == bias, label)
      let order = random.permutation(plain.stateCount)
      let moved = try exact(
        plain.permuted(states: order, actions: random.permutation(plain.actions.count)))
      #expect((0..<plain.stateCount).allSatisfy { moved.gain[order[$0]] == gain[$0] }, label)
      #expect((0..<plain.stateCount).allSatisfy { moved.bias[order[$0]] == bias[$0] }, label)
    }
  }

  @Test("finite horizons and discounts stay within the span", arguments: 40..<42 as Range<UInt64>)
  func spans(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    let gamma = Rational(9, 10)
    for index in 0..<40 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let (gain, bias) = try exact(model)
      guard gain.allSatisfy({ $0 == gain[0] }), let least = bias.min(), let greatest = bias.max()
      else { continue }
      let steps = try solve(
        FiniteHorizonProblem(model: model, reward: "main", horizon: 6, discount: 1))
      let values = try #require(steps.exactValues)
      let discounted = try #require(
        try solved(model, reward: "main", discount: gamma).exactValues)
      for state in 0..<model.stateCount {
        let excess = values[state] - 6 * gain[0]
        #expect(bias[state] - greatest <= excess && excess <= bias[state] - least, label)
        let other = discounted[state] - gain[0] / (1 - gamma)
        #expect(bias[state] - greatest <= other && other <= bias[state] - least, label)
      }
    }
  }

  @Test("bounds hold the exact gains and are narrow", arguments: 50..<53 as Range<UInt64>)
  func bounds(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    for index in 0..<60 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let direction: Direction = index % 2 == 0 ? .minimize : .maximize
      let exact = try #require(try averageSolved(model, direction: direction).exactValues)
      let solution = try averageSolved(model, direction: direction, scope: .none)
      guard case .enclosed(let lower, let upper) = solution.values else {
        Issue.record(label)
        continue
      }
      #expect(try solution.certificate.verify(in: model).isAccepted, label)
      for state in 0..<model.stateCount {
        #expect(lower.gain[state] <= exact.gain[state], label)
        #expect(exact.gain[state] <= upper.gain[state], label)
        #expect(upper.gain[state] - lower.gain[state] < Rational(1, 1_000_000), label)
      }
      let initial = try averageSolved(model, direction: direction, scope: .initial)
      #expect(
        try initial.initialValue == averageSolved(model, direction: direction).initialValue, label)
      #expect(try initial.certificate.verify(in: model).isAccepted, label)
    }
  }

  @Test(
    "slow cycles, walks and grids are bounded narrowly too",
    arguments: [
      ("multichain", ["--states", "300"]), ("gridworld", ["--width", "8"]),
      ("chain", ["--states", "60"]), ("riverswim", ["--states", "40"]),
    ] as [(String, [String])])
  func slowModels(family: String, arguments: [String]) throws {
    let model = try ModelFamily(family, arguments: arguments).model()
    let exact = try #require(try averageSolved(model).exactValues)
    let solution = try averageSolved(model, scope: .none)
    guard case .enclosed(let lower, let upper) = solution.values else {
      Issue.record("no bounds")
      return
    }
    for state in 0..<model.stateCount {
      #expect(lower.gain[state] <= exact.gain[state] && exact.gain[state] <= upper.gain[state])
      #expect(upper.gain[state] - lower.gain[state] < Rational(1, 100_000_000))
    }
  }

  @Test("what is undecided has a choice and bounds that differ")
  func undecided() throws {
    var generator = RandomModel(seed: 77)
    for index in 0..<60 {
      let model = try generator.next()
      let label: Comment = "model \(index)"
      let solution = try averageSolved(model, scope: .none)
      guard case .enclosed(let lower, let upper) = solution.values else {
        Issue.record(label)
        continue
      }
      let open = Set(solution.undecided)
      for state in (0..<model.stateCount).map(State.init) {
        let isOpen =
          model.choices(at: state).count > 1
          && lower.gain[Int(state.index)] != upper.gain[Int(state.index)]
        #expect(open.contains(state) == isOpen, label)
      }
    }
  }

  @Test("a reward far beyond the values does not break bounds", arguments: ["-1e30", "-1e400"])
  func hugeReward(reward: String) throws {
    let text = """
      {"format":"rationale-mdp","version":1,"states":["z","s"],"actions":["a","b"],
       "transitions":[["z","a","z",1],["s","a","z",1],["s","b","z",1]],
       "rewards":[["s","b","\(reward)"]]}
      """
    let model = try ModelFile.read(bytes: [UInt8](text.utf8), name: "huge").model
    let solution = try averageSolved(model, scope: .none)
    #expect(try solution.certificate.verify(in: model).isAccepted)
  }
}
