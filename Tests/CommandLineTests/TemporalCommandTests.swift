import Foundation
import TestSupport
import Testing

private let patrolText = """
  {"format":"rationale-mdp","version":1,"states":["hall","A","B","C"],"actions":["stay","go"],
  "initial":"hall",
  "transitions":[["hall","go","A","2/3"],["hall","go","C","1/3"],["A","stay","A",1],
  ["A","go","B",1],["B","stay","B",1],["B","go","A",1],["C","stay","C",1]],
  "labels":{"a":["A"],"b":["B"],"c":["C"]}}
  """

private let automatonText = """
  HOA: v1
  States: 2
  Start: 0
  AP: 2 "a" "c"
  Acceptance: 2 Inf(0) & Fin(1)
  --BODY--
  State: 0
  [0&!1] 0 {0}
  [!0&!1] 0
  [1] 1
  State: 1 {1}
  [t] 1
  --END--
  """

@Suite("rationale solve --objective ltl", .tags(.commandLine))
struct TemporalCommandTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(patrolText, to: "patrol.json")
    try folder.write(automatonText, to: "patrol.hoa")
  }

  @Test(
    "a formula and an automaton are answered and the answer is accepted",
    arguments: [
      (["--formula", "G F a & G F b & G !c"], "2/3"), (["--automaton", "patrol.hoa"], "2/3"),
      (["--formula", "F c", "--minimize"], "1/3"), (["--formula", "F G a"], "2/3"),
      (["--automaton", "patrol.hoa", "--minimize"], "0"), (["--formula", "false"], "0"),
      (["--formula", "X b", "--initial", "C"], "0"), (["--formula", "true"], "1"),
    ])
  func answers(arguments: [String], value: String) throws {
    let solve = ["solve", "patrol.json", "--objective", "ltl", "--format", "json"] + arguments
    let run = try folder.run(solve)
    #expect(run.status == 0, "\(run.errors)")
    let solution = try jsonObject(run.output)
    #expect(solution["initialValue"] as? String == value)
    #expect(solution["objective"] as? String == "ltl")
    #expect(solution["policy"] is [String: [String: Any]])
    try folder.write(run.output, to: "answer.json")
    let check = try folder.run("check", "patrol.json", "answer.json")
    #expect(check.status == 0, "\(check.output)")
    let wrong = run.output.replacing(
      "\"initialValue\": \"\(value)\"", with: "\"initialValue\": \"1/7\"")
    try folder.write(wrong, to: "wrong.json")
    #expect(try folder.run("check", "patrol.json", "wrong.json").status == 1)
    let text = try folder.run(Array(solve.filter { $0 != "--format" && $0 != "json" }))
    #expect(text.status == 0)
  }

  @Test(
    "a formula on finite traces is answered and the answer is accepted",
    arguments: [
      (["--formula", "F b"], "2/3"), (["--formula", "F c", "--minimize"], "1/3"),
      (["--formula", "WX false"], "1"), (["--formula", "G (a | b)"], "0"),
      (["--formula", "G !a", "--end", "c"], "1/3"), (["--formula", "F b", "--end", "c"], "0"),
      (["--formula", "X X b", "--end", "b"], "2/3"), (["--formula", "G !b", "--end", "b"], "0"),
    ])
  func finiteTraces(arguments: [String], value: String) throws {
    let run = try folder.run(
      ["solve", "patrol.json", "--objective", "ltlf", "--format", "json"] + arguments)
    #expect(run.status == 0, "\(run.errors)")
    let solution = try jsonObject(run.output)
    #expect(solution["initialValue"] as? String == value)
    #expect(solution["objective"] as? String == "ltlf")
    try folder.write(run.output, to: "answer.json")
    let check = try folder.run("check", "patrol.json", "answer.json")
    #expect(check.status == 0, "\(check.output)")
    // The solution's own field; the certificate goes on saying what it proves.
    let wrong = run.output.replacing(
      "\"objective\": \"ltlf\"", with: "\"objective\": \"ltl\"", maxReplacements: 1)
    #expect(wrong != run.output)
    try folder.write(wrong, to: "wrong.json")
    #expect(try folder.run("check", "patrol.json", "wrong.json").status != 0)
  }

  @Test(
    "the automaton of a formula is written, read again and worth the same",
    arguments: [
      ([], "G F a & G F b & G !c", "2/3"), ([], "F c", "1/3"),
      (["--finite"], "F b", "2/3"), (["--end", "c"], "G !a", "1/3"),
    ])
  func automata(options: [String], formula: String, value: String) throws {
    let written = try folder.run(["automaton", formula, "--output", "formula.hoa"] + options)
    try #require(written.status == 0, "\(written.errors)")
    #expect(try folder.text(of: "formula.hoa").hasPrefix("HOA: v1\nname: \"\(formula)\"\n"))
    let printed = try folder.run(["automaton", formula] + options)
    #expect(try printed.output == folder.text(of: "formula.hoa"))
    let run = try folder.run(
      "solve", "patrol.json", "--objective", "ltl", "--automaton", "formula.hoa", "--format",
      "json")
    try #require(run.status == 0, "\(run.errors)")
    #expect(try jsonObject(run.output)["initialValue"] as? String == value)
  }

  @Test(
    "an automaton that is not deterministic or not complete is malformed, and the message says so",
    arguments: [
      ("[1] 1\nState", "[1] 1\n[1] 0\nState", "not deterministic: state 0 has two edges"),
      ("[1] 1\nState", "State", "not complete: state 0 has no edge for !a & c"),
      ("Start: 0", "Start: 0\nStart: 1", "several initial states"),
      ("Start: 0", "Start: 0\nWeights: 1", "the header 'Weights:' is not known"),
      ("\"c\"", "\"nothing\"", "nothing"),
    ])
  func badAutomata(found: String, replacement: String, mention: String) throws {
    let changed = automatonText.replacing(found, with: replacement)
    #expect(changed != automatonText)
    try folder.write(changed, to: "changed.hoa")
    let run = try folder.run(
      "solve", "patrol.json", "--objective", "ltl", "--automaton", "changed.hoa")
    #expect(run.status == 65, "\(run.errors)")
    #expect(run.errors.contains(mention) && run.errors.contains("changed.hoa"), "\(run.errors)")
  }

  @Test("a changed policy and a certificate in a file of its own")
  func policy() throws {
    let run = try folder.run(
      "solve", "patrol.json", "--objective", "ltl", "--formula", "G F b", "--format", "json",
      "--certificate", "proof.json", "--output", "answer.json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try folder.run("check", "patrol.json", "answer.json").status == 0)
    #expect(try folder.run("check", "patrol.json", "proof.json").status == 0)
    let answer = try folder.text(of: "answer.json")
    let changed = answer.replacing("\"A\": \"go\"", with: "\"A\": \"stay\"")
    #expect(changed != answer)
    try folder.write(changed, to: "answer.json")
    #expect(try folder.run("check", "patrol.json", "answer.json").status == 1)
  }

  @Test(
    "what a solution says besides its values is held against the proof",
    arguments: [
      (#""initialValueDecimal": "0.6667""#, #""initialValueDecimal": "0.6666""#, 1),
      (#""hall": "0.6667""#, #""hall": "0.6668""#, 1), (#""C": "0.0000""#, #""C": "0.0001""#, 1),
      (#""initial": "q0""#, #""initial": "q1""#, 1),
      (#""objective": "ltl""#, #""objective": "average""#, 1),
      (#""objective": "reachability""#, #""objective": "total""#, 1),
      (#"Acceptance: 3 Fin(0)"#, #"Acceptance: 3 Inf(0)"#, 1),
      (#""status": "exact""#, #""status": "enclosed""#, 1),
      (#""method": "policy-iteration""#, #""method": "value-iteration""#, 0),
    ])
  func mutations(found: String, replacement: String, status: Int) throws {
    let run = try folder.run(
      "solve", "patrol.json", "--objective", "ltl", "--formula", "G F a & G F b & G !c", "--format",
      "json", "--decimals", "4")
    let place = try #require(run.output.range(of: found), "\(run.output)")
    try folder.write(
      run.output.replacingCharacters(in: place, with: replacement), to: "answer.json")
    let check = try folder.run("check", "patrol.json", "answer.json")
    #expect(Int(check.status) == status, "\(check.output)")
  }

  @Test("the product with a reward machine is a model")
  func machine() throws {
    try folder.write(
      """
      {"format":"rationale-machine","version":1,"machine":{"states":["fresh","seen"],
      "initial":"fresh","transitions":[["fresh",{"onNext":"b"},"seen"]]},
      "reward":[["seen","A","stay",3],["fresh","B","go","A","1/2"]]}
      """, to: "machine.json")
    let convert = try folder.run(
      "convert", "patrol.json", "product.json", "--machine", "machine.json")
    #expect(convert.status == 0, "\(convert.errors)")
    let run = try folder.run(
      "solve", "product.json", "--discount", "1/2", "--reward", "machine", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    // hall, A, B, then A for ever: 2/3 · (1/8 · 3 · 2).
    #expect(try jsonObject(run.output)["initialValue"] as? String == "1/2")
    // The same without a file of the product, for every objective; check takes the machine too.
    for (objective, value) in [
      (["--discount", "1/2"], "1/2"), (["--objective", "average"], "2"),
      (["--objective", "finite-horizon", "--horizon", "5"], "4"),
      (["--objective", "total", "--goal", "c"], "-inf"),
      (["--objective", "reachability", "--goal", "b"], "2/3"),
      (["--objective", "reachability", "--goal", "b", "--horizon", "1"], "0"),
      (["--objective", "ltl", "--formula", "G F a & G F b"], "2/3"),
      (["--objective", "ltl", "--formula", "G F a & G F b", "--minimize"], "0"),
      (["--objective", "ltlf", "--formula", "F (b & X a)"], "2/3"),
    ] {
      let solved = try folder.run(
        ["solve", "patrol.json", "--machine", "machine.json", "--format", "json"] + objective)
      #expect(solved.status == 0, "\(objective): \(solved.errors)")
      #expect(try jsonObject(solved.output)["initialValue"] as? String == value, "\(objective)")
      try folder.write(solved.output, to: "answer.json")
      let check = try folder.run(
        "check", "patrol.json", "answer.json", "--machine", "machine.json")
      #expect(check.status == 0, "\(check.output)\(check.errors)")
    }
    try folder.write("{\"format\":\"rationale-machine\",\"version\":1}", to: "empty.json")
    let empty = try folder.run("convert", "patrol.json", "x.json", "--machine", "empty.json")
    #expect(empty.status == 65)
  }

  @Test(
    "mistakes end with their codes",
    arguments: [
      (["--objective", "ltl"], 64), (["--objective", "ltlf"], 64),
      (["--objective", "ltl", "--formula", "F a", "--end", "a"], 64),
      (["--objective", "ltlf", "--formula", "F a", "--end", "nothing"], 64),
      (["--objective", "ltlf", "--automaton", "patrol.hoa"], 64),
      (["--objective", "ltl", "--formula", "F ("], 64),
      (["--objective", "ltl", "--formula", "F nothing"], 64),
      (["--objective", "ltl", "--formula", "F a", "--automaton", "patrol.hoa"], 64),
      (["--objective", "ltl", "--automaton", "absent.hoa"], 66),
      (["--objective", "ltl", "--automaton", "patrol.json"], 65),
      (["--objective", "reachability", "--goal", "a", "--formula", "F a"], 64),
    ])
  func mistakes(arguments: [String], status: Int) throws {
    let run = try folder.run(["solve", "patrol.json"] + arguments)
    #expect(Int(run.status) == status, "\(run.errors)")
    #expect(run.output.isEmpty)
  }
}
