import ArgumentParser
import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import Reports
import RewardComparison

/// `rationale compare`: how far apart rewards are, and what it can cost.
struct CompareCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compares rewards: distances, exact worst-case regret, order of policies.",
    discussion: """
      For each pair: the distance, the worst loss in one reward of a change of policy that the \
      other does not object to, whether both order all policies alike. The JSON answer carries its \
      own proof, which 'check' verifies.

      Example: a reward that was meant and one that was learned.
        rationale compare robot.json --rewards true,learned
        rationale compare robot.json --format json --output answer.json
        rationale check robot.json answer.json
        rationale compare robot.json --rewards true,learned --along bonus --t 0..2
        rationale compare robot.json --rewards true --nearest state-only

      Whether a proxy can be hacked, what an added reward changes, and which reward makes a policy \
      optimal: see 'rationale reward --help'.
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Two or more rewards, divided by commas (default: all of the model).", valueName: "a,b"))
  var rewards: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "value-adjusted-levelling (default), minimal, epic, dard or none.", valueName: "name"),
    transform: Canonicalization.parse)
  var canonicalization: Canonicalization?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("span (default), l1, l2, linf or none.", valueName: "norm"),
    transform: RewardNorm.parseNormalization)
  var normalization: RewardNorm?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("l1 (default), l2, linf or span.", valueName: "norm"),
    transform: RewardNorm.parseMetric)
  var metric: RewardNorm?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "exact; enclosed: proved bounds of spans, span distance and regrets, on models of any size; "
        + "distances: exact, with the orders of policies, for many rewards at once (default: exact "
        + "up to 5000 states and 1 GB of proofs).", valueName: "exact|enclosed|distances"))
  var values: ComparedValues?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The policy of the levelling, a JSON file (default: uniform over available actions).",
      valueName: "file"))
  var policy: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw the polygon of values of two rewards, or the distances of several, as SVG.",
      valueName: "file"))
  var plot: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "random:N: instead of the model's rewards compare N random pairs, and tell how well each "
        + "distance foretells regret; mixture:N: pairs from equivalent to unrelated.",
      valueName: "random:n"))
  var pairs: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of --pairs (default: 0).", valueName: "n"))
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --rewards a,b: the distance from a to b + t c as a function of t, with every "
        + "breakpoint (--rewards a: from a to a + t c).", valueName: "c"))
  var along: String?

  @Option(
    name: .customLong("t"), parsing: .unconditional,
    help: ArgumentHelp("The range of t of --along (default: 0..1).", valueName: "from..to"))
  var range: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --rewards a, the nearest reward to a of a form: state-only, support:FILE (0 but on the "
        + "pairs of a JSON file), rewards:b,c (their combinations).", valueName: "family"))
  var nearest: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write the answer with its proof to this file, too, as JSON.", valueName: "file"))
  var certificate: String?

  @OptionGroup var problem: ProblemOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func validate() throws {
    if problem.reward != nil {
      throw ValidationError("compare takes several rewards: --rewards A,B instead of --reward")
    }
    try validatePairs()
    try validateNearest()
    try validateEnclosed()
    if along == nil, range != nil { throw ValidationError("--t belongs to --along") }
    if along != nil {
      guard rewards != nil else {
        throw ValidationError("--along needs --rewards a,b: the fixed reward and the family's base")
      }
      guard certificate == nil else {
        throw ValidationError("--along has no certificate: compare its members instead")
      }
      guard rangeOfT != nil else {
        throw ValidationError(
          "--t is '\(range ?? "")', but it is written from..to with from < to, as in 0..3/2")
      }
    }
    if policy != nil, settings.canonicalization != .valueAdjustedLevelling {
      throw ValidationError(
        "--policy belongs to --canonicalization value-adjusted-levelling")
    }
  }

  private func validatePairs() throws {
    guard let pairs else {
      if seed != nil { throw ValidationError("--seed belongs to --pairs") }
      return
    }
    guard drawnPairs != nil else {
      throw ValidationError(
        "--pairs is '\(pairs)', but it is written random:N or mixture:N, as in random:100")
    }
    let others: [(String, Bool)] = [
      ("--rewards", rewards != nil), ("--canonicalization", canonicalization != nil),
      ("--normalization", normalization != nil), ("--metric", metric != nil),
      ("--policy", policy != nil), ("--certificate", certificate != nil),
      ("--minimize", problem.minimize), ("--values", values != nil),
      ("--along", along != nil), ("--nearest", nearest != nil),
    ]
    if let other = others.first(where: \.1) {
      throw ValidationError("--pairs draws rewards and measures all distances: no \(other.0)")
    }
  }

  private func validateEnclosed() throws {
    guard values == .enclosed else { return }
    if let reason = reasonAgainstEnclosing {
      throw ValidationError("--values enclosed has no \(reason)")
    }
    if along != nil {
      throw ValidationError("--along measures exact distances: no --values enclosed")
    }
    if nearest != nil {
      throw ValidationError("--nearest measures exact distances: no --values enclosed")
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    let givenDiscount = try problem.discount(allowsOne: false, limits: model.limits)
    let outputs = try CompareOutputs(self, control)
    let loaded = try model.read(control)
    if let drawnPairs {
      try drawPairs(drawnPairs, in: loaded.model, discount: givenDiscount, outputs, control)
    } else if nearest != nil {
      try findNearest(in: loaded.model, discount: givenDiscount, outputs, control)
    } else if let along {
      try drawCurve(along, in: loaded.model, discount: givenDiscount, outputs, control)
    } else {
      try comparePairs(of: loaded.model, discount: givenDiscount, outputs, control)
    }
    return .answered
  }

  private func comparePairs(
    of mdp: FiniteMDP, discount: Rational?, _ outputs: CompareOutputs, _ control: RunControl
  ) throws {
    let task = try task(on: mdp, discount: discount)
    if try isEnclosed(mdp, control) { return try enclose(task, mdp, outputs, control) }
    var options = ComparisonOptions()
    options.settings = settings
    options.progress = control.progress
    options.policy = try policy.map { try PolicyFile.read($0, for: mdp, limits: model.limits) }
    if measuresDistances(task, control) {
      return try measure(task, options, mdp, outputs, control)
    }
    control.enter("solving")
    let answer = try compare(task, options).answer
    try judge(answer, on: mdp, control)
    try outputs.plot?.write { try draw(answer, task, control, to: $0) }
    control.enter("writing")
    let shown = ComparisonReport(answer, of: mdp, decimals: report.decimals)
    try outputs.certificate?.write { try shown.writeJSON(to: $0) }
    try outputs.answer.write { try report.format.write(shown, to: $0) }
  }

  private func drawPairs(
    _ drawn: (draw: RandomRewardPairs.Draw, count: Int), in mdp: FiniteMDP, discount: Rational?,
    _ outputs: CompareOutputs, _ control: RunControl
  ) throws {
    let law = try problem.start(in: mdp, file: model.name, discount: discount)
    let environment = try ComparisonProblem.environment(
      mdp, discount: law.discount, initial: law.initial)
    control.enter("solving")
    let pairs = try RandomRewardPairs(
      in: environment, count: drawn.count, draw: drawn.draw, seed: seed ?? 0,
      progress: control.progress)
    control.enter("writing")
    let shown = RandomPairsReport(pairs, decimals: report.decimals)
    try outputs.plot?.write { try shown.writeSVG(to: $0) }
    try outputs.answer.write { try report.format.write(shown, to: $0) }
  }
}

extension CompareCommand {
  var settings: ComparisonSettings {
    ComparisonSettings(
      canonicalization: canonicalization ?? .valueAdjustedLevelling,
      normalization: normalization ?? .span, metric: metric ?? .l1)
  }

  /// Compares; what the model cannot have done to it is an error of its file.
  private func compare(
    _ task: ComparisonProblem, _ options: ComparisonOptions
  ) throws -> ComparedRewards {
    try translated { try compareRewards(task, options: options) }
  }

  /// Errors of the model, and of what was asked for, with their codes.
  func translated<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as ComparisonError {
      switch error {
      case .unavailableAction:
        throw CommandError.unfit(file: model.name, place: "transitions", problem: "\(error)")
      case .metricWithoutMeaning: throw CommandError.usage("\(error)")
      case .fewRewards, .noReward, .rewardTwice, .discountOutOfRange, .noInitialLaw, .rejected,
        .minimizeEnclosed, .outOfRange:
        throw error
      }
    }
  }

  /// One pair as a polygon, several rewards as a map of their distances.
  private func draw(
    _ answer: ComparisonAnswer, _ task: ComparisonProblem, _ control: RunControl,
    to sink: @escaping ByteSink
  ) throws {
    guard answer.rewards.count == 2 else { return try DistancePlot(answer).writeSVG(to: sink) }
    control.enter("drawing the polygon of values")
    let polygon = try ValuePolygon(task, progress: control.progress)
    try PolygonPlot(polygon, names: (answer.rewards[0].name, answer.rewards[1].name))
      .writeSVG(to: sink)
  }

  /// Nothing is printed that the checker does not accept.
  private func judge(
    _ answer: ComparisonAnswer, on model: FiniteMDP, _ control: RunControl
  ) throws {
    control.enter("checking")
    if case .rejected(let reason) = try answer.verify(in: model, progress: control.progress) {
      throw ComparisonError.rejected(reason)
    }
  }

  private func task(on mdp: FiniteMDP, discount: Rational?) throws -> ComparisonProblem {
    let start = try problem.start(in: mdp, file: model.name, discount: discount)
    return try ComparisonProblem(
      model: mdp, rewards: try rewardNames(in: mdp), discount: start.discount,
      direction: problem.direction, initial: start.initial)
  }

  /// How the pairs of --pairs are drawn, and how many, if they are asked for in the right form.
  private var drawnPairs: (draw: RandomRewardPairs.Draw, count: Int)? {
    guard let parts = pairs?.split(separator: ":", omittingEmptySubsequences: false),
      parts.count == 2, let draw = RandomRewardPairs.Draw(rawValue: String(parts[0])),
      let count = Int(parts[1]), (1...1_000_000).contains(count)
    else { return nil }
    return (draw, count)
  }

  /// What is between the commas of --rewards.
  var givenNames: [String]? {
    rewards.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  private func rewardNames(in mdp: FiniteMDP) throws(CommandError) -> [String] {
    let known = mdp.rewards.map(\.name)
    let names = givenNames ?? known
    var seen: Set<String> = []
    for name in names {
      guard known.contains(name) else {
        throw .usage(
          "--rewards: there is no reward \(excerpt(name)); there are: \(listed(known))")
      }
      guard seen.insert(name).inserted else {
        throw .usage("--rewards: the reward \(excerpt(name)) is named twice")
      }
    }
    guard names.count >= 2 else {
      throw .usage(
        "a comparison needs two rewards at least, but there \(names.count == 1 ? "is" : "are") "
          + "\(names.count): \(listed(names))")
    }
    return names
  }
}
