import ExactArithmetic
import ExactJSON
import RegretBounds

/// A bound at numbers for its parameters, for people and for programs.
public struct BoundReport: Report {
  private let bound: Bound
  private let instance: Instance
  private let value: Enclosure
  private let trivial: Rational?
  private let companions: [(name: String, value: Enclosure)]
  private let statement: String?
  private let options: Options

  /// What the reader asked for beside the answer.
  public struct Options: Sendable {
    /// Digits after the point of decimals beside the fractions; `nil` for none.
    public var decimals: Int?
    /// Whether the text shows the formula in LaTeX.
    public var showsLatex = false

    public init() {}
  }

  /// Evaluates the bound.
  ///
  /// - Throws: ``BoundError``.
  public init(
    _ bound: Bound, at parameters: [String: Rational], options: Options = Options()
  ) throws(BoundError) {
    self.bound = bound
    self.options = options
    instance = try bound.instance(parameters)
    value = try instance.shownValue(decimals: options.decimals)
    trivial = try instance.trivialValue()
    companions = try instance.shownCompanions(decimals: options.decimals)
    switch bound {
    case .certified(let certified):
      statement = try certified(parameters).informativeness()
    case .rate:
      statement =
        "a rate: constants and logarithms are unknown, so that no number can be held against it"
    }
  }

  /// Writes one JSON object.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    writeHead(of: bound, to: json)
    json.key("parameters")
    json.beginObject()
    for (name, value) in instance.parameterList { json.member(name, value.description) }
    json.endObject()
    json.writeEnclosure("value", value, decimals: options.decimals)
    for companion in companions {
      json.writeEnclosure(companion.name, companion.value, decimals: options.decimals)
    }
    json.key("regime")
    json.beginArray()
    for condition in instance.regime { json.string(condition) }
    json.endArray()
    json.key("trivial")
    if let trivial { json.string(trivial.description) } else { json.null() }
    if let statement { json.member("statement", statement) }
    json.endObject()
    try json.finish()
  }

  /// Writes a summary: the value with the formula that it comes from.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    let description = instance.description
    var summary = Summary()
    summary.add("Bound", "\(bound.name) (\(bound.kind)): \(description.quantity.rawValue)")
    summary.add("Value", shown(value))
    for companion in companions { summary.add(companion.name.capitalized, shown(companion.value)) }
    if let trivial { summary.add("Trivial", shown(Enclosure(trivial))) }
    if let statement { summary.add("Says", statement) }
    let formula = description.formula
    summary.add("Formula", options.showsLatex ? formula.latexExplained : formula.explained)
    summary.add(
      "At",
      instance.parameterList.map { "\($0.name) = \(Self.cut($0.value))" }.joined(separator: ", "))
    for (place, condition) in instance.regime.enumerated() {
      summary.add(place == 0 ? "Under" : "", condition)
    }
    summary.add("Source", description.source)
    try summary.write(to: &text)
    try text.flush()
  }

  /// The fraction, or decimals on which both ends agree.
  private func shown(_ value: Enclosure) -> String {
    let decimals = options.decimals ?? 12
    if options.decimals == nil, let text = Self.scientific(value) { return "≈ " + text }
    if value.isExact {
      let fraction = value.lower.description
      if value.lower.isInteger && options.decimals == nil { return fraction }
      let decimal = decimalText(value.lower, digits: decimals)
      return fraction.count <= 60 ? "\(fraction) ≈ \(decimal)" : "≈ \(decimal)"
    }
    return "≈ " + value.decimal(digits: decimals)
  }

  private static func cut(_ value: Rational) -> String {
    let text = value.description
    return text.count <= 60 ? text : text.prefix(60) + "…"
  }

  /// A number far from 1, as `1.38439e5002`; `nil` for one that reads well as it is.
  private static func scientific(_ value: Enclosure) -> String? {
    let number = value.midpoint
    let bits = number.numerator.bitLength - number.denominator.bitLength
    guard !number.isZero, abs(bits) > 64 || (bits < -20 && !value.isExact) else { return nil }
    // log₁₀ 2 = 0.30103; the estimate is at most one off.
    var exponent = bits * 30103 / 100_000
    var mantissa = number / Rational(10).power(exponent)
    while mantissa.magnitude >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa.magnitude < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    return decimalText(mantissa, digits: 11, rounding: .down) + "e\(exponent)"
  }
}

/// Writes what an entry of the catalogue says of itself, into an object that is open.
func writeHead(of bound: Bound, to json: JSONWriter) {
  let description = bound.description
  json.member("name", bound.name)
  json.member("kind", bound.kind)
  json.member("quantity", description.quantity.rawValue)
  json.member("formula", description.formula.explained)
  json.member("latex", description.formula.latexExplained)
  json.member("source", description.source)
}

extension JSONWriter {
  /// Writes a real number: a fraction where it is known, else its two ends.
  func writeEnclosure(_ key: String, _ value: Enclosure, decimals: Int?) {
    self.key(key)
    write(value)
    if let decimals {
      // Correctly rounded where both ends agree; else as many digits as they agree on.
      member(
        "\(key)Decimal", value.agreedDecimal(digits: decimals) ?? value.decimal(digits: decimals))
    }
  }

  /// Writes the number as a value.
  func write(_ value: Enclosure) {
    if value.isExact { return string(value.lower.description) }
    beginObject()
    member("lower", value.lower.description)
    member("upper", value.upper.description)
    endObject()
  }
}
