import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Approximations of the value of one policy: digits of a refinement while it applies, else the
/// exact solution.
final class ApproximationSource {
  private let system: PolicySystem
  private let refined: RefinedSolution?
  private let progress: ProgressHandler
  private lazy var magnitudeBits = largestBits()
  private var exact: RationalVector?

  init(_ system: PolicySystem, _ progress: ProgressHandler) throws {
    self.system = system
    self.progress = progress
    if let refined = RefinedSolution(system.system, components: system.components),
      try refined.extend(to: 1, progress)
    {
      self.refined = refined
    } else {
      refined = nil
    }
  }

  /// The exact values, solved once, with the factors of the digits where there are any.
  func exactSolution() throws -> RationalVector {
    if let exact { return exact }
    let solution = try system.solved(progress, dominance: refined?.dominance)
    exact = solution
    return solution
  }

  /// The values in doubles, if they come from a refinement.
  var doubles: ContiguousArray<Double>? { refined?.doubles() }

  /// The bits in front of the binary point of the largest value times the scale.
  private func largestBits() -> Int {
    guard let refined else { return 0 }
    let largest = refined.doubles().lazy.map(abs).max() ?? 0
    if largest.isNormal { return Int(largest.exponent) + 1 + system.system.scale.bitLength }
    // Zeros, or out of the range of doubles: the digits tell.
    let longest = refined.numerators(dropping: 0).numerators.lazy.map(\.bitLength).max() ?? 0
    return longest - refined.fractionalBits
  }

  /// Numbers of 60 bits and `extraBits` more.
  func approximation(extraBits: Int) throws -> Approximation {
    let wanted = 60 - magnitudeBits + extraBits
    guard let refined, try refined.extend(to: max(1, wanted), progress) else {
      return rounded(try exactSolution(), extraBits: extraBits)
    }
    let dropped = max(0, min(refined.fractionalBits, refined.fractionalBits - wanted))
    let (numerators, error) = refined.numerators(dropping: dropped)
    return Approximation(
      numerators: numerators,
      denominator: system.system.scale << (refined.fractionalBits - dropped), error: error)
  }

  /// For each row a positive weight, such that one more step of the policy lowers the weights by
  /// something everywhere; `nil` where digits do not apply.
  var weights: ContiguousArray<Int64>? {
    refined.map { refined in
      ContiguousArray((0..<system.stateCount).map { refined.dominance.weight($0) })
    }
  }

  /// Like ``approximation(extraBits:)``, with an error that is relative to the weight of each row;
  /// `nil` where digits do not apply.
  func weightedApproximation(extraBits: Int) throws -> Approximation? {
    let wanted = 60 - magnitudeBits + extraBits
    guard let refined, try refined.extend(to: max(1, wanted), progress) else { return nil }
    let dropped = max(0, min(refined.fractionalBits, refined.fractionalBits - wanted))
    return Approximation(
      numerators: refined.numerators(dropping: dropped).numerators,
      denominator: system.system.scale << (refined.fractionalBits - dropped),
      error: refined.relativeError(dropping: dropped))
  }

  /// The exact solution to as many bits of its largest entry.
  private func rounded(_ exact: RationalVector, extraBits: Int) -> Approximation {
    let longest =
      (0..<system.stateCount).lazy.map {
        exact[$0].numerator.bitLength - exact[$0].denominator.bitLength
      }.max() ?? 0
    // An integer has to be the denominator: values that are huge keep the bits before the point.
    let denominator = Integer.one << max(0, 60 + extraBits - longest)
    return Approximation(
      numerators: (0..<system.stateCount).map { (exact[$0] * Rational(denominator)).floor },
      denominator: denominator, error: 1)
  }
}
