import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// A picture of the optimal value against the discount, with the breakpoints marked.
///
/// Drawn is the value times `1 - γ`, the mean reward under discounted weights: it is bounded, and
/// goes to the gain where the value itself goes to infinity. Places come from doubles: a picture
/// proves nothing.
public struct DiscountPlot {
  private let solution: BlackwellSolution
  private let model: FiniteMDP
  private let curves: [Curve]
  private let horizontal: PlotAxis
  private let vertical: PlotAxis

  private struct Curve {
    let title: String
    /// For each piece the points of its arc.
    let arcs: [[(discount: Double, value: Double)]]
  }

  private static let (width, height) = (640.0, 440.0)
  /// More curves than this hide each other.
  private static let largestCurveCount = 8
  private static let colors = [
    "#08519c", "#cb181d", "#238b45", "#6a51a3", "#d94801", "#636363", "#0097a7", "#c51b8a",
  ]
  /// Points of an arc beside its ends.
  private static let pointCount = 48

  /// - Parameters:
  ///   - solution: with the pieces from the discount 0 on.
  ///   - initial: the law under which the mean of the values is drawn; `nil` draws the first
  ///     states, each on its own.
  public init(
    _ solution: BlackwellSolution, of model: FiniteMDP,
    initial: [(state: State, probability: Rational)]?
  ) {
    self.solution = solution
    self.model = model
    if let initial {
      let support = initial.filter { !$0.probability.isZero }
      let title =
        support.count == 1
        ? "state \(model.states[Int(support[0].state.index)])" : "initial law"
      curves = [Self.curve(title, solution, support)]
    } else {
      curves = (0..<min(model.stateCount, Self.largestCurveCount)).map {
        Self.curve("state \(model.states[$0])", solution, [(State($0), 1)])
      }
    }
    horizontal = PlotAxis([0, 1], start: 84, end: Self.width - 24)
    vertical = PlotAxis(
      curves.flatMap { $0.arcs.joined().map(\.value) }, start: Self.height - 64, end: 28)
  }

  private static func curve(
    _ title: String, _ solution: BlackwellSolution,
    _ law: [(state: State, probability: Rational)]
  ) -> Curve {
    let arcs = solution.pieces.map { piece in
      let (low, high) = (piece.from.upper, piece.to.lower)
      return (0...pointCount).compactMap { index -> (discount: Double, value: Double)? in
        let discount = low + (high - low) * Rational(index, pointCount)
        guard discount < 1 else { return (1, gain(solution, law)) }
        let value = law.reduce(Rational.zero) { sum, entry in
          sum + entry.probability
            * piece.value(at: Int(entry.state.index), discount: short(discount))
        }
        return (Double(discount), Double(value * (1 - short(discount))))
      }
    }
    return Curve(title: title, arcs: arcs)
  }

  /// A place of few digits near the discount, for long fractions to a high power are slow.
  private static func short(_ discount: Rational) -> Rational {
    Rational(discount.floor(timesTwoToThe: 40), timesTwoToThe: -40)
  }

  private static func gain(
    _ solution: BlackwellSolution, _ law: [(state: State, probability: Rational)]
  ) -> Double {
    Double(
      law.reduce(Rational.zero) { $0 + $1.probability * solution.gain[Int($1.state.index)] })
  }

  /// Writes the picture as SVG.
  ///
  /// - Throws: what `sink` throws.
  public func writeSVG(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    let (width, height) = (Int(Self.width), Int(Self.height))
    try text.line(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\""
        + " width=\"\(width)\" height=\"\(height)\" font-family=\"sans-serif\" font-size=\"12\">")
    try text.line("<rect width=\"\(width)\" height=\"\(height)\" fill=\"#fff\"/>")
    for line in frame + breakpoints + arcs + legend { try text.line(line) }
    try text.line("</svg>")
    try text.flush()
  }

  private var frame: [String] {
    let (left, right) = (horizontal.start, horizontal.end)
    let (bottom, top) = (vertical.start, vertical.end)
    var lines = [
      "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(right - left)\" height=\"\(bottom - top)\""
        + " fill=\"none\" stroke=\"#888\"/>"
    ]
    for (value, label) in horizontal.ticks where (0...1).contains(value) {
      let x = PlotAxis.shown(horizontal.pixel(value))
      lines.append("<path d=\"M\(x) \(bottom)V\(top)\" stroke=\"#eee\"/>")
      lines.append(
        "<text x=\"\(x)\" y=\"\(bottom + 18)\" text-anchor=\"middle\" fill=\"#333\">\(label)</text>"
      )
    }
    for (value, label) in vertical.ticks {
      let y = PlotAxis.shown(vertical.pixel(value))
      lines.append("<path d=\"M\(left) \(y)H\(right)\" stroke=\"#eee\"/>")
      lines.append(
        "<text x=\"\(left - 6)\" y=\"\(y)\" dy=\"4\" text-anchor=\"end\" fill=\"#333\">\(label)</text>"
      )
    }
    lines.append(
      "<text x=\"\((left + right) / 2)\" y=\"\(bottom + 44)\" text-anchor=\"middle\""
        + " font-size=\"14\">discount γ</text>")
    lines.append(
      "<text transform=\"translate(22 \((bottom + top) / 2)) rotate(-90)\" text-anchor=\"middle\""
        + " font-size=\"14\">(1 − γ) × optimal value</text>")
    return lines
  }

  /// A dashed line at each breakpoint, with its exact place in the tooltip.
  private var breakpoints: [String] {
    solution.pieces.dropFirst().map { piece in
      let x = PlotAxis.shown(horizontal.pixel(piece.from.approximation))
      return "<path d=\"M\(x) \(vertical.start)V\(vertical.end)\" stroke=\"#d95f0e\""
        + " stroke-dasharray=\"4 3\"><title>\(Self.escaped("\(piece.from)"))</title></path>"
    }
  }

  private var arcs: [String] {
    curves.enumerated().flatMap { index, curve in
      curve.arcs.map { arc in
        let points = arc.map {
          "\(PlotAxis.shown(horizontal.pixel($0.discount))) "
            + PlotAxis.shown(vertical.pixel($0.value))
        }
        return "<path d=\"M\(points.joined(separator: "L"))\" fill=\"none\" stroke-width=\"1.8\""
          + " stroke=\"\(Self.colors[index % Self.colors.count])\">"
          + "<title>\(Self.escaped(curve.title))</title></path>"
      }
    }
  }

  private var legend: [String] {
    curves.enumerated().map { index, curve in
      "<text x=\"\(horizontal.start + 10)\" y=\"\(vertical.end + 18 + 16 * Double(index))\""
        + " fill=\"\(Self.colors[index % Self.colors.count])\">\(Self.escaped(curve.title))</text>"
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
