// What is here: sets of policies as a linear program in a threshold t, from features.
// Notation: φ = features; g acceptable, f another policy:
//   max ε  subject to  r·φ(g) ≥ t (= t where equality is asked),  r·φ(f) ≤ t − ε,  |r_c| ≤ 1.
// One row a policy, where pairs would be as many rows as products.

import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// A set of acceptable policies in a formalism with features.
struct PolicySetFeatures {
  private let task: ExpressTask
  private let objects: TaskObjects
  private let features: [RewardFeatures]
  private let progress: ProgressHandler

  /// - Parameter features: one an object.
  init(
    _ task: ExpressTask, _ objects: TaskObjects, _ features: [RewardFeatures],
    _ progress: ProgressHandler
  ) {
    self.task = task
    self.objects = objects
    self.features = features
    self.progress = progress
  }

  /// The outcome, and the reward if there is one.
  func answer() throws -> (ExpressAnswer.Outcome, reward: RewardFeatures?) {
    guard !objects.others.isEmpty else {
      // The reward 0 makes acceptable policies equal, and nothing else is required.
      return (.reward(reward([:], margin: nil, optimality: [])), [:])
    }
    let coordinates = Set(features.lazy.flatMap(\.keys)).sorted()
    var face = face(coordinates)
    progress.report("solving the linear program of \(face.rows.count) policies")
    let solution = try face.maximum(of: face.margin)
    guard let margin = solution.objectiveValue, let primal = solution.primal,
      let dual = solution.dual
    else { preconditionFailure("the reward 0 is feasible and the margin is bounded") }
    let multipliers = dual.entries.map { -$0 }
    let pairs = PolicySetWeights(
      good: zip(task.acceptable, multipliers).map { (reference($0), $1) },
      others: zip(objects.others, multipliers.dropFirst(task.acceptable.count)).map {
        (reference($0), $1)
      }
    ).pairs(task.variant)
    guard margin.signum > 0 else { return (.farkas(minimal(pairs)), nil) }
    let point = coordinates.indices.map { primal[$0] }
    face.restrict(to: point, margin: margin, multipliers)
    var table: RewardFeatures = [:]
    for (coordinate, value) in zip(coordinates, try face.simplified(point)) where !value.isZero {
      table[coordinate] = value
    }
    return (.reward(reward(table, margin: margin, optimality: pairs)), table)
  }

  /// Columns: the unknowns, the threshold, the margin. Rows: acceptable policies, then the others.
  private func face(_ coordinates: [RewardCoordinate]) -> RewardFace {
    let places = Dictionary(
      coordinates.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let threshold = coordinates.count
    func entries(_ place: Int, sign: Rational) -> [(column: Int, coefficient: Rational)] {
      features[place].compactMap { coordinate, value in
        places[coordinate].map { (column: $0, coefficient: sign * value) }
      }.sorted { $0.column < $1.column } + [(threshold, -sign)]
    }
    let good = task.acceptable.map {
      RewardFace.Row(
        lower: 0, upper: task.variant == .equal ? 0 : nil, entries: entries($0, sign: 1))
    }
    let others = objects.others.map {
      RewardFace.Row(
        lower: 0, upper: nil, entries: entries($0, sign: -1) + [(threshold + 1, -1)])
    }
    return RewardFace(
      rewardCount: coordinates.count, margin: threshold + 1,
      bounds: coordinates.map { _ in RewardFace.entryBounds } + [.free, RewardFace.marginBounds],
      rows: good + others, progress: progress)
  }

  private func reference(_ place: Int) -> ExpressAnswer.Reference {
    objects.entries[place].reference
  }

  /// The contradiction on an irreducible set of requirements.
  private func minimal(
    _ pairs: [ExpressAnswer.WeightedRequirement]
  ) -> [ExpressAnswer.WeightedRequirement] {
    var places: [ExpressAnswer.Reference: Int] = [:]
    for place in task.acceptable + objects.others { places[reference(place)] = place }
    let rows = pairs.map { pair in
      MarginProgram.Row(
        difference: (places[pair.requirement.left].map { features[$0] } ?? [:]).minus(
          places[pair.requirement.right].map { features[$0] } ?? [:]),
        relation: pair.requirement.relation)
    }
    let multipliers = ConflictReduction(rows: rows).minimal(pairs.map(\.multiplier))
    return zip(pairs, multipliers).compactMap { pair, multiplier in
      multiplier.isZero ? nil : ExpressAnswer.WeightedRequirement(pair.requirement, multiplier)
    }
  }

  private func reward(
    _ reward: RewardFeatures, margin: Rational?, optimality: [ExpressAnswer.WeightedRequirement]
  ) -> ExpressAnswer.Reward {
    ExpressAnswer.Reward(
      support: task.rewardSupport,
      entries: reward.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, margin: margin,
      optimality: optimality)
  }
}
