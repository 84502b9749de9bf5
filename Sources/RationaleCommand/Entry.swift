import ArgumentParser
import ExactJSON
import Foundation

/// Where the process starts, and the only place from which it ends in the ordinary way.
@main
enum Entry {
  static func main() {
    reserveStandardDescriptors()
    CrashGuard.install()
    let control = RunControl()
    Watchdog.start(control)
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      control.end(try run(arguments, control), message: nil)
    } catch {
      end(with: error, of: nil, control)
    }
  }

  private static func end(
    with error: any Error, of command: (any ParsableCommand.Type)?, _ control: RunControl
  ) -> Never {
    let failure = Failure(error, control: control)
    var message = failure.message.map { "error: \($0)" }
    if failure.status == .usage, let command {
      let usage = RationaleCommand.usageString(for: command)
      message?.append("\nUsage: \(usage)\n  See '\(usage.prefix { $0 != "[" })--help' for more.")
    }
    control.end(failure.status, message: message)
  }

  private static func run(_ arguments: [String], _ control: RunControl) throws -> ExitStatus {
    try requireSubcommand(arguments)
    let command: any ParsableCommand
    do {
      command = try RationaleCommand.parseAsRoot(arguments)
    } catch {
      return try answer(toParsing: error, control)
    }
    guard let subcommand = command as? any Subcommand else {
      // Help and the like throw their text.
      do {
        var command = command
        try command.run()
        return .answered
      } catch {
        return try answer(toParsing: error, control)
      }
    }
    do {
      return try subcommand.run(control)
    } catch {
      end(with: error, of: type(of: subcommand), control)
    }
  }

  /// Refuses a subcommand that there is not, which the parser would take for surplus arguments.
  private static func requireSubcommand(_ arguments: [String]) throws(CommandError) {
    let asked = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
    guard let asked, !asked.hasPrefix("-"), !asked.isEmpty else { return }
    let names = RationaleCommand.configuration.subcommands.compactMap {
      $0.configuration.commandName
    }
    guard !names.contains(asked), asked != "help" else { return }
    throw .usage(
      "there is no subcommand \(excerpt(asked)); available: \(names.joined(separator: ", "))"
        + "\nUsage: rationale <subcommand>\n  See 'rationale --help' for more.")
  }

  /// Prints help or the version; everything else that comes from parsing is a matter of usage.
  private static func answer(
    toParsing error: any Error, _ control: RunControl
  ) throws -> ExitStatus {
    let text = RationaleCommand.fullMessage(for: error)
    guard RationaleCommand.exitCode(for: error) == .success else {
      control.end(.usage, message: text)
    }
    try OutputDestination(nil, control: control).write { try $0(Array((text + "\n").utf8)) }
    return .answered
  }
}
