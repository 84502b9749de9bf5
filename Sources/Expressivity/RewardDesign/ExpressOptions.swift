import ExactArithmetic

public struct ExpressOptions: Sendable {
  /// The most deterministic policies that are listed where a task has to list them all, or looked at
  /// in a search among those that avoid states.
  public var maximumPolicies = 100_000
  public var progress = ProgressHandler.none

  public init() {}
}
