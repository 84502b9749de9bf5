import Foundation
import TestSupport
import Testing

/// A line of the README that a reader types, and what it says that they see.
private struct Step {
  let command: String
  var expected: [String] = []
}

@Suite("README", .tags(.commandLine))
struct ReadmeTests {
  private let lines: [String]

  init() throws {
    let url = Fixture.folder.appending(path: "../../README.md").standardized
    lines = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
  }

  /// The lines of every code block in the given language.
  private func blocks(_ language: String) -> [[String]] {
    var blocks: [[String]] = []
    var fence: String?
    for line in lines {
      if line.hasPrefix("```") {
        fence = fence == nil ? String(line.dropFirst(3)) : nil
        if fence == language { blocks.append([]) }
      } else if fence == language {
        blocks[blocks.count - 1].append(line)
      }
    }
    return blocks
  }

  private var steps: [Step] {
    var steps: [Step] = []
    for block in blocks("") where block.first?.hasPrefix("$ ") == true {
      for line in block {
        if line.hasPrefix("$ ") {
          steps.append(Step(command: String(line.dropFirst(2))))
        } else {
          steps[steps.count - 1].expected.append(line)
        }
      }
    }
    return steps
  }

  @Test("every line of the tour prints what the README says")
  func tour() throws {
    let folder = try ScratchFolder()
    let files = blocks("json")
    let names = ["machine.json", "drive.json", "task.json"]
    try #require(files.count == names.count)
    for (name, text) in zip(names, files) {
      try folder.write(text.joined(separator: "\n"), to: name)
    }
    let steps = steps
    #expect(steps.count > 10)
    var status: Int32 = 0
    // How far a run comes in a time differs from machine to machine.
    for step in steps where !step.command.contains("--time-limit") {
      if step.command == "echo $?" {
        #expect(step.expected == ["\(status)"])
        continue
      }
      let run = try shell(step.command, in: folder)
      status = run.status
      let shown = run.output.isEmpty ? Self.withoutProgress(run.errors) : run.output
      #expect(
        Self.withoutTimes(shown) == Self.withoutTimes(step.expected.joined(separator: "\n")),
        "\(step.command)")
    }
  }

  @Test("continuous integration runs the README's test command")
  func testCommand() throws {
    let command = try #require(
      blocks("sh").joined().first { $0.hasSuffix("swift test --disable-xctest") })
    let script = try String(
      contentsOf: Fixture.folder.appending(path: "../../.ci/run").standardized, encoding: .utf8)
    #expect(script.contains("\nswift test --disable-xctest\n"))
    #expect(command.contains("libgmp-dev libglpk-dev"))
    #expect(script.contains("libgmp-dev libglpk-dev"))
  }

  private func shell(_ command: String, in folder: ScratchFolder) throws -> Run {
    let path = Rationale.executable.deletingLastPathComponent().path
    return try Rationale.run(
      ["-c", "set -o pipefail; PATH=\"\(path):$PATH\"; \(command)"], in: folder,
      executable: URL(filePath: "/bin/bash"))
  }

  /// The text without the lines that tell how far a run has come; a slow machine shows some.
  private static func withoutProgress(_ text: String) -> String {
    text.split(separator: "\n").filter { !$0.contains(/^[^:]*, \d+\.\d s$/) }
      .joined(separator: "\n")
  }

  /// The text without measured times and white space at its ends.
  private static func withoutTimes(_ text: String) -> String {
    text.trimmingCharacters(in: .whitespacesAndNewlines)
      .replacing(/\d+\.\d+ s/, with: "… s")
  }
}
