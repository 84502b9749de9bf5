import ArgumentParser
import Foundation

/// The root command: parses the arguments and hands over to a subcommand.
struct RationaleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rationale",
    abstract: "Solves Markov decision processes exactly and proves every answer.",
    discussion: """
      Numbers are fractions from the file to the answer; a certificate carries the proof, which \
      'check' verifies without solving.

      Example:
        rationale generate gridworld --width 5 --output grid.json
        rationale solve grid.json --certificate grid.cert.json
        rationale check grid.json grid.cert.json

      Exit codes: 0 answered, 1 certificate rejected, 64 usage, 65 malformed input, 66 input \
      cannot be opened, 70 defect, 73 output cannot be created, 74 write failed, 75 stopped by a \
      limit or a signal.
      """,
    version: "0.1.0",
    subcommands: [
      SolveCommand.self, CheckCommand.self, ConvertCommand.self, InfoCommand.self,
      GenerateCommand.self, LinearProgramCommand.self, ParetoCommand.self, BoundsCommand.self,
      ExpressCommand.self, FormalismsCommand.self, CompareCommand.self, RewardCommand.self,
      MachineCommand.self, AutomatonCommand.self, LearnCommand.self,
    ])

  static let _errorPrefix = "error: "
}

/// A subcommand that runs under the control of limits and signals.
protocol Subcommand: ParsableCommand {
  func run(_ control: RunControl) throws -> ExitStatus
}
