import ExactArithmetic
import MarkovDecisionProcesses

/// What conditions on rewards of one model are checked against.
protocol RewardConditions {
  var model: FiniteMDP { get }
  var discount: Rational { get }
  /// The law of the first state.
  var law: [(state: Int, probability: Rational)] { get }
  /// The expected rewards, one entry a choice.
  var rewards: [PooledVector] { get }
  var progress: ProgressHandler { get }
}

extension RewardConditions {
  /// A weighted sum of rewards, by their places.
  typealias Combination = [(place: Int, weight: Rational)]

  /// `Σ μ(s) v(s)`.
  func mean(_ values: RationalVector) -> Rational { values.mean(law) }

  func requireEqual(
    _ printed: Rational, _ proved: Rational, _ field: String
  ) throws(CheckFailure) {
    guard printed != proved else { return }
    let (left, right) = shown(printed, versus: proved)
    throw .rejected("\(field): it is \(left), but has to be \(right)")
  }

  /// An exact number has to be that; bounds have to hold it, and a square to be its square.
  func requireNumber(
    _ printed: ComparisonAnswer.Number, _ proved: RootNumber, _ field: String
  ) throws(CheckFailure) {
    switch printed {
    case .exact(let value):
      guard !value.isNegative, RootNumber(value) == proved else {
        let bounds = proved.enclosure(width: Rational(1, 1 << 40))
        throw .rejected("\(field): it is \(shown(value)), but has to be in \(bounds)")
      }
    case .enclosed(let lower, let upper, let squared):
      try require(
        lower.isNegative || RootNumber(lower) <= proved,
        "\(field).lower: it is \(shown(lower)), which is above the number")
      try require(
        !upper.isNegative && proved <= RootNumber(upper),
        "\(field).upper: it is \(shown(upper)), which is below the number")
      if let squared {
        try require(
          RootSum(squared) == proved.squared,
          "\(field).squared: it is \(shown(squared)), which is not the square")
      }
    }
  }

  /// The expected rewards of a sum, one a choice.
  func reward(of combination: Combination) -> PooledVector {
    if combination.count == 1, combination[0].weight == 1 { return rewards[combination[0].place] }
    var pool = RationalPool()
    var places = ContiguousArray<Int32>()
    for choice in 0..<model.choiceCount {
      places.append(
        pool.insert(
          combination.reduce(Rational.zero) { $0 + $1.weight * rewards[$1.place][choice] }))
    }
    return PooledVector(places: places, pool: pool)
  }

  /// For each choice the sign of `r + γ P v - v`.
  func slackSigns(
    _ values: RationalVector, _ reward: PooledVector
  ) throws(CheckFailure) -> ContiguousArray<Int8> {
    let judge = BellmanJudge(model: model, reward: reward, discount: discount)
    do throws(Interrupted) {
      return try judge.slackSigns(of: values, progress: progress)
    } catch {
      throw .interrupted(error)
    }
  }

  /// Checks `v ≥ r + γ P_a v` for every allowed action (`≤` for a minimum).
  ///
  /// - Returns: the signs of the slacks.
  @discardableResult
  func requireBounds(
    _ values: RationalVector, _ reward: PooledVector, _ direction: Direction, _ field: String,
    allowed: [Bool]? = nil
  ) throws(CheckFailure) -> ContiguousArray<Int8> {
    try requireCount(values.count, model, field)
    let signs = try slackSigns(values, reward)
    for choice in signs.indices where signs[choice] * direction.sign > 0 {
      if let allowed, !allowed[choice] { continue }
      let bellman = BellmanOperator(model: model, reward: reward, discount: discount)
      let (left, right) = shown(
        values[Int(model.choiceStates[choice])],
        versus: bellman.lookahead(Choice(choice), over: values.entries))
      throw .rejected(
        "\(field): at state \(model.name(stateOf: choice)), action "
          + "\(model.name(actionOf: choice)): value = \(left) has to be "
          + "\(direction == .maximize ? "at least" : "at most") "
          + "reward + discount × expected next value = \(right)")
    }
    return signs
  }

  /// The mean of optimal values of a sum of rewards, proved by values and a policy that attains
  /// them everywhere, or wherever it goes where the check `isLocal`.
  func attained(
    _ optimum: ComparisonAnswer.Optimum?, _ combination: Combination, _ direction: Direction,
    _ field: String, allowed: [Bool]? = nil, isLocal: Bool = false
  ) throws(CheckFailure) -> Rational {
    guard let optimum else {
      return try solved(combination, direction, field, allowed: allowed)
    }
    return try attainedWithSigns(
      optimum, combination, direction, field, allowed: allowed, isLocal: isLocal
    ).mean
  }

  /// The same for values that are given, with the signs of all slacks.
  func attainedWithSigns(
    _ optimum: ComparisonAnswer.Optimum, _ combination: Combination, _ direction: Direction,
    _ field: String, allowed: [Bool]? = nil, isLocal: Bool = false
  ) throws(CheckFailure) -> (mean: Rational, signs: ContiguousArray<Int8>) {
    let signs = try requireBounds(
      optimum.values, reward(of: combination), direction, "\(field).values", allowed: allowed)
    try requireCount(optimum.policy.count, model, "\(field).policy")
    let visited = isLocal ? try self.visited(by: optimum.policy, "\(field).policy") : nil
    for (state, action) in optimum.policy.enumerated() where visited?[state] != false {
      let choice = try model.choice(
        .index(Int(action.index)), at: State(state), in: "\(field).policy")
      let isTight = signs[Int(choice.index)] == 0 && allowed?[Int(choice.index)] != false
      try require(
        isTight,
        "\(field).policy: at state \(model.name(State(state))) the action \(model.name(action)) "
          + "does not attain the value")
    }
    return (mean(optimum.values), signs)
  }

  /// The states that a deterministic policy reaches from the law of the first state.
  private func visited(by policy: [Action], _ field: String) throws(CheckFailure) -> [Bool] {
    var choices: ContiguousArray<Int32> = []
    for (state, action) in policy.enumerated() {
      choices.append(
        try model.choice(.index(Int(action.index)), at: State(state), in: field).index)
    }
    return model.graph(of: choices).reachable(
      from: law.filter { !$0.probability.isZero }.map(\.state))
  }

  /// Values of a policy: given and checked, or by elimination.
  func policyValues(
    _ values: RationalVector?, _ policy: Policy, _ place: Int, _ field: String
  ) throws(CheckFailure) -> RationalVector {
    guard let values else {
      return try PolicyElimination(self, field).values(of: policy, rewards[place])
    }
    try requireCount(values.count, model, field)
    let bellman = BellmanOperator(model: model, reward: rewards[place], discount: discount)
    let entries = values.entries
    for state in 0..<model.stateCount {
      var sum = RationalAccumulator()
      for weighted in policy.choices(at: State(state)) {
        sum.add(bellman.lookahead(weighted.choice, over: entries), times: weighted.probability)
      }
      let expected = sum.value
      guard expected == entries[state] else {
        let (left, right) = shown(entries[state], versus: expected)
        throw .rejected(
          "\(field): at state \(model.name(State(state))) the value \(left) has to be the mean "
            + "\(right) of reward + discount × expected next value under the policy")
      }
    }
    return values
  }

  /// The masses of a policy: given and checked, or by elimination.
  func occupancy(
    of policy: Policy, _ given: OccupancyEntries?, _ field: String
  ) throws(CheckFailure) -> OccupancyEntries {
    guard let given else { return try PolicyElimination(self, field).occupancy(of: policy) }
    try given.requireFlow(in: model, discount: discount, initial: law, "\(field)Occupancy")
    try requireMasses(given, follow: policy, field)
    return given
  }

  /// `x(s,a) = π(a|s) Σ_b x(s,b)`.
  private func requireMasses(
    _ given: OccupancyEntries, follow policy: Policy, _ field: String
  ) throws(CheckFailure) {
    var masses: [Int32: Rational] = [:]
    var totals: [Int32: Rational] = [:]
    for (choice, mass) in given.entries where !mass.isZero {
      masses[choice.index] = mass
      totals[model.state(of: choice).index, default: 0] += mass
    }
    for (choice, mass) in given.entries where !mass.isZero {
      let state = model.state(of: choice)
      let probability =
        policy.choices(at: state).first { $0.choice == choice }?.probability ?? 0
      let isSplit = probability == 1 || mass == probability * (totals[state.index] ?? 0)
      try require(
        isSplit && !probability.isZero,
        "\(field): at state \(model.name(state)) the policy and its occupancy differ")
    }
  }
}
