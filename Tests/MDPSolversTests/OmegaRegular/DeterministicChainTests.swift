import Certificates
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

/// Models in which a run is one word: what is solved on them has to agree with the truth of the
/// formula on that word, by definition.
@Suite("Formulas on runs without chance", .tags(.differential))
struct DeterministicChainTests {
  /// Each state has one successor an action.
  private struct Graph {
    let labels: [Set<String>]
    let successors: [[Int]]

    init(actions: Int, _ random: inout RandomFormula) {
      let count = 2 + random.draw(5)
      labels = (0..<count).map { _ in
        Set(RandomFormula.names.filter { _ in random.draw(2) == 0 })
      }
      successors = (0..<count).map { _ in (0..<actions).map { _ in random.draw(count) } }
    }

    func model() throws -> FiniteMDP {
      var builder = try FiniteMDPBuilder(
        states: NameTable(count: labels.count), actions: NameTable(count: successors[0].count))
      for (state, targets) in successors.enumerated() {
        for (action, target) in targets.enumerated() {
          try builder.addTransition(
            from: State(state), under: Action(action), to: State(target), probability: 1)
        }
      }
      for name in RandomFormula.names {
        try builder.addLabel(
          name, states: labels.indices.filter { labels[$0].contains(name) }.map { State($0) })
      }
      return try builder.build()
    }

    /// The word of the run that takes these actions, by state.
    func word(from start: Int, _ actions: [Int]) -> Lasso {
      var path: [Int] = []
      var state = start
      while !path.contains(state) {
        path.append(state)
        state = successors[state][actions[state]]
      }
      return Lasso(
        letters: path.map { labels[$0] }, loop: path.firstIndex(of: state) ?? 0)
    }
  }

  @Test(
    "the automaton, the elimination and the definition agree", arguments: 0..<4 as Range<UInt64>)
  func chains(seed: UInt64) throws {
    var random = RandomFormula(seed: seed &+ 5000)
    var holding = 0
    for index in 0..<30 {
      let graph = Graph(actions: 1, &random)
      let model = try graph.model()
      let formula = random.next(operators: 1 + random.draw(5))
      let label: Comment = "seed \(seed), chain \(index), \(formula.text)"
      let expected = graph.labels.indices.map { start -> Rational in
        graph.word(from: start, graph.labels.map { _ in 0 }).satisfies(formula) ? 1 : 0
      }
      holding += expected.count { !$0.isZero }
      let direction: Direction = index % 2 == 0 ? .maximize : .minimize
      let solution = try solve(
        OmegaRegularProblem(model: model, formula: formula.text, direction: direction))
      #expect(solution.exactValues == expected, label)
      let oracle = try EliminationOracle(solution.product)
      let policy = try Policy(laws: solution.policy, in: oracle.model)
      #expect(try oracle.values(of: formula, under: policy) == expected, label)
    }
    #expect((20...110).contains(holding), "\(holding)")
  }

  @Test("no policy without memory does better, and none with chance is needed")
  func choices() throws {
    var random = RandomFormula(seed: 5100)
    for index in 0..<40 {
      let graph = Graph(actions: 2, &random)
      let model = try graph.model()
      let formula = random.next(operators: 1 + random.draw(4))
      let label: Comment = "model \(index), \(formula.text)"
      let greatest = try #require(
        try solve(OmegaRegularProblem(model: model, formula: formula.text)).exactValues)
      let least = try #require(
        try solve(
          OmegaRegularProblem(model: model, formula: formula.text, direction: .minimize)
        ).exactValues)
      #expect((greatest + least).allSatisfy { $0.isZero || $0 == 1 }, label)
      for bits in 0..<(1 << graph.labels.count) {
        let actions = graph.labels.indices.map { bits >> $0 & 1 }
        for start in graph.labels.indices {
          let value: Rational = graph.word(from: start, actions).satisfies(formula) ? 1 : 0
          #expect(least[start] <= value && value <= greatest[start], label)
        }
      }
    }
  }

  @Test("finite traces against the runs unrolled", arguments: 0..<3 as Range<UInt64>)
  func traces(seed: UInt64) throws {
    var random = RandomFormula(seed: seed &+ 5200)
    // More positions than the automata met here have states on a chain.
    let horizon = 40
    for index in 0..<20 {
      let graph = Graph(actions: 1, &random)
      let model = try graph.model()
      let formula = random.next(operators: 1 + random.draw(3))
      for semantics in [TraceSemantics.somePrefix, .ending(label: "c")] {
        let expected = graph.labels.indices.map { start -> Rational in
          let lasso = graph.word(from: start, graph.labels.map { _ in 0 })
          var word = lasso.letters
          while word.count < horizon { word += lasso.letters[lasso.loop...] }
          let lengths =
            semantics == .somePrefix
            ? Array(1...horizon) : word.firstIndex { $0.contains("c") }.map { [$0 + 1] } ?? []
          return lengths.contains { traceTruths(of: formula, on: Array(word[..<$0]))[0] } ? 1 : 0
        }
        let solution = try solve(
          OmegaRegularProblem(model: model, formula: formula.text, semantics: semantics))
        #expect(
          solution.exactValues == expected,
          "seed \(seed), chain \(index), \(formula.text), \(semantics)")
      }
    }
  }

  @Test("with chance: the best probability on finite traces is that of the unrolled tree")
  func unrolled() throws {
    var random = RandomFormula(seed: 5300)
    for index in 0..<30 {
      let model = try random.model(largestStateCount: 4)
      guard model.labeledTransitions.isEmpty else { continue }
      let formula = random.next(operators: 1 + random.draw(2))
      let values = try #require(
        try solve(
          OmegaRegularProblem(model: model, formula: formula.text, semantics: .somePrefix)
        ).exactValues)
      // The best chance that a prefix of at most so many positions satisfies the formula.
      for start in 0..<model.stateCount {
        var last = Rational.zero
        for length in 1...4 {
          let bound = best(model, formula, [start], length)
          #expect(last <= bound && bound <= values[start], "model \(index), \(formula.text)")
          last = bound
        }
      }
    }
  }

  private func best(
    _ model: FiniteMDP, _ formula: TemporalFormula, _ path: [Int], _ length: Int
  ) -> Rational {
    let word = path.map { state in
      Set(
        model.labels.filter { $0.states.contains(State(state)) }.map(\.name))
    }
    if traceTruths(of: formula, on: word)[0] { return 1 }
    guard path.count < length, let state = path.last else { return 0 }
    return model.choices(at: State(state)).map { choice in
      model.transitions(of: choice).reduce(Rational.zero) {
        $0 + $1.probability * best(model, formula, path + [Int($1.successor.index)], length)
      }
    }.max() ?? 0
  }
}
