import Foundation
import TestSupport
import Testing

/// A model file that breaks a rule, and what the message must say.
struct MalformedModel: CustomTestStringConvertible, Sendable {
  let rule: String
  let bytes: [UInt8]
  let mentions: [String]

  init(_ rule: String, _ text: String, _ mentions: String...) {
    self.rule = rule
    self.bytes = Array(text.utf8)
    self.mentions = mentions
  }

  init(_ rule: String, bytes: [UInt8], _ mentions: String...) {
    self.rule = rule
    self.bytes = bytes
    self.mentions = mentions
  }

  var testDescription: String { rule }
}

@Suite("Malformed models end with 65 and a message with the place", .tags(.commandLine, .mutation))
struct MalformedModelTests {
  static let syntax: [MalformedModel] = [
    .init("empty file", "", "1:1"),
    .init("blank file", " \n \n", ":"),
    .init("truncated", String(forkText.dropLast(20)), ":"),
    .init("text after the document", forkText + "x", "'x'"),
    .init("missing comma", #"{"format":"rationale-mdp" "version":1}"#, "1:27"),
    .init("doubled comma", #"{"format":"rationale-mdp",,"version":1}"#, "1:27"),
    .init("comment", "// hello\n" + forkText, "1:1"),
    .init("single quotes", "{'format':'rationale-mdp'}", "1:2"),
    .init("number 01", modelText(more: #""discount":01"#), "01"),
    .init("number +1", modelText(more: #""discount":+1"#), "+1"),
    .init("number .5", modelText(more: #""discount":.5"#), ".5"),
    .init("number 1.", modelText(more: #""discount":1."#), "1."),
    .init("number NaN", modelText(more: #""discount":NaN"#), "NaN"),
    .init("number -Infinity", modelText(more: #""discount":-Infinity"#), "-Infinity"),
    .init("UTF-16", bytes: Array(forkText.data(using: .utf16) ?? Data()), "UTF-8"),
    .init("invalid UTF-8", bytes: Array("{\"x-a\":\"".utf8) + [0xFF] + Array("\"}".utf8), "UTF-8"),
    .init(
      "overlong UTF-8", bytes: Array("{\"x-a\":\"".utf8) + [0xC0, 0xAF] + Array("\"}".utf8),
      "UTF-8"),
    .init("lone surrogate", modelText(more: #""x-a":"\ud800""#), "surrogate"),
    .init("NUL in a string", modelText(more: "\"x-a\":\"\0\""), "2:"),
    .init("control character in a string", modelText(more: "\"x-a\":\"\u{1}\""), "U+0001"),
    .init("NUL after the document", forkText + "\0", "U+0000"),
    .init(
      "nesting", String(repeating: "[", count: 100_000), "nested deeper than 512"),
    .init(
      "nesting under an ignored key",
      modelText(more: "\"x-a\":" + String(repeating: "[", count: 100_000)),
      "nested deeper than 512"),
  ]

  static let shape: [MalformedModel] = [
    .init("top level is an array", "[1]", "object"),
    .init("no format", #"{"version":1}"#, "format"),
    .init("other format", #"{"format":"prism","version":1}"#, "prism", "rationale-mdp"),
    .init("other version", #"{"format":"rationale-mdp","version":2}"#, "version", "2"),
    .init("key twice", modelText(more: #""discount":"1/2","discount":"1/3""#), "discount", "twice"),
    .init("reward twice", modelText(more: #""rewards":{"r":[],"r":[]}"#), "'r'", "twice"),
    .init("label twice", modelText(more: #""labels":{"l":[],"l":[]}"#), "'l'", "twice"),
    .init("unknown key", modelText(more: #""disount":"1/2""#), "disount", "discount"),
    .init("missing key", #"{"format":"rationale-mdp","version":1,"states":2}"#, "actions"),
    .init("wrong type", modelText(transitions: "7"), "transitions", "array"),
    .init("no states", modelText(states: "0"), "states", "0"),
    .init("negative count", modelText(states: "-3"), "states", "-3"),
    .init("fractional count", modelText(states: "2.5"), "states", "2.5"),
    .init("count too large", modelText(states: "2147483648"), "2147483648"),
    .init("state twice", modelText(states: #"["a","a"]"#), "'a'", "twice"),
    .init("entry too short", modelText(transitions: #"[["a","x",1]]"#), "transitions[0]"),
    .init("entry of another shape", modelText(transitions: #"[7]"#), "transitions[0]"),
  ]

  static let numbers: [MalformedModel] =
    [
      ("null", "null"), ("true", "true"), (#""""#, "''"), (#"" ""#, " "), (#""1/2/3""#, "1/2/3"),
      (#""0x10""#, "0x10"), (#""1,000""#, "1,000"), (#""١""#, "١"), (#""1/0""#, "zero denominator"),
      (#""1e999999999""#, "exponent"), ("1e999999999", "exponent"), ("0e999999999", "exponent"),
    ].map { number, mention in
      .init(
        "number \(number)", modelText(transitions: #"[["a","x","b",\#(number)]]"#),
        "transitions[0][3]", mention)
    } + [
      .init(
        "too many digits",
        modelText(more: "\"discount\":0." + String(repeating: "1", count: 1_000_001)),
        "digits", "1000000", "--max-digits")
    ]

  static let rules: [MalformedModel] = [
    .init(
      "unknown state", modelText(transitions: #"[["a","x","bb",1]]"#), "transitions[0][2]", "bb",
      "'b'"),
    .init("unknown action", modelText(transitions: #"[["a","xx","b",1]]"#), "xx", "'x'"),
    .init("index out of range", modelText(transitions: "[[0,0,2,1]]"), "transitions[0][2]", "2"),
    .init("negative index", modelText(transitions: "[[-1,0,0,1]]"), "transitions[0][0]", "-1"),
    .init("fractional index", modelText(transitions: "[[0.5,0,0,1]]"), "0.5"),
    .init("name where a count", modelText(states: "2", transitions: #"[["q",0,0,1]]"#), "q"),
    .init(
      "negative probability",
      modelText(transitions: #"[["a","x","b","-1/2"],["a","x","a","3/2"],["b","x","b",1]]"#),
      "'a'", "'x'", "'b'", "-1/2"),
    .init(
      "sum not 1", modelText(transitions: #"[["a","x","b","1/3"],["b","x","b",1]]"#), "'a'", "'x'",
      "1/3"),
    .init(
      "sum not 1 by 1e-30",
      modelText(
        transitions: #"[["a","x","b",1],["a","x","a","1e-30"],["b","x","b",1]]"#),
      "1000000000000000000000000000001/1000000000000000000000000000000"),
    .init(
      "decimals that miss 1", modelText(transitions: #"[["a","x","b",0.333],["b","x","b",1]]"#),
      "--snap"),
    .init(
      "transition twice", modelText(transitions: #"[["a","x","b",1],[0,0,1,0],["b","x","b",1]]"#),
      "transitions[0]", "transitions[1]"),
    .init("state without action", modelText(transitions: #"[["a","x","b",1]]"#), "'b'"),
    .init("discount 1", modelText(more: #""discount":1"#), "discount", "1"),
    .init("negative discount", modelText(more: #""discount":"-1/2""#), "discount", "-1/2"),
    .init(
      "initial sum", modelText(more: #""initial":[["a","1/2"],["b","1/3"]]"#), "initial", "5/6"),
    .init(
      "initial negative", modelText(more: #""initial":[["a","-1"],["b",2]]"#), "initial", "-1"),
    .init("initial unknown", modelText(more: #""initial":"c""#), "initial", "c"),
    .init(
      "initial twice", modelText(more: #""initial":[["a","1/2"],["a","1/2"]]"#), "initial", "'a'"),
    .init(
      "reward key twice", modelText(more: #""rewards":{"r":[["a","x",1],["a","x",2]]}"#), "'r'",
      "'a'", "'x'"),
    .init("reward entry", modelText(more: #""rewards":[["a",1]]"#), "rewards[0]"),
    .init("reward name", modelText(more: #""rewards":[["a","z",1]]"#), "z"),
    .init("label state", modelText(more: #""labels":{"l":["c"]}"#), "labels", "c"),
  ]

  @Test("through a file", arguments: [syntax, shape, numbers, rules].flatMap(\.self))
  func file(model: MalformedModel) throws {
    let folder = try ScratchFolder()
    try folder.write(model.bytes, to: "m.json")
    let run = try folder.run("info", "m.json")
    #expect(run.status == 65)
    #expect(run.output.isEmpty)
    #expect(
      run.errors.contains(/^error: m\.json: (\d+:\d+|[A-Za-z][\w.\[\]]*): ./), "\(run.errors)")
    for mention in model.mentions {
      #expect(run.errors.contains(mention), "\(run.errors)")
    }
    #expect(run.errors.utf8.count < 1000, "the offending text is cut")
  }

  @Test("through standard input, which messages call <stdin>", arguments: rules.prefix(3))
  func standardInput(model: MalformedModel) throws {
    let folder = try ScratchFolder()
    let run = try folder.run(
      "info", "-", input: String(decoding: model.bytes, as: UTF8.self))
    #expect(run.status == 65)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("error: <stdin>: "))
  }

  @Test("a byte order mark is skipped, rewards on what cannot happen are kept")
  func accepted() throws {
    let folder = try ScratchFolder()
    let bom = try folder.run("info", "-", input: "\u{FEFF}" + forkText)
    #expect(bom.status == 0, "\(bom.errors)")
    let text = modelText(more: #""rewards":[["a","y",5],["b","x","b",3]]"#)
    let kept = try folder.run("convert", "-", "-", "--to", "rationale", input: text)
    #expect(kept.status == 0, "\(kept.errors)")
    #expect(kept.output.contains("\"5\""))
  }
}
