import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("The comparison of an automaton with a formula")
struct AutomatonFindingTests {
  private static let all: [TraceSemantics] = [.infinite, .somePrefix, .ending(label: "c")]

  /// The automaton of a formula, with all propositions.
  private func automaton(
    of formula: TemporalFormula, _ semantics: TraceSemantics, _ letters: [AutomatonLetter]
  ) throws -> OmegaAutomaton {
    let named = RandomFormula.names.reduce(TemporalFormula.constant(false)) {
      .and($0, .proposition($1))
    }
    let widened = TemporalFormula.or(formula, named)
    return semantics.isFinite
      ? try OmegaAutomaton(ofTraces: widened, semantics, letters: letters)
      : try OmegaAutomaton(of: widened, letters: letters)
  }

  private func finding(
    _ automaton: OmegaAutomaton, _ formula: TemporalFormula, _ semantics: TraceSemantics,
    _ letters: [AutomatonLetter]
  ) throws -> AutomatonFinding {
    try AutomatonFinding(comparing: automaton, with: formula, semantics, letters: letters)
  }

  /// All words over some letters that repeat themselves early.
  private func words(_ letters: [AutomatonLetter], upTo length: Int) -> [Lasso] {
    let sets = letters.map { letter in
      Set(RandomFormula.names.enumerated().filter { letter >> $0.offset & 1 == 1 }.map(\.element))
    }
    var words: [[Set<String>]] = [[]]
    var lassos: [Lasso] = []
    for _ in 0..<length {
      words = words.flatMap { word in sets.map { word + [$0] } }
      lassos += words.flatMap { word in word.indices.map { Lasso(letters: word, loop: $0) } }
    }
    return lassos
  }

  /// An equivalent formula with more operators.
  private func unfolded(_ formula: TemporalFormula) -> TemporalFormula {
    switch formula {
    case .constant, .proposition: return formula
    case .not(let inner): return .not(unfolded(inner))
    case .next(let inner): return .next(unfolded(inner))
    case .and(let a, let b): return .not(.or(.not(unfolded(b)), .not(unfolded(a))))
    case .or(let a, let b): return .or(unfolded(b), unfolded(a))
    case .until(let a, let b):
      return .or(unfolded(b), .and(unfolded(a), .next(.until(a, b))))
    }
  }

  @Test(
    "another automaton is refused exactly if it differs on a short word", .tags(.differential),
    arguments: 0..<4 as Range<UInt64>)
  func others(seed: UInt64) throws {
    var random = RandomFormula(seed: seed &+ 8000)
    var agreements = 0
    for index in 0..<12 {
      let formula = random.next(operators: 1 + random.draw(5))
      let other = random.next(operators: 1 + random.draw(3))
      let first = random.draw(8)
      let letters = [first, (first + 1 + random.draw(7)) % 8].map { AutomatonLetter($0) }.sorted()
      let words = words(letters, upTo: 6)
      for semantics in Self.all {
        let place: Comment = "seed \(seed), \(index), \(semantics): \(formula.text), \(other.text)"
        let own = try automaton(of: formula, semantics, letters)
        #expect(try finding(own, formula, semantics, letters) == .agrees, place)
        #expect(try finding(own, unfolded(formula), semantics, letters) == .agrees, place)
        #expect(try finding(own.complement, formula, semantics, letters) == .differs, place)
        let foreign = try automaton(of: other, semantics, letters)
        let differs = words.contains { $0.isAccepted(by: own) != $0.isAccepted(by: foreign) }
        #expect(
          try finding(foreign, formula, semantics, letters) == (differs ? .differs : .agrees),
          place)
        if !differs { agreements += 1 }
      }
    }
    #expect(agreements > 0)
  }

  @Test(
    "a formula with up to eight operators has its own automaton", .tags(.differential),
    arguments: 0..<2 as Range<UInt64>)
  func large(seed: UInt64) throws {
    var random = RandomFormula(seed: seed &+ 8100)
    let letters = (0..<8).map { AutomatonLetter($0) }
    var count = 0
    for index in 0..<30 {
      let formula = random.next(operators: 5 + random.draw(4))
      for semantics in Self.all {
        guard let own = try? automaton(of: formula, semantics, letters) else { continue }
        count += 1
        let place: Comment = "seed \(seed), \(index), \(semantics): \(formula.text)"
        #expect(try finding(own, formula, semantics, letters) == .agrees, place)
        #expect(try finding(own.complement, formula, semantics, letters) == .differs, place)
      }
    }
    // The solver may refuse a formula, but hardly ever does.
    #expect(count >= 80)
  }

  @Test("many nested operators are no obstacle", arguments: [15, 30, 64])
  func nested(depth: Int) throws {
    let model = try patrolModel()
    let formula = String(repeating: "X ", count: depth) + "a"
    for semantics in [TraceSemantics.infinite, .somePrefix] {
      let most = try solve(
        OmegaRegularProblem(model: model, formula: formula, semantics: semantics))
      #expect(most.exactValues == [Rational(2, 3), 1, 1, 0])
      let least = try solve(
        OmegaRegularProblem(
          model: model, formula: formula, semantics: semantics, direction: .minimize))
      #expect(least.exactValues == [0, 0, 0, 0])
    }
  }

  @Test(
    "responses with bounded delays",
    arguments: [
      "F (a & X F (b & X X a)) & G (a -> X b) & G (b -> X a | X X a | X X X a | X X X X a)",
      "G F (a U X X b) & G F (b U X X a) & (F G (a -> X X b) | G F (a & X b & X X a))"
        + " & G (a -> X F b)",
      "G (a -> b | X b | X X b | X X X b | X X X X b | X X X X X b | X X X X X X b)",
      "G (a -> X b) & G (a -> X X !b) & G (a -> X X X b) & G (a -> X X X X !b)"
        + " & G (a -> X X X X X b) & G (a -> X X X X X X !b)",
    ])
  func responses(text: String) throws {
    let model = try patrolModel()
    for semantics in [TraceSemantics.infinite, .somePrefix, .ending(label: "b")] {
      let most = try #require(
        try solve(OmegaRegularProblem(model: model, formula: text, semantics: semantics))
          .exactValues)
      let least = try #require(
        try solve(
          OmegaRegularProblem(
            model: model, formula: text, semantics: semantics, direction: .minimize)
        ).exactValues)
      #expect(zip(least, most).allSatisfy { $0 <= $1 })
      // From A the run can keep all promises, one after the other.
      if semantics == .infinite { #expect(most[1] == 1) }
    }
  }

  @Test("what is too large is neither accepted nor refuted")
  func tooLarge() throws {
    var formula = TemporalFormula.constant(true)
    var late = TemporalFormula.proposition("b")
    for _ in 0..<129 {
      formula = .and(formula, .until(.proposition("a"), late))
      late = .next(late)
    }
    let automaton = OmegaAutomaton(
      propositions: ["a", "b"], initial: 0, edges: [[.init(.constant(true), to: 0)]],
      markCount: 0, acceptance: .constant(true))
    guard case .undecided(let excess) = try finding(automaton, formula, .infinite, [0, 1, 2, 3])
    else {
      Issue.record("the comparison has an end")
      return
    }
    #expect(excess.contains("128"))
  }
}
