// What is here: the best policy for weights w, ties broken by the first reward, then the second,
// and so on: the best one for w + (ε, ε², …) with every small ε > 0, found exactly.
// Notation: r_0 = Σ w_i r_i; values are vectors (v_0, v_1, …, v_d) compared lexicographically.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Solves one model for weights of several rewards.
struct ScalarizedSolver {
  /// A policy that is the best for some weights.
  struct Answer {
    /// One choice a state.
    let policy: ContiguousArray<Int32>
    /// One vector a reward, all maximised.
    let values: [RationalVector]
    /// The means of ``values`` under the initial law.
    let point: [Rational]
  }

  /// The most states of a model on which a known answer is the start.
  private static let nearStartLimit = 100

  let problem: MultiObjectiveProblem
  let progress: ProgressHandler
  private let builders: [PolicySystemBuilder]

  init(_ problem: MultiObjectiveProblem, _ progress: ProgressHandler) {
    self.problem = problem
    self.progress = progress
    builders = problem.problems.map { PolicySystemBuilder($0) }
  }

  /// The best policy for `weight`, at every state, ties broken lexicographically.
  ///
  /// Policy iteration over the rationals extended by an infinitely small ε: it ends since the
  /// values never fall and grow at some state in each round, and the policies are finitely many.
  ///
  /// - Parameter start: the answer for a near weight, to begin with.
  func solve(_ weight: [Rational], from start: Answer? = nil) throws -> Answer {
    // From some size on bounds in doubles find a policy faster than exact rounds from a near one.
    var known = problem.model.stateCount <= Self.nearStartLimit ? start : nil
    var policy = try known?.policy ?? firstPolicy(for: weight)
    while true {
      try progress.checkpoint()
      let values = try known?.values ?? self.values(of: policy)
      known = nil
      let gains = gains(over: values, weight)
      var isImproved = false
      for state in 0..<problem.model.stateCount {
        var best = Int(policy[state])
        for choice in problem.model.choiceRange(at: state)
        where gains[best].lexicographicallyPrecedes(gains[choice]) {
          best = choice
        }
        if best != Int(policy[state]) {
          policy[state] = Int32(best)
          isImproved = true
        }
      }
      if !isImproved {
        return Answer(policy: policy, values: values, point: values.map(mean))
      }
    }
  }

  /// The exact values of a policy, one vector a reward.
  func values(of policy: ContiguousArray<Int32>) throws -> [RationalVector] {
    try builders.map { try $0.policySystem(of: policy).solved(progress) }
  }

  /// `μ·v`.
  func mean(_ values: RationalVector) -> Rational {
    problem.initial.reduce(Rational.zero) {
      $0 + $1.probability * values[Int($1.state.index)]
    }
  }

  /// A policy of the fast solver for the weighted reward, or a first one: only a start.
  private func firstPolicy(for weight: [Rational]) throws -> ContiguousArray<Int32> {
    let model = problem.model
    var sum = RewardFunction.zero
    for (factor, name) in zip(weight, problem.rewardNames) {
      guard let function = model.reward(named: name) else { continue }
      sum = sum + factor * function
    }
    let weighted = try model.replacingRewards([("weighted", sum)])
    var options = SolverOptions()
    options.progress = progress
    options.scope = .none
    let solution = try MDPSolvers.solve(
      DiscountedProblem(
        model: weighted, reward: "weighted", discount: problem.discount,
        direction: problem.direction),
      options: options)
    let actions = solution.policies.first ?? []
    return ContiguousArray(
      actions.enumerated().map { state, action in
        model.choice(of: action, at: State(state))?.index ?? model.choiceOffsets[state]
      })
  }

  /// `(Σ w_i q_i, q_1, …, q_d)` of every choice for the values of a policy.
  private func gains(over values: [RationalVector], _ weight: [Rational]) -> [[Rational]] {
    let model = problem.model
    let entries = values.map(\.entries)
    let operators = problem.problems.map {
      BellmanOperator(model: model, reward: $0.reward, discount: problem.discount)
    }
    return (0..<model.choiceCount).map { choice in
      let q = zip(operators, entries).map { $0.lookahead(Choice(choice), over: $1) }
      return [zip(weight, q).reduce(Rational.zero) { $0 + $1.0 * $1.1 }] + q
    }
  }
}

extension ScalarizedSolver {
  /// The occupancy `x = μ + γ P_σᵀ x` of a deterministic policy, exactly.
  func occupancy(of policy: ContiguousArray<Int32>) throws -> OccupancyEntries {
    let model = problem.model
    let rows: [[(column: Int, value: Rational)]] = policy.enumerated().map { state, choice in
      var row: [Int: Rational] = [state: 1]
      for transition in model.transitionRange(of: Int(choice)) {
        let probability = model.probabilityPool[model.probabilities[transition]]
        row[Int(model.successors[transition]), default: 0] -= problem.discount * probability
      }
      return row.filter { !$0.value.isZero }.sorted { $0.key < $1.key }
        .map { (column: $0.key, value: $0.value) }
    }
    var law = [Rational](repeating: 0, count: model.stateCount)
    for (state, probability) in problem.initial { law[Int(state.index)] += probability }
    // I - γP is regular for every γ < 1.
    guard
      case .regular(let matrix) = try FactoredMatrix.factor(
        rows: rows, isKnownRegular: true, progress: progress)
    else { throw SolverError.methodDoesNotApply("the system of a policy is singular") }
    let masses = try matrix.solveTransposed(law, progress: progress)
    return OccupancyEntries(
      policy.enumerated().compactMap { state, choice in
        let mass = masses[state]
        return mass.isZero ? nil : (Choice(Int(choice)), mass)
      })
  }
}
