import ExactArithmetic
import ExactJSON
import OnlineLearning
import RegretBounds

/// Runs of UCRL-VTR, held against its theorem and against their own certificates.
public struct MixtureLearningReport: Report {
  private let experiment: MixtureExperiment
  private let episodes: Int
  private let runs: [MixtureRun]
  private let bound: Enclosure
  private let statement: String
  private let violations: [MixtureRun]
  private let decimals: Int?

  /// Compares the runs with the bound.
  ///
  /// - Throws: ``BoundError``.
  public init(
    _ experiment: MixtureExperiment, episodes: Int, runs: [MixtureRun], decimals: Int? = nil
  ) throws {
    self.experiment = experiment
    self.episodes = episodes
    self.runs = runs
    self.decimals = decimals
    let value = try experiment.bound(episodes: episodes)
    bound = try value.instance.shownValue(decimals: decimals)
    statement = boundStatement(value, trivial: experiment.trivialBound(episodes: episodes))
    violations = try runs.filter { try value.admits($0.regret) == .false }
  }

  /// The picture of the runs.
  ///
  /// - Throws: ``BoundError``.
  public func plot() throws -> RegretPlot {
    let marks = MixtureExperiment.checkpoints(upTo: episodes)
    return RegretPlot(
      title: "ucrl-vtr", unit: "episodes", marks: marks, runs: runs.map(\.regrets),
      bounds: try marks.map { try experiment.bound(episodes: $0).enclosure(bits: 40) },
      trivial: marks.map { experiment.trivialBound(episodes: $0) })
  }

  /// Writes one JSON object.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("algorithm", "ucrl-vtr")
    writeMixture(experiment, episodes: episodes, to: json)
    let best = experiment.optimalValues[0][Int(experiment.start.index)]
    json.member("optimalValue", best.description)
    json.writeEnclosure("bound", bound, decimals: decimals)
    json.member("trivialBound", experiment.trivialBound(episodes: episodes).description)
    json.member("statement", statement)
    writeRuns(to: json)
    json.key("violations")
    json.integer(violations.count)
    json.endObject()
    try json.finish()
  }

  private func writeRuns(to json: JSONWriter) {
    json.writeCheckpoints(MixtureExperiment.checkpoints(upTo: episodes))
    json.key("runs")
    json.beginArray()
    for run in runs {
      json.beginRun(seed: run.seed, regret: run.regret, decimals: decimals)
      json.writeEnclosure("certificate", shown(run.certificate), decimals: decimals)
      json.key("covered")
      json.bool(run.isCovered)
      json.key("optimistic")
      json.bool(run.isOptimistic)
      json.key("switches")
      json.integer(run.switches)
      json.writeNumbers("regrets", run.regrets)
      json.endObject()
    }
    json.endArray()
  }

  /// The certificate with ends of a readable length, moved outward.
  private func shown(_ certificate: Enclosure) -> Enclosure {
    certificate.roundedOutward(bits: max(48, 4 * (decimals ?? 0) + 8))
  }

  /// Writes a summary and a line a run.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    add(experiment, title: "UCRL-VTR", episodes: episodes, decimals, to: &summary)
    summary.add("Bound", "≈ " + bound.decimal(digits: decimals ?? 6))
    summary.add("Trivial", shownNumber(experiment.trivialBound(episodes: episodes), decimals))
    summary.add("Says", statement)
    summary.add("Violations", "\(violations.count) of \(runs.count) runs")
    try summary.write(to: &text)
    try text.line()
    var table = TextTable([
      ("seed", .right), ("covered", .left), ("switches", .right), ("certificate", .right),
      ("regret", .left),
    ])
    for run in runs {
      table.add([
        "\(run.seed)", run.isCovered ? "yes" : "no", "\(run.switches)",
        shown(run.certificate).decimal(digits: decimals ?? 6), shownNumber(run.regret, decimals),
      ])
    }
    try table.write(to: &text)
    try text.flush()
  }
}
