import Foundation
import TestSupport
import Testing

@Suite("Inputs that cannot be opened and outputs that cannot be written", .tags(.commandLine))
struct OutputTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(forkText, to: "fork.json")
  }

  @Test(
    "what cannot be opened ends with 66, the path and the reason",
    arguments: [
      ("missing.json", "No such file"), (".", "directory"), ("fork.json/x.json", "Not a directory"),
    ])
  func input(path: String, reason: String) throws {
    for arguments in [["info", path], ["solve", path], ["check", "fork.json", path]] {
      let run = try folder.run(arguments)
      #expect(run.status == 66)
      #expect(run.output.isEmpty)
      #expect(run.errors.hasPrefix("error: \(path): "))
      #expect(run.errors.contains(reason), "\(run.errors)")
    }
  }

  @Test(
    "what cannot be created ends with 73 before the model is read",
    arguments: [
      ["solve", "missing.json", "--output", "no/such/folder/x"],
      ["solve", "missing.json", "--certificate", "no/such/folder/x"],
      ["solve", "missing.json", "--output", "."],
      ["solve", "missing.json", "--certificate", "fork.json/x"],
      ["info", "missing.json", "--output", "no/x"],
      ["check", "missing.json", "missing.json", "--output", "no/x"],
      ["convert", "missing.json", "no/x.json"],
      ["generate", "garnet", "--output", "no/x.json"],
    ])
  func notCreatable(arguments: [String]) throws {
    let run = try folder.run(arguments)
    #expect(run.status == 73)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("error: \(arguments.last ?? ""): "))
    #expect(try folder.files == ["fork.json"])
  }

  @Test("a full device ends with 74 and leaves nothing behind")
  func fullDevice() throws {
    for arguments in [
      ["generate", "garnet", "--output", "/dev/full"],
      ["convert", "fork.json", "/dev/full", "--to", "drn"],
      ["solve", "fork.json", "--certificate", "/dev/full"],
      ["solve", "fork.json", "--output", "/dev/full", "--format", "json"],
    ] {
      let run = try folder.run(arguments)
      #expect(run.status == 74, "\(arguments): \(run.errors)")
      #expect(run.output.isEmpty)
      #expect(run.errors.hasPrefix("error: /dev/full: write failed: No space"))
    }
    #expect(try folder.files == ["fork.json"])
  }

  @Test(
    "a full standard output ends with 74",
    arguments: [
      ["--help"], ["--version"], ["solve", "--help"], ["solve", "fork.json"],
      ["info", "fork.json"],
      ["convert", "fork.json", "-", "--to", "dot"], ["generate", "chain"],
    ])
  func fullStandardOutput(arguments: [String]) throws {
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    let run = try folder.run(arguments, output: full)
    #expect(run.status == 74)
    #expect(run.errors.contains("write failed"))
  }

  @Test("a reader that goes away is no error")
  func readerGone() throws {
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let run = try folder.run("generate", "garnet", output: pipe.fileHandleForWriting)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
  }

  @Test("a file is replaced whole, keeps its mode, and a link to it stays a link")
  func replaced() throws {
    try folder.write("old", to: "old.json")
    let path = folder.url.appending(path: "old.json").path
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    try FileManager.default.createSymbolicLink(
      atPath: folder.url.appending(path: "link.json").path, withDestinationPath: "old.json")
    let run = try folder.run("generate", "riverswim", "--output", "link.json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(try folder.text(of: "old.json").hasPrefix("{\"format\":\"rationale-mdp\""))
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(try folder.files == ["fork.json", "link.json", "old.json"])
  }

  @Test("a link to a file that is not there yet creates that file; a link to itself cannot")
  func danglingLink() throws {
    for (link, target) in [("link.json", "new.json"), ("loop.json", "loop.json")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.url.appending(path: link).path, withDestinationPath: target)
    }
    let run = try folder.run("generate", "riverswim", "--output", "link.json")
    #expect(run.status == 0, "\(run.errors)")
    let link = folder.url.appending(path: "link.json").path
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "new.json")
    #expect(try folder.text(of: "new.json").hasPrefix("{\"format\":\"rationale-mdp\""))
    #expect(try folder.run("generate", "riverswim", "--output", "loop.json").status == 73)
    #expect(try folder.files == ["fork.json", "link.json", "loop.json", "new.json"])
  }

  @Test("a failed run leaves the old file as it was")
  func oldFileStays() throws {
    try folder.write("old", to: "old.json")
    let run = try folder.run("solve", "missing.json", "--output", "old.json")
    #expect(run.status == 66)
    #expect(try folder.text(of: "old.json") == "old")
  }

  @Test("standard output by name, and the null device, are written directly")
  func specialFiles() throws {
    let plain = try folder.run("generate", "chain", "--states", "3")
    for name in ["/dev/stdout", "-"] {
      let named = try folder.run("generate", "chain", "--states", "3", "--output", name)
      #expect(named.status == 0)
      #expect(named.output == plain.output)
    }
    let null = try folder.run("generate", "chain", "--output", "/dev/null")
    #expect(null.status == 0)
    #expect(null.output.isEmpty)
    #expect(try folder.files == ["fork.json"])
  }
}
