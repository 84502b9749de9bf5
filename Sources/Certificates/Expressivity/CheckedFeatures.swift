import ExactArithmetic
import MarkovDecisionProcesses

/// The features of policies and trajectories as the checker computes them: what a linear reward is
/// multiplied with.
///
/// Source: ours, after arXiv 2310.11840; `proofs-notes/reward-design.md`.
struct CheckedFeatures {
  let task: ExpressTask
  let discount: Rational
  let letters: TransitionLetters

  init(of task: ExpressTask, discount: Rational) {
    self.task = task
    self.discount = discount
    letters = TransitionLetters(of: task.model)
  }

  var machine: RewardMachine? {
    task.formalism == .rewardMachine ? task.machine : nil
  }

  func features(
    of behaviour: ExpressTask.Object.Behaviour
  ) throws(CheckFailure) -> ScaledFeatures {
    switch behaviour {
    case .policy(let policy): try features(of: policy)
    case .trajectory(let trajectory): ScaledFeatures(features(of: trajectory))
    }
  }

  // MARK: - Policies

  private func features(of policy: Policy) throws(CheckFailure) -> ScaledFeatures {
    let chain = CheckedChain(of: policy, in: task, machine, letters)
    let masses =
      task.formalism == .limitAverage ? chain.limitingMasses() : chain.discountedMasses(discount)
    guard let masses else {
      throw .rejected("features: a chain of the policy has no end; this is a defect of the check")
    }
    let (denominator, numerators) = masses.commonForm
    var terms: [(coordinate: RewardCoordinate, place: Int, weight: Rational)] = []
    for (place, mass) in numerators.enumerated() where !mass.isZero {
      let node = chain.nodes[place]
      let choices = policy.choices(at: node.state)
      for weighted in choices {
        for (coordinate, weight) in parts(of: weighted.choice, at: node) {
          terms.append((coordinate, place, weighted.probability * weight))
        }
      }
      if task.formalism == .regularised {
        terms.append((.regulariser(ActionLaw(choices, in: task.model)), place, -1))
      }
    }
    let scale = terms.reduce(Integer.one) {
      $1.weight.denominator.divides($0) ? $0 : Integer.lcm($0, $1.weight.denominator)
    }
    var features: [RewardCoordinate: Integer] = [:]
    for (coordinate, place, weight) in terms {
      let factor = weight.numerator * scale.exactlyDivided(by: weight.denominator)
      features[coordinate, default: 0] += numerators[place] * factor
    }
    return ScaledFeatures(denominator: denominator * scale, numerators: features)
  }

  /// The unknowns that pay for a choice, each with the probability that it does.
  private func parts(
    of choice: Choice, at node: CheckedChain.Node
  ) -> [(coordinate: RewardCoordinate, weight: Rational)] {
    let action = task.model.action(of: choice)
    let place = machine == nil ? nil : node.machine
    guard task.rewardSupport == .transition else {
      let support = task.rewardSupport
      return [(support.coordinate(machine: place, node.state, action, node.state), 1)]
    }
    return task.model.transitions(of: choice).map {
      (
        task.rewardSupport.coordinate(machine: place, node.state, action, $0.successor),
        $0.probability
      )
    }
  }

  // MARK: - Trajectories

  private func features(of trajectory: Trajectory) -> RewardFeatures {
    var features: RewardFeatures = [:]
    if task.formalism == .limitAverage {
      let cycle = trajectory.cycle ?? []
      for step in cycle {
        features[coordinate(step, nil), default: 0] += Rational(1, cycle.count)
      }
      return features
    }
    var weight = Rational.one
    var place = machine?.initial
    func pay(_ step: Trajectory.Step, _ factor: Rational) {
      features[coordinate(step, place), default: 0] += factor
      if let machine, let current = place {
        place = machine.step(
          from: current, step.state, step.action, to: step.successor, letters: letters)
      }
    }
    for step in trajectory.steps {
      pay(step, weight)
      weight *= discount
    }
    guard let cycle = trajectory.cycle else { return features.filter { !$0.value.isZero } }
    // Go round until the machine's state at the start of the cycle repeats; what lies between
    // goes on for ever.
    var rounds: [Int?: Int] = [:]
    var starts: [(weight: Rational, features: RewardFeatures)] = []
    while rounds[place] == nil {
      rounds[place] = starts.count
      starts.append((weight, features))
      for step in cycle {
        pay(step, weight)
        weight *= discount
      }
    }
    let first = starts[rounds[place] ?? 0]
    // The part from `first` to here is worth `part (1 + q + q² + …)` with `q = γ^length`.
    guard !first.weight.isZero else { return features.filter { !$0.value.isZero } }
    let ratio = weight / first.weight
    var total = first.features
    for (coordinate, value) in features {
      let part = value - (first.features[coordinate] ?? 0)
      if !part.isZero { total[coordinate, default: 0] += part / (1 - ratio) }
    }
    return total.filter { !$0.value.isZero }
  }

  func coordinate(_ step: Trajectory.Step, _ place: Int?) -> RewardCoordinate {
    task.rewardSupport.coordinate(machine: place, step.state, step.action, step.successor)
  }
}

/// The chain of a policy on the reachable pairs of a machine's state and a state.
struct CheckedChain {
  struct Node: Hashable {
    let machine: Int
    let state: State
  }

  private(set) var nodes: [Node] = []
  private(set) var rows: [[(target: Int, weight: Rational)]] = []
  private(set) var start: [Rational] = []

  init(
    of policy: Policy, in task: ExpressTask, _ machine: RewardMachine?,
    _ letters: TransitionLetters
  ) {
    self.init(of: policy, in: task, from: machine?.initial ?? 0) {
      place, state, action, successor in
      machine?.step(from: place, state, action, to: successor, letters: letters) ?? 0
    }
  }

  /// - Parameters:
  ///   - first: the machine's first state.
  ///   - step: the machine's state after a step; `nil` where the run is not followed any more.
  init(
    of policy: Policy, in task: ExpressTask, from first: Int,
    step: (_ place: Int, State, Action, _ successor: State) -> Int?
  ) {
    var places: [Node: Int] = [:]
    func place(_ node: Node) -> Int {
      if let place = places[node] { return place }
      places[node] = nodes.count
      nodes.append(node)
      return nodes.count - 1
    }
    for (state, probability) in task.initial ?? [] where !probability.isZero {
      let target = place(Node(machine: first, state: state))
      while start.count < nodes.count { start.append(0) }
      start[target] += probability
    }
    var next = 0
    while next < nodes.count {
      let node = nodes[next]
      next += 1
      var row: [Int: Rational] = [:]
      for weighted in policy.choices(at: node.state) {
        let action = task.model.action(of: weighted.choice)
        for (successor, probability) in task.model.transitions(of: weighted.choice) {
          guard let then = step(node.machine, node.state, action, successor) else { continue }
          row[place(Node(machine: then, state: successor)), default: 0] +=
            weighted.probability * probability
        }
      }
      rows.append(row.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
    start += Array(repeating: 0, count: nodes.count - start.count)
  }

  /// `E Σ γ^t [at this node]`.
  func discountedMasses(_ discount: Rational) -> RationalVector? {
    let damped = rows.map { row in
      discount.isZero ? [] : row.map { ($0.target, $0.weight * discount) }
    }
    return expectedVisits(rows: damped, start: start)
  }

  /// The long-run share of time at each node.
  func limitingMasses() -> RationalVector? {
    let graph = DirectedGraph(rows.map { $0.map(\.target) })
    let components = StronglyConnectedComponents(of: graph)
    let isClosed = components.isClosed(in: graph)
    let isTransient = nodes.indices.map { !isClosed[Int(components.component[$0])] }
    let transient = expectedVisits(
      rows: rows.enumerated().map { place, row in
        isTransient[place] ? row.filter { isTransient[$0.target] } : []
      }, start: start.enumerated().map { isTransient[$0] ? $1 : 0 })
    guard let visits = transient?.entries else { return nil }
    var arrivals = [Rational](repeating: 0, count: components.count)
    for place in nodes.indices {
      guard isTransient[place] else {
        arrivals[Int(components.component[place])] += start[place]
        continue
      }
      for (target, weight) in rows[place] where !isTransient[target] {
        arrivals[Int(components.component[target])] += visits[place] * weight
      }
    }
    var masses = [Rational](repeating: 0, count: nodes.count)
    for (number, members) in components.members().enumerated() where isClosed[number] {
      guard !arrivals[number].isZero else { continue }
      guard let law = stationary(members) else { return nil }
      for (place, share) in zip(members, law) { masses[place] = arrivals[number] * share }
    }
    return RationalVector(masses)
  }

  /// The stationary law of a closed class: the visits between two visits of its first node.
  private func stationary(_ members: [Int]) -> [Rational]? {
    let root = members[0]
    let places = Dictionary(
      members.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var start = [Rational](repeating: 0, count: members.count)
    for (target, weight) in rows[root] where target != root {
      if let place = places[target] { start[place] += weight }
    }
    let inner = members.map { member in
      member == root
        ? []
        : rows[member].compactMap { entry -> (target: Int, weight: Rational)? in
          guard entry.target != root, let place = places[entry.target] else { return nil }
          return (place, entry.weight)
        }
    }
    guard var visits = expectedVisits(rows: inner, start: start)?.entries else { return nil }
    visits[0] = 1
    let total = visits.reduce(Rational.zero, +)
    return visits.map { $0 / total }
  }
}
