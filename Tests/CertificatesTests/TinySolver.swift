import ExactArithmetic
import MarkovDecisionProcesses

/// Exact answers for tiny models, by means that share no code with the package's solvers.
enum TinySolver {
  struct Answer {
    var values: [Rational]
    /// One optimal action a state.
    var policy: [Action]
    /// All optimal actions of each state.
    var optimalActions: [[Action]]
  }

  /// The best of all deterministic policies, each solved by elimination.
  static func solve(
    _ model: FiniteMDP, _ reward: PooledVector, discount: Rational, _ direction: Direction
  ) -> Answer {
    let sign: Rational = direction == .maximize ? 1 : -1
    var best: [Rational]?
    var policy = (0..<model.stateCount).map { model.choiceRange(at: $0).lowerBound }
    repeat {
      let values = evaluate(model, reward, discount, policy)
      if let current = best {
        best = zip(current, values).map { sign * $0 >= sign * $1 ? $0 : $1 }
      } else {
        best = values
      }
    } while advance(&policy, model)
    let values = best ?? []
    let optimal = (0..<model.stateCount).map { s in
      model.choiceRange(at: s).filter {
        lookahead(model, reward, discount, $0, RationalVector(values)) == values[s]
      }.map { model.action(of: Choice($0)) }
    }
    return Answer(values: values, policy: optimal.map { $0[0] }, optimalActions: optimal)
  }

  /// Solves `v = r + γ P v` for the policy that takes these choices.
  static func evaluate(
    _ model: FiniteMDP, _ reward: PooledVector, _ discount: Rational, _ policy: [Int]
  ) -> [Rational] {
    let n = model.stateCount
    var a = policy.enumerated().map { s, choice in
      var row = [Rational](repeating: 0, count: n + 1)
      row[s] = 1
      row[n] = reward[choice]
      for (t, p) in model.transitions(of: Choice(choice)) {
        row[Int(t.index)] -= discount * p
      }
      return row
    }
    // The matrix is strictly diagonally dominant, and stays so: no pivot is zero.
    for pivot in 0..<n {
      let inverse = 1 / a[pivot][pivot]
      for k in pivot...n { a[pivot][k] *= inverse }
      for other in 0..<n where other != pivot && !a[other][pivot].isZero {
        let factor = a[other][pivot]
        for k in pivot...n { a[other][k] -= factor * a[pivot][k] }
      }
    }
    return a.map { $0[n] }
  }

  /// Backward induction: `horizon + 1` vectors and `horizon` policies.
  static func solve(
    _ model: FiniteMDP, _ reward: PooledVector, horizon: Int, discount: Rational,
    _ direction: Direction
  ) -> (values: [[Rational]], optimalActions: [[[Action]]]) {
    var values = [[Rational](repeating: 0, count: model.stateCount)]
    var actions: [[[Action]]] = []
    for _ in 0..<horizon {
      let next = RationalVector(values[0])
      let q = (0..<model.choiceCount).map { lookahead(model, reward, discount, $0, next) }
      let now = (0..<model.stateCount).map { s in
        let range = model.choiceRange(at: s)
        return direction == .maximize ? q[range].max() ?? 0 : q[range].min() ?? 0
      }
      actions.insert(
        (0..<model.stateCount).map { s in
          model.choiceRange(at: s).filter { q[$0] == now[s] }.map { model.action(of: Choice($0)) }
        }, at: 0)
      values.insert(now, at: 0)
    }
    return (values, actions)
  }

  /// The next policy; `false` after the last.
  private static func advance(_ policy: inout [Int], _ model: FiniteMDP) -> Bool {
    for s in policy.indices {
      let range = model.choiceRange(at: s)
      policy[s] += 1
      if policy[s] < range.upperBound { return true }
      policy[s] = range.lowerBound
    }
    return false
  }
}
