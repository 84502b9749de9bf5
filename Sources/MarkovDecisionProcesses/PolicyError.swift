import ExactArithmetic

/// A rule of policies that an input breaks. States and actions appear by name.
public enum PolicyError: Error, Hashable, Sendable {
  case stateCount(given: Int, expected: Int)
  case noSuchAction(state: String, index: Int)
  case unavailable(state: String, action: String)
  case actionTwice(state: String, action: String)
  case negativeProbability(state: String, action: String, value: Rational)
  case sum(state: String, sum: Rational)
  case noSteps
  case nestedSteps
}

extension PolicyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .stateCount(let given, let expected):
      "the policy has \(given) states, but the model has \(expected)"
    case .noSuchAction(let state, let index):
      "the policy takes action number \(index) at state '\(state)', but there is none"
    case .unavailable(let state, let action):
      "the action '\(action)' of the policy is not available at state '\(state)'"
    case .actionTwice(let state, let action):
      "the policy lists the action '\(action)' twice at state '\(state)'"
    case .negativeProbability(let state, let action, let value):
      "the policy takes '\(action)' at state '\(state)' with probability \(value),"
        + " but it must not be negative"
    case .sum(let state, let sum):
      "the probabilities of the policy at state '\(state)' add up to \(sum), not 1"
    case .noSteps:
      "a policy that changes from step to step needs at least one step"
    case .nestedSteps:
      "the steps of a policy have to be stationary policies"
    }
  }
}
