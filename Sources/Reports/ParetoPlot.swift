import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// A picture of a Pareto front: one panel for each pair of rewards, with the exact numbers in
/// tooltips. With more than two rewards the panels are projections.
///
/// Places come from doubles: a picture proves nothing.
public struct ParetoPlot {
  private let front: ParetoFront
  private static let (width, height) = (480.0, 400.0)

  public init(_ front: ParetoFront) {
    self.front = front
  }

  /// Writes the picture as SVG.
  ///
  /// - Throws: what `sink` throws.
  public func writeSVG(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    let count = front.rewardNames.count
    let pairs = (0..<count).flatMap { i in (i + 1..<count).map { (i, $0) } }
    let columns = min(pairs.count, 3)
    let rows = (pairs.count + columns - 1) / columns
    let (width, height) = (Int(Self.width) * columns, Int(Self.height) * rows)
    try text.line(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\""
        + " width=\"\(width)\" height=\"\(height)\" font-family=\"sans-serif\" font-size=\"12\">")
    try text.line("<rect width=\"\(width)\" height=\"\(height)\" fill=\"#fff\"/>")
    for (place, pair) in pairs.enumerated() {
      let (column, row) = (place % columns, place / columns)
      try text.line(
        "<g transform=\"translate(\(column * Int(Self.width)) \(row * Int(Self.height)))\">")
      let panel = ParetoPanel(front, axes: pair, width: Self.width, height: Self.height)
      for line in panel.lines { try text.line(line) }
      try text.line("</g>")
    }
    try text.line("</svg>")
    try text.flush()
  }
}

/// The panel of two rewards.
private struct ParetoPanel {
  private let front: ParetoFront
  private let axes: (x: Int, y: Int)
  private let horizontal: PlotAxis
  private let vertical: PlotAxis

  init(_ front: ParetoFront, axes: (Int, Int), width: Double, height: Double) {
    self.front = front
    self.axes = axes
    let points = front.vertices.map(\.point) + (front.deterministic ?? []).map(\.point)
    horizontal = PlotAxis(
      points.map { Double($0[axes.0]) }, start: 84, end: width - 24)
    vertical = PlotAxis(
      points.map { Double($0[axes.1]) }, start: height - 64, end: 28)
  }

  var lines: [String] { frame + edges + missedPoints + vertices }

  private func place(_ point: [Rational]) -> (x: String, y: String) {
    (
      PlotAxis.shown(horizontal.pixel(Double(point[axes.x]))),
      PlotAxis.shown(vertical.pixel(Double(point[axes.y])))
    )
  }

  // MARK: - Frame

  private var frame: [String] {
    let (left, right) = (horizontal.start, horizontal.end)
    let (bottom, top) = (vertical.start, vertical.end)
    var lines = [
      "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(right - left)\" height=\"\(bottom - top)\""
        + " fill=\"none\" stroke=\"#888\"/>"
    ]
    for (value, label) in horizontal.ticks {
      let x = PlotAxis.shown(horizontal.pixel(value))
      lines.append("<path d=\"M\(x) \(bottom)V\(top)\" stroke=\"#e4e4e4\"/>")
      lines.append(
        "<text x=\"\(x)\" y=\"\(bottom + 18)\" text-anchor=\"middle\" fill=\"#333\">\(label)</text>"
      )
    }
    for (value, label) in vertical.ticks {
      let y = PlotAxis.shown(vertical.pixel(value))
      lines.append("<path d=\"M\(left) \(y)H\(right)\" stroke=\"#e4e4e4\"/>")
      lines.append(
        "<text x=\"\(left - 6)\" y=\"\(y)\" dy=\"4\" text-anchor=\"end\" fill=\"#333\">\(label)</text>"
      )
    }
    let (x, y) = ((left + right) / 2, (bottom + top) / 2)
    lines.append(
      "<text x=\"\(x)\" y=\"\(bottom + 44)\" text-anchor=\"middle\" font-size=\"14\">"
        + "\(name(axes.x))</text>")
    lines.append(
      "<text transform=\"translate(22 \(y)) rotate(-90)\" text-anchor=\"middle\""
        + " font-size=\"14\">\(name(axes.y))</text>")
    return lines
  }

  private func name(_ reward: Int) -> String {
    let direction = front.direction == .maximize ? "greater" : "less"
    return Self.escaped(front.rewardNames[reward]) + " (\(direction) is better)"
  }

  // MARK: - The front

  /// The pairs of vertices that span an edge of the front.
  private var edges: [String] {
    let dimension = front.rewardNames.count
    let facets = front.vertices.indices.map { vertex in
      Set(front.facets.indices.filter { front.facets[$0].vertices.contains(vertex) })
    }
    var lines: [String] = []
    for i in facets.indices {
      for j in facets.indices.dropFirst(i + 1) {
        let shared = facets[i].intersection(facets[j])
        guard shared.count >= dimension - 1,
          !facets.indices.contains(where: { $0 != i && $0 != j && shared.isSubset(of: facets[$0]) })
        else { continue }
        let (a, b) = (place(front.vertices[i].point), place(front.vertices[j].point))
        lines.append(
          "<path d=\"M\(a.x) \(a.y)L\(b.x) \(b.y)\" stroke=\"#08519c\" stroke-width=\"1.5\""
            + " fill=\"none\"/>")
      }
    }
    return lines
  }

  private var vertices: [String] {
    front.vertices.enumerated().map { index, vertex in
      let (x, y) = place(vertex.point)
      let title =
        "vertex \(index): \(Self.tuple(vertex.point)), weight \(Self.tuple(vertex.weight))"
      return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"4\" fill=\"#08519c\">"
        + "<title>\(title)</title></circle>"
    }
  }

  /// Deterministic points below the front.
  private var missedPoints: [String] {
    (front.deterministic ?? []).filter { !$0.isSupported }.map { missed in
      let (x, y) = place(missed.point)
      let title = "deterministic, missed by every positive weight: \(Self.tuple(missed.point))"
      return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"4\" fill=\"#fff\" stroke=\"#cb181d\""
        + " stroke-width=\"1.5\"><title>\(title)</title></circle>"
    }
  }

  private static func tuple(_ numbers: [Rational]) -> String {
    "(" + numbers.map(\.description).joined(separator: ", ") + ")"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
