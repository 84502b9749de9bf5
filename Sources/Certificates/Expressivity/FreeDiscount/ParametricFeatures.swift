// What is here: the features of policies and trajectories as rational functions of the discount.
// Notation: a policy's chain P starts with μ; v_t = μ Pᵗ; the masses are Σ γᵗ v_t = N(γ)/D(γ).
// From v_d = Σ_{i<d} a_i v_i the denominator is D = 1 - Σ a_i γ^{d-i}, and N_j = N_{j-1} P + D_j μ
// ends before j = d. Note: proofs-notes/free-discount.md

import ExactArithmetic
import MarkovDecisionProcesses

/// What a linear reward is multiplied with, for every discount in `[0, 1)` at once.
package struct ParametricFeatures: Sendable {
  /// No root in `[0, 1)`.
  package let denominator: Polynomial
  /// Over the denominator; zeros are left out.
  package let numerators: [RewardCoordinate: Polynomial]

  /// The features of a policy or a trajectory in a formalism that discounts.
  ///
  /// - Complexity: O(d n²) rational operations for a policy that reaches `n` pairs of a machine's
  ///   state and a state, of which the laws of `d` steps are independent.
  package init(
    of behaviour: ExpressTask.Object.Behaviour, in task: ExpressTask,
    progress: ProgressHandler = .none
  ) throws(Interrupted) {
    let features = CheckedFeatures(of: task, discount: 0)
    switch behaviour {
    case .policy(let policy):
      self = try features.parametric(policy, progress)
    case .trajectory(let trajectory):
      self = features.parametric(trajectory)
    }
  }

  init(denominator: Polynomial, numerators: [RewardCoordinate: Polynomial]) {
    self.denominator = denominator
    self.numerators = numerators.filter { !$0.value.isZero }
  }

  /// The features at one discount.
  package func value(at discount: Rational) -> RewardFeatures {
    let scale = denominator.value(at: discount)
    return numerators.mapValues { $0.value(at: discount) / scale }.filter { !$0.value.isZero }
  }
}

// MARK: - Policies

extension CheckedFeatures {
  fileprivate func parametric(
    _ policy: Policy, _ progress: ProgressHandler
  ) throws(Interrupted) -> ParametricFeatures {
    let chain = CheckedChain(of: policy, in: task, machine, letters)
    let denominator = try chain.leastDenominator(progress)
    var numerators: [RewardCoordinate: [Rational]] = [:]
    for (node, masses) in zip(chain.nodes, chain.numerators(over: denominator)) {
      func add(_ factor: Rational, _ coordinate: RewardCoordinate) {
        var sum = numerators[coordinate] ?? Array(repeating: 0, count: masses.count)
        for (exponent, mass) in masses.enumerated() where !mass.isZero {
          sum[exponent] += factor * mass
        }
        numerators[coordinate] = sum
      }
      let choices = policy.choices(at: node.state)
      for weighted in choices {
        let action = task.model.action(of: weighted.choice)
        for (successor, probability) in task.model.transitions(of: weighted.choice) {
          let coordinate = task.rewardSupport.coordinate(
            machine: machine == nil ? nil : node.machine, node.state, action, successor)
          add(weighted.probability * probability, coordinate)
        }
      }
      if task.formalism == .regularised {
        add(-1, .regulariser(ActionLaw(choices, in: task.model)))
      }
    }
    // One factor for all makes whole numbers of them.
    let all = numerators.values.reduce(denominator, +)
    let common = all.reduce(Integer.one) { Integer.lcm($0, $1.denominator) }
    func whole(_ coefficients: [Rational]) -> Polynomial {
      Polynomial(coefficients.map { $0.numerator * common.exactlyDivided(by: $0.denominator) })
    }
    return ParametricFeatures(
      denominator: whole(denominator), numerators: numerators.mapValues(whole))
  }
}

extension CheckedChain {
  /// `row P`.
  private func next(_ row: [Rational]) -> [Rational] {
    var next = [Rational](repeating: 0, count: row.count)
    for (mass, targets) in zip(row, rows) where !mass.isZero {
      for (target, weight) in targets { next[target] += mass * weight }
    }
    return next
  }

  /// `D`: 1, then the coefficients of the least recurrence of the laws `v_t`.
  fileprivate func leastDenominator(_ progress: ProgressHandler) throws(Interrupted) -> [Rational] {
    var echelon = EchelonRows()
    var law = start
    while true {
      try progress.checkpoint()
      if let relation = echelon.insert(law) { return relation.reversed() }
      law = next(law)
    }
  }

  /// For each node the coefficients of its numerator.
  fileprivate func numerators(over denominator: [Rational]) -> [[Rational]] {
    var numerators = [[Rational]](repeating: [], count: nodes.count)
    var last = [Rational](repeating: 0, count: nodes.count)
    // The recurrence says that the coefficient `d` and all after it vanish.
    for coefficient in denominator.dropLast() {
      last = zip(next(last), start).map { $0 + coefficient * $1 }
      for (node, value) in last.enumerated() { numerators[node].append(value) }
    }
    return numerators
  }
}

/// Vectors in echelon form, each with the combination of the inserted ones that it is.
private struct EchelonRows {
  private var rows: [(pivot: Int, vector: [Rational], combination: [Rational])] = []

  /// Takes the vector in, or, if it depends on those before, returns the coefficients of a
  /// vanishing combination of all, its own being 1 and last.
  mutating func insert(_ vector: [Rational]) -> [Rational]? {
    var rest = vector
    var combination = [Rational](repeating: 0, count: rows.count) + [1]
    for row in rows where !rest[row.pivot].isZero {
      let factor = rest[row.pivot]
      for (place, entry) in row.vector.enumerated() where !entry.isZero {
        rest[place] -= factor * entry
      }
      for (place, entry) in row.combination.enumerated() where !entry.isZero {
        combination[place] -= factor * entry
      }
    }
    guard let pivot = rest.firstIndex(where: { !$0.isZero }) else { return combination }
    let scale = rest[pivot]
    rows.append((pivot, rest.map { $0 / scale }, combination.map { $0 / scale }))
    return nil
  }
}

// MARK: - Trajectories

extension CheckedFeatures {
  /// Exact as it stands: a finite sum, and a geometric one for what is repeated.
  fileprivate func parametric(_ trajectory: Trajectory) -> ParametricFeatures {
    var place = machine?.initial
    var paid: [RewardCoordinate] = []
    func follow(_ steps: [Trajectory.Step]) {
      for step in steps {
        paid.append(coordinate(step, place))
        if let machine, let current = place {
          place = machine.step(
            from: current, step.state, step.action, to: step.successor, letters: letters)
        }
      }
    }
    follow(trajectory.steps)
    // What is paid from this step on is repeated for ever.
    var firstRepeated: Int?
    if let cycle = trajectory.cycle {
      var rounds: [Int?: Int] = [:]
      while rounds[place] == nil {
        rounds[place] = paid.count
        follow(cycle)
      }
      firstRepeated = rounds[place]
    }
    let period = firstRepeated.map { paid.count - $0 } ?? 0
    var numerators: [RewardCoordinate: [Integer]] = [:]
    for (step, coordinate) in paid.enumerated() {
      var sum = numerators[coordinate] ?? Array(repeating: 0, count: paid.count + period)
      sum[step] += 1
      if let firstRepeated, step < firstRepeated { sum[step + period] -= 1 }
      numerators[coordinate] = sum
    }
    let denominator =
      period == 0
      ? Polynomial.one
      : Polynomial([1] + [Integer](repeating: 0, count: period - 1) + [-1])
    return ParametricFeatures(
      denominator: denominator, numerators: numerators.mapValues { Polynomial($0) })
  }
}
