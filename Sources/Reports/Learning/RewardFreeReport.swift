import ExactArithmetic
import ExactJSON
import OnlineLearning
import RegretBounds

/// Runs of exploration without rewards, held against the theorem.
public struct RewardFreeReport: LearningReport {
  private let algorithm: String
  /// What is particular to the algorithm, by name.
  private let settings: [(name: String, value: String)]
  private let experiment: RewardFreeExperiment
  private let episodes: Int
  private let runs: [RewardFreeRun]
  private let bound: Enclosure
  private let statement: String
  private let violations: Int
  private let decimals: Int?

  /// Compares the runs with the bound: a run violates it with one reward.
  ///
  /// - Throws: ``BoundError``.
  public init(
    _ experiment: RewardFreeExperiment, episodes: Int, runs: [RewardFreeRun],
    decimals: Int? = nil
  ) throws {
    try self.init(
      "ucrl-rfe", [], experiment, episodes, runs, try experiment.bound(episodes: episodes),
      decimals)
  }

  /// The same for exploration with weights.
  ///
  /// - Throws: ``BoundError``.
  public init(_ experiment: MomentExperiment, runs: [RewardFreeRun], decimals: Int? = nil) throws {
    let settings = [
      ("moments", String(experiment.moments)),
      ("leastVariance", experiment.leastVariance.description),
    ]
    try self.init(
      "hf-ucrl-rfe++", settings, experiment.exploration, experiment.episodes, runs,
      try experiment.bound(), decimals)
  }

  private init(
    _ algorithm: String, _ settings: [(name: String, value: String)],
    _ experiment: RewardFreeExperiment, _ episodes: Int, _ runs: [RewardFreeRun],
    _ value: CertifiedValue, _ decimals: Int?
  ) throws {
    self.algorithm = algorithm
    self.settings = settings
    self.experiment = experiment
    self.episodes = episodes
    self.runs = runs
    self.decimals = decimals
    bound = try value.instance.shownValue(decimals: decimals)
    statement = boundStatement(value, trivial: experiment.mixture.valueCap)
    violations = try runs.count {
      try value.admits($0.suboptimalities.max() ?? 0) == .false
    }
  }

  /// The picture: the largest suboptimality over the rewards, run by run.
  ///
  /// - Throws: ``BoundError``.
  public func plot() throws -> RegretPlot {
    let marks = RewardFreeExperiment.checkpoints(upTo: episodes)
    // The radius is that of the whole run, and so is what it plays: only the end has a bound.
    return RegretPlot(
      title: algorithm, quantity: "suboptimality", unit: "episodes", marks: marks,
      runs: runs.map(\.largestSuboptimalities), bounds: marks.map { _ in bound },
      trivial: marks.map { _ in experiment.mixture.valueCap })
  }

  /// Writes one JSON object.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("algorithm", algorithm)
    writeMixture(experiment.mixture, episodes: episodes, to: json)
    for (name, value) in settings { json.member(name, value) }
    json.writeEnclosure("bound", bound, decimals: decimals)
    json.member("trivialBound", experiment.mixture.valueCap.description)
    json.member("statement", statement)
    writeRuns(to: json)
    json.key("violations")
    json.integer(violations)
    json.endObject()
    try json.finish()
  }

  private func writeRuns(to json: JSONWriter) {
    json.writeCheckpoints(RewardFreeExperiment.checkpoints(upTo: episodes))
    json.key("runs")
    json.beginArray()
    for run in runs {
      json.beginObject()
      json.key("seed")
      json.integer(Int(run.seed))
      json.key("suboptimality")
      json.beginObject()
      for (reward, value) in zip(experiment.rewards, run.suboptimalities) {
        json.member(reward.name, value.description)
      }
      json.endObject()
      json.key("covered")
      json.bool(run.isCovered)
      json.key("switches")
      json.integer(run.switches)
      json.writeNumbers("largestSuboptimalities", run.largestSuboptimalities)
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
    add(
      experiment.mixture, title: algorithm.uppercased(), episodes: episodes, decimals, to: &summary)
    for (name, value) in settings { summary.add(name, value) }
    summary.add("Bound", "≈ " + bound.decimal(digits: decimals ?? 6))
    summary.add("Trivial", shownNumber(experiment.mixture.valueCap, decimals))
    summary.add("Says", statement)
    summary.add("Violations", "\(violations) of \(runs.count) runs")
    try summary.write(to: &text)
    try text.line()
    var table = TextTable(
      [("seed", .right), ("covered", .left), ("switches", .right)]
        + experiment.rewards.map { ("suboptimality for \($0.name)", .left) })
    for run in runs {
      table.add(
        ["\(run.seed)", run.isCovered ? "yes" : "no", "\(run.switches)"]
          + run.suboptimalities.map { shownNumber($0, decimals) })
    }
    try table.write(to: &text)
    try text.flush()
  }
}
