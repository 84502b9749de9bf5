import MarkovDecisionProcesses
import Testing

@Suite("Automata as text")
struct HOAReaderTests {
  private static func text(
    header: String = "", acceptance: String = "1 Inf(0)", states: Int = 2,
    body: String = "State: 0\n[0] 1 {0}\n[!0] 0\nState: 1\n[t] 1"
  ) -> String {
    """
    HOA: v1
    States: \(states)
    Start: 0
    AP: 1 "a"
    Acceptance: \(acceptance)
    \(header)--BODY--
    \(body)
    --END--

    """
  }

  @Test("marks of states and edges, comments, aliases, unknown small headers")
  func reads() throws {
    let automaton = try OmegaAutomaton(
      hoa: """
        HOA: v1 /* a /* nested */ comment */ tool: "x" "1"
        name: "with \\"quotes\\""
        States: 2 Start: 1 acc-name: Rabin 1
        AP: 2 "go now" "b" Alias: @x 0&!1
        Acceptance: 2 (Fin(0)&Inf(1)) | Inf(!0)
        --BODY--
        State: 0 "zero" {1} [@x] 0 [!@x] 1 {0}
        State: 1 [t] 0
        --END--
        """)
    #expect(automaton.propositions == ["go now", "b"])
    #expect(automaton.initial == 1)
    #expect(automaton.markCount == 3)
    #expect(automaton.edge(from: 0, on: 1).marks.marks == [1, 2])
    #expect(automaton.edge(from: 0, on: 3).marks.marks == [0, 1])
    #expect(
      automaton.acceptance
        == .or([.and([.finitely(0), .infinitely(1)]), .infinitely(2)]))
    #expect(try OmegaAutomaton(hoa: automaton.hoa()) == automaton)
  }

  @Test("edges without labels stand for the letters, and a state's label for its edges")
  func implicitLabels() throws {
    // As Owl writes Rabin automata: GF a or FG b.
    let rabin = try OmegaAutomaton(
      hoa: """
        HOA: v1
        tool: "owl ltl2dra" "21.0"
        Start: 0
        acc-name: Rabin 2
        Acceptance: 4 (Fin(0) & Inf(1)) | (Fin(2) & Inf(3))
        properties: implicit-labels trans-acc
        properties: deterministic complete
        AP: 2 "a" "b"
        --BODY--
        State: 0 "[true, {}]"
        0 {2}
        0 {1 2}
        0 {3}
        0 {1 3}
        --END--
        """)
    let marks = (0..<4).map { rabin.edge(from: 0, on: $0).marks.marks }
    #expect(marks == [[2], [1, 2], [3], [1, 3]])
    #expect(try OmegaAutomaton(hoa: rabin.hoa()) == rabin)
    let labelled = try OmegaAutomaton(
      hoa: Self.text(body: "State: [t] 0 {0}\n1\nState: [0 | !0] 1\n0"))
    #expect(labelled.edge(from: 0, on: 1).target == 1)
    #expect(labelled.edge(from: 1, on: 0).target == 0)
    let silent = try OmegaAutomaton(
      hoa: "HOA: v1 Start: 0 AP: 0 Acceptance: 1 Inf(0) --BODY-- State: 0 {0} 0 --END--")
    #expect(silent.edge(from: 0, on: 0).marks.marks == [0])
  }

  @Test("the number of states may be left out")
  func countedStates() throws {
    let text = Self.text().replacing("States: 2\n", with: "")
    #expect(try OmegaAutomaton(hoa: text).stateCount == 2)
  }

  @Test(
    "what is wrong is told with its line",
    arguments: [
      (text(body: "State: 0\n[0] 1\nState: 1\n[t] 1"), 7, "not complete"),
      (text(body: "State: 0\n[t] 1\n[0] 0\nState: 1\n[t] 1"), 7, "not deterministic"),
      (text(body: "State: 0\n0\nState: 1\n[t] 1"), 9, "stand for the 2 letters"),
      (text(body: "State: 0\n0 1 1\nState: 1\n[t] 1"), 9, "stand for the 2 letters"),
      (text(body: "State: 0\n[0] 0 1\nState: 1\n[t] 1"), 9, "stand for the 2 letters"),
      (text(body: "State: [t] 0\n[0] 1\nState: 1\n[t] 1"), 8, "its edges have none"),
      (text(body: "State: [0] 0\n1\nState: 1\n[t] 1"), 7, "not complete"),
      (text(body: "State: 0\n[t] 0&1\nState: 1\n[t] 1"), 8, "alternating"),
      (text(body: "State: 0\n[t] 5\nState: 1\n[t] 1"), 8, "out of range"),
      (text(body: "State: 0\n[1] 0\nState: 1\n[t] 1"), 8, "proposition 1"),
      (text(body: "State: 0\n[t] 0 {3}\nState: 1\n[t] 1"), 8, "acceptance set 3"),
      (text(body: "State: 0\n[t] 0\nState: 0\n[t] 0"), 9, "described twice"),
      (text(body: "State: 0\n[t] 0"), 10, "not described"),
      (text(body: "State: 0\n[@y] 0"), 8, "alias"),
      (text(body: "--ABORT--"), 7, "aborted"),
      (text(header: "Start: 1\n"), 6, "several initial states"),
      (text(header: "Foo: 1\n"), 6, "not known"),
      (text(header: "AP: 0\n"), 6, "twice"),
      (text(acceptance: "1 Inf(1)"), 5, "out of range"),
      (text(acceptance: "1 Inf 0"), 5, "'('"),
      (text(acceptance: "500 t"), 5, "128"),
      (text(acceptance: "1 " + String(repeating: "(", count: 5000)), 5, "deeper"),
      (text(states: 2_000_000_000), 6, "1000000 states"),
      (text().replacing("\"a\"", with: "\"a\" \"b\""), 4, "announced"),
      (text().replacing("\"a\"", with: "\"a"), 4, "no end"),
      (text().replacing("v1", with: "v2"), 1, "version 1"),
      (text().replacing("HOA:", with: "NBA:"), 1, "HOA"),
      (text().replacing("--END--", with: ""), 13, "--END--"),
      (text() + "HOA: v1", 13, "only one"),
      (text().replacing("[t]", with: "[t /* ]"), 11, "comment"),
      (text().replacing("[t]", with: "[\u{e9}]"), 11, "unexpected"),
      (text().replacing("Start: 0", with: "Start: 99999999999999999999"), 3, "too large"),
      ("", 1, "HOA"),
    ])
  func refuses(text: String, line: Int, problem: String) throws {
    let error = try #require(throws: AutomatonError.self) { try OmegaAutomaton(hoa: text) }
    #expect(error.problem.contains(problem), "\(error)")
    #expect(error.line == line, "\(error)")
  }

  @Test("aliases of aliases cannot grow without bound")
  func aliasBomb() throws {
    let aliases = (1..<40).map { "Alias: @a\($0) @a\($0 - 1) & @a\($0 - 1)\n" }.joined()
    let text = Self.text(header: "Alias: @a0 0\n" + aliases)
    let error = try #require(throws: AutomatonError.self) { try OmegaAutomaton(hoa: text) }
    #expect(error.problem.contains("operators"))
  }

  @Test("no prefix and no change of a byte crashes the reader")
  func robust() {
    let text = Array(Self.text(header: "Alias: @x 0\n").utf8)
    for length in text.indices {
      _ = try? OmegaAutomaton(hoa: String(decoding: text[..<length], as: UTF8.self))
      for byte in "0{[\"@(!-".utf8 {
        var changed = text
        changed[length] = byte
        _ = try? OmegaAutomaton(hoa: String(decoding: changed, as: UTF8.self))
      }
    }
  }

  @Test("many propositions cost nothing while labels are simple")
  func manyPropositions() throws {
    let names = (0..<60).map { " \"p\($0)\"" }.joined()
    let cube = (0..<60).map(String.init).joined(separator: "&")
    let automaton = try OmegaAutomaton(
      hoa: """
        HOA: v1 Start: 0 AP: 60\(names) Acceptance: 0 t
        --BODY-- State: 0 [\(cube)] 0 [!(\(cube))] 0 --END--
        """)
    #expect(automaton.stateCount == 1)
  }

  @Test("the pairs of a condition are its disjunctive form")
  func pairs() {
    let condition = AcceptanceCondition.and([
      .or([.infinitely(0), .finitely(1)]), .or([.infinitely(2), .finitely(0)]),
    ])
    let pairs = condition.pairs() ?? []
    for bits in 0..<8 {
      let set = MarkSet((0..<3).filter { bits >> $0 & 1 == 1 })
      #expect(condition.holds(set) == pairs.contains { $0.holds(set) })
      #expect(condition.negated.holds(set) == !condition.holds(set))
    }
    let wide = AcceptanceCondition.and(
      (0..<30).map { .or([.infinitely($0), .infinitely($0 + 30)]) })
    #expect(wide.pairs() == nil)
  }
}
