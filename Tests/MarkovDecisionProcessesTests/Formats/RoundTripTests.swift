import ExactArithmetic
import ExactJSON
import Foundation
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Writing and reading back")
struct RoundTripTests {
  @Test("a rationale file reads back as the same model", arguments: WorkedModels.names)
  func rationale(name: String) throws {
    let model = try ModelFile.read(Fixture.path(name)).model
    let bytes = try ModelText.written(model, as: .rationale)
    let again = try ModelFile.read(bytes: bytes, name: "again.json").model
    #expect(ModelText.everything(again) == ModelText.everything(model))
    #expect(try ModelText.written(again, as: .rationale) == bytes)
  }

  /// A model with everything the format can hold, in an order of its own.
  static let rich = """
    {"format":"rationale-mdp","version":1,"states":["b \\"x\\"","a\\n","é😀",""],
     "actions":["go","stay"],"discount":"0","initial":[["é😀","1/3"],[0,"2/3"],[1,0]],
     "transitions":[[3,1,3,1],[3,0,0,1],[0,0,1,"1/2"],[0,0,0,"0"],[0,0,2,"0.5"],[2,1,2,1],[1,0,1,1]],
     "rewards":{"second":[[1,0,"0"],[1,1,"7/3"],[0,0,3,"-1e3"]],"first":[],"third":[[0,0,1],[0,0,1,2]]},
     "labels":{"z":[],"a":["é😀",1],"init":[2]},
     "labeledTransitions":[[0,0,1,["p","q \\u0000"]],[0,0,2,[]]]}
    """

  @Test("zeros, rewards on unavailable pairs, odd names, label order survive")
  func everything() throws {
    let model = try ModelFile.read(bytes: Array(Self.rich.utf8), name: "rich.json").model
    #expect(model.listedZeros.count == 1 && model.labels.map(\.name) == ["z", "a", "init"])
    #expect(model.rewards.map(\.function.entryCount) == [3, 0, 2])
    let bytes = try ModelText.written(model, as: .rationale)
    let again = try ModelFile.read(bytes: bytes, name: "again.json").model
    #expect(ModelText.everything(again) == ModelText.everything(model))
  }

  @Test("sections in the worst order read as the same model", arguments: WorkedModels.names)
  func reversedSections(name: String) throws {
    let bytes = try Fixture.bytes(name)
    guard case .object(let members) = try JSONDocument(parsing: bytes).root.kind else { return }
    var pieces: [String] = []
    for (index, member) in members.enumerated() {
      // A value ends before the comma and the key of the next member, or at the last brace.
      let rest = bytes[member.value.offset...]
      let next = index + 1 < members.count ? members[index + 1].key : nil
      let end =
        next.flatMap { key in rest.firstRange(of: Array("\"\(key)\"".utf8))?.lowerBound }
        ?? bytes.lastIndex(of: UInt8(ascii: "}")) ?? rest.endIndex
      var text = String(decoding: rest[..<end], as: UTF8.self)
      text = text.trimmingCharacters(in: CharacterSet(charactersIn: ", \n"))
      pieces.append("\"\(member.key)\":\(text)")
    }
    let reversed = "{" + pieces.reversed().joined(separator: ",") + "}"
    let model = try ModelFile.read(bytes: Array(reversed.utf8), name: "reversed.json").model
    let original = try ModelFile.read(bytes: bytes, name: "m.json").model
    #expect(ModelText.everything(model) == ModelText.everything(original))
  }

  @Test("drn keeps rows, expected rewards, labels, discount", arguments: WorkedModels.names)
  func drn(name: String) throws {
    let model = try ModelFile.read(Fixture.path(name)).model
    let bytes = try ModelText.written(model, as: .drn)
    let again = try ModelFile.read(bytes: bytes, name: "again.drn").model
    #expect(ModelText.rows(again) == ModelText.rows(model, sorted: true))
    #expect(ModelText.expectedRewards(again) == ModelText.expectedRewards(model))
    #expect(again.rewards.map(\.name) == model.rewards.map(\.name))
    #expect(again.discount == model.discount)
    #expect(again.labels.map(\.states) == model.labels.map(\.states))
  }

  @Test(
    "prism-explicit keeps rows and rewards of possible transitions", arguments: WorkedModels.names)
  func prism(name: String) throws {
    let model = try ModelFile.read(Fixture.path(name)).model
    try TemporaryFolder.with { folder in
      for (index, reward) in (model.rewards.map { Optional($0.name) } + [nil]).enumerated() {
        if reward == nil, !model.rewards.isEmpty { continue }
        for part in ModelFile.parts(of: .prismExplicit) {
          var bytes: [UInt8] = []
          let options = WriteOptions(reward: reward)
          try ModelFile.write(part: part, of: model, as: .prismExplicit, options: options) {
            bytes += $0
          }
          try Data(bytes).write(to: folder.appending(path: "m\(index).\(part)"))
        }
        let path = folder.appending(path: "m\(index).tra").path(percentEncoded: false)
        let again = try ModelFile.read(path).model
        #expect(ModelText.rows(again) == ModelText.rows(model, sorted: true))
        if reward != nil {
          #expect(
            ModelText.expectedRewards(again)[0] == ModelText.expectedRewards(model)[index])
        }
        let prefix = ReadOptions(format: .prismExplicit)
        let byPrefix = try ModelFile.read(String(path.dropLast(4)), options: prefix).model
        #expect(ModelText.structure(byPrefix) == ModelText.structure(again))
      }
    }
  }

  @Test("a reward that does not exist, and a format that is read only, are refused")
  func rewardChoice() throws {
    let model = try ModelFile.read(bytes: Array(Self.rich.utf8), name: "rich.json").model
    #expect(throws: WriteError.unknownReward("x", names: ["second", "first", "third"])) {
      try ModelText.written(model, as: .dot, WriteOptions(reward: "x"))
    }
    #expect(throws: WriteError.readOnly(.gymnasium)) {
      try ModelText.written(model, as: .gymnasium)
    }
  }

  @Test("dot draws states, choices and transitions")
  func dot() throws {
    let model = try ModelFile.read(Fixture.path("worked/c1.json")).model
    let text = String(decoding: try ModelText.written(model, as: .dot), as: UTF8.self)
    #expect(text.hasPrefix("digraph mdp {\n") && text.hasSuffix("}\n"))
    #expect(text.contains("  s0 [label=\"s\"];\n"))
    #expect(text.contains("  s0 -> c0 [label=\"a\\n+5\", arrowhead=none];\n"))
    #expect(text.contains("  c0 -> s1 [label=\"1/2\"];\n"))
    #expect(text.contains("  i0 -> s0;\n"))
  }

  @Test(
    "the format goes by the extension",
    arguments: [
      ("a.json", ModelFormat.rationale), ("b/c.DRN", .drn), ("x.tra", .prismExplicit),
      ("x.dot", .dot), ("x.y/z", nil), ("-", nil), ("x.txt", nil),
    ] as [(String, ModelFormat?)])
  func extensions(path: String, format: ModelFormat?) {
    #expect(ModelFormat(forPath: path) == format)
  }
}

/// A folder that is gone after the test.
enum TemporaryFolder {
  static func with(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "rationale-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }
}
