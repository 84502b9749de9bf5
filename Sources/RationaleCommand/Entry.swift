import ArgumentParser
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
