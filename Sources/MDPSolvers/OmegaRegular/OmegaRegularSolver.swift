// What is here: the greatest probability of an omega-regular property, as the greatest probability
// of reaching an accepting end component of the product (Courcoubetis and Yannakakis 1998; de Alfaro
// 1997). Proofs: proofs-notes/omega-regular-certificate.md.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Solves one omega-regular problem.
struct OmegaRegularSolver {
  let problem: OmegaRegularProblem
  let options: SolverOptions
  private let start = ContinuousClock.now

  init(_ problem: OmegaRegularProblem, _ options: SolverOptions) {
    self.problem = problem
    self.options = options
  }

  func solve() throws -> OmegaRegularSolution {
    guard let pairs = problem.automaton.pairs(for: problem.direction) else {
      throw SolverError.acceptanceTooLarge
    }
    try proveAutomaton()
    options.progress.report("product with \(problem.automaton.stateCount) automaton states")
    let product = try AutomatonProduct(problem.model, problem.automaton)
    try options.progress.checkpoint()
    let search = AcceptingSearch(product: product, pairs: pairs, progress: options.progress)
    let found = try search.components()
    let goal = found.flatMap(\.states)
    let labelled = try product.labelling(goal: goal.map { State($0) })
    let reachability = try MDPSolvers.solve(
      ReachabilityProblem(model: labelled, goal: AutomatonProduct.goal), options: inner)
    guard case .reachability(let proof) = reachability.certificate else {
      preconditionFailure("reachability without a horizon has such a certificate")
    }
    let certificate = OmegaRegularCertificate(
      direction: problem.direction, formula: problem.formula, semantics: problem.semantics,
      automaton: problem.automaton,
      components: found.map { .init(pair: $0.pair, choices: $0.choices.map { Choice($0) }) },
      exclusions: try search.exclusions(off: goal), reachability: proof)
    options.progress.report("checking the certificate")
    let verdict = try certificate.verify(
      in: problem.model, automatonIsProved: true, progress: options.progress)
    if case .rejected(let reason) = verdict { throw GoalSolverError.rejected(reason) }
    return solution(reachability, product, found, certificate)
  }

  /// What the checker cannot prove is not worth solving.
  private func proveAutomaton() throws {
    guard let text = problem.formula else { return }
    options.progress.report("comparing the automaton with the formula")
    let finding = try AutomatonFinding(
      comparing: problem.automaton, with: TemporalFormula(parsing: text, problem.semantics),
      problem.semantics, letters: problem.model.letters(for: problem.automaton),
      progress: options.progress)
    switch finding {
    case .agrees: break
    case .differs:
      throw GoalSolverError.rejected("the automaton does not accept the words of the formula")
    case .undecided(let excess): throw SolverError.formulaNotProved(excess)
    }
  }

  /// Every value of the product is needed for those of the model.
  private var inner: SolverOptions {
    var inner = options
    if case .initial = options.scope { inner.scope = .all(isRequired: false) }
    return inner
  }

  private func solution(
    _ reachability: GoalSolution, _ product: AutomatonProduct,
    _ components: [AcceptingSearch.Component], _ certificate: OmegaRegularCertificate
  ) -> OmegaRegularSolution {
    let (low, high) = bounds(of: certificate.reachability.values, at: product.starts)
    let isExact = reachability.status == .exact
    let values: CertifiedVector =
      isExact
      ? .exact(RationalVector(low))
      : .enclosed(lower: RationalVector(low), upper: RationalVector(high))
    let initialValue = problem.initial.map { law -> CertifiedNumber in
      isExact
        ? .exact(mean(of: RationalVector(low), under: law))
        : .enclosed(
          lower: mean(of: RationalVector(low), under: law),
          upper: mean(of: RationalVector(high), under: law))
    }
    return OmegaRegularSolution(
      problem: problem, product: product, status: reachability.status,
      method: reachability.method, values: values, initialValue: initialValue,
      policy: policy(certificate.reachability.policy, product, components),
      certificate: certificate,
      statistics: .init(
        since: start, iterations: reachability.statistics.iterations,
        denominatorBits: reachability.statistics.denominatorBits),
      warnings: reachability.warnings)
  }

  private func bounds(
    of values: CertifiedValues, at starts: [Int]
  ) -> (lower: [Rational], upper: [Rational]) {
    let (lower, upper): (RationalVector, RationalVector) =
      switch values {
      case .exact(let vector): (vector, vector)
      case .enclosed(let lower, let upper): (lower, upper)
      }
    let (low, high) = (starts.map { lower[$0] }, starts.map { min(upper[$0], 1) })
    return problem.direction == .maximize
      ? (low, high) : (high.map { 1 - $0 }, low.map { 1 - $0 })
  }

  /// Off the components the way to them; inside, a way that shows every mark of the pair for ever.
  private func policy(
    _ reaching: [Action?], _ product: AutomatonProduct,
    _ components: [AcceptingSearch.Component]
  ) -> [OmegaRegularSolution.Law] {
    let model = product.product
    var laws = reaching.map { $0.map { [(action: $0, probability: Rational.one)] } ?? [] }
    for component in components {
      for (state, choices) in component.stays(in: product) {
        let share = Rational(1) / Rational(choices.count)
        laws[state] = choices.map { (model.action(of: Choice($0)), share) }
      }
    }
    for state in laws.indices where laws[state].isEmpty {
      let first = model.choiceRange(at: state).lowerBound
      laws[state] = [(model.action(of: Choice(first)), 1)]
    }
    return laws
  }
}

/// The search for accepting end components of a product.
struct AcceptingSearch {
  struct Component {
    let pair: AcceptancePair
    let states: [Int]
    let choices: [Int]
  }

  let product: AutomatonProduct
  let pairs: [AcceptancePair]
  let progress: ProgressHandler

  private var model: FiniteMDP { product.product }

  /// Disjoint accepting end components that every accepting end component meets.
  func components() throws(Interrupted) -> [Component] {
    var found: [Component] = []
    var isTaken = [Bool](repeating: false, count: model.stateCount)
    for (number, pair) in pairs.enumerated() {
      progress.report("end components of acceptance pair \(number + 1) of \(pairs.count)")
      let order = try EndComponentOrder(model, on: states(of: pair, off: isTaken), progress)
      for (round, states) in order.rounds.enumerated() where holds(pair, states) {
        let choices = order.choices(of: round, model)
        guard !choices.isEmpty else { continue }
        found.append(Component(pair: pair, states: states, choices: choices))
        for state in states { isTaken[state] = true }
      }
    }
    return found
  }

  private func states(of pair: AcceptancePair, off isTaken: [Bool]) -> [Bool] {
    isTaken.indices.map { !isTaken[$0] && product.marks[$0].isDisjoint(with: pair.finite) }
  }

  private func holds(_ pair: AcceptancePair, _ states: [Int]) -> Bool {
    pair.holds(marks(of: states))
  }

  private func marks(of states: [Int]) -> MarkSet {
    states.reduce(into: MarkSet()) { $0.formUnion(product.marks[$1]) }
  }

  /// For every pair the proof that nothing was overlooked.
  func exclusions(
    off goal: [Int]
  ) throws(Interrupted) -> [OmegaRegularCertificate.Exclusion] {
    var isTaken = [Bool](repeating: false, count: model.stateCount)
    for state in goal { isTaken[state] = true }
    var exclusions: [OmegaRegularCertificate.Exclusion] = []
    for pair in pairs {
      let order = try EndComponentOrder(model, on: states(of: pair, off: isTaken), progress)
      let missing = order.rounds.enumerated().map { round, states -> Int? in
        if order.choices(of: round, model).isEmpty { return nil }
        let shown = marks(of: states)
        return pair.infinite.marks.first { !shown.contains($0) }
      }
      exclusions.append(
        .init(pair: pair, round: order.round.map { $0 < 0 ? nil : Int($0) }, missing: missing))
    }
    return exclusions
  }
}

extension AcceptingSearch.Component {
  /// For each state the choices that a policy takes, all equally likely, so that every mark of the
  /// pair recurs: with at most one mark the way to it, else all choices of the component.
  func stays(in product: AutomatonProduct) -> [(state: Int, choices: [Int])] {
    let model = product.product
    var own: [Int: [Int]] = [:]
    for choice in choices { own[Int(model.choiceStates[choice]), default: []].append(choice) }
    let marks = pair.infinite.marks
    guard marks.count <= 1 else { return states.map { ($0, own[$0] ?? []) } }
    let targets = states.filter { marks.isEmpty || product.marks[$0].contains(marks[0]) }
    var entering: [Int: [Int]] = [:]
    for choice in choices {
      for transition in model.transitionRange(of: choice) {
        entering[Int(model.successors[transition]), default: []].append(choice)
      }
    }
    var chosen: [Int: Int] = [:]
    for state in targets { chosen[state] = own[state]?.first }
    var queue = targets
    var next = 0
    while next < queue.count {
      for choice in entering[queue[next]] ?? [] {
        let state = Int(model.choiceStates[choice])
        guard chosen[state] == nil else { continue }
        chosen[state] = choice
        queue.append(state)
      }
      next += 1
    }
    return states.map { ($0, chosen[$0].map { [$0] } ?? own[$0] ?? []) }
  }
}
