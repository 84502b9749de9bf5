import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import RegretBounds

/// A finite class of models and one of them for the truth: what bounds on learning it are made of.
public struct FiniteClassReport: Report {
  private let hypotheses: HypothesisClass
  private let truth: Int
  private let scale: Rational
  private let table: [[Rational]]
  private let matrix: [[Rational]]
  private let rank: Int
  private let eluder: EluderDimension
  /// The same for laws as points: the rows of the Bellman error matrix.
  private let bellmanEluder: EluderDimension
  private let mixtureDimension: Int
  private let trace: PlayedTrace?

  /// Computes what is reported.
  ///
  /// - Parameters:
  ///   - truth: the number of the true model.
  ///   - scale: that of the eluder dimensions; 0 for all positive ones.
  ///   - trace: steps that were played, for their coefficients.
  ///   - additive: the additive constant of the dominance coefficient, at least 0.
  /// - Throws: ``Interrupted``, and what the analysis of chains throws.
  public init(
    _ hypotheses: HypothesisClass, truth: Int, scale: Rational = 0,
    trace: [TraceCoefficients.Step]? = nil, additive: Rational = 0,
    progress: ProgressHandler = .none
  ) throws {
    self.hypotheses = hypotheses
    self.truth = truth
    self.scale = scale
    let errors = hypotheses.errorTable(truth: truth)
    let matrix = try hypotheses.bellmanErrorMatrix(truth: truth, progress: progress)
    table = errors
    self.matrix = matrix
    rank = HypothesisClass.bellmanRank(of: matrix)
    eluder = try EluderDimension(of: table, scale: scale, progress: progress)
    let laws = hypotheses.models.indices.map { hypothesis in matrix.map { $0[hypothesis] } }
    bellmanEluder = try EluderDimension(of: laws, scale: scale, progress: progress)
    mixtureDimension = try minimalMixtureDimension(of: hypotheses.models)
    self.trace = try trace.map { try PlayedTrace($0, table: errors, additive: additive) }
  }

  /// The columns of the table that are not 0.
  private var columns: [Int] {
    table[0].indices.filter { column in table.contains { !$0[column].isZero } }
  }

  private func names(of point: Int) -> (state: String, action: String, predicted: Int) {
    let place = hypotheses.points[point]
    let model = hypotheses.models[0]
    return (
      model.states[Int(model.state(of: place.choice).index)],
      model.actions[Int(model.action(of: place.choice).index)], place.predicted
    )
  }

  /// Writes one JSON object; hypotheses are numbered from 0, as in the file.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("name", "finite-class")
    write("hypotheses", hypotheses.models.count, to: json)
    write("truth", truth, to: json)
    write("gains", hypotheses.gains, to: json)
    json.member("spanBound", hypotheses.largestSpan.description)
    json.member("range", hypotheses.largestRange.description)
    if let least = hypotheses.leastError(truth: truth) {
      json.member("leastError", least.description)
    }
    json.key("errorTable")
    json.beginArray()
    for column in columns {
      json.beginObject()
      writePoint(column, to: json)
      write("errors", table.map { $0[column] }, to: json)
      json.endObject()
    }
    json.endArray()
    json.key("bellmanErrorMatrix")
    json.beginArray()
    for row in matrix { write(row, to: json) }
    json.endArray()
    write("bellmanRank", rank, to: json)
    writeEluder(to: json)
    writeBellmanEluder(to: json)
    write("mixtureDimension", mixtureDimension, to: json)
    trace?.write(to: json)
    json.endObject()
    try json.finish()
  }

  private func writePoint(_ point: Int, to json: JSONWriter) {
    let names = names(of: point)
    json.member("state", names.state)
    json.member("action", names.action)
    write("predicted", names.predicted, to: json)
  }

  private func writeEluder(to json: JSONWriter) {
    json.member("scale", scale.description)
    write("eluderDimension", eluder.value, to: json)
    json.key("eluderDimensionIsExact")
    json.bool(eluder.isExact)
    json.key("sequence")
    json.beginArray()
    for witness in eluder.sequence {
      json.beginObject()
      writePoint(witness.point, to: json)
      write("witness", witness.hypothesis, to: json)
      json.endObject()
    }
    json.endArray()
    guard let scales = eluder.squaredScales else { return }
    json.key("squaredScales")
    write([scales.lower, scales.upper], to: json)
  }

  private func writeBellmanEluder(to json: JSONWriter) {
    write("bellmanEluderDimension", bellmanEluder.value, to: json)
    json.key("bellmanEluderDimensionIsExact")
    json.bool(bellmanEluder.isExact)
    json.key("bellmanSequence")
    json.beginArray()
    for witness in bellmanEluder.sequence {
      json.beginObject()
      write("law", witness.point, to: json)
      write("witness", witness.hypothesis, to: json)
      json.endObject()
    }
    json.endArray()
    guard let scales = bellmanEluder.squaredScales else { return }
    write("bellmanSquaredScales", [scales.lower, scales.upper], to: json)
  }

  private func write(_ key: String, _ number: Int, to json: JSONWriter) {
    json.key(key)
    json.integer(number)
  }

  private func write(_ key: String, _ numbers: [Rational], to json: JSONWriter) {
    json.key(key)
    write(numbers, to: json)
  }

  private func write(_ numbers: [Rational], to json: JSONWriter) {
    json.beginArray()
    for number in numbers { json.string(number.description) }
    json.endArray()
  }

  /// Writes a summary and the errors that are not 0.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    summary.add("Class", "\(hypotheses.models.count) hypotheses, the truth is number \(truth)")
    summary.add("Gains", hypotheses.gains.map(\.description).joined(separator: ", "))
    summary.add("Span bound", "H = \(hypotheses.largestSpan)")
    summary.add("Range", "B = \(hypotheses.largestRange)")
    if let least = hypotheses.leastError(truth: truth) {
      summary.add("Least error", "z = \(least)")
    }
    summary.add("Bellman rank", "\(rank)")
    summary.add(
      "Eluder",
      "dimension \(eluder.isExact ? "" : "at least ")\(eluder.value)"
        + (scale.isZero ? " at all positive scales" : " at the scale \(scale)"))
    if let scales = eluder.squaredScales {
      let steps = eluder.sequence.map { witness in
        let names = names(of: witness.point)
        return "(\(names.state), \(names.action), \(names.predicted)) by \(witness.hypothesis)"
      }
      summary.add(
        "Sequence",
        steps.joined(separator: ", then ")
          + "; squared scales in [\(scales.lower), \(scales.upper))")
    }
    summary.add(
      "Bellman eluder",
      "dimension \(bellmanEluder.isExact ? "" : "at least ")\(bellmanEluder.value), with the laws of"
        + " the policies as points")
    summary.add("As mixtures", "signed features of dimension \(mixtureDimension), no less")
    trace?.add(to: &summary)
    try summary.write(to: &text)
    try text.line()
    var table = TextTable([
      ("state", .left), ("action", .left), ("predicted", .right), ("errors by hypothesis", .left),
    ])
    for column in columns {
      let names = names(of: column)
      table.add([
        names.state, names.action, "\(names.predicted)",
        self.table.map { $0[column].description }.joined(separator: "  "),
      ])
    }
    try table.write(to: &text)
    try text.flush()
  }
}
