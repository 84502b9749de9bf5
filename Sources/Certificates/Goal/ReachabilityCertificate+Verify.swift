import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

// Statement: `lower ≤ opt Pr(reach the goal) ≤ upper`, and the policy guarantees the lower (for
// `minimize` the upper) bound. Proof: `proofs-notes/reachability-certificate.md`.

extension ReachabilityCertificate {
  /// Checks every condition of the certificate on `model`, without solving anything.
  ///
  /// - Complexity: linear in the model and the certificate, times the length of the numbers.
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      .accepted(
        statement: try proof(in: model, progress).sentence(in: model), warnings: [])
    }
  }

  func proof(
    in model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) -> UndiscountedProof {
    let isGoal = try model.goalStates(objective.goal)
    try values.requireCounts(model)
    try requireCount(distance.count, model, "distance")
    let choices = try model.choices(of: policy, "policy")
    let check = ReachabilityCheck(
      certificate: self, rows: UndiscountedRows(model, reward: nil, progress), isGoal: isGoal,
      choices: choices)
    return UndiscountedProof(
      direction: objective.direction, values: values, isGoal: isGoal,
      steps: [UndiscountedProof.Step(policy: choices, isOptimal: try check.run())],
      provesEveryOptimalAction: objective.direction == .minimize,
      statement: statement)
  }

  private var statement: String {
    let title = objective.title
    switch values {
    case .exact:
      return "the values are \(title), exactly, at every state, and the policy attains them"
    case .enclosed:
      let bound = objective.direction == .maximize ? "lower" : "upper"
      return "\(title) lies between lower and upper at every state, and the policy guarantees "
        + "the \(bound) bound"
    }
  }
}

extension ReachabilityObjective {
  /// How the objective is called in a statement.
  var title: String {
    "the \(direction.adjective) probability of reaching the label \(excerpt(goal))"
  }
}

/// The conditions, state by state, in the order in which the note lists them.
private struct ReachabilityCheck {
  let certificate: ReachabilityCertificate
  let rows: UndiscountedRows
  let isGoal: [Bool]
  let choices: [Choice?]

  private var model: FiniteMDP { rows.model }
  private var distance: [Int?] { certificate.distance }

  /// - Returns: for each choice whether it attains the equation, if the values are exact.
  func run() throws(CheckFailure) -> ContiguousArray<Bool>? {
    let (lower, upper) = certificate.values.bounds
    let isExact = certificate.values.isExact
    let upperSigns = try rows.slackSigns(upper.vector)
    let lowerSigns = isExact ? upperSigns : try rows.slackSigns(lower.vector)
    var isOptimal = ContiguousArray(repeating: false, count: model.choiceCount)
    for state in 0..<model.stateCount {
      try requireRange(state, lower, upper)
      if isGoal[state] { continue }
      guard let chosen = choices[state].map({ Int($0.index) }) else {
        throw .rejected(
          "policy: the state \(model.name(State(state))), which is no goal, has no entry")
      }
      let all = model.choiceRange(at: state)
      let own = chosen..<chosen + 1
      let isMaximum = certificate.objective.direction == .maximize
      for choice in isMaximum ? all : own where upperSigns[choice] > 0 {
        throw rows.failure(upper.names, upper.vector, "at least", choice)
      }
      let isPositive = lower.vector.sign(at: state) > 0
      for choice in isMaximum ? own : all {
        if isPositive, lowerSigns[choice] < 0 {
          throw rows.failure(lower.names, lower.vector, "at most", choice)
        }
        try requireDescent(choice)
      }
      if isExact { for choice in all { isOptimal[choice] = upperSigns[choice] == 0 } }
    }
    return isExact ? isOptimal : nil
  }

  /// Bounds within their range, and a distance that fits the goal and the lower bound.
  private func requireRange(
    _ state: Int, _ lower: NamedVector, _ upper: NamedVector
  ) throws(CheckFailure) {
    let place = "at state \(model.name(State(state)))"
    let low = lower.vector.fraction(state)
    guard low.numerator.signum >= 0, low.numerator <= low.denominator else {
      throw .rejected(
        "\(place): \(lower.name) = \(shown(lower.vector[state])) has to be a probability")
    }
    guard upper.vector.sign(at: state) >= 0 else {
      throw .rejected(
        "\(place): \(upper.name) = \(shown(upper.vector[state])) has to be at least 0")
    }
    let high = upper.vector.fraction(state)
    guard !isGoal[state] || high.numerator >= high.denominator else {
      throw .rejected(
        "\(place), which is a goal: \(upper.name) = \(shown(upper.vector[state])) has to be "
          + "at least 1")
    }
    if case .enclosed = certificate.values, !lower.vector.isAtMost(upper.vector, at: state) {
      let (left, right) = shown(lower.vector[state], versus: upper.vector[state])
      throw .rejected("\(place): lower = \(left) has to be at most upper = \(right)")
    }
    try model.requireGoalDistance(distance[state], isGoal[state], at: state)
    if distance[state] == nil, lower.vector.sign(at: state) > 0 {
      throw .rejected(
        "\(place): \(lower.name) = \(shown(lower.vector[state])) has to be 0, since the distance "
          + "to the goal is inf")
    }
  }

  /// A finite distance falls at some successor.
  private func requireDescent(_ choice: Int) throws(CheckFailure) {
    let state = Int(model.choiceStates[choice])
    guard let own = distance[state] else { return }
    guard rows.reaches(choice, where: { distance[$0].map { $0 < own } ?? false }) else {
      throw .rejected(
        model.place(of: choice) + ": no successor has a distance less than \(own)")
    }
  }
}

extension FiniteMDP {
  /// Checks that a distance is 0 exactly at the goal, and never negative.
  func requireGoalDistance(
    _ distance: Int?, _ isGoal: Bool, at state: Int
  ) throws(CheckFailure) {
    let found = distance.map { "\($0)" } ?? "inf"
    try require(
      (distance == 0) == isGoal,
      "distance: at state \(name(State(state))), which is \(isGoal ? "a" : "no") goal, it is "
        + "\(found), but it has to be 0 exactly at the goal")
    try require(
      distance ?? 0 >= 0,
      "distance: at state \(name(State(state))) it is \(found), but it must not be negative")
  }
}
