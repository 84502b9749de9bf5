import Certificates
import ExactArithmetic
import ExactJSON
import Expressivity
import MarkovDecisionProcesses

/// Tasks of reward design at the sizes of their goals: deciding, and checking the answer.
func expressBenchmarks(isQuick: Bool) throws -> [Benchmark] {
  if isQuick {
    return try DrawnTask("policy order 10 on 10", .order(states: 10, policies: 10)).benchmarks(5)
  }
  return try [
    ("policy order 50 on 50", DrawnTask.Kind.order(states: 50, policies: 50), 5),
    ("policy order 200 on 200", .order(states: 200, policies: 200), 60),
    ("policy set 1 on 500x4", .single(states: 500, actions: 4), 60),
    ("policy set 16 on 50", .product(states: 50, free: 4), nil),
    ("six operators of LTL on 10000", .formula(states: 10_000), 60),
  ].flatMap { try DrawnTask($0, $1).benchmarks($2) }
}

/// A task on a garnet, drawn from a seed.
private final class DrawnTask {
  enum Kind {
    /// Deterministic policies in pairs, ordered as a drawn reward orders them.
    case order(states: Int, policies: Int)
    case single(states: Int, actions: Int)
    /// Two actions are acceptable at each of some states, one at the others.
    case product(states: Int, free: Int)
    /// Two policies, whatever the probabilities of the formula are.
    case formula(states: Int)
  }

  private let name: String
  private let task: ExpressTask
  /// The answer as a file, for the check.
  private lazy var text: [UInt8] = {
    guard let answer = try? express(task) else { return [] }
    var bytes: [UInt8] = []
    let json = JSONWriter { bytes += $0 }
    answer.write(to: json, for: task)
    try? json.finish()
    return bytes
  }()

  init(_ name: String, _ kind: Kind) throws {
    self.name = name
    switch kind {
    case .order(let states, let policies):
      task = try Self.order(try Self.model(states, actions: 3), policies)
    case .single(let states, let actions):
      let model = try Self.model(states, actions: actions)
      var random = SplitMix64(seed: 2)
      task = Self.task(
        model, .policySet, .markovReward, [try Self.policy(model, &random)], acceptable: [0])
    case .product(let states, let free):
      task = try Self.product(try Self.model(states, actions: 3), free)
    case .formula(let states):
      task = try Self.formula(try Self.model(states, actions: 3))
    }
  }

  func benchmarks(_ seconds: Double?) -> [Benchmark] {
    [
      Benchmark("Express/\(name)", within: seconds) { [task] in
        (try? express(task))?.isExpressible == nil ? 0 : 1
      },
      Benchmark("Check/\(name)") { [self] in
        let verdict = try? ExpressAnswerDocument.read(bytes: text, path: "answer")
          .verify(against: task)
        return verdict?.isAccepted == true ? 1 : 0
      },
    ]
  }

  // MARK: - Tasks

  private static func model(_ states: Int, actions: Int) throws -> FiniteMDP {
    try ModelFamily(
      "garnet", options: ["states": "\(states)", "actions": "\(actions)", "seed": "1"]
    ).model()
  }

  private static func task(
    _ model: FiniteMDP, _ kind: ExpressTask.Kind, _ formalism: Formalism, _ policies: [Policy],
    acceptable: [Int] = [], relations: [ExpressTask.Constraint] = [],
    temporal: ExpressTask.Temporal? = nil
  ) -> ExpressTask {
    let share = Rational(1, model.stateCount)
    return ExpressTask(
      model: model, kind: kind, formalism: formalism, discount: .fixed(Rational(9, 10)),
      initial: (0..<model.stateCount).map { (state: State($0), probability: share) },
      rewardSupport: .stateAction,
      objects: policies.enumerated().map {
        ExpressTask.Object(name: "p\($0)", behaviour: .policy($1))
      }, acceptable: acceptable, relations: relations, temporal: temporal)
  }

  private static func policy(_ model: FiniteMDP, _ random: inout SplitMix64) throws -> Policy {
    let actions = (0..<model.stateCount).map { state in
      let choices = model.choiceRange(at: state)
      let choice = choices.lowerBound + Int(random.below(UInt64(choices.count)))
      return model.action(of: Choice(choice))
    }
    return try Policy(actions, in: model)
  }

  private static func order(_ model: FiniteMDP, _ count: Int) throws -> ExpressTask {
    var random = SplitMix64(seed: 3)
    let policies = try (0..<count).map { _ in try policy(model, &random) }
    let reward = (0..<model.choiceCount).map { _ in Double(random.below(3)) - 1 }
    let values = policies.map { value(of: $0, reward, model) }
    let relations = (0..<count).map { place -> ExpressTask.Constraint in
      let other = (place + 1 + Int(random.below(UInt64(count - 1)))) % count
      return values[place] > values[other]
        ? ExpressTask.Constraint(place, .greater, other)
        : ExpressTask.Constraint(other, .greater, place)
    }
    return task(model, .policyOrder, .markovReward, policies, relations: relations)
  }

  /// By sweeps; only the order of the values is used.
  private static func value(of policy: Policy, _ reward: [Double], _ model: FiniteMDP) -> Double {
    var values = [Double](repeating: 0, count: model.stateCount)
    let choices = values.indices.map { policy.choices(at: State($0))[0].choice }
    let rows = choices.map { choice in
      model.transitions(of: choice).map { (Int($0.successor.index), Double($0.probability)) }
    }
    for _ in 0..<300 {
      values = values.indices.map { state in
        rows[state].reduce(reward[Int(choices[state].index)]) { $0 + 0.9 * $1.1 * values[$1.0] }
      }
    }
    return values.reduce(0, +)
  }

  private static func product(_ model: FiniteMDP, _ free: Int) throws -> ExpressTask {
    var random = SplitMix64(seed: 5)
    let base = try policy(model, &random).actions(in: model) ?? []
    let policies = try (0..<(1 << free)).map { mask in
      var actions = base
      for bit in 0..<free where mask >> bit & 1 == 1 {
        let choices = model.choiceRange(at: bit)
        let place = choices.first { model.action(of: Choice($0)) != base[bit] }
        actions[bit] = place.map { model.action(of: Choice($0)) } ?? base[bit]
      }
      return try Policy(actions, in: model)
    }
    return task(
      model, .policySet, .markovReward, policies, acceptable: Array(policies.indices))
  }

  private static func formula(_ model: FiniteMDP) throws -> ExpressTask {
    var random = SplitMix64(seed: 7)
    let policies = try (0..<2).map { _ in try policy(model, &random) }
    // Every third state and every fifth.
    let labelled = try model.replacingLabels(
      [("p", 3), ("q", 5)].map { name, step in
        (name: name, states: stride(from: 0, to: model.stateCount, by: step).map { State($0) })
      })
    return task(
      labelled, .policyOrder, .temporalLogic, policies,
      relations: [ExpressTask.Constraint(0, .atLeast, 1)],
      temporal: .formula("G F p & (q U X p) & F (p & X X q)"))
  }
}
