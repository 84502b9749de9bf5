import ExactArithmetic

/// What to do at each state of a model: one choice, a law over choices, or either of them step by
/// step.
///
/// Checked against its model once, when it is made, so that nothing after it looks for an
/// unavailable action; it is of use with that model only.
public struct Policy: Sendable, Hashable {
  /// A choice with its probability.
  public struct WeightedChoice: Sendable, Hashable {
    public let choice: Choice
    public let probability: Rational

    public init(_ choice: Choice, probability: Rational) {
      self.choice = choice
      self.probability = probability
    }
  }

  public enum Form: Sendable, Hashable {
    /// One choice a state.
    case deterministic([Choice])
    /// For each state the choices of positive probability, ascending.
    case stochastic([[WeightedChoice]])
    /// One stationary policy a step, at least one.
    case nonStationary([Policy])
  }

  public let form: Form

  /// The policy that takes these actions, one a state.
  ///
  /// - Throws: ``PolicyError/stateCount(given:expected:)``,
  ///   ``PolicyError/unavailable(state:action:)``.
  public init(_ actions: [Action], in model: FiniteMDP) throws(PolicyError) {
    try Self.check(actions.count, model)
    var choices: [Choice] = []
    choices.reserveCapacity(actions.count)
    for (state, action) in actions.enumerated() {
      choices.append(try Self.choice(of: action, at: State(state), in: model))
    }
    form = .deterministic(choices)
  }

  /// The policy that draws from these laws, one a state; zeros are dropped.
  ///
  /// - Throws: ``PolicyError`` for a missing state, an unavailable or repeated action, a
  ///   negative probability, or a sum that is not 1.
  public init(
    laws: [[(action: Action, probability: Rational)]], in model: FiniteMDP
  ) throws(PolicyError) {
    try Self.check(laws.count, model)
    var rows: [[WeightedChoice]] = []
    rows.reserveCapacity(laws.count)
    for (state, law) in laws.enumerated() {
      rows.append(try Self.row(law, at: State(state), in: model))
    }
    form = .stochastic(rows)
  }

  /// The policy that takes one stationary policy after the other.
  ///
  /// - Throws: ``PolicyError/noSteps``, ``PolicyError/nestedSteps``.
  public init(steps: [Policy]) throws(PolicyError) {
    guard !steps.isEmpty else { throw .noSteps }
    for step in steps {
      if case .nonStationary = step.form { throw .nestedSteps }
    }
    form = .nonStationary(steps)
  }

  /// The policy that takes every available action with the same probability.
  public static func uniform(in model: FiniteMDP) -> Policy {
    let rows = (0..<model.stateCount).map { state in
      let range = model.choiceRange(at: state)
      return range.map { WeightedChoice(Choice($0), probability: Rational(1, range.count)) }
    }
    return Policy(form: .stochastic(rows))
  }

  /// The policy that takes the first available action everywhere.
  public static func first(in model: FiniteMDP) -> Policy {
    Policy(form: .deterministic(model.choiceOffsets.dropLast().map { Choice(Int($0)) }))
  }

  private init(form: Form) {
    self.form = form
  }
}

extension Policy {
  /// The number of steps of a non-stationary policy, `nil` for a stationary one.
  public var stepCount: Int? {
    if case .nonStationary(let steps) = form { steps.count } else { nil }
  }

  /// The stationary policy at `step`: the policy itself when it is stationary.
  ///
  /// - Precondition: a non-stationary policy has that step.
  public func atStep(_ step: Int) -> Policy {
    if case .nonStationary(let steps) = form { steps[step] } else { self }
  }

  /// The choices that a stationary policy may take at `state`, with positive probabilities.
  ///
  /// - Precondition: the policy is stationary; use ``atStep(_:)`` else.
  public func choices(at state: State) -> [WeightedChoice] {
    switch form {
    case .deterministic(let choices):
      [WeightedChoice(choices[Int(state.index)], probability: 1)]
    case .stochastic(let rows):
      rows[Int(state.index)]
    case .nonStationary:
      preconditionFailure("ask a step of the policy for its choices")
    }
  }

  /// The actions of a deterministic stationary policy, else `nil`.
  public func actions(in model: FiniteMDP) -> [Action]? {
    guard case .deterministic(let choices) = form else { return nil }
    return choices.map { model.action(of: $0) }
  }

  private static func check(_ count: Int, _ model: FiniteMDP) throws(PolicyError) {
    guard count == model.stateCount else {
      throw .stateCount(given: count, expected: model.stateCount)
    }
  }

  private static func choice(
    of action: Action, at state: State, in model: FiniteMDP
  ) throws(PolicyError) -> Choice {
    guard action.index >= 0, Int(action.index) < model.actions.count else {
      throw .noSuchAction(state: model.states[Int(state.index)], index: Int(action.index))
    }
    guard let choice = model.choice(of: action, at: state) else {
      throw .unavailable(
        state: model.states[Int(state.index)], action: model.actions[Int(action.index)])
    }
    return choice
  }

  private static func row(
    _ law: [(action: Action, probability: Rational)], at state: State, in model: FiniteMDP
  ) throws(PolicyError) -> [WeightedChoice] {
    let name = model.states[Int(state.index)]
    var row: [WeightedChoice] = []
    var seen: Set<Action> = []
    var sum = Rational.zero
    for (action, probability) in law {
      let choice = try choice(of: action, at: state, in: model)
      let actionName = model.actions[Int(action.index)]
      guard probability.signum >= 0 else {
        throw .negativeProbability(state: name, action: actionName, value: probability)
      }
      guard seen.insert(action).inserted else {
        throw .actionTwice(state: name, action: actionName)
      }
      sum += probability
      if !probability.isZero { row.append(WeightedChoice(choice, probability: probability)) }
    }
    guard sum == 1 else { throw .sum(state: name, sum: sum) }
    return row.sorted { $0.choice < $1.choice }
  }
}
