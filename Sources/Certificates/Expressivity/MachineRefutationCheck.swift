// What is here: the proof that no reward machine of some number of states expresses a task, verified
// by walking through all of them. A node of the walk is a machine that is known in part; conflicts
// of the certificate end it when they refute all completions (`proofs-notes/machine-search.md`).

import ExactArithmetic
import MarkovDecisionProcesses

/// The walk through the machines of one number of states.
struct MachineRefutationCheck {
  typealias Behaviour = ExpressTask.Object.Behaviour

  /// What a conflict compares: objects with the weights that their values have in the sum of all
  /// requirements, each times its multiplier.
  private struct Conflict {
    let objects: [(behaviour: Behaviour, weight: Rational)]
  }

  private let check: ExpressCheck
  private let discount: Rational
  private let alphabet: StepAlphabet
  private let conflicts: [Conflict]
  /// Those of all conflicts: what the walk follows.
  private let behaviours: [Behaviour]
  private var nodes = 0

  /// - Throws: a rejection where a conflict is none of the task.
  init(
    _ check: ExpressCheck, discount: Rational, _ kind: StepAlphabet.Kind,
    _ written: [[WrittenRequirement]], _ place: String
  ) throws(CheckFailure) {
    self.check = check
    self.discount = discount
    alphabet = StepAlphabet(kind, of: check.task.model)
    var conflicts: [Conflict] = []
    var seen: Set<Behaviour> = []
    var behaviours: [Behaviour] = []
    for (number, requirements) in written.enumerated() {
      var weights: [Behaviour: Rational] = [:]
      var order: [Behaviour] = []
      for (requirement, multiplier) in try check.weighted(
        requirements, "\(place).conflicts[\(number)].constraints")
      {
        for (behaviour, sign) in [
          (requirement.left, multiplier), (requirement.right, -multiplier),
        ] {
          if weights[behaviour] == nil { order.append(behaviour) }
          weights[behaviour, default: 0] += sign
        }
      }
      let objects = order.compactMap { behaviour in
        weights[behaviour].flatMap { $0.isZero ? nil : (behaviour, $0) }
      }
      conflicts.append(Conflict(objects: objects))
      for (behaviour, _) in objects where seen.insert(behaviour).inserted {
        behaviours.append(behaviour)
      }
    }
    self.conflicts = conflicts
    self.behaviours = behaviours
  }

  /// Accepts when every machine of so many states is refuted.
  mutating func requireRefutation(ofAllWith stateCount: Int) throws(CheckFailure) {
    try visit(PartialMachine(stateCount: stateCount, reading: alphabet))
  }

  private mutating func visit(_ root: PartialMachine) throws(CheckFailure) {
    var pending = [root]
    while let machine = pending.popLast() {
      try check.checkpoint()
      nodes += 1
      check.progress.report("walking through the machines: \(nodes) nodes")
      if try isRefuted(machine) { continue }
      guard let (place, letter) = try undecided(machine) else {
        throw .rejected(
          "certificate: no conflict refutes the machine number \(nodes) of the walk,"
            + " with \(machine.usedCount) of \(machine.stateCount) states")
      }
      // A state that was not used yet: one stands for all.
      for target in 0...machine.usedCount where target < machine.stateCount {
        var next = machine
        next.set(from: place, reading: letter, to: target)
        pending.append(next)
      }
    }
  }

  // MARK: - One machine

  private func isRefuted(_ machine: PartialMachine) throws(CheckFailure) -> Bool {
    var views: [Behaviour: View] = [:]
    for conflict in conflicts {
      for (behaviour, _) in conflict.objects where views[behaviour] == nil {
        views[behaviour] = try view(behaviour, machine)
      }
      if refutes(conflict, views) { return true }
    }
    return false
  }

  /// What an object pays for under a machine: steps, and runs that go on from where the machine is
  /// not known.
  private struct View {
    var known: RewardFeatures = [:]
    var exits: [Exit: Rational] = [:]
  }

  /// A run leaves what is known of the machine: here, and goes on like this.
  private struct Exit: Hashable {
    let place: Int
    let letter: Int
    let state: State
    /// What is left of a trajectory, in normal form; `nil` for a policy.
    let rest: Trajectory?
  }

  private func refutes(_ conflict: Conflict, _ views: [Behaviour: View]) -> Bool {
    var sum: RewardFeatures = [:]
    var rests: [Exit: Rational] = [:]
    var mixtures: [Exit: [(policy: Policy, weight: Rational)]] = [:]
    for (behaviour, weight) in conflict.objects {
      guard let view = views[behaviour] else { return false }
      for (coordinate, value) in view.known { sum[coordinate, default: 0] += weight * value }
      for (exit, value) in view.exits {
        if case .policy(let policy) = behaviour {
          mixtures[exit, default: []].append((policy, weight * value))
        } else {
          rests[exit, default: 0] += weight * value
        }
      }
    }
    return sum.values.allSatisfy(\.isZero) && rests.values.allSatisfy(\.isZero)
      && mixtures.allSatisfy { exit, mixture in
        LotteryAnswerCheck.firstDifference(mixture, in: check.task.model, from: [exit.state]) == nil
      }
  }

  private func view(
    _ behaviour: Behaviour, _ machine: PartialMachine
  ) throws(CheckFailure) -> View {
    switch behaviour {
    case .policy(let policy): try view(of: policy, machine)
    case .trajectory(let trajectory): try view(of: trajectory, machine)
    }
  }

  private func view(
    of policy: Policy, _ machine: PartialMachine
  ) throws(CheckFailure) -> View {
    let (task, model) = (check.task, check.task.model)
    let chain = CheckedChain(of: policy, in: task, from: 0) {
      machine.step(from: $0, $1, $2, to: $3)
    }
    guard let masses = chain.discountedMasses(discount) else {
      throw .rejected("features: a chain of the policy has no end; this is a defect of the check")
    }
    var view = View()
    for (node, mass) in zip(chain.nodes, masses.entries) where !mass.isZero {
      for weighted in policy.choices(at: node.state) {
        let action = model.action(of: weighted.choice)
        for (successor, probability) in model.transitions(of: weighted.choice) {
          let weight = mass * weighted.probability * probability
          let coordinate = task.rewardSupport.coordinate(
            machine: node.machine, node.state, action, successor)
          view.known[coordinate, default: 0] += weight
          let letter = alphabet.letter(of: node.state, action, to: successor)
          if machine.target(from: node.machine, reading: letter) == nil {
            let exit = Exit(place: node.machine, letter: letter, state: successor, rest: nil)
            view.exits[exit, default: 0] += discount * weight
          }
        }
      }
    }
    return view
  }

  /// Unrolled until the machine is not known, the trajectory ends, or a cycle starts in the same
  /// state of the machine once more.
  private func view(
    of trajectory: Trajectory, _ machine: PartialMachine
  ) throws(CheckFailure) -> View {
    var view = View()
    var (place, weight) = (0, Rational.one)
    var rest = trajectory
    var starts: [Int: (known: RewardFeatures, weight: Rational)] = [:]
    while true {
      if rest.steps.isEmpty {
        guard let cycle = rest.cycle else { return view }
        if let start = starts[place] {
          guard !start.weight.isZero else { return view }
          // The part since then is worth `part (1 + q + q² + …)`.
          let ratio = weight / start.weight
          for (coordinate, value) in view.known {
            let part = value - (start.known[coordinate] ?? 0)
            view.known[coordinate] = value + part * ratio / (1 - ratio)
          }
          return view
        }
        starts[place] = (view.known, weight)
        rest = Trajectory(start: rest.start, steps: cycle, cycle: cycle)
      }
      let step = rest.steps[0]
      let coordinate = check.task.rewardSupport.coordinate(
        machine: place, step.state, step.action, step.successor)
      view.known[coordinate, default: 0] += weight
      weight *= discount
      rest = Trajectory(
        start: step.successor, steps: Array(rest.steps.dropFirst()), cycle: rest.cycle)
      let letter = alphabet.letter(of: step.state, step.action, to: step.successor)
      guard let target = machine.target(from: place, reading: letter) else {
        if !rest.steps.isEmpty || rest.cycle != nil {
          let exit = Exit(
            place: place, letter: letter, state: step.successor, rest: rest.normalForm)
          view.exits[exit, default: 0] += weight
        }
        return view
      }
      place = target
    }
  }

  // MARK: - What is not known

  /// The first transition that an object of a conflict takes and the machine does not know.
  private func undecided(
    _ machine: PartialMachine
  ) throws(CheckFailure) -> (place: Int, letter: Int)? {
    for behaviour in behaviours {
      let exits = try view(behaviour, machine).exits.keys
      let first = exits.min { ($0.place, $0.letter) < ($1.place, $1.letter) }
      if let first { return (first.place, first.letter) }
    }
    return nil
  }
}
