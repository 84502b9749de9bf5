import ArgumentParser
import ExactArithmetic
import Expressivity
import MarkovDecisionProcesses
import Reports

/// `rationale formalisms`: which objective formalism expresses at least which.
struct FormalismsCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "formalisms",
    abstract: "The seventeen objective formalisms and which expresses at least which.",
    discussion: """
      Every pair is decided by a chain of constructions or by a counterexample W1 to W9. With \
      --verify the finite counterexamples are recomputed with certificates, the symbolic ones as \
      polynomial identities; what only an argument proves is said to be one.

      With --given a model is searched: which formalisms are weaker than others there, with the \
      policies and the order that show it, certificates included.

      Example:
        rationale formalisms
        rationale formalisms --verify --plot formalisms.svg
        rationale formalisms --given river.json
      """)

  static let _errorPrefix = "error: "

  @Flag(help: "Recompute the evidence of every separation.")
  var verify = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draw the Hasse diagram as SVG.", valueName: "file"))
  var plot: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write the Hasse diagram in Graphviz' language.", valueName: "file"))
  var dot: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Compare the formalisms on this model alone.", valueName: "model"))
  var given: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The discount of MR and RRL with --given (default: the model's, else 1/2).",
      valueName: "number"))
  var discount: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The most deterministic policies to search with --given.", valueName: "n"))
  var maxPolicies = 12

  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func validate() throws {
    guard (1...64).contains(maxPolicies) else {
      throw ValidationError(
        "--max-policies is \(maxPolicies), but it has to be between 1 and 64")
    }
    if let given {
      guard !verify, plot == nil, dot == nil else {
        throw ValidationError(
          "--given \(given) compares formalisms on one model; --verify, --plot and --dot speak of"
            + " all models")
      }
    } else if discount != nil {
      throw ValidationError("--discount is for --given")
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    let output = try OutputDestination(report.output, control: control)
    if let given { return try compare(given, output, control) }
    let plotOutput = try plot.map { try OutputDestination($0, control: control) }
    let dotOutput = try dot.map { try OutputDestination($0, control: control) }
    let preorder = FormalismPreorder()
    var checks: [WitnessCheck]?
    var arrows: [InclusionCheck]?
    if verify {
      control.enter("recomputing the counterexamples")
      checks = try Witness.allCases.map { try WitnessCheck(of: $0, progress: control.progress) }
      control.enter("trying the arrows")
      arrows = try Inclusion.all.map {
        try InclusionCheck(of: $0, progress: control.progress)
      }
    }
    let diagram = FormalismsDiagram(preorder)
    try plotOutput?.write { try diagram.writeSVG(to: $0) }
    try dotOutput?.write { try diagram.writeDOT(to: $0) }
    let shown = FormalismsReport(preorder, checks: checks, arrows: arrows)
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }

  private func compare(
    _ path: String, _ output: OutputDestination, _ control: RunControl
  ) throws -> ExitStatus {
    control.enter("reading \(path == "-" ? "<stdin>" : path)")
    let model = try ModelFile.read(path, options: ReadOptions()).model
    var options = GivenOptions()
    options.maximumPolicies = maxPolicies
    options.progress = control.progress
    let given = try discount.map {
      try ExactNumberText(option: "--discount", text: $0).value(limits: .standard)
    }
    guard given?.isZero != true else {
      throw CommandError.usage("--discount: \(ObjectiveError.positiveDiscountRequired)")
    }
    options.discount = given ?? model.discount ?? options.discount
    control.enter("searching")
    let comparison: GivenComparison
    do {
      comparison = try GivenComparison(of: ObjectiveEnvironment(model), options: options)
    } catch let error as ObjectiveError {
      throw CommandError.unfit(
        file: path == "-" ? "<stdin>" : path,
        place: error == .initialRequired ? "initial" : "discount", problem: error.description)
    }
    let shown = GivenReport(comparison)
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }
}
