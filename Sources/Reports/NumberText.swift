import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// What to say under a table where fractions gave way to decimals.
let longFractionsRemark =
  "Fractions too long for this table are shown as decimals (≈); --format json writes them whole."

/// How the numbers of a table are shown to people: as fractions where they fit, as decimals where they
/// do not.
struct NumberText {
  private let options: SolutionReport.Options

  init(_ options: SolutionReport.Options) {
    self.options = options
  }

  /// What to say under a table with shortened fractions.
  static let remarkOnCuts =
    "Fractions too long for this table are cut (…) or shown as decimals (≈);"
    + " --format json writes them whole."

  private var digits: Int { options.shownDigits }

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
