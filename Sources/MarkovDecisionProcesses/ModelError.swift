import ExactArithmetic
import ExactJSON

/// A rule of the model that an input breaks.
///
/// States and actions appear by name. The reader adds the file and the place.
public enum ModelError: Error, Hashable, Sendable {
  /// What a name or an index is of.
  public enum Kind: String, Hashable, Sendable {
    case state, action, reward, label
  }

  case countOutOfRange(kind: Kind, count: String)
  case nameTwice(kind: Kind, name: String)
  case unknownName(kind: Kind, name: String, nearest: String?)
  case indexOutOfRange(kind: Kind, index: String, count: Int)
  case nameWhereCount(kind: Kind, name: String, count: Int)
  case negativeProbability(state: String, action: String, successor: String, value: Rational)
  case rowSum(state: String, action: String, sum: Rational)
  /// The entries are counted from 0 in the order in which they were given.
  case transitionTwice(
    state: String, action: String, successor: String, firstEntry: Int, secondEntry: Int)
  case stateWithoutAction(state: String)
  case tooManyTransitions(limit: Int)
  case discountOutOfRange(Rational)
  case initialSum(Rational)
  case initialNegative(state: String, value: Rational)
  case initialTwice(state: String)
  /// The entries are counted from 0 in the order in which they were given.
  case rewardTwice(
    reward: String, state: String, action: String, successor: String?, firstEntry: Int,
    secondEntry: Int)
  case labeledTransitionTwice(state: String, action: String, successor: String)
  case penaltyOutOfRange(state: String, action: String, successor: String, value: Rational)
  /// Of low rewards on the way to a gate.
  case tooManySums(limit: Int)
}

extension ModelError {
  /// Whether something grew beyond what is computed, which is no fault of the model.
  package var isLimit: Bool {
    if case .tooManySums = self { true } else { false }
  }
}

extension ModelError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .countOutOfRange(let kind, let count):
      "the number of \(kind.rawValue)s is \(count), but it has to be an integer from 1 to 2147483647"
    case .nameTwice(let kind, let name):
      "the \(kind.rawValue) \(excerpt(name)) is named twice"
    case .unknownName(let kind, let name, let nearest):
      "there is no \(kind.rawValue) \(excerpt(name))"
        + (nearest.map { "; did you mean \(excerpt($0))?" } ?? "")
    case .indexOutOfRange(let kind, let index, let count):
      "the \(kind.rawValue) index \(index) is out of range: it has to be an integer from 0 to"
        + " \(count - 1)"
    case .nameWhereCount(let kind, let name, let count):
      "the \(kind.rawValue)s are a count, so there is no \(kind.rawValue) \(excerpt(name)):"
        + " valid are the integers from 0 to \(count - 1)"
    case .negativeProbability(let state, let action, let successor, let value):
      "the probability of \(excerpt(successor)) after action \(excerpt(action)) at state"
        + " \(excerpt(state)) is \(shown(value)), but it must not be negative"
    case .rowSum(let state, let action, let sum):
      "the probabilities of action \(excerpt(action)) at state \(excerpt(state)) add up to"
        + " \(shown(sum)), not 1"
    case .transitionTwice(let state, let action, let successor, let first, let second):
      "the transition from \(excerpt(state)) under \(excerpt(action)) to \(excerpt(successor)) is"
        + " listed twice: transitions[\(first)] and transitions[\(second)]"
    case .stateWithoutAction(let state):
      "the state \(excerpt(state)) has no available action (no transition starts there)"
    case .tooManyTransitions(let limit):
      "the model has more than \(limit) transitions"
    case .discountOutOfRange(let value):
      "the discount is \(shown(value)), but it has to be at least 0 and less than 1"
    case .initialSum(let sum):
      "the initial probabilities add up to \(shown(sum)), not 1"
    case .initialNegative(let state, let value):
      "the initial probability of \(excerpt(state)) is \(shown(value)), but it must not be negative"
    case .initialTwice(let state):
      "the initial law lists the state \(excerpt(state)) twice"
    case .rewardTwice(let reward, let state, let action, let successor, let first, let second):
      "the reward \(excerpt(reward)) lists the key (\(excerpt(state)), \(excerpt(action))"
        + (successor.map { ", \(excerpt($0))" } ?? "") + ") twice: entries \(first) and \(second)"
    case .labeledTransitionTwice(let state, let action, let successor):
      "the transition from \(excerpt(state)) under \(excerpt(action)) to \(excerpt(successor)) has"
        + " its propositions listed twice"
    case .penaltyOutOfRange(let state, let action, let successor, let value):
      "the penalty of the step from \(excerpt(state)) under \(excerpt(action)) to"
        + " \(excerpt(successor)) is \(shown(value)), but it has to be between 0 and 1"
    case .tooManySums(let limit):
      "the low rewards have more than \(limit) sums on the way to the end, and a gate has to remember"
        + " each of them"
    }
  }

  /// The number in full as far as a reader of messages can use it.
  private func shown(_ value: Rational) -> String {
    let text = value.description
    return text.utf8.count <= 400 ? text : "\(text.prefix(60))… (\(text.utf8.count) characters)"
  }
}
