import ExactArithmetic
import ExactJSON
import RewardComparison

/// How well pseudometrics foretell regret on random pairs of rewards, as text, JSON and SVG.
public struct RandomPairsReport: Report {
  private let pairs: RandomRewardPairs
  private let decimals: Int?
  private let taus: [Rational]
  private static let (width, height) = (560.0, 480.0)

  /// - Parameter decimals: digits of the decimals beside the fractions; none when `nil`.
  public init(_ pairs: RandomRewardPairs, decimals: Int? = nil) {
    self.pairs = pairs
    self.decimals = decimals
    taus = pairs.pseudometrics.indices.map(pairs.kendallTau)
  }

  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    summary.add("\(pairs.draw.rawValue) pairs", "\(pairs.samples.count), seed \(pairs.seed)")
    summary.add(
      "regret", "worst-case, in the first reward of a pair; ties count for neither side of tau")
    try summary.write(to: &text)
    try text.line()
    var table = TextTable([
      ("pseudometric", .left), ("", .right), ("Kendall's tau with regret", .left),
    ])
    for (pseudometric, tau) in zip(pairs.pseudometrics, taus) {
      table.add([
        pseudometric.name, decimalText(tau, digits: decimals ?? 4), tau.description,
      ])
    }
    try table.write(to: &text)
    try text.flush()
  }

  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("format", "rationale-random-reward-pairs")
    json.key("version")
    json.integer(1)
    json.key("pairs")
    json.integer(pairs.samples.count)
    json.member("draw", pairs.draw.rawValue)
    json.member("seed", "\(pairs.seed)")
    json.key("kendallTau")
    json.beginObject()
    for (pseudometric, tau) in zip(pairs.pseudometrics, taus) {
      json.member(pseudometric.name, tau.description)
      if let decimals {
        json.member(pseudometric.name + "Decimal", decimalText(tau, digits: decimals))
      }
    }
    json.endObject()
    json.key("samples")
    json.beginArray()
    for sample in pairs.samples { write(sample, to: json) }
    json.endArray()
    json.endObject()
    try json.finish()
  }

  private func write(_ sample: RandomRewardPairs.Sample, to json: JSONWriter) {
    json.beginObject()
    json.member("regret", sample.regret.description)
    json.key("distances")
    json.beginObject()
    for (pseudometric, distance) in zip(pairs.pseudometrics, sample.distances) {
      json.key(pseudometric.name)
      if let rational = distance.rational {
        json.string(rational.description)
        continue
      }
      let bounds = distance.enclosure(width: Rational(1, Integer(10).power(12)))
      json.beginObject()
      json.member("lower", bounds.lower.description)
      json.member("upper", bounds.upper.description)
      json.endObject()
    }
    json.endObject()
    json.endObject()
  }

  /// Draws every pair, one colour a pseudometric, with the lines `regret = distance` and
  /// `regret = 2 distance` between which the span distance lies.
  public func writeSVG(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    let horizontal = PlotAxis([0, 1], start: 70, end: Self.width - 190)
    let vertical = PlotAxis([0, 1], start: Self.height - 64, end: 28)
    let (width, height) = (Int(Self.width), Int(Self.height))
    try text.line(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\""
        + " width=\"\(width)\" height=\"\(height)\" font-family=\"sans-serif\" font-size=\"12\">")
    try text.line("<rect width=\"\(width)\" height=\"\(height)\" fill=\"#fff\"/>")
    let frame = PlotFrame(
      horizontal: horizontal, vertical: vertical, titles: ("distance", "worst-case regret"))
    let spot = { (x: Double, y: Double) in
      PlotAxis.shown(horizontal.pixel(x)) + " " + PlotAxis.shown(vertical.pixel(y))
    }
    var lines = frame.lines
    lines.append("<path d=\"M\(spot(0, 0))L\(spot(1, 1))\" stroke=\"#666\"/>")
    lines.append(
      "<path d=\"M\(spot(0, 0))L\(spot(0.5, 1))\" stroke=\"#666\" stroke-dasharray=\"4 3\"/>")
    for (place, pseudometric) in pairs.pseudometrics.enumerated() {
      let colour = Self.colours[place % Self.colours.count]
      for sample in pairs.samples {
        let bounds = sample.distances[place].enclosure(width: Rational(1, 1 << 20))
        let point = spot(min(1.08, Double(bounds.lower)), Double(sample.regret))
          .split(separator: " ")
        lines.append(
          "<circle cx=\"\(point[0])\" cy=\"\(point[1])\" r=\"2\" fill=\"\(colour)\""
            + " fill-opacity=\"0.6\"/>")
      }
      let y = 40 + 20 * place
      lines.append("<circle cx=\"\(width - 170)\" cy=\"\(y)\" r=\"4\" fill=\"\(colour)\"/>")
      lines.append("<text x=\"\(width - 160)\" y=\"\(y + 4)\">\(pseudometric.name)</text>")
    }
    for line in lines { try text.line(line) }
    try text.line("</svg>")
    try text.flush()
  }

  private static let colours = [
    "#08519c", "#e6550d", "#31a354", "#756bb1", "#636363", "#d6616b", "#8c6d31", "#17becf",
  ]
}
