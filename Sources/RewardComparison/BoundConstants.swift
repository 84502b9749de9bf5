// What is here: rational constants with lower · distance ≤ regret ≤ upper · distance for every pair
// of nontrivial rewards of an environment. Notation: C_p = max ‖x‖/|x|_p, c_p = min ‖x‖/|x|_p over
// canonical x ≠ 0, with ‖x‖ the span; h_s = E γ^(first visit to s) under the uniform policy.
// Proofs: `proofs-notes/distance-constants.md`.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MDPSolvers
import MarkovDecisionProcesses

/// Bounds of the ratios between the span and the norms of canonical rewards.
struct BoundConstants {
  /// The most exact solves, times states, that a constant is worth.
  private static let effort = 3000
  /// The most states for which first visits are solved for exactly.
  private static let exactStates = 30
  /// The most states for which they are iterated.
  private static let iteratedStates = 1500

  let problem: ComparisonProblem
  let settings: ComparisonSettings
  /// The policy of the levelling; the uniform one when `nil`.
  let policy: Policy?
  let progress: ProgressHandler

  private var model: FiniteMDP { problem.model }
  private var hasOwnPolicy: Bool { policy != nil }

  /// The constants, where the settings have any.
  func constants() throws -> (lower: Rational, upper: Rational)? {
    guard settings.canonicalization.isSound, settings.normalization != .none else { return nil }
    // Without a choice every reward is trivial, and anything holds.
    guard !choiceStates.isEmpty else { return (1, 1) }
    let (n, m) = (settings.normalization, settings.metric)
    let metric = (lower: try lower(m), upper: try upper(m))
    if n == .span { return (metric.lower, 2 * metric.upper) }
    let norm = n == m ? metric : (lower: try lower(n), upper: try upper(n))
    if n == m { return (metric.lower / metric.upper, 2 * metric.upper / metric.lower) }
    return (norm.lower * metric.lower / norm.upper.power(2), 2 * metric.upper / norm.lower)
  }

  /// Compared states with two actions at least.
  private var choiceStates: [Int] {
    problem.pairs.states.map { Int($0.index) }.filter { model.choiceRange(at: $0).count > 1 }
  }

  /// A bound from below of `c_p`.
  private func lower(_ norm: RewardNorm) throws -> Rational {
    if norm == .span { return 1 }
    if let exact = try ExactLowerConstant(problem, policy: policy, progress).value(norm) {
      return exact
    }
    var visits = try firstVisits()
    if visits.contains(where: \.isZero) {
      visits = zip(visits, shortestPathBounds()).map { max($0, $1) }
    }
    let counts = choiceStates.map { Rational(model.choiceRange(at: $0).count) }
    if hasOwnPolicy {
      // |x|_∞ ≤ 2/(1-γ) |x'|_∞ for the same reward levelled by the uniform policy.
      let uniform = zip(visits, counts).map { $0 * $1 / ($1 - 1) }.min() ?? 1
      let largest = uniform * (1 - problem.discount) / 2
      return norm == .linf ? largest : largest / Rational(problem.pairs.choices.count)
    }
    switch norm {
    case .linf: return zip(visits, counts).map { $0 * $1 / ($1 - 1) }.min() ?? 1
    case .l1, .l2, .span, .none:
      return 1 / zip(visits, counts).reduce(Rational.zero) { $0 + $1.1 / (2 * $1.0) }
    }
  }

  /// A bound from above of `C_p`.
  private func upper(_ norm: RewardNorm) throws -> Rational {
    let longest = 1 / (1 - problem.discount)
    switch (norm, settings.canonicalization == .minimal || hasOwnPolicy) {
    case (.span, _), (.none, _): return 1
    case (.l1, false): return try differencesOfUnits() ?? mostVisits()
    case (.l1, true): return try units() ?? longest
    case (.l2, true), (.linf, true):
      // An advantage is 0 at states without a choice; a minimal form need not be.
      return 2 * (hasOwnPolicy ? try mostVisits() : longest)
    case (.l2, false), (.linf, false): return 2 * (try mostVisits())
    }
  }

  /// `h_s` at the states with a choice, or bounds from below that are nearly as large.
  private func firstVisits() throws -> [Rational] {
    guard model.stateCount <= Self.exactStates else { return try approximateFirstVisits() }
    let uniform = Policy.uniform(in: model)
    // h_s = G(μ,s)/G(s,s) with G = (I - γP)⁻¹.
    let total = try OccupancyMeasure(
      of: uniform, in: model, discount: problem.discount, initial: problem.initial,
      progress: progress
    ).stateMasses(in: model)
    return try choiceStates.map { state in
      let own = try OccupancyMeasure(
        of: uniform, in: model, discount: problem.discount, initial: [(State(state), 1)],
        progress: progress
      ).stateMasses(in: model)
      return total[state] / own[state]
    }
  }

  private func approximateFirstVisits() throws -> [Rational] {
    guard model.stateCount <= Self.iteratedStates else { return pathBounds() }
    let chain = DoubleChain(problem)
    return try choiceStates.map { state in
      try progress.checkpoint()
      return chain.firstVisit(to: state)
    }
  }

  /// The discounted probability of one likely path to each state with a choice.
  private func pathBounds() -> [Rational] {
    let chain = DoubleChain(problem)
    var reached = [Double](repeating: 0, count: model.stateCount)
    for (state, probability) in problem.initial {
      reached[Int(state.index)] = max(reached[Int(state.index)], Double(probability))
    }
    for _ in 0..<64 where chain.spread(&reached) {}
    // 64 factors, each rounded twice.
    return choiceStates.map { state in
      (Rational(exactly: reached[state]) ?? 0) * (1 - Rational(1, 1 << 40))
    }
  }

  /// Where doubles are 0 after all sweeps: the least that a shortest path can be worth.
  private func shortestPathBounds() -> [Rational] {
    let support = problem.initial.filter { !$0.probability.isZero }
    var depth = [Int?](repeating: nil, count: model.stateCount)
    var layer = support.map { Int($0.state.index) }
    for state in layer { depth[state] = 0 }
    var level = 0
    while !layer.isEmpty {
      level += 1
      var next: [Int] = []
      for state in layer {
        for successor in model.graph.successors(of: state) where depth[successor] == nil {
          depth[successor] = level
          next.append(successor)
        }
      }
      layer = next
    }
    let widest = (0..<model.stateCount).lazy.map { self.model.choiceRange(at: $0).count }.max()
    let used = model.probabilities.lazy.map { self.model.probabilityPool[$0] }.min() ?? 1
    let step = problem.discount * used / Rational(widest ?? 1)
    let start = support.map(\.probability).min() ?? 1
    return choiceStates.map { start * step.power(depth[$0] ?? 0) }
  }

  /// `W`: the most expected discounted visits to states with a choice.
  private func mostVisits() throws -> Rational {
    if choiceStates.count == problem.pairs.states.count { return 1 / (1 - problem.discount) }
    let visits = RewardFunction(
      summing: choiceStates.flatMap { state in
        model.choiceRange(at: state).map { entry(Choice($0)) }
      })
    let solver = try RewardSolver(problem.replacingRewards([("visits", visits)]), progress)
    return try solver.best(for: RewardCombination([(0, 1)])).mean
  }

  /// `½ max ‖e_sa - e_sb‖`, while that is little work.
  private func differencesOfUnits() throws -> Rational? {
    let pairs = choiceStates.reduce(0) { sum, state in
      let count = model.choiceRange(at: state).count
      return sum + count * (count - 1) / 2
    }
    guard pairs * model.stateCount <= Self.effort else { return nil }
    let (solver, places) = try unitSolver()
    var largest = Rational.zero
    for state in choiceStates {
      for first in model.choiceRange(at: state) {
        for second in first + 1..<model.choiceRange(at: state).upperBound {
          guard let a = places[first], let b = places[second] else { continue }
          largest = max(largest, try span(RewardCombination([(a, 1), (b, -1)]), solver))
        }
      }
    }
    return largest / 2
  }

  /// `max ‖e_sa‖`, while that is little work.
  private func units() throws -> Rational? {
    guard problem.pairs.choices.count * model.stateCount <= Self.effort else { return nil }
    let (solver, places) = try unitSolver()
    var largest = Rational.zero
    for place in places.values {
      largest = max(largest, try span(RewardCombination([(place, 1)]), solver))
    }
    return largest
  }

  private func span(_ combination: RewardCombination, _ solver: RewardSolver) throws -> Rational {
    try solver.best(for: combination).mean + solver.best(for: -combination).mean
  }

  /// A solver whose rewards are 1 on one compared choice, by the places of the choices.
  private func unitSolver() throws -> (RewardSolver, [Int: Int]) {
    var rewards: [(name: String, function: RewardFunction)] = []
    var places: [Int: Int] = [:]
    for choice in problem.pairs.choices {
      places[Int(choice.index)] = rewards.count
      rewards.append(("\(choice.index)", RewardFunction(summing: [entry(choice)])))
    }
    return (try RewardSolver(problem.replacingRewards(rewards), progress), places)
  }

  private func entry(_ choice: Choice) -> RewardFunction.Entry {
    RewardFunction.Entry(
      state: model.state(of: choice), action: model.action(of: choice), value: 1)
  }
}
