import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// How well a law over choices covers what policies visit: the largest ratio of occupancies.
public enum Coverage {
  /// `max d(s,a)/μ(s,a)` over choices, for the normalised occupancy `(1 - γ) d`; `nil` where
  /// something is visited that the data never show.
  ///
  /// - Parameter data: `μ`, one entry a choice.
  public static func coefficient(
    of measure: OccupancyMeasure, data: [Rational]
  ) -> Rational? {
    precondition(data.count == measure.masses.count, "one entry a choice")
    var largest = Rational.zero
    for (mass, weight) in zip(measure.masses, data) where !mass.isZero {
      if weight.isZero { return nil }
      largest = max(largest, (1 - measure.discount) * mass / weight)
    }
    return largest
  }

  /// The largest coefficient of any policy, with the choice at which it is attained: for each
  /// choice the most that a policy can visit it, from one exact solve.
  ///
  /// - Returns: `nil` where some policy visits what the data never show.
  /// - Throws: ``Interrupted``, and what solving throws.
  /// - Complexity: one discounted solve a choice.
  public static func concentrability(
    in model: FiniteMDP, discount: Rational, initial: [(state: State, probability: Rational)],
    data: [Rational], progress: ProgressHandler = .none
  ) throws -> (coefficient: Rational, choice: Choice)? {
    precondition(data.count == model.choiceCount, "one entry a choice")
    var best: (coefficient: Rational, choice: Choice)?
    for choice in 0..<model.choiceCount {
      try progress.checkpoint()
      let (state, action) = (model.state(of: Choice(choice)), model.action(of: Choice(choice)))
      let visits = RewardFunction(summing: [
        RewardFunction.Entry(state: state, action: action, value: 1)
      ])
      let counting = try model.replacingRewards([("visits", visits)])
      var options = SolverOptions()
      options.progress = progress
      let problem = try DiscountedProblem(
        model: counting, reward: "visits", discount: discount, initial: initial)
      let solution = try solve(problem, options: options)
      guard case .exact(let most)? = solution.initialValue else {
        throw BoundError.cannotEvaluate(reason: "the largest occupancy was not found exactly")
      }
      if most.isZero { continue }
      if data[choice].isZero { return nil }
      let coefficient = (1 - discount) * most / data[choice]
      if best.map({ coefficient > $0.coefficient }) ?? true {
        best = (coefficient, Choice(choice))
      }
    }
    return best
  }
}

/// How fast a chain forgets its start: exact total-variation distances to its stationary law.
public struct MixingProfile: Sendable {
  /// The stationary law, one entry a state; 0 at transient ones.
  public let stationary: [Rational]
  /// Entry `t`: `max_s ½ Σ_j |P^t(s,j) - q(j)|`, from `t = 0` on; it never increases.
  public let distances: [Rational]

  /// - Parameters:
  ///   - policy: deterministic.
  ///   - steps: the last `t`.
  /// - Throws: ``BoundError/unfit(place:problem:)`` for a chain with several recurrent classes,
  ///   which never forgets; ``Interrupted``.
  /// - Complexity: O(steps × states × transitions) on numbers that grow with `t`.
  public init(
    of policy: Policy, in model: FiniteMDP, steps: Int, progress: ProgressHandler = .none
  ) throws {
    let analysis = ChainAnalysis(of: policy, in: model)
    guard let states = analysis.classes.classes.first, analysis.classes.isUnichain else {
      throw BoundError.unfit(
        place: "policy",
        problem: "its chain has \(analysis.classes.classes.count) recurrent classes, and so no law"
          + " that it tends to")
    }
    var stationary = [Rational](repeating: 0, count: model.stateCount)
    for (state, mass) in zip(states, try analysis.stationaryLaws(progress: progress)[0]) {
      stationary[Int(state.index)] = mass
    }
    let rows = (0..<model.stateCount).map { model.chainRow(of: policy, at: State($0)) }
    var laws: [[State: Rational]] = (0..<model.stateCount).map { [State($0): 1] }
    var distances: [Rational] = []
    for step in 0...max(steps, 0) {
      try progress.checkpoint()
      if step > 0 {
        laws = laws.map { law in
          var next: [State: Rational] = [:]
          for (state, mass) in law {
            for (successor, probability) in rows[Int(state.index)] {
              next[successor, default: 0] += mass * probability
            }
          }
          return next
        }
      }
      distances.append(laws.map { Self.distance($0, stationary) }.max() ?? 0)
    }
    (self.stationary, self.distances) = (stationary, distances)
  }

  /// The least `t` among those computed at which the distance is at most `threshold`.
  public func mixingTime(threshold: Rational = Rational(1, 4)) -> Int? {
    distances.firstIndex { $0 <= threshold }
  }

  private static func distance(_ law: [State: Rational], _ other: [Rational]) -> Rational {
    var sum = Rational.zero
    for state in other.indices { sum += ((law[State(state)] ?? 0) - other[state]).magnitude }
    return sum / 2
  }
}
