import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses
import RegretBounds

/// The weights that give a kernel, as far as half-spaces leave them: a polytope around a confidence
/// set.
///
/// For a convex mixture the weights of at least 0 that add up to 1 (at most 1 in the offset form, where
/// the last kernel has the rest), else all `θ` with `Σ θ_i φ_i(s'|s,a) ≥ 0` and rows that add up to 1.
struct WeightPolytope {
  private struct Cut {
    let normal: [Rational]
    let limit: Rational
  }

  private let dimension: Int
  private let isOffset: Bool
  private let isSimplex: Bool
  /// The rows `Σ θ_i φ_i ≥ -origin`, for mixtures that are not convex.
  private let rows: [(vector: [Rational], lower: Rational)]
  private var cuts: [Cut] = []

  init(_ mixture: MixtureExperiment, _ kernels: TransitionFeatures) {
    dimension = mixture.dimension
    isOffset = mixture.options.usesOffsetForm
    let sum = mixture.theta.reduce(Rational.zero, +)
    isSimplex =
      mixture.theta.allSatisfy { !$0.isNegative } && (isOffset ? sum <= 1 : sum == 1)
    var rows: [(vector: [Rational], lower: Rational)] = []
    if !isSimplex {
      for entry in kernels.rows.joined() {
        let origin = isOffset ? entry.vector.last ?? 0 : 0
        rows.append((entry.vector.prefix(dimension).map { $0 - origin }, -origin))
      }
    }
    self.rows = rows
  }

  /// Leaves only what has `⟨normal, θ⟩ ≤ limit`.
  mutating func cut(_ normal: [Rational], limit: Rational) {
    cuts.append(Cut(normal: normal, limit: limit))
  }

  mutating func removeCuts() { cuts = [] }

  /// Whether a point of the polytope without cuts lies within all cuts.
  func satisfiesCuts(_ theta: [Rational]) -> Bool {
    cuts.allSatisfy { Self.product($0.normal, theta) <= $0.limit }
  }

  static func product(_ a: [Rational], _ b: [Rational]) -> Rational {
    zip(a, b).reduce(Rational.zero) { $0 + $1.0 * $1.1 }
  }

  /// A point at which `⟨objective, θ⟩` is largest; `nil` where the polytope is empty.
  ///
  /// - Throws: what the linear program throws.
  func maximizer(of objective: [Rational], progress: ProgressHandler) throws -> [Rational]? {
    if dimension == 0 { return [] }
    var builder = LinearProgramBuilder(direction: .maximize)
    for place in 0..<dimension {
      try builder.addColumn(
        "theta\(place + 1)", lower: isSimplex ? 0 : nil, objective: objective[place])
    }
    let all = (0..<dimension).map { (column: $0, coefficient: Rational.one) }
    if !isOffset {
      try builder.addRow(lower: 1, upper: 1, entries: all)
    } else if isSimplex {
      try builder.addRow(lower: nil, upper: 1, entries: all)
    }
    for row in rows {
      try builder.addRow(lower: row.lower, upper: nil, entries: entries(row.vector))
    }
    for cut in cuts {
      try builder.addRow(lower: nil, upper: cut.limit, entries: entries(cut.normal))
    }
    let solution = try solve(builder.build(), options: LPOptions(progress: progress))
    return solution.primal?.entries
  }

  private func entries(_ vector: [Rational]) -> [(column: Int, coefficient: Rational)] {
    vector.enumerated().map { ($0, $1) }
  }
}
