import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// A transition, as a coordinate of the space in which kernels are vectors.
public struct TransitionPlace: Sendable, Hashable {
  public let choice: Choice
  public let successor: State
}

/// Whether a model's kernel is a linear mixture of features, with what proves it.
///
/// Kernels are vectors over all `(s, a, s')` with `a` available at `s`: the question is whether
/// `Bθ = p`. Every field is exact.
///
/// Source: `proofs-notes/linear-mixture-recognition.md`.
public struct MixtureRecognition: Sendable {
  /// What proves the answer.
  public enum Certificate: Sendable {
    /// `Bθ = p`, and `θ ≥ 0` unless the answer says that there is no such `θ`.
    case theta([Rational])
    /// `yᵀB = 0`, `yᵀp = 1`: no mixture.
    case fredholm([(place: TransitionPlace, weight: Rational)])
    /// `yᵀB ≥ 0`, `yᵀp < 0`: no mixture with weights of at least 0.
    case farkas([(place: TransitionPlace, weight: Rational)])
  }

  /// The rank of the features, as vectors.
  public let rank: Int
  public let isLinear: Bool
  /// Whether some `θ ≥ 0` does; kernels then have weights that add up to 1.
  public let isConvex: Bool
  /// Whether there is exactly one `θ`.
  public let isUnique: Bool
  /// A solution, `≥ 0` if there is one that is; `nil` when there is none.
  public let theta: [Rational]?
  /// The solution of least norm.
  public let minimumNormTheta: [Rational]?
  /// The squared distance of the kernel to the span, where it is not in it.
  public let residualSquared: Rational?
  public let certificate: Certificate

  /// `‖θ‖²` of the solution of least norm: the least valid `B2`.
  public var minimumNormSquared: Rational? { minimumNormTheta.map { dot($0, $0) } }

  /// - Parameter features: over the choices of `model`.
  /// - Throws: ``Interrupted``, and what the linear program of the convex case throws.
  public init(
    of model: FiniteMDP, in features: TransitionFeatures, progress: ProgressHandler = .none
  ) throws {
    precondition(features.rows.count == model.choiceCount, "one row of features a choice")
    let system = try MixtureSystem(model, features, progress)
    let echelon = system.echelon
    rank = echelon.rank
    isLinear = echelon.contradiction == nil
    isUnique = isLinear && rank == features.dimension
    guard isLinear else {
      isConvex = false
      (theta, minimumNormTheta) = (nil, nil)
      residualSquared = system.residualSquared()
      certificate = .fredholm(system.weights(echelon.contradiction ?? [:]))
      return
    }
    residualSquared = nil
    minimumNormTheta = system.minimumNormSolution()
    switch try system.convexSolution(isUnique: isUnique, progress) {
    case .solution(let weights):
      isConvex = true
      theta = weights
      certificate = .theta(weights)
    case .none(let farkas):
      isConvex = false
      theta = echelon.solution
      certificate = .farkas(system.weights(farkas))
    }
  }
}

extension MixtureRecognition {
  /// The weights of least norm in the offset form, `P = P_d + Σ_{i<d} θ_i (P_i - P_d)`.
  ///
  /// - Parameter features: the kernels `P_1, …, P_d`, over the choices of `model`.
  /// - Returns: `nil` where there are no such weights.
  /// - Throws: ``Interrupted``.
  public static func offsetTheta(
    of model: FiniteMDP, in features: TransitionFeatures, progress: ProgressHandler = .none
  ) throws(Interrupted) -> [Rational]? {
    let system = try MixtureSystem(model, features, isOffset: true, progress)
    guard system.echelon.contradiction == nil else { return nil }
    return system.dimension == 0 ? [] : system.minimumNormSolution()
  }
}

/// The system `Bθ = p` of a kernel and its features; in the offset form, of what they differ by
/// from the last feature.
private struct MixtureSystem {
  let places: [TransitionPlace]
  let rows: [[Rational]]
  let right: [Rational]
  let dimension: Int
  let echelon: RowEchelon

  init(
    _ model: FiniteMDP, _ features: TransitionFeatures, isOffset: Bool = false,
    _ progress: ProgressHandler
  ) throws(Interrupted) {
    var places: [TransitionPlace] = []
    var rows: [[Rational]] = []
    var right: [Rational] = []
    dimension = isOffset ? max(0, features.dimension - 1) : features.dimension
    var echelon = RowEchelon(width: dimension)
    for choice in 0..<model.choiceCount {
      if choice & 1023 == 0 { try progress.checkpoint() }
      var targets: [State: Rational] = [:]
      for (successor, probability) in model.transitions(of: Choice(choice)) {
        targets[successor] = probability
      }
      let vectors = Dictionary(
        uniqueKeysWithValues: features.rows[choice].map { ($0.successor, $0.vector) })
      let zero = [Rational](repeating: 0, count: features.dimension)
      for successor in Set(targets.keys).union(vectors.keys).sorted() {
        var (vector, target) = (vectors[successor] ?? zero, targets[successor] ?? 0)
        if isOffset, let origin = vector.popLast() {
          vector = vector.map { $0 - origin }
          target -= origin
        }
        echelon.add(vector, right: target, number: places.count)
        places.append(TransitionPlace(choice: Choice(choice), successor: successor))
        rows.append(vector)
        right.append(target)
      }
    }
    self.places = places
    self.rows = rows
    self.right = right
    self.echelon = echelon
  }

  func weights(_ combination: [Int: Rational]) -> [(place: TransitionPlace, weight: Rational)] {
    combination.sorted { $0.key < $1.key }.map { (places[$0.key], $0.value) }
  }

  /// The solution in the span of the rows: `θ = Rᵀz` with `RRᵀz = c` for the reduced rows `Rθ = c`.
  func minimumNormSolution() -> [Rational]? {
    let reduced = echelon.rows
    let gram = reduced.map { a in reduced.map { dot(a.entries, $0.entries) } }
    // Independent rows have a regular Gram matrix.
    guard let z = solvedByElimination(rows: gram, rightSide: reduced.map(\.right)) else {
      return nil
    }
    return (0..<dimension).map { column in
      dot(z, reduced.map { $0.entries[column] })
    }
  }

  /// `‖p‖² - cᵀG⁻¹c` for independent columns that span the same space.
  func residualSquared() -> Rational? {
    let pivots = echelon.rows.map(\.pivot)
    var gram = pivots.map { _ in [Rational](repeating: 0, count: pivots.count) }
    var products = [Rational](repeating: 0, count: pivots.count)
    for (row, target) in zip(rows, right) {
      for (i, a) in pivots.enumerated() where !row[a].isZero {
        products[i] += row[a] * target
        for (j, b) in pivots.enumerated() where !row[b].isZero { gram[i][j] += row[a] * row[b] }
      }
    }
    guard let z = solvedByElimination(rows: gram, rightSide: products) else { return nil }
    return dot(right, right) - dot(products, z)
  }

  enum ConvexAnswer {
    case solution([Rational])
    /// A combination of the given rows.
    case none([Int: Rational])
  }

  /// A solution with entries of at least 0, or a proof that there is none.
  func convexSolution(isUnique: Bool, _ progress: ProgressHandler) throws -> ConvexAnswer {
    let solution = echelon.solution
    guard let negative = solution.firstIndex(where: \.isNegative) else {
      return .solution(solution)
    }
    if isUnique { return .none(echelon.unitCombination(negative)) }
    var builder = LinearProgramBuilder()
    for column in 0..<dimension { try builder.addColumn("theta\(column + 1)") }
    for row in echelon.rows {
      try builder.addRow(
        lower: row.right, upper: row.right, entries: row.entries.enumerated().map { ($0, $1) })
    }
    let answer = try solve(builder.build(), options: LPOptions(progress: progress))
    switch answer.certificate {
    case .optimal(let optimal): return .solution(optimal.primal)
    case .unbounded(let unbounded): return .solution(unbounded.primal)
    case .infeasible(.farkas(let multipliers)):
      // yᵀR ≤ 0 with yᵀc > 0 in the program's terms: the sign is turned around.
      var combination: [Int: Rational] = [:]
      for (row, multiplier) in zip(echelon.rows, multipliers) where !multiplier.isZero {
        for (number, weight) in row.combination {
          combination[number, default: 0] -= multiplier * weight
        }
      }
      return .none(combination.filter { !$0.value.isZero })
    case .infeasible(.crossedRow), .infeasible(.crossedColumn):
      throw BoundError.cannotEvaluate(reason: "the program of the weights has crossed bounds")
    }
  }
}

extension MixtureRecognition.Certificate {
  /// Whether the certificate proves what it says, looked at afresh.
  ///
  /// - Parameter requiresConvex: whether a `theta` has to have entries of at least 0.
  public func isValid(
    for model: FiniteMDP, in features: TransitionFeatures, requiresConvex: Bool = false
  ) -> Bool {
    switch self {
    case .theta(let theta):
      guard theta.count == features.dimension else { return false }
      if requiresConvex, theta.contains(where: \.isNegative) { return false }
      return features.rows.indices.allSatisfy { choice in
        var left: [State: Rational] = [:]
        for entry in features.rows[choice] {
          let value = dot(entry.vector, theta)
          if !value.isZero { left[entry.successor] = value }
        }
        var right: [State: Rational] = [:]
        for (successor, probability) in model.transitions(of: Choice(choice)) {
          right[successor] = probability
        }
        return left == right
      }
    case .fredholm(let weights):
      let (columns, target) = Self.products(weights, model, features)
      return columns.allSatisfy(\.isZero) && target == 1
    case .farkas(let weights):
      let (columns, target) = Self.products(weights, model, features)
      return !columns.contains(where: \.isNegative) && target.isNegative
    }
  }

  /// `yᵀB` and `yᵀp`.
  private static func products(
    _ weights: [(place: TransitionPlace, weight: Rational)], _ model: FiniteMDP,
    _ features: TransitionFeatures
  ) -> (columns: [Rational], target: Rational) {
    var columns = [Rational](repeating: 0, count: features.dimension)
    var target = Rational.zero
    for (place, weight) in weights {
      let choice = Int(place.choice.index)
      target += weight * model.probability(of: place.successor.index, after: choice)
      for entry in features.rows[choice] where entry.successor == place.successor {
        for column in columns.indices { columns[column] += weight * entry.vector[column] }
      }
    }
    return (columns, target)
  }
}
