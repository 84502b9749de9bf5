import ExactArithmetic
import ExactJSON
import OnlineLearning
import RegretBounds

/// Runs of UCLK, held against the theorem and against their own certificates.
public struct DiscountedMixtureReport: LearningReport {
  private let experiment: DiscountedMixtureExperiment
  private let steps: Int
  private let runs: [DiscountedMixtureRun]
  private let bound: Enclosure
  private let statement: String
  private let violations: Int
  private let decimals: Int?

  /// Compares the runs with the bound.
  ///
  /// - Throws: ``BoundError``.
  public init(
    _ experiment: DiscountedMixtureExperiment, steps: Int, runs: [DiscountedMixtureRun],
    decimals: Int? = nil
  ) throws {
    self.experiment = experiment
    self.steps = steps
    self.runs = runs
    self.decimals = decimals
    let value = try experiment.bound(steps: steps)
    bound = try value.instance.shownValue(decimals: decimals)
    statement = boundStatement(value, trivial: experiment.trivialBound(steps: steps))
    violations = try runs.count { try value.admits($0.regret) == .false }
  }

  /// The picture of the runs.
  ///
  /// - Throws: ``BoundError``.
  public func plot() throws -> RegretPlot {
    let marks = DiscountedMixtureExperiment.checkpoints(upTo: steps)
    return RegretPlot(
      title: "uclk", unit: "steps", marks: marks, runs: runs.map(\.regrets),
      bounds: try marks.map { try experiment.bound(steps: $0).enclosure(bits: 40) },
      trivial: marks.map { experiment.trivialBound(steps: $0) })
  }

  private var mixture: MixtureExperiment { experiment.mixture }

  /// Writes one JSON object.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("algorithm", "uclk")
    for (key, count) in [("steps", steps), ("dimension", mixture.dimension)] {
      json.key(key)
      json.integer(count)
    }
    json.member("discount", experiment.discount.description)
    json.member("zeta", experiment.tolerance.description)
    writeMixtureSetting(mixture, to: json)
    json.writeEnclosure("bound", bound, decimals: decimals)
    json.member("trivialBound", experiment.trivialBound(steps: steps).description)
    json.member("statement", statement)
    json.writeCheckpoints(DiscountedMixtureExperiment.checkpoints(upTo: steps))
    json.key("runs")
    json.beginArray()
    for run in runs { write(run, to: json) }
    json.endArray()
    json.key("violations")
    json.integer(violations)
    json.endObject()
    try json.finish()
  }

  private func write(_ run: DiscountedMixtureRun, to json: JSONWriter) {
    json.beginObject()
    json.key("seed")
    json.integer(Int(run.seed))
    json.member("regret", run.regret.description)
    if let decimals { json.member("regretDecimal", run.regret.decimal(digits: decimals)) }
    json.writeEnclosure("certificate", run.certificate, decimals: decimals)
    json.key("covered")
    json.bool(run.isCovered)
    json.key("optimistic")
    json.bool(run.isOptimistic)
    json.key("switches")
    json.integer(run.switches)
    json.writeNumbers("regrets", run.regrets)
    json.endObject()
  }

  /// Writes a summary and a line a run.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    summary.add(
      "UCLK",
      "\(steps) steps, discount \(experiment.discount), dimension \(mixture.dimension)"
        + (mixture.options.usesOffsetForm ? " (offset form)" : ""))
    addSetting(of: mixture, decimals, to: &summary)
    summary.add("Bound", "≈ " + bound.decimal(digits: decimals ?? 6))
    summary.add("Trivial", shownNumber(experiment.trivialBound(steps: steps), decimals))
    summary.add("Says", statement)
    summary.add("Violations", "\(violations) of \(runs.count) runs")
    try summary.write(to: &text)
    try text.line()
    var table = TextTable([
      ("seed", .right), ("covered", .left), ("switches", .right), ("certificate", .right),
      ("regret", .left),
    ])
    for run in runs {
      table.add([
        "\(run.seed)", run.isCovered ? "yes" : "no", "\(run.switches)",
        run.certificate.decimal(digits: decimals ?? 6), shownNumber(run.regret, decimals),
      ])
    }
    try table.write(to: &text)
    try text.flush()
  }
}
