/// What only the command line can find wrong.
enum CommandError: Error {
  /// The arguments ask for something that does not exist or does not fit together.
  case usage(String)
  /// The input is well formed but lacks what the subcommand needs.
  case unfit(file: String, place: String, problem: String)
  case cannotCreate(path: String, reason: String)
  case writeFailed(path: String, reason: String)
  /// The reader of a pipe went away: nobody is left who wants the rest.
  case readerGone
}

extension CommandError: CustomStringConvertible {
  var description: String {
    switch self {
    case .usage(let problem): problem
    case .unfit(let file, let place, let problem): "\(file): \(place): \(problem)"
    case .cannotCreate(let path, let reason): "\(path): cannot create the file: \(reason)"
    case .writeFailed(let path, let reason): "\(path): write failed: \(reason)"
    case .readerGone: "the reader of the output went away"
    }
  }
}
