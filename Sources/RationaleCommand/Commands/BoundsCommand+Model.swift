import ArgumentParser
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses
import RegretBounds
import Reports

// Named questions about a model: mixtures, finite classes, mixing. Those about numbers of its pairs
// are in BoundsCommand+Pairs.swift.
extension BoundsCommand {
  /// A name that stands for a question about a model and no bound.
  enum ModelQuestion: String, CaseIterable {
    case linearMixture = "linear-mixture"
    case finiteClass = "finite-class"
    case mixing
    case linearModel = "linear-model"
    case coverage

    static let names = allCases.map(\.rawValue).joined(separator: ", ")
  }

  /// Answers a question about the model of `--model`.
  func run(
    _ question: ModelQuestion, _ output: OutputDestination, _ control: RunControl
  ) throws -> ExitStatus {
    guard let model else {
      throw CommandError.usage("\(question.rawValue) needs a model: --model FILE")
    }
    let shown: any Report =
      switch question {
      case .linearMixture: try mixture(model, control)
      case .finiteClass: try finiteClass(model, control)
      case .mixing: try mixing(model, control)
      case .linearModel: try linearModel(model, control)
      case .coverage: try coverage(model, control)
      }
    control.enter("writing")
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }

  // MARK: - Linear mixtures

  private func mixture(_ path: String, _ control: RunControl) throws -> MixtureReport {
    guard catalogue.basis.isEmpty != (catalogue.features == nil) else {
      throw CommandError.usage(
        "linear-mixture needs --basis FILE, once for each kernel, or --features FILE")
    }
    let target = try reading.read(path, control).model
    let features: TransitionFeatures
    if let file = catalogue.features {
      features = try FeatureFile.read(file, for: target, limits: reading.limits)
    } else {
      let kernels = try catalogue.basis.map { try reading.read($0, control).model }
      do throws(BoundError) {
        features = try TransitionFeatures(basis: kernels, over: target)
      } catch {
        throw Self.unfit(error, "transitions") { catalogue.basis[$0 - 1] }
      }
    }
    control.enter("recognising the mixture")
    return try MixtureReport(of: target, in: features, progress: control.progress)
  }

  // MARK: - Finite classes

  private func finiteClass(_ path: String, _ control: RunControl) throws -> FiniteClassReport {
    guard let file = catalogue.classFile else {
      throw CommandError.usage("finite-class needs --class FILE")
    }
    let scale = try catalogue.scale.map { text throws(CommandError) in
      try ExactNumberText(option: "--scale", text: text).value(limits: reading.limits)
    }
    if let scale, scale.isNegative {
      throw CommandError.usage("--scale is \(scale), but it must not be negative")
    }
    let additive = try catalogue.additive.map { text throws(CommandError) in
      try ExactNumberText(option: "--additive", text: text).value(limits: reading.limits)
    }
    if let additive, additive.isNegative {
      throw CommandError.usage("--additive is \(additive), but it must not be negative")
    }
    let truth = try reading.read(path, control).model
    let name = try problem.rewardName(in: truth, file: path)
    let models = try ClassFile.read(file, limits: reading.limits)
    control.enter("solving the hypotheses")
    let hypotheses: HypothesisClass
    do {
      hypotheses = try HypothesisClass(models, reward: name, progress: control.progress)
    } catch let error as BoundError {
      throw Self.unfit(error, "hypotheses") { "\(file): hypotheses[\($0 - 1)]" }
    }
    guard let place = hypotheses.index(of: truth) else {
      throw CommandError.unfit(
        file: file, place: "hypotheses", problem: "none of them has the transitions of \(path)")
    }
    let trace = try catalogue.trace.map {
      try ChoiceFile.trace($0, of: hypotheses, limits: reading.limits)
    }
    control.enter("comparing the hypotheses")
    return try FiniteClassReport(
      hypotheses, truth: place, scale: scale ?? 0, trace: trace, additive: additive ?? 0,
      progress: control.progress)
  }

  // MARK: - Mixing

  /// The chain of a model with one action a state, or of the policy of largest gain.
  private func mixing(_ path: String, _ control: RunControl) throws -> MixingReport {
    guard (0...Self.mostSteps).contains(catalogue.steps) else {
      throw CommandError.usage(
        "--steps is \(catalogue.steps), but it has to be between 0 and \(Self.mostSteps)")
    }
    let mdp = try reading.read(path, control).model
    var policy = Policy.first(in: mdp)
    if mdp.choiceCount > mdp.stateCount {
      let name = try problem.rewardName(in: mdp, file: path)
      control.enter("solving")
      var options = SolverOptions()
      options.progress = control.progress
      let best = try solve(
        AverageProblem(model: mdp, reward: name, direction: problem.direction), options: options)
      policy = try Policy(best.policy, in: mdp)
    }
    control.enter("mixing")
    do {
      let profile = try MixingProfile(
        of: policy, in: mdp, steps: catalogue.steps, progress: control.progress)
      return MixingReport(
        profile, of: mdp, threshold: Rational(1, 4), decimals: report.decimals)
    } catch let error as BoundError {
      throw Self.unfit(error, "policy") { _ in path }
    }
  }

  /// The most steps of a mixing profile: its numbers grow with them.
  private static let mostSteps = 10_000

  /// The error with the name of the file that its number stands for.
  static func unfit(
    _ error: BoundError, _ place: String, _ file: (Int) -> String
  ) -> any Error {
    guard case .unfit(let what, let problem) = error else { return error }
    guard let number = Int(what.drop { !$0.isNumber }) else {
      return CommandError.unfit(file: file(1), place: place, problem: problem)
    }
    return CommandError.unfit(file: file(number), place: place, problem: problem)
  }
}
