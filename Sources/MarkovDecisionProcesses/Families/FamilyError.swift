/// Options that a family of models refuses.
public enum FamilyError: Error, Hashable, Sendable {
  case unknownFamily(String, nearest: String?)
  case unknownOption(String, family: String)
  /// The text of an option that counts something is not an integer.
  case notAnInteger(option: String, text: String)
  /// The text of an option that is a number is none; `problem` says why.
  case notANumber(option: String, problem: String)
  /// A rule that the options break; it names the family and the option.
  case refused(String)
}

extension FamilyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownFamily(let name, let nearest):
      "there is no family '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
        + " (families: \(ModelFamily.names.joined(separator: ", ")))"
    case .unknownOption(let name, let family):
      "\(family) has no option '\(name)'"
    case .notAnInteger(let option, let text):
      "--\(option): '\(text)' is not an integer"
    case .notANumber(let option, let problem):
      "--\(option): \(problem)"
    case .refused(let rule):
      rule
    }
  }
}
