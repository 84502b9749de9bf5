import Certificates
import ExactArithmetic
import ExactLinearAlgebra

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
    if vectors.count > 8, let found = FactoredRelation(vectors).found() { return found.relation }
    return eliminatedRelation(vectors)
  }

  private func eliminatedRelation(_ vectors: [RewardFeatures]) -> [Rational]? {
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

/// The search for a linear relation between many long vectors, by sparse factors.
private struct FactoredRelation {
  struct Found {
    /// `nil` when the vectors are independent.
    let relation: [Rational]?
  }

  private let vectors: [RewardFeatures]
  private let rows: [[(column: Int, value: Rational)]]
  private let columnCount: Int

  init(_ vectors: [RewardFeatures]) {
    self.vectors = vectors
    let coordinates = Set(vectors.lazy.flatMap(\.keys)).sorted()
    let places = Dictionary(
      coordinates.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    columnCount = coordinates.count
    rows = vectors.map { vector in
      vector.compactMap { coordinate, value in
        places[coordinate].map { (column: $0, value: value) }
      }.sorted { $0.column < $1.column }
    }
  }

  /// - Returns: `nil` when the factors do not decide.
  func found() -> Found? {
    let size = max(rows.count, columnCount)
    let square = rows + Array(repeating: [], count: size - rows.count)
    guard let outcome = try? FactoredMatrix.factor(rows: square, progress: .none) else {
      return nil
    }
    guard case .singular(let pivotRows, let pivotColumns) = outcome else {
      return Found(relation: nil)
    }
    let kept = pivotRows.filter { $0 < rows.count }
    // Vectors that are independent modulo a prime are independent.
    if kept.count == rows.count { return Found(relation: nil) }
    let isKept = Set(kept)
    guard let other = rows.indices.first(where: { !isKept.contains($0) }),
      let relation = relation(of: other, to: kept, pivotColumns), vanishes(relation)
    else { return nil }
    return Found(relation: relation)
  }

  /// A vector as a combination of others, on as many columns.
  private func relation(of other: Int, to kept: [Int], _ columns: [Int]) -> [Rational]? {
    let places = Dictionary(
      columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let matrix = kept.map { row in
      rows[row].compactMap { entry in
        places[entry.column].map { (column: $0, value: entry.value) }
      }
    }
    var right = [Rational](repeating: 0, count: columns.count)
    for entry in rows[other] { if let place = places[entry.column] { right[place] = entry.value } }
    guard case .regular(let factors)? = try? FactoredMatrix.factor(rows: matrix, progress: .none),
      let solution = try? factors.solveTransposed(right, progress: .none)
    else { return nil }
    var relation = [Rational](repeating: 0, count: rows.count)
    for (row, value) in zip(kept, solution.entries) { relation[row] = value }
    relation[other] = -1
    return relation
  }

  /// Whether the combination is 0 in every column.
  private func vanishes(_ relation: [Rational]) -> Bool {
    var sums = [Rational](repeating: 0, count: columnCount)
    for (row, factor) in zip(rows, relation) where !factor.isZero {
      for entry in row { sums[entry.column] += factor * entry.value }
    }
    return sums.allSatisfy(\.isZero)
  }
}
