import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms

/// A bandit whose arms recover: an arm pulled after `d` steps of rest pays `R(d)`, which does not
/// decrease and is constant from some rest on; at most `K` arms are pulled a step.
///
/// Source: after 2106.14813; `proofs-notes/recovering-bandits.md`.
public struct RecoveringBandit: Sendable {
  /// `arms[i][d - 1]` is what arm `i` pays after `d` steps.
  public let arms: [[Rational]]
  public let pulls: Int

  /// The most combinations of rests that are looked at: the walks take the square of it.
  public static let largestStateCount = 2_000

  /// - Throws: ``BoundError/unfit(place:problem:)`` for an arm without rewards or one that pays
  ///   less after a longer rest; ``BoundError/outOfRange(parameter:value:rule:)`` for no pulls.
  public init(arms: [[Rational]], pulls: Int = 1) throws(BoundError) {
    guard pulls >= 1 else {
      throw .outOfRange(
        parameter: "K", value: Rational(pulls), rule: Parameter.Range.integer(atLeast: 1).rule)
    }
    guard !arms.isEmpty else { throw .unfit(place: "arms", problem: "there is none") }
    for (place, arm) in arms.enumerated() {
      guard !arm.isEmpty else {
        throw .unfit(place: "arm \(place + 1)", problem: "it has no rewards")
      }
      guard zip(arm, arm.dropFirst()).allSatisfy({ $0 <= $1 }) else {
        throw .unfit(place: "arm \(place + 1)", problem: "it pays less after a longer rest")
      }
    }
    self.arms = arms
    self.pulls = pulls
  }

  /// What an arm pays after a rest.
  private func reward(_ arm: Int, after rest: Int) -> Rational {
    arms[arm][min(rest, arms[arm].count) - 1]
  }

  // MARK: - The optimum

  /// The largest average reward a step: the largest mean of a cycle in the graph of rests (Karp).
  ///
  /// - Throws: ``BoundError/cannotEvaluate(reason:)`` when there are more than
  ///   ``largestStateCount`` combinations of rests; ``Interrupted``.
  /// - Complexity: O(n² · moves) for `n` combinations.
  public func optimum(progress: ProgressHandler = .none) throws -> Rational {
    var count = 1
    for arm in arms {
      let (product, overflow) = count.multipliedReportingOverflow(by: arm.count)
      guard !overflow, product <= Self.largestStateCount else {
        throw BoundError.cannotEvaluate(
          reason: "there are more than \(Self.largestStateCount) combinations of rests")
      }
      count = product
    }
    let edges = (0..<count).map { moves(from: $0) }
    // All rests reach the fullest one by waiting, and it reaches all that matter.
    return try CycleMean(edges: edges, start: count - 1).largest(progress)
  }

  /// The rests of a combination, in mixed radix.
  private func rests(_ state: Int) -> [Int] {
    var rest = state
    return arms.map { arm in
      defer { rest /= arm.count }
      return rest % arm.count + 1
    }
  }

  private func moves(from state: Int) -> [CycleMean.Edge] {
    let rests = rests(state)
    return subsets(of: arms.count, atMost: pulls).map { pulled in
      var (target, factor) = (0, 1)
      var earned = Rational.zero
      for arm in arms.indices {
        let isPulled = pulled.contains(arm)
        if isPulled { earned += reward(arm, after: rests[arm]) }
        // A pulled arm has rested one step when the next decision comes.
        let next = isPulled ? 1 : min(rests[arm] + 1, arms[arm].count)
        target += (next - 1) * factor
        factor *= arms[arm].count
      }
      return CycleMean.Edge(target: target, weight: earned)
    }
  }

  private func subsets(of count: Int, atMost size: Int) -> [Set<Int>] {
    var subsets: [Set<Int>] = [[]]
    for element in 0..<count {
      subsets += subsets.filter { $0.count < size }.map { $0.union([element]) }
    }
    return subsets
  }

  // MARK: - A linear program above it

  /// An upper bound on the optimum: the fraction `x_{i,d}` of time that arm `i` spends in gaps of
  /// length `d`, `Σ_d x_{i,d} ≤ 1`, `Σ x_{i,d}/d ≤ K`, maximising `Σ x_{i,d} R_i(d)/d`.
  ///
  /// - Throws: ``Interrupted``, and what the linear program throws.
  public func programBound(progress: ProgressHandler = .none) throws -> Rational {
    var builder = LinearProgramBuilder(name: "recovering", direction: .maximize)
    var rates: [(column: Int, coefficient: Rational)] = []
    for (arm, rewards) in arms.enumerated() {
      var shares: [(column: Int, coefficient: Rational)] = []
      for (place, reward) in rewards.enumerated() {
        let gap = Rational(place + 1)
        let column = try builder.addColumn("x\(arm + 1),\(place + 1)", objective: reward / gap)
        shares.append((column, 1))
        rates.append((column, 1 / gap))
      }
      try builder.addRow(lower: nil, upper: 1, entries: shares)
    }
    try builder.addRow(lower: nil, upper: Rational(pulls), entries: rates)
    let solution = try solve(builder.build(), options: LPOptions(progress: progress))
    guard let value = solution.objectiveValue else {
      throw BoundError.cannotEvaluate(reason: "the program of the gaps has no optimum")
    }
    return value
  }

  // MARK: - Periodic schedules

  /// A schedule that pulls each arm at fixed distances.
  public struct Periodic: Sendable, Hashable {
    /// What it earns a step.
    public let average: Rational
    /// Period and first pull of each arm; `nil` for an arm that is never pulled.
    public let arms: [Turn?]

    public struct Turn: Sendable, Hashable {
      public let period: Int
      public let offset: Int
    }
  }

  /// The best schedule with one period and offset an arm, by enumeration.
  ///
  /// - Parameter longestPeriod: the longest period that is tried.
  /// - Throws: ``Interrupted``.
  public func bestPeriodic(
    longestPeriod: Int, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Periodic {
    var best = Periodic(average: 0, arms: Array(repeating: nil, count: arms.count))
    var chosen: [Periodic.Turn?] = []
    try extend(&chosen, 0, longestPeriod, &best, progress)
    return best
  }

  private func extend(
    _ chosen: inout [Periodic.Turn?], _ average: Rational, _ longest: Int, _ best: inout Periodic,
    _ progress: ProgressHandler
  ) throws(Interrupted) {
    try progress.checkpoint()
    guard chosen.count < arms.count else {
      if average > best.average { best = Periodic(average: average, arms: chosen) }
      return
    }
    let arm = chosen.count
    chosen.append(nil)
    try extend(&chosen, average, longest, &best, progress)
    chosen.removeLast()
    for period in 1...max(longest, 1) {
      let share = reward(arm, after: period) / Rational(period)
      for offset in 0..<period {
        chosen.append(Periodic.Turn(period: period, offset: offset))
        if isPossible(chosen) {
          try extend(&chosen, average + share, longest, &best, progress)
        }
        chosen.removeLast()
      }
    }
  }

  /// Whether no step has more pulls than allowed.
  private func isPossible(_ turns: [Periodic.Turn?]) -> Bool {
    let turns = turns.compactMap { $0 }
    guard turns.count > pulls else { return true }
    let cycle = turns.reduce(Integer.one) { Integer.lcm($0, Integer($1.period)) }.word ?? 1
    return (0..<cycle).allSatisfy { step in
      turns.count { step % $0.period == $0.offset } <= pulls
    }
  }
}

/// The largest mean weight of a cycle, by Karp's formula.
struct CycleMean {
  struct Edge: Sendable {
    let target: Int
    let weight: Rational
  }

  let edges: [[Edge]]
  /// A vertex from which all cycles that count can be reached.
  let start: Int

  /// `max_v min_k (F_n(v) - F_k(v))/(n - k)`, `F_k` the heaviest walk of `k` edges.
  ///
  /// Source: Karp 1978.
  func largest(_ progress: ProgressHandler) throws(Interrupted) -> Rational {
    let count = edges.count
    var walks: [[Rational?]] = [Array(repeating: nil, count: count)]
    walks[0][start] = 0
    for length in 0..<count {
      try progress.checkpoint()
      var next = [Rational?](repeating: nil, count: count)
      for (vertex, weight) in walks[length].enumerated() {
        guard let weight else { continue }
        for edge in edges[vertex] {
          let sum = weight + edge.weight
          if next[edge.target].map({ sum > $0 }) ?? true { next[edge.target] = sum }
        }
      }
      walks.append(next)
    }
    var largest: Rational?
    for vertex in 0..<count {
      guard let last = walks[count][vertex] else { continue }
      let means = (0..<count).compactMap { length in
        walks[length][vertex].map { (last - $0) / Rational(count - length) }
      }
      guard let least = means.min() else { continue }
      largest = largest.map { max($0, least) } ?? least
    }
    return largest ?? 0
  }
}
