import Certificates
import ExactArithmetic
import Expressivity
import MarkovDecisionProcesses
import TestSupport
import Testing

/// Requests about optimal policies against enumeration of all deterministic ones.
@Suite("Requests about optimal policies, by enumeration", .tags(.differential))
struct OptimumPropertyTests {
  /// A random model with policies and relations between them.
  private struct Draw {
    var random: SplitMix64
    let model: FiniteMDP
    let initial: [(state: State, probability: Rational)]
    let policies: [[Action]]
    let support: ExpressTask.RewardSupport
    var objects: [ExpressTask.Object] = []
    var relations: [ExpressTask.Constraint] = []

    init(seed: UInt64, relationCount: Int) throws {
      random = SplitMix64(seed: seed)
      var models = RandomModel(seed: seed)
      models.largestStateCount = 4
      models.largestActionCount = 2
      var model = try models.next()
      while model.choiceCount < 4 { model = try models.next() }
      self.model = model
      initial = model.initial ?? [(State(0), 1)]
      policies = Self.all(of: model)
      support = ExpressTask.RewardSupport.allCases[Int(random.next() % 3)]
      for number in 0..<min(4, policies.count) {
        objects.append(
          ExpressTask.Object(
            name: "p\(number)",
            behaviour: .policy(try Policy(policies[below(policies.count)], in: model))))
      }
      guard objects.count > 1 else { return }
      for _ in 0..<relationCount {
        let left = below(objects.count)
        let right = (left + 1 + below(objects.count - 1)) % objects.count
        relations.append(
          ExpressTask.Constraint(left, ExpressTask.Relation.allCases[below(3)], right))
      }
    }

    mutating func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

    private static func all(of model: FiniteMDP) -> [[Action]] {
      var policies: [[Action]] = [[]]
      for state in 0..<model.stateCount {
        policies = policies.flatMap { start in
          model.choices(at: State(state)).map { start + [model.action(of: $0)] }
        }
      }
      return policies
    }

    func task(
      _ formalism: Formalism, _ optimum: ExpressTask.OptimumRequest?,
      more: [ExpressTask.Object] = [], relations added: [ExpressTask.Constraint] = []
    ) -> ExpressTask {
      ExpressTask(
        model: model, kind: .policyOrder, formalism: formalism, discount: .fixed(Rational(2, 3)),
        initial: initial, rewardSupport: support, objects: objects + more,
        relations: relations + added, optimum: optimum)
    }

    func reached(_ actions: [Action]) throws -> ReachedPolicy {
      let policy = try Policy(actions, in: model)
      return try #require(ReachedPolicy(of: policy, in: model, from: initial))
    }

    /// The task with `best` better than the policies listed, as relations.
    func listed(_ formalism: Formalism, best: [Action], than rivals: [[Action]]) throws
      -> ExpressTask
    {
      let more = try ([best] + rivals).enumerated().map { number, actions in
        ExpressTask.Object(name: "q\(number)", behaviour: .policy(try Policy(actions, in: model)))
      }
      let added = rivals.indices.map {
        ExpressTask.Constraint(objects.count, .greater, objects.count + 1 + $0)
      }
      return task(formalism, nil, more: more, relations: added)
    }

    /// `V^π` for a table of rewards, by elimination.
    func value(of actions: [Action], _ reward: ExpressAnswer.Reward) -> Rational {
      let table = Dictionary(
        reward.entries.map { ($0.coordinate, $0.value) }, uniquingKeysWith: { first, _ in first })
      let count = model.stateCount
      var rows = (0..<count).map { state -> [Rational] in
        var row = [Rational](repeating: 0, count: count + 1)
        row[state] = 1
        guard let choice = model.choice(of: actions[state], at: State(state)) else { return row }
        row[count] -= table[.regulariser(ActionLaw([(actions[state], 1)]))] ?? 0
        for (successor, probability) in model.transitions(of: choice) {
          let coordinate = support.coordinate(
            machine: nil, State(state), actions[state], successor)
          row[count] += probability * (table[coordinate] ?? 0)
          row[Int(successor.index)] -= Rational(2, 3) * probability
        }
        return row
      }
      for pivot in 0..<count {
        let scale = rows[pivot][pivot]
        rows[pivot] = rows[pivot].map { $0 / scale }
        for other in 0..<count where other != pivot && !rows[other][pivot].isZero {
          let factor = rows[other][pivot]
          for column in 0...count { rows[other][column] -= factor * rows[pivot][column] }
        }
      }
      return initial.reduce(Rational.zero) {
        $0 + $1.probability * rows[Int($1.state.index)][count]
      }
    }

    func optimal(_ reward: ExpressAnswer.Reward) -> [[Action]] {
      let values = policies.map { value(of: $0, reward) }
      let best = values.max()
      return zip(policies, values).filter { $0.1 == best }.map(\.0)
    }
  }

  @Test(
    "an only optimum: the reward has no other, and is there exactly if relations to all others are",
    arguments: [Formalism.markovReward, .regularised])
  func unique(formalism: Formalism) throws {
    var counts = [true: 0, false: 0]
    for seed in 0..<70 as Range<UInt64> {
      var draw = try Draw(seed: seed, relationCount: Int(seed % 3))
      let place = draw.below(draw.objects.count)
      let answer = try checkedAnswer(
        to: draw.task(formalism, ExpressTask.OptimumRequest(unique: place)))
      let isExpressible = try #require(answer.isExpressible as Bool?, "seed \(seed)")
      counts[isExpressible, default: 0] += 1
      guard case .policy(let policy) = draw.objects[place].behaviour,
        let own = policy.actions(in: draw.model)
      else { continue }
      let lottery = try draw.reached(own).choices
      if let reward = answer.optimum?.reward {
        for actions in draw.optimal(reward) {
          try #require(try draw.reached(actions).choices == lottery, "seed \(seed)")
        }
      }
      let rivals = try draw.policies.filter { try draw.reached($0).choices != lottery }
      let listed = try draw.listed(formalism, best: own, than: rivals)
      try #require(try express(listed).isExpressible == isExpressible, "seed \(seed)")
    }
    #expect(counts.values.allSatisfy { $0 >= 15 }, "\(counts)")
  }

  @Test(
    "states to be avoided: a reward is there exactly if one avoiding policy can be the best",
    arguments: [
      Formalism.markovReward, .limitAverage, .regularised, .trajectoryFunction, .lotteryOrder,
      .policyOrder,
    ])
  func avoided(formalism: Formalism) throws {
    var counts = [true: 0, false: 0]
    for seed in 0..<(formalism == .markovReward ? 120 : 60) as Range<UInt64> {
      var draw = try Draw(seed: 1000 + seed, relationCount: 1 + Int(seed % 5))
      let state = State(draw.below(draw.model.stateCount))
      let answer = try checkedAnswer(
        to: draw.task(formalism, ExpressTask.OptimumRequest(avoided: [state])))
      let isExpressible = try #require(answer.isExpressible as Bool?, "seed \(seed)")
      counts[isExpressible, default: 0] += 1
      if let reward = answer.optimum?.reward {
        for actions in draw.optimal(reward) {
          try #require(try !draw.reached(actions).reaches(state), "seed \(seed)")
        }
      }
      let visiting = try draw.policies.filter { try draw.reached($0).reaches(state) }
      let isPossible = try draw.policies.contains { actions in
        if try draw.reached(actions).reaches(state) { return false }
        return try express(draw.listed(formalism, best: actions, than: visiting)).isExpressible
          == true
      }
      try #require(isPossible == isExpressible, "seed \(seed)")
    }
    #expect(counts.values.allSatisfy { $0 >= 5 }, "\(counts)")
  }

  @Test(
    "an only optimum among deterministic policies, against relations",
    arguments: [Formalism.limitAverage, .regularised, .trajectoryFunction, .lotteryOrder])
  func uniqueElsewhere(formalism: Formalism) throws {
    for seed in 0..<40 as Range<UInt64> {
      var draw = try Draw(seed: 2000 + seed, relationCount: Int(seed % 3))
      let place = draw.below(draw.objects.count)
      let answer = try checkedAnswer(
        to: draw.task(formalism, ExpressTask.OptimumRequest(unique: place)))
      guard case .policy(let policy) = draw.objects[place].behaviour,
        let own = policy.actions(in: draw.model)
      else { continue }
      let lottery = try draw.reached(own).choices
      let rivals = try draw.policies.filter { try draw.reached($0).choices != lottery }
      let listed = try draw.listed(formalism, best: own, than: rivals)
      try #require(try express(listed).isExpressible == answer.isExpressible, "seed \(seed)")
    }
  }
}
