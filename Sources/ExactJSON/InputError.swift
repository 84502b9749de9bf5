/// What is wrong with an input, and where: the message that every reader ends with.
///
/// Printed as `FILE: PLACE: what is wrong`. Standard input is called `<stdin>`; the place is
/// `LINE:COLUMN` for syntax and a path like `transitions[17][3]` for content; what concerns the
/// whole text has the place `1:1`.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Which of the two ways an input fails in.
  public enum Kind: Hashable, Sendable {
    /// The input was read and breaks a rule.
    case malformed
    /// The system did not hand the input over.
    case cannotOpen
  }

  public let kind: Kind
  public let file: String
  public let place: String?
  public let problem: String

  public init(kind: Kind = .malformed, file: String, place: String?, problem: String) {
    self.kind = kind
    self.file = file
    self.place = place
    self.problem = problem
  }

  /// A syntax error of `file`.
  public init(_ error: JSONError, file: String) {
    self.init(file: file, place: "\(error.line):\(error.column)", problem: error.problem)
  }

  public var description: String {
    guard kind == .malformed else { return "\(file): \(problem)" }
    // What concerns the whole text is said at its beginning.
    return "\(file): \(place ?? "1:1"): \(problem)"
  }
}

/// A break of the JSON grammar, with the place where it shows.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Lines count from 1 and end with a line feed.
  public let line: Int
  /// Columns count from 1, in characters (Unicode scalar values), not bytes.
  public let column: Int
  public let problem: String

  public init(line: Int, column: Int, problem: String) {
    self.line = line
    self.column = column
    self.problem = problem
  }

  public var description: String { "\(line):\(column): \(problem)" }
}

/// `text` in single quotes, cut after 60 characters and with control characters spelled out, so
/// that no input can flood or garble a message.
public func excerpt(_ text: some StringProtocol) -> String {
  var shown = ""
  var rest = text.unicodeScalars[...]
  for _ in 0..<60 {
    guard let scalar = rest.popFirst() else { return "'\(shown)'" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator:
      shown += codePoint(scalar.value)
    default:
      shown.unicodeScalars.append(scalar)
    }
  }
  return rest.isEmpty ? "'\(shown)'" : "'\(shown)…'"
}

/// A code point as the Unicode standard writes it, as in `U+000A`.
public func codePoint(_ value: UInt32) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
