import ExactArithmetic

/// What keeps a learner from running.
public enum LearningError: Error, Hashable, Sendable {
  /// An option lies outside of what the algorithm allows.
  case option(name: String, value: Rational, rule: String)
  /// The model and what the learner is told do not fit together.
  case unfit(place: String, problem: String)

  /// Refuses a part of a run's state that has another shape than this run's.
  static func require(_ isFit: Bool, _ part: String) throws(LearningError) {
    guard isFit else { throw .unfit(place: part, problem: "the shape is that of another run") }
  }
}

extension LearningError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .option(let name, let value, let rule):
      "\(name) is \(value), but it has to be \(rule)"
    case .unfit(let place, let problem): "\(place): \(problem)"
    }
  }
}
