import ArgumentParser
import LinearPrograms
import MarkovDecisionProcesses

/// The format of a file: of a model, or of a linear program.
enum FileFormat: Hashable {
  case model(ModelFormat)
  case program(LinearProgramFormat)
}

extension FileFormat: ExpressibleByArgument {
  init?(argument: String) {
    if let format = ModelFormat(rawValue: argument) {
      self = .model(format)
    } else if let format = LinearProgramFormat(rawValue: argument) {
      self = .program(format)
    } else {
      return nil
    }
  }

  static var allValueStrings: [String] {
    ModelFormat.allCases.map(\.rawValue) + LinearProgramFormat.allCases.map(\.rawValue)
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

  var isReadable: Bool {
    switch self {
    case .model(let format): format.isReadable
    case .program: true
    }
  }

  var isWritable: Bool {
    switch self {
    case .model(let format): format.isWritable
    case .program: true
    }
  }
}

extension ModelFormat: ExpressibleByArgument {}
extension LinearProgramFormat: ExpressibleByArgument {}
