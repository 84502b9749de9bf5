import ExactArithmetic

extension FiniteMDP {
  /// The law of the successor of `state` under a stationary policy: positive probabilities,
  /// successors ascending.
  ///
  /// - Complexity: O(transitions of the state, sorted).
  public func chainRow(
    of policy: Policy, at state: State
  ) -> [(successor: State, probability: Rational)] {
    successorLaw(of: policy.choices(at: state))
  }

  /// The law of the successor when the choice at a state is drawn from `law`: positive
  /// probabilities, successors ascending.
  func successorLaw(
    of law: [Policy.WeightedChoice]
  ) -> [(successor: State, probability: Rational)] {
    var sums: [State: Rational] = [:]
    for weighted in law {
      for (successor, probability) in transitions(of: weighted.choice) {
        sums[successor, default: 0] += weighted.probability * probability
      }
    }
    return sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The expected reward of one step from each state under a stationary policy.
  ///
  /// - Parameter reward: one entry a choice.
  public func chainReward(of policy: Policy, reward: PooledVector) -> RationalVector {
    RationalVector(
      (0..<stateCount).map { state in
        policy.choices(at: State(state)).reduce(Rational.zero) { sum, weighted in
          sum + weighted.probability * reward[Int(weighted.choice.index)]
        }
      })
  }
}
