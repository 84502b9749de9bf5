import ExactArithmetic
import ExactJSON
import OnlineLearning
import RegretBounds

/// Runs of UCRL-VTR or UCRL-VTR+, held against their theorem and against their own certificates.
public struct MixtureLearningReport: LearningReport {
  private struct Run {
    let base: MixtureRun
    /// What only runs with weights have.
    let weighted: WeightedMixtureRun?
  }

  private let algorithm: String
  private let experiment: MixtureExperiment
  private let episodes: Int
  private let runs: [Run]
  private let boundOfEpisodes: (Int) throws -> CertifiedValue
  private let bound: Enclosure
  private let statement: String
  private let violations: Int
  private let decimals: Int?

  /// Compares runs of UCRL-VTR with the bound.
  ///
  /// - Throws: ``BoundError``.
  public init(
    _ experiment: MixtureExperiment, episodes: Int, runs: [MixtureRun], decimals: Int? = nil
  ) throws {
    try self.init(
      "ucrl-vtr", experiment, episodes, runs.map { Run(base: $0, weighted: nil) }, decimals
    ) { try experiment.bound(episodes: $0) }
  }

  /// Compares runs of UCRL-VTR+ with the bound.
  ///
  /// - Throws: ``BoundError``.
  public init(
    _ experiment: WeightedMixtureExperiment, episodes: Int, runs: [WeightedMixtureRun],
    decimals: Int? = nil
  ) throws {
    let all = runs.map { Run(base: $0.account, weighted: $0) }
    try self.init("ucrl-vtr+", experiment.mixture, episodes, all, decimals) {
      try experiment.bound(episodes: $0)
    }
  }

  private init(
    _ algorithm: String, _ experiment: MixtureExperiment, _ episodes: Int, _ runs: [Run],
    _ decimals: Int?, bound: @escaping (Int) throws -> CertifiedValue
  ) throws {
    self.algorithm = algorithm
    self.experiment = experiment
    self.episodes = episodes
    self.runs = runs
    self.decimals = decimals
    boundOfEpisodes = bound
    let value = try bound(episodes)
    self.bound = try value.instance.shownValue(decimals: decimals)
    statement = boundStatement(value, trivial: experiment.trivialBound(episodes: episodes))
    violations = try runs.count { try value.admits($0.base.regret) == .false }
  }

  /// The picture of the runs.
  ///
  /// - Throws: ``BoundError``.
  public func plot() throws -> RegretPlot {
    let marks = MixtureExperiment.checkpoints(upTo: episodes)
    return RegretPlot(
      title: algorithm, unit: "episodes", marks: marks, runs: runs.map(\.base.regrets),
      bounds: try marks.map { try boundOfEpisodes($0).enclosure(bits: 40) },
      trivial: marks.map { experiment.trivialBound(episodes: $0) })
  }

  /// Writes one JSON object.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("algorithm", algorithm)
    writeMixture(experiment, episodes: episodes, to: json)
    let best = experiment.optimalValues[0][Int(experiment.start.index)]
    json.member("optimalValue", best.description)
    json.writeEnclosure("bound", bound, decimals: decimals)
    json.member("trivialBound", experiment.trivialBound(episodes: episodes).description)
    json.member("statement", statement)
    writeRuns(to: json)
    json.key("violations")
    json.integer(violations)
    json.endObject()
    try json.finish()
  }

  private func writeRuns(to json: JSONWriter) {
    json.writeCheckpoints(MixtureExperiment.checkpoints(upTo: episodes))
    json.key("runs")
    json.beginArray()
    for entry in runs {
      let run = entry.base
      json.beginRun(seed: run.seed, regret: run.regret, decimals: decimals)
      json.writeEnclosure("certificate", shown(run.certificate), decimals: decimals)
      json.key("covered")
      json.bool(run.isCovered)
      json.key("optimistic")
      json.bool(run.isOptimistic)
      json.key("switches")
      json.integer(run.switches)
      if let weighted = entry.weighted { write(weighted, to: json) }
      json.writeNumbers("regrets", run.regrets)
      json.endObject()
    }
    json.endArray()
  }

  private func write(_ run: WeightedMixtureRun, to json: JSONWriter) {
    json.key("varianceCovered")
    json.bool(run.isVarianceCovered)
    json.key("varianceBounded")
    json.bool(run.hasVarianceBounds)
    json.member("meanVariance", run.meanVariance.description)
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
    add(experiment, title: algorithm.uppercased(), episodes: episodes, decimals, to: &summary)
    summary.add("Bound", "≈ " + bound.decimal(digits: decimals ?? 6))
    summary.add("Trivial", shownNumber(experiment.trivialBound(episodes: episodes), decimals))
    summary.add("Says", statement)
    summary.add("Violations", "\(violations) of \(runs.count) runs")
    try summary.write(to: &text)
    try text.line()
    var table = TextTable([
      ("seed", .right), ("covered", .left), ("switches", .right), ("certificate", .right),
      ("regret", .left),
    ])
    for run in runs.map(\.base) {
      table.add([
        "\(run.seed)", run.isCovered ? "yes" : "no", "\(run.switches)",
        shown(run.certificate).decimal(digits: decimals ?? 6), shownNumber(run.regret, decimals),
      ])
    }
    try table.write(to: &text)
    try text.flush()
  }
}
