import Certificates
import ExactArithmetic
import Expressivity
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Answers about reward machines")
struct MachineAnswerTests {
  /// A machine with few kinds of states, so that some of them are one.
  private func machine(
    on model: FiniteMDP, states count: Int, _ random: inout SplitMix64
  ) throws -> PayingMachine {
    func draw(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    var transitions: [RewardMachine.Transition] = []
    var reward = MachineReward()
    for place in 0..<count {
      for _ in 0..<draw(3) {
        var condition = RewardMachine.Guard()
        if draw(2) == 0 { condition.states = [State(draw(model.stateCount))] }
        if draw(2) == 0 { condition.actions = [Action(draw(model.actions.count))] }
        if draw(3) == 0 { condition.nextLiterals = [.init("goal", isNegated: draw(2) == 0)] }
        transitions.append(.init(from: place, when: condition, to: draw(count)))
      }
      if draw(2) == 0 {
        reward.set(
          .init(machine: place, state: State(0), action: Action(0)), to: Rational(1 + draw(2)))
      }
    }
    return PayingMachine(
      RewardMachine(
        states: try NameTable((0..<count).map { "u\($0)" }, of: .state), initial: 0,
        transitions: transitions), reward)
  }

  private func forRandomMachines(
    _ body: (FiniteMDP, PayingMachine, PayingMachine) throws -> Void
  ) throws {
    var models = RandomModel(seed: 71)
    models.largestStateCount = 4
    var random = SplitMix64(seed: 72)
    for _ in 0..<200 {
      let model = try models.next()
      try body(
        model, machine(on: model, states: 1 + Int.random(in: 0..<6, using: &random), &random),
        machine(on: model, states: 1 + Int.random(in: 0..<3, using: &random), &random))
    }
  }

  /// The number of states that are reached and told apart, by filling the table of pairs.
  private func leastCount(_ paying: PayingMachine, on model: FiniteMDP) -> Int {
    let letters = TransitionLetters(of: model)
    let steps = (0..<model.choiceCount).flatMap { number in
      model.transitions(of: Choice(number)).map {
        (model.state(of: Choice(number)), model.action(of: Choice(number)), $0.successor)
      }
    }
    func next(_ place: Int) -> [Int] {
      steps.map { paying.machine.step(from: place, $0.0, $0.1, to: $0.2, letters: letters) }
    }
    func pays(_ place: Int) -> [Rational] {
      steps.map { paying.reward.value(place, $0.0, $0.1, to: $0.2) }
    }
    var reached = [paying.machine.initial]
    var place = 0
    while place < reached.count {
      for after in next(reached[place]) where !reached.contains(after) { reached.append(after) }
      place += 1
    }
    var apart: Set<[Int]> = []
    for a in reached { for b in reached where pays(a) != pays(b) { apart.insert([a, b]) } }
    var before = -1
    while before < apart.count {
      before = apart.count
      for a in reached {
        for b in reached where zip(next(a), next(b)).contains(where: { apart.contains([$0, $1]) }) {
          apart.insert([a, b])
        }
      }
    }
    return reached.enumerated().filter { number, a in
      reached.prefix(number).allSatisfy { apart.contains([$0, a]) }
    }.count
  }

  @Test(
    "minimal machines have as few states as the table of pairs, and proofs", .tags(.differential))
  func minimisation() throws {
    var smaller = 0
    try forRandomMachines { model, machine, _ in
      let minimization = try machine.minimization(on: model)
      let count = minimization.minimal.machine.states.count
      #expect(count == leastCount(machine, on: model))
      if count < machine.machine.states.count { smaller += 1 }
      #expect(
        try MachineAnswer.minimal(minimization, of: machine).verify(in: model).isAccepted)
      guard case .equivalent = try machine.comparison(with: minimization.minimal, on: model) else {
        Issue.record("the minimal machine pays otherwise")
        return
      }
    }
    #expect(smaller > 20)
  }

  @Test("spoiled proofs of minimal machines are rejected", .tags(.mutation))
  func spoiledMinimisation() throws {
    var spoiled = 0
    try forRandomMachines { model, machine, other in
      let minimization = try machine.minimization(on: model)
      let count = minimization.minimal.machine.states.count
      guard count > 1 else { return }
      func isAccepted(
        _ minimal: PayingMachine, _ classes: [Int?], _ rounds: [[Int]]
      ) throws -> Bool {
        try MachineAnswer.minimal(
          MachineMinimization(minimal: minimal, classes: classes, rounds: rounds), of: machine
        ).verify(in: model).isAccepted
      }
      let (minimal, classes, rounds) = (
        minimization.minimal, minimization.classes, minimization.rounds
      )
      for place in classes.indices {
        guard let own = classes[place] else { continue }
        var changed = classes
        changed[place] = (own + 1) % count
        #expect(try !isAccepted(minimal, changed, rounds))
        changed[place] = nil
        #expect(try !isAccepted(minimal, changed, rounds))
      }
      #expect(try !isAccepted(minimal, classes, Array(rounds.dropLast())))
      #expect(try !isAccepted(minimal, classes, []))
      // The machine itself pays the same, but has too many states.
      if machine.machine.states.count > count {
        let same = Array(0..<machine.machine.states.count)
        #expect(try !isAccepted(machine, same, [same]))
      }
      spoiled += 1
    }
    #expect(spoiled > 15)
  }

  @Test("comparisons are proved either way", .tags(.mutation))
  func comparisons() throws {
    var counts = (same: 0, different: 0)
    try forRandomMachines { model, machine, other in
      let comparison = try machine.comparison(with: other, on: model)
      #expect(
        try MachineAnswer.comparison(comparison, first: machine, second: other).verify(in: model)
          .isAccepted)
      switch comparison {
      case .equivalent(let triples):
        counts.same += 1
        for place in triples.indices {
          var fewer = triples
          fewer.remove(at: place)
          #expect(
            try !MachineAnswer.comparison(.equivalent(fewer), first: machine, second: other)
              .verify(in: model).isAccepted)
        }
      case .different(let run):
        counts.different += 1
        for shorter in [Array(run.dropFirst()), Array(run.dropLast())] {
          let verdict = try MachineAnswer.comparison(
            .different(shorter), first: machine, second: other
          ).verify(in: model)
          // A suffix may be a run of its own; a shortest run has no prefix that will do.
          if shorter.count == run.count - 1, shorter.last.map({ $0 != run[run.count - 1] }) ?? true
          {
            #expect(!verdict.isAccepted)
          }
        }
        #expect(
          try !MachineAnswer.comparison(.different(run), first: machine, second: machine)
            .verify(in: model).isAccepted)
      }
    }
    #expect(counts.same > 5 && counts.different > 5, "\(counts)")
  }

  @Test("Markov or not, the proof is checked; a machine of one state is Markov")
  func markov() throws {
    var counts = (markov: 0, notMarkov: 0)
    try forRandomMachines { model, machine, _ in
      let discount = Rational(1, 2)
      let markov = try machine.markov(on: model, discount: discount)
      #expect(
        try MachineAnswer.markov(markov, of: machine, discount: discount).verify(in: model)
          .isAccepted)
      #expect(
        try !MachineAnswer.markov(markov, of: machine, discount: 1).verify(in: model).isAccepted)
      switch markov {
      case .markov:
        counts.markov += 1
        #expect(markov.difference(of: machine, on: model).isZero)
      case .notMarkov, .apart:
        counts.notMarkov += 1
        #expect(try machine.minimized(on: model).machine.states.count > 1)
        #expect(!markov.difference(of: machine, on: model).isZero)
      }
    }
    #expect(counts.markov > 5, "\(counts)")
    #expect(counts.notMarkov > 5, "\(counts)")
  }
}
