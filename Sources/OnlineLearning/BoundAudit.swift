import ExactArithmetic
import RegretBounds

/// What can be held against a theorem and against the run's own certificate.
public protocol AccountedRun: Sendable {
  var regret: Rational { get }
  /// At least the regret where the run was covered; `nil` without a certificate.
  var certifiedRegret: Rational? { get }
  /// `nil` for learners without confidence sets.
  var coverage: Bool? { get }
}

extension TabularRun: AccountedRun {
  public var certifiedRegret: Rational? { certificate }
  public var coverage: Bool? { isCovered }
}

extension MixtureRun: AccountedRun {
  public var certifiedRegret: Rational? { certificate.upper }
  public var coverage: Bool? { isCovered }
}

extension FiniteClassRun: AccountedRun {
  public var certifiedRegret: Rational? { nil }
  public var coverage: Bool? { nil }
}

/// How many runs keep what is claimed of them.
///
/// A bound of failure probability `δ` may be violated by a share of about `δ` of the runs, and in
/// practice by none. A certificate has no excuse: a covered run above its own is a defect.
public struct BoundAudit: Sendable, Hashable {
  public let runs: Int
  /// The runs with more regret than the bound.
  public let violations: Int
  /// The runs that left their confidence sets.
  public let uncovered: Int
  /// The covered runs with more regret than their certificates.
  public let brokenCertificates: Int
  /// The largest regret.
  public let largestRegret: Rational

  /// - Throws: ``BoundError`` where the bound cannot be evaluated.
  public init(_ runs: [some AccountedRun], bound: LearningBound) throws(BoundError) {
    var violations = 0
    for run in runs where try bound.admits(run.regret) != .true { violations += 1 }
    self.runs = runs.count
    self.violations = violations
    uncovered = runs.count { $0.coverage == false }
    brokenCertificates = runs.count { run in
      guard run.coverage == true, let limit = run.certifiedRegret else { return false }
      return run.regret > limit
    }
    largestRegret = runs.map(\.regret).max() ?? 0
  }

  /// Whether every run keeps the bound, and every covered one its certificate.
  public var isClean: Bool { violations == 0 && brokenCertificates == 0 }
}
