import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// How numbers are shown to people: as fractions where they fit, as decimals where they do not.
struct NumberText {
  private let options: SolutionReport.Options

  init(_ options: SolutionReport.Options) {
    self.options = options
  }

  /// Decimals of a number that has to be shown as one, unless the reader says otherwise.
  private static let defaultDecimals = 12

  /// The most characters of a fraction in the summary of a terminal, where it wraps.
  private static let longestFraction = 2000

  /// What to say under a table with shortened fractions.
  static let remarkOnCuts =
    "Fractions too long for this table are cut (…) or shown as decimals (≈);"
    + " --format json writes them whole."

  private var digits: Int { options.decimals ?? Self.defaultDecimals }

  /// A number for the summary.
  func text(of value: CertifiedNumber) -> String {
    switch value {
    case .exact(let value):
      let fraction = value.description
      if options.columns != nil, fraction.utf8.count > Self.longestFraction {
        return "≈ " + decimalText(value, digits: digits)
      }
      let decimal = options.decimals.map { " ≈ \(decimalText(value, digits: $0))" } ?? ""
      return fraction + (value.isInteger ? "" : decimal)
    case .enclosed(let lower, let upper):
      return "between \(decimalText(lower, digits: digits, rounding: .down)) and"
        + " \(decimalText(upper, digits: digits, rounding: .up))"
    }
  }

  /// The columns that ``cells(of:at:room:hasCut:)`` fills.
  func columns(
    of values: CertifiedVector?
  ) -> [(heading: String, alignment: TextTable.Alignment)] {
    switch values {
    case .exact:
      (options.decimals != nil ? [("decimal", .right)] : []) + [("value", .left)]
    case .enclosed:
      [("lower bound", .right), ("upper bound", .right)]
    case nil: []
    }
  }

  /// One entry of a vector for a table.
  func cells(
    of values: CertifiedVector?, at state: Int, room: Int, hasCut: inout Bool
  ) -> [String] {
    switch values {
    case .exact(let vector):
      var cells = options.decimals.map { [vector.decimalText(at: state, digits: $0)] } ?? []
      if let fraction = vector.shortText(at: state, room: room) {
        cells.append(fraction)
      } else {
        hasCut = true
        // Where the decimal stands in a column of its own, the cell keeps to the fraction.
        let cut = options.decimals == nil ? nil : vector.cutText(at: state)
        cells.append(cut ?? "≈ " + vector.decimalText(at: state, digits: digits))
      }
      return cells
    case .enclosed(let lower, let upper):
      return [
        lower.decimalText(at: state, digits: digits, rounding: .down),
        upper.decimalText(at: state, digits: digits, rounding: .up),
      ]
    case nil:
      return []
    }
  }

  /// The cells of a value that is no number.
  func cells(of values: CertifiedVector?, infinite text: String) -> [String] {
    columns(of: values).map { _ in text }
  }

  /// How many characters of a value a line holds beside the other columns.
  func room(in model: FiniteMDP, hasTies: Bool) -> Int {
    // Lines of a file may be long, but a table with numbers of a thousand digits is none.
    guard let columns = options.columns else { return 1000 }
    let stateWidth = model.states.names.lazy.map(\.count).max() ?? 0
    let actionWidth = model.actions.names.lazy.map(\.count).max() ?? 0
    let decimalWidth = options.decimals.map { $0 + 8 } ?? 0
    let tieWidth = hasTies ? max(12, actionWidth) + 2 : 0
    return max(28, columns - stateWidth - max(6, actionWidth) - decimalWidth - tieWidth - 4)
  }
}

extension Solution.Statistics {
  /// The rounds, the time and the length of the numbers, for people.
  var text: String {
    let time = decimalText(Rational(exactly: seconds) ?? 0, digits: seconds < 1 ? 4 : 2)
    let bits = denominatorBits.map { ", denominators of up to \($0) bits" } ?? ""
    let rounds = iterations == 1 ? "1 iteration" : "\(iterations) iterations"
    return "\(rounds), \(time) s\(bits)"
  }
}

extension RationalVector {
  /// Entry `index` as a fraction of at most `room` characters, or `nil` when it is longer.
  ///
  /// An entry of a vector with a huge common denominator counts as long without a look at it,
  /// since a gcd an entry would take longer than everything else.
  fileprivate func shortText(at index: Int, room: Int) -> String? {
    if case .common(let denominator, let numerators) = form {
      if numerators[index].isZero { return "0" }
      if denominator.bitLength > 8192 { return nil }
    }
    let value = self[index]
    // A digit takes 3.3 bits: no need to print what is far too long.
    guard (value.denominator.bitLength + value.numerator.bitLength) / 4 <= room else { return nil }
    let text = value.description
    return text.count <= room ? text : nil
  }

  /// Entry `index` with the inner digits left out, or `nil` where it would take long to reduce.
  fileprivate func cutText(at index: Int) -> String? {
    if case .common(let denominator, _) = form, denominator.bitLength > 8192 { return nil }
    let value = self[index]
    let parts = [value.numerator, value.denominator].map { part in
      let digits = part.description
      return digits.utf8.count <= 13 ? digits : "\(digits.prefix(6))…\(digits.suffix(6))"
    }
    return parts.joined(separator: "/")
  }
}
