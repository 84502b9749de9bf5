import ExactArithmetic
import Foundation
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
      let title = "deterministic, missed by every weight: \(Self.tuple(missed.point))"
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

/// An axis with round ticks.
private struct PlotAxis {
  /// In pixels, at the least and the largest value.
  let start: Double
  let end: Double
  let ticks: [(value: Double, label: String)]
  private let low: Double
  private let high: Double

  /// - Parameters:
  ///   - start: the pixel of the low end; the vertical axis runs upwards.
  ///   - end: the pixel of the high end.
  init(_ values: [Double], start: Double, end: Double) {
    self.start = start
    self.end = end
    let (least, largest) = (values.min() ?? 0, values.max() ?? 0)
    let span = largest - least
    // A front of one point, or of one coordinate, still gets a frame around it.
    let margin = span > 0 ? 0.08 * span : max(abs(largest) * 0.1, 1)
    let (low, high) = (least - margin, largest + margin)
    (self.low, self.high) = (low, high)
    let rough = (high - low) / 5
    let power = pow(10, floor(log10(rough)))
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
    var ticks: [(value: Double, label: String)] = []
    // At most a dozen ticks, also where doubles cannot tell the values apart.
    for index in 0..<12 {
      let value = (ceil(low / step) + Double(index)) * step
      if !(value <= high) { break }
      ticks.append((value, Self.label(value, step: step)))
    }
    self.ticks = ticks
  }

  func pixel(_ value: Double) -> Double {
    start + (value - low) / (high - low) * (end - start)
  }

  static func shown(_ pixel: Double) -> String {
    String((pixel * 100).rounded() / 100)
  }

  /// As many digits as the step needs.
  private static func label(_ value: Double, step: Double) -> String {
    if abs(value) < step / 2 { return "0" }
    let exponent = Int(floor(log10(step)))
    guard (-6...6).contains(exponent) else { return String(value) }
    return String(format: "%.\(max(0, -exponent))f", value)
  }
}
