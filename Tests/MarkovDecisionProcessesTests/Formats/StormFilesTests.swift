import ExactArithmetic
import ExactJSON
import Foundation
import MarkovDecisionProcesses
import TestSupport
import Testing

/// Files as Storm 1.10 and PRISM 4.10 write them; the comparison with Storm itself is among the
/// tests of the solvers.
@Suite("DRN and PRISM files with names")
struct StormFilesTests {
  /// A reward without a name behind a named one, valuations, a choice label twice at a state.
  static let exported = """
    // Exported by storm
    // Original model type: MDP
    @type: MDP
    @value_type: rational
    @parameters

    @reward_models
    steps \u{20}
    @nr_states
    3
    @nr_choices
    4
    @model
    state 0 [1, 1/3] init
    //[!b\t& s=0]
    \taction go [0, 5]
    \t\t1 : 1/3
    \t\t2 : 2/3
    \taction go [0, 5]
    \t\t1 : 1
    state 1 [1, 0]
    //[!b\t& s=1]
    // a comment that is no valuation
    \taction a [0, 2]
    \t\t2 : 1
    state 2 [0, 0] deadlock goal
    //[\t& s=3]
    \taction __NOLABEL__ [0, 0]
    \t\t2 : 1

    """

  private func problem(_ text: String) -> String { LineFormatReaderTests.problem(text) }

  private func written(_ model: FiniteMDP, isChain: Bool = false) throws -> (String, [String]) {
    var bytes: [UInt8] = []
    let options = WriteOptions(isChain: isChain)
    let notes = try ModelFile.write(model, as: .drn, options: options) { bytes += $0 }
    return (String(decoding: bytes, as: UTF8.self), notes)
  }

  @Test("valuations are the names of the states, a reward without a name is the default one")
  func names() throws {
    let loaded = try LineFormatReaderTests.drn(Self.exported)
    let model = loaded.model
    #expect(Array(model.states.names) == ["!b & s=0", "!b & s=1", "& s=3"])
    #expect(Array(model.actions.names) == ["go", "go.2", "a", "0"])
    #expect(model.rewards.map(\.name) == ["steps", "default"])
    #expect(
      ModelText.expectedRewards(model) == [["1", "1", "1", "0"], ["16/3", "16/3", "2", "0"]])
    #expect(loaded.notes.count == 1 && loaded.notes[0].hasSuffix("1, as 'go.2'"))
    let (text, notes) = try written(model)
    #expect(text.contains("state 0 [0, 0] init\n//[!b & s=0]\n\taction go [1, 16/3]\n"))
    #expect(notes.isEmpty)
    let again = try LineFormatReaderTests.drn(text).model
    #expect(again.differences(from: model).isEmpty)
  }

  @Test("names that are missing or the same twice leave the numbers, and it is said")
  func nameless() throws {
    let missing = Self.exported.replacing("//[!b\t& s=1]\n", with: "")
    let twice = Self.exported.replacing("//[!b\t& s=1]", with: "//[!b & s=0]")
    for (text, reason) in [(missing, "state 1 has no valuation"), (twice, "'!b & s=0'")] {
      let loaded = try LineFormatReaderTests.drn(text)
      #expect(loaded.model.states.isCount)
      #expect(loaded.notes.contains { $0.contains(reason) }, "\(loaded.notes)")
    }
  }

  @Test(
    "the names of rewards stand at their places, with one space between",
    arguments: [
      ("", "[4]", ["default"]), (" ", "[4]", ["default"]), ("a", "[4]", ["a"]),
      (" a", "[4, 5]", ["default", "a"]), ("a b ", "[4]", ["a", "b"]), ("", "", []),
      ("default  ", "[1, 2]", ["default", "rew1"]),
    ] as [(String, String, [String])])
  func rewardNames(line: String, list: String, names: [String]) throws {
    let text = """
      @type: DTMC
      @reward_models
      \(line)
      @nr_states
      1
      @model
      state 0 \(list)
      \taction 0
      \t\t0 : 1
      """
    #expect(try LineFormatReaderTests.drn(text).model.rewards.map(\.name) == names)
  }

  @Test(
    "what a DRN reader does not know is refused with its line",
    arguments: [
      ("[0, 5]", "[0,]", "line 16: expected a list of rewards"),
      ("[0, 5]", "[]", "line 16: expected a list of rewards"),
      ("[0, 5]", "[0 5]", "line 16: expected a list of rewards"),
      ("[0, 5]", "[0, 5]x", "line 16: expected a space behind the rewards"),
      ("[1, 1/3] init", "!3 [1, 1/3] init", "line 14: expected a label, found '!3'"),
      ("[1, 1/3] init", "{0} [1, 1/3] init", "line 14: expected a label, found '{0}'"),
      ("[1, 1/3] init", "[1, 1/3] [init", "line 14: expected a label, found '[init'"),
      ("deadlock", "dead\"lock", "line 26: expected a label"),
      ("@nr_states", "@nr_states 3", "line 9: expected '@nr_states' alone"),
      ("@type: MDP", "@type: POMDP", "line 3: expected @type: MDP or @type: DTMC"),
      ("value_type: rational", "value_type: rational-interval", "line 4: expected @value_type"),
      ("\t\t2 : 1\nstate 2", "state 2", "line 24: the action has no transitions"),
      ("\taction a [0, 2]\n\t\t2 : 1\n", "", "line 21: state 1 has no action and no transition"),
      (
        "\taction go [0, 5]\n\t\t1 : 1/3", "\t\t1 : 1/3", "line 18: expected a transition, or state"
      ),
    ] as [(String, String, String)])
  func refused(part: String, replacement: String, message: String) {
    let text = Self.exported.replacing(part, with: replacement, maxReplacements: 1)
    #expect(problem(text).contains(message), "\(problem(text))")
  }

  @Test("labels that need quotation marks get them")
  func quotes() throws {
    var builder = try FiniteMDPBuilder(states: NameTable(count: 1), actions: NameTable(count: 1))
    try builder.addTransition(from: State(0), under: Action(0), to: State(0), probability: 1)
    for name in ["[x]", "!y", "two words", "{", "plain"] {
      try builder.addLabel(name, states: [State(0)])
    }
    try builder.addLabel("empty", states: [])
    let model = try builder.build()
    let (text, notes) = try written(model)
    #expect(text.contains("state 0 \"[x]\" \"!y\" \"two words\" \"{\" plain\n"))
    #expect(notes == ["drn holds no label without states: left out empty"])
    let again = try LineFormatReaderTests.drn(text).model
    #expect(again.labels.map(\.name) == model.labels.map(\.name).dropLast())
  }

  @Test("a law over several first states, and whether it is a chain, survive")
  func law() throws {
    var model = try LineFormatReaderTests.drn(Self.exported).model
    let law = [(state: State(0), probability: Rational(1, 3)), (State(2), Rational(2, 3))]
    model = try model.inducedChain(by: .first(in: model), discount: Rational(1, 2), initial: law)
    let (text, _) = try written(model, isChain: true)
    #expect(text.contains("// initial: 0 1/3, 2 2/3\n") && text.contains("@type: DTMC\n"))
    let again = try LineFormatReaderTests.drn(text).model
    #expect(again.differences(from: model).isEmpty)
    // Without a fitting comment there is no law.
    for (part, other) in [("0 1/3", "1 1/3"), ("2 2/3", "2 1/3"), ("0 1/3, 2", "x")] {
      #expect(try LineFormatReaderTests.drn(text.replacing(part, with: other)).model.initial == nil)
    }
  }

  // MARK: PRISM

  /// A chain with two reward structures as PRISM exports it.
  static let prism = [
    "m.tra": "# Transitions (DTMC)\n2 3\n0 0 1/3\n0 1 2/3 go\n1 1 1\n",
    "m.sta": "# States\n(x,b)\n0:(0,false)\n1:(1,true)\n",
    "m.lab": "# Labels\n0=\"init\" 1=\"deadlock\" 2=\"goal\"\n0: 0\n1: 2\n",
    "m1.srew": "# Reward structure \"cost\"\n# State rewards\n2 1\n0 3\n",
    "m1.trew": "# Reward structure \"cost\"\n# Transition rewards\n2 1\n0 1 1/2\n",
    "m2.srew": "# Reward structure\n# State rewards\n2 1\n1 7\n",
  ]

  private func readPrism(_ files: [String: String]) throws -> LoadedModel {
    var result: Result<LoadedModel, any Error>?
    try TemporaryFolder.with { folder in
      for (name, text) in files {
        try Data(text.utf8).write(to: folder.appending(path: name))
      }
      let path = folder.appending(path: "m.tra").path(percentEncoded: false)
      result = Result { try ModelFile.read(path) }
    }
    return try #require(result).get()
  }

  @Test("PRISM's typed comments, states and several rewards are read")
  func prismNames() throws {
    let model = try readPrism(Self.prism).model
    #expect(Array(model.states.names) == ["x=0 & b=false", "x=1 & b=true"])
    #expect(model.rewards.map(\.name) == ["cost", "default"])
    #expect(ModelText.expectedRewards(model) == [["10/3", "0"], ["0", "7"]])
    #expect(model.labels.map(\.name) == ["goal"] && model.initial?.count == 1)
  }

  @Test(
    "what a PRISM reader does not know is refused with file and line",
    arguments: [
      ("m.tra", "(DTMC)", "(CTMC)", "m.tra: line 1: expected a model of type MDP or DTMC"),
      ("m.tra", "# Transitions (DTMC)", "# Labels", "m.tra: line 1: expected a comment"),
      ("m.tra", "1 1 1\n", "1 1 1\n# States\n", "m.tra: line 6: expected a comment"),
      ("m.tra", "0 0 1/3", "0 0 [0.1,0.3]", "m.tra: line 3: '[0.1,0.3]' is not a number"),
      ("m.sta", "(x,b)", "x,b", "m.sta: line 2: expected (VARIABLE,...)"),
      ("m.sta", "1:(1,true)", "1:(1)", "m.sta: line 4: expected 1:(VALUE,...) with 2 values"),
      ("m.sta", "1:(1,true)", "0:(1,true)", "m.sta: line 4: expected 1:(VALUE,...)"),
      ("m.sta", "1:(1,true)\n", "", "m.sta: line 3: the model has 2 states, but the file lists 1"),
      ("m1.srew", "State rewards", "Transition rewards", "m1.srew: line 2: expected a comment"),
      ("m1.srew", "2 1", "2 2 1", "m1.srew: line 3: the header does not fit"),
      (
        "m1.trew", "cost", "price",
        "m1.trew: line 1: the reward is named 'price' here, but 'cost' in"
      ),
      (
        "m1.trew", "2 1\n0 1 1/2", "2 2\n0 1 1/2\n0 1 3", "m1.trew: line 5: the reward 'cost' lists"
      ),
      ("m2.srew", "structure", "structure \"cost\"", "the reward 'cost' is named twice"),
    ] as [(String, String, String, String)])
  func refusedPrism(file: String, part: String, replacement: String, message: String) {
    var files = Self.prism
    files[file] = files[file]?.replacing(part, with: replacement, maxReplacements: 1)
    let error = #expect(throws: InputError.self) { try readPrism(files) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("reward files that may belong to another model, or twice to this one")
  func strayRewards() throws {
    var files = Self.prism
    files["m.srew"] = "2 0\n"
    let error = #expect(throws: InputError.self) { try readPrism(files) }
    #expect(error?.problem.contains("it is not clear which rewards belong") == true)
    // m1 is a model of its own.
    files["m1.tra"] = "1 1\n0 0 1\n"
    #expect(try readPrism(files).model.rewards.map(\.name) == ["default"])
  }

  @Test("different actions within one choice are refused")
  func mixedChoice() {
    let files = ["m.tra": "1 1 2\n0 0 0 1/2 a\n0 0 0 1/2 b\n"]
    let error = #expect(throws: InputError.self) { try readPrism(files) }
    #expect(error?.problem == "the transitions of a choice have different actions")
  }

  @Test("names and several rewards survive PRISM's files", arguments: WorkedModels.names)
  func prismRoundTrip(name: String) throws {
    let models = [
      try ModelFile.read(Fixture.path(name)).model,
      try LineFormatReaderTests.drn(Self.exported).model, try readPrism(Self.prism).model,
    ]
    for model in models {
      var files: [String: String] = [:]
      for part in try ModelFile.parts(of: .prismExplicit, for: model) {
        var bytes: [UInt8] = []
        try ModelFile.write(part: part, of: model, as: .prismExplicit) { bytes += $0 }
        files[ModelFile.path(ofPart: part, prefix: "m")] = String(decoding: bytes, as: UTF8.self)
      }
      let again = try readPrism(files).model
      #expect(Array(again.states.names) == Array(model.states.names))
      #expect(again.rewards.map(\.name) == model.rewards.map(\.name))
      #expect(ModelText.expectedRewards(again) == ModelText.expectedRewards(model))
      #expect(ModelText.rows(again) == ModelText.rows(model, sorted: true))
    }
  }

  @Test("files that are cut or changed anywhere end in a message or a model")
  func fuzz() throws {
    let tokens = ["", "#", "\"", "(", ":", " 1", "\n", "0", "[", "/", "\u{0}", "99999999999"]
    try TemporaryFolder.with { folder in
      let path = folder.appending(path: "m.tra").path(percentEncoded: false)
      for (name, text) in Self.prism {
        try Data(text.utf8).write(to: folder.appending(path: name))
      }
      for (name, text) in Self.prism {
        for place in text.indices {
          let token = tokens[text.distance(from: text.startIndex, to: place) % tokens.count]
          let changed = text[..<place] + token + text[text.index(after: place)...]
          try Data(changed.utf8).write(to: folder.appending(path: name))
          do throws(InputError) {
            _ = try ModelFile.read(path)
          } catch {
            #expect(error.kind == .malformed && !error.problem.isEmpty)
          }
        }
        try Data(text.utf8).write(to: folder.appending(path: name))
      }
    }
  }
}
