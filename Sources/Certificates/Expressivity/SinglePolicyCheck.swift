// What is here: the check of a reward for one acceptable policy g among all deterministic ones, by the
// comparison with its neighbours (`proofs-notes/fringe.md`).
// Notation: M = (I − γP_g)⁻¹; f takes a at s and acts like g elsewhere; d = discounted visits;
// V = the value of g. J(f) = J(g) + d_f(s) A(s,a) with A(s,a) = r(s,a) + γ P_a V − V(s) and
// d_f(s) = d_g(s) / (1 − γ (P_a − P_g) M e_s); d_f − d_g = γ d_f(s) (P_a − P_g) M.

import ExactArithmetic
import MarkovDecisionProcesses

/// One acceptable policy with the inverse that all of its neighbours' values follow from.
struct SinglePolicyCheck {
  let policy: ExpressTask.Object.Behaviour
  private let check: ExpressCheck
  private let discount: Rational
  private let actions: [Action]
  private let inverse: ChainInverse
  /// `d_g`, one a state.
  private let visits: [Rational]
  private var task: ExpressTask { check.task }
  private var model: FiniteMDP { check.task.model }

  /// - Returns: `nil` for any other task, and where the inverse is out of reach.
  init?(of check: ExpressCheck, discount: Rational) throws(CheckFailure) {
    let task = check.task
    guard task.kind == .policySet, task.formalism == .markovReward, task.candidates == nil,
      task.acceptable.count == 1
    else { return nil }
    try self.init(of: check, discount: discount, place: task.acceptable[0])
  }

  /// The object at `place`, a deterministic policy.
  ///
  /// - Returns: `nil` where the inverse is out of reach.
  init?(
    of check: ExpressCheck, discount: Rational, place: Int
  ) throws(CheckFailure) {
    let task = check.task
    guard task.model.stateCount <= 3_000,
      case .policy(let policy) = task.objects[place].behaviour,
      let actions = policy.actions(in: task.model)
    else { return nil }
    self.check = check
    self.discount = discount
    self.actions = actions
    self.policy = .policy(policy)
    var rows: [[(target: Int, weight: Rational)]] = []
    for (state, action) in actions.enumerated() {
      guard let choice = task.model.choice(of: action, at: State(state)) else { return nil }
      rows.append(
        discount.isZero
          ? []
          : task.model.transitions(of: choice).map {
            (target: Int($0.successor.index), weight: discount * $0.probability)
          })
    }
    let inverse = try ChainInverse(
      rows: rows, discount: discount,
      checkpoint: { () throws(CheckFailure) in
        try check.checkpoint()
      })
    guard let inverse else { return nil }
    self.inverse = inverse
    let law = task.initial ?? []
    visits = inverse.columns.map { column in
      var sum = RationalAccumulator()
      for (state, probability) in law {
        sum.add(Rational(column[Int(state.index)]), times: probability)
      }
      return sum.value / Rational(inverse.denominator)
    }
  }

  // MARK: - Neighbours

  /// The actions of the policy that takes `choice` at its state.
  private func changed(_ choice: Choice) -> [Action] {
    var changed = actions
    changed[Int(model.state(of: choice).index)] = model.action(of: choice)
    return changed
  }

  /// `d_f(s)` of the policy that takes `choice` at its state.
  private func neighbourVisits(_ choice: Choice) -> Rational {
    let state = Int(model.state(of: choice).index)
    let column = inverse.columns[state]
    var change = RationalAccumulator()
    for (target, weight) in step(choice) { change.add(Rational(column[target]), times: weight) }
    return visits[state] / (1 - change.value / Rational(inverse.denominator))
  }

  /// `γ (P_a − P_g)(s, ·)`.
  private func step(_ choice: Choice) -> [(target: Int, weight: Rational)] {
    let state = model.state(of: choice)
    var row: [Int: Rational] = [:]
    for (successor, probability) in model.transitions(of: choice) {
      row[Int(successor.index), default: 0] += discount * probability
    }
    if let own = model.choice(of: actions[Int(state.index)], at: state) {
      for (successor, probability) in model.transitions(of: own) {
        row[Int(successor.index), default: 0] -= discount * probability
      }
    }
    return row.filter { !$0.value.isZero }.map { ($0.key, $0.value) }
  }

  // MARK: - A reward

  /// The least difference to a neighbour, `printed` if that is it, and the value of the policy.
  ///
  /// - Parameter acceptable: neighbours that do not count.
  func leastMargin(
    _ reward: RewardFeatures, printed: Rational?, excluding acceptable: Set<[Action]> = []
  ) throws(CheckFailure) -> (least: Rational?, value: Rational) {
    let pay = (0..<model.choiceCount).map { self.pay(Choice($0), reward) }
    let own = actions.enumerated().map { state, action in
      model.choice(of: action, at: State(state)).map { pay[Int($0.index)] } ?? 0
    }
    let scale = pay.reduce(Integer.one) {
      $1.denominator.divides($0) ? $0 : Integer.lcm($0, $1.denominator)
    }
    let values = try self.values(own, scale)
    // Over D·scale.
    let common = inverse.denominator * scale
    var isAttained = false
    var isBelow = false
    var differences: [(advantage: Integer, scale: Integer, visits: Rational)] = []
    var sum = Accumulator()
    for index in 0..<model.choiceCount {
      let choice = Choice(index)
      let state = Int(model.state(of: choice).index)
      if model.action(of: choice) == actions[state] || acceptable.contains(changed(choice)) {
        continue
      }
      try check.checkpoint()
      let transitions = model.transitions(of: choice).map {
        (target: Int($0.successor.index), weight: discount * $0.probability)
      }
      let row = transitions.reduce(Integer.one) { Integer.lcm($0, $1.weight.denominator) }
      sum.reset()
      sum.add(numerator(pay[index], scale) * inverse.denominator, times: row)
      for (target, weight) in transitions {
        sum.add(
          values[target], times: weight.numerator * row.exactlyDivided(by: weight.denominator))
      }
      sum.subtract(values[state], times: row)
      let entry = (advantage: sum.value, scale: common * row, visits: neighbourVisits(choice))
      differences.append(entry)
      guard let printed else { continue }
      // J(g) − J(f) against the margin, without a gcd.
      let left = -entry.advantage * entry.visits.numerator * printed.denominator
      let right = printed.numerator * entry.scale * entry.visits.denominator
      if left == right { isAttained = true } else if left < right { isBelow = true }
    }
    var value = RationalAccumulator()
    for (state, probability) in task.initial ?? [] {
      value.add(Rational(values[Int(state.index)]), times: probability)
    }
    let start = value.value / Rational(common)
    if isAttained, !isBelow { return (printed, start) }
    let least = differences.lazy.map {
      Rational(-$0.advantage, $0.scale) * $0.visits
    }.min()
    return (least, start)
  }

  /// The values over `D · scale`: from the top where rewards are longer than the inverse; else
  /// rewards −1, 0 and 1 are added up with short numbers first.
  private func values(_ own: [Rational], _ scale: Integer) throws(CheckFailure) -> [Integer] {
    if scale.bitLength > inverse.denominator.bitLength,
      let values = try inverse.product(
        with: own.map { numerator($0, scale) }, discount: discount,
        checkpoint: { () throws(CheckFailure) in
          try check.checkpoint()
        })
    {
      return values
    }
    let words = own.map { $0.isInteger ? $0.numerator.word : nil }
    let long = own.indices.filter { words[$0] == nil }
    let numerators = long.map { numerator(own[$0], scale) }
    var values: [Integer] = []
    var sum = Accumulator()
    for state in own.indices {
      try check.checkpoint()
      sum.reset()
      for (other, word) in words.enumerated() {
        if let word, word != 0 { sum.add(inverse.columns[other][state], times: word) }
      }
      sum.multiply(by: scale)
      for (other, numerator) in zip(long, numerators) {
        sum.add(numerator, times: inverse.columns[other][state])
      }
      values.append(sum.value)
    }
    return values
  }

  private func numerator(_ value: Rational, _ scale: Integer) -> Integer {
    value.isZero ? 0 : value.numerator * scale.exactlyDivided(by: value.denominator)
  }

  private func pay(_ choice: Choice, _ reward: RewardFeatures) -> Rational {
    parts(choice).reduce(Rational.zero) { sum, part in
      reward[part.coordinate].map { sum + $0 * part.weight } ?? sum
    }
  }

  /// The unknowns that pay for a choice.
  private func parts(_ choice: Choice) -> [(coordinate: RewardCoordinate, weight: Rational)] {
    let (state, action) = (model.state(of: choice), model.action(of: choice))
    guard task.rewardSupport == .transition else {
      return [(task.rewardSupport.coordinate(machine: nil, state, action, state), 1)]
    }
    return model.transitions(of: choice).map {
      (.entry(machine: nil, state: state, action: action, successor: $0.successor), $0.probability)
    }
  }

  // MARK: - Multipliers

  /// `Σ λ_k (φ(g) − φ(f_k))` for requirements between the policy and neighbours, else `nil`.
  func combination(
    _ weighted: [(requirement: CheckedRequirement, multiplier: Rational)]
  ) throws(CheckFailure) -> RewardFeatures? {
    // `Σ λ_k γ d_f(s) (P_a − P_g)`, and `Σ λ_k d_f(s)` at each state and choice.
    var change = [Rational](repeating: 0, count: model.stateCount)
    var stopped = change
    var taken = [Rational](repeating: 0, count: model.choiceCount)
    for (requirement, multiplier) in weighted {
      guard requirement.relation == .greater, requirement.left == policy,
        let choice = changedChoice(requirement.right)
      else { return nil }
      let amount = multiplier * neighbourVisits(choice)
      for (target, weight) in step(choice) { change[target] += amount * weight }
      stopped[Int(model.state(of: choice).index)] += amount
      taken[Int(choice.index)] += amount
    }
    var sum: RewardFeatures = [:]
    func add(_ amount: Rational, _ choice: Choice) {
      for part in parts(choice) where !amount.isZero {
        sum[part.coordinate, default: 0] += amount * part.weight
      }
    }
    let scale = change.reduce(Integer.one) {
      $1.denominator.divides($0) ? $0 : Integer.lcm($0, $1.denominator)
    }
    let numerators = change.map { numerator($0, scale) }
    var product = Accumulator()
    for (state, action) in actions.enumerated() {
      try check.checkpoint()
      product.reset()
      for (other, numerator) in numerators.enumerated() where !numerator.isZero {
        product.add(numerator, times: inverse.columns[state][other])
      }
      if let own = model.choice(of: action, at: State(state)) {
        add(stopped[state] - Rational(product.value, scale * inverse.denominator), own)
      }
    }
    for (index, amount) in taken.enumerated() { add(-amount, Choice(index)) }
    return sum.filter { !$0.value.isZero }
  }

  /// The one choice in which a policy differs from the acceptable one.
  private func changedChoice(_ other: ExpressTask.Object.Behaviour) -> Choice? {
    guard case .policy(let policy) = other, let others = policy.actions(in: model) else {
      return nil
    }
    let changed = actions.indices.filter { actions[$0] != others[$0] }
    guard changed.count == 1, let state = changed.first else { return nil }
    return model.choice(of: others[state], at: State(state))
  }
}
