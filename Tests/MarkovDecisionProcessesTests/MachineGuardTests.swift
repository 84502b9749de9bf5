import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

/// Guards against a simulation that reads them as the format's text does.
@Suite("Guards of reward machines", .tags(.differential))
struct MachineGuardTests {
  private func draw(_ bound: Int, _ random: inout SplitMix64) -> Int {
    Int(random.below(UInt64(bound)))
  }

  /// `nil`: the guard does not ask; else some members, rarely none.
  private func some(_ count: Int, _ random: inout SplitMix64) -> Set<Int>? {
    draw(2, &random) == 0
      ? nil : Set((0..<count).filter { _ in draw(2, &random) == 0 })
  }

  private func literals(_ random: inout SplitMix64) -> [RewardMachine.Literal] {
    guard draw(2, &random) == 0 else { return [] }
    return (0...draw(2, &random)).map { _ in
      .init(RandomFormula.names[draw(3, &random)], isNegated: draw(2, &random) == 0)
    }
  }

  @Test("the first guard that matches decides, and without one the machine stays")
  func firstMatch() throws {
    var models = RandomFormula(seed: 311)
    var random = SplitMix64(seed: 312)
    var (moved, stayed) = (0, 0)
    for _ in 0..<150 {
      let model = try models.model()
      let count = 1 + draw(4, &random)
      let transitions = (0..<draw(12, &random)).map { _ in
        RewardMachine.Transition(
          from: draw(count, &random),
          when: .init(
            states: some(model.stateCount, &random).map { Set($0.map { State($0) }) },
            actions: some(2, &random).map { Set($0.map { Action($0) }) },
            successors: some(model.stateCount, &random).map { Set($0.map { State($0) }) },
            literals: literals(&random), nextLiterals: literals(&random)),
          to: draw(count, &random))
      }
      let machine = RewardMachine(
        states: try NameTable((0..<count).map { "u\($0)" }, of: .state), initial: 0,
        transitions: transitions)
      let letters = TransitionLetters(of: model)
      for choice in (0..<model.choiceCount).map(Choice.init) {
        let (state, action) = (model.state(of: choice), model.action(of: choice))
        for (successor, _) in model.transitions(of: choice) {
          for place in 0..<count {
            let expected = simulated(transitions, from: place, model, state, action, successor)
            #expect(
              machine.step(from: place, state, action, to: successor, letters: letters)
                == expected ?? place)
            if expected == nil { stayed += 1 } else { moved += 1 }
          }
        }
      }
    }
    #expect(moved > 200 && stayed > 200, "\(moved) \(stayed)")
  }

  private func simulated(
    _ transitions: [RewardMachine.Transition], from place: Int, _ model: FiniteMDP,
    _ state: State, _ action: Action, _ successor: State
  ) -> Int? {
    func labels(_ state: State) -> [String] {
      model.labels.filter { $0.states.contains(state) }.map(\.name)
    }
    let onStep = model.labeledTransitions.filter {
      $0.state == state && $0.action == action && $0.successor == successor
    }.flatMap(\.propositions)
    let (letter, next) = (labels(state) + onStep, labels(successor))
    for transition in transitions where transition.source == place {
      let condition = transition.condition
      if let states = condition.states, !states.contains(state) { continue }
      if let actions = condition.actions, !actions.contains(action) { continue }
      if let successors = condition.successors, !successors.contains(successor) { continue }
      if condition.literals.contains(where: { letter.contains($0.proposition) == $0.isNegated }) {
        continue
      }
      if condition.nextLiterals.contains(where: { next.contains($0.proposition) == $0.isNegated }) {
        continue
      }
      return transition.target
    }
    return nil
  }

  @Test("the best value with memory on the product is that of the runs simulated", .tags(.slow))
  func product() throws {
    var models = RandomFormula(seed: 313)
    var random = SplitMix64(seed: 314)
    for index in 0..<40 {
      let model = try models.model(largestStateCount: 3)
      let count = 1 + draw(3, &random)
      let transitions = (0..<draw(8, &random)).map { _ in
        RewardMachine.Transition(
          from: draw(count, &random),
          when: .init(
            actions: some(2, &random).map { Set($0.map { Action($0) }) },
            literals: literals(&random), nextLiterals: literals(&random)),
          to: draw(count, &random))
      }
      var reward = MachineReward()
      for place in 0..<count {
        for state in 0..<model.stateCount where draw(2, &random) == 0 {
          reward.set(
            .init(
              machine: place, state: State(state), action: Action(0),
              successor: draw(2, &random) == 0 ? nil : State(draw(model.stateCount, &random))),
            to: Rational(draw(7, &random) - 3))
        }
      }
      let paying = PayingMachine(
        RewardMachine(
          states: try NameTable((0..<count).map { "u\($0)" }, of: .state), initial: 0,
          transitions: transitions), reward)
      let product = try model.product(with: paying)
      let payments = product.expectedRewards(of: FiniteMDP.machineReward)
      for start in 0..<model.stateCount {
        for horizon in [1, 3] {
          #expect(
            bestOfProduct(product, payments, State(start), horizon)
              == bestOfRuns(model, transitions, reward, State(start), 0, horizon),
            "model \(index)")
        }
      }
    }
  }

  private func bestOfRuns(
    _ model: FiniteMDP, _ transitions: [RewardMachine.Transition], _ reward: MachineReward,
    _ state: State, _ place: Int, _ horizon: Int
  ) -> Rational {
    guard horizon > 0 else { return 0 }
    return model.choices(at: state).map { choice in
      let action = model.action(of: choice)
      return model.transitions(of: choice).reduce(Rational.zero) { sum, step in
        let paid = reward.entries.filter {
          $0.entry.machine == place && $0.entry.state == state && $0.entry.action == action
            && ($0.entry.successor == nil || $0.entry.successor == step.successor)
        }.reduce(Rational.zero) { $0 + $1.value }
        let next =
          simulated(transitions, from: place, model, state, action, step.successor) ?? place
        let rest = bestOfRuns(model, transitions, reward, step.successor, next, horizon - 1)
        return sum + step.probability * (paid + rest)
      }
    }.max() ?? 0
  }

  private func bestOfProduct(
    _ product: FiniteMDP, _ payments: [Rational], _ state: State, _ horizon: Int
  ) -> Rational {
    guard horizon > 0 else { return 0 }
    return product.choices(at: state).map { choice in
      product.transitions(of: choice).reduce(payments[Int(choice.index)]) {
        $0 + $1.probability * bestOfProduct(product, payments, $1.successor, horizon - 1)
      }
    }.max() ?? 0
  }
}

extension FiniteMDP {
  /// The mean of a reward at each choice, from its entries.
  fileprivate func expectedRewards(of name: String) -> [Rational] {
    (0..<choiceCount).map(Choice.init).map { choice in
      (reward(named: name) ?? .zero).entries.reduce(Rational.zero) { sum, entry in
        guard entry.state == state(of: choice), entry.action == action(of: choice) else {
          return sum
        }
        return transitions(of: choice).reduce(sum) {
          entry.successor == nil || entry.successor == $1.successor
            ? $0 + $1.probability * entry.value : $0
        }
      }
    }
  }
}
