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
    name: .customLong("to"), help: "The format (default: by the output's extension, or rationale).")
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
    switch format {
    case .rationale:
      try write(to: output, control, family.writeRationale)
    case .drn:
      try write(to: output, control, family.writeDRN)
    case .prismExplicit:
      try writePrism(family, control)
    case .dot, .gymnasium:
      let model = try family.model()
      try writeModel(model, as: format, reward: nil, to: output, control)
    }
    return .answered
  }

  private func writePrism(_ family: ModelFamily, _ control: RunControl) throws {
    guard let output, output != "-" else { return try write(to: nil, control, family.writePrism) }
    let prefix = prismPrefix(of: output)
    for part in ModelFamily.PrismPart.allCases {
      try write(to: "\(prefix).\(part.fileExtension)", control) {
        try family.writePrism(part, to: $0)
      }
    }
  }

  private func write(
    to path: String?, _ control: RunControl, _ body: (@escaping ByteSink) throws -> Void
  ) throws {
    let progress = control.progress
    try OutputDestination(path, control: control).write { sink in
      try body { bytes in
        try progress.checkpoint()
        try sink(bytes)
      }
    }
  }
}
