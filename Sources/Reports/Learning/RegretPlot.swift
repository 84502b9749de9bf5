import ExactArithmetic
import Foundation

/// What runs of a learner showed, as a report and as a picture.
public protocol LearningReport: Report {
  /// The picture of the runs.
  ///
  /// - Throws: `BoundError`.
  func plot() throws -> RegretPlot
}

/// A picture of regret over time: the median of the runs, the band from the lowest to the highest
/// tenth, the theorem's bound, and the trivial bound dashed.
///
/// The axis reaches as far as the smaller of the two bounds. Places come from doubles: a picture
/// proves nothing.
public struct RegretPlot {
  private let title: String
  private let quantity: String
  private let unit: String
  private let marks: [Int]
  /// One list a mark, sorted.
  private let regrets: [[Double]]
  private let bounds: [Double?]
  private let trivial: [Double]
  private static let (width, height) = (640.0, 420.0)

  /// - Parameters:
  ///   - quantity: what is measured of each run.
  ///   - unit: what is counted on the horizontal axis.
  ///   - marks: the counts at which regret was taken.
  ///   - runs: the regret of each run at each mark.
  ///   - bounds: the theorem's bound at each mark, `nil` where it says nothing.
  ///   - trivial: what holds without a theorem, at each mark.
  public init(
    title: String, quantity: String = "regret", unit: String, marks: [Int], runs: [[Rational]],
    bounds: [Enclosure?],
    trivial: [Rational]
  ) {
    self.title = title
    self.quantity = quantity
    self.unit = unit
    self.marks = marks
    regrets = marks.indices.map { place in runs.map { Double($0[place]) }.sorted() }
    self.bounds = bounds.map { $0.map { Double($0.midpoint) } }
    self.trivial = trivial.map { Double($0) }
  }

  /// The entry that a share of the sorted runs does not exceed.
  private func quantile(_ share: Double) -> [Double] {
    regrets.map { $0[min($0.count - 1, Int(share * Double($0.count)))] }
  }

  /// Writes the picture as SVG.
  ///
  /// - Throws: what `sink` throws.
  public func writeSVG(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    let horizontal = PlotAxis([0] + marks.map(Double.init), start: 84, end: Self.width - 24)
    let reached = min(trivial.last ?? 0, (bounds.last ?? nil) ?? .infinity)
    let vertical = PlotAxis([0, reached] + regrets.joined(), start: Self.height - 64, end: 40)
    try text.line(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(Self.width))"
        + " \(Int(Self.height))\" width=\"\(Int(Self.width))\" height=\"\(Int(Self.height))\""
        + " font-family=\"sans-serif\" font-size=\"12\">")
    try text.line("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>")
    for line in frame(horizontal, vertical) { try text.line(line) }
    func points(_ values: [Double?]) -> [String] {
      zip(marks, values).compactMap { mark, value in
        value.map {
          "\(PlotAxis.shown(horizontal.pixel(Double(mark))))"
            + " \(PlotAxis.shown(vertical.pixel($0)))"
        }
      }
    }
    func draw(_ points: [String], _ style: String, _ title: String) throws {
      guard !points.isEmpty else { return }
      try text.line(
        "<path d=\"M\(points.joined(separator: "L"))\" fill=\"none\" clip-path=\"url(#frame)\""
          + " \(style)><title>\(title)</title></path>")
    }
    let band = points(quantile(0.1)) + points(quantile(0.9)).reversed()
    try text.line(
      "<path d=\"M\(band.joined(separator: "L"))Z\" fill=\"#08519c\" fill-opacity=\"0.2\""
        + " clip-path=\"url(#frame)\"><title>tenth to ninth tenth of the runs</title></path>")
    try draw(points(trivial), "stroke=\"#888\" stroke-dasharray=\"5 4\"", "trivial bound")
    try draw(points(bounds), "stroke=\"#a50f15\" stroke-width=\"2\"", "theorem's bound")
    try draw(points(quantile(0.5)), "stroke=\"#08519c\" stroke-width=\"2\"", "median \(quantity)")
    try text.line("</svg>")
    try text.flush()
  }

  private func frame(_ horizontal: PlotAxis, _ vertical: PlotAxis) -> [String] {
    let (left, right) = (horizontal.start, horizontal.end)
    let (bottom, top) = (vertical.start, vertical.end)
    let box =
      "x=\"\(left)\" y=\"\(top)\" width=\"\(right - left)\" height=\"\(bottom - top)\""
    var lines = ["<clipPath id=\"frame\"><rect \(box)/></clipPath>"]
    for (value, label) in horizontal.ticks {
      let x = PlotAxis.shown(horizontal.pixel(value))
      lines.append("<path d=\"M\(x) \(bottom)V\(top)\" stroke=\"#e4e4e4\"/>")
      lines.append("<text x=\"\(x)\" y=\"\(bottom + 18)\" text-anchor=\"middle\">\(label)</text>")
    }
    for (value, label) in vertical.ticks {
      let y = PlotAxis.shown(vertical.pixel(value))
      lines.append("<path d=\"M\(left) \(y)H\(right)\" stroke=\"#e4e4e4\"/>")
      lines.append(
        "<text x=\"\(left - 6)\" y=\"\(y)\" dy=\"4\" text-anchor=\"end\">\(label)</text>")
    }
    lines.append("<rect \(box) fill=\"none\" stroke=\"#888\"/>")
    lines.append(
      "<text x=\"\((left + right) / 2)\" y=\"\(bottom + 44)\" text-anchor=\"middle\""
        + " font-size=\"14\">\(unit)</text>")
    lines.append(
      "<text x=\"\(left)\" y=\"24\" font-size=\"14\" fill=\"#08519c\">\(title): \(quantity), median and"
        + " tenths of \(regrets.first?.count ?? 0) runs</text>")
    return lines
  }
}
