import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Markov rewards whose optimal policies are as a task asks, among all stationary policies; and
/// regularised ones among deterministic policies, which see a Markov reward.
///
/// Source: ours; `proofs-notes/optimum-requests.md`.
struct MarkovOptimumDesign {
  private let task: ExpressTask
  private let request: ExpressTask.OptimumRequest
  private let options: ExpressOptions
  private let discount: Rational
  private let initial: [(state: State, probability: Rational)]
  private let features: [RewardFeatures]
  private let relations: [MarginProgram.Row]

  private var model: FiniteMDP { task.model }

  init(
    _ task: ExpressTask, _ request: ExpressTask.OptimumRequest, _ options: ExpressOptions
  ) throws {
    guard case .fixed(let discount)? = task.discount else {
      throw task.discount == nil
        ? ExpressError.discountRequired(formalism: task.formalism.rawValue)
        : .oneDiscountForOptima
    }
    guard discount.signum > 0 else {
      throw ExpressError.notOffered(
        "at the discount 0 only the first step counts, so that no policy is the only optimum and"
          + " later states do not matter; give a positive discount")
    }
    self.task = task
    self.request = request
    self.options = options
    self.discount = discount
    initial = task.initial ?? []
    let features = try FeatureSpace(of: task, discount: discount, progress: options.progress)
      .features()
    self.features = features
    relations = task.orderConstraints.map { constraint in
      MarginProgram.Row(
        difference: features[constraint.left].minus(features[constraint.right]),
        relation: constraint.relation)
    }
  }

  func answer() throws -> ExpressAnswer {
    guard let unique = task.uniqueOptimum else { return try avoidance() }
    guard let best = ReachedPolicy(of: unique, in: model, from: initial) else {
      return make(.farkas(try mixture(of: unique)))
    }
    options.progress.report("solving the linear program of the only optimum")
    let solved = try program(best).solve(seeksFewEntries: true)
    guard let solved else {
      preconditionFailure("a loss is a difference of values, so that it is bounded")
    }
    if solved.margin?.isZero == true { return make(.noOptimum([conflict(solved)])) }
    return optimum(solved, best, isLargest: true)
  }

  private func program(_ best: ReachedPolicy) -> OptimumProgram {
    let isUnique = request.unique != nil
    let avoided = Set(request.avoided)
    return OptimumProgram(
      task, discount: discount, best: best,
      hasToLose: { choice in
        let state = model.state(of: choice)
        guard isUnique else { return avoided.contains(state) }
        return best.choices[Int(state.index)].map { $0 != choice } ?? false
      }, relations: relations, progress: options.progress)
  }

  // MARK: - A policy that draws its actions

  /// The policy as a mixture of deterministic ones with the same occupancy: it is not better than
  /// each of them.
  ///
  /// - Complexity: one exact solve a deterministic policy, of which there are no more than choices.
  private func mixture(of policy: Policy) throws -> [ExpressAnswer.WeightedRequirement] {
    var requirements: [ExpressAnswer.WeightedRequirement] = []
    var rest = try masses(of: policy)
    var weight = Rational.one
    while weight.signum > 0, let place = request.unique {
      try options.progress.checkpoint()
      var part = ReachedPolicy(in: model, from: initial)
      while let state = part.open {
        let used = model.choices(at: state).first { rest[$0].map { !$0.isZero } ?? false }
        guard let used else { preconditionFailure("what is left reaches the state") }
        part.choose(used)
      }
      let visits = try masses(of: Policy(part.actions, in: model))
      let share = visits.compactMap { choice, mass in rest[choice].map { $0 / mass } }.min() ?? 0
      for (choice, mass) in visits { rest[choice, default: 0] -= share * mass }
      weight -= share
      requirements.append(
        ExpressAnswer.WeightedRequirement(
          ExpressAnswer.Requirement(
            task.reference(place), .greater, task.reference(part.actions)), share))
    }
    return requirements
  }

  /// The discounted time that a policy spends with each choice, where there is any.
  private func masses(of policy: Policy) throws -> [Choice: Rational] {
    let chain = ProductChain(
      of: policy, in: model, machine: nil, letters: TransitionLetters(of: model), initial: initial)
    let visits = try chain.discountedMasses(discount, progress: options.progress)
    var masses: [Choice: Rational] = [:]
    for (node, mass) in zip(chain.nodes, visits) where !mass.isZero {
      for weighted in policy.choices(at: node.state) {
        masses[weighted.choice] = mass * weighted.probability
      }
    }
    return masses
  }

  // MARK: - States to be avoided

  /// Looks for a policy that avoids the states and can be optimal, in a tree of policies that are known
  /// as far as they are reached; a node is left when multipliers refute all policies below it.
  private func avoidance() throws -> ExpressAnswer {
    let avoidable = AvoidableStates(avoiding: request.avoided, in: model)
    if relations.isEmpty { return priceOfVisits(avoidable) }
    var conflicts: [ExpressAnswer.OptimumConflict] = []
    var pending = [ReachedPolicy(in: model, from: initial)]
    var visited = 0
    while let policy = pending.popLast() {
      visited += 1
      guard visited <= options.maximumPolicies else {
        return make(
          .undecided(
            reason:
              "\(options.maximumPolicies) policies that avoid the states were looked at, known"
              + " in part or wholly, and there are more; raise --max-policies"))
      }
      options.progress.report(
        "policies that avoid the states: \(visited) nodes, \(conflicts.count) conflicts")
      try options.progress.checkpoint()
      if conflicts.contains(where: { refutes($0, policy) }) { continue }
      let solved = try program(policy).solve(seeksFewEntries: policy.open == nil)
      if let solved, solved.margin?.isZero == true {
        conflicts.append(conflict(solved))
        continue
      }
      if let solved, policy.open == nil { return optimum(solved, policy, isLargest: false) }
      guard let state = policy.open else { continue }
      for choice in model.choices(at: state).reversed() where avoidable.isSafe(choice) {
        var next = policy
        next.choose(choice)
        pending.append(next)
      }
    }
    return make(.noOptimum(conflicts))
  }

  /// Without relations every policy that avoids the states is optimal where a visit costs 1 and
  /// nothing else counts; all potentials are 0.
  private func priceOfVisits(_ avoidable: AvoidableStates) -> ExpressAnswer {
    var policy = ReachedPolicy(in: model, from: initial)
    while let state = policy.open {
      guard let choice = model.choices(at: state).first(where: avoidable.isSafe) else {
        preconditionFailure("the states can be avoided from every state that is reached")
      }
      policy.choose(choice)
    }
    let isReachable = task.reachableStates
    var reward: RewardFeatures = [:]
    for state in request.avoided where isReachable[Int(state.index)] {
      for choice in model.choices(at: state) {
        for (successor, _) in model.transitions(of: choice) {
          let coordinate = task.rewardSupport.coordinate(
            machine: nil, state, model.action(of: choice), successor)
          reward[coordinate] = -1
        }
      }
    }
    return optimum(
      OptimumProgram.Answer(
        margin: 1, reward: reward,
        potential: isReachable.indices.filter { isReachable[$0] }.map { (State($0), 0) },
        relationMultipliers: [], lossMultipliers: []), policy, isLargest: false)
  }

  private func refutes(_ conflict: ExpressAnswer.OptimumConflict, _ policy: ReachedPolicy) -> Bool {
    conflict.deviations.allSatisfy { choice, multiplier in
      multiplier.signum > 0 || policy.choices[Int(model.state(of: choice).index)] == choice
    }
  }

  // MARK: - Answers

  private func conflict(_ solved: OptimumProgram.Answer) -> ExpressAnswer.OptimumConflict {
    let constraints = zip(task.orderConstraints, solved.relationMultipliers).compactMap {
      constraint, multiplier -> ExpressAnswer.WeightedRequirement? in
      guard !multiplier.isZero else { return nil }
      return ExpressAnswer.WeightedRequirement(task.requirement(constraint), multiplier)
    }
    return ExpressAnswer.OptimumConflict(
      constraints: constraints, deviations: solved.lossMultipliers)
  }

  private func optimum(
    _ solved: OptimumProgram.Answer, _ best: ReachedPolicy, isLargest: Bool
  ) -> ExpressAnswer {
    let reward = ExpressAnswer.Reward(
      support: task.rewardSupport,
      entries: solved.reward.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
      margin: solved.margin, optimality: [])
    let optimum = ExpressAnswer.Optimum(
      reward: reward, potential: solved.potential, policy: best.decisions,
      bound: isLargest && solved.margin != nil ? conflict(solved) : nil)
    let table = RewardTable(solved.reward)
    let values = zip(task.objects, features).map { (name: $0.name, value: table.value($1)) }
    return make(.optimum(optimum), values: values)
  }

  private func make(
    _ outcome: ExpressAnswer.Outcome, values: [(name: String, value: Rational)] = []
  ) -> ExpressAnswer {
    ExpressAnswer(
      kind: task.kind, formalism: task.formalism, discount: discount,
      rewardSupport: task.rewardSupport, outcome: outcome, values: values)
  }
}
