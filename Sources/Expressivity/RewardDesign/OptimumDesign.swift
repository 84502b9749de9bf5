import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Tasks that ask what is optimal: a policy that is the only optimum, or states that all optimal ones
/// avoid.
///
/// In Markov rewards among all stationary policies, in the other formalisms among the deterministic
/// ones.
///
/// Source: ours; `proofs-notes/optimum-requests.md`.
struct OptimumDesign {
  private let task: ExpressTask
  private let request: ExpressTask.OptimumRequest
  private let options: ExpressOptions

  private var model: FiniteMDP { task.model }

  init(_ task: ExpressTask, _ request: ExpressTask.OptimumRequest, _ options: ExpressOptions) {
    self.task = task
    self.request = request
    self.options = options
  }

  func answer() throws -> ExpressAnswer {
    if let unique = task.uniqueOptimum {
      if let run = runToAvoidedState(of: unique) { return make(.visit(run)) }
    } else {
      if let ranks = ranksOfUnavoidable() { return make(.unavoidable(ranks)) }
      let isReachable = task.reachableStates
      guard request.avoided.contains(where: { isReachable[Int($0.index)] }) else {
        return try expressOrder(task.askingNothingOfOptima, options: options)
      }
    }
    if isDecidedByLosses {
      return try MarkovOptimumDesign(task, request, options).answer()
    }
    guard request.unique != nil else {
      return try AvoidanceDesign(task, options).answer()
    }
    return try expressOrder(task, options: options)
  }

  /// In RRL deterministic policies see the reward `R − αF(δ_a)` of a choice alone.
  private var isDecidedByLosses: Bool {
    switch task.formalism {
    case .markovReward: return true
    case .regularised:
      let isDeterministic = task.uniqueOptimum.map {
        ReachedPolicy(of: $0, in: model, from: task.initial ?? []) != nil
      }
      return isDeterministic ?? true && task.discount != .fixed(0)
    default: return false
    }
  }

  /// A shortest run of a policy to a state to be avoided, `nil` when there is none.
  private func runToAvoidedState(of policy: Policy) -> Trajectory? {
    var arrival: [State: Trajectory.Step?] = [:]
    var queue: [State] = []
    for (state, probability) in task.initial ?? [] where !probability.isZero {
      arrival[state] = .some(nil)
      queue.append(state)
    }
    var next = 0
    while next < queue.count {
      let state = queue[next]
      next += 1
      if request.avoided.contains(state) { return run(to: state, arrival) }
      for weighted in policy.choices(at: state) {
        let action = model.action(of: weighted.choice)
        for (successor, _) in model.transitions(of: weighted.choice)
        where arrival[successor] == nil {
          arrival[successor] = Trajectory.Step(state, action, successor)
          queue.append(successor)
        }
      }
    }
    return nil
  }

  private func run(to end: State, _ arrival: [State: Trajectory.Step?]) -> Trajectory {
    var steps: [Trajectory.Step] = []
    var state = end
    while let step = arrival[state] ?? nil {
      steps.append(step)
      state = step.state
    }
    return Trajectory(start: state, steps: steps.reversed())
  }

  /// Ranks that prove that every policy visits the states, of the states that they need.
  private func ranksOfUnavoidable() -> [(state: State, rank: Int)]? {
    let ranks = AvoidableStates(avoiding: request.avoided, in: model).ranks
    let starts = (task.initial ?? []).filter { !$0.probability.isZero }
      .compactMap { start in ranks[Int(start.state.index)].map { (start.state, $0) } }
    guard let first = starts.min(by: { $0.1 < $1.1 }) else { return nil }
    var needed: Set<State> = [first.0]
    var pending = [first.0]
    while let state = pending.popLast() {
      guard let rank = ranks[Int(state.index)], rank > 0 else { continue }
      for choice in model.choices(at: state) {
        let next = model.transitions(of: choice).map(\.successor)
          .filter { ranks[Int($0.index)].map { $0 < rank } ?? false }
          .min { ranks[Int($0.index)] ?? 0 < ranks[Int($1.index)] ?? 0 }
        if let next, needed.insert(next).inserted { pending.append(next) }
      }
    }
    return needed.sorted().compactMap { state in
      ranks[Int(state.index)].map { (state: state, rank: $0) }
    }
  }

  private func make(_ outcome: ExpressAnswer.Outcome) -> ExpressAnswer {
    ExpressAnswer(
      kind: task.kind, formalism: task.formalism, discount: nil, rewardSupport: nil,
      outcome: outcome)
  }
}

extension ExpressTask {
  /// The same relations alone.
  fileprivate var askingNothingOfOptima: ExpressTask {
    ExpressTask(
      model: model, kind: kind, formalism: formalism, discount: discount, initial: initial,
      rewardSupport: rewardSupport, objects: objects, relations: relations, ranking: ranking,
      machine: machine, temporal: temporal)
  }

  /// A deterministic policy by its name, where the task names it.
  func reference(_ actions: [Action]) -> ExpressAnswer.Reference {
    let object = objects.first { object in
      guard case .policy(let policy) = object.behaviour else { return false }
      return policy.actions(in: model) == actions
    }
    return object.map { .name($0.name) } ?? .policy(actions)
  }
}
