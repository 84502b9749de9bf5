import ExactArithmetic

/// How much discounted time a policy spends on each choice, from a law of the first state.
///
/// `x(s,a) = E Σ_t γ^t [S_t = s, A_t = a]`: the measures of all policies, also of those that
/// remember and randomise, are exactly the points `x ≥ 0` with the flow equations
/// `Σ_a x(s,a) − γ Σ_{t,a} p(s|t,a) x(t,a) = μ(s)`, one a state. The total mass is `1/(1−γ)`, and
/// the expected discounted sum of any reward `r` is `r·x`. A value has been checked against its
/// model once, when it was made; it is of use with that model only.
///
/// Source: Puterman, *Markov Decision Processes*, section 6.9; `proofs-notes/occupancy-polytope.md`.
public struct OccupancyMeasure: Sendable {
  /// `γ`, in `[0, 1)`.
  public let discount: Rational
  /// `μ`, the law of the first state.
  public let initial: [(state: State, probability: Rational)]
  /// `x`: one entry a choice, in the model's order.
  public let masses: [Rational]

  /// The measure with these masses, checked to be one.
  ///
  /// - Parameter masses: one entry a choice.
  /// - Throws: ``OccupancyError``.
  /// - Complexity: O(transitions) multiply-adds on numbers as long as the masses.
  public init(
    masses: [Rational], discount: Rational,
    initial: [(state: State, probability: Rational)], in model: FiniteMDP
  ) throws(OccupancyError) {
    guard masses.count == model.choiceCount else {
      throw .choiceCount(given: masses.count, expected: model.choiceCount)
    }
    guard discount.signum >= 0, discount < 1 else { throw .discountOutOfRange(discount) }
    if let choice = masses.firstIndex(where: { $0.signum < 0 }) {
      throw .negativeMass(
        state: model.states[Int(model.choiceStates[choice])],
        action: model.actions[Int(model.choiceActions[choice])], mass: masses[choice])
    }
    self.discount = discount
    self.initial = initial
    self.masses = masses
    try checkFlow(in: model)
  }

  /// The measure that a computation made, already known to be one.
  package init(
    knownMasses masses: [Rational], discount: Rational,
    initial: [(state: State, probability: Rational)]
  ) {
    self.discount = discount
    self.initial = initial
    self.masses = masses
  }

  /// `r·x`: the expected discounted sum of a reward.
  ///
  /// - Parameter reward: the expected reward of each choice.
  public func value(of reward: PooledVector) -> Rational {
    precondition(reward.count == masses.count, "one reward a choice")
    var sum = RationalAccumulator()
    for (choice, mass) in masses.enumerated() where !mass.isZero {
      sum.add(mass, times: reward[choice])
    }
    return sum.value
  }

  /// `Σ_a x(s,a)`: the discounted time at each state, one entry a state.
  public func stateMasses(in model: FiniteMDP) -> [Rational] {
    (0..<model.stateCount).map { state in
      model.choiceRange(at: state).reduce(Rational.zero) { $0 + masses[$1] }
    }
  }

  /// The stationary policy whose measure this is.
  ///
  /// It takes `a` at `s` with probability `x(s,a) / Σ_b x(s,b)`, and the first available action at
  /// a state that is never visited, where any action would do.
  ///
  /// - Complexity: O(choices).
  public func policy(in model: FiniteMDP) throws(PolicyError) -> Policy {
    let visits = stateMasses(in: model)
    var laws: [[(action: Action, probability: Rational)]] = []
    laws.reserveCapacity(model.stateCount)
    for state in 0..<model.stateCount {
      let range = model.choiceRange(at: state)
      guard !visits[state].isZero else {
        laws.append([(model.action(of: Choice(range.lowerBound)), 1)])
        continue
      }
      laws.append(
        range.filter { !masses[$0].isZero }.map {
          (model.action(of: Choice($0)), masses[$0] / visits[state])
        })
    }
    return try Policy(laws: laws, in: model)
  }

  /// How many choices more than one a state the policy of this measure takes: 0 when it is
  /// deterministic wherever it comes.
  public func randomizedChoiceCount(in model: FiniteMDP) -> Int {
    (0..<model.stateCount).reduce(0) { count, state in
      count + max(0, model.choiceRange(at: state).count { !masses[$0].isZero } - 1)
    }
  }

  private func checkFlow(in model: FiniteMDP) throws(OccupancyError) {
    var law = [Rational](repeating: 0, count: model.stateCount)
    for (state, probability) in initial { law[Int(state.index)] += probability }
    let visits = stateMasses(in: model)
    let arrivals = discountedArrivals(in: model)
    for state in 0..<model.stateCount where visits[state] != law[state] + arrivals[state] {
      throw .flow(
        state: model.states[state], visits: visits[state],
        expected: law[state] + arrivals[state])
    }
  }

  /// `γ Σ_{t,a} p(s|t,a) x(t,a)` of each state.
  private func discountedArrivals(in model: FiniteMDP) -> [Rational] {
    let flows = FlowsByState(of: masses, in: model)
    var sum = RationalAccumulator()
    return (0..<model.stateCount).map { state in
      sum.reset()
      for (choice, place) in flows.arrivals(at: state) {
        sum.add(masses[Int(choice)], times: model.probabilityPool[place])
      }
      return discount * sum.value
    }
  }
}

/// The transitions of choices with mass, sorted by successor.
private struct FlowsByState {
  private var offsets: [Int]
  private var entries: [(choice: Int32, place: Int32)]

  init(of masses: [Rational], in model: FiniteMDP) {
    offsets = Array(repeating: 0, count: model.stateCount + 1)
    let used = masses.indices.filter { !masses[$0].isZero }
    for choice in used {
      for transition in model.transitionRange(of: choice) {
        offsets[Int(model.successors[transition]) + 1] += 1
      }
    }
    for state in 0..<model.stateCount { offsets[state + 1] += offsets[state] }
    var next = offsets
    entries = Array(repeating: (0, 0), count: offsets[model.stateCount])
    for choice in used {
      for transition in model.transitionRange(of: choice) {
        let state = Int(model.successors[transition])
        entries[next[state]] = (Int32(choice), model.probabilities[transition])
        next[state] += 1
      }
    }
  }

  func arrivals(at state: Int) -> ArraySlice<(choice: Int32, place: Int32)> {
    entries[offsets[state]..<offsets[state + 1]]
  }
}

/// A rule of occupancy measures that an input breaks. States and actions appear by name.
public enum OccupancyError: Error, Hashable, Sendable {
  case choiceCount(given: Int, expected: Int)
  case discountOutOfRange(Rational)
  case negativeMass(state: String, action: String, mass: Rational)
  /// What is spent at a state is not what arrives there.
  case flow(state: String, visits: Rational, expected: Rational)
}

extension OccupancyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .choiceCount(let given, let expected):
      "there are \(given) masses, but the model has \(expected) choices"
    case .discountOutOfRange(let value):
      "the discount is \(value), but it has to be at least 0 and less than 1"
    case .negativeMass(let state, let action, let mass):
      "the mass of action '\(action)' at state '\(state)' is \(mass), but it must not be negative"
    case .flow(let state, let visits, let expected):
      "the mass at state '\(state)' is \(visits), but \(expected) arrives there"
    }
  }
}
