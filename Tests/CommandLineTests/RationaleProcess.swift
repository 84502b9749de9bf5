import Foundation
import Testing

/// One finished run of the built executable.
struct Run {
  let status: Int32
  let output: String
  let errors: String
}

/// The executable `rationale` beside the test bundle, and ways to run it.
enum Rationale {
  /// The built executable; both are products of the same build, so they are in the same folder.
  static let executable: URL = {
    var folders = [Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent()]
    folders += Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    folders.append(URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent())
    let candidates = folders.map { $0.appending(path: "rationale") }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
      ?? URL(filePath: "/nonexistent/rationale")
  }()

  /// Runs to the end.
  ///
  /// - Parameters:
  ///   - input: what standard input holds.
  ///   - output: where standard output goes; by default it is collected.
  static func run(
    _ arguments: [String], input: String = "", in folder: ScratchFolder,
    output: FileHandle? = nil, executable: URL = Rationale.executable
  ) throws -> Run {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    // Files cannot fill up as pipes do, so nothing has to be read while the process runs.
    let serial = UUID().uuidString
    let streams = try ["in", "out", "err"].map { name in
      let path = folder.streams.appending(path: "\(serial)-\(name)").path
      try #require(FileManager.default.createFile(atPath: path, contents: nil))
      return path
    }
    try input.write(toFile: streams[0], atomically: false, encoding: .utf8)
    process.standardInput = FileHandle(forReadingAtPath: streams[0])
    process.standardOutput = output ?? FileHandle(forWritingAtPath: streams[1])
    process.standardError = FileHandle(forWritingAtPath: streams[2])
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationReason == .exit, "the process died of a signal")
    return Run(
      status: process.terminationStatus,
      output: try String(contentsOfFile: streams[1], encoding: .utf8),
      errors: try String(contentsOfFile: streams[2], encoding: .utf8))
  }
}

/// A folder that lives as long as a test.
final class ScratchFolder: Sendable {
  let url: URL
  /// Beside ``url``, so that a listing of that one shows only what a command leaves behind.
  let streams: URL
  private let root: URL

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "rationale-\(UUID().uuidString)")
    url = root.appending(path: "work")
    streams = root.appending(path: "streams")
    for folder in [url, streams] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: root)
  }

  /// Writes a file and returns its name.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: url.appending(path: name))
    return name
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: url.appending(path: name))
  }

  func text(of name: String) throws -> String {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
  }

  /// The names of all files.
  var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }

  /// Runs `rationale` in this folder.
  func run(_ arguments: String..., input: String = "", output: FileHandle? = nil) throws -> Run {
    try Rationale.run(arguments, input: input, in: self, output: output)
  }

  func run(_ arguments: [String], input: String = "", output: FileHandle? = nil) throws -> Run {
    try Rationale.run(arguments, input: input, in: self, output: output)
  }
}

/// A JSON object that Foundation read: a reader that shares no code with ours.
func jsonObject(_ text: String) throws -> [String: Any] {
  try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}
