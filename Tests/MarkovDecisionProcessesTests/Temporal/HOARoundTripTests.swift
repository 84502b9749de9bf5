import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Automata of all kinds, written and read", .tags(.differential))
struct HOARoundTripTests {
  @Test(
    "every way to write an automaton is read as the same language",
    arguments: 0..<6 as Range<UInt64>)
  func languages(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &+ 600)
    var words = RandomFormula(seed: seed &+ 700)
    var accepted = 0
    for round in 0..<8 {
      for condition in AutomatonSketch.conditions(&random) {
        let sketch = AutomatonSketch(condition, &random)
        let text = sketch.text(&random)
        let label: Comment = "seed \(seed), round \(round): \(text)"
        let automaton: OmegaAutomaton
        do throws(AutomatonError) {
          automaton = try OmegaAutomaton(hoa: text)
        } catch {
          Issue.record("\(error): \(text)")
          continue
        }
        // Labels may come back in another grouping, and then in the same text again.
        let again = try OmegaAutomaton(hoa: automaton.hoa(name: condition.name))
        #expect(again.hoa() == automaton.hoa(), label)
        for _ in 0..<8 {
          let word = words.lasso()
          let expected = sketch.accepts(word)
          accepted += expected ? 1 : 0
          #expect(word.isAccepted(by: automaton) == expected, label)
          #expect(word.isAccepted(by: again) == expected, label)
          #expect(word.isAccepted(by: automaton.complement) != expected, label)
        }
      }
    }
    // Neither all words nor none.
    #expect((100...800).contains(accepted), "\(accepted)")
  }

  /// Texts as the tools write them, with the formula that they are of.
  static let texts: [(formula: String, text: String)] = [
    (
      "G F a & G F b",
      """
      HOA: v1
      name: "G(Fa & Fb)"
      States: 1
      Start: 0
      AP: 2 "a" "b"
      acc-name: generalized-Buchi 2
      Acceptance: 2 Inf(0)&Inf(1)
      properties: trans-labels explicit-labels trans-acc complete
      properties: deterministic stutter-invariant
      --BODY--
      State: 0
      [!0&!1] 0
      [0&!1] 0 {0}
      [!0&1] 0 {1}
      [0&1] 0 {0 1}
      --END--
      """
    ),
    (
      "a U b",
      """
      HOA: v1
      tool: "spot" "2.11"
      States: 3
      Start: 1
      AP: 2 "a" "b"
      acc-name: Buchi
      Acceptance: 1 Inf(0)
      properties: trans-labels explicit-labels state-acc complete
      properties: deterministic stutter-invariant terminal very-weak
      --BODY--
      State: 0 "accepting" {0}
      [t] 0
      State: 1
      [1] 0
      [0&!1] 1
      [!0&!1] 2
      State: 2
      [t] 2
      --END--
      """
    ),
    (
      "F G a",
      """
      HOA: v1 States: 2 Start: 0 AP: 1 "a" acc-name: co-Buchi Acceptance: 1 Fin(0) properties: \
      trans-labels explicit-labels state-acc deterministic complete --BODY-- State: 0 {0} [!0] 0 \
      [0] 1 State: 1 [0] 1 [!0] 0 --END--
      """
    ),
    (
      "G F a | F G b",
      """
      HOA: v1
      tool: "owl" "21.0" /* as Rabinizer writes */
      name: "Automaton for [G F a | F G b]"
      owlArgs: "ltl2dgra" "--verbose"
      Start: 0
      acc-name: parity min even 3
      Acceptance: 3 Inf(0) | (Fin(1) & Inf(2))
      properties: implicit-labels trans-acc colored
      properties: deterministic complete
      AP: 2 "a" "b"
      --BODY--
      State: 0 "⟨1::GFa, 2::FGb⟩"
      0 {1}  /* neither */
      0 {0}
      0 {2}
      0 {0}
      --END--
      """
    ),
    (
      "(G F a -> G F b) & F c",
      """
      HOA: v1
      AP: 3 "a" "b" "c"
      Alias: @a 0  Alias: @b 1  Alias: @c 2
      Alias: @none !@a & !@b
      States: 2
      Start: 0
      acc-name: Streett 1
      Acceptance: 3 (Fin(0) | Inf(1)) & Inf(2)
      --BODY--
      State: 0 "waiting"
      [!@c] 0
      [@c] 1
      State: 1 "seen" {2}
      [@none] 1
      [@a&!@b] 1 {0}
      [!@a&@b] 1 {1}
      [@a & @b] 1 {0 1}
      --END--
      """
    ),
  ]

  @Test("texts in the styles of Spot and Owl", .tags(.worked), arguments: texts)
  func styles(formula: String, text: String) throws {
    let automaton = try OmegaAutomaton(hoa: text)
    let parsed = try TemporalFormula(parsing: formula)
    var words = RandomFormula(seed: 31)
    for _ in 0..<200 {
      let word = words.lasso()
      #expect(word.isAccepted(by: automaton) == word.satisfies(parsed), "\(word)")
    }
  }

  @Test(
    "what changes the meaning and is not known is refused, with its line",
    arguments: [
      ("States: 1", "States: 1\nFairness: 2", 4, "the header 'Fairness:' is not known"),
      ("States: 1", "States: 1\nfairness: 2", 0, ""),
      ("[0&!1]", "[0]", 11, "not deterministic: state 0 has two edges for a & b"),
      ("[0&!1] 0 {0}", "", 11, "not complete: state 0 has no edge for a & !b"),
      ("States: 1", "States: 1\nAlias: @x 2", 4, "proposition 2 is out of range: there are 2"),
      ("States: 1", "Alias: @x 7 States: 1", 3, "proposition 7 is out of range: there are 2"),
      ("States: 1", "Alias: @x 99 States: 1", 3, "proposition 99 is out of range"),
      ("Start: 0", "Start: 0 Start: 0", 4, "several initial states"),
      ("Start: 0", "", 10, "'Start:' is missing"), ("HOA: v1", "HOA: v1.1", 1, "unexpected"),
    ])
  func refused(found: String, replacement: String, line: Int, problem: String) throws {
    let changed = Self.texts[0].text.replacing(found, with: replacement, maxReplacements: 1)
    #expect(changed != Self.texts[0].text)
    if problem.isEmpty {
      _ = try OmegaAutomaton(hoa: changed)
      return
    }
    let error = try #require(throws: AutomatonError.self) { try OmegaAutomaton(hoa: changed) }
    #expect(error.problem.contains(problem), "\(error)")
    #expect(error.line == line, "\(error)")
  }
}
