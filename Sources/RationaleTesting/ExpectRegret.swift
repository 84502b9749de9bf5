import ExactArithmetic
import OnlineLearning
import RegretBounds
import Testing

/// A run of a learner whose regret is known exactly.
public protocol RegretRun {
  /// What the run lost against the best, summed over its steps or episodes.
  var regret: Rational { get }
}

extension FiniteClassRun: RegretRun {}
extension MixtureRun: RegretRun {}
extension TabularRun: RegretRun {}

/// Expects that a run's regret is at most a certified bound.
///
/// - Returns: whether it is.
@discardableResult
public func expectRegret(
  of run: some RegretRun, atMost bound: CertifiedValue,
  sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
  expectRegret(of: run, atMost: LearningBound(bound), sourceLocation: sourceLocation)
}

/// Expects that a run's regret is at most what the theorem of its learner says.
///
/// - Returns: whether it is.
@discardableResult
public func expectRegret(
  of run: some RegretRun, atMost bound: LearningBound,
  sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
  do {
    switch try bound.admits(run.regret) {
    case .true: return true
    case .false:
      let value = try bound.shownValue()
      let fraction = value.isExact ? "\(value.lower) ≈ " : "≈ "
      reject(
        "the regret \(described(run.regret)) is above the bound"
          + " \(bound.value.instance.description.name) \(fraction)\(value.decimal(digits: 6))",
        sourceLocation)
    case .unknown:
      reject(
        "no precision tells whether the regret \(described(run.regret)) is at most the bound",
        sourceLocation)
    }
  } catch {
    reject("the bound cannot be evaluated: \(error)", sourceLocation)
  }
  return false
}

/// Expects that a run's regret is at most a number.
///
/// - Returns: whether it is.
@discardableResult
public func expectRegret(
  of run: some RegretRun, atMost bound: Rational,
  sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
  if run.regret <= bound { return true }
  reject("the regret \(described(run.regret)) is above \(described(bound))", sourceLocation)
  return false
}
