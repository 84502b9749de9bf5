// What is here: the double description of a cone, one inequality at a time.
// Source: T. Motzkin et al., The double description method, 1953; `proofs-notes/pareto-front.md`.

import Certificates
import ExactArithmetic

/// The extreme rays of a pointed cone `{x: a_k·x ≥ 0 for every k}`, while inequalities arrive.
///
/// Rays are integers without a common divisor: signs then cost products and no divisions.
struct ConeRays: Sendable {
  struct Ray: Sendable {
    /// Never used twice, so that what is known of a ray can be kept beside it.
    let id: Int
    let entries: [Integer]
    /// The numbers of the inequalities that hold with equality.
    fileprivate(set) var tight: BitSet
  }

  private(set) var rays: [Ray] = []
  /// How many inequalities there are.
  private(set) var count: Int
  private let dimension: Int
  private var nextId = 0

  /// - Parameters:
  ///   - rays: all extreme rays, each with the inequalities that are tight at it.
  ///   - count: how many inequalities the cone has.
  init(_ rays: [(entries: [Integer], tight: BitSet)], count: Int) {
    self.count = count
    dimension = rays.first?.entries.count ?? 0
    for (entries, tight) in rays { append(entries, tight) }
  }

  private mutating func append(_ entries: [Integer], _ tight: BitSet) {
    let divisor = entries.reduce(Integer(0)) { Integer.gcd($0, $1) }
    let primitive = divisor == 1 ? entries : entries.map { $0.exactlyDivided(by: divisor) }
    rays.append(Ray(id: nextId, entries: primitive, tight: tight))
    nextId += 1
  }

  /// Cuts the cone with the inequality `a·x ≥ 0`, which may cut nothing off.
  ///
  /// - Complexity: O(R²) counts of common equalities for R rays, and O(R) more for a pair that may
  ///   span a face.
  mutating func insert(_ inequality: [Integer]) {
    let old = rays
    let slacks = old.map { Self.product(inequality, $0.entries) }
    let kept = old.indices.filter { slacks[$0].signum > 0 }
    let cut = old.indices.filter { slacks[$0].signum < 0 }
    rays = []
    for index in old.indices where slacks[index].signum >= 0 {
      rays.append(old[index])
      if slacks[index].isZero { rays[rays.count - 1].tight.insert(count) }
    }
    for i in kept {
      for j in cut {
        // A face of dimension 2 has all but two of the dimensions as equalities at least.
        guard old[i].tight.commonCount(old[j].tight) >= dimension - 2 else { continue }
        var shared = old[i].tight.intersection(old[j].tight)
        guard Self.isFace(shared, of: i, j, old) else { continue }
        shared.insert(count)
        append(
          zip(old[i].entries, old[j].entries).map { slacks[i] * $1 - slacks[j] * $0 }, shared)
      }
    }
    count += 1
  }

  private static func product(_ a: [Integer], _ b: [Integer]) -> Integer {
    zip(a, b).reduce(Integer(0)) { $1.0.isZero ? $0 : $0 + $1.0 * $1.1 }
  }

  /// Two rays span a face of the cone iff no third one has all the equalities that they share.
  private static func isFace(_ shared: BitSet, of i: Int, _ j: Int, _ rays: [Ray]) -> Bool {
    for other in rays.indices where other != i && other != j {
      if shared.isSubset(of: rays[other].tight) { return false }
    }
    return true
  }
}

/// `point` as integers over one denominator, which comes last.
func homogeneous(_ point: [Rational]) -> [Integer] {
  let denominator = point.reduce(Integer(1)) { Integer.lcm($0, $1.denominator) }
  return point.map { $0.numerator * denominator.exactlyDivided(by: $0.denominator) }
    + [denominator]
}
