// What is here: the search for the pieces of a curve of distances. Notation: a fixed, b + t c the
// family, canonical; n(t) the norm of a member, â = a/|a|. A norm of v + t w is convex and piecewise
// linear in t: lines below it that meet it at two points are found by crossing them.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Finds the pieces.
struct CurveSearch {
  private typealias Line = DistanceCurve.Quadratic
  /// Factors of the rewards a, b, c.
  private typealias Weights = [Rational]
  private typealias Stretch = (from: Rational, to: Rational, line: Line)

  private let problem: ComparisonProblem
  private let options: ComparisonOptions
  private let range: ClosedRange<Rational>
  private let standardised: StandardisedRewards
  private var settings: ComparisonSettings { options.settings }

  init(
    _ problem: ComparisonProblem, _ options: ComparisonOptions, _ range: ClosedRange<Rational>
  ) throws {
    self.problem = problem
    self.options = options
    self.range = range
    let solver = try RewardSolver(problem, options.progress)
    let spans = try (0..<3).map { try RewardRange(solver, reward: $0).span }
    standardised = try RewardStandardiser(
      solver: solver, settings: options.settings, policy: options.policy
    ).standardised(spans: spans)
  }

  func curve() throws -> DistanceCurve {
    let pieces = settings.normalization == .l2 ? try anglePieces() : try linearPieces()
    let zero = pieces.lazy.flatMap { piece in
      [piece.from, piece.to].filter { piece.norm[$0].isZero }
    }.first
    return DistanceCurve(
      settings: settings, pieces: pieces, exception: try zero.map(exception))
  }

  // MARK: - Norms that are piecewise linear

  private func linearPieces() throws -> [DistanceCurve.Piece] {
    let norms =
      settings.normalization == .none
      ? [(range.lowerBound, range.upperBound, Line(1))]
      : try stretches(
        settings.normalization, [0, 1, 0], [0, 0, 1], (range.lowerBound, range.upperBound))
    return try norms.flatMap { from, to, norm in
      // What cannot be divided stays as it is.
      let divisor = norm == Line(0) ? Line(1) : norm
      let scale = 1 / fixedDivisor
      let constant: Weights = [divisor.constant * scale, -1, 0]
      let slope: Weights = [divisor.slope * scale, 0, -1]
      if settings.metric == .l2 {
        let (v, w) = (vector(constant), vector(slope))
        let square = Line(v.dot(v) / 4, v.dot(w) / 2, w.dot(w) / 4)
        return [
          DistanceCurve.Piece(from: from, to: to, form: .root(square, over: divisor), norm: norm)
        ]
      }
      return try stretches(settings.metric, constant, slope, (from, to)).map {
        DistanceCurve.Piece(
          from: $0.from, to: $0.to,
          form: Self.ratio(Line($0.line.constant / 2, $0.line.slope / 2), divisor), norm: norm)
      }
    }
  }

  /// A constant where the two are proportional.
  private static func ratio(_ numerator: Line, _ divisor: Line) -> DistanceCurve.Form {
    guard numerator.constant * divisor.slope == numerator.slope * divisor.constant else {
      return .ratio(numerator, over: divisor)
    }
    let value =
      divisor.constant.isZero
      ? numerator.slope / divisor.slope : numerator.constant / divisor.constant
    return .ratio(Line(value), over: Line(1))
  }

  private var fixedDivisor: Rational {
    guard case .rational(let value)? = standardised.rewards[0].norm, !value.isZero else { return 1 }
    return value
  }

  // MARK: - The norm l2

  private func anglePieces() throws -> [DistanceCurve.Piece] {
    let (a, b, c) = (vector([1, 0, 0]), vector([0, 1, 0]), vector([0, 0, 1]))
    let square = Line(b.dot(b), 2 * b.dot(c), c.dot(c))
    let fixedSquare = a.dot(a)
    let form: DistanceCurve.Form
    if square == Line(0) || fixedSquare.isZero {
      // Of two vectors, one 0 and one of norm 1 or 0.
      let isSame = square == Line(0) && fixedSquare.isZero
      form = .ratio(Line(isSame ? 0 : Rational(1, 2)), over: Line(1))
    } else {
      form = .angle(
        product: Line(a.dot(b), a.dot(c)), square: square, fixedSquare: fixedSquare)
    }
    // Where the member is 0 the curve jumps.
    var ends = [range.lowerBound, range.upperBound]
    if !square.square.isZero {
      let root = -square.slope / (2 * square.square)
      if square[root].isZero, root > ends[0], root < ends[1] { ends.insert(root, at: 1) }
    }
    return zip(ends, ends.dropFirst()).map {
      DistanceCurve.Piece(from: $0, to: $1, form: form, norm: square)
    }
  }

  // MARK: - Convex piecewise linear functions

  /// The norm of `v + t w` on a stretch, in pieces.
  private func stretches(
    _ norm: RewardNorm, _ v: Weights, _ w: Weights, _ ends: (Rational, Rational)
  ) throws -> [Stretch] {
    let left = try line(norm, v, w, at: ends.0)
    let right = try line(norm, v, w, at: ends.1)
    var merged: [Stretch] = []
    for next in try stretches(norm, v, w, ends, left, right) {
      if let last = merged.last, last.line == next.line {
        merged[merged.count - 1].to = next.to
      } else {
        merged.append(next)
      }
    }
    return merged
  }

  /// - Parameters:
  ///   - left: a line below the function that meets it at the first end.
  ///   - right: one that meets it at the second.
  private func stretches(
    _ norm: RewardNorm, _ v: Weights, _ w: Weights, _ ends: (Rational, Rational), _ left: Line,
    _ right: Line
  ) throws -> [Stretch] {
    try options.progress.checkpoint()
    if left[ends.1] == right[ends.1] { return [(ends.0, ends.1, left)] }
    if right[ends.0] == left[ends.0] { return [(ends.0, ends.1, right)] }
    let crossing = (left.constant - right.constant) / (right.slope - left.slope)
    let middle = try line(norm, v, w, at: crossing)
    if middle[crossing] == left[crossing] {
      return [(ends.0, crossing, left), (crossing, ends.1, right)]
    }
    return try stretches(norm, v, w, (ends.0, crossing), left, middle)
      + stretches(norm, v, w, (crossing, ends.1), middle, right)
  }

  /// A line below the norm of `v + t w` that meets it at `t`.
  private func line(
    _ norm: RewardNorm, _ v: Weights, _ w: Weights, at t: Rational
  ) throws -> Line {
    let weights = zip(v, w).map { $0 + t * $1 }
    if norm == .span { return try spanLine(v, w, weights) }
    let value = vector(weights)
    let signs: RationalVector
    if settings.isQuotient(norm) {
      signs = try QuotientNorm(problem: problem, norm: norm, progress: options.progress)
        .value(of: value).dual
    } else if norm == .l1 {
      signs = RationalVector(value.indices.map { Rational(value[$0].signum) })
    } else {
      let largest = value.largestMagnitude
      let place = value.indices.first { value[$0].magnitude == largest }
      signs = RationalVector(
        value.indices.map { $0 == place ? Rational(value[$0].signum) : 0 })
    }
    return Line(signs.dot(vector(v)), signs.dot(vector(w)))
  }

  private func spanLine(_ v: Weights, _ w: Weights, _ weights: Weights) throws -> Line {
    let solver = standardised.solver
    let combination = RewardCombination(weights.enumerated().map { ($0.offset, $0.element) })
    guard !combination.terms.isEmpty else { return Line(0) }
    let upper = try solver.best(for: combination).policy
    let lower = try solver.best(for: -combination).policy
    let gains = try (0..<3).map {
      try solver.mean(of: upper, reward: $0) - solver.mean(of: lower, reward: $0)
    }
    let total = { (weights: Weights) in
      zip(weights, gains).reduce(Rational.zero) { $0 + $1.0 * $1.1 }
    }
    return Line(total(v), total(w))
  }

  /// A sum of the canonical rewards.
  private func vector(_ weights: Weights) -> RationalVector {
    let parts = standardised.rewards.map(\.canonical)
    let two = RationalVector.difference(
      parts[0], times: weights[0], parts[1], times: -weights[1])
    return .difference(two, times: 1, parts[2], times: -weights[2])
  }

  /// The distance where the norm of the member is 0.
  private func exception(at t: Rational) throws -> DistanceCurve.Point {
    let functions = problem.model.rewards.map(\.function)
    let pair = try problem.replacingRewards([
      ("fixed", functions[0]), ("member", functions[1] + t * functions[2]),
    ])
    return DistanceCurve.Point(t: t, distance: try rewardDistances(pair, options: options)[0][1])
  }
}
