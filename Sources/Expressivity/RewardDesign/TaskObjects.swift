import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// The objects and requirements of a task with everything that is only implied written out: for a
/// set of policies the policies that are not acceptable, and the requirements between both.
struct TaskObjects {
  struct Entry {
    let reference: ExpressAnswer.Reference
    let behaviour: ExpressTask.Object.Behaviour
  }

  /// The objects of the task first, in its order.
  var entries: [Entry]
  var constraints: [ExpressTask.Constraint]
  /// For a set of policies those that must not be acceptable.
  private(set) var others: [Int] = []

  /// The constraints in terms of what an answer names.
  var requirements: [ExpressAnswer.Requirement] {
    constraints.map { constraint in
      ExpressAnswer.Requirement(
        entries[constraint.left].reference, constraint.relation,
        entries[constraint.right].reference)
    }
  }

  /// - Parameters:
  ///   - usesFringe: compare with the neighbours of acceptable policies only; sound where
  ///     one-state improvements lead to an optimum (`proofs-notes/fringe.md`).
  ///   - listsPairs: write out every requirement between an acceptable policy and another.
  /// - Throws: ``ExpressError/tooManyPolicies(limit:)``, ``Interrupted``.
  init(
    of task: ExpressTask, usesFringe: Bool, listsPairs: Bool = true, maximumPolicies: Int,
    progress: ProgressHandler
  ) throws {
    entries = task.objects.map {
      Entry(reference: .name($0.name), behaviour: $0.behaviour)
    }
    constraints = []
    guard task.kind == .policySet else {
      constraints = task.orderConstraints
      try addOptimum(of: task, maximumPolicies: maximumPolicies, progress: progress)
      return
    }
    let acceptable = task.acceptable
    if let candidates = task.candidates {
      let good = Set(acceptable.map { task.objects[$0].behaviour })
      others = candidates.filter { !good.contains(task.objects[$0].behaviour) }
    } else {
      others = try addOthers(
        to: task, usesFringe: usesFringe, maximumPolicies: maximumPolicies, progress: progress)
    }
    guard listsPairs else { return }
    for good in acceptable {
      for other in others { constraints.append(ExpressTask.Constraint(good, .greater, other)) }
    }
    if task.variant == .equal, let first = acceptable.first {
      for good in acceptable.dropFirst() {
        constraints.append(ExpressTask.Constraint(first, .equal, good))
      }
    }
  }

  private mutating func addOthers(
    to task: ExpressTask, usesFringe: Bool, maximumPolicies: Int, progress: ProgressHandler
  ) throws -> [Int] {
    let model = task.model
    let good = task.acceptable.compactMap { place -> [Action]? in
      guard case .policy(let policy) = task.objects[place].behaviour else { return nil }
      return policy.actions(in: model)
    }
    var known: [[Action]: Int] = [:]
    for (place, object) in task.objects.enumerated() {
      guard case .policy(let policy) = object.behaviour, let actions = policy.actions(in: model),
        known[actions] == nil
      else { continue }
      known[actions] = place
    }
    let isGood = Set(good)
    var others: [Int] = []
    var taken: Set<[Action]> = []
    func add(_ actions: [Action]) throws {
      guard !isGood.contains(actions), taken.insert(actions).inserted else { return }
      guard taken.count <= maximumPolicies else {
        throw ExpressError.tooManyPolicies(limit: maximumPolicies)
      }
      if let place = known[actions] {
        others.append(place)
      } else {
        others.append(entries.count)
        entries.append(
          Entry(
            reference: .policy(actions), behaviour: .policy(try Policy(actions, in: model))))
      }
    }
    if usesFringe {
      for actions in good {
        for neighbour in NeighbouringPolicies(of: actions, in: model) { try add(neighbour) }
        try progress.checkpoint()
      }
    } else {
      for choices in try allPolicies(of: model, maximumPolicies) {
        try add(choices.map { model.action(of: Choice(Int($0))) })
        try progress.checkpoint()
      }
    }
    return others
  }

  private func allPolicies(
    of model: FiniteMDP, _ limit: Int
  ) throws(ExpressError) -> DeterministicPolicies {
    do throws(SolverError) {
      return try DeterministicPolicies(of: model, limit: limit)
    } catch {
      throw .tooManyPolicies(limit: limit)
    }
  }
}

/// The deterministic policies that differ from one in exactly one state.
struct NeighbouringPolicies: Sequence {
  private let actions: [Action]
  private let model: FiniteMDP

  init(of actions: [Action], in model: FiniteMDP) {
    self.actions = actions
    self.model = model
  }

  func makeIterator() -> AnyIterator<[Action]> {
    var choice = 0
    return AnyIterator { [actions, model] in
      while choice < model.choiceCount {
        let (state, action) = (model.state(of: Choice(choice)), model.action(of: Choice(choice)))
        choice += 1
        guard actions[Int(state.index)] != action else { continue }
        var neighbour = actions
        neighbour[Int(state.index)] = action
        return neighbour
      }
      return nil
    }
  }
}
