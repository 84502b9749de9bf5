import Certificates
import ExactArithmetic
import Expressivity
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Is a machine's reward Markov")
struct MarkovMachineTests {
  private let half = Rational(1, 2)

  /// A first step with low reward 0 or 1, then pass or fail; both ends are absorbing.
  private func gateModel() throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(
      states: NameTable(["s0", "s1", "P", "F"], of: .state),
      actions: NameTable(["0", "1", "p", "f"], of: .action))
    for (from, action, to) in [
      (0, 0, 1), (0, 1, 1), (1, 2, 2), (1, 3, 3), (2, 0, 2), (3, 0, 3),
    ] {
      try builder.addTransition(
        from: State(from), under: Action(action), to: State(to), probability: 1)
    }
    try builder.setInitial([(State(0), 1)])
    return try builder.build()
  }

  /// Passing pays 2, and `low` more after a first step of 1; failing pays `open` times that.
  private func gate(_ low: Rational, open: Rational = 0) throws -> PayingMachine {
    var reward = MachineReward()
    reward.set(.init(machine: 0, state: State(1), action: Action(2)), to: 2)
    reward.set(.init(machine: 1, state: State(1), action: Action(2)), to: 2 + low)
    reward.set(.init(machine: 1, state: State(1), action: Action(3)), to: low * open)
    return PayingMachine(
      RewardMachine(
        states: try NameTable(["start", "one"], of: .state), initial: 0,
        transitions: [.init(from: 0, when: .init(actions: [Action(1)]), to: 1)]), reward)
  }

  @Test("a gate is not Markov: the rectangle of the four runs", .tags(.worked), arguments: [1, 3])
  func gate(low: Int) throws {
    let model = try gateModel()
    let machine = try gate(Rational(low))
    let answer = try machine.markov(on: model, discount: half)
    guard case .notMarkov(let multipliers) = answer else {
      Issue.record("a gate of \(low) is taken for Markov")
      return
    }
    #expect(answer.isProved(of: machine, on: model, discount: half))
    // Both first steps and both second ones.
    let rectangle = multipliers.filter { model.state(of: $0.key.choice) == State(1) }
    #expect(rectangle.count == 4)
    #expect(Set(rectangle.values.map(\.magnitude)).count == 1)
  }

  @Test("without a gate, or with nothing to gate, it is Markov", .tags(.worked))
  func additive() throws {
    let model = try gateModel()
    for machine in [try gate(0), try gate(3, open: 1)] {
      let answer = try machine.markov(on: model, discount: half)
      guard case .markov = answer else {
        Issue.record("an additive reward is refused")
        return
      }
      #expect(answer.isProved(of: machine, on: model, discount: half))
      #expect(answer.isProved(of: machine, on: model, discount: Rational(1, 3)) == false)
    }
  }

  @Test("spoiled proofs are refused", .tags(.mutation))
  func mutations() throws {
    let model = try gateModel()
    let machine = try gate(1)
    guard case .notMarkov(let multipliers) = try machine.markov(on: model, discount: half) else {
      Issue.record("a gate is taken for Markov")
      return
    }
    for place in multipliers.keys {
      var changed = multipliers
      changed[place, default: 0] += 1
      #expect(!MarkovMachine.notMarkov(changed).isProved(of: machine, on: model, discount: half))
    }
    #expect(!MarkovMachine.notMarkov([:]).isProved(of: machine, on: model, discount: half))
    #expect(
      !MarkovMachine.markov(reward: [:], potential: [:]).isProved(
        of: machine, on: model, discount: half))
  }
}
