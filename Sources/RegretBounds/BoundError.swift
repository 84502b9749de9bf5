import ExactArithmetic
import ExactJSON

/// Why a bound has no value at what was asked.
public enum BoundError: Error, Hashable, Sendable {
  /// No bound of the catalogue has this name.
  case unknownBound(String, nearest: String?)
  /// The bound has no such parameter.
  case unknownParameter(String, bound: String, known: [String])
  case parameterTwice(String)
  /// What was given is not `key=value` with a number.
  case malformed(String, reason: String)
  /// The bound needs this parameter.
  case missing(parameter: String)
  /// The number lies outside the parameter's range.
  case outOfRange(parameter: String, value: Rational, rule: String)
  /// A condition of the theorem does not hold, or is not proved to.
  case conditionViolated(bound: String, condition: String, detail: String)
  /// The numbers are too long, or a function has no value there.
  case cannotEvaluate(reason: String)
  /// No number up to the end of the search has the wanted property.
  case notFound(what: String)
  /// A rate was asked for something that only a bound with all of its constants can answer.
  case isRate(String)
  /// Models, bases or features that do not belong together.
  case unfit(place: String, problem: String)
}

extension BoundError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownBound(let name, let nearest):
      "there is no bound \(excerpt(name))" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
        + " ('rationale bounds --list' lists all)"
    case .unknownParameter(let name, let bound, let known):
      "'\(bound)' has no parameter \(excerpt(name)); it has: \(known.joined(separator: ", "))"
    case .parameterTwice(let name): "the parameter '\(name)' is given twice"
    case .malformed(let text, let reason):
      "--parameter \(excerpt(text)): \(reason); write it as in --parameter delta=1/20"
    case .missing(let parameter): "the parameter '\(parameter)' is missing"
    case .outOfRange(let parameter, let value, let rule):
      "\(parameter) is \(Self.shown(value)), but it has to be \(rule)"
    case .conditionViolated(let bound, let condition, let detail):
      "'\(bound)' holds only under \(condition), but \(detail)"
    case .cannotEvaluate(let reason): "the value cannot be computed: \(reason)"
    case .notFound(let what): what
    case .isRate(let name):
      "'\(name)' is a rate: its constants are unknown, so that no number can be held against it"
    case .unfit(let place, let problem): "\(place): \(problem)"
    }
  }

  /// A number for a message: cut when it is long.
  static func shown(_ value: Rational) -> String {
    let text = value.description
    return text.count <= 60 ? text : text.prefix(60) + "…"
  }
}
