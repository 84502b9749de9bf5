import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

extension ExpressReport {
  /// The policy that the task asks to be the only optimum.
  private var unique: String? {
    task.optimum?.unique.map { describe(named: task.objects[$0].name) }
  }

  private var avoided: String {
    (task.optimum?.avoided ?? []).map { task.model.states[Int($0.index)] }
      .joined(separator: ", ")
  }

  func write(_ optimum: ExpressAnswer.Optimum, to text: inout TextWriter) throws {
    try text.line(claim(optimum))
    if let margin = optimum.reward.margin {
      let isLargest = optimum.bound != nil
      try text.line(
        "margin \(shown(margin))" + (isLargest ? ", the largest for rewards within [-1, 1]" : ""))
    } else {
      try text.line("no policy does otherwise: the reward 0 will do")
    }
    if unique == nil {
      try text.line("an optimal policy: \(describe(optimum.policy))")
    }
    try text.line("reward:")
    for (coordinate, value) in optimum.reward.entries {
      try text.line("  \(describe(coordinate))  \(value)")
    }
  }

  /// What the reward does, in words.
  private func claim(_ optimum: ExpressAnswer.Optimum) -> String {
    let margin = optimum.reward.margin
    let relations = task.orderConstraints.contains { $0.relation == .greater }
    let also = relations ? ", and every strict relation has at least that difference" : ""
    if let unique {
      let loss = margin.map {
        ": every other choice at a state that it reaches loses at least \($0)"
      }
      return "\(unique) is the only optimum\(scope)" + (loss.map { $0 + also } ?? "")
    }
    let loss = margin.map { ": each discounted visit costs at least \($0)" }
    return "every optimal policy\(scope) avoids \(avoided)" + (loss.map { $0 + also } ?? "")
  }

  /// Among which policies.
  private var scope: String {
    answer.formalism == .markovReward ? "" : " among the deterministic ones"
  }

  /// Why no reward will do.
  func write(
    _ conflicts: [ExpressAnswer.OptimumConflict], to text: inout TextWriter
  ) throws {
    if let unique, let conflict = conflicts.first {
      try text.line(describe(conflict))
      return try text.line(
        "if \(unique) is optimal, its own choices lose nothing and this sum is 0 for every reward: not"
          + " all that has to be strict is")
    }
    try text.line(
      "whichever policy that avoids \(avoided) is optimal, one of these sums is 0 for every reward,"
        + " and not all in it that has to be strict is:")
    for conflict in conflicts.prefix(5) { try text.line("  " + describe(conflict)) }
    if conflicts.count > 5 { try text.line("  and \(conflicts.count - 5) more") }
  }

  private func describe(_ conflict: ExpressAnswer.OptimumConflict) -> String {
    let relations = conflict.constraints.map {
      "\($0.multiplier)·[\(describe($0.requirement))]"
    }
    let losses = conflict.deviations.map { choice, multiplier in
      let (state, action) = (task.model.state(of: choice), task.model.action(of: choice))
      return "\(multiplier)·[loss of \(task.model.actions[Int(action.index)]) at"
        + " \(task.model.states[Int(state.index)])]"
    }
    return (relations + losses).joined(separator: " + ")
  }

  func write(
    _ ranks: [(state: State, rank: Int)], to text: inout TextWriter
  ) throws {
    let starts = (task.initial ?? []).filter { !$0.probability.isZero }.map(\.state)
    let start = ranks.first { starts.contains($0.state) }?.state
    let name = start.map { task.model.states[Int($0.index)] } ?? ""
    if let start, task.optimum?.avoided.contains(start) == true {
      return try text.line("every policy visits \(name): runs start there")
    }
    try text.line("every policy visits \(avoided) with a positive probability, from \(name) on")
    for entry in ranks {
      let place = task.model.states[Int(entry.state.index)]
      try text.line(
        entry.rank == 0
          ? "  \(place): to be avoided"
          : "  \(place): every action may lead to one that is at most \(steps(entry.rank - 1)) away"
      )
    }
  }

  private func steps(_ count: Int) -> String { count == 1 ? "1 step" : "\(count) steps" }

  func write(visit run: Trajectory, to text: inout TextWriter) throws {
    let end = run.steps.last?.successor ?? run.start
    try text.line(
      "\(unique ?? "") itself visits \(task.model.states[Int(end.index)]):"
        + " \(describe(ExpressAnswer.Prefix(start: run.start, steps: run.steps)))")
  }

  private func describe(_ policy: [(state: State, action: Action)]) -> String {
    let actions = policy.filter { task.model.choices(at: $0.state).count > 1 }.map {
      "\(task.model.states[Int($0.state.index)]): \(task.model.actions[Int($0.action.index)])"
    }
    return "{" + actions.joined(separator: ", ") + "}"
  }

  func write(
    _ refutations: [ExpressAnswer.Refutation], to text: inout TextWriter
  ) throws {
    try text.line(
      "no deterministic policy that avoids \(avoided) can be better than all that visit it:")
    for refutation in refutations.prefix(5) {
      try text.line("\(describe(refutation.best)):")
      try ExpressReport(refutation.proof, to: task).writeOutcome(to: &text)
    }
    if refutations.count > 5 { try text.line("and \(refutations.count - 5) more") }
  }

  /// What a request for an only optimum adds to the answer in other formalisms.
  func writeRequest(to text: inout TextWriter) throws {
    guard answer.isExpressible == true else { return }
    if case .optimum = answer.outcome { return }
    if let unique {
      try text.line("\(unique) is better than every deterministic policy with another lottery")
    } else if let best = answer.best {
      try text.line(
        "every optimal policy among the deterministic ones avoids \(avoided): \(describe(best)) is"
          + " better than all that visit it")
    } else if task.optimum != nil {
      try text.line("no policy visits \(avoided)")
    }
  }
}
