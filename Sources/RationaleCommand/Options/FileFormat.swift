import ArgumentParser
import LinearPrograms
import MarkovDecisionProcesses

/// The format of a file: of a model, or of a linear program.
enum FileFormat: Hashable {
  case model(ModelFormat)
  case program(LinearProgramFormat)
}

extension FileFormat {
  private static let programNames = LinearProgramFormat.allCases.map(\.rawValue)
    .joined(separator: ", ")
  /// The formats that can be read and written, for messages.
  static let readableNames = "\(ModelFormat.readableNames), \(programNames)"
  static let writableNames = "\(ModelFormat.writableNames), \(programNames)"

  /// The format called `text`, for `--from`.
  static func readable(_ text: String) throws -> FileFormat {
    if let format = LinearProgramFormat(rawValue: text) { return .program(format) }
    return .model(try ModelFormat.readable(text))
  }

  /// The format called `text`, for `--to`.
  static func writable(_ text: String) throws -> FileFormat {
    if let format = LinearProgramFormat(rawValue: text) { return .program(format) }
    return .model(try ModelFormat.writable(text))
  }
}

extension FileFormat {
  /// The format that the extension of a path stands for.
  init?(forPath path: String) {
    if let format = LinearProgramFormat(path: path) {
      self = .program(format)
    } else if let format = ModelFormat(forPath: path) {
      self = .model(format)
    } else {
      return nil
    }
  }

  var rawValue: String {
    switch self {
    case .model(let format): format.rawValue
    case .program(let format): format.rawValue
    }
  }
}

extension ModelFormat {
  /// The formats that can be read and written, for messages.
  static let readableNames = names(where: \.isReadable)
  static let writableNames = names(where: \.isWritable)

  private static func names(where isUsable: (ModelFormat) -> Bool) -> String {
    allCases.filter(isUsable).map(\.rawValue).joined(separator: ", ")
  }

  /// The format called `text`, for `--from`.
  fileprivate static func readable(_ text: String) throws -> ModelFormat {
    let format = try named(text, among: readableNames)
    guard format.isReadable else {
      throw ValidationError("'\(text)' is written only; readable: \(readableNames)")
    }
    return format
  }

  /// The format called `text`, for `--to`.
  static func writable(_ text: String) throws -> ModelFormat {
    let format = try named(text, among: writableNames)
    guard format.isWritable else {
      throw ValidationError("'\(text)' is read only; writable: \(writableNames)")
    }
    return format
  }

  private static func named(_ text: String, among names: String) throws -> ModelFormat {
    guard let format = ModelFormat(rawValue: text) else {
      throw ValidationError("there is no format '\(text)'; available: \(names)")
    }
    return format
  }
}

extension LinearProgramFormat: ExpressibleByArgument {}
