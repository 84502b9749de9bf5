import ExactJSON
import Foundation
import MarkovDecisionProcesses
import Reports

/// Where a model goes: one file, or the several files of a format.
struct ModelDestination {
  private let format: ModelFormat
  /// The parts of the format, each with its file; a single entry without a part is one stream.
  private let outputs: [(part: String?, destination: OutputDestination)]
  private let control: RunControl
  /// What the names of all files begin with, where there are several.
  private var prefix: String?

  /// Tests that every file can be created.
  ///
  /// - Parameter path: `nil` and `-` are standard output, which takes the parts one after the
  ///   other.
  init(_ path: String?, format: ModelFormat, control: RunControl) throws(CommandError) {
    self.format = format
    self.control = control
    let parts = ModelFile.parts(of: format)
    guard let path, path != "-", parts.count > 1 else {
      outputs = [(nil, try OutputDestination(path, control: control))]
      return
    }
    let prefix = Self.prefix(of: path)
    self.prefix = prefix
    var outputs: [(part: String?, destination: OutputDestination)] = []
    for part in parts {
      outputs.append((part, try OutputDestination("\(prefix).\(part)", control: control)))
    }
    self.outputs = outputs
  }

  /// Writes a model; what the format cannot hold is said on standard error.
  ///
  /// - Parameter reward: the reward to write, where the format holds one.
  func write(_ model: FiniteMDP, reward: String?) throws {
    let options = WriteOptions(reward: reward)
    var notes: [String] = []
    let leftovers = try leftovers(of: model, options)
    try write(try destinations(of: model, options)) { part, sink in
      let said =
        if let part {
          try ModelFile.write(part: part, of: model, as: format, options: options, to: sink)
        } else {
          try ModelFile.write(model, as: format, options: options, to: sink)
        }
      notes += said.filter { !notes.contains($0) }
    }
    for path in leftovers {
      guard unlink(path) == 0 || errno == ENOENT else {
        throw CommandError.writeFailed(path: path, reason: String(cString: strerror(errno)))
      }
      notes.append("removed \(path), which was left of the model that was replaced")
    }
    notes.forEach(control.console.say)
  }

  /// The files of an earlier model of the same name, which would be read with this one.
  ///
  /// - Throws: ``CommandError/cannotCreate(path:reason:)`` where there are such files, but no
  ///   model that is replaced, and where a file of another model hides one of this.
  private func leftovers(of model: FiniteMDP, _ options: WriteOptions) throws -> [String] {
    guard let prefix else { return [] }
    let parts = try ModelFile.parts(of: format, for: model, options: options)
    if let path = ModelFile.obstacle(of: format, prefix: prefix, parts: parts) {
      throw CommandError.cannotCreate(
        path: "\(prefix).tra",
        reason: "beside \(path) the rewards \(prefix)1.trew, … would be taken for those of that"
          + " model; choose another name, or one reward with --reward")
    }
    let leftovers = ModelFile.leftovers(of: format, prefix: prefix, parts: parts)
    guard let first = leftovers.first, !InputFile.exists("\(prefix).tra") else {
      return leftovers
    }
    throw CommandError.cannotCreate(
      path: "\(prefix).tra",
      reason: "\(first) is there already and would be read with this model; remove it or choose"
        + " another name")
  }

  /// The files of this model, which may be more than the format always has.
  private func destinations(
    of model: FiniteMDP, _ options: WriteOptions
  ) throws -> [(part: String?, destination: OutputDestination)] {
    guard let prefix else { return outputs }
    let parts = try ModelFile.parts(of: format, for: model, options: options)
    return try parts.map { part in
      let known = outputs.first { $0.part == part }?.destination
      let path = ModelFile.path(ofPart: part, prefix: prefix)
      return (part, try known ?? OutputDestination(path, control: control))
    }
  }

  /// Writes each part, or everything to one stream when the part is `nil`.
  func write(_ body: (_ part: String?, _ sink: @escaping ByteSink) throws -> Void) throws {
    try write(outputs, body)
  }

  private func write(
    _ outputs: [(part: String?, destination: OutputDestination)],
    _ body: (_ part: String?, _ sink: @escaping ByteSink) throws -> Void
  ) throws {
    let progress = control.progress
    for (part, destination) in outputs {
      control.enter("writing \(destination.name)")
      try destination.write { sink in
        try body(part) { bytes in
          try progress.checkpoint()
          try sink(bytes)
        }
      }
    }
  }

  /// `model` for `model.tra`: what the names of all files begin with.
  private static func prefix(of path: String) -> String {
    let extensions = [".tra", ".sta", ".lab", ".srew", ".trew"]
    guard let found = extensions.first(where: path.hasSuffix) else { return path }
    return String(path.dropLast(found.count))
  }
}
