import ExactArithmetic
import ExactJSON
import Foundation
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Reading the rationale format")
struct RationaleReaderTests {
  /// What a text is refused with, after the file's name; or `accepted`.
  static func problem(_ text: String, snaps: Bool = false) -> String {
    do throws(InputError) {
      let options = ReadOptions(snaps: snaps)
      _ = try ModelFile.read(bytes: Array(text.utf8), name: "m.json", options: options)
      return "accepted"
    } catch {
      #expect(error.kind == .malformed && error.file == "m.json")
      return String(error.description.dropFirst("m.json: ".count))
    }
  }

  /// A small valid model with one section replaced or added, or left out when `nil`.
  static func model(_ key: String = "", _ value: String? = "") -> String {
    var members = [
      ("format", "\"rationale-mdp\""), ("version", "1"), ("states", "[\"low\",\"high\"]"),
      ("actions", "[\"wait\",\"search\"]"),
      ("transitions", "[[\"low\",\"wait\",\"low\",\"1\"],[1,0,0,\"1/2\"],[1,0,1,0.5]]"),
    ]
    members.removeAll { $0.0 == key }
    if !key.isEmpty, let value { members.append((key, value)) }
    return "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
  }

  static func loaded(_ text: String) throws -> FiniteMDP {
    try ModelFile.read(bytes: Array(text.utf8), name: "m.json").model
  }

  @Test("the example of the format's page is read exactly")
  func example() throws {
    let model = try Self.loaded(
      """
      { "format": "rationale-mdp", "version": 1,
        "states": ["low", "high"],
        "actions": ["wait", "search"],
        "discount": "9/10",
        "initial": [["low", "1/2"], ["high", "1/2"]],
        "transitions": [["low", "wait", "low", "1"], ["low", "search", "high", "3/4"],
                        ["low", "search", "low", "1/4"], ["high", "wait", "low", "1"]],
        "rewards": { "true": [["low", "search", 2], ["low", "search", "low", "-1"],
                     ["high", "wait", 3]], "proxy": [["low", "wait", "1/3"]] },
        "labels": { "goal": ["high"] } }
      """)
    #expect(Array(model.states.names) == ["low", "high"])
    #expect(Array(model.actions.names) == ["wait", "search"])
    #expect(model.discount == Rational(9, 10))
    #expect(model.initial?.map(\.probability) == [Rational(1, 2), Rational(1, 2)])
    #expect(model.choiceCount == 3 && model.transitionCount == 4)
    let search = try #require(model.choice(of: Action(1), at: State(0)))
    #expect(model.transitions(of: search).map(\.successor) == [State(1), State(0)])
    #expect(model.transitions(of: search).map(\.probability) == [Rational(3, 4), Rational(1, 4)])
    #expect(model.rewards.map(\.name) == ["true", "proxy"])
    // r(low, search) = 2 - 1/4, by the entry on (low, search, low) with probability 1/4.
    let expected = try #require(model.reward(named: "true")).expected(in: model)
    #expect((0..<3).map { expected[$0] } == [0, Rational(7, 4), 3])
    #expect(model.states(labeled: "goal") == [State(1)])
  }

  @Test("sections may come before the states and actions they refer to")
  func anyOrder() throws {
    let text = """
      {"labels":{"goal":["b"]},"rewards":[["a","go",1]],"transitions":[["a","go","b",1],["b","go","b",1]],
       "initial":"a","discount":0.5,"x-note":[{"a":1}],"actions":["go"],"version":1,
       "states":["a","b"],"format":"rationale-mdp"}
      """
    let model = try Self.loaded(text)
    #expect(model.transitionCount == 2 && model.discount == Rational(1, 2))
    #expect(model.initial?.first?.state == State(0) && model.rewards.first?.name == "default")
    #expect(model.states(labeled: "goal") == [State(1)])
  }

  @Test(
    "every rule of the model is enforced with its place",
    arguments: [
      ("", "", "accepted"),
      ("format", nil, "the required key 'format' is missing (\"rationale-mdp\")"),
      ("format", "\"mdp\"", "format: expected 'rationale-mdp', found 'mdp'"),
      ("format", "1", "format: expected 'rationale-mdp', found 1"),
      (
        "format", "\"rationale-solution\"",
        "expected 'rationale-mdp', found 'rationale-solution'; this"
      ),
      ("version", nil, "the required key 'version' is missing (the number 1)"),
      ("version", "2", "version: expected 1, found 2"),
      ("version", "\"1\"", "version: expected 1, found '1'"),
      ("version", "1.0", "version: expected 1, found 1.0"),
      ("states", nil, "the required key 'states' is missing (a count or an array of names)"),
      ("actions", nil, "the required key 'actions' is missing"),
      ("transitions", nil, "the required key 'transitions' is missing (an array of"),
      ("rewrads", "[]", "unknown key 'rewrads'; did you mean 'rewards'?"),
      ("P", "{}", "unknown key 'P'; Gymnasium's tables are read with --from gymnasium"),
      ("x-anything", "{\"a\":[null]}", "accepted"),
      ("states", "0", "states: the number of states is 0, but it has to be an integer from 1"),
      ("states", "-2", "states: the number of states is -2,"),
      ("states", "2.5", "states: the number of states is 2.5,"),
      ("states", "1e3", "states: the number of states is 1e3,"),
      ("states", "2147483648", "states: the number of states is 2147483648,"),
      ("actions", "[]", "actions: the number of actions is 0,"),
      ("states", "{}", "states: expected a count or an array of names, found an object"),
      ("states", "[\"a\",\"a\"]", "states: the state 'a' is named twice"),
      ("states", "[\"a\",1]", "states[1]: expected a name (a string), found 1"),
      ("transitions", "{}", "transitions: expected an array of"),
      (
        "transitions", "[[0,0,0]]",
        "transitions[0]: expected [state, action, successor, probability]"
      ),
      ("transitions", "[[0,0,0,1,2]]", "found an array of 5"),
      ("transitions", "[[]]", "found an array of 0"),
      (
        "transitions", "[7]",
        "transitions[0]: expected [state, action, successor, probability], found 7"
      ),
      ("transitions", "[[0,0,0,null]]", "transitions[0][3]: expected a number as in"),
      ("transitions", "[[0,0,0,true]]", "found true"),
      ("transitions", "[[0,0,0,[1]]]", "found an array"),
      ("transitions", "[[0,0,0,\"\"]]", "transitions[0][3]: '' is not a number"),
      ("transitions", "[[0,0,0,\" \"]]", "transitions[0][3]: ' ' is not a number"),
      ("transitions", "[[0,0,0,\"1/0\"]]", "transitions[0][3]: zero denominator in '1/0'"),
      ("transitions", "[[0,0,0,\"1/2/3\"]]", "transitions[0][3]: '1/2/3' is not a number"),
      ("transitions", "[[0,0,0,\"0x10\"]]", "'0x10' is not a number"),
      ("transitions", "[[0,0,0,\"1,000\"]]", "'1,000' is not a number"),
      ("transitions", "[[0,0,0,\"١\"]]", "'١' is not a number"),
      (
        "transitions", "[[0,0,0,1e999999999]]",
        "exponent of '1e999999999' is beyond the limit of 10000"
      ),
      (
        "transitions", "[[0,0,0,\"0e-10001\"]]",
        "exponent of '0e-10001' is beyond the limit of 10000"
      ),
      (
        "transitions", "[[\"hgh\",0,0,1]]",
        "transitions[0][0]: there is no state 'hgh'; did you mean 'high'?"
      ),
      (
        "transitions", "[[0,\"serch\",0,1]]",
        "transitions[0][1]: there is no action 'serch'; did you mean"
      ),
      (
        "transitions", "[[0,0,2,1]]",
        "transitions[0][2]: the state index 2 is out of range: it has to be"
      ),
      ("transitions", "[[0,-1,0,1]]", "transitions[0][1]: the action index -1 is out of range"),
      ("transitions", "[[0.0,0,0,1]]", "transitions[0][0]: the state index 0.0 is out of range"),
      (
        "transitions", "[[1e0,0,0,1]]",
        "the state index 1e0 is out of range: it has to be an integer from 0 to 1"
      ),
      (
        "transitions", "[[true,0,0,1]]",
        "transitions[0][0]: expected a state (a name or an index), found true"
      ),
      (
        "states", "2",
        "transitions[0][0]: the states are a count, so there is no state 'low': valid are"
      ),
      (
        "transitions", "[[0,0,0,\"3/2\"],[0,0,1,\"-1/2\"],[1,0,1,1]]",
        "transitions[1][3]: the probability of 'high' after action 'wait' at state 'low' is -1/2,"
      ),
      (
        "transitions", "[[0,0,0,\"1/2\"],[1,0,1,1]]",
        "transitions: the probabilities of action 'wait' at state 'low' add up to 1/2, not 1"
      ),
      (
        "transitions", "[[0,0,0,\"0.333\"],[0,0,1,0.666],[1,0,1,1]]",
        "add up to 999/1000, not 1 (--snap"
      ),
      (
        "transitions",
        "[[0,0,0,\"999999999999999999999999999999/1000000000000000000000000000000\"],[1,0,1,1]]",
        "add up to 999999999999999999999999999999/1000000000000000000000000000000, not 1"
      ),
      (
        "transitions", "[[0,0,0,1],[1,0,1,1],[\"low\",\"wait\",\"low\",0]]",
        "transitions[2]: the transition from 'low' under 'wait' to 'low' is listed twice: transitions[0] and"
      ),
      ("transitions", "[[0,0,0,1],[0,0,0,1],[1,0,1,1]]", "transitions[0] and transitions[1]"),
      ("transitions", "[[0,0,0,1]]", "transitions: the state 'high' has no available action"),
      ("transitions", "[]", "transitions: the state 'low' has no available action"),
      ("discount", "1", "discount: the discount is 1, but it has to be at least 0 and less than 1"),
      ("discount", "\"-1/10\"", "discount: the discount is -1/10,"),
      ("discount", "null", "discount: expected a number as in"),
      (
        "initial", "[[0,\"1/2\"],[1,\"1/3\"]]",
        "initial: the initial probabilities add up to 5/6, not 1"
      ),
      (
        "initial", "[[0,\"3/2\"],[1,\"-1/2\"]]",
        "initial: the initial probability of 'high' is -1/2,"
      ),
      ("initial", "\"lo\"", "initial: there is no state 'lo'"),
      (
        "initial", "[[0,\"1/2\"],[\"low\",\"1/2\"]]",
        "initial: the initial law lists the state 'low' twice"
      ),
      ("initial", "[[0]]", "initial[0]: expected [state, probability], found an array of 1"),
      (
        "initial", "{}",
        "initial: expected a state or a list of [state, probability], found an object"
      ),
      ("initial", "[[0,1],[1,0]]", "accepted"),
      (
        "rewards", "[[0,0,1],[0,0,2]]",
        "rewards[1]: the reward 'default' lists the key ('low', 'wait') twice"
      ),
      (
        "rewards", "{\"r\":[[0,0,1,1],[0,0,2],[0,0,\"high\",2]]}",
        "rewards.r[2]: the reward 'r' lists the key ('low', 'wait', 'high') twice: entries 0 and 2"
      ),
      ("rewards", "{\"r\":[],\"r\":[]}", "the key 'r' appears twice in one object"),
      ("rewards", "{\"r\":[[0,0]]}", "rewards.r[0]: expected [state, action, reward] or"),
      ("rewards", "{\"r\":[[0,0,1,2,3]]}", "rewards.r[0]: expected"),
      ("rewards", "[[0,\"go\",1]]", "rewards[0][1]: there is no action 'go'"),
      ("rewards", "[[0,0,\"hi\",1]]", "rewards[0][2]: there is no state 'hi'"),
      ("rewards", "[[0,0,\"x\"]]", "rewards[0][2]: 'x' is not a number"),
      ("rewards", "[[0,0,0,null]]", "rewards[0][3]: expected a number"),
      ("rewards", "7", "rewards: expected a list or an object of named lists, found 7"),
      ("rewards", "[[0,1,5],[0,1,1,7],[0,0,1,3]]", "accepted"),
      ("labels", "{\"goal\":[\"up\"]}", "labels.goal[0]: there is no state 'up'"),
      ("labels", "{\"goal\":[0],\"goal\":[1]}", "the key 'goal' appears twice in one object"),
      ("labels", "{\"goal\":0}", "labels.goal: expected an array of states, found 0"),
      ("labels", "[]", "labels: expected an object of named sets of states, found an array"),
      ("labels", "{\"none\":[],\"all\":[0,1,1]}", "accepted"),
      ("labeledTransitions", "[[0,0,0,[\"a\",\"b\"]]]", "accepted"),
      (
        "labeledTransitions", "[[0,0,0,[1]]]", "labeledTransitions[0][3][0]: expected a proposition"
      ),
      (
        "labeledTransitions", "[[0,0,0]]",
        "labeledTransitions[0]: expected [state, action, successor,"
      ),
    ] as [(String, String?, String)])
  func rules(key: String, value: String?, message: String) {
    let problem = Self.problem(Self.model(key, value))
    #expect(problem.contains(message), "\(problem)")
  }

  @Test("a top level that is no object, and syntax, have their places")
  func topLevel() {
    #expect(Self.problem("[]") == "1:1: expected an object at the top level, found an array")
    #expect(Self.problem("7") == "1:1: expected an object at the top level, found 7")
    #expect(Self.problem("") == "1:1: expected a value, found the end of the text")
    #expect(Self.problem("{}").hasPrefix("1:1: the required key 'format' is missing"))
    #expect(Self.problem(Self.model() + "{}").contains("expected the end of the text, found '{'"))
    let deep = String(repeating: "[", count: 100_000)
    #expect(Self.problem(Self.model("x-deep", deep)).hasSuffix("nested deeper than 512"))
    #expect(Self.problem("\u{FEFF}" + Self.model()) == "accepted")
    #expect(Self.problem("{\"rewrads\":[],\"format\":1}").hasPrefix("format: expected"))
  }

  @Test("digits are limited before any arithmetic")
  func digits() throws {
    let long = "\"0." + String(repeating: "1", count: 200) + "\""
    let bytes = Array(Self.model("discount", long).utf8)
    #expect(throws: Never.self) { try ModelFile.read(bytes: bytes, name: "m") }
    let options = ReadOptions(limits: NumberLimits(maximumDigits: 100))
    let error = #expect(throws: InputError.self) {
      try ModelFile.read(bytes: bytes, name: "m", options: options)
    }
    #expect(error?.place == "discount")
    #expect(error?.problem.contains("limit of 100 digits (see --max-digits)") == true)
  }

  @Test("a count of states beyond the file costs no memory before it is refused")
  func hugeCount() {
    let text = Self.model("states", "2147483647").replacing("\"low\"", with: "0")
    #expect(
      Self.problem(text).hasSuffix(
        "the state '2' has no available action (no transition starts there)"))
  }

  @Test("escapes are part of names, never of what they mean")
  func escapes() throws {
    let text = Self.model().replacing("\"low\",\"wait\"", with: #""l\u006fw","\u0077ait""#)
      .replacing("\"1/2\"", with: #""1\/2""#)
    #expect(Self.problem(text) == "accepted")
  }

  @Test("a count of actions may be large, and many labels are no trouble")
  func largeTables() throws {
    var text = Self.model("actions", "2147483647").replacing("\"wait\"", with: "2147483646")
    let labels = (0..<1000).map { "\"l\($0)\":[0]" }.joined(separator: ",")
    text = String(text.dropLast()) + ",\"labels\":{\(labels)}}"
    let model = try Self.loaded(text)
    #expect(model.actions.count == 2_147_483_647 && model.labels.count == 1000)
    for format in [ModelFormat.rationale, .drn, .prismExplicit, .dot] {
      #expect(try !ModelText.written(model, as: format).isEmpty)
    }
  }

  @Test("--snap brings fractions back, --normalize divides by the sum")
  func altering() throws {
    let text = Self.model(
      "transitions", "[[0,0,0,0.33333333333333331],[0,0,1,0.66666666666666663],[1,0,1,1]]")
    #expect(Self.problem(text).contains("(--snap"))
    let snapped = try ModelFile.read(
      bytes: Array(text.utf8), name: "m", options: ReadOptions(snaps: true))
    #expect(snapped.notes == ["snapped 2 numbers to fractions with denominator <= 3"])
    #expect(
      snapped.model.transitions(of: Choice(0)).map(\.probability) == [
        Rational(1, 3), Rational(2, 3),
      ])
    let other = Self.model("transitions", "[[0,0,0,\"1/3\"],[0,0,1,\"1/3\"],[1,0,1,1]]")
    #expect(Self.problem(other, snaps: true).hasSuffix("(--normalize divides each row by its sum)"))
    let normalized = try ModelFile.read(
      bytes: Array(other.utf8), name: "m", options: ReadOptions(normalizes: true))
    #expect(normalized.notes == ["divided 1 row by its sum"])
    #expect(
      normalized.model.transitions(of: Choice(0)).map(\.probability) == [
        Rational(1, 2), Rational(1, 2),
      ])
  }

  @Test("a file cut or changed anywhere ends in a message or a model")
  func fuzz() throws {
    let text = Array(
      Self.model("rewards", "{\"r\":[[0,0,\"-1/2\"],[1,0,\"low\",2.5e1]]}").utf8)
    for length in text.indices {
      #expect(throws: InputError.self) {
        try ModelFile.read(bytes: Array(text[..<length]), name: "m")
      }
    }
    for place in text.indices {
      for byte in [0, 34, 44, 48, 45, 57, 58, 91, 92, 93, 101, 123, 125, 0xC3] as [UInt8] {
        var mutated = text
        mutated[place] = byte
        do throws(InputError) {
          _ = try ModelFile.read(bytes: mutated, name: "m")
        } catch {
          #expect(error.kind == .malformed && !error.problem.isEmpty)
        }
      }
    }
  }

  @Test("the worked models load", arguments: WorkedModels.names)
  func worked(name: String) throws {
    let loaded = try ModelFile.read(Fixture.path(name))
    #expect(loaded.format == .rationale && loaded.notes.isEmpty)
    #expect(loaded.model.stateCount >= 1)
  }
}

/// The model files of the folder `worked`.
enum WorkedModels {
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: Fixture.path("worked"))) ?? []
    return files.filter { $0.hasSuffix(".json") && $0 != "expected.json" }.sorted()
      .map { "worked/\($0)" }
  }()
}
