import ArgumentParser
import ExactJSON
import Foundation
import MarkovDecisionProcesses
import Reports

/// `rationale generate`: benchmark models, the same bytes on every machine.
struct GenerateCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Writes a model of a family.",
    discussion: """
      Families: \(ModelFamily.names.joined(separator: ", ")). Options of other families are \
      ignored.

      Example: a random sparse model with 300 states, solved.
        rationale generate garnet --states 300 --seed 7 --output garnet.json
        rationale solve garnet.json
      """)

  static let _errorPrefix = "error: "

  @Argument(help: "The family.")
  var family: String

  @OptionGroup(title: "Family options") var options: FamilyArguments

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      """
      The format: \(ModelFormat.writableNames) (default: by the output's extension, or rationale).
      """, valueName: "format"),
    transform: ModelFormat.writable)
  var target: ModelFormat?

  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("Where the model goes (default: standard output).", valueName: "file"))
  var output: String?

  @OptionGroup var limits: LimitOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    control.enter("generating \(family)")
    let family = try ModelFamily(family, options: options.texts())
    let format = target ?? output.flatMap(ModelFormat.init(forPath:)) ?? .rationale
    let destination = try ModelDestination(output, format: format, control: control)
    switch format {
    case .rationale: try destination.write { try family.writeRationale(to: $1) }
    case .drn: try destination.write { try family.writeDRN(to: $1) }
    case .prismExplicit: try destination.write { try writePrism($0, of: family, to: $1) }
    case .dot, .gymnasium: try destination.write(try family.model(), reward: nil)
    }
    return .answered
  }

  private func writePrism(
    _ part: String?, of family: ModelFamily, to sink: @escaping ByteSink
  ) throws {
    if let part = part.flatMap(ModelFamily.PrismPart.init(rawValue:)) {
      try family.writePrism(part, to: sink)
    } else {
      try family.writePrism(to: sink)
    }
  }
}
