import Certificates
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

/// The truth of a formula at every position of a finite word, by definition.
func traceTruths(of formula: TemporalFormula, on word: [Set<String>]) -> [Bool] {
  switch formula {
  case .constant(let value): return word.map { _ in value }
  case .proposition(let name): return word.map { $0.contains(name) }
  case .not(let inner): return traceTruths(of: inner, on: word).map { !$0 }
  case .and(let a, let b):
    return zip(traceTruths(of: a, on: word), traceTruths(of: b, on: word)).map { $0 && $1 }
  case .or(let a, let b):
    return zip(traceTruths(of: a, on: word), traceTruths(of: b, on: word)).map { $0 || $1 }
  case .next(let inner): return traceTruths(of: inner, on: word).dropFirst() + [false]
  case .until(let a, let b):
    let (first, second) = (traceTruths(of: a, on: word), traceTruths(of: b, on: word))
    return word.indices.map { start in
      word[start...].indices.contains { end in second[end] && first[start..<end].allSatisfy { $0 } }
    }
  }
}

/// The formula of infinite words that says the same of the trace up to the first `c`.
private func onRuns(_ formula: TemporalFormula) -> TemporalFormula {
  let end = TemporalFormula.proposition("c")
  switch formula {
  case .constant, .proposition: return formula
  case .not(let inner): return .not(onRuns(inner))
  case .and(let a, let b): return .and(onRuns(a), onRuns(b))
  case .or(let a, let b): return .or(onRuns(a), onRuns(b))
  case .next(let inner): return .and(.not(end), .next(onRuns(inner)))
  case .until(let a, let b): return .until(.and(onRuns(a), .not(end)), onRuns(b))
  }
}

@Suite("Formulas on finite traces")
struct FiniteTraceTests {
  /// As many positions as the automata met here can need to repeat themselves.
  private let horizon = 40

  @Test(
    "automata agree with the definition on random words", .tags(.differential),
    arguments: 0..<4 as Range<UInt64>)
  func agrees(seed: UInt64) throws {
    var random = RandomFormula(seed: seed &+ 4000)
    for index in 0..<25 {
      let formula = random.next(operators: 1 + random.draw(3))
      let letters = (0..<8).map { AutomatonLetter($0) }
      for semantics in [TraceSemantics.somePrefix, .ending(label: "c")] {
        let count = Set(formula.propositions + [semantics.end].compactMap { $0 }).count
        let automaton = try OmegaAutomaton(
          ofTraces: formula, semantics, letters: letters.filter { $0 < 1 << count })
        #expect(automaton.deterministicDefect() == nil)
        for _ in 0..<6 {
          let lasso = random.lasso()
          var word = lasso.letters
          while word.count < horizon { word += lasso.letters[lasso.loop...] }
          let lengths =
            semantics == .somePrefix
            ? Array(1...horizon) : word.firstIndex { $0.contains("c") }.map { [$0 + 1] } ?? []
          let expected = lengths.contains { traceTruths(of: formula, on: Array(word[..<$0]))[0] }
          #expect(
            lasso.isAccepted(by: automaton) == expected,
            "seed \(seed), formula \(index): \(formula.text), \(semantics), \(lasso)")
        }
      }
    }
  }

  @Test("traces that end at a label are runs with another formula", .tags(.differential))
  func asRuns() throws {
    var random = RandomFormula(seed: 4100)
    for index in 0..<25 {
      let model = try random.model()
      let formula = random.next(operators: 1 + random.draw(3))
      let direction: Direction = index % 2 == 0 ? .maximize : .minimize
      let run = TemporalFormula.and(onRuns(formula), .finally(.proposition("c")))
      let traces = try solve(
        OmegaRegularProblem(
          model: model, formula: formula.text, semantics: .ending(label: "c"),
          direction: direction))
      let runs = try solve(
        OmegaRegularProblem(model: model, formula: run.text, direction: direction))
      #expect(traces.exactValues == runs.exactValues, "model \(index): \(formula.text)")
    }
  }

  @Test("weak and strong next differ at the last position alone", .tags(.worked))
  func next() throws {
    let weak = try TemporalFormula(parsing: "WX a", .somePrefix)
    #expect(weak == .not(.next(.not(.proposition("a")))))
    #expect(try TemporalFormula(parsing: "\"WX\"", .somePrefix) == .proposition("WX"))
    #expect(try TemporalFormula(parsing: "WX") == .proposition("WX"))
    #expect(traceTruths(of: weak, on: [["a"], []]) == [false, true])
  }

  @Test("a certificate of other traces is rejected", .tags(.mutation))
  func mutations() throws {
    let model = try patrolModel()
    let solution = try solve(
      OmegaRegularProblem(model: model, formula: "X a", semantics: .somePrefix))
    let good = solution.certificate
    func isAccepted(_ formula: String, _ semantics: TraceSemantics) throws -> Bool {
      let changed = OmegaRegularCertificate(
        direction: good.direction, formula: formula, semantics: semantics,
        automaton: good.automaton, components: good.components, exclusions: good.exclusions,
        reachability: good.reachability)
      if case .accepted = try changed.verify(in: model) { return true }
      return false
    }
    #expect(try isAccepted("X a", .somePrefix))
    #expect(try !isAccepted("WX a", .somePrefix))
    #expect(try !isAccepted("X X a", .somePrefix))
    #expect(try !isAccepted("X !a", .infinite))
    // On the trace up to the first `a` the automaton accepts too much: `a` may hold at once.
    #expect(try !isAccepted("X a", .ending(label: "a")))
  }
}
