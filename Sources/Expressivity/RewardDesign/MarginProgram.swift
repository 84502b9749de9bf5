// What is here: the linear program of reward design.
// Notation: δ_k = features(left) − features(right) of requirement k; r = the unknown reward.
//   max ε  subject to  r·δ_k ≥ ε (strict), ≥ 0 (weak), = 0 (equal),  |r_c| ≤ 1.
// Dual: ε* = min ‖Σ λ_k δ_k‖₁ over λ ≥ 0 on inequalities with Σ_strict λ = 1. So ε* = 0 exactly if
// some λ makes the sum vanish: the certificate of impossibility (Motzkin).

import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms

/// Requirements on a linear reward.
struct MarginProgram {
  struct Row {
    let difference: RewardFeatures
    let relation: ExpressTask.Relation
  }

  /// What is known after solving.
  struct Answer {
    /// `nil` when no requirement is strict.
    let margin: Rational?
    /// A reward that attains the margin; zeros left out.
    let reward: RewardFeatures
    /// One multiplier a row.
    let multipliers: [Rational]
  }

  let rows: [Row]
  let progress: ProgressHandler

  private var isStrict: Bool { rows.contains { $0.relation == .greater } }

  /// - Parameter seeksFewEntries: look for a reward with few and short entries among those of the
  ///   margin.
  func solve(seeksFewEntries: Bool = true) throws -> Answer {
    guard isStrict else { return Answer(margin: nil, reward: [:], multipliers: []) }
    let coordinates = orderedCoordinates()
    var face = face(coordinates)
    let solution = try face.maximum(of: coordinates.count)
    guard let value = solution.objectiveValue, let primal = solution.primal,
      let dual = solution.dual
    else { preconditionFailure("the reward 0 is feasible and the margin is bounded") }
    let multipliers = dual.entries.map { -$0 }
    var reward = coordinates.indices.map { primal[$0] }
    if seeksFewEntries, value.signum > 0 {
      face.restrict(to: reward, margin: value, multipliers)
      reward = try face.simplified(reward)
    }
    return Answer(
      margin: value, reward: self.reward(coordinates, reward), multipliers: multipliers)
  }

  /// The rewards that meet the requirements; the last column is the margin.
  private func face(_ coordinates: [RewardCoordinate]) -> RewardFace {
    let places = Dictionary(
      coordinates.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let margin = coordinates.count
    let faceRows = rows.map { row in
      var entries = row.difference.compactMap { coordinate, value in
        places[coordinate].map { (column: $0, coefficient: value) }
      }.sorted { $0.column < $1.column }
      if row.relation == .greater { entries.append((margin, -1)) }
      return RewardFace.Row(
        lower: 0, upper: row.relation == .equal ? 0 : nil, entries: entries)
    }
    return RewardFace(
      rewardCount: coordinates.count, margin: margin,
      bounds: coordinates.map { _ in RewardFace.entryBounds } + [RewardFace.marginBounds],
      rows: faceRows,
      progress: progress)
  }

  private func reward(
    _ coordinates: [RewardCoordinate], _ point: [Rational]
  ) -> RewardFeatures {
    var reward: RewardFeatures = [:]
    for (place, coordinate) in coordinates.enumerated() where !point[place].isZero {
      reward[coordinate] = point[place]
    }
    return reward
  }

  /// The unknowns that some requirement touches, in the order of the model.
  private func orderedCoordinates() -> [RewardCoordinate] {
    var seen: Set<RewardCoordinate> = []
    for row in rows { seen.formUnion(row.difference.keys) }
    return seen.sorted()
  }
}
