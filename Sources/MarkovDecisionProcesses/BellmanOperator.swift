import ExactArithmetic

/// One step of lookahead on a model, exactly: the reference that everything faster is held to.
///
/// Notation: `r(s,a)` expected reward of a choice, `γ` the discount (here 0 ≤ γ ≤ 1, so that
/// finite horizons use it too), `v` one entry a state, `q(s,a) = r(s,a) + γ Σ_t p(t|s,a) v(t)`.
///
/// Source: M. L. Puterman, *Markov Decision Processes*, 1994, sections 4.3 and 6.2.
public struct BellmanOperator: Sendable {
  public let model: FiniteMDP
  /// The expected reward of each choice.
  public let reward: PooledVector
  public let discount: Rational
  public let direction: Direction

  /// - Precondition: `reward` has one entry a choice, `discount` lies in `[0, 1]`.
  public init(
    model: FiniteMDP, reward: PooledVector, discount: Rational,
    direction: Direction = .maximize
  ) {
    precondition(reward.count == model.choiceCount, "one reward a choice")
    precondition(discount.signum >= 0 && discount <= 1, "the discount is between 0 and 1")
    self.model = model
    self.reward = reward
    self.discount = discount
    self.direction = direction
  }

  /// The operator of a reward function.
  public init(
    model: FiniteMDP, reward: RewardFunction, discount: Rational,
    direction: Direction = .maximize
  ) {
    self.init(
      model: model, reward: reward.expected(in: model), discount: discount,
      direction: direction)
  }

  /// `q(s,a)` of one choice.
  ///
  /// - Complexity: O(successors of the choice).
  public func lookahead(_ choice: Choice, over values: [Rational]) -> Rational {
    let index = Int(choice.index)
    var mean = Rational.zero
    for transition in model.transitionRange(of: index) {
      let probability = model.probabilityPool[model.probabilities[transition]]
      mean += probability * values[Int(model.successors[transition])]
    }
    return reward[index] + discount * mean
  }

  /// `q`: one entry a choice.
  public func qValues(of values: RationalVector) -> [Rational] {
    let entries = checked(values)
    return (0..<model.choiceCount).map { lookahead(Choice($0), over: entries) }
  }

  /// `q(s,a) - v(s)`: one entry a choice. For the values of a policy it is the policy's
  /// advantage; for optimal values of a maximisation it is nowhere positive.
  public func advantage(of values: RationalVector) -> [Rational] {
    let entries = checked(values)
    return (0..<model.choiceCount).map {
      lookahead(Choice($0), over: entries) - entries[Int(model.choiceStates[$0])]
    }
  }

  /// `Tv(s) = max_a q(s,a)`, or `min`.
  public func applied(to values: RationalVector) -> RationalVector {
    let q = qValues(of: values)
    return RationalVector((0..<model.stateCount).map { best(of: q, at: $0) })
  }

  /// For each state all actions that attain ``applied(to:)``, in model order.
  public func greedyActions(for values: RationalVector) -> [[Action]] {
    let q = qValues(of: values)
    return (0..<model.stateCount).map { state in
      let best = best(of: q, at: state)
      return model.choiceRange(at: state).filter { q[$0] == best }.map {
        model.action(of: Choice($0))
      }
    }
  }

  /// `T_π v(s) = Σ_a π(a|s) q(s,a)` for a stationary policy: the operator whose fixed point is
  /// the value of the policy.
  public func applied(to values: RationalVector, policy: Policy) -> RationalVector {
    let entries = checked(values)
    return RationalVector(
      (0..<model.stateCount).map { state in
        policy.choices(at: State(state)).reduce(Rational.zero) { sum, weighted in
          sum + weighted.probability * lookahead(weighted.choice, over: entries)
        }
      })
  }

  /// Whether `values` solve `v = Tv`: for a discount below 1 they are the optimal values then.
  public func isFixedPoint(_ values: RationalVector) -> Bool {
    applied(to: values) == values
  }

  /// The values of `policy` over its steps, the last step followed by `terminal`; a stationary
  /// policy is taken for `horizon` steps.
  ///
  /// - Returns: `horizon + 1` vectors; entry `t` has `horizon - t` steps to go.
  /// - Precondition: a non-stationary policy has `horizon` steps at least.
  public func stepValues(
    of policy: Policy, horizon: Int, terminal: RationalVector
  ) -> [RationalVector] {
    var values = [terminal]
    for step in (0..<horizon).reversed() {
      values.append(applied(to: values[values.count - 1], policy: policy.atStep(step)))
    }
    return values.reversed()
  }

  private func best(of q: [Rational], at state: Int) -> Rational {
    let range = model.choiceRange(at: state)
    var best = q[range.lowerBound]
    for choice in range.dropFirst() {
      let isBetter =
        switch direction {
        case .maximize: q[choice] > best
        case .minimize: q[choice] < best
        }
      if isBetter { best = q[choice] }
    }
    return best
  }

  private func checked(_ values: RationalVector) -> [Rational] {
    precondition(values.count == model.stateCount, "one value a state")
    return values.entries
  }
}
