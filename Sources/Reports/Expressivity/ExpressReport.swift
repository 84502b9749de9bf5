import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// The answer to a task of reward design, for people and for programs.
public struct ExpressReport: Report {
  let answer: ExpressAnswer
  let task: ExpressTask
  let decimals: Int?

  /// - Parameter decimals: digits of the decimals beside fractions; none when `nil`.
  public init(_ answer: ExpressAnswer, to task: ExpressTask, decimals: Int? = nil) {
    self.answer = answer
    self.task = task
    self.decimals = decimals
  }

  /// A number of the answer, with its decimal where that is wanted.
  func shown(_ value: Rational) -> String {
    guard let decimals, !value.isInteger else { return value.description }
    return "\(value) ≈ \(value.decimal(digits: decimals))"
  }

  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    answer.write(to: json, for: task, decimals: decimals)
    try json.finish()
  }

  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    let discount =
      switch answer.outcome {
      case .noDiscount(let refutation):
        refutation.open.isEmpty ? " at any discount in [0, 1)" : ", discount any"
      default: answer.discount.map { ", discount \($0)" } ?? ""
      }
    try text.line(verdict + discount)
    if let search = answer.search { try write(search, to: &text) }
    try writeRequest(to: &text)
    try writeOutcome(to: &text)
    if !answer.values.isEmpty {
      try text.line("values:")
      for (name, value) in answer.values {
        try text.line("  \(describe(named: name))  \(shown(value))")
      }
    }
    try text.flush()
  }

  private var verdict: String {
    if case .noMachine(let refutation) = answer.outcome {
      return "not expressible by a reward machine with at most"
        + " \(counted(refutation.stateCount, "state"))"
    }
    let verdict =
      switch answer.isExpressible {
      case true?: "expressible"
      case false?: "not expressible"
      case nil: "undecided"
      }
    return "\(verdict) in \(answer.formalism.rawValue)"
  }

  func writeOutcome(to text: inout TextWriter) throws {
    switch answer.outcome {
    case .reward(let reward): try write(reward, to: &text)
    case .function(let terms):
      try text.line("f = the sum of these weights over the beginnings that a run has:")
      for term in terms { try text.line("  \(term.weight)  \(describe(term.prefix))") }
    case .ranks(let ranks):
      try text.line("ranks, larger is better:")
      for (object, rank) in zip(task.objects, ranks) {
        try text.line("  \(rank)  \(object.name)")
      }
      if task.kind == .policySet, task.candidates == nil {
        try text.line("policies that are not listed rank below those that are acceptable")
      }
    case .formula:
      try text.line(
        task.temporal == nil
          ? "some formula meets every requirement: the runs differ where it has to tell them apart"
          : "the formula meets every requirement")
    case .farkas(let requirements): try writeConflict(requirements, to: &text)
    case .cycle(let steps):
      let names = steps.map { "\(describe($0.left)) \(words($0.relation))" }
      try text.line(
        names.joined(separator: " ") + " " + (steps.first.map { describe($0.left) } ?? "")
          + ": the relations go round")
    case .levels(let steps):
      let names = steps.map { "\(describe($0.left)) \(words($0.relation))" }
      try text.line(
        names.joined(separator: " ") + " " + (steps.last.map { describe($0.right) } ?? "")
          + (steps.first?.left == steps.last?.right
            ? ": the relations go round"
            : ": every object is a single run, and a formula has two levels there"))
    case .violations(let violations):
      for violation in violations {
        try text.line(
          "\(describe(violation.requirement)) fails: \(violation.leftValue) against"
            + " \(violation.rightValue)")
      }
    case .noMachine(let refutation): try write(refutation, to: &text)
    case .noDiscount(let refutation): try write(refutation, to: &text)
    case .optimum(let optimum): try write(optimum, to: &text)
    case .noOptimum(let conflicts): try write(conflicts, to: &text)
    case .unavoidable(let ranks): try write(ranks, to: &text)
    case .visit(let run): try write(visit: run, to: &text)
    case .refuted(let refutations): try write(refutations, to: &text)
    case .undecided(let reason): try text.line(reason)
    }
  }

  private func write(_ search: ExpressAnswer.Search, to text: inout TextWriter) throws {
    let reads = search.alphabet == .steps ? "steps" : "labels"
    guard let machine = search.machine else {
      return try text.line(
        "search for a reward machine that reads \(reads), with at most"
          + " \(counted(search.stateLimit, "state"))"
          + (answer.isExpressible == false ? "; no larger one does either" : ""))
    }
    let claim = search.smaller == nil ? "" : "; no machine with fewer states does"
    try text.line(
      "a reward machine that reads \(reads), with \(counted(machine.states.count, "state"))\(claim)"
    )
    for place in 0..<machine.states.count {
      for transition in machine.transitions(from: place) {
        try text.line(
          "  \(machine.states[place]) -> \(machine.states[transition.target])  on"
            + " \(describe(transition.condition))")
      }
    }
  }

  private func write(
    _ refutation: ExpressAnswer.MachineRefutation, to text: inout TextWriter
  ) throws {
    try text.line(
      "each of them is refuted by one of \(counted(refutation.conflicts.count, "conflict"));"
        + " larger ones were not looked for")
    for conflict in refutation.conflicts.prefix(5) {
      let terms = conflict.map { "\($0.multiplier)·[\(describe($0.requirement))]" }
      try text.line("  " + terms.joined(separator: " + "))
    }
    if refutation.conflicts.count > 5 {
      try text.line("  and \(refutation.conflicts.count - 5) more")
    }
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private func describe(_ condition: RewardMachine.Guard) -> String {
    let model = task.model
    var parts: [String] = []
    if let states = condition.states {
      parts.append(states.sorted().map { model.states[Int($0.index)] }.joined(separator: "|"))
    }
    if let actions = condition.actions {
      parts.append(
        actions.sorted().map { model.actions[Int($0.index)] }.joined(separator: "|"))
    }
    if let successors = condition.successors {
      parts.append(
        "to " + successors.sorted().map { model.states[Int($0.index)] }.joined(separator: "|"))
    }
    for literal in condition.literals + condition.nextLiterals {
      parts.append((literal.isNegated ? "!" : "") + literal.proposition)
    }
    return parts.isEmpty ? "everything" : parts.joined(separator: " ")
  }

  private func write(_ reward: ExpressAnswer.Reward, to text: inout TextWriter) throws {
    if let margin = reward.margin {
      let isLargest = !reward.optimality.isEmpty
      try text.line(
        "margin \(shown(margin))" + (isLargest ? ", the largest for rewards within [-1, 1]" : ""))
    } else {
      try text.line("no requirement is strict: the reward 0 meets all of them")
    }
    try text.line("reward:")
    for (coordinate, value) in reward.entries {
      try text.line("  \(describe(coordinate))  \(value)")
    }
  }

  /// The sentence in words: which requirements cannot hold together, and why.
  func writeConflict(
    _ requirements: [ExpressAnswer.WeightedRequirement], to text: inout TextWriter
  ) throws {
    let terms = requirements.map { "\($0.multiplier)·[\(describe($0.requirement))]" }
    try text.line(
      terms.joined(separator: " + ") + ": \(reasonOfConflict); "
        + withoutOneLine(requirements.count))
  }

  /// That a conflict of so many requirements is irreducible.
  private func withoutOneLine(_ count: Int) -> String {
    count == 1
      ? "this line alone cannot be met"
      : "without any one of these lines the others are expressible together"
  }

  /// Why requirements contradict each other.
  private var reasonOfConflict: String {
    switch answer.formalism {
    case .limitAverage: "both sides have the same long-run occupancy"
    case .regularised: "both sides have the same occupancy and use of every law of actions"
    case .markovReward,
      .rewardMachine where answer.rewardSupport != nil:
      "both sides have the same occupancy"
    default: "both sides have the same lottery"
    }
  }

  /// One line a conflict, with the discounts at which it is one.
  private func write(
    _ refutation: ExpressAnswer.DiscountRefutation, to text: inout TextWriter
  ) throws {
    for (piece, ranges) in zip(refutation.pieces, try refutation.ranges()) {
      let terms = piece.terms.map { term in
        "\(DiscountText.factor(term.multiplier))·[\(describe(term.requirement))]"
      }
      let rest =
        refutation.pieces.count == 1 && refutation.open.isEmpty
        ? "; " + withoutOneLine(piece.terms.count) : ""
      try text.line(
        terms.joined(separator: " + ") + ": \(reasonOfConflict), for "
          + DiscountText.describe(ranges) + rest)
    }
    if !refutation.open.isEmpty { try text.line(refutation.reason) }
  }

  // MARK: - Names

  func describe(_ requirement: ExpressAnswer.Requirement) -> String {
    "\(describe(requirement.left)) \(requirement.relation.rawValue) \(describe(requirement.right))"
  }

  private func words(_ relation: ExpressAnswer.CycleStep.Relation) -> String {
    switch relation {
    case .greater, .atLeast, .equal: relation.rawValue
    case .sameLottery: "= (same lottery)"
    case .samePolicy: "= (same policy)"
    case .sameTrajectory: "= (same trajectory)"
    }
  }

  private func describe(_ reference: ExpressAnswer.Reference) -> String {
    switch reference {
    case .name(let name): describe(named: name)
    case .policy(let actions): describe(actions)
    }
  }

  /// A name of the task; a policy that was given inline goes by its actions.
  func describe(named name: String) -> String {
    guard let object = task.objects.first(where: { $0.name == name }), object.isInline,
      case .policy(let policy) = object.behaviour, let actions = policy.actions(in: task.model)
    else { return name }
    return describe(actions)
  }

  /// A policy by its actions where there is a choice.
  private func describe(_ actions: [Action]) -> String {
    let model = task.model
    let parts = actions.enumerated().filter { model.choices(at: State($0.offset)).count > 1 }
      .map { "\(model.states[$0.offset]): \(model.actions[Int($0.element.index)])" }
    return "{" + parts.joined(separator: ", ") + "}"
  }

  func describe(_ coordinate: RewardCoordinate) -> String {
    switch coordinate {
    case .regulariser(let law):
      let parts = zip(law.actions, law.probabilities).map {
        "\(task.model.actions[Int($0.index)]): \($1)"
      }
      return "F{" + parts.joined(separator: ", ") + "}"
    case .entry(let machine, let state, let action, let successor):
      var parts: [String] = []
      if let machine, let states = (answer.search?.machine ?? task.machine)?.states {
        parts.append(states[machine])
      }
      parts.append(task.model.states[Int(state.index)])
      if let action { parts.append(task.model.actions[Int(action.index)]) }
      if let successor { parts.append(task.model.states[Int(successor.index)]) }
      return "(" + parts.joined(separator: ", ") + ")"
    }
  }

  func describe(_ prefix: ExpressAnswer.Prefix) -> String {
    var parts = [task.model.states[Int(prefix.start.index)]]
    for step in prefix.steps {
      parts.append(task.model.actions[Int(step.action.index)])
      parts.append(task.model.states[Int(step.successor.index)])
    }
    if let action = prefix.lastAction { parts.append(task.model.actions[Int(action.index)]) }
    return parts.joined(separator: " ")
  }
}
