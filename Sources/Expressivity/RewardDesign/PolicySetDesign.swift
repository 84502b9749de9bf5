import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Sets of acceptable policies in Markov rewards, all other deterministic policies being
/// unacceptable.
///
/// Only the neighbours of acceptable policies are compared: what beats them beats all others
/// (`proofs-notes/fringe.md`).
struct PolicySetDesign {
  private let task: ExpressTask
  private let options: ExpressOptions
  private let discount: Rational

  init(_ task: ExpressTask, discount: Rational, _ options: ExpressOptions) {
    self.task = task
    self.discount = discount
    self.options = options
  }

  func answer() throws -> ExpressAnswer {
    let places = task.acceptable
    let good = places.compactMap { place -> [Action]? in
      guard case .policy(let policy) = task.objects[place].behaviour else { return nil }
      return policy.actions(in: task.model)
    }
    let acceptable = Set(good)
    var taken: Set<[Action]> = []
    var neighbours: [PolicySetProgram.Neighbour] = []
    let visits = NeighbourVisits(of: task, discount: discount, progress: options.progress)
    for (place, actions) in good.enumerated() {
      options.progress.report("neighbours of policy \(place + 1) of \(good.count)")
      let found = try visits.neighbours(
        of: actions, place: place, acceptable: acceptable, taken: &taken)
      switch found {
      case .neighbours(let more): neighbours += more
      case .indistinguishable(let other):
        let requirement = ExpressAnswer.Requirement(
          task.reference(places[place]), .greater, reference(other))
        return try make(.farkas([ExpressAnswer.WeightedRequirement(requirement, 1)]))
      }
    }
    guard !neighbours.isEmpty else {
      // Every policy is acceptable: nothing is required.
      return try make(.reward(reward([:], margin: nil, optimality: [])), values: [:])
    }
    let program = PolicySetProgram(
      task: task, discount: discount, good: good, neighbours: neighbours,
      progress: options.progress)
    if good.count == 1, task.rewardSupport == .stateAction,
      let single = try SinglePolicyDesign(
        task: task, discount: discount, actions: good[0], neighbours: neighbours,
        progress: options.progress
      ).solve()
    {
      return try answer(single, places[0], program)
    }
    options.progress.report("solving the linear program of \(neighbours.count) neighbours")
    let solved = try program.solve()
    let pairs = PolicySetWeights(
      good: zip(places, solved.goodWeights).map { (task.reference($0), $1) },
      others: zip(neighbours, solved.badWeights).map { (reference($0.actions), $1) }
    ).pairs(task.variant)
    guard solved.margin.isZero else {
      return try make(
        .reward(reward(solved.reward, margin: solved.margin, optimality: pairs)),
        values: solved.reward)
    }
    return try make(.farkas(try minimal(pairs)))
  }

  private func answer(
    _ single: SinglePolicyDesign.Answer, _ place: Int, _ program: PolicySetProgram
  ) throws -> ExpressAnswer {
    let optimality = zip(program.neighbours, normalised(single.multipliers)).compactMap {
      neighbour, multiplier -> ExpressAnswer.WeightedRequirement? in
      guard !multiplier.isZero else { return nil }
      return ExpressAnswer.WeightedRequirement(
        ExpressAnswer.Requirement(
          task.reference(place), .greater, reference(neighbour.actions)), multiplier)
    }
    let short = try program.shortened(single.reward, margin: single.margin)
    let outcome = ExpressAnswer.Outcome.reward(
      reward(short, margin: single.margin, optimality: optimality))
    // Other policies that the task names have to be evaluated one by one.
    guard task.objects.count == 1, short == single.reward else {
      return try make(outcome, values: short)
    }
    return ExpressAnswer(
      kind: task.kind, formalism: task.formalism, discount: discount,
      rewardSupport: task.rewardSupport, outcome: outcome,
      values: [(name: task.objects[place].name, value: single.value)])
  }

  /// The multipliers with the sum 1, unless that would be far longer than they are: any positive sum
  /// proves the same.
  private func normalised(_ multipliers: [Rational]) -> [Rational] {
    let bits = multipliers.reduce(0) { $0 + $1.denominator.bitLength }
    guard bits <= 4096 else { return multipliers }
    let sum = multipliers.reduce(Rational.zero, +)
    return multipliers.map { $0 / sum }
  }

  /// The contradiction on an irreducible set of requirements.
  private func minimal(
    _ pairs: [ExpressAnswer.WeightedRequirement]
  ) throws -> [ExpressAnswer.WeightedRequirement] {
    let space = FeatureSpace(of: task, discount: discount, progress: options.progress)
    var known: [ExpressAnswer.Reference: RewardFeatures] = [:]
    func features(_ reference: ExpressAnswer.Reference) throws -> RewardFeatures {
      if let found = known[reference] { return found }
      let policy: Policy
      switch reference {
      case .policy(let actions): policy = try Policy(actions, in: task.model)
      case .name(let name):
        guard case .policy(let named)? = task.objects.first(where: { $0.name == name })?.behaviour
        else { return [:] }
        policy = named
      }
      let found = try space.features(of: policy)
      known[reference] = found
      return found
    }
    let rows = try pairs.map { pair in
      MarginProgram.Row(
        difference: try features(pair.requirement.left).minus(features(pair.requirement.right)),
        relation: pair.requirement.relation)
    }
    let multipliers = ConflictReduction(rows: rows).minimal(pairs.map(\.multiplier))
    return zip(pairs, multipliers).compactMap { pair, multiplier in
      multiplier.isZero ? nil : ExpressAnswer.WeightedRequirement(pair.requirement, multiplier)
    }
  }

  private func reference(_ actions: [Action]) -> ExpressAnswer.Reference {
    task.reference(actions)
  }

  private func reward(
    _ reward: RewardFeatures, margin: Rational?, optimality: [ExpressAnswer.WeightedRequirement]
  ) -> ExpressAnswer.Reward {
    ExpressAnswer.Reward(
      support: task.rewardSupport,
      entries: reward.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, margin: margin,
      optimality: optimality)
  }

  private func make(
    _ outcome: ExpressAnswer.Outcome, values reward: RewardFeatures? = nil
  ) throws -> ExpressAnswer {
    var values: [(name: String, value: Rational)] = []
    if let reward {
      let space = FeatureSpace(of: task, discount: discount, progress: options.progress)
      let table = RewardTable(reward)
      values = zip(task.objects, try space.features()).map {
        ($0.name, table.value($1))
      }
    }
    return ExpressAnswer(
      kind: task.kind, formalism: task.formalism, discount: discount,
      rewardSupport: task.rewardSupport, outcome: outcome, values: values)
  }
}
