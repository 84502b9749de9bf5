import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The rational vector of each object with which a linear formalism's unknown reward is
/// multiplied: `value = reward · features`.
///
/// For policies the (discounted or limiting) occupancy, on the product where there is a machine;
/// for trajectories the discounted sum of their steps, or the mean over their cycle.
///
/// Source: ours, after arXiv 2310.11840; `proofs-notes/reward-design.md`.
struct FeatureSpace {
  let task: ExpressTask
  /// Not used by the limit average.
  let discount: Rational
  let progress: ProgressHandler
  private let letters: TransitionLetters
  private let machine: RewardMachine?

  init(of task: ExpressTask, discount: Rational, progress: ProgressHandler) {
    self.task = task
    self.discount = discount
    self.progress = progress
    letters = TransitionLetters(of: task.model)
    machine = task.formalism == .rewardMachine ? task.machine : nil
  }

  /// The features of every object of the task.
  ///
  /// - Complexity: one sparse exact solve a policy.
  func features() throws -> [RewardFeatures] {
    var all: [RewardFeatures] = []
    for (place, object) in task.objects.enumerated() {
      progress.report("features of \(place + 1) of \(task.objects.count) objects")
      try progress.checkpoint()
      switch object.behaviour {
      case .policy(let policy): all.append(try features(of: policy))
      case .trajectory(let trajectory):
        all.append(try features(of: trajectory, called: object.name))
      }
    }
    return all
  }

  func features(of policy: Policy) throws(Interrupted) -> RewardFeatures {
    let chain = ProductChain(
      of: policy, in: task.model, machine: machine, letters: letters, initial: task.initial ?? [])
    let masses =
      task.formalism == .limitAverage
      ? try chain.limitingMasses(progress: progress)
      : try chain.discountedMasses(discount, progress: progress)
    var features: RewardFeatures = [:]
    for (node, mass) in zip(chain.nodes, masses) where !mass.isZero {
      let choices = policy.choices(at: node.state)
      for weighted in choices {
        spread(mass * weighted.probability, over: weighted.choice, at: node, into: &features)
      }
      if task.formalism == .regularised {
        features[.regulariser(ActionLaw(choices, in: task.model)), default: 0] -= mass
      }
    }
    return features
  }

  /// Adds the time spent on a choice to the unknowns that pay for it.
  private func spread(
    _ mass: Rational, over choice: Choice, at node: ProductChain.Node,
    into features: inout RewardFeatures
  ) {
    let place = machine == nil ? nil : node.machine
    let action = task.model.action(of: choice)
    guard task.rewardSupport == .transition else {
      let coordinate = task.rewardSupport.coordinate(
        machine: place, node.state, action, node.state)
      features[coordinate, default: 0] += mass
      return
    }
    for (successor, probability) in task.model.transitions(of: choice) {
      let coordinate = RewardCoordinate.entry(
        machine: place, state: node.state, action: action, successor: successor)
      features[coordinate, default: 0] += mass * probability
    }
  }

  // MARK: - Trajectories

  private func features(
    of trajectory: Trajectory, called name: String
  ) throws(ExpressError) -> RewardFeatures {
    if task.formalism == .limitAverage {
      guard let cycle = trajectory.cycle else {
        throw .cycleRequired(trajectory: name, formalism: .limitAverage)
      }
      var features: RewardFeatures = [:]
      for step in cycle {
        features[coordinate(step, nil), default: 0] += Rational(1, cycle.count)
      }
      return features
    }
    var features: RewardFeatures = [:]
    var weight = Rational.one
    var place = machine?.initial
    for step in trajectory.steps {
      features[coordinate(step, place), default: 0] += weight
      weight *= discount
      place = next(place, step)
    }
    if let cycle = trajectory.cycle {
      addCycle(cycle, from: place, weight: weight, to: &features)
    }
    return features.filter { !$0.value.isZero }
  }

  /// Adds a cycle that is gone round for ever: some first rounds, then rounds between two visits
  /// of one machine state, of which each is worth the same factor less.
  private func addCycle(
    _ cycle: [Trajectory.Step], from start: Int?, weight: Rational,
    to features: inout RewardFeatures
  ) {
    var seen: [Int?: Int] = [:]
    var order: [Int?] = []
    var place = start
    while seen[place] == nil {
      seen[place] = order.count
      order.append(place)
      for step in cycle { place = next(place, step) }
    }
    let firstRepeated = seen[place] ?? 0
    let roundFactor = discount.power(cycle.count)
    let periodFactor = roundFactor.power(order.count - firstRepeated)
    var roundWeight = weight
    for (round, entry) in order.enumerated() {
      let isRepeated = round >= firstRepeated
      var stepWeight = isRepeated ? roundWeight / (1 - periodFactor) : roundWeight
      var current = entry
      for step in cycle {
        features[coordinate(step, current), default: 0] += stepWeight
        stepWeight *= discount
        current = next(current, step)
      }
      roundWeight *= roundFactor
    }
  }

  private func next(_ place: Int?, _ step: Trajectory.Step) -> Int? {
    guard let machine, let place else { return nil }
    return machine.step(
      from: place, step.state, step.action, to: step.successor, letters: letters)
  }

  private func coordinate(_ step: Trajectory.Step, _ place: Int?) -> RewardCoordinate {
    task.rewardSupport.coordinate(machine: place, step.state, step.action, step.successor)
  }
}
