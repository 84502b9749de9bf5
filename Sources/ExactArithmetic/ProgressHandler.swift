/// Why a computation ended before its answer.
public struct Interrupted: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// The caller asked to stop (Ctrl-C).
    case cancelled
    case timeLimit
    case memoryLimit
  }

  public let reason: Reason

  public init(_ reason: Reason) {
    self.reason = reason
  }
}

/// What a long computation tells its caller while it runs, and how it learns that it has to stop.
///
/// Solvers are synchronous; they call ``checkpoint()`` between sweeps and rounds, often enough
/// that a stop takes effect within a second.
public struct ProgressHandler: Sendable {
  private let reporter: @Sendable (String, Double?) -> Void
  private let stopReason: @Sendable () -> Interrupted.Reason?
  private let certifiedReporter: @Sendable (String) -> Void

  /// - Parameters:
  ///   - report: receives the stage and, where it is known, the fraction done in `0...1`.
  ///   - certified: receives what is proved so far, a sentence that replaces the one before.
  ///   - stopReason: `nil` to go on.
  public init(
    report: @escaping @Sendable (_ stage: String, _ fraction: Double?) -> Void = { _, _ in },
    certified: @escaping @Sendable (_ statement: String) -> Void = { _ in },
    stopReason: @escaping @Sendable () -> Interrupted.Reason? = { nil }
  ) {
    reporter = report
    certifiedReporter = certified
    self.stopReason = stopReason
  }

  /// Says nothing and never stops.
  public static let none = ProgressHandler()

  /// Tells how far `stage` has come.
  public func report(_ stage: String, fraction: Double? = nil) {
    reporter(stage, fraction)
  }

  /// Tells what is proved so far, for the case that the computation is stopped.
  public func reportCertified(_ statement: String) {
    certifiedReporter(statement)
  }

  /// Returns when the computation may go on.
  ///
  /// - Throws: ``Interrupted`` when it has to stop.
  public func checkpoint() throws(Interrupted) {
    if let reason = stopReason() { throw Interrupted(reason) }
  }
}
