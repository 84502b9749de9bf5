import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

// Statement and proof: `proofs-notes/constrained-certificate.md`. Everything is recomputed from
// the model here; nothing is shared with the linear program that found the answer.

/// What a checked certificate of a constrained problem has proved.
struct ConstrainedProof {
  let statement: String
  let law: [(state: Int, probability: Rational)]
  /// The proved optimum and the mass of each choice; `nil` when nothing is feasible.
  let optimum: (value: Rational, masses: [Rational], constraintValues: [Rational])?
}

extension ConstrainedCertificate {
  /// Checks every condition of the certificate on `model`, without solving anything.
  ///
  /// - Complexity: linear in the model and the certificate, times the length of the numbers.
  public func verify(in model: FiniteMDP) -> Verdict {
    do throws(Interrupted) {
      return try verify(in: model, progress: .none)
    } catch {
      preconditionFailure("a handler that never stops has stopped the check: \(error)")
    }
  }

  /// The same, for a caller that may stop it.
  ///
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      .accepted(
        statement: try proof(in: model, progress).statement, warnings: warnings(in: model))
    }
  }

  func proof(
    in model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) -> ConstrainedProof {
    switch self {
    case .optimal(let certificate): try certificate.proof(in: model, progress)
    case .infeasible(let certificate): try certificate.proof(in: model, progress)
    }
  }

  func warnings(in model: FiniteMDP) -> [String] {
    Certificates.warnings(about: terms.discount, in: model)
  }
}

extension ConstrainedOptimalCertificate {
  fileprivate func proof(
    in model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) -> ConstrainedProof {
    let check = try LagrangianCheck(terms, multipliers, values, model, progress)
    guard let reward = check.reward else { throw .rejected("reward: there is none") }
    let masses = try check.masses(of: occupancy)
    let constraintValues = try check.requireConstraints(masses)
    let value = dot(reward, masses)
    try require(
      value == objectiveValue,
      "objectiveValue: it is \(shown(objectiveValue)), but the occupancy has the value "
        + shown(value))
    try check.requireSuperharmonic(reward)
    let bound = check.dualValue
    guard value == bound else {
      let (left, right) = shown(value, versus: bound)
      throw .rejected(
        "duality: the value \(left) of the occupancy has to be equal to the bound \(right) that "
          + "the values and the multipliers prove")
    }
    let title = DiscountedObjective(
      direction: terms.direction, reward: terms.reward ?? "", discount: terms.discount)
    return ConstrainedProof(
      statement: "\(check.origin), \(shown(value)) is the \(title.direction.adjective) expected "
        + "discounted sum of the reward '\(title.reward)' with discount "
        + "\(shown(title.discount)) among policies \(check.condition), exactly, and the policy of the occupancy "
        + "attains it",
      law: check.law, optimum: (value, masses, constraintValues))
  }
}

extension ConstrainedInfeasibleCertificate {
  fileprivate func proof(
    in model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) -> ConstrainedProof {
    let check = try LagrangianCheck(terms, multipliers, values, model, progress)
    try check.requireSuperharmonic(nil)
    let bound = terms.direction == .maximize ? check.dualValue : -check.dualValue
    try require(
      bound.signum < 0,
      "infeasibility: the mean of the values plus the multipliers times the bounds is "
        + "\(shown(bound)), but it has to be negative")
    return ConstrainedProof(
      statement: "\(check.origin), with discount \(shown(terms.discount)), there is no policy "
        + check.condition,
      law: check.law, optimum: nil)
  }
}

/// The conditions of weak duality on a model.
private struct LagrangianCheck {
  let terms: ConstrainedTerms
  let multipliers: [Rational]
  let values: RationalVector
  let model: FiniteMDP
  let progress: ProgressHandler
  let law: [(state: Int, probability: Rational)]
  /// The expected reward of each choice.
  let reward: PooledVector?
  /// The same of each constraint.
  let features: [PooledVector]

  init(
    _ terms: ConstrainedTerms, _ multipliers: [Rational], _ values: RationalVector,
    _ model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) {
    self.terms = terms
    self.multipliers = multipliers
    self.values = values
    self.model = model
    self.progress = progress
    try requireContracting(terms.discount)
    try requireCount(values.count, model, "values")
    guard let law = terms.initial ?? model.initial else {
      throw .rejected("initial: neither the certificate nor the model has an initial law")
    }
    self.law = law.map { (Int($0.state.index), $0.probability) }
    reward = try terms.reward.map { (name) throws(CheckFailure) in
      try model.expectedReward(name, in: "reward")
    }
    var features: [PooledVector] = []
    for (k, constraint) in terms.constraints.enumerated() {
      features.append(try model.expectedReward(constraint.reward, in: "constraints[\(k)].reward"))
    }
    self.features = features
    try requireMultipliers()
  }

  private func requireMultipliers() throws(CheckFailure) {
    try require(
      multipliers.count == terms.constraints.count,
      "multipliers: there are \(multipliers.count) entries, but "
        + "\(terms.constraints.count) constraints")
    for (k, multiplier) in multipliers.enumerated() {
      try require(
        multiplier.signum >= 0 || terms.constraints[k].relation == .equal,
        "multipliers[\(k)]: it is \(shown(multiplier)), but that of an inequality must not be "
          + "negative")
    }
  }

  /// 1 for `maximize`: what is proved for a reward holds for its negation, with negated values.
  private var sign: Rational { terms.direction == .maximize ? 1 : -1 }

  /// `λ_k`, with the opposite sign at `≥` rows: these are negated, and so is their bound.
  private func weight(_ k: Int) -> Rational {
    terms.constraints[k].relation == .atLeast ? -multipliers[k] : multipliers[k]
  }

  /// `μ·v + Σ λ_k b_k` (`−` for `minimize`).
  var dualValue: Rational {
    var sum = RationalAccumulator()
    sum.add(values.mean(law))
    for (k, constraint) in terms.constraints.enumerated() {
      sum.add(constraint.bound, times: sign * weight(k))
    }
    return sum.value
  }

  /// `v(s) ≥ base(s,a) − Σ λ_k c_k(s,a) + γ P_a v(s)`; for `minimize` `≤`, with `+`.
  func requireSuperharmonic(_ base: PooledVector?) throws(CheckFailure) {
    let combined = combinedReward(base)
    let judge = BellmanJudge(model: model, reward: combined, discount: terms.discount)
    let signs: ContiguousArray<Int8>
    do throws(Interrupted) {
      signs = try judge.slackSigns(of: values, progress: progress)
    } catch {
      throw .interrupted(error)
    }
    guard let choice = signs.firstIndex(where: { $0 * terms.direction.sign > 0 }) else { return }
    var sum = Rational.zero
    for (successor, probability) in model.transitions(of: Choice(choice)) {
      sum += probability * values[Int(successor.index)]
    }
    let (left, right) = shown(
      values[Int(model.choiceStates[choice])], versus: combined[choice] + terms.discount * sum)
    throw .rejected(
      "at state \(model.name(stateOf: choice)), action \(model.name(actionOf: choice)): "
        + "value = \(left) has to be \(terms.direction == .maximize ? "at least" : "at most") "
        + "\(base == nil ? "" : "reward and ")weighted constraints + discount × expected next "
        + "value = \(right)")
  }

  private func combinedReward(_ base: PooledVector?) -> PooledVector {
    let weights = multipliers.indices.map { -sign * weight($0) }
    let used = weights.indices.filter { !weights[$0].isZero }
    var pool = RationalPool()
    var places = ContiguousArray<Int32>()
    places.reserveCapacity(model.choiceCount)
    for choice in 0..<model.choiceCount {
      let start = base?[choice] ?? .zero
      places.append(
        pool.insert(used.reduce(start) { $0 + weights[$1] * features[$1][choice] }))
    }
    return PooledVector(places: places, pool: pool)
  }

  /// The values of the constraints' rewards, each within its bound.
  func requireConstraints(_ masses: [Rational]) throws(CheckFailure) -> [Rational] {
    var found: [Rational] = []
    for (k, constraint) in terms.constraints.enumerated() {
      let value = dot(features[k], masses)
      let isKept =
        switch constraint.relation {
        case .atMost: value <= constraint.bound
        case .atLeast: value >= constraint.bound
        case .equal: value == constraint.bound
        }
      guard isKept else {
        let (left, right) = shown(value, versus: constraint.bound)
        throw .rejected(
          "constraints[\(k)]: the occupancy has the value \(left) of '\(constraint.reward)', "
            + "which has to be \(constraint.relation.rawValue) \(right)")
      }
      found.append(value)
    }
    return found
  }

  /// The mass of each choice, when the list is an occupancy measure.
  func masses(
    of occupancy: [(choice: Choice, mass: Rational)]
  ) throws(CheckFailure) -> [Rational] {
    var masses = [Rational](repeating: 0, count: model.choiceCount)
    var seen: Set<Choice> = []
    for (choice, mass) in occupancy {
      let index = Int(choice.index)
      let place =
        "occupancy: at state \(model.name(stateOf: index)), action "
        + model.name(actionOf: index)
      try require(seen.insert(choice).inserted, "\(place): the pair is listed twice")
      try require(mass.signum >= 0, "\(place): \(shown(mass)) must not be negative")
      masses[index] = mass
    }
    try requireFlow(masses)
    return masses
  }

  /// `Σ_a x(s,a) = μ(s) + γ Σ_{t,a} p(s|t,a) x(t,a)` at every state.
  private func requireFlow(_ masses: [Rational]) throws(CheckFailure) {
    var arrivals = [[(mass: Int, place: Int32)]](repeating: [], count: model.stateCount)
    for choice in masses.indices where !masses[choice].isZero {
      for transition in model.transitionRange(of: choice) {
        arrivals[Int(model.successors[transition])].append(
          (choice, model.probabilities[transition]))
      }
    }
    var start = [Rational](repeating: 0, count: model.stateCount)
    for (state, probability) in law { start[state] += probability }
    var sum = RationalAccumulator()
    for state in 0..<model.stateCount {
      sum.reset()
      for (choice, place) in arrivals[state] {
        sum.add(masses[choice], times: model.probabilityPool[place])
      }
      let expected = start[state] + terms.discount * sum.value
      let visits = model.choiceRange(at: state).reduce(Rational.zero) { $0 + masses[$1] }
      guard visits == expected else {
        let (left, right) = shown(visits, versus: expected)
        throw .rejected(
          "occupancy: at state \(model.name(State(state))): the mass \(left) has to be equal to "
            + "the initial probability + discount × arriving mass = \(right)")
      }
    }
  }

  /// Where the runs start, in a statement.
  var origin: String {
    guard let initial = terms.initial else { return "from the model's initial law" }
    let support = initial.filter { !$0.probability.isZero }
    if support.count == 1, let only = support.first {
      return "from the state \(model.name(only.state))"
    }
    let shownLaw = support.prefix(5).map {
      "\(model.name($0.state)) with \(shown($0.probability))"
    }
    return "from the initial law " + shownLaw.joined(separator: ", ")
      + (support.count > 5 ? ", …" : "")
  }

  /// The constraints, after "policies" or "policy".
  var condition: String {
    guard !terms.constraints.isEmpty else { return "of any kind" }
    return "with expected discounted sums "
      + terms.constraints.map {
        "\(excerpt($0.reward)) \($0.relation.rawValue) \(shown($0.bound))"
      }.joined(separator: ", ")
  }
}

private func dot(_ reward: PooledVector, _ masses: [Rational]) -> Rational {
  var sum = RationalAccumulator()
  for (choice, mass) in masses.enumerated() where !mass.isZero {
    sum.add(mass, times: reward[choice])
  }
  return sum.value
}
