import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Tasks in the formalisms whose value is linear in an unknown table: MR, LAR, RRL, and RM with
/// its machine given.
struct LinearDesign {
  let task: ExpressTask
  let options: ExpressOptions

  init(_ task: ExpressTask, _ options: ExpressOptions) {
    self.task = task
    self.options = options
  }

  func answer() throws -> ExpressAnswer {
    let discount = try usedDiscount()
    if task.kind == .policySet, task.formalism == .markovReward, task.candidates == nil {
      return try PolicySetDesign(task, discount: discount, options).answer()
    }
    let space = FeatureSpace(of: task, discount: discount, progress: options.progress)
    // Machines see more than the state, so that one-state improvements prove nothing there.
    let objects = try TaskObjects(
      of: task, usesFringe: task.formalism != .rewardMachine, listsPairs: false,
      maximumPolicies: options.maximumPolicies, progress: options.progress)
    let features = try features(of: objects, in: space)
    if task.kind == .policySet {
      let (outcome, reward) = try PolicySetFeatures(
        task, objects, features, options.progress
      ).answer()
      return make(outcome, discount, values: reward.map { values(features, $0) } ?? [])
    }
    let rows = objects.constraints.map { constraint in
      MarginProgram.Row(
        difference: features[constraint.left].minus(features[constraint.right]),
        relation: constraint.relation)
    }
    options.progress.report("solving the linear program of \(rows.count) requirements")
    let solved = try MarginProgram(rows: rows, progress: options.progress).solve()
    let requirements = objects.requirements
    if let margin = solved.margin, margin.isZero {
      let multipliers = ConflictReduction(rows: rows).minimal(solved.multipliers)
      return make(.farkas(weighted(requirements, multipliers)), discount)
    }
    let reward = ExpressAnswer.Reward(
      support: task.rewardSupport,
      entries: solved.reward.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
      margin: solved.margin, optimality: weighted(requirements, solved.multipliers))
    return make(.reward(reward), discount, values: values(features, solved.reward))
  }

  private func values(
    _ features: [RewardFeatures], _ reward: RewardFeatures
  ) -> [(name: String, value: Rational)] {
    let table = RewardTable(reward)
    return zip(task.objects, features).map { (name: $0.name, value: table.value($1)) }
  }

  private func usedDiscount() throws(ExpressError) -> Rational {
    if task.formalism == .limitAverage { return 0 }
    switch task.discount {
    case .fixed(let value): return value
    case .any, nil: throw .discountRequired(formalism: task.formalism.rawValue)
    }
  }

  func features(
    of objects: TaskObjects, in space: FeatureSpace
  ) throws -> [RewardFeatures] {
    var features = try space.features()
    for (place, entry) in objects.entries.enumerated().dropFirst(features.count) {
      options.progress.report("features of \(place + 1) of \(objects.entries.count) policies")
      try options.progress.checkpoint()
      guard case .policy(let policy) = entry.behaviour else { continue }
      features.append(try space.features(of: policy))
    }
    return features
  }

  func weighted(
    _ requirements: [ExpressAnswer.Requirement], _ multipliers: [Rational]
  ) -> [ExpressAnswer.WeightedRequirement] {
    zip(requirements, multipliers).compactMap { requirement, multiplier in
      multiplier.isZero ? nil : ExpressAnswer.WeightedRequirement(requirement, multiplier)
    }
  }

  private func make(
    _ outcome: ExpressAnswer.Outcome, _ discount: Rational,
    values: [(name: String, value: Rational)] = []
  ) -> ExpressAnswer {
    ExpressAnswer(
      kind: task.kind, formalism: task.formalism,
      discount: task.formalism == .limitAverage ? nil : discount,
      rewardSupport: task.rewardSupport, outcome: outcome, values: values)
  }
}

extension RewardFeatures {
  func minus(_ other: RewardFeatures) -> RewardFeatures {
    var difference = self
    for (coordinate, value) in other { difference[coordinate, default: 0] -= value }
    return difference.filter { !$0.value.isZero }
  }
}

/// A table of rewards over one denominator, so that a value takes one gcd.
struct RewardTable {
  private let scale: Integer
  private let numerators: [RewardCoordinate: Integer]

  init(_ reward: RewardFeatures) {
    (scale, numerators) = reward.scaled
  }

  /// The value of an object with these features.
  func value(_ features: RewardFeatures) -> Rational {
    let (denominator, weights) = features.scaled
    var sum = Accumulator()
    for (coordinate, weight) in weights {
      if let value = numerators[coordinate] { sum.add(value, times: weight) }
    }
    return Rational(sum.value, scale * denominator)
  }
}

extension RewardFeatures {
  fileprivate var scaled: (denominator: Integer, numerators: [RewardCoordinate: Integer]) {
    let scale = commonDenominator(values)
    return (
      scale, mapValues { $0.numerator * scale.exactlyDivided(by: $0.denominator) }
    )
  }
}
