import ExactArithmetic
import ExactJSON
import OnlineLearning

// Runs that are stopped and taken up again.
extension LearningOptions {
  /// Learns with the states of an earlier call, if there are any, and keeps them when it is stopped.
  ///
  /// - Parameters:
  ///   - subject: what the runs are about, without the name of the algorithm.
  ///   - output: where the answer goes, which cannot be where the state goes.
  /// - Throws: what `learn` throws; `CommandError` and `InputError` for the files.
  func resumable<Answer>(
    _ algorithm: String, _ subject: [String: String], beside output: OutputDestination,
    _ control: RunControl, _ learn: (RunArchive?) throws -> Answer
  ) throws -> Answer {
    guard checkpoint != nil || resume != nil else { return try learn(nil) }
    let destination = try stateDestination(beside: output, control)
    var subject = subject
    subject["algorithm"] = algorithm
    subject["version"] = RationaleCommand.configuration.version
    let archive = try archive(subject)
    if destination != nil { control.keepState() }
    do {
      return try learn(archive)
    } catch let error as ArchiveError {
      throw unfit(error)
    } catch let stop as Interrupted {
      guard let destination else { throw stop }
      control.beginSaving()
      try destination.write(isLastWord: true) { try $0(archive.contents()) }
      control.console.say(
        "the state of the runs is in \(destination.name); --resume \(destination.name) goes on")
      throw stop
    }
  }

  /// Where the state goes: to the file of --checkpoint, else back to that of --resume.
  private func stateDestination(
    beside output: OutputDestination, _ control: RunControl
  ) throws(CommandError) -> OutputDestination? {
    guard let path = checkpoint ?? (resume == "-" ? nil : resume) else { return nil }
    // A file that is not there is to be missed as an input, not to be made.
    if checkpoint == nil, !InputFile.exists(path) { return nil }
    let destination = try OutputDestination(path, control: control)
    guard !destination.isStandardOutput, !destination.isSame(as: output) else {
      throw .usage("the state and the answer both go to \(output.name)")
    }
    return destination
  }

  private func archive(_ subject: [String: String]) throws -> RunArchive {
    guard let resume else { return RunArchive(subject: subject) }
    let bytes = try InputFile.read(resume)
    do {
      return try RunArchive(reading: bytes, subject: subject)
    } catch {
      throw unfit(error)
    }
  }

  private func unfit(_ error: ArchiveError) -> InputError {
    InputError(
      file: InputFile.name(of: resume ?? "-"), place: nil, problem: error.description)
  }
}
