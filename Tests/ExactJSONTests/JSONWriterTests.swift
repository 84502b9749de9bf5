import ExactJSON
import Foundation
import Testing

@Suite("Stable JSON writing")
struct JSONWriterTests {
  static func text(indented: Bool = false, _ body: (JSONWriter) -> Void) throws -> String {
    var bytes: [UInt8] = []
    let writer = JSONWriter(indented: indented) { bytes += $0 }
    body(writer)
    try writer.finish()
    return String(decoding: bytes, as: UTF8.self)
  }

  static func sample(_ writer: JSONWriter) {
    writer.beginObject()
    writer.key("b")
    writer.beginArray()
    writer.integer(-7)
    writer.bool(true)
    writer.null()
    writer.string("1/3")
    writer.endArray()
    writer.key("a")
    writer.beginObject()
    writer.endObject()
    writer.key("c")
    writer.beginArray()
    writer.endArray()
    writer.endObject()
  }

  @Test("members keep the order of the calls")
  func compact() throws {
    #expect(try Self.text(Self.sample) == #"{"b":[-7,true,null,"1/3"],"a":{},"c":[]}"# + "\n")
  }

  @Test("indented text has one element a line")
  func indented() throws {
    let text = try Self.text(indented: true, Self.sample)
    #expect(
      text == """
        {
          "b": [
            -7,
            true,
            null,
            "1/3"
          ],
          "a": {},
          "c": []
        }

        """)
  }

  @Test("any string reads back, by our reader and by Foundation")
  func escapes() throws {
    let low = (0..<0x250 as Range<UInt32>).compactMap(Unicode.Scalar.init).map { String($0) }
    let all = low.joined() + "\"\\/😀\u{2028}"
    let text = try Self.text { $0.string(all) }
    if case .string(let found) = try JSONDocument(parsing: Array(text.utf8)).root.kind {
      #expect(Array(found.unicodeScalars) == Array(all.unicodeScalars))
    } else {
      Issue.record("no string")
    }
    let other =
      try JSONSerialization.jsonObject(
        with: Data(text.utf8), options: .fragmentsAllowed) as? String
    #expect(other.map { Array($0.unicodeScalars) } == Array(all.unicodeScalars))
  }

  @Test("a failing sink is reported once, at the end")
  func failure() {
    struct Full: Error {}
    var calls = 0
    let writer = JSONWriter { _ in
      calls += 1
      throw Full()
    }
    writer.beginArray()
    for index in 0..<200_000 { writer.integer(index) }
    writer.endArray()
    #expect(throws: Full.self) { try writer.finish() }
    #expect(calls == 1)
  }
}

@Suite("Inputs")
struct InputFileTests {
  @Test(
    "what cannot be opened is named with the system's reason",
    arguments: [
      ("/nowhere/file.json", "No such file or directory"), ("/", "Is a directory"),
      ("/dev/null/file.json", "Not a directory"), ("", "No such file or directory"),
      ("a\0b", "No such file or directory"),
    ])
  func reasons(path: String, reason: String) {
    #expect(
      throws: InputError(
        kind: .cannotOpen, file: path, place: nil, problem: "cannot be read: \(reason)")
    ) { try InputFile.read(path) }
  }

  @Test("a file and a device are read whole")
  func whole() throws {
    #expect(try InputFile.read("/dev/null") == [])
    let path = #filePath
    #expect(try InputFile.read(path) == Array(Data(contentsOf: URL(filePath: path))))
  }

  @Test(
    "the nearest name is found when one is near",
    arguments: [
      ("transitons", "transitions"), ("reward", "rewards"), ("State", "states"),
      ("lables", "labels"),
      ("quux", nil),
    ])
  func nearest(name: String, expected: String?) {
    let keys = ["states", "actions", "transitions", "rewards", "labels"]
    #expect(nearestName(to: name, among: keys) == expected)
  }
}
