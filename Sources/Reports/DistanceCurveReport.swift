import ExactArithmetic
import ExactJSON
import RewardComparison

/// The distance from a reward to the members of a family, as text, JSON and SVG.
public struct DistanceCurveReport: Report {
  private let curve: DistanceCurve
  /// The fixed reward, the base of the family, and its direction.
  private let names: (fixed: String, base: String, direction: String)
  private let decimals: Int?
  private static let (width, height) = (560.0, 400.0)

  /// - Parameter decimals: digits of the decimals beside the fractions; none when `nil`.
  public init(
    _ curve: DistanceCurve, names: (fixed: String, base: String, direction: String),
    decimals: Int? = nil
  ) {
    self.curve = curve
    self.names = names
    self.decimals = decimals
  }

  private var range: (from: Rational, to: Rational) {
    (curve.pieces.first?.from ?? 0, curve.pieces.last?.to ?? 0)
  }

  // MARK: - Text

  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    let settings = curve.settings
    var summary = Summary()
    summary.add(
      "distance",
      "from \(names.fixed) to \(names.base) + t \(names.direction), t from "
        + "\(range.from) to \(range.to)")
    summary.add("canonicalization", settings.canonicalization.rawValue)
    summary.add("normalization", settings.normalization.rawValue)
    summary.add("metric", settings.metric.rawValue)
    summary.add("nearest", "t = \(curve.nearest.t), at distance \(shown(curve.nearest.distance))")
    if let exception = curve.exception {
      summary.add(
        "jump", "at t = \(exception.t), where the norm is 0: \(shown(exception.distance))")
    }
    try summary.write(to: &text)
    try text.line()
    var table = TextTable([("from", .right), ("to", .right), ("distance", .left)])
    for piece in curve.pieces {
      table.add([piece.from.description, piece.to.description, Self.formula(piece.form)])
    }
    try table.write(to: &text)
    try text.flush()
  }

  private func shown(_ number: RootNumber) -> String {
    if let rational = number.rational {
      guard let decimals else { return rational.description }
      return "\(rational) ≈ \(decimalText(rational, digits: decimals))"
    }
    let middle = number.enclosure(width: Rational(1, Integer(10).power(14))).lower
    return "≈ " + decimalText(middle, digits: decimals ?? 6)
  }

  private static func formula(_ form: DistanceCurve.Form) -> String {
    switch form {
    case .ratio(let numerator, let denominator):
      if denominator == .init(1) { return polynomial(numerator) }
      return "(\(polynomial(numerator))) / (\(polynomial(denominator)))"
    case .root(let numerator, let denominator):
      return "√(\(polynomial(numerator))) / (\(polynomial(denominator)))"
    case .angle(let product, let square, let fixed):
      return "√(1/2 - 1/2 (\(polynomial(product))) / √(\(fixed) (\(polynomial(square)))))"
    }
  }

  private static func polynomial(_ p: DistanceCurve.Quadratic) -> String {
    var text = ""
    for (value, power) in [(p.constant, ""), (p.slope, " t"), (p.square, " t²")]
    where !value.isZero {
      if text.isEmpty {
        text = "\(value)\(power)"
      } else {
        text += (value.signum < 0 ? " - " : " + ") + "\(value.magnitude)\(power)"
      }
    }
    return text.isEmpty ? "0" : text
  }

  // MARK: - JSON

  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("format", "rationale-distance-curve")
    json.key("version")
    json.integer(1)
    json.member("fixed", names.fixed)
    json.member("base", names.base)
    json.member("along", names.direction)
    json.member("canonicalization", curve.settings.canonicalization.rawValue)
    json.member("normalization", curve.settings.normalization.rawValue)
    json.member("metric", curve.settings.metric.rawValue)
    json.key("nearest")
    write(curve.nearest, to: json)
    if let exception = curve.exception {
      json.key("exception")
      write(exception, to: json)
    }
    json.key("pieces")
    json.beginArray()
    for piece in curve.pieces { write(piece, to: json) }
    json.endArray()
    json.endObject()
    try json.finish()
  }

  private func write(_ point: DistanceCurve.Point, to json: JSONWriter) {
    json.beginObject()
    json.member("t", point.t.description)
    json.key("distance")
    if let rational = point.distance.rational {
      json.string(rational.description)
    } else {
      let bounds = point.distance.enclosure(width: Rational(1, Integer(10).power(12)))
      json.beginObject()
      json.member("lower", bounds.lower.description)
      json.member("upper", bounds.upper.description)
      if let squared = point.distance.squared.rational {
        json.member("squared", squared.description)
      }
      json.endObject()
    }
    json.endObject()
  }

  /// Polynomials as arrays of coefficients, the constant first.
  private func write(_ piece: DistanceCurve.Piece, to json: JSONWriter) {
    json.beginObject()
    json.member("from", piece.from.description)
    json.member("to", piece.to.description)
    switch piece.form {
    case .ratio(let numerator, let denominator):
      json.member("form", "ratio")
      write(numerator, "numerator", to: json)
      write(denominator, "denominator", to: json)
    case .root(let numerator, let denominator):
      json.member("form", "root")
      write(numerator, "squaredNumerator", to: json)
      write(denominator, "denominator", to: json)
    case .angle(let product, let square, let fixed):
      json.member("form", "angle")
      write(product, "product", to: json)
      write(square, "square", to: json)
      json.member("fixedSquare", fixed.description)
    }
    json.endObject()
  }

  private func write(
    _ polynomial: DistanceCurve.Quadratic, _ name: String, to json: JSONWriter
  ) {
    json.key(name)
    json.beginArray()
    var coefficients = [polynomial.constant, polynomial.slope, polynomial.square]
    while coefficients.count > 1, coefficients.last?.isZero == true { coefficients.removeLast() }
    for coefficient in coefficients { json.string(coefficient.description) }
    json.endArray()
  }
}

// MARK: - Picture

extension DistanceCurveReport {
  /// Draws the curve with its breakpoints. Places come from doubles: a picture proves nothing.
  ///
  /// - Throws: what `sink` throws.
  public func writeSVG(to sink: @escaping ByteSink) throws {
    let parts = curve.pieces.map { piece in
      Self.samples(piece).map { t in (Double(t), value(at: t, of: piece)) }
    }
    let horizontal = PlotAxis(
      [Double(range.from), Double(range.to)], start: 84, end: Self.width - 24)
    let vertical = PlotAxis(
      [0] + parts.flatMap { $0.map(\.1) }, start: Self.height - 64, end: 28)
    let spot = { (point: (Double, Double)) in
      PlotAxis.shown(horizontal.pixel(point.0)) + " " + PlotAxis.shown(vertical.pixel(point.1))
    }
    let (width, height) = (Int(Self.width), Int(Self.height))
    let frame = PlotFrame(
      horizontal: horizontal, vertical: vertical,
      titles: ("t", "distance of \(names.base) + t \(names.direction) from \(names.fixed)"))
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\""
        + " width=\"\(width)\" height=\"\(height)\" font-family=\"sans-serif\" font-size=\"12\">",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#fff\"/>",
    ]
    lines += frame.lines
    for (piece, part) in zip(curve.pieces, parts) {
      let path = part.map(spot).joined(separator: "L")
      lines.append("<path d=\"M\(path)\" fill=\"none\" stroke=\"#08519c\"/>")
      let start = spot(part[0]).split(separator: " ")
      lines.append(
        "<circle cx=\"\(start[0])\" cy=\"\(start[1])\" r=\"3\" fill=\"#08519c\">"
          + "<title>t = \(PlotText.shown(piece.from))</title></circle>")
    }
    var text = TextWriter(sink: sink)
    for line in lines + ["</svg>"] { try text.line(line) }
    try text.flush()
  }

  /// Points of a piece; not an end where the norm is 0.
  private static func samples(_ piece: DistanceCurve.Piece) -> [Rational] {
    (0...24).map { piece.from + Rational($0, 24) * (piece.to - piece.from) }
      .filter { !piece.norm[$0].isZero }
  }

  private func value(at t: Rational, of piece: DistanceCurve.Piece) -> Double {
    // At an inner end both pieces have the same value.
    Double(curve.distance(at: t).enclosure(width: Rational(1, 1 << 30)).lower)
  }
}
