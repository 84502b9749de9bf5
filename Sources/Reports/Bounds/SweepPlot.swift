import ExactArithmetic
import Foundation
import RegretBounds

/// A picture of a sweep on logarithmic axes: the bound, and the trivial bound dashed.
///
/// Places come from doubles: a picture proves nothing.
public struct SweepPlot {
  private let sweep: Sweep
  private static let (width, height) = (640.0, 420.0)

  public init(_ sweep: Sweep) { self.sweep = sweep }

  /// A point by the decimal logarithms of its coordinates.
  private typealias Point = (x: Double, y: Double)

  /// Writes the picture as SVG.
  ///
  /// - Throws: what `sink` throws.
  public func writeSVG(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    let values = points { $0.value.midpoint }
    let trivial = points { $0.trivial }
    let horizontal = LogarithmicAxis(
      (values + trivial).map(\.x), start: 84, end: Self.width - 24)
    let vertical = LogarithmicAxis(
      (values + trivial).map(\.y), start: Self.height - 64, end: 40)
    try text.line(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(Self.width))"
        + " \(Int(Self.height))\" width=\"\(Int(Self.width))\" height=\"\(Int(Self.height))\""
        + " font-family=\"sans-serif\" font-size=\"12\">")
    try text.line("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>")
    for line in frame(horizontal, vertical) { try text.line(line) }
    func draw(_ points: [Point], _ style: String, _ title: String) throws {
      guard !points.isEmpty else { return }
      let path = points.map { point in
        "\(LogarithmicAxis.shown(horizontal.pixel(point.x)))"
          + " \(LogarithmicAxis.shown(vertical.pixel(point.y)))"
      }
      try text.line(
        "<path d=\"M\(path.joined(separator: "L"))\" fill=\"none\" \(style)>"
          + "<title>\(title)</title></path>")
    }
    try draw(trivial, "stroke=\"#888\" stroke-dasharray=\"5 4\"", "trivial bound")
    try draw(values, "stroke=\"#08519c\" stroke-width=\"2\"", sweep.bound.name)
    try text.line("</svg>")
    try text.flush()
  }

  /// The points at which the number is positive.
  private func points(_ number: (Sweep.Point) -> Rational?) -> [Point] {
    sweep.points.compactMap { point in
      guard let value = number(point), value.signum > 0 else { return nil }
      return (Self.decimalLogarithm(point.argument), Self.decimalLogarithm(value))
    }
  }

  /// Also of numbers past the range of doubles.
  private static func decimalLogarithm(_ value: Rational) -> Double {
    let exponent = value.numerator.bitLength - value.denominator.bitLength
    let mantissa = value * Rational(1, timesTwoToThe: -exponent)
    return log10(Double(mantissa)) + Double(exponent) * log10(2)
  }

  private func frame(_ horizontal: LogarithmicAxis, _ vertical: LogarithmicAxis) -> [String] {
    let (left, right) = (horizontal.start, horizontal.end)
    let (bottom, top) = (vertical.start, vertical.end)
    var lines: [String] = []
    for tick in horizontal.ticks {
      let x = LogarithmicAxis.shown(horizontal.pixel(Double(tick)))
      lines.append("<path d=\"M\(x) \(bottom)V\(top)\" stroke=\"#e4e4e4\"/>")
      lines.append(
        "<text x=\"\(x)\" y=\"\(bottom + 18)\" text-anchor=\"middle\">1e\(tick)</text>")
    }
    for tick in vertical.ticks {
      let y = LogarithmicAxis.shown(vertical.pixel(Double(tick)))
      lines.append("<path d=\"M\(left) \(y)H\(right)\" stroke=\"#e4e4e4\"/>")
      lines.append(
        "<text x=\"\(left - 6)\" y=\"\(y)\" dy=\"4\" text-anchor=\"end\">1e\(tick)</text>")
    }
    lines.append(
      "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(right - left)\" height=\"\(bottom - top)\""
        + " fill=\"none\" stroke=\"#888\"/>")
    let parameter = sweep.parameter
    let unit = parameter.unit == .none ? "" : " (\(parameter.unit.rawValue))"
    lines.append(
      "<text x=\"\((left + right) / 2)\" y=\"\(bottom + 44)\" text-anchor=\"middle\""
        + " font-size=\"14\">\(parameter.name)\(unit)</text>")
    lines.append(
      "<text x=\"\(left)\" y=\"24\" font-size=\"14\" fill=\"#08519c\">\(sweep.bound.name)"
        + " (\(sweep.bound.kind)): \(sweep.bound.description.quantity.rawValue)</text>")
    return lines
  }
}

/// An axis of decimal logarithms with a tick at whole powers of ten.
private struct LogarithmicAxis {
  /// In pixels, at the low and at the high end.
  let start: Double
  let end: Double
  let ticks: [Int]
  private let low: Double
  private let high: Double

  init(_ logarithms: [Double], start: Double, end: Double) {
    self.start = start
    self.end = end
    var (low, high) = (logarithms.min() ?? 0, logarithms.max() ?? 1)
    if high - low < 0.2 { (low, high) = (low - 0.5, high + 0.5) }
    let margin = 0.02 * (high - low)
    (self.low, self.high) = (low - margin, high + margin)
    let (first, last) = (Int((low - margin).rounded(.up)), Int((high + margin).rounded(.down)))
    let step = max(1, (last - first) / 8)
    ticks = first <= last ? Array(stride(from: first, through: last, by: step)) : []
  }

  func pixel(_ logarithm: Double) -> Double {
    start + (logarithm - low) / (high - low) * (end - start)
  }

  static func shown(_ pixel: Double) -> String { String((pixel * 100).rounded() / 100) }
}
