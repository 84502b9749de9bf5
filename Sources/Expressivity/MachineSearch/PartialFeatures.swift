// What is here: the features of policies and trajectories under a machine of which some transitions
// are not decided yet, so that the same multipliers refute all its completions.
// Notation: x(u, σ, s') = Σ γ^t P(step t reads the letter σ in the machine's state u and leads to s',
// t first such step with (u, σ) undecided), one entry an object; W_{s'} = the vectors of values that
// functions of the run from s' on can have. What a completion pays from there on is x ∘ w, w in W_{s'}.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Features under machines that are known in part: the table's entries as far as the machine is
/// known, and one unknown for each direction of what may be paid behind an undecided transition.
///
/// Source: ours; `proofs-notes/machine-search.md`.
struct PartialFeatures {
  private let task: ExpressTask
  private let discount: Rational
  private let behaviours: [ExpressTask.Object.Behaviour]
  private let progress: ProgressHandler
  /// By state: a basis of `W_s`, one entry an object in each vector; policies only.
  private let futures: [[[Rational]]]
  /// The numbers of what is left of each trajectory at each of its steps.
  private let rests: [[Int]]

  init(
    _ task: ExpressTask, discount: Rational, _ behaviours: [ExpressTask.Object.Behaviour],
    progress: ProgressHandler
  ) throws(Interrupted) {
    self.task = task
    self.discount = discount
    self.behaviours = behaviours
    self.progress = progress
    let policies = behaviours.compactMap { behaviour -> Policy? in
      if case .policy(let policy) = behaviour { policy } else { nil }
    }
    var futures: [[[Rational]]] = []
    if !policies.isEmpty {
      for state in 0..<task.model.stateCount {
        progress.report("functions of runs from state \(state + 1) of \(task.model.stateCount)")
        futures.append(
          try AttainableVectors(
            of: policies, in: task.model, initial: [(State(state), 1)], progress: progress
          ).basis().map(\.vector))
      }
    }
    self.futures = futures
    var numbers: [Trajectory: Int] = [:]
    rests = behaviours.map { behaviour in
      guard case .trajectory(let trajectory) = behaviour else { return [] }
      return trajectory.rests.map { rest in
        let number = numbers[rest] ?? numbers.count
        numbers[rest] = number
        return number
      }
    }
  }

  /// The undecided transition that a search decides next: the first that is met, object by object,
  /// breadth first; `nil` when the machine is known as far as the objects reach.
  func firstOpen(in machine: PartialMachine) -> (place: Int, letter: Int)? {
    for behaviour in behaviours {
      let found =
        switch behaviour {
        case .policy(let policy): firstOpen(in: machine, policy)
        case .trajectory(let trajectory): walk(trajectory, machine).open
        }
      if let found { return found }
    }
    return nil
  }

  private func firstOpen(
    in machine: PartialMachine, _ policy: Policy
  ) -> (place: Int, letter: Int)? {
    var queue = (task.initial ?? []).filter { !$0.probability.isZero }.map {
      ProductChain.Node(machine: 0, state: $0.state)
    }
    var seen = Set(queue)
    var next = 0
    while next < queue.count {
      let node = queue[next]
      next += 1
      for weighted in policy.choices(at: node.state) {
        let action = task.model.action(of: weighted.choice)
        for (successor, _) in task.model.transitions(of: weighted.choice) {
          let letter = machine.alphabet.letter(of: node.state, action, to: successor)
          guard let target = machine.target(from: node.machine, reading: letter) else {
            return (node.machine, letter)
          }
          let reached = ProductChain.Node(machine: target, state: successor)
          if seen.insert(reached).inserted { queue.append(reached) }
        }
      }
    }
    return nil
  }

  // MARK: - Features

  /// The features of every object.
  ///
  /// - Complexity: one exact solve a policy, on the part of the product that is known.
  func features(under machine: PartialMachine) throws(Interrupted) -> [RewardFeatures] {
    var all: [RewardFeatures] = []
    for (place, behaviour) in behaviours.enumerated() {
      try progress.checkpoint()
      switch behaviour {
      case .policy(let policy): all.append(try features(of: policy, place, machine))
      case .trajectory(let trajectory): all.append(features(of: trajectory, place, machine))
      }
    }
    return all
  }

  private func features(
    of policy: Policy, _ place: Int, _ machine: PartialMachine
  ) throws(Interrupted) -> RewardFeatures {
    let model = task.model
    let chain = ProductChain(of: policy, in: model, from: 0, initial: task.initial ?? []) {
      machine.step(from: $0, $1, $2, to: $3)
    }
    let masses = try chain.discountedMasses(discount, progress: progress)
    var features: RewardFeatures = [:]
    for (node, mass) in zip(chain.nodes, masses) where !mass.isZero {
      for weighted in policy.choices(at: node.state) {
        let action = model.action(of: weighted.choice)
        for (successor, probability) in model.transitions(of: weighted.choice) {
          let weight = mass * weighted.probability * probability
          let coordinate = task.rewardSupport.coordinate(
            machine: node.machine, node.state, action, successor)
          features[coordinate, default: 0] += weight
          let letter = machine.alphabet.letter(of: node.state, action, to: successor)
          guard machine.target(from: node.machine, reading: letter) == nil else { continue }
          for (number, vector) in futures[Int(successor.index)].enumerated() {
            let open = open(machine, node.machine, letter, successor, number)
            features[open, default: 0] += discount * weight * vector[place]
          }
        }
      }
    }
    return features.filter { !$0.value.isZero }
  }

  private func features(
    of trajectory: Trajectory, _ place: Int, _ machine: PartialMachine
  ) -> RewardFeatures {
    let walk = walk(trajectory, machine)
    var features: RewardFeatures = [:]
    var weight = Rational.one
    var places: [Rational] = []
    for (step, state) in walk.steps {
      places.append(weight)
      let coordinate = task.rewardSupport.coordinate(
        machine: state, step.state, step.action, step.successor)
      features[coordinate, default: 0] += weight
      weight *= discount
    }
    if let open = walk.open, let last = walk.steps.last?.step {
      if let rest = rests[place].at(walk.steps.count, of: trajectory) {
        features[
          self.open(machine, open.place, open.letter, last.successor, rest), default: 0] += weight
      }
    } else if let start = walk.repeatedFrom, start < places.count, !places[start].isZero {
      // The steps from `start` on come again and again, each time by `ratio` lighter.
      let ratio = weight / places[start]
      let more = ratio / (1 - ratio)
      for ((step, state), own) in zip(walk.steps, places).dropFirst(start) {
        let coordinate = task.rewardSupport.coordinate(
          machine: state, step.state, step.action, step.successor)
        features[coordinate, default: 0] += own * more
      }
    }
    return features.filter { !$0.value.isZero }
  }

  /// The unknown that stands for one direction of what is paid behind an undecided transition.
  private func open(
    _ machine: PartialMachine, _ place: Int, _ letter: Int, _ successor: State, _ number: Int
  ) -> RewardCoordinate {
    // Places past the machine's states are free for it.
    let place = machine.stateCount + place * machine.alphabet.count + letter
    return .entry(machine: place, state: successor, action: Action(number), successor: nil)
  }

  // MARK: - Trajectories

  private struct Walk {
    /// With the machine's state before each step.
    var steps: [(step: Trajectory.Step, place: Int)] = []
    /// The undecided transition that the last step would take.
    var open: (place: Int, letter: Int)?
    /// From where on the steps go round.
    var repeatedFrom: Int?
  }

  /// Follows a trajectory until its end, an undecided transition, or the start of a cycle that was
  /// met in the same state of the machine.
  private func walk(_ trajectory: Trajectory, _ machine: PartialMachine) -> Walk {
    var walk = Walk()
    var place = 0
    func take(_ step: Trajectory.Step) -> Bool {
      walk.steps.append((step, place))
      let letter = machine.alphabet.letter(of: step.state, step.action, to: step.successor)
      guard let target = machine.target(from: place, reading: letter) else {
        walk.open = (place, letter)
        return false
      }
      place = target
      return true
    }
    for step in trajectory.steps where !take(step) { return walk }
    guard let cycle = trajectory.cycle else { return walk }
    var starts: [Int: Int] = [:]
    while starts[place] == nil {
      starts[place] = walk.steps.count
      for step in cycle where !take(step) { return walk }
    }
    walk.repeatedFrom = starts[place]
    return walk
  }
}

extension Trajectory {
  /// What is left after each number of steps, in normal form: once round the cycle, or until the
  /// end, which is left out.
  fileprivate var rests: [Trajectory] {
    let count = steps.count + (cycle?.count ?? 0)
    return (0..<count).map { done in
      if done < steps.count {
        let rest = Array(steps[done...])
        return Trajectory(start: rest[0].state, steps: rest, cycle: cycle).normalForm
      }
      let cycle = cycle ?? []
      let turned = Array(cycle[(done - steps.count)...] + cycle[..<(done - steps.count)])
      return Trajectory(start: turned[0].state, steps: [], cycle: turned).normalForm
    }
  }
}

extension [Int] {
  /// The number of what is left of `trajectory` after some steps; `nil` at its end.
  fileprivate func at(_ done: Int, of trajectory: Trajectory) -> Int? {
    if done < count { return self[done] }
    guard let cycle = trajectory.cycle else { return nil }
    return self[trajectory.steps.count + (done - trajectory.steps.count) % cycle.count]
  }
}
