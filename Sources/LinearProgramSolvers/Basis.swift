import ExactArithmetic

/// Where each variable of a slack form stands: as many are basic as there are rows.
struct Basis: Hashable, Sendable {
  enum Status: UInt8, Hashable, Sendable {
    case basic, atLower, atUpper
    /// Not basic and without bounds: at 0.
    case free
  }

  var status: [Status]

  /// The rows' variables are basic, the columns at a bound.
  init(slacksOf form: SlackForm) {
    status = (0..<form.variableCount).map { v in
      v < form.columnCount ? Basis.resting(v, .atLower, form) : .basic
    }
  }

  /// These statuses, corrected where a variable is said to be at a bound that it has not.
  ///
  /// - Returns: `nil` when the number of basic variables is not the number of rows.
  init?(_ status: [Status], of form: SlackForm) {
    guard status.lazy.filter({ $0 == .basic }).count == form.rowCount else { return nil }
    self.status = status.enumerated().map { v, wanted in
      wanted == .basic ? .basic : Basis.resting(v, wanted, form)
    }
  }

  /// The status nearest to the wanted one that the bounds of a variable allow.
  static func resting(_ variable: Int, _ wanted: Status, _ form: SlackForm) -> Status {
    switch (form.lower[variable] != nil, form.upper[variable] != nil) {
    case (true, true): wanted == .atUpper ? .atUpper : .atLower
    case (true, false): .atLower
    case (false, true): .atUpper
    case (false, false): .free
    }
  }

  func isBasic(_ variable: Int) -> Bool { status[variable] == .basic }

  /// The value of a variable that is not basic.
  func restingValue(_ variable: Int, _ form: SlackForm) -> Rational {
    switch status[variable] {
    case .atLower: form.lower[variable] ?? 0
    case .atUpper: form.upper[variable] ?? 0
    case .free, .basic: 0
    }
  }
}
