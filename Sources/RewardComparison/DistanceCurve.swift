// What is here: the distance from a fixed reward to the members b + t c of a family, as a function
// of t, in pieces with rational ends. Proof: `proofs-notes/distance-curve.md`.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The distance from a fixed reward to `base + t · direction`, exactly, for all `t` of a range.
public struct DistanceCurve: Sendable {
  /// `constant + slope · t + square · t²`.
  public struct Quadratic: Sendable, Hashable {
    public let constant: Rational
    public let slope: Rational
    public let square: Rational

    public init(_ constant: Rational, _ slope: Rational = 0, _ square: Rational = 0) {
      self.constant = constant
      self.slope = slope
      self.square = square
    }

    public subscript(t: Rational) -> Rational { constant + t * (slope + t * square) }
  }

  /// The distance as a function of `t` on one piece.
  public enum Form: Sendable, Hashable {
    /// `numerator / denominator`; both are linear.
    case ratio(Quadratic, over: Quadratic)
    /// `√numerator / denominator`; the denominator is linear.
    case root(Quadratic, over: Quadratic)
    /// The root of `½ (1 - product / √(fixedSquare · square))`; the product is linear.
    case angle(product: Quadratic, square: Quadratic, fixedSquare: Rational)
  }

  /// A stretch of the range with one form.
  public struct Piece: Sendable, Hashable {
    public let from: Rational
    public let to: Rational
    public let form: Form
    /// The norm of the member, or its square where the norm is `l2`; 1 where nothing is divided.
    public let norm: Quadratic
  }

  /// A point of the curve.
  public struct Point: Sendable, Hashable {
    public let t: Rational
    public let distance: RootNumber

    public init(t: Rational, distance: RootNumber) {
      self.t = t
      self.distance = distance
    }
  }

  public let settings: ComparisonSettings
  /// They tile the range in ascending order.
  public let pieces: [Piece]
  /// Where the norm of the member is 0 nothing is divided, and the curve may jump: the distance
  /// there.
  public let exception: Point?

  /// The distance at a point of the range.
  public func distance(at t: Rational) -> RootNumber {
    if let exception, exception.t == t { return exception.distance }
    guard let piece = pieces.last(where: { $0.from <= t }) else {
      preconditionFailure("a point of the range")
    }
    return piece.form.value(at: t)
  }

  /// A nearest member.
  ///
  /// On a piece the curve is monotone, or has a rational stationary point.
  public var nearest: Point {
    var best: Point?
    for t in candidates {
      let distance = distance(at: t)
      if best.map({ distance < $0.distance }) ?? true { best = Point(t: t, distance: distance) }
    }
    guard let best else { preconditionFailure("a curve has a piece") }
    return best
  }

  private var candidates: [Rational] {
    pieces.flatMap { piece in
      let inner = piece.form.stationaryPoint.map { $0 > piece.from && $0 < piece.to ? $0 : nil }
      return [piece.from, (inner ?? nil) ?? (piece.from + piece.to) / 2, piece.to]
    }
  }
}

extension DistanceCurve.Form {
  /// The value, where the denominator is not 0.
  func value(at t: Rational) -> RootNumber {
    switch self {
    case .ratio(let numerator, let denominator):
      return RootNumber(numerator[t] / denominator[t])
    case .root(let numerator, let denominator):
      return RootNumber(squared: RootSum(numerator[t] / denominator[t].power(2)))
    case .angle(let product, let square, let fixedSquare):
      // 1/√q = √q/q
      let q = fixedSquare * square[t]
      let cosine = RootSum(product[t] / q, rootOf: q)
      return RootNumber(squared: Rational(1, 2) * (RootSum(1) - cosine))
    }
  }

  /// Where the derivative is 0, if that is one point: its numerator is linear in `t`.
  var stationaryPoint: Rational? {
    let line: (constant: Rational, slope: Rational)
    switch self {
    case .ratio: return nil
    case .root(let n, let d):
      line = (
        n.slope * d.constant - 2 * n.constant * d.slope,
        2 * n.square * d.constant - n.slope * d.slope
      )
    case .angle(let p, let q, _):
      line = (
        p.slope * q.constant - p.constant * q.slope / 2,
        p.slope * q.slope / 2 - p.constant * q.square
      )
    }
    return line.slope.isZero ? nil : -line.constant / line.slope
  }
}

/// The distance from `fixed` to `base + t · direction` for all `t` of a range.
///
/// Offered for every canonical form, normalisation and metric, but for the normalisation `l2` with
/// another metric than `l2`.
///
/// - Parameters:
///   - range: more than one point.
///   - environment: a problem whose rewards are not looked at.
/// - Complexity: about two evaluations (solves, passes over the entries, or linear programs) a piece.
/// - Throws: ``ComparisonError``, ``Interrupted``.
public func distanceCurve(
  from fixed: RewardFunction, to base: RewardFunction, along direction: RewardFunction,
  over range: ClosedRange<Rational>, in environment: ComparisonProblem,
  options: ComparisonOptions = ComparisonOptions()
) throws -> DistanceCurve {
  let settings = options.settings
  guard range.lowerBound < range.upperBound else {
    throw ComparisonError.metricWithoutMeaning("the range of t has to be more than one point")
  }
  guard settings.normalization != .l2 || settings.metric == .l2 else {
    throw ComparisonError.metricWithoutMeaning(
      "distances along a family are offered for the normalization 'l2' with the metric 'l2' alone")
  }
  let problem = try environment.replacingRewards([
    ("fixed", fixed), ("base", base), ("direction", direction),
  ])
  return try CurveSearch(problem, options, range).curve()
}

extension DistanceCurve {
  /// Compares the fixed reward with the member at both ends and in the middle of each piece, by the
  /// checked comparison, and throws unless norms and distances agree there.
  ///
  /// That proves the curve: norms are convex in `t`, and so is the distance times the norm where
  /// this is linear; a convex function that agrees with a line at three points agrees with it
  /// between them. Squares of `l2` norms are quadratic, and three points determine them.
  ///
  /// - Parameters: as those of ``distanceCurve(from:to:along:over:in:options:)``.
  /// - Throws: ``ComparisonError/rejected(_:)``, ``Interrupted``.
  public func verify(
    from fixed: RewardFunction, to base: RewardFunction, along direction: RewardFunction,
    in environment: ComparisonProblem, options: ComparisonOptions
  ) throws {
    for (place, piece) in pieces.enumerated() {
      options.progress.report(
        "checking the curve", fraction: Double(place) / Double(pieces.count))
      let middle = (piece.from + piece.to) / 2
      for t in place == 0 ? [piece.from, middle, piece.to] : [middle, piece.to] {
        let problem = try environment.replacingRewards([
          ("fixed", fixed), ("member", base + t * direction),
        ])
        let comparison = try compareRewards(problem, options: options)
        let verdict = try comparison.answer.verify(
          in: problem.model, progress: options.progress)
        guard verdict.isAccepted else { throw ComparisonError.rejected("\(verdict)") }
        guard comparison.distances[0] == distance(at: t),
          agrees(comparison.standardised[1].norm, piece, t)
        else {
          throw ComparisonError.rejected("the curve of distances is wrong at t = \(t)")
        }
      }
    }
  }

  private func agrees(_ norm: NormValue?, _ piece: Piece, _ t: Rational) -> Bool {
    switch norm {
    case nil: piece.norm == Quadratic(1)
    case .rational(let value): value == piece.norm[t]
    case .root(let square): square == piece.norm[t]
    }
  }
}
