import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Automata of formulas", .tags(.differential))
struct FormulaTranslationTests {
  @Test(
    "random formulas agree with their automata on random words", arguments: 0..<6 as Range<UInt64>)
  func agrees(seed: UInt64) throws {
    var random = RandomFormula(seed: seed)
    for index in 0..<120 {
      let formula = random.next(operators: 1 + random.draw(5))
      let automaton = try OmegaAutomaton(of: formula)
      #expect(automaton.deterministicDefect() == nil)
      for _ in 0..<12 {
        let word = random.lasso()
        #expect(
          word.satisfies(formula) == word.isAccepted(by: automaton),
          "seed \(seed), formula \(index): \(formula), \(word)")
      }
    }
  }

  @Test("the text form reads back as the same automaton")
  func roundTrip() throws {
    var random = RandomFormula(seed: 70)
    for _ in 0..<60 {
      let automaton = try OmegaAutomaton(of: random.next(operators: 1 + random.draw(4)))
      #expect(try OmegaAutomaton(hoa: automaton.hoa(name: "\"x\" \\")) == automaton)
    }
  }

  @Test(
    "small formulas have small automata", .tags(.worked),
    arguments: [
      ("F a", 2), ("G a", 2), ("G F a", 1), ("F G a", 1), ("G F a & G F b & F G c", 1),
      ("a U b", 3), ("G (a -> F b)", 2), ("G F a -> G F b", 1), ("X X a", 5),
      ("G (a -> X b)", 3), ("true", 1), ("a & !a", 1),
    ])
  func sizes(text: String, states: Int) throws {
    #expect(try OmegaAutomaton(of: TemporalFormula(parsing: text)).stateCount == states)
  }

  @Test("letters that are not read leave the automaton complete")
  func someLetters() throws {
    let formula = try TemporalFormula(parsing: "G (a -> F b) & G F c")
    let automaton = try OmegaAutomaton(of: formula, letters: [0, 1, 6])
    #expect(automaton.deterministicDefect() == nil)
  }

  @Test("a formula that is too large is an error")
  func tooLarge() throws {
    let text = (0..<13).map { "(F a\($0) | G b\($0) & X X X c\($0))" }.joined(separator: " U ")
    #expect(throws: SolverError.self) {
      try OmegaAutomaton(of: TemporalFormula(parsing: text))
    }
  }
}
