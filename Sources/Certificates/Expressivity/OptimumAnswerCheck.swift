// What is here: the check of answers about optimal policies of Markov rewards, without solving.
// Notation: V = the potential; L(s,a) = V(s) − r(s,a) − γ P V, the loss of a choice; W(s,a) marks the
// choices that have to lose. If L ≥ 0, and L = 0 along the run of a policy, that policy is optimal
// and any other one loses the discounted sum of its L (`proofs-notes/optimum-requests.md`).

import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Checks answers for Markov rewards whose optimal policies are to be as a task asks.
struct OptimumAnswerCheck {
  let check: ExpressCheck
  let linear: LinearAnswerCheck
  let request: ExpressTask.OptimumRequest
  let isReachable: [Bool]
  let initial: [(state: State, probability: Rational)]
  var task: ExpressTask { check.task }
  var model: FiniteMDP { check.task.model }
  var discount: Rational { linear.features.discount }

  init(_ check: ExpressCheck) throws(CheckFailure) {
    guard let request = check.task.optimum else {
      throw .rejected("the task asks nothing of the optimal policies")
    }
    try require(
      check.task.formalism == .markovReward || check.task.formalism == .regularised,
      "formalism: potentials and losses prove optimality in MR and RRL, not in"
        + " \(check.task.formalism.rawValue)")
    self.check = check
    self.request = request
    linear = try LinearAnswerCheck(check)
    isReachable = check.task.reachableStates
    initial = check.task.initial ?? []
    try require(discount.signum > 0, "discount: it is 0, so that later steps do not count")
  }

  // MARK: - Expressible

  func optimum(_ written: WrittenOptimum) throws(CheckFailure) -> String {
    let reward = try linear.table(written.entries, written.regulariser)
    for (coordinate, value) in reward {
      try require(
        value.magnitude <= 1,
        "reward: an entry of \(linear.describe(coordinate)) is \(shown(value)), not in [-1, 1]")
    }
    let best = try best(written.policy)
    let potential = try potential(written.potential)
    var least = try leastLoss(reward, potential, best)
    var values: [ExpressTask.Object.Behaviour: Rational] = [:]
    if let unique = request.unique {
      // The optimal policy loses nothing, so its value is that of the potential.
      values[task.objects[unique].behaviour] = initial.reduce(Rational.zero) { sum, start in
        sum + start.probability * (potential[Int(start.state.index)] ?? 0)
      }
    }
    let scaled = ScaledReward(reward)
    try requireRelations(scaled, &values, &least)
    try require(
      written.margin == least,
      "margin: \(written.margin.map(shown) ?? "null") is printed, but the least loss of a choice or"
        + " difference of a strict relation is \(least.map(shown) ?? "null")")
    if let least {
      try require(least.signum > 0, "margin: it is \(shown(least)), which separates nothing")
    }
    try check.compareValues { (object, _) throws(CheckFailure) in
      if let known = values[object.behaviour] { return known }
      return try value(of: object.behaviour, scaled)
    }
    guard let least else { return statement + ", as no policy does otherwise" }
    let claim = statement + ", with the margin \(shown(least))"
    guard let bound = written.bound else { return claim }
    let used = try requireBound(bound, least, "optimality")
    try require(
      request.unique != nil, "optimality: it is about one policy, and others avoid the states")
    try require(
      used.isSubset(of: best.choices.compactMap { $0 }),
      "optimality: a negative multiplier stands at a choice that the optimal policy does not make")
    return claim + ", the largest of rewards within [-1, 1]"
  }

  private var statement: String {
    let names = request.avoided.map { model.name($0) }.joined(separator: ", ")
    if let unique = request.unique {
      return "with this reward every optimal policy\(scope) has the lottery of"
        + " \(excerpt(task.objects[unique].name))"
    }
    return "with this reward every optimal policy\(scope) avoids \(names)"
  }

  /// Among which policies.
  private var scope: String {
    task.formalism == .markovReward ? "" : " among the deterministic ones"
  }

  /// The policy that is said to be optimal, after checking that it is one that may be.
  private func best(
    _ written: [(state: String, action: String)]
  ) throws(CheckFailure) -> ReachedPolicy {
    let best = try task.reachedPolicy(written, from: initial, "optimum")
    for state in request.avoided {
      try require(!best.reaches(state), "optimum: it visits \(model.name(state))")
    }
    if request.unique != nil {
      try require(
        try unique().choices == best.choices, "optimum: it is another policy than 'uniqueOptimum'")
    }
    return best
  }

  func unique() throws(CheckFailure) -> ReachedPolicy {
    guard let policy = task.uniqueOptimum,
      let reached = ReachedPolicy(of: policy, in: model, from: initial)
    else {
      throw .rejected("uniqueOptimum: the policy draws its action, so it is never the only one")
    }
    return reached
  }

  private func potential(
    _ written: [(name: String, value: Rational)]
  ) throws(CheckFailure) -> [Rational?] {
    var potential = [Rational?](repeating: nil, count: model.stateCount)
    for (name, value) in written {
      guard let state = model.states.place(of: name), potential[state] == nil else {
        throw .rejected("potential: \(excerpt(name)) is no state, or stands there twice")
      }
      potential[state] = value
    }
    return potential
  }

  /// The least loss of a choice that has to lose, after checking all others.
  private func leastLoss(
    _ reward: RewardFeatures, _ potential: [Rational?], _ best: ReachedPolicy
  ) throws(CheckFailure) -> Rational? {
    var least: Rational?
    for state in 0..<model.stateCount where isReachable[state] {
      try check.checkpoint()
      for choice in model.choices(at: State(state)) {
        let place = "potential: at \(excerpt(model.states[state]))"
        guard var loss = potential[state] else { throw .rejected(place + " there is none") }
        for (successor, probability) in model.transitions(of: choice) {
          guard let next = potential[Int(successor.index)] else {
            throw .rejected("potential: at \(model.name(successor)) there is none")
          }
          loss -= discount * probability * next
        }
        for (coordinate, weight) in features(of: choice) {
          if let value = reward[coordinate] { loss -= weight * value }
        }
        try require(
          loss.signum >= 0, place + " a choice gains \(shown(-loss)) against it")
        if best.choices[state] == choice {
          try require(loss.isZero, place + " the optimal policy loses \(shown(loss))")
        }
        if hasToLose(choice, best) { least = min(least ?? loss, loss) }
      }
    }
    return least
  }

  /// What the reward of a choice is made of.
  func features(of choice: Choice) -> RewardFeatures {
    let (state, action) = (model.state(of: choice), model.action(of: choice))
    var features: RewardFeatures = [:]
    for (successor, probability) in model.transitions(of: choice) {
      let coordinate = task.rewardSupport.coordinate(machine: nil, state, action, successor)
      features[coordinate, default: 0] += probability
    }
    // Of a regularised reward a deterministic policy sees `R − F(δ_a)`.
    if task.formalism == .regularised { features[.regulariser(ActionLaw([(action, 1)]))] = -1 }
    return features
  }

  /// Whether a choice has to be worse than the optimum: any other choice where the only optimal policy
  /// comes, and all choices at a state that is to be avoided.
  private func hasToLose(_ choice: Choice, _ best: ReachedPolicy) -> Bool {
    let state = model.state(of: choice)
    guard request.unique != nil else { return mustAvoid(state) }
    return best.choices[Int(state.index)].map { $0 != choice } ?? false
  }

  func mustAvoid(_ state: State) -> Bool {
    isReachable[Int(state.index)] && request.avoided.contains(state)
  }

  /// Checks the relations; the values that they compare are added to those that are known.
  private func requireRelations(
    _ reward: ScaledReward, _ values: inout [ExpressTask.Object.Behaviour: Rational],
    _ least: inout Rational?
  ) throws(CheckFailure) {
    for constraint in task.orderConstraints {
      try check.checkpoint()
      var sides: [Rational] = []
      for place in [constraint.left, constraint.right] {
        let behaviour = task.objects[place].behaviour
        if values[behaviour] == nil { values[behaviour] = try value(of: behaviour, reward) }
        sides.append(values[behaviour] ?? 0)
      }
      try require(
        constraint.relation == .greater || constraint.relation.holds(sides[0], sides[1]),
        "reward: a relation '\(constraint.relation.rawValue)' has the values \(shown(sides[0]))"
          + " and \(shown(sides[1]))")
      if constraint.relation == .greater {
        least = min(least ?? sides[0] - sides[1], sides[0] - sides[1])
      }
    }
  }

  private func value(
    of behaviour: ExpressTask.Object.Behaviour, _ reward: ScaledReward
  ) throws(CheckFailure) -> Rational {
    reward.number(try linear.features.features(of: behaviour))
  }
}
