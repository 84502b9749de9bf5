import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

extension BruteForce {
  /// A true answer with everything that its certificate needs.
  struct Total {
    var level: [Int?]
    /// `nil` where the value is infinite.
    var values: [Rational?]
    var policy: [Int?]
    var distance: [Int?]
    var ray: (policy: [Int], gain: [Rational], bias: [Rational])?
  }

  /// The rounds of the search for states from which the goal can be reached almost surely.
  private func levels() -> [Int?] {
    var level = [Int?](repeating: nil, count: model.stateCount)
    for round in 0...model.stateCount {
      let isLeft = level.map { $0 == nil }
      var near = zip(isGoal, isLeft).map { $0 && $1 }
      for _ in 0..<model.stateCount {
        for state in near.indices where isLeft[state] && !near[state] {
          near[state] = model.choiceRange(at: state).contains { choice in
            row(choice).allSatisfy { isLeft[$0.successor] }
              && row(choice).contains { near[$0.successor] }
          }
        }
      }
      for state in near.indices where isLeft[state] && !near[state] { level[state] = round }
    }
    return level
  }

  func total() -> Total {
    let n = model.stateCount
    let level = levels()
    let allowed = (0..<n).map { state in
      let all = Array(model.choiceRange(at: state))
      let safe = all.filter { row($0).allSatisfy { level[$0.successor] == nil } }
      return level[state] != nil || isGoal[state] ? [all[0]] : safe
    }
    let all = policies(allowed: allowed)
    let averages = all.map { (policy: $0, value: evaluate($0, stopsAtGoal: true)) }
    // Where the goal is out of reach nothing counts.
    let gains = averages.map { average in
      (0..<n).map { level[$0] == nil ? average.value.gain[$0] : 0 }
    }
    let bestGain = Self.best(gains)
    let isUnbounded = (0..<n).map { level[$0] == nil && bestGain[$0].signum > 0 }
    let proper = all.filter { policy in
      let probabilities = reachability(policy)
      return (0..<n).allSatisfy { level[$0] != nil || probabilities[$0] == 1 }
    }
    let isFinite = (0..<n).map { level[$0] == nil && !isUnbounded[$0] }
    let sums = proper.map { policy in
      let value = evaluate(policy, stopsAtGoal: true)
      // A proper policy has gain 0, and its bias, 0 on the goal, is its total reward.
      return (0..<n).map { isFinite[$0] && !isGoal[$0] ? value.bias[$0] : 0 }
    }
    let best = Self.best(sums)
    let policy = zip(proper, sums).first { $0.1 == best }?.0 ?? []
    let steps = distances(policy)
    let kappa = zip(averages, gains).first { $0.1 == bestGain }?.0
    return Total(
      level: level, values: (0..<n).map { isFinite[$0] ? sign * best[$0] : nil },
      policy: (0..<n).map { level[$0] == nil && !isGoal[$0] ? policy[$0] : nil },
      distance: (0..<n).map { level[$0] == nil ? steps[$0] : nil },
      ray: isUnbounded.contains(true)
        ? kappa.map { (kappa) in
          let clear = { (vector: [Rational]) in
            (0..<n).map { isGoal[$0] || level[$0] != nil ? 0 : sign * vector[$0] }
          }
          return (kappa.policy, clear(kappa.value.gain), clear(kappa.value.bias))
        } : nil)
  }

  func totalCertificate(_ direction: Direction) -> TotalCertificate {
    let answer = total()
    let (improper, unbounded): (Divergence, Divergence) =
      direction == .maximize ? (.negative, .positive) : (.positive, .negative)
    return TotalCertificate(
      objective: TotalObjective(direction: direction, reward: "main", goal: "goal"),
      divergence: (0..<model.stateCount).map { state in
        if answer.level[state] != nil { return improper }
        return answer.values[state] == nil ? unbounded : .finite
      },
      values: .exact(RationalVector(answer.values.map { $0 ?? 0 })),
      policy: answer.policy.map { $0.map { model.action(of: Choice($0)) } },
      distance: answer.distance, level: answer.level,
      ray: answer.ray.map { ray in
        TotalCertificate.Ray(
          policy: (0..<model.stateCount).map {
            isGoal[$0] || answer.level[$0] != nil
              ? nil : model.action(of: Choice(ray.policy[$0]))
          }, gain: RationalVector(ray.gain), bias: RationalVector(ray.bias))
      })
  }
}
