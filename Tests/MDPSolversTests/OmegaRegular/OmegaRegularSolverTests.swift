import Certificates
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Greatest and least probabilities of formulas")
struct OmegaRegularSolverTests {
  @Test(
    "no policy of the product is better, and the printed one is as good",
    .tags(.differential), arguments: 0..<4 as Range<UInt64>)
  func bruteForce(seed: UInt64) throws {
    var random = RandomFormula(seed: seed &+ 900)
    for index in 0..<25 {
      let model = try random.model()
      let formula = random.next(operators: 1 + random.draw(3))
      let direction: Direction = index % 2 == 0 ? .maximize : .minimize
      let label: Comment = "seed \(seed), model \(index), \(formula.text)"
      let solution = try solve(
        OmegaRegularProblem(model: model, formula: formula.text, direction: direction))
      let values = try #require(solution.exactValues, label)
      let oracle = try EliminationOracle(solution.product)
      let policy = try Policy(laws: solution.policy, in: oracle.model)
      #expect(try oracle.values(of: formula, under: policy) == values, label)
      for policy in try oracle.policies(limit: 60) ?? [] {
        for (other, value) in zip(try oracle.values(of: formula, under: policy), values) {
          #expect(direction == .maximize ? other <= value : other >= value, label)
        }
      }
    }
  }

  @Test("the least probability is one minus the greatest of the negation", .tags(.metamorphic))
  func negation() throws {
    var random = RandomFormula(seed: 77)
    for _ in 0..<40 {
      let model = try random.model(largestStateCount: 6)
      let formula = random.next(operators: 1 + random.draw(4))
      let least = try solve(
        OmegaRegularProblem(model: model, formula: formula.text, direction: .minimize))
      let greatest = try solve(
        OmegaRegularProblem(model: model, formula: TemporalFormula.not(formula).text))
      let automaton = try solve(
        OmegaRegularProblem(
          model: model, automaton: OmegaAutomaton(of: formula), direction: .minimize))
      #expect(least.exactValues == greatest.exactValues?.map { 1 - $0 }, "\(formula.text)")
      #expect(automaton.exactValues == least.exactValues, "\(formula.text)")
    }
  }

  @Test("a robot that has to visit two rooms for ever and avoid a third", .tags(.worked))
  func patrol() throws {
    let model = try patrolModel()
    let solution = try solve(
      OmegaRegularProblem(model: model, formula: "G F a & G F b & G !c"))
    // One try in three at the first door fails for ever.
    #expect(solution.exactValues == [Rational(2, 3), 1, 1, 0])
    let least = try solve(
      OmegaRegularProblem(model: model, formula: "F c", direction: .minimize))
    #expect(least.exactValues == [Rational(1, 3), 0, 0, 1])
    let late = try solve(OmegaRegularProblem(model: model, formula: "F G a"))
    #expect(late.exactValues == [Rational(2, 3), 1, 1, 0])
  }

  @Test("a certificate of something else is rejected", .tags(.mutation))
  func mutations() throws {
    let model = try patrolModel()
    for direction in [Direction.maximize, .minimize] {
      let formula = direction == .maximize ? "G F a & G F b & G !c" : "F G (a | c)"
      let certificate = try solve(
        OmegaRegularProblem(model: model, formula: formula, direction: direction)
      ).certificate
      #expect(try certificate.verify(in: model).isAccepted)
      for (name, mutated) in mutants(of: certificate) {
        #expect(try !mutated.verify(in: model).isAccepted, "\(direction) \(name)")
      }
    }
  }

  @Test("what does not fit the model is an error")
  func errors() throws {
    let model = try patrolModel()
    #expect(throws: SolverError.self) {
      try OmegaRegularProblem(model: model, formula: "G F nothing")
    }
    #expect(throws: SolverError.self) { try OmegaRegularProblem(model: model, formula: "G F (") }
    let wide = AcceptanceCondition.and(
      (0..<30).map { .or([.infinitely($0), .infinitely($0 + 30)]) })
    let automaton = OmegaAutomaton(
      propositions: ["a"], initial: 0, edges: [[.init(.constant(true), to: 0)]], markCount: 60,
      acceptance: wide)
    #expect(throws: SolverError.acceptanceTooLarge) {
      try solve(OmegaRegularProblem(model: model, automaton: automaton))
    }
  }

  private func mutants(
    of certificate: OmegaRegularCertificate
  ) -> [(name: String, certificate: OmegaRegularCertificate)] {
    typealias Certificate = OmegaRegularCertificate
    func with(
      direction: Direction? = nil, formula: String? = nil, automaton: OmegaAutomaton? = nil,
      components: [Certificate.Component]? = nil, exclusions: [Certificate.Exclusion]? = nil,
      reachability: ReachabilityCertificate? = nil
    ) -> Certificate {
      Certificate(
        direction: direction ?? certificate.direction, formula: formula ?? certificate.formula,
        automaton: automaton ?? certificate.automaton,
        components: components ?? certificate.components,
        exclusions: exclusions ?? certificate.exclusions,
        reachability: reachability ?? certificate.reachability)
    }
    var mutants: [(String, Certificate)] = [
      ("formula", with(formula: "G F b & G !c")), ("no exclusions", with(exclusions: [])),
      ("complement", with(automaton: certificate.automaton.complement)),
      (
        "direction",
        with(direction: certificate.direction == .maximize ? .minimize : .maximize)
      ),
      ("no components", with(components: [])),
    ]
    for (place, component) in certificate.components.enumerated() {
      for choice in component.choices {
        // One choice alone shows one mark, or leads out.
        var components = certificate.components
        components[place] = .init(
          pair: component.pair, choices: component.choices.filter { $0 == choice })
        if component.choices.count > 2 {
          mutants.append(("choice \(choice)", with(components: components)))
        }
      }
      var components = certificate.components
      components[place] = .init(
        pair: AcceptancePair(finite: MarkSet(), infinite: MarkSet()), choices: component.choices)
      if !component.pair.finite.isEmpty || !component.pair.infinite.isEmpty {
        mutants.append(("pair \(place)", with(components: components)))
      }
    }
    for (place, exclusion) in certificate.exclusions.enumerated() {
      for state in exclusion.round.indices {
        var exclusions = certificate.exclusions
        var round = exclusion.round
        round[state] = round[state] == nil ? 0 : nil
        exclusions[place] = .init(pair: exclusion.pair, round: round, missing: exclusion.missing)
        mutants.append(("round \(place) \(state)", with(exclusions: exclusions)))
      }
    }
    if case .exact(let values) = certificate.reachability.values {
      for state in 0..<values.count where values[state] != 1 {
        var entries = values.entries
        entries[state] = entries[state] + Rational(1, 7)
        mutants.append(
          (
            "value \(state)",
            with(
              reachability: ReachabilityCertificate(
                objective: certificate.reachability.objective,
                values: .exact(RationalVector(entries)),
                policy: certificate.reachability.policy,
                distance: certificate.reachability.distance))
          ))
      }
    }
    return mutants
  }
}
