import ExactArithmetic
import ExactJSON
import Foundation
import MarkovDecisionProcesses
import Testing

@Suite("Reading Storm's and PRISM's explicit files")
struct LineFormatReaderTests {
  static let dice = """
    // Exported by storm
    // Original model type: MDP
    @type: MDP
    @parameters

    @reward_models
    coinflips steps\u{20}
    @nr_states
    3
    @nr_choices
    4
    @model
    state 0 [0.5, 0] init "two words"
    //[x=1]
    \taction flip [1, 1]
    \t\t1 : 0.5
    \t\t2 : 1/2
    \taction __NOLABEL__ [0,1]
    \t\t0 : 1
    state 1 goal "two words"
    \taction flip
    \t\t1 : 1
    state 2 [0, 2] goal other
    \taction flip [0, 0]
    \t\t2 : 1

    """

  static func drn(_ text: String) throws(InputError) -> LoadedModel {
    try ModelFile.read(bytes: Array(text.utf8), name: "m.drn")
  }

  static func problem(_ text: String) -> String {
    do throws(InputError) {
      _ = try drn(text)
      return "accepted"
    } catch {
      return error.description
    }
  }

  @Test("a DRN file as Storm writes it is read")
  func storm() throws {
    let model = try Self.drn(Self.dice).model
    #expect(model.states.isCount && Array(model.actions.names) == ["flip", "1"])
    #expect(
      ModelText.rows(model) == [
        "0 flip [\"1:1/2\", \"2:1/2\"]", "0 1 [\"0:1\"]", "1 flip [\"1:1\"]", "2 flip [\"2:1\"]",
      ])
    #expect(model.rewards.map(\.name) == ["coinflips", "steps"])
    #expect(
      ModelText.expectedRewards(model) == [["3/2", "1/2", "0", "0"], ["1", "1", "0", "2"]])
    #expect(model.initial?.map(\.state) == [State(0)] && model.discount == nil)
    #expect(model.labels.map(\.name) == ["two words", "goal", "other"])
    #expect(
      model.labels.map(\.states) == [[State(0), State(1)], [State(1), State(2)], [State(2)]])
  }

  @Test("a chain without action lines, placeholders, Windows line ends")
  func chain() throws {
    let text = """
      @type: DTMC
      @placeholders
      $half : 0.5
      @nr_states
      2
      @model
      state 0 init
      0 : $half
      1 : $half
      state 1
      1 : 1
      """.replacing("\n", with: "\r\n")
    let model = try Self.drn(text).model
    #expect(ModelText.rows(model) == ["0 0 [\"0:1/2\", \"1:1/2\"]", "1 0 [\"1:1\"]"])
    #expect(model.rewards.isEmpty)
  }

  @Test(
    "a broken DRN file is refused with the line",
    arguments: [
      ("@type: MDP", "@type: CTMC", "m.drn: line 3: expected @type: MDP or @type: DTMC"),
      ("@type: MDP", "@type: DTMC", "a second choice, but @type: DTMC allows one a state"),
      (
        "@parameters\n\n", "@parameters\np q\n", "m.drn: line 5: expected an empty line (parameters"
      ),
      ("@reward_models", "@rewards", "m.drn: line 6: expected @type:, @value_type:,"),
      ("@nr_states\n3", "@nr_states\n-3", "m.drn: line 9: expected a count"),
      ("@nr_states\n3", "@nr_states\n4", "line 9: @nr_states says 4, but the file has 3 states"),
      ("@nr_states\n3", "@nr_states\n2", "line 23: state 2 is one more than @nr_states says (2)"),
      (
        "@nr_choices\n4", "@nr_choices\n5",
        "line 11: @nr_choices says 5, but the file has 4 choices"
      ),
      ("state 1", "state 2", "line 20: expected state 1, found 'state 2 goal"),
      ("1 : 0.5", "7 : 0.5", "line 16: there is no state '7': the states are 0 to 2"),
      (
        "1 : 0.5", "1 : 0.25",
        "line 15: the probabilities of action 'flip' at state '0' add up to 3/4"
      ),
      ("1 : 0.5", "1 : 0.25", "(--normalize divides each row by its sum)"),
      (
        "1 : 0.5", "2 : 0.5", "line 15: the transition from '0' under 'flip' to '2' is listed twice"
      ),
      (
        "1 : 0.5", "1 : -0.5",
        "line 16: the probability of '1' after action 'flip' at state '0' is -1/2"
      ),
      ("1 : 0.5", "1 = 0.5", "line 16: expected SUCCESSOR : PROBABILITY, found '"),
      ("1 : 0.5", "1 : p", "line 16: 'p' is not a number"),
      ("1 : 0.5", "1 : $p", "line 16: there is no placeholder '$p'"),
      ("1 : 0.5", "1 : [0.1, 0.5]", "line 16: expected SUCCESSOR : PROBABILITY"),
      ("[1, 1]", "[1, 1, 1]", "line 15: 3 rewards are listed, but @reward_models names 2"),
      ("[1, 1]", "[1, 1", "line 15: expected ']' behind the rewards"),
      ("[1, 1]", "[1, x]", "line 15: 'x' is not a number"),
      ("[1, 1]", "[1, 1] rest", "line 15: expected action NAME [REWARDS]"),
      ("init \"two words\"", "\"two words", "line 13: expected '\"' at the end of a label"),
      ("@model\nstate 0", "@model\n0 : 1\nstate 0", "line 13: expected state 0"),
      ("@model", "@modle", "line 12: expected @type:"),
      ("@type: MDP\n", "", "line 11: @type: is missing before @model"),
      ("coinflips steps", "steps steps", "line 7: the reward 'steps' is named twice"),
    ] as [(String, String, String)])
  func brokenDRN(part: String, replacement: String, message: String) {
    let problem = Self.problem(Self.dice.replacing(part, with: replacement, maxReplacements: 1))
    #expect(problem.contains(message), "\(problem)")
  }

  @Test("a DRN file that is cut or changed anywhere ends in a message or a model")
  func fuzz() {
    let text = Array(Self.dice.utf8)
    for place in text.indices {
      let (before, after) = (Array(text[..<place]), Array(text[place...]))
      let changed: [[UInt8]] = [
        before, before + [0xFF] + after, before + after.dropFirst(), before + [10] + after,
      ]
      for bytes in changed {
        do throws(InputError) {
          _ = try ModelFile.read(bytes: bytes, name: "m.drn")
        } catch {
          #expect(error.kind == .malformed && !error.problem.isEmpty)
        }
      }
    }
  }

  // MARK: PRISM

  static let prism = [
    "tra": "2 3 4\n0 0 0 1/2 go\n0 0 1 0.5 go\n0 1 0 1 stay\n1 0 1 1 stay\n",
    "lab": "0=\"init\" 1=\"deadlock\" 2=\"goal\" 3=\"none\"\n0: 0\n1: 2\n",
    "srew": "2 1\n0 3\n",
    "trew": "2 3 2\n0 0 1 -1/2\n1 0 1 7\n",
  ]

  static func readPrism(_ files: [String: String]) throws -> LoadedModel {
    var result: Result<LoadedModel, any Error>?
    try TemporaryFolder.with { folder in
      for (part, text) in files {
        try Data(text.utf8).write(to: folder.appending(path: "m.\(part)"))
      }
      let path = folder.appending(path: "m.tra").path(percentEncoded: false)
      result = Result { try ModelFile.read(path) }
    }
    return try #require(result).get()
  }

  @Test("PRISM's files are read together; a missing one is no error")
  func prismFiles() throws {
    let model = try Self.readPrism(Self.prism).model
    #expect(Array(model.actions.names) == ["go", "stay"])
    // State 0: 3, and -1/2 with probability 1/2 on `go`.
    #expect(ModelText.expectedRewards(model) == [["11/4", "3", "7"]])
    #expect(model.initial?.map(\.state) == [State(0)])
    #expect(model.labels.map(\.name) == ["goal", "none"])
    let bare = try Self.readPrism(["tra": Self.prism["tra"] ?? ""]).model
    #expect(bare.rewards.isEmpty && bare.initial == nil)
    let chain = try Self.readPrism([
      "tra": "2 3\n0 0 0.5\n0 1 0.5\n1 1 1\n", "trew": "2 1\n0 1 4\n",
    ])
    #expect(ModelText.expectedRewards(chain.model) == [["2", "0"]])
  }

  @Test(
    "broken PRISM files are refused with file and line",
    arguments: [
      ("tra", "2 3 4", "2 3 5", "m.tra: line 1: the header says 2 3 5"),
      ("tra", "2 3 4", "3 3 4", "m.tra: line 1: the header says 3 3 4"),
      ("tra", "2 3 4", "x", "m.tra: line 1: expected STATES CHOICES TRANSITIONS"),
      ("tra", "0 0 1 0.5", "0 0 2 0.5", "m.tra: line 3: there is no state '2'"),
      (
        "tra", "0 0 1 0.5", "0 0 1 0.25",
        "m.tra: line 2: the probabilities of action 'go' at state '0'"
      ),
      ("tra", "0 1 0 1", "0 2 0 1", "m.tra: line 4: expected state 0 choice 1 or state 1 choice 0"),
      ("tra", "0 0 1 0.5", "0 0 1 half", "m.tra: line 3: 'half' is not a number"),
      (
        "tra", "0 0 1 0.5 go", "0 0 1", "m.tra: line 3: expected STATE CHOICE SUCCESSOR PROBABILITY"
      ),
      ("lab", "1: 2", "1: 9", "m.lab: line 3: there is no label '9'"),
      ("lab", "1: 2", "5: 2", "m.lab: line 3: there is no state '5'"),
      ("lab", "1: 2", "1 2", "m.lab: line 3: expected STATE: LABEL"),
      ("lab", "0=\"init\"", "init", "m.lab: line 1: expected 0=\"init\""),
      ("srew", "2 1", "2 2", "m.srew: line 1: the header does not fit"),
      (
        "trew", "1 0 1 7", "1 1 1 7",
        "m.trew: line 3: expected STATE CHOICE SUCCESSOR REWARD, with one"
      ),
      ("trew", "1 0 1 7", "1 0 1", "m.trew: line 3: expected STATE CHOICE SUCCESSOR REWARD"),
    ] as [(String, String, String, String)])
  func brokenPrism(file: String, part: String, replacement: String, message: String) {
    var files = Self.prism
    files[file] = files[file]?.replacing(part, with: replacement, maxReplacements: 1)
    let error = #expect(throws: InputError.self) { try Self.readPrism(files) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("PRISM files that are cut anywhere end in a message or a model")
  func prismCut() throws {
    try TemporaryFolder.with { folder in
      let path = folder.appending(path: "m.tra").path(percentEncoded: false)
      for (part, text) in Self.prism {
        try Data(text.utf8).write(to: folder.appending(path: "m.\(part)"))
      }
      for (part, text) in Self.prism {
        for length in 0..<text.utf8.count {
          let url = folder.appending(path: "m.\(part)")
          try Data(text.utf8.prefix(length)).write(to: url)
          do throws(InputError) {
            _ = try ModelFile.read(path)
          } catch {
            #expect(error.kind == .malformed && !error.problem.isEmpty)
          }
        }
        try Data(text.utf8).write(to: folder.appending(path: "m.\(part)"))
      }
    }
  }

  @Test("a PRISM file that does not exist is named with the reason")
  func missing() {
    let error = #expect(throws: InputError.self) { try ModelFile.read("/nowhere/m.tra") }
    #expect(error?.kind == .cannotOpen)
    #expect(error?.description == "/nowhere/m.tra: cannot be read: No such file or directory")
  }

  @Test("several first states are no law: said, not guessed")
  func severalInitial() throws {
    let loaded = try Self.drn(Self.dice.replacing("state 1 goal", with: "state 1 init goal"))
    #expect(loaded.model.initial == nil)
    #expect(
      loaded.notes == [
        "state 1 has no valuation: the states are named by their numbers",
        "2 states are marked init, which is no law: the model is read without one",
      ])
  }
}
