import ExactArithmetic
import ExactJSON
import OnlineLearning
import RegretBounds

/// Runs of LOOP on a finite class, held against its theorem.
public struct FiniteClassLearningReport: LearningReport {
  private let experiment: FiniteClassExperiment
  private let steps: Int
  private let runs: [FiniteClassRun]
  private let expectation: FiniteClassExpectation?
  private let bound: Enclosure?
  private let statement: String
  private let violations: [FiniteClassRun]
  private let decimals: Int?

  /// Compares the runs with the bound.
  ///
  /// - Throws: ``BoundError``.
  public init(
    _ experiment: FiniteClassExperiment, steps: Int, runs: [FiniteClassRun],
    expectation: FiniteClassExpectation? = nil, decimals: Int? = nil
  ) throws {
    self.experiment = experiment
    self.steps = steps
    self.runs = runs
    self.expectation = expectation
    self.decimals = decimals
    guard let value = try experiment.bound(steps: steps) else {
      bound = nil
      violations = []
      statement =
        experiment.truth == nil
        ? "nothing is claimed: the model is none of the hypotheses"
        : "nothing is claimed: beta is below the radius of the theorem"
      return
    }
    bound = try value.instance.shownValue(decimals: decimals)
    violations = try runs.filter { try value.admits($0.regret) == .false }
    statement = boundStatement(value, trivial: experiment.trivialBound(steps: steps))
  }

  /// The picture of the runs.
  ///
  /// - Throws: ``BoundError``.
  public func plot() throws -> RegretPlot {
    let marks = FiniteClassExperiment.checkpoints(upTo: steps)
    return RegretPlot(
      title: "loop", unit: "steps", marks: marks, runs: runs.map(\.regrets),
      bounds: try marks.map { try experiment.bound(steps: $0)?.enclosure(bits: 40) },
      trivial: marks.map { experiment.trivialBound(steps: $0) })
  }

  private var hypotheses: HypothesisClass { experiment.hypotheses }

  /// Writes one JSON object; hypotheses are numbered from 0, as in the file.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("algorithm", "loop")
    json.key("steps")
    json.integer(steps)
    json.member("delta", experiment.options.delta.description)
    json.member("beta", experiment.radius.description)
    json.member("keep", experiment.options.keep.description)
    json.key("truth")
    if let truth = experiment.truth { json.integer(truth) } else { json.null() }
    json.member("gain", experiment.gain.description)
    json.writeNumbers("gains", hypotheses.gains)
    json.member("spanBound", hypotheses.largestSpan.description)
    json.member("range", hypotheses.largestRange.description)
    json.key("eluderDimension")
    if let eluder = experiment.eluder { json.integer(eluder.value) } else { json.null() }
    if let eluder = experiment.eluder, !eluder.isExact {
      json.key("eluderDimensionIsExact")
      json.bool(false)
    }
    if let bound {
      json.writeEnclosure("bound", bound, decimals: decimals)
    } else {
      json.key("bound")
      json.null()
    }
    json.member("trivialBound", experiment.trivialBound(steps: steps).description)
    json.key("violations")
    if bound != nil { json.integer(violations.count) } else { json.null() }
    json.member("statement", statement)
    if let expectation { write(expectation, to: json) }
    writeRuns(to: json)
    json.endObject()
    try json.finish()
  }

  private func write(_ expectation: FiniteClassExpectation, to json: JSONWriter) {
    json.writeNumbers("expectedRegret", expectation.regrets)
    if let dead = expectation.deadTruth { json.writeNumbers("truthDeadProbability", dead) }
  }

  private func writeRuns(to json: JSONWriter) {
    json.writeCheckpoints(FiniteClassExperiment.checkpoints(upTo: steps))
    json.key("runs")
    json.beginArray()
    for run in runs {
      json.beginRun(seed: run.seed, regret: run.regret, decimals: decimals)
      json.writeNumbers("losses", run.losses)
      json.key("alive")
      json.beginArray()
      for isAlive in run.isAlive { json.bool(isAlive) }
      json.endArray()
      json.key("played")
      json.beginArray()
      for count in run.played { json.integer(count) }
      json.endArray()
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
    let truth = experiment.truth.map { "the truth is number \($0)" } ?? "the truth is not in it"
    summary.add("Class", "\(hypotheses.models.count) hypotheses, \(truth)")
    summary.add(
      "LOOP",
      "\(steps) steps, beta = \(shownNumber(experiment.radius, decimals)),"
        + " keep = \(experiment.options.keep), delta = \(experiment.options.delta)")
    summary.add("Gain", experiment.gain.description)
    summary.add(
      "Complexity",
      "H = \(hypotheses.largestSpan), B = \(hypotheses.largestRange)"
        + (experiment.eluder.map {
          ", eluder dimension \($0.isExact ? "" : "at least ")\($0.value)"
        }
          ?? ""))
    if let bound { summary.add("Bound", "≈ " + bound.decimal(digits: decimals ?? 6)) }
    summary.add("Trivial", shownNumber(experiment.trivialBound(steps: steps), decimals))
    summary.add("Says", statement)
    if bound != nil { summary.add("Violations", "\(violations.count) of \(runs.count) runs") }
    if let last = expectation?.regrets.last, let count = expectation?.regrets.count {
      summary.add("Expected", "regret \(shownNumber(last, decimals)) after \(count - 1) steps")
    }
    try summary.write(to: &text)
    try text.line()
    var table = TextTable([
      ("seed", .right), ("switches", .right), ("alive", .left), ("played", .left),
      ("regret", .left),
    ])
    for run in runs {
      table.add([
        "\(run.seed)", "\(run.switches)",
        run.isAlive.indices.filter { run.isAlive[$0] }.map(String.init).joined(separator: " "),
        run.played.map(String.init).joined(separator: " "), shownNumber(run.regret, decimals),
      ])
    }
    try table.write(to: &text)
    try text.flush()
  }
}
