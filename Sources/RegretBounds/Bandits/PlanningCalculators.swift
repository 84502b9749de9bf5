import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// A Markov chain with rewards on a finite metric space: how steep its values can be.
///
/// Source: after 2006.16785; proof in `proofs-notes/small-calculators.md`.
public struct MetricChain: Sendable {
  /// `d(s, t)`, a metric.
  public let distances: [[Rational]]
  /// The laws of the next point, one a point.
  public let laws: [[Rational]]
  /// One a point.
  public let rewards: [Rational]

  /// - Precondition: the tables are square and of one size, laws sum to 1, and distances are those
  ///   of a metric.
  public init(distances: [[Rational]], laws: [[Rational]], rewards: [Rational]) {
    let places = rewards.indices
    precondition(distances.count == rewards.count && laws.count == rewards.count, "one size")
    for s in places {
      precondition(distances[s].count == rewards.count && laws[s].count == rewards.count, "square")
      precondition(
        laws[s].allSatisfy { !$0.isNegative } && laws[s].reduce(0, +) == 1, "a law sums to 1")
      for t in places {
        precondition(
          distances[s][t] == distances[t][s] && distances[s][t].signum == (s == t ? 0 : 1)
            && places.allSatisfy { distances[s][t] <= distances[s][$0] + distances[$0][t] },
          "distances are those of a metric")
      }
    }
    self.distances = distances
    self.laws = laws
    self.rewards = rewards
  }

  /// The least `L` with `|f(s) - f(t)| <= L d(s, t)`.
  public func lipschitzConstant(of values: [Rational]) -> Rational {
    greatestSlope { s, t in (values[s] - values[t]).magnitude }
  }

  /// `max W₁(P_s, P_t)/d(s, t)`, with the transport distance `W₁`.
  ///
  /// - Complexity: one exact linear program of n columns and n² rows for each pair of points.
  /// - Throws: what ``solve(_:options:)`` throws.
  public func lawConstant() throws -> Rational {
    try greatestSlope { s, t in try transportDistance(laws[s], laws[t]) }
  }

  /// `L_r/(1 - γ L_P)`, which bounds the constant of the values; `nil` unless `γ L_P < 1`.
  ///
  /// - Throws: what ``solve(_:options:)`` throws.
  public func valueBound(discount: Rational) throws -> Rational? {
    let shrinks = 1 - discount * (try lawConstant())
    return shrinks.signum > 0 ? lipschitzConstant(of: rewards) / shrinks : nil
  }

  /// `W₁(p, q)`: the most that the means of a function of constant 1 differ (Kantorovich).
  private func transportDistance(_ first: [Rational], _ second: [Rational]) throws -> Rational {
    var builder = LinearProgramBuilder(direction: .maximize)
    for place in first.indices {
      // Adding a number to the function changes nothing, so that it is 0 somewhere.
      let diameter = place == 0 ? Rational.zero : distances[0][place]
      try builder.addColumn(
        "f\(place)", lower: -diameter, upper: diameter, objective: first[place] - second[place])
    }
    for s in first.indices {
      for t in first.indices where s != t {
        try builder.addRow(
          "slope\(s),\(t)", lower: nil, upper: distances[s][t], entries: [(s, 1), (t, -1)])
      }
    }
    guard let value = try solve(builder.build()).objectiveValue else {
      preconditionFailure("a transport distance is the optimum of a bounded program")
    }
    return value
  }

  private func greatestSlope(_ rise: (Int, Int) throws -> Rational) rethrows -> Rational {
    var greatest = Rational.zero
    for s in rewards.indices {
      for t in 0..<s { greatest = max(greatest, try rise(s, t) / distances[s][t]) }
    }
    return greatest
  }
}

/// Reaching a goal at cost 1 a decision, by options that last `steps` primitive steps.
///
/// Source: after 2505.12737.
public struct OptionHorizon: Sendable, Hashable {
  public let steps: Int
  public let discount: Rational

  /// - Precondition: `steps` is positive and `0 <= discount < 1`.
  public init(steps: Int, discount: Rational) {
    precondition(steps > 0 && !discount.isNegative && discount < 1, "steps and a discount")
    self.steps = steps
    self.discount = discount
  }

  /// `-(1 - γ^⌈d/n⌉)/(1 - γ)` at distance `d` from the goal.
  ///
  /// - Precondition: `distance` is not negative.
  public func value(atDistance distance: Int) -> Rational {
    precondition(distance >= 0, "a distance is not negative")
    let decisions = (distance + steps - 1) / steps
    return -(1 - discount.power(decisions)) / (1 - discount)
  }

  /// What coming nearer is worth, of the sum of both magnitudes: what noise has to stay below;
  /// 0 between values that are 0.
  public func relativeGap(from far: Int, to near: Int) -> Rational {
    let (a, b) = (value(atDistance: far), value(atDistance: near))
    let size = a.magnitude + b.magnitude
    return size.isZero ? 0 : (a - b).magnitude / size
  }
}

/// Scores fitted to results of pairs by `P(i beats j) = e^{x_i}/(e^{x_i} + e^{x_j})`.
public enum BradleyTerry {
  /// Whether the likelihood has a finite maximiser that is unique but for a common shift: exactly
  /// if the digraph of wins is strongly connected (Ford 1957; proof in
  /// `proofs-notes/small-calculators.md`).
  ///
  /// - Parameter wins: how often each player beat each other one; the diagonal is not looked at.
  /// - Precondition: the table is square.
  /// - Complexity: linear in the table.
  public static func hasFiniteFit(wins: [[Int]]) -> Bool {
    precondition(wins.allSatisfy { $0.count == wins.count }, "a square table")
    let graph = DirectedGraph(
      wins.indices.map { i in wins.indices.filter { $0 != i && wins[i][$0] > 0 } })
    return StronglyConnectedComponents(of: graph).count <= 1
  }
}
