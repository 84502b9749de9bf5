import ExactJSON

/// A rule of linear programs that an input breaks.
public enum LinearProgramError: Error, Hashable, Sendable {
  /// Two columns have one name.
  case columnTwice(name: String)
  /// Two rows have one name.
  case rowTwice(name: String)
  /// A row has two coefficients for one column.
  case entryTwice(row: String, column: String)
  /// There are more rows, columns or entries than 32-bit indices can tell apart.
  case tooLarge(what: String, limit: Int)
  /// A format has no way to write a name.
  case unwritableName(String, format: String)
  /// A format has no way to write a row whose lower side is above its upper side.
  case unwritableCrossedRow(String, format: String)
  /// A number is longer than the field of a format.
  case unwritableNumber(String, format: String)
}

extension LinearProgramError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .columnTwice(let name): "there are two columns of the name \(excerpt(name))"
    case .rowTwice(let name): "there are two rows of the name \(excerpt(name))"
    case .entryTwice(let row, let column):
      "the row \(excerpt(row)) has the column \(excerpt(column)) twice"
    case .tooLarge(let what, let limit): "there are more than \(limit) \(what)"
    case .unwritableName(let name, let format):
      "the name \(excerpt(name)) cannot be written in the format '\(format)'"
    case .unwritableCrossedRow(let row, let format):
      "the crossed sides of the row \(excerpt(row)) cannot be written in the format '\(format)'"
    case .unwritableNumber(let text, let format):
      "the number \(excerpt(text)) is too long for a field of the format '\(format)'"
    }
  }
}
