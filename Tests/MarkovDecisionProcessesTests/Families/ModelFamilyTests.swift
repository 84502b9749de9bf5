import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

/// A line of the stored table of check sums.
struct GeneratedFile: Sendable, CustomTestStringConvertible {
  let family: String
  let arguments: [String]
  let format: String
  /// The check sum, or the message of the refusal.
  let answer: String
  let byteCount: Int

  static func all(_ part: String) throws -> [GeneratedFile] {
    let rows = try Fixture.json("generator-checksums.json")[part] as? [[String: Any]] ?? []
    return rows.map { row in
      GeneratedFile(
        family: row["family"] as? String ?? "", arguments: row["arguments"] as? [String] ?? [],
        format: row["format"] as? String ?? "",
        answer: (row["sha256"] ?? row["message"]) as? String ?? "",
        byteCount: row["bytes"] as? Int ?? 0)
    }
  }

  var testDescription: String { "\(family) \(arguments.joined(separator: " ")) as \(format)" }
}

@Suite("Generated families")
struct ModelFamilyTests {
  @Test("SHA-256 of the published examples")
  func checkSum() {
    #expect(
      SHA256.hex(of: Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hex(of: [])
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.hex(of: Array(repeating: UInt8(ascii: "a"), count: 1_000))
        == "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3")
  }

  @Test("every stored file is written byte for byte")
  func bytes() throws {
    let files = try GeneratedFile.all("files")
    #expect(files.count >= 65)
    for file in files {
      let bytes = try ModelFamily(file.family, arguments: file.arguments).bytes(as: file.format)
      #expect(bytes.count == file.byteCount, "\(file.testDescription)")
      #expect(SHA256.hex(of: bytes) == file.answer, "\(file.testDescription)")
    }
  }

  @Test("every refused list of options is refused with the stored message")
  func refusals() throws {
    let files = try GeneratedFile.all("errors")
    #expect(files.count >= 26)
    for file in files {
      let error = #expect(throws: FamilyError.self, "\(file.testDescription)") {
        _ = try ModelFamily(file.family, arguments: file.arguments).bytes(as: file.format)
      }
      #expect(error?.description == file.answer)
    }
  }

  @Test(
    "options that are no numbers are refused",
    arguments: [
      (["--states", "x"], "--states: 'x' is not an integer"),
      (["--states", "3000000000"], "--states must be at most 2147483647"),
      (["--seed", "1.5"], "--seed: '1.5' is not an integer"),
      (["--speed", "1"], "gridworld has no option 'speed'"),
      (["--width", "100000", "--height", "100000"], "gridworld: needs at most 2147483647 cells"),
    ])
  func texts(arguments: [String], message: String) {
    let error = #expect(throws: FamilyError.self) {
      try ModelFamily("gridworld", arguments: arguments)
    }
    #expect(error?.description == message)
  }

  @Test("an unknown family names the nearest")
  func unknownFamily() {
    let error = #expect(throws: FamilyError.self) { try ModelFamily("grid") }
    #expect(error == .unknownFamily("grid", nearest: "gridworld"))
  }

  @Test("a seed is taken modulo 2^64 and written as it was given")
  func seeds() throws {
    let seeds = ["-1", "18446744073709551615", "36893488147419103231", "-0018446744073709551617"]
    let models = try seeds.map { try ModelFamily("garnet", options: ["seed": $0]).model() }
    for model in models { #expect(model.differences(from: models[0]) == []) }
    let titles = try ["-1", "007", "-0", "+5"].map {
      try ModelFamily("ssp", options: ["seed": $0]).title.split(separator: " ").last
    }
    #expect(titles == ["-1", "7", "0", "5"])
  }

  @Test("the model in memory has the rows of the file", arguments: ModelFamily.names)
  func model(name: String) throws {
    let family = try ModelFamily(name)
    let model = try family.model()
    let text = String(decoding: try family.bytes(), as: UTF8.self)
    #expect(model.stateCount == family.stateCount)
    #expect(model.discount == family.discount)
    var transitions: [String] = []
    for choice in (0..<model.choiceCount).map(Choice.init) {
      let row = model.transitions(of: choice).map {
        "[\(model.state(of: choice).index),\(model.action(of: choice).index),"
          + "\($0.successor.index),\"\($0.probability)\"]"
      }
      transitions.append(row.joined(separator: ","))
    }
    #expect(text.contains("\"transitions\":[\n" + transitions.joined(separator: ",\n") + "\n],"))
    let function = try #require(model.rewards.first?.function)
    let rewards = function.entries.map { entry in
      "[\(entry.state.index),\(entry.action.index),"
        + (entry.successor.map { "\($0.index)," } ?? "") + "\"\(entry.value)\"]"
    }
    let lines = text.split(separator: "\"rewards\":[\n")[1].split(separator: "\n]")[0]
    let written = lines.replacing("\n", with: "").replacing("],[", with: "] [")
      .split(separator: " ")
    #expect(written.map(String.init) == rewards)
  }

  @Test(
    "a written family reads back as the model in memory", .tags(.differential),
    arguments: ModelFamily.names)
  func roundTrip(name: String) throws {
    for seed in ["0", "7"] {
      let family = try ModelFamily(name, options: ["seed": seed, "holes": "3", "rewards": "2"])
      let read = try ModelFile.read(bytes: family.bytes(), name: name)
      #expect(read.format == .rationale)
      let model = try family.model()
      #expect(model.differences(from: read.model) == [])
      // The file gives what it needs only: without a discount there is none.
      let bare = try ModelFamily(name, options: ["seed": seed, "discount": "none"]).model()
      #expect(bare.discount == nil)
    }
  }

  @Test("the same model has no differences, and every changed part is named")
  func differences() throws {
    let model = try ModelFamily("gridworld", options: ["width": "3"]).model()
    #expect(model.differences(from: model) == [])
    let slippery = try ModelFamily("gridworld", options: ["width": "3", "slip": "1/3"]).model()
    #expect(model.differences(from: slippery) == ["probabilities"])
    let dear = try ModelFamily("gridworld", options: ["width": "3", "step-cost": "1"]).model()
    #expect(model.differences(from: dear) == ["rewards"])
    #expect(model.differences(from: model.starting(at: State(1))) == ["initial law"])
  }
}
