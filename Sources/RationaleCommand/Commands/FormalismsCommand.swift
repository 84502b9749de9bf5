import ArgumentParser
import Expressivity
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

      Example:
        rationale formalisms
        rationale formalisms --verify --plot formalisms.svg
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

  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    let output = try OutputDestination(report.output, control: control)
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
}
