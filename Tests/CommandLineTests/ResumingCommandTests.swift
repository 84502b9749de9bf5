import Foundation
import TestSupport
import Testing

@Suite("rationale learn, stopped and resumed", .tags(.commandLine))
struct ResumingCommandTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    let made = try folder.run("generate", "riverswim", "--states", "4", "--output", "river.json")
    try #require(made.status == 0, "\(made.errors)")
  }

  private let endless = [
    "learn", "ucrl2", "river.json", "--initial", "s0", "--steps", "1500000", "--seeds", "2",
    "--quiet",
  ]

  /// One known kernel: nothing to find out, and all of the work.
  private let episodic = [
    "learn", "ucrl-vtr+", "river.json", "--basis", "river.json", "--initial", "s0", "--horizon",
    "4", "--steps", "2000", "--quiet",
  ]

  /// Runs with ever longer limits until one stops a run that has begun: its state is in the file.
  private func stopOnce(_ arguments: [String], state: String) throws {
    var limit = 0.05
    while limit < 600 {
      let run = try folder.run(arguments + ["--checkpoint", state, "--time-limit", "\(limit)"])
      try #require(run.status == 75, "it ends within its first limits: \(run.errors)")
      #expect(run.output.isEmpty)
      if try folder.files.contains(state) {
        #expect(run.errors.contains("--resume \(state) goes on"), "\(run.errors)")
        return
      }
      limit *= 1.5
    }
    Issue.record("no state was written")
  }

  @Test("a run in pieces has the numbers of a run in one piece", arguments: [false, true])
  func roundTrip(isEpisodic: Bool) throws {
    let arguments = (isEpisodic ? episodic : endless) + ["--format", "json"]
    let whole = try folder.run(arguments)
    try #require(whole.status == 0, "\(whole.errors)")
    try stopOnce(arguments, state: "state.json")
    // The second piece is stopped too, or is the last one.
    var limit = 0.1
    while limit < 600 {
      let run = try folder.run(
        arguments + ["--resume", "state.json", "--time-limit", "\(limit)"])
      if run.status == 0 {
        #expect(run.output == whole.output)
        return
      }
      try #require(run.status == 75, "\(run.errors)")
      limit *= 2
    }
    Issue.record("the runs do not end")
  }

  @Test("states that are damaged, of other runs, or not there")
  func refusals() throws {
    try stopOnce(endless, state: "state.json")
    let state = try folder.text(of: "state.json")
    let lines = state.split(separator: "\n", omittingEmptySubsequences: false)
    try #require(lines.count > 1)
    try folder.write("", to: "empty.json")
    try folder.write(String(state.dropLast(20)), to: "short.json")
    try folder.write(state + "{}\n", to: "long.json")
    let digit = try #require(lines[0].firstRange(of: #""checksum":""#)?.upperBound)
    var changed = state
    changed.replaceSubrange(digit...digit, with: state[digit] == "0" ? "1" : "0")
    try folder.write(changed, to: "checksum.json")
    try folder.write(
      state.replacingOccurrences(of: #""version":1}"#, with: #""version":2}"#), to: "version.json")
    for (file, part) in [
      ("empty.json", "does not begin with the head"), ("river.json", "does not begin"),
      ("short.json", "damaged"), ("long.json", "damaged"), ("checksum.json", "damaged"),
      ("version.json", "version 2"),
    ] {
      let run = try folder.run(endless + ["--resume", file])
      #expect(run.status == 65 && run.output.isEmpty, "\(file): \(run.errors)")
      #expect(run.errors.hasPrefix("error: \(file): "), "\(run.errors)")
      #expect(run.errors.contains(part), "\(run.errors)")
    }
    // What was learned is kept as it was.
    #expect(try folder.text(of: "state.json") == state)
    for (more, part) in [(["--delta", "1/3"], "delta"), (["--initial", "s1"], "initial")] {
      let run = try folder.run(endless + more + ["--resume", "state.json"])
      #expect(run.status == 65 && run.errors.contains("other runs: \(part)"), "\(run.errors)")
    }
    let other = try folder.run(episodic + ["--resume", "state.json"])
    #expect(other.status == 65 && other.errors.contains("other runs"), "\(other.errors)")
    #expect(try folder.run(endless + ["--resume", "none.json"]).status == 66)
    let same = try folder.run(endless + ["--checkpoint", "a.json", "--output", "a.json"])
    #expect(same.status == 64 && same.errors.contains("a.json"), "\(same.errors)")
    #expect(try !folder.files.contains("a.json") && !folder.files.contains("none.json"))
  }
}
