// What is here: a convex, piecewise linear function h(λ) = max (f - λ g) near an irrational λ = √q.
// Its breakpoints are rational, so that some piece holds the root in its inside; it is found from
// two rational sides, which move to the crossing of their pieces until both are on one.

import ExactArithmetic

/// A value of such a function with the line that attains it.
protocol PencilSample {
  var multiplier: Rational { get }
  var f: Rational { get }
  var g: Rational { get }
}

/// Finds the piece of a function around the root of `square`.
struct PencilAtRoot<Sample: PencilSample> {
  /// Evaluates at a multiplier; the line of `near` is taken where it is active there.
  let sample: (_ multiplier: Rational, _ near: Sample?) throws -> Sample

  /// One sample where the root is rational, else two samples of one line around it.
  func samples(square: Rational) throws -> [Sample] {
    let root = RootNumber(squared: RootSum(square))
    if let rational = root.rational { return [try sample(rational, nil)] }
    var bits = 16
    var bounds = root.enclosure(width: Rational(1, 2).power(bits))
    // A root that is close to 0 needs more digits to be told from it.
    while bounds.lower.signum <= 0 {
      bits *= 2
      bounds = root.enclosure(width: Rational(1, 2).power(bits))
    }
    var (low, high) = (bounds.lower, bounds.upper)
    while true {
      let left = try sample(low, nil)
      let right = try sample(high, left)
      if left.f == right.f && left.g == right.g { return [left, right] }
      // g falls as λ grows, so that the lines cross between the two.
      let crossing = (left.f - right.f) / (left.g - right.g)
      if crossing * crossing > square {
        if crossing == high { return [left, try sample(high, left)] }
        high = crossing
      } else {
        if crossing == low {
          let other = try sample(high, nil)
          return [try sample(low, other), other]
        }
        low = crossing
      }
    }
  }
}
