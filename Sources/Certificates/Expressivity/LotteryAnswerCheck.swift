import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Checks answers about policies for functions of trajectories.
struct LotteryAnswerCheck {
  private let check: ExpressCheck
  private var task: ExpressTask { check.task }

  init(_ check: ExpressCheck) throws(CheckFailure) {
    self.check = check
    let isFitting =
      switch check.task.formalism {
      case .rewardMachine: check.task.machine == nil
      case .trajectoryFunction, .innerNonlinear, .innerMultiObjective: true
      default: false
      }
    try require(
      isFitting && check.task.kind != .trajectoryOrder,
      "formalism: \(check.task.formalism.rawValue) is not answered by functions of prefixes here")
  }

  // MARK: - Expressible

  func function(
    _ terms: [(prefix: [String], weight: Rational)]
  ) throws(CheckFailure) -> String {
    var parsed: [(prefix: ExpressAnswer.Prefix, weight: Rational)] = []
    for (index, term) in terms.enumerated() {
      parsed.append((try prefix(term.prefix, "function[\(index)]"), term.weight))
    }
    var cache: [ExpressTask.Object.Behaviour: Rational] = [:]
    func value(_ behaviour: ExpressTask.Object.Behaviour) throws(CheckFailure) -> Rational {
      if let known = cache[behaviour] { return known }
      guard case .policy(let policy) = behaviour else {
        throw .rejected("function: a trajectory stands where a policy is expected")
      }
      let sum = parsed.reduce(Rational.zero) { $0 + $1.weight * probability($1.prefix, policy) }
      cache[behaviour] = sum
      return sum
    }
    for requirement in try TaskRequirements(of: task).all() {
      let (left, right) = (try value(requirement.left), try value(requirement.right))
      let holds =
        switch requirement.relation {
        case .greater: left > right
        case .atLeast: left >= right
        case .equal: left == right
        }
      try require(
        holds,
        "function: a requirement '\(requirement.relation.rawValue)' has the values"
          + " \(shown(left)) and \(shown(right))")
    }
    try check.compareValues { (object, _) throws(CheckFailure) in try value(object.behaviour) }
    return "the expectation of the function meets every requirement of the task"
  }

  private func prefix(
    _ names: [String], _ place: String
  ) throws(CheckFailure) -> ExpressAnswer.Prefix {
    let model = task.model
    func state(_ name: String) throws(CheckFailure) -> State {
      guard let found = model.states.place(of: name) else {
        throw .rejected("\(place): the model has no state \(excerpt(name))")
      }
      return State(found)
    }
    func action(_ name: String) throws(CheckFailure) -> Action {
      guard let found = model.actions.place(of: name) else {
        throw .rejected("\(place): the model has no action \(excerpt(name))")
      }
      return Action(found)
    }
    guard let first = names.first else { throw .rejected("\(place): the prefix is empty") }
    let start = try state(first)
    var steps: [Trajectory.Step] = []
    var current = start
    var index = 1
    while index + 1 < names.count {
      let step = Trajectory.Step(current, try action(names[index]), try state(names[index + 1]))
      steps.append(step)
      current = step.successor
      index += 2
    }
    let last = index < names.count ? try action(names[index]) : nil
    return ExpressAnswer.Prefix(start: start, steps: steps, lastAction: last)
  }

  private func probability(_ prefix: ExpressAnswer.Prefix, _ policy: Policy) -> Rational {
    let initial = task.initial ?? []
    var product = initial.first { $0.state == prefix.start }?.probability ?? 0
    for step in prefix.steps {
      if product.isZero { return 0 }
      guard let choice = task.model.choice(of: step.action, at: step.state) else { return 0 }
      product *= policy.weight(of: choice, at: step.state)
      product *= task.model.probability(of: step.successor.index, after: Int(choice.index))
    }
    if let action = prefix.lastAction {
      let state = prefix.steps.last?.successor ?? prefix.start
      guard let choice = task.model.choice(of: action, at: state) else { return 0 }
      product *= policy.weight(of: choice, at: state)
    }
    return product
  }

  // MARK: - Inexpressible

  /// Whether `Σ λ_k (left − right)` gives weight 0 to every prefix: then the requirements compare
  /// mixtures of policies with the same lottery.
  func farkas(_ written: [WrittenRequirement]) throws(CheckFailure) -> String {
    let weighted = try check.weighted(written, "certificate.constraints")
    var weights: [ExpressTask.Object.Behaviour: Rational] = [:]
    for (requirement, multiplier) in weighted {
      weights[requirement.left, default: 0] += multiplier
      weights[requirement.right, default: 0] -= multiplier
    }
    var mixture: [(policy: Policy, weight: Rational)] = []
    for (behaviour, weight) in weights where !weight.isZero {
      if case .policy(let policy) = behaviour { mixture.append((policy, weight)) }
    }
    let starts = (task.initial ?? []).filter { !$0.probability.isZero }.map(\.state)
    if let state = Self.firstDifference(mixture, in: task.model, from: starts) {
      throw .rejected(
        "certificate: the mixtures of policies on both sides differ on runs to the state"
          + " \(task.model.name(state))")
    }
    return "no function of trajectories meets the \(weighted.count) requirements listed: the"
      + " mixtures of policies on both sides have the same lottery"
  }

  /// A state to which some prefix leads whose weighted probabilities do not cancel.
  ///
  /// Prefixes to a state whose vectors of probabilities depend on earlier ones add nothing.
  static func firstDifference(
    _ mixture: [(policy: Policy, weight: Rational)], in model: FiniteMDP, from starts: [State]
  ) -> State? {
    var spans = [IndependentVectors](repeating: IndependentVectors(), count: model.stateCount)
    var pending: [(state: State, vector: [Rational])] = []
    for state in starts { pending.append((state, mixture.map { _ in Rational.one })) }
    while let (state, vector) = pending.popLast() {
      guard spans[Int(state.index)].insert(vector) else { continue }
      let sum = zip(mixture, vector).reduce(Rational.zero) { $0 + $1.0.weight * $1.1 }
      if !sum.isZero { return state }
      for choice in model.choices(at: state) {
        let next = zip(mixture, vector).map { $0.policy.weight(of: choice, at: state) * $1 }
        if next.allSatisfy(\.isZero) { continue }
        for (successor, _) in model.transitions(of: choice) { pending.append((successor, next)) }
      }
    }
    return nil
  }
}

extension Policy {
  /// The probability of a choice at its state.
  fileprivate func weight(of choice: Choice, at state: State) -> Rational {
    choices(at: state).first { $0.choice == choice }?.probability ?? 0
  }
}

/// A growing list of independent vectors, each reduced by those before it.
private struct IndependentVectors {
  private var reduced: [[Rational]] = []

  mutating func insert(_ vector: [Rational]) -> Bool {
    var rest = vector
    for row in reduced {
      guard let pivot = row.firstIndex(where: { !$0.isZero }), !rest[pivot].isZero else { continue }
      let factor = rest[pivot] / row[pivot]
      for place in rest.indices { rest[place] -= factor * row[place] }
    }
    guard rest.contains(where: { !$0.isZero }) else { return false }
    reduced.append(rest)
    return true
  }
}
