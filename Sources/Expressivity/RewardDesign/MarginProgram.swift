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

  /// - Parameter seeksFewEntries: look for a reward with few entries among those of the margin.
  func solve(seeksFewEntries: Bool = true) throws -> Answer {
    guard isStrict else { return Answer(margin: nil, reward: [:], multipliers: []) }
    let coordinates = orderedCoordinates()
    var builder = LinearProgramBuilder(direction: .maximize)
    for place in coordinates.indices {
      try builder.addColumn("r\(place)", lower: -1, upper: 1)
    }
    let margin = try builder.addColumn("margin", lower: 0, upper: nil, objective: 1)
    try addRows(coordinates, &builder) { $0 == .greater ? (margin, -1) : nil }
    let solution = try LinearProgramSolvers.solve(
      builder.build(), options: LPOptions(progress: progress))
    guard let value = solution.objectiveValue, let primal = solution.primal,
      let dual = solution.dual
    else { preconditionFailure("the reward 0 is feasible and the margin is bounded") }
    var reward = self.reward(coordinates, primal)
    if seeksFewEntries, value.signum > 0,
      let sparser = try sparserReward(coordinates, margin: value)
    {
      reward = sparser
    }
    return Answer(
      margin: value, reward: reward, multipliers: dual.entries.map { -$0 })
  }

  /// Among the rewards that attain the margin one of least sum of absolute values as far as doubles
  /// see, which as a vertex has few entries; `nil` when they see none that attains it.
  private func sparserReward(
    _ coordinates: [RewardCoordinate], margin: Rational
  ) throws -> RewardFeatures? {
    var builder = LinearProgramBuilder(direction: .minimize)
    for place in coordinates.indices {
      try builder.addColumn("r\(place)", lower: -1, upper: 1)
    }
    for place in coordinates.indices {
      let size = try builder.addColumn("s\(place)", lower: 0, upper: 1, objective: 1)
      for sign in [Rational.one, -1] {
        try builder.addRow(
          lower: 0, upper: nil,
          entries: [(column: size, coefficient: 1), (column: place, coefficient: sign)])
      }
    }
    try addRows(coordinates, &builder, strictBound: margin) { _ in nil }
    progress.report("looking for a reward with few entries")
    return try guidedVertex(of: builder.build(), progress: progress).map {
      reward(coordinates, $0)
    }
  }

  private func addRows(
    _ coordinates: [RewardCoordinate], _ builder: inout LinearProgramBuilder,
    strictBound: Rational = 0,
    extra: (ExpressTask.Relation) -> (column: Int, coefficient: Rational)?
  ) throws {
    let places = Dictionary(
      coordinates.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for row in rows {
      var entries = row.difference.compactMap { coordinate, value in
        places[coordinate].map { (column: $0, coefficient: value) }
      }.sorted { $0.column < $1.column }
      if let extra = extra(row.relation) { entries.append(extra) }
      try builder.addRow(
        lower: row.relation == .greater ? strictBound : 0,
        upper: row.relation == .equal ? 0 : nil, entries: entries)
    }
  }

  private func reward(
    _ coordinates: [RewardCoordinate], _ point: RationalVector
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

/// Makes the support of multipliers with `Σ λ_k δ_k = 0` minimal.
///
/// While the `δ_k` of the support have more than one linear relation, moving along another one
/// until a multiplier vanishes makes the support smaller. With one relation left no requirement can
/// be spared: the rest is an irreducible infeasible subsystem (Gleeson and Ryan 1990).
struct ConflictReduction {
  let rows: [MarginProgram.Row]

  func minimal(_ multipliers: [Rational]) -> [Rational] {
    var current = multipliers
    while true {
      let support = current.indices.filter { !current[$0].isZero }
      guard let relation = secondRelation(support, current) else { return normalised(current) }
      current = moved(current, along: relation)
    }
  }

  private func strictSum(_ multipliers: [Rational]) -> Rational {
    zip(rows, multipliers).reduce(Rational.zero) { sum, entry in
      entry.0.relation == .greater ? sum + entry.1 : sum
    }
  }

  private func normalised(_ multipliers: [Rational]) -> [Rational] {
    let sum = strictSum(multipliers)
    return sum.isZero ? multipliers : multipliers.map { $0 / sum }
  }

  /// Goes on until the first multiplier vanishes, keeping a strict one.
  private func moved(_ current: [Rational], along relation: [Rational]) -> [Rational] {
    // Along this sign the strict multipliers do not lose, so that one of them stays.
    let direction = strictSum(relation).signum < 0 ? relation.map { -$0 } : relation
    if let step = firstStep(current, direction) { return step }
    // Nothing vanishes that way, so the relation has the signs of the multipliers. Backwards one
    // of them vanishes; should that take all strict ones, the relation itself is a conflict, on a
    // smaller support.
    guard let step = firstStep(current, direction.map { -$0 }), strictSum(step).signum > 0 else {
      return direction
    }
    return step
  }

  /// The first point on the way from `current` at which a multiplier vanishes, `nil` when none
  /// does.
  private func firstStep(_ current: [Rational], _ direction: [Rational]) -> [Rational]? {
    var length: Rational?
    for (value, change) in zip(current, direction) where !change.isZero {
      let step = -value / change
      if step.signum > 0, length.map({ step < $0 }) ?? true { length = step }
    }
    guard let length else { return nil }
    return zip(current, direction).map { $0 + length * $1 }
  }

  /// A relation of the `δ_k` of the support that is no multiple of the one at hand.
  private func secondRelation(_ support: [Int], _ current: [Rational]) -> [Rational]? {
    guard let last = support.last else { return nil }
    // Of two independent relations some combination has a zero at the last place.
    let others = support.dropLast()
    guard
      let relation = linearRelation(others.map { rows[$0].difference })
    else { return nil }
    var full = [Rational](repeating: 0, count: current.count)
    for (place, value) in zip(others, relation) { full[place] = value }
    precondition(full[last].isZero, "the last place is spared")
    return full
  }

  /// Coefficients, not all 0, of a vanishing combination, or `nil` when there is none.
  private func linearRelation(_ vectors: [RewardFeatures]) -> [Rational]? {
    var pivots: [(coordinate: RewardCoordinate, vector: RewardFeatures, combination: [Rational])] =
      []
    for (place, vector) in vectors.enumerated() {
      var rest = vector
      var combination = [Rational](repeating: 0, count: vectors.count)
      combination[place] = 1
      for pivot in pivots {
        guard let value = rest[pivot.coordinate], !value.isZero else { continue }
        for (coordinate, entry) in pivot.vector { rest[coordinate, default: 0] -= value * entry }
        for index in combination.indices { combination[index] -= value * pivot.combination[index] }
      }
      rest = rest.filter { !$0.value.isZero }
      guard let first = rest.keys.min() else { return combination }
      let scale = rest[first] ?? 1
      pivots.append(
        (first, rest.mapValues { $0 / scale }, combination.map { $0 / scale }))
    }
    return nil
  }
}
