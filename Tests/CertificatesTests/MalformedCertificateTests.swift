import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Malformed certificates", .tags(.mutation))
struct MalformedCertificateTests {
  @Test(
    "a file cut at any byte is malformed",
    arguments: [WorkedModel.exact, WorkedModel.enclosed, WorkedModel.horizon])
  func truncated(text: String) throws {
    let model = try WorkedModel.make()
    let bytes = Array(text.utf8)
    for end in bytes.indices {
      let outcome = check(bytes: Array(bytes[..<end]), model)
      try #require(outcome.isMalformed, "after \(end) bytes: \(outcome)")
      try #require(outcome.text.hasPrefix("c.json: "))
    }
  }

  @Test(
    "a field of the wrong type is malformed, and the message names the place and what is there",
    arguments: [
      (#""version":1"#, #""version":2"#, "version", "'2'"),
      (#""version":1"#, #""version":"1""#, "version", "'1'"),
      (#""version":1,"#, "", "", "'version' is missing"),
      ("rationale-certificate", "rationale-proof", "format", "'rationale-proof'"),
      ("rationale-certificate", "rationale-mdp", "format", "this file is a model"),
      (#""format":"rationale-certificate","#, "", "", "'format' is missing"),
      ("discounted-exact", "discounted-exactly", "kind", "'discounted-exactly'"),
      (#""kind":"discounted-exact","#, "", "", "'kind' is missing"),
      (#""reward":"default","#, "", "", "'reward' is missing"),
      (#""discount":"1/2","#, "", "", "'discount' is missing"),
      (#","policy":{"a":"go","b":"stay"}"#, "", "", "'policy' is missing"),
      (#""values":{"a":"8/3","b":"8"},"#, "", "", "'values' is missing"),
      (#""reward""#, #""rewrad""#, "rewrad", "nearest known one is 'reward'"),
      (#""kind""#, #""goal":"g","kind""#, "goal", "unknown key 'goal'"),
      (#""kind""#, #""lower":[],"kind""#, "lower", "unknown key 'lower'"),
      (#""kind""#, #""kind":"x","kind""#, "1:", "twice"),
      (#""maximize""#, #""maximise""#, "direction", "'maximise'"),
      (#""maximize""#, "null", "direction", "null"),
      (#""default""#, "3", "reward", "'3'"),
      (#""1/2""#, #""1/0""#, "discount", "zero denominator"),
      (#""8/3""#, #""8/-3""#, "values['a']", "'8/-3'"),
      (#""8/3""#, #""8/0""#, "values['a']", "zero denominator"),
      (#""8/3""#, #""NaN""#, "values['a']", "'NaN'"),
      (#""8/3""#, #""inf""#, "values['a']", "'inf'"),
      (#""8/3""#, #""Infinity""#, "values['a']", "'Infinity'"),
      (#""8/3""#, "NaN", "1:", "NaN"),
      (#""8/3""#, #""""#, "values['a']", "''"),
      (#""8/3""#, #"" ""#, "values['a']", "' '"),
      (#""8/3""#, #""0x10""#, "values['a']", "'0x10'"),
      (#""8/3""#, #""8/3/1""#, "values['a']", "'8/3/1'"),
      (#""8/3""#, #""\u0661""#, "values['a']", "not a number"),
      (#""8/3""#, "null", "values['a']", "null"),
      (#""8/3""#, "true", "values['a']", "true"),
      (#""8/3""#, "[1]", "values['a']", "an array"),
      (#""8/3""#, "{}", "values['a']", "an object"),
      (#""8/3""#, "1e999999999", "values['a']", "exponent"),
      (#""8/3""#, #""0e-10001""#, "values['a']", "exponent"),
      (#"{"a":"8/3","b":"8"}"#, "7", "values", "'7'"),
      (#"{"a":"8/3","b":"8"}"#, #"["8/3",null]"#, "values[1]", "null"),
      (#"{"a":"8/3","b":"8"}"#, #"{"a":"8/3","b":"8","a":"8/3"}"#, "1:", "twice"),
      (
        #"{"a":"8/3","b":"8"}"#, #"{"denominator":0,"numerators":[8,24]}"#,
        "values.denominator", "zero denominator"
      ),
      (
        #"{"a":"8/3","b":"8"}"#, #"{"denominator":-3,"numerators":[-8,-24]}"#,
        "values.denominator", "'-3'"
      ),
      (
        #"{"a":"8/3","b":"8"}"#, #"{"denominator":"3/2","numerators":[4,12]}"#,
        "values.denominator", "'3/2'"
      ),
      (
        #"{"a":"8/3","b":"8"}"#, #"{"denominator":3,"numerators":["16/2",24.5]}"#,
        "values.numerators[1]", "'24.5'"
      ),
      (#"{"a":"8/3","b":"8"}"#, #"{"numerators":[8,24]}"#, "values", "'denominator'"),
      (#""a":"go""#, #""a":["go"]"#, "policy['a']", "an array"),
      (#""a":"go""#, #""a":1.5"#, "policy['a']", "'1.5'"),
      (#""a":"go""#, #""a":null"#, "policy['a']", "null"),
      (#""policy":{"a":"go","b":"stay"}"#, #""policy":"go""#, "policy", "'go'"),
    ])
  func exact(part: String, replacement: String, place: String, problem: String) throws {
    let text = WorkedModel.exact.replacing(part, with: replacement)
    try expectMalformed(text, place, problem)
  }

  @Test(
    "the fields of the other kinds are read as strictly",
    arguments: [
      (
        WorkedModel.enclosed, #""policyIsOptimal":true"#, #""policyIsOptimal":1"#, "policyIsOptimal"
      ),
      (WorkedModel.enclosed, #""policyIsOptimal":true,"#, "", ""),
      (WorkedModel.enclosed, #","undecided":[]"#, "", ""),
      (WorkedModel.enclosed, #""undecided":[]"#, #""undecided":{}"#, "undecided"),
      (WorkedModel.enclosed, #""undecided":[]"#, #""undecided":[[0]]"#, "undecided[0]"),
      (
        WorkedModel.enclosed, #""undecided":[]"#, #""undecided":[],"partition":[0,-1]"#,
        "partition[1]"
      ),
      (
        WorkedModel.enclosed, #""undecided":[]"#, #""undecided":[],"partition":[0,"1"]"#,
        "partition[1]"
      ),
      (WorkedModel.enclosed, #""63/8""#, #""63/8x""#, "lower[1]"),
      (WorkedModel.horizon, #""horizon":2"#, #""horizon":-2"#, "horizon"),
      (WorkedModel.horizon, #""horizon":2"#, #""horizon":"2""#, "horizon"),
      (WorkedModel.horizon, #""horizon":2"#, #""horizon":2.5"#, "horizon"),
      (WorkedModel.horizon, #""horizon":2,"#, "", ""),
      (WorkedModel.horizon, #"{"a":"1","b":"4"}"#, #"{"a":"1","b":[4]}"#, "values[1]['b']"),
      (WorkedModel.horizon, #"{"a":"stay","b":"stay"}"#, #"7"#, "policy[1]"),
      (WorkedModel.horizon, #""horizon":2"#, #""horizon":2,"terminal":0"#, "terminal"),
    ])
  func others(text: String, part: String, replacement: String, place: String) throws {
    try expectMalformed(text.replacing(part, with: replacement), place, ": ")
  }

  private func expectMalformed(_ text: String, _ place: String, _ problem: String) throws {
    let outcome = check(text, try WorkedModel.make())
    #expect(outcome.isMalformed, "\(outcome)")
    #expect(outcome.text.hasPrefix("c.json: \(place)"), "\(outcome)")
    #expect(outcome.text.contains(problem), "\(outcome)")
  }

  @Test(
    "what is no object at the top is malformed",
    arguments: ["", " \n", "[]", "7", "null", "\"x\"", "{}", "[" + WorkedModel.exact + "]"])
  func top(text: String) throws {
    #expect(check(text, try WorkedModel.make()).isMalformed)
  }

  @Test("deep nesting ends with a message, also under a key that is ignored")
  func nesting() throws {
    let model = try WorkedModel.make()
    for depth in [513, 100_000] {
      let deep = String(repeating: "[", count: depth)
      #expect(check(deep, model).text.contains("nested deeper than 512"))
      let ignored = WorkedModel.exact.replacing(
        #""kind""#, with: "\"x-deep\":\(deep)\(String(repeating: "]", count: depth)),\"kind\"")
      #expect(check(ignored, model).text.contains("nested deeper than 512"))
    }
  }

  @Test("numbers of absurd length are refused or decided, never a crash")
  func hugeNumbers() throws {
    let model = try WorkedModel.make()
    let digits = String(repeating: "7", count: 1_000_001)
    let tooLong = WorkedModel.exact.replacing("8/3", with: digits)
    #expect(check(tooLong, model).text.contains("digits"))
    // 8/3 times 10^9999 / 10^9999: long, unreduced, and right.
    let zeros = String(repeating: "0", count: 9_999)
    let unreduced = WorkedModel.exact.replacing("8/3", with: "8\(zeros)/3\(zeros)")
    #expect(check(unreduced, model).isAccepted)
    // One unit in the 10 000th decimal place of 8.
    let nearly = WorkedModel.exact.replacing(#""b":"8""#, with: #""b":"8.\#(zeros)1""#)
    let outcome = check(nearly, model)
    #expect(outcome.isRejected)
    #expect(outcome.text.utf8.count < 500, "long numbers are cut")
    #expect(check(nearly.replacing("8.0", with: "-1e10000,0"), model).isMalformed)
    let wide = WorkedModel.exact.replacing(#""b":"8""#, with: #""b":8e10000"#)
    #expect(check(wide, model).isRejected)
  }

  @Test("the two files of check, exchanged, say which is which")
  func exchanged() throws {
    let model = #"{"format":"rationale-mdp","version":1,"states":1,"actions":1,"transitions":[]}"#
    #expect(check(model, try WorkedModel.make()).text.contains("this file is a model"))
    let error = DocumentKind.errorIfNoModel(bytes: Array(WorkedModel.exact.utf8), file: "m.json")
    #expect(error?.description.hasPrefix("m.json: format: this file is a certificate") == true)
    #expect(DocumentKind.errorIfNoModel(bytes: Array(model.utf8), file: "m.json") == nil)
    #expect(DocumentKind.errorIfNoModel(bytes: Array("{".utf8), file: "m.json") == nil)
  }

  @Test("a missing file is no malformed file")
  func missingFile() {
    #expect(throws: InputError.self) { try CertificateDocument.read("/nonexistent/c.json") }
    do throws(InputError) {
      _ = try CertificateDocument.read("/nonexistent/c.json")
    } catch {
      #expect(error.kind == .cannotOpen)
    }
  }

  @Test("one wrong byte never crashes the checker and never gets another statement accepted")
  func wrongBytes() throws {
    let model = try WorkedModel.make()
    var random = SplitMix64(seed: 51)
    for text in [WorkedModel.exact, WorkedModel.enclosed, WorkedModel.horizon] {
      let statement = check(text, model).text
      let bytes = Array(text.utf8)
      for _ in 0..<1500 {
        var spoiled = bytes
        let place = Int(random.below(UInt64(bytes.count)))
        spoiled[place] =
          [
            UInt8(random.below(256)), UInt8(ascii: "0") + UInt8(random.below(10)),
            Array(#"{}[]",:-/ex. "#.utf8)[Int(random.below(13))],
          ][Int(random.below(3))]
        let outcome = check(bytes: spoiled, model)
        // Wider bounds may pass, with a statement that gives them.
        guard outcome.isAccepted, text != WorkedModel.enclosed else { continue }
        try #require(outcome.text == statement, "\(String(decoding: spoiled, as: UTF8.self))")
      }
    }
  }

  @Test("a check that is stopped ends as stopped, not as a verdict")
  func stopped() throws {
    let stop = ProgressHandler(stopReason: { .cancelled })
    let document = try CertificateDocument.read(
      bytes: Array(WorkedModel.exact.utf8), path: "c.json")
    let model = try WorkedModel.make()
    #expect(throws: Interrupted(.cancelled)) {
      try document.verify(against: model, progress: stop)
    }
  }
}
