import ExactArithmetic
import ExactJSON
import OnlineLearning
import RegretBounds

/// Runs of a learner of finite models, held against its theorem where it has one, and against their
/// own certificates.
public struct TabularLearningReport: LearningReport {
  private let experiment: TabularExperiment
  private let count: Int
  private let runs: [TabularRun]
  private let bound: Enclosure?
  private let statement: String
  private let violations: [TabularRun]
  private let decimals: Int?

  /// Compares the runs with the bound.
  ///
  /// - Parameter count: the steps of a run, or its episodes.
  /// - Throws: ``BoundError``.
  public init(
    _ experiment: TabularExperiment, count: Int, runs: [TabularRun], decimals: Int? = nil
  ) throws {
    self.experiment = experiment
    self.count = count
    self.runs = runs
    self.decimals = decimals
    guard let value = try experiment.bound(count) else {
      bound = nil
      violations = []
      statement = Self.silence(experiment)
      return
    }
    bound = try value.shownValue(decimals: decimals)
    violations = try runs.filter { try value.admits($0.regret) == .false }
    statement = boundStatement(
      isInformative: try value.isAtMost(experiment.trivialBound(count)) == .true)
  }

  /// Why there is no bound.
  private static func silence(_ experiment: TabularExperiment) -> String {
    switch experiment.algorithm {
    case .ucrl2 where experiment.diameter == nil:
      "nothing is claimed: the theorem needs a model in which every state can be reached from"
        + " every other"
    case .ucrl2: "nothing is claimed: the theorem needs two states and two steps at least"
    case .ucbvi: "nothing is claimed: the theorem does not hold at these parameters"
    case .psrl, .qLearning:
      "nothing is claimed: no bound with known constants is proved for this learner"
    }
  }

  /// The picture of the runs.
  ///
  /// - Throws: ``BoundError``.
  public func plot() throws -> RegretPlot {
    let marks = TabularExperiment.checkpoints(upTo: count)
    // The bonus of UCBVI is set for the whole run: its bound is that of the end at every mark.
    let end = experiment.algorithm == .ucbvi ? try experiment.bound(count) : nil
    return RegretPlot(
      title: experiment.algorithm.rawValue, unit: experiment.unit, marks: marks,
      runs: runs.map(\.regrets),
      bounds: try marks.map { try (end ?? experiment.bound($0))?.enclosure(bits: 40) },
      trivial: marks.map { experiment.trivialBound($0) })
  }

  /// Writes one JSON object.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("algorithm", experiment.algorithm.rawValue)
    json.key(experiment.unit)
    json.integer(count)
    if let horizon = experiment.horizon {
      json.key("horizon")
      json.integer(horizon)
    }
    writeSetting(to: json)
    if let bound {
      json.writeEnclosure("bound", bound, decimals: decimals)
    } else {
      json.key("bound")
      json.null()
    }
    json.member("trivialBound", experiment.trivialBound(count).description)
    json.member("statement", statement)
    writeRuns(to: json)
    json.key("violations")
    if bound != nil { json.integer(violations.count) } else { json.null() }
    json.endObject()
    try json.finish()
  }

  private func writeSetting(to json: JSONWriter) {
    let options = experiment.options
    switch experiment.algorithm {
    case .ucrl2, .ucbvi: json.member("delta", options.delta.description)
    case .qLearning:
      json.member("epsilon", options.exploration.description)
      if experiment.horizon == nil { json.member("discount", options.discount.description) }
    case .psrl: break
    }
    if let gain = experiment.gain { json.member("gain", gain.description) }
    if experiment.algorithm == .ucrl2 {
      json.member("diameter", experiment.diameter?.description ?? "inf")
    }
    if let values = experiment.optimalValues {
      json.member("optimalValue", values[0][Int(experiment.start.index)].description)
    }
    let range = experiment.rewardRange
    json.writeNumbers("rewardRange", [range.least, range.largest])
  }

  private func writeRuns(to json: JSONWriter) {
    json.writeCheckpoints(TabularExperiment.checkpoints(upTo: count))
    json.key("runs")
    json.beginArray()
    for run in runs {
      json.beginRun(seed: run.seed, regret: run.regret, decimals: decimals)
      if let certificate = run.certificate {
        json.member("certificate", certificate.description)
      }
      if let isCovered = run.isCovered {
        json.key("covered")
        json.bool(isCovered)
      }
      json.key("switches")
      json.integer(run.switches)
      json.writeNumbers("regrets", run.regrets)
      json.endObject()
    }
    json.endArray()
  }

  /// Writes a summary and a line a run.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    let length = experiment.horizon.map { " of \($0) steps" } ?? ""
    summary.add("Learner", "\(experiment.algorithm.rawValue), \(count) \(experiment.unit)\(length)")
    if let gain = experiment.gain { summary.add("Gain", shownNumber(gain, decimals)) }
    if experiment.algorithm == .ucrl2 {
      summary.add(
        "Diameter", experiment.diameter.map { shownNumber($0, decimals) } ?? "infinite")
    }
    if let values = experiment.optimalValues {
      summary.add("Optimal", shownNumber(values[0][Int(experiment.start.index)], decimals))
    }
    if let bound { summary.add("Bound", "≈ " + bound.decimal(digits: decimals ?? 6)) }
    summary.add("Trivial", shownNumber(experiment.trivialBound(count), decimals))
    summary.add("Says", statement)
    if bound != nil { summary.add("Violations", "\(violations.count) of \(runs.count) runs") }
    try summary.write(to: &text)
    try text.line()
    try table.write(to: &text)
    try text.flush()
  }

  private var table: TextTable {
    let hasSets = runs.contains { $0.isCovered != nil }
    var table = TextTable(
      [("seed", .right)] + (hasSets ? [("covered", .left)] : []) + [("switches", .right)]
        + (hasSets ? [("certificate", .right)] : []) + [("regret", .left)])
    for run in runs {
      var cells = ["\(run.seed)"]
      if let isCovered = run.isCovered { cells.append(isCovered ? "yes" : "no") }
      cells.append("\(run.switches)")
      if let certificate = run.certificate {
        cells.append(decimalText(certificate, digits: decimals ?? 6))
      }
      table.add(cells + [shownNumber(run.regret, decimals)])
    }
    return table
  }
}
