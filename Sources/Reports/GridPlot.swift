import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// A picture of a solution on a grid: a cell a state, the darker the larger its value, with the
/// optimal actions as arrows and the labels as letters.
///
/// Colours come from doubles: a picture proves nothing.
public struct GridPlot {
  private let values: CertifiedVector?
  /// The actions to draw at each state.
  private let shownActions: [[Action]]
  private let divergence: [Divergence]?
  private let model: FiniteMDP
  private let layout: GridLayout
  private static let cellSize = 48

  public init(_ solution: Solution, of model: FiniteMDP, layout: GridLayout) {
    let policy = solution.policies.first?.map { [$0] }
    self.init(
      values: solution.values, actions: solution.optimalActions?.first ?? policy, of: model,
      layout: layout)
  }

  /// The picture of an answer about a goal.
  public init(_ solution: GoalSolution, of model: FiniteMDP, layout: GridLayout) {
    let policy = solution.policies.first?.map { $0.map { [$0] } ?? [] }
    self.init(
      values: solution.values, divergence: solution.divergence,
      actions: solution.optimalActions?.first ?? policy, of: model, layout: layout)
  }

  private init(
    values: CertifiedVector?, divergence: [Divergence]? = nil, actions: [[Action]]?,
    of model: FiniteMDP, layout: GridLayout
  ) {
    self.values = values
    self.divergence = divergence
    shownActions = actions ?? Array(repeating: [], count: model.stateCount)
    self.model = model
    self.layout = layout
  }

  /// Writes the picture as SVG.
  ///
  /// - Throws: what `sink` throws.
  public func writeSVG(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    let (width, height) = (layout.columns * Self.cellSize, layout.rows * Self.cellSize)
    try text.line(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-2 -2 \(width + 4) \(height + 4)\""
        + " font-family=\"sans-serif\" font-size=\"11\" text-anchor=\"middle\">")
    let shades = shades
    let letters = letters
    for (state, cell) in layout.cells.enumerated() {
      try writeCell(state, cell, shade: shades[state], letter: letters[state], &text)
    }
    try text.line("</svg>")
    try text.flush()
  }

  private func writeCell(
    _ state: Int, _ cell: (row: Int, column: Int), shade: Double, letter: String?,
    _ text: inout TextWriter
  ) throws {
    let (x, y) = (cell.column * Self.cellSize, cell.row * Self.cellSize)
    let centre = (x: x + Self.cellSize / 2, y: y + Self.cellSize / 2)
    let ink = shade > 0.55 ? "#fff" : "#123"
    try text.line("<g><title>\(Self.escaped(tooltip(state)))</title>")
    try text.line(
      "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(Self.cellSize)\" height=\"\(Self.cellSize)\""
        + " fill=\"\(Self.colour(shade))\" stroke=\"#fff\"/>")
    if let letter {
      try text.line(
        "<text x=\"\(centre.x)\" y=\"\(centre.y + 4)\" fill=\"\(ink)\">"
          + "\(Self.escaped(letter))</text>")
    } else {
      for action in actions(at: state) { try text.line(mark(action, at: centre, ink)) }
    }
    try text.line("</g>")
  }

  // MARK: - Values

  /// The place of each value between the least and the largest, in `0...1`.
  private var shades: [Double] {
    let values = layout.cells.indices.map(value)
    let finite = values.filter(\.isFinite)
    let (least, largest) = (finite.min() ?? 0, finite.max() ?? 0)
    return values.map { value in
      guard value.isFinite else { return value > 0 ? 1 : 0 }
      return largest > least ? (value - least) / (largest - least) : 0.5
    }
  }

  private func value(_ state: Int) -> Double {
    switch divergence?[state] {
    case .positive: return .infinity
    case .negative: return -.infinity
    case .finite, nil: break
    }
    switch values {
    case .exact(let vector): return Double(vector[state])
    case .enclosed(let lower, _): return Double(lower[state])
    case nil: return 0
    }
  }

  private func tooltip(_ state: Int) -> String {
    if let text = divergence?[state].text { return "\(model.states[state]): \(text)" }
    let value =
      switch values {
      case .exact(let vector): ": " + vector.decimalText(at: state, digits: 6)
      case .enclosed(let lower, let upper):
        ": \(lower.decimalText(at: state, digits: 6, rounding: .down)) to "
          + upper.decimalText(at: state, digits: 6, rounding: .up)
      case nil: ""
      }
    return model.states[state] + value
  }

  // MARK: - Actions and labels

  private func actions(at state: Int) -> [String] {
    shownActions[state].map { model.actions[Int($0.index)] }
  }

  /// An arrow for a direction, else the action's name.
  private func mark(_ action: String, at centre: (x: Int, y: Int), _ ink: String) -> String {
    let direction: (x: Int, y: Int)? =
      switch action {
      case "up": (0, -1)
      case "down": (0, 1)
      case "left": (-1, 0)
      case "right": (1, 0)
      default: nil
      }
    guard let direction else {
      return "<text x=\"\(centre.x)\" y=\"\(centre.y + 4)\" fill=\"\(ink)\">"
        + "\(Self.escaped(action))</text>"
    }
    let tip = (x: centre.x + 16 * direction.x, y: centre.y + 16 * direction.y)
    let base = (x: tip.x - 5 * direction.x, y: tip.y - 5 * direction.y)
    let side = (x: 4 * direction.y, y: 4 * direction.x)
    return "<path d=\"M\(centre.x) \(centre.y)L\(tip.x) \(tip.y)M\(base.x + side.x) "
      + "\(base.y + side.y)L\(tip.x) \(tip.y)L\(base.x - side.x) \(base.y - side.y)\""
      + " fill=\"none\" stroke=\"\(ink)\" stroke-width=\"1.5\"/>"
  }

  /// The first label of each state that has one.
  private var letters: [String?] {
    var letters = [String?](repeating: nil, count: model.stateCount)
    for (name, states) in model.labels {
      for state in states where letters[Int(state.index)] == nil {
        letters[Int(state.index)] = name
      }
    }
    return letters
  }

  /// From a light to a dark blue.
  private static func colour(_ shade: Double) -> String {
    let ends = [(222.0, 8.0), (235.0, 64.0), (247.0, 129.0)]
    let parts = ends.map { String(Int(($0 + ($1 - $0) * shade).rounded())) }
    return "rgb(\(parts.joined(separator: ",")))"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
