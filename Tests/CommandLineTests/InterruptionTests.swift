import Foundation
import TestSupport
import Testing

@Suite("Limits and signals end a run with 75 and leave no file", .tags(.commandLine))
struct InterruptionTests {
  /// Takes many seconds and next to no memory.
  private static let longRun = [
    "generate", "garnet", "--states", "100000000", "--output", "out.json",
  ]

  @Test("the time limit, while working")
  func timeLimit() throws {
    let folder = try ScratchFolder()
    let run = try folder.run(Self.longRun + ["--time-limit", "0.1"])
    #expect(run.status == 75)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("time limit of 0.1 s"))
    #expect(run.errors.contains("certified"))
    #expect(try folder.files.isEmpty)
  }

  @Test("the time limit, while waiting for an input that never ends")
  func endlessInput() throws {
    let folder = try ScratchFolder()
    let process = try Background(["info", "-", "--time-limit", "0.1"], in: folder)
    #expect(process.wait() == 75)
    #expect(process.errors.contains("reading <stdin>"))
  }

  @Test("the memory limit")
  func memoryLimit() throws {
    let folder = try ScratchFolder()
    let run = try folder.run(
      "generate", "garnet", "--states", "3000000", "--to", "dot", "--output", "out.dot",
      "--memory-limit", "60")
    #expect(run.status == 75)
    #expect(run.errors.contains("memory limit of 60 MB"))
    #expect(try folder.files.isEmpty)
  }

  @Test("a signal, which is obeyed within a second", arguments: [SIGINT, SIGTERM])
  func signal(number: Int32) throws {
    let folder = try ScratchFolder()
    let process = try Background(Self.longRun, in: folder)
    // The first progress line says that the signal finds the run at work.
    process.waitForErrors()
    process.send(number)
    let start = ContinuousClock.now
    #expect(process.wait() == 75)
    #expect(ContinuousClock.now - start < .seconds(1))
    #expect(process.errors.contains("stopped by a signal"))
    #expect(try folder.files.isEmpty)
  }

  @Test("a second signal ends even a run that hangs at once, and progress can be silenced")
  func secondSignal() throws {
    let folder = try ScratchFolder()
    let process = try Background(["info", "-"], in: folder)
    process.waitForErrors()
    process.send(SIGINT)
    process.send(SIGTERM)
    let start = ContinuousClock.now
    #expect(process.wait() == 75)
    #expect(ContinuousClock.now - start < .milliseconds(600))
    let quiet = try folder.run(Self.longRun + ["--quiet", "--time-limit", "1.3"])
    #expect(quiet.errors.hasPrefix("error: "), "no progress came first")
  }
}

/// A run that goes on while the test looks at it; its standard input stays open and empty.
private final class Background {
  private let process = Process()
  private let input = Pipe()
  private let errorPipe = Pipe()
  private(set) var errors = ""

  init(_ arguments: [String], in folder: ScratchFolder) throws {
    process.executableURL = Rationale.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errorPipe
    try process.run()
  }

  /// Blocks until the run has said something on standard error.
  func waitForErrors() {
    errors += String(decoding: errorPipe.fileHandleForReading.availableData, as: UTF8.self)
  }

  func send(_ number: Int32) {
    kill(process.processIdentifier, number)
  }

  /// Blocks until the run has ended, and returns its exit code, or -1 when it died of a signal.
  func wait() -> Int32 {
    process.waitUntilExit()
    let rest = errorPipe.fileHandleForReading.readDataToEndOfFile()
    errors += String(decoding: rest, as: UTF8.self)
    return process.terminationReason == .exit ? process.terminationStatus : -1
  }
}
