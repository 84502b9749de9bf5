import ExactArithmetic
import RewardComparison

/// A picture of the values that policies attain under two rewards: the polygon, the faces of the
/// optimal policies of both rewards, and the step that loses most in the first while the second
/// does not object.
///
/// Places come from doubles: a picture proves nothing.
public struct PolygonPlot {
  private typealias Point = ValuePolygon.Point

  private let polygon: ValuePolygon
  private let names: (String, String)
  private let horizontal: PlotAxis
  private let vertical: PlotAxis
  private static let (width, height) = (560.0, 480.0)

  /// - Parameter names: of the reward to the right and of the reward upwards.
  public init(_ polygon: ValuePolygon, names: (String, String)) {
    self.polygon = polygon
    self.names = names
    horizontal = PlotAxis(
      polygon.points.map { Double($0.x) }, start: 84, end: Self.width - 24)
    vertical = PlotAxis(
      polygon.points.map { Double($0.y) }, start: Self.height - 64, end: 28)
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
    let frame = PlotFrame(
      horizontal: horizontal, vertical: vertical,
      titles: ("value of \(names.0)", "value of \(names.1)"))
    for line in frame.lines + outline + faces + step + corners { try text.line(line) }
    try text.line("</svg>")
    try text.flush()
  }

  private func place(_ point: Point) -> String {
    PlotAxis.shown(horizontal.pixel(Double(point.x))) + " "
      + PlotAxis.shown(vertical.pixel(Double(point.y)))
  }

  private var outline: [String] {
    let path = polygon.points.map(place).joined(separator: "L")
    return ["<path d=\"M\(path)Z\" fill=\"#deebf7\" stroke=\"#3182bd\"/>"]
  }

  /// The points that are the best for each of the rewards.
  private var faces: [String] {
    let (right, top) = (polygon.points.map(\.x).max(), polygon.points.map(\.y).max())
    return [
      face(polygon.points.filter { $0.x == right }, "optimal for \(names.0)", "#31a354"),
      face(polygon.points.filter { $0.y == top }, "optimal for \(names.1)", "#756bb1"),
    ]
  }

  private func face(_ points: [Point], _ title: String, _ colour: String) -> String {
    let tooltip = "<title>\(title.svgEscaped)</title>"
    if points.count == 1 {
      let spot = place(points[0]).split(separator: " ")
      return "<circle cx=\"\(spot[0])\" cy=\"\(spot[1])\" r=\"7\" fill=\"\(colour)\""
        + " fill-opacity=\"0.6\">\(tooltip)</circle>"
    }
    let path = points.map(place).joined(separator: "L")
    return "<path d=\"M\(path)Z\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"7\""
      + " stroke-linecap=\"round\" stroke-opacity=\"0.6\">\(tooltip)</path>"
  }

  private var step: [String] {
    let step = polygon.longestStep
    guard step.length.signum > 0 else { return [] }
    let title =
      "the worst change that \(names.1) does not object to: from \(Self.tuple(step.from)) to "
      + "\(Self.tuple(step.to)), a loss of \(PlotText.shown(step.length))"
    return [
      "<marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\""
        + " markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8Z\" fill=\"#cb181d\"/>"
        + "</marker>",
      "<path d=\"M\(place(step.from))L\(place(step.to))\" stroke=\"#cb181d\" stroke-width=\"2\""
        + " marker-end=\"url(#tip)\"><title>\(title.svgEscaped)</title></path>",
    ]
  }

  private var corners: [String] {
    polygon.points.map { point in
      let spot = place(point).split(separator: " ")
      return "<circle cx=\"\(spot[0])\" cy=\"\(spot[1])\" r=\"3.5\" fill=\"#08519c\">"
        + "<title>\(Self.tuple(point))</title></circle>"
    }
  }

  private static func tuple(_ point: Point) -> String {
    "(\(PlotText.shown(point.x)), \(PlotText.shown(point.y)))"
  }
}

/// Numbers and names in pictures.
enum PlotText {
  /// A fraction, or a decimal where it would fill lines.
  static func shown(_ value: Rational) -> String {
    let bits = value.numerator.bitLength + value.denominator.bitLength
    return bits <= 200 ? "\(value)" : "≈ " + decimalText(value, digits: 9)
  }
}

extension String {
  /// The text inside an element.
  var svgEscaped: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}

/// Axes with ticks and titles around a picture.
struct PlotFrame {
  let horizontal: PlotAxis
  let vertical: PlotAxis
  let titles: (String, String)

  var lines: [String] {
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
        "<text x=\"\(x)\" y=\"\(bottom + 18)\" text-anchor=\"middle\">\(label)</text>")
    }
    for (value, label) in vertical.ticks {
      let y = PlotAxis.shown(vertical.pixel(value))
      lines.append("<path d=\"M\(left) \(y)H\(right)\" stroke=\"#e4e4e4\"/>")
      lines.append(
        "<text x=\"\(left - 6)\" y=\"\(y)\" dy=\"4\" text-anchor=\"end\">\(label)</text>")
    }
    lines.append(
      "<text x=\"\((left + right) / 2)\" y=\"\(bottom + 44)\" text-anchor=\"middle\""
        + " font-size=\"14\">\(titles.0.svgEscaped)</text>")
    lines.append(
      "<text transform=\"translate(22 \((bottom + top) / 2)) rotate(-90)\" text-anchor=\"middle\""
        + " font-size=\"14\">\(titles.1.svgEscaped)</text>")
    return lines
  }
}
