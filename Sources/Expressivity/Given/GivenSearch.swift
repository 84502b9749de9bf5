import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// The search behind ``GivenComparison``.
struct GivenSearch {
  let environment: ObjectiveEnvironment
  let policies: GivenPolicies
  let discount: Rational
  let preorder: FormalismPreorder
  let structure: GivenStructure
  let progress: ProgressHandler
  fileprivate let table: AttainableOrderTable
  private(set) var separations: [GivenSeparation] = []
  private(set) var isCutShort = false
  /// The place of the separation that was found for a pair itself.
  private var direct: [Pair: Int] = [:]
  private var reasons: [Pair: String] = [:]

  struct Pair: Hashable {
    let from: Formalism
    let to: Formalism
  }

  init(
    environment: ObjectiveEnvironment, policies: GivenPolicies, discount: Rational,
    preorder: FormalismPreorder, progress: ProgressHandler
  ) throws {
    self.environment = environment
    self.policies = policies
    self.discount = discount
    self.preorder = preorder
    structure = GivenStructure(of: environment)
    self.progress = progress
    table = try AttainableOrderTable(
      of: policies.named.map(\.policy), in: environment, discount: discount, progress: progress)
  }

  mutating func run() throws {
    try addArguments()
    addCollapses()
    do {
      try searchOrders()
    } catch let error as Interrupted where error.reason == .timeLimit {
      isCutShort = true
    }
    addInfiniteArguments()
  }

  /// Whether something is known of a pair at every discount.
  func isDecided(from: Formalism, to: Formalism) -> Bool {
    switch known(Pair(from: from, to: to)) {
    case .separated(let place)?: separations[place].discount == nil
    case nil: false
    default: true
    }
  }

  /// The formalisms that stand for their classes.
  private var representatives: [Formalism] {
    [
      .markovReward, .limitAverage, .temporalLogic, .rewardMachine, .trajectoryFunction,
      .regularised, .outerNonlinear, .lotteryFunction, .lotteryOrder, .policyFunction,
      .policyOrder,
    ]
  }

  /// Whether two policies are known to have one lottery.
  var hasOneLottery: Bool { direct[Pair(from: .lotteryOrder, to: .policyFunction)] != nil }

  mutating func add(_ separation: GivenSeparation) {
    direct[Pair(from: separation.weaker, to: separation.stronger)] = separations.count
    separations.append(separation)
  }

  // MARK: - Arguments about all policies

  private mutating func addArguments() throws {
    let model = environment.model
    let freedom = structure.freedom
    let choices = model.choiceCount - model.stateCount
    if let (first, second) = try environment.policiesWithOneLottery() {
      try addOneLottery(first, second)
    } else {
      let reason = "every policy reaches every state with a choice, so that its lottery tells it"
      expressed(.lotteryFunction, .policyFunction, reason)
      expressed(.lotteryOrder, .policyOrder, reason)
    }
    if freedom == 0 {
      for formalism in [Formalism.markovReward, .limitAverage, .temporalLogic] {
        expressed(formalism, .lotteryOrder, "all policies have one lottery")
        if choices == 0 { expressed(formalism, .policyOrder, "there is a single policy") }
      }
    } else {
      addCardinality(
        .lotteryOrder,
        "uncountably many lotteries: some total preorder of them, such as one by two keys, has"
          + " uncountably many disjoint intervals of ranks, and no real function represents it")
    }
    if choices > 0 {
      addCardinality(
        .policyOrder,
        "uncountably many policies: some total preorder of them has uncountably many disjoint"
          + " intervals of ranks, and no real function represents it")
    }
    if freedom == 1 {
      let reason =
        "one choice between two actions: the occupancies are a segment, which one number tells"
      for formalism in [Formalism.outerNonlinear, .regularised] {
        expressed(formalism, .lotteryFunction, reason)
        if !hasOneLottery {
          expressed(formalism, .policyFunction, reason)
        }
      }
    } else if freedom > 1 {
      add(try uniqueBest())
    }
    try addContinuity()
  }

  mutating func expressed(_ from: Formalism, _ to: Formalism, _ reason: String) {
    reasons[Pair(from: from, to: to)] = reason
  }

  private mutating func addCardinality(_ order: Formalism, _ line: String) {
    add(
      GivenSeparation(
        evidence: .cardinality, weaker: .policyFunction, stronger: order, tiers: [],
        discount: nil, lines: [line], isVerified: true))
  }

  /// Uniform laws everywhere as the only best ones, which RRL can say.
  private func uniqueBest() throws -> GivenSeparation {
    let model = environment.model
    var rewards: [Choice: Rational] = [:]
    for choice in 0..<model.choiceCount {
      let count = model.choiceRange(at: Int(model.state(of: Choice(choice)).index)).count
      rewards[Choice(choice)] = Rational(1, count)
    }
    let objective = try RegularisedObjective(
      TransitionReward(onChoices: rewards, in: model), discount: discount, weight: 1,
      .squares(actionCount: model.actions.count))
    let uniform = Policy.uniform(in: model)
    let best = TrajectoryLottery(of: uniform, in: environment)
    let isVerified = try policies.named.allSatisfy { _, policy in
      let value = try objective.value(of: policy, in: environment)
      return TrajectoryLottery(of: policy, in: environment) == best ? value == 0 : value < 0
    }
    return GivenSeparation(
      evidence: .uniqueBest, weaker: .outerNonlinear, stronger: .regularised, tiers: [],
      discount: nil,
      lines: [
        "RRL: R(s,a) = 1/|A_s| and F(q) = Σ q²: a step is worth 1/|A_s| - Σ π(a|s)² ≤ 0, and 0 at"
          + " the uniform law alone, so that the uniform policy is the only best one, up to its"
          + " lottery",
        "ONMR: the occupancies have dimension \(structure.freedom) at every discount"
          + " above 0 (at 0 still less is seen), and that of the uniform policy lies inside: every"
          + " linear value ties it with others",
      ], isVerified: isVerified)
  }

  private mutating func addOneLottery(_ first: Policy, _ second: Policy) throws {
    let pair = [first, second].map {
      (name: environment.text(of: $0, reachableOnly: false), policy: $0)
    }
    let (answers, isVerified) = try decided(
      weaker: .lotteryOrder, stronger: .policyFunction, pair, ranks: [1, 0])
    add(
      GivenSeparation(
        evidence: .sameLottery, weaker: .lotteryOrder, stronger: .policyFunction,
        tiers: pair.map { [$0] }, discount: nil, lines: answers, isVerified: isVerified))
  }

  /// A state that is reached surely once a choice is mixed in, however little, and not without.
  private mutating func addContinuity() throws {
    let model = environment.model
    let starts = environment.initial.map { Int($0.state.index) }
    for (name, policy) in policies.named.prefix(policies.deterministicCount) {
      guard let actions = policy.actions(in: model) else { continue }
      for neighbour in NeighbouringPolicies(of: actions, in: model) {
        try progress.checkpoint()
        let mixed = try mixture(of: actions, neighbour, weight: Rational(1, 2))
        let (pure, both) = (model.graph(of: policy), model.graph(of: mixed))
        for goal in 0..<model.stateCount
        where isSure(goal, both, from: starts) && !isSure(goal, pure, from: starts) {
          try addJump(to: goal, actions, neighbour, name)
        }
        let isDone = [Formalism.temporalLogic, .limitAverage].allSatisfy {
          direct[Pair(from: .rewardMachine, to: $0)] != nil
        }
        if isDone { return }
      }
    }
  }

  private func mixture(
    of first: [Action], _ second: [Action], weight: Rational
  ) throws -> Policy {
    try Policy(
      laws: zip(first, second).map { a, b in
        a == b ? [(a, 1)] : [(a, 1 - weight), (b, weight)]
      }, in: environment.model)
  }

  /// Whether a finite chain with these edges reaches `goal` with probability 1.
  private func isSure(_ goal: Int, _ graph: DirectedGraph, from starts: [Int]) -> Bool {
    let successors = (0..<graph.vertexCount).map { vertex in
      vertex == goal ? [] : Array(graph.successors(of: vertex))
    }
    let stopped = DirectedGraph(successors)
    let reached = stopped.reachable(from: starts)
    return (0..<graph.vertexCount).allSatisfy { vertex in
      !reached[vertex] || stopped.reachable(from: [vertex])[goal]
    }
  }

  private mutating func addJump(
    to goal: Int, _ actions: [Action], _ neighbour: [Action], _ name: String
  ) throws {
    let model = environment.model
    let weights = [0, Rational(1, 10), Rational(1, 2)]
    let mixtures = try weights.map { try mixture(of: actions, neighbour, weight: $0) }
    var labels: [Trajectory.Step: Set<String>] = [:]
    for step in environment.steps where Int(step.state.index) == goal { labels[step] = ["goal"] }
    let formula = TemporalObjective(.finally(.proposition("goal")), labels: labels)
    let gain = LimitAverageObjective(TransitionReward(labels.mapValues { _ in 1 }))
    for (objective, formalism) in [
      (formula, Formalism.temporalLogic), (gain, .limitAverage),
    ] as [(any RealValuedObjective, Formalism)] {
      let values = try mixtures.map { try objective.value(of: $0, in: environment) }
      // The gain of a goal that is not left is the probability of reaching it.
      guard values[1] == 1, values[2] == 1, values[0] < 1,
        direct[Pair(from: .rewardMachine, to: formalism)] == nil
      else { continue }
      add(
        GivenSeparation(
          evidence: .continuity, weaker: .rewardMachine, stronger: formalism,
          tiers: [
            mixtures.dropFirst().map { (environment.text(of: $0), $0) }, [(name, mixtures[0])],
          ], discount: nil,
          lines: [
            "\(formalism.rawValue): '\(model.states[goal])' is "
              + (formalism == .temporalLogic ? "reached" : "where all time goes in the end")
              + " with probability 1 however little of the other action is mixed in, and"
              + " \(values[0]) without",
            "RM: every discounted value is continuous in the policy, so that one which is"
              + " constant on the mixtures has the same value at their limit",
          ], isVerified: true))
    }
  }

  // MARK: - Orders of a few policies

  private mutating func searchOrders() throws {
    var open: [Pair] = []
    // What a strong formalism fails, and a weak one expresses, decides most pairs.
    for from in representatives.reversed() {
      for to in representatives where from != to && !preorder.expresses(from, to) {
        open.append(Pair(from: from, to: to))
      }
    }
    open.removeAll { known($0) != nil }
    for size in 2...4 where size <= policies.named.count {
      let patterns = OrderPattern.all(of: size)
      for places in Subsets(of: policies.named.count, size: size) where !open.isEmpty {
        try progress.checkpoint()
        progress.report("comparing sets of \(size) policies; \(open.count) pairs open")
        try compare(places, patterns, &open)
      }
    }
  }

  private mutating func compare(
    _ places: [Int], _ patterns: [[Int]], _ open: inout [Pair]
  ) throws {
    var allowed: [Formalism: (lower: [Bool], upper: [Bool])] = [:]
    for formalism in Set(open.flatMap { [$0.from, $0.to] }) {
      guard let bounds = table.bounds[formalism] else { continue }
      allowed[formalism] = (
        patterns.map { bounds.lower.allows($0, on: places) },
        patterns.map { bounds.upper.allows($0, on: places) }
      )
    }
    for pair in open where known(pair) == nil {
      guard let weak = allowed[pair.from], let strong = allowed[pair.to],
        let pattern = patterns.indices.first(where: { strong.lower[$0] && !weak.upper[$0] })
      else { continue }
      try addOrder(pair, places, patterns[pattern])
    }
    open.removeAll { known($0) != nil }
  }

  private mutating func addOrder(_ pair: Pair, _ places: [Int], _ ranks: [Int]) throws {
    let chosen = places.map { policies.named[$0] }
    var (lines, isVerified) = try decided(
      weaker: pair.from, stronger: pair.to, chosen, ranks: ranks, places)
    var only = table.bounds[pair.from]?.discount
    if pair.from == .markovReward, !discount.isZero, let reason = structure.sameAtEveryDiscount {
      lines.append("and so at every discount above 0 (at 0 still less is seen): \(reason)")
      only = nil
    } else if only != nil {
      lines.append(try otherDiscounts(pair.from, chosen.map(\.policy), ranks))
    }
    let tiers = (0...(ranks.max() ?? 0)).reversed().map { rank in
      ranks.indices.filter { ranks[$0] == rank }.map { chosen[$0] }
    }
    add(
      GivenSeparation(
        evidence: .finite, weaker: pair.from, stronger: pair.to, tiers: tiers,
        discount: only, lines: lines, isVerified: isVerified))
  }

  /// Whether other discounts help, tried at some.
  private func otherDiscounts(
    _ formalism: Formalism, _ chosen: [Policy], _ ranks: [Int]
  ) throws -> String {
    var (helping, others) = ([Rational](), [Rational]())
    for other in [0, Rational(1, 4), Rational(1, 2), Rational(9, 10), Rational(99, 100)]
    where other != discount {
      let rows = try AttainableOrderTable.rows(
        of: formalism, on: chosen, in: environment, discount: other, progress: progress)
      let relations = OrderPattern.relations(of: rows, on: Array(chosen.indices))
      if OrderPattern.isAttained(ranks, relations: relations) {
        helping.append(other)
      } else {
        others.append(other)
      }
    }
    func list(_ numbers: [Rational]) -> String {
      numbers.map { "\($0)" }.joined(separator: ", ")
    }
    return helping.isEmpty
      ? "nor at the discounts \(list(others)); at all others it was not tried"
      : "but at the discounts \(list(helping)) \(formalism.rawValue) expresses this order"
  }

  /// Both sides as tasks of reward design, with the checker's verdict.
  private func decided(
    weaker: Formalism, stronger: Formalism, _ chosen: [(name: String, policy: Policy)],
    ranks: [Int], _ places: [Int] = []
  ) throws -> (lines: [String], isVerified: Bool) {
    let ranking = (0...(ranks.max() ?? 0)).reversed().map { rank in
      ranks.indices.filter { ranks[$0] == rank }
    }
    var lines: [String] = []
    var isVerified = true
    for (formalism, isExpected) in [(stronger, true), (weaker, false)] {
      var decisive = formalism
      if formalism == .temporalLogic, !hasSingleRuns(chosen.map(\.policy)) {
        if isExpected {
          lines.append("LTL: \(event(with: ranks, places) ?? "no formula")")
          continue
        }
        decisive = .trajectoryFunction
        lines.append("LTL expresses at most what FTR does")
      }
      let task = ExpressTask(
        model: environment.model, kind: .policyOrder, formalism: decisive,
        discount: .fixed(discount), initial: environment.initial, rewardSupport: .stateAction,
        objects: chosen.map { ExpressTask.Object(name: $0.name, behaviour: .policy($0.policy)) },
        ranking: ranking)
      let (answer, isAccepted) = try task.decided(progress)
      isVerified = isVerified && isAccepted && answer.isExpressible == isExpected
      lines.append(
        "\(decisive.rawValue) "
          + (answer.isExpressible == true ? "expresses the order" : "does not express the order")
          + (isAccepted ? ", and the checker accepts the proof" : ", but the check fails"))
    }
    return (lines, isVerified)
  }

  /// Whether each of the policies has one run only.
  private func hasSingleRuns(_ chosen: [Policy]) -> Bool {
    let task = ExpressTask(
      model: environment.model, kind: .policyOrder, formalism: .temporalLogic, discount: nil,
      initial: environment.initial, rewardSupport: .stateAction, objects: [])
    return chosen.allSatisfy {
      ExpressTask.Object.Behaviour.policy($0).singleRun(in: task) != nil
    }
  }

  /// The formula that gives policies probabilities with these ranks, in words.
  private func event(with ranks: [Int], _ places: [Int]) -> String? {
    let event = table.events.first { event in
      OrderPattern.ranks(of: places.map { event.values[$0] }) == ranks
    }
    guard let event, let step = event.objective.labels?.keys.first else { return nil }
    let model = environment.model
    let values = places.map { "\(event.values[$0])" }.joined(separator: ", ")
    return
      "\(event.objective.formula.text) with p at the step \(model.states[Int(step.state.index)])"
      + " \(model.actions[Int(step.action.index)]) \(model.states[Int(step.successor.index)])"
      + " has the probabilities \(values)"
  }

  // MARK: - Closure

  /// What follows for a pair from the separations and equalities at hand.
  ///
  /// `from ≤ weaker` and `stronger ≤ to` in general or on this environment.
  private func known(_ pair: Pair) -> GivenComparison.Finding? {
    if preorder.expresses(pair.from, pair.to) { return .holds }
    if let place = direct[pair] { return .separated(place) }
    let following = separations.indices.filter {
      preorder.expresses(separations[$0].weaker, pair.from)
        && preorder.expresses(pair.to, separations[$0].stronger)
    }
    // What holds at every discount comes first.
    if let place = following.first(where: { separations[$0].discount == nil }) ?? following.first {
      return .separated(place)
    }
    for (equal, reason) in reasons.sorted(by: { $0.value < $1.value })
    where preorder.expresses(pair.from, equal.from) && preorder.expresses(equal.to, pair.to) {
      return .expressed(reason: reason)
    }
    return nil
  }

  /// All pairs, in the order of the preorder.
  var relations: [GivenComparison.Relation] {
    preorder.relations.map { relation in
      let pair = Pair(from: relation.from, to: relation.to)
      let finding = known(pair) ?? open(pair)
      return GivenComparison.Relation(from: relation.from, to: relation.to, finding: finding)
    }
  }
}

extension GivenSearch {
  /// What is said of a pair for which nothing was found.
  fileprivate func open(_ pair: Pair) -> GivenComparison.Finding {
    if let weak = table.bounds[pair.from], let strong = table.bounds[pair.to],
      weak.cover(strong)
    {
      return .expressedOnPolicies
    }
    return .undecided(
      reason: isCutShort
        ? "the time limit ended the search of \(policies.named.count) policies"
        : "no order of at most four of the \(policies.named.count) policies searched"
          + " separates them")
  }
}

/// The sets of `size` numbers below `count`, ascending, in lexicographic order.
struct Subsets: Sequence, IteratorProtocol {
  private let count: Int
  private var following: [Int]?

  init(of count: Int, size: Int) {
    self.count = count
    following = size <= count ? Array(0..<size) : nil
  }

  mutating func next() -> [Int]? {
    guard let current = following else { return nil }
    let size = current.count
    following = nil
    if let place = (0..<size).last(where: { current[$0] < count - size + $0 }) {
      var next = current
      next[place] += 1
      for later in (place + 1)..<Swift.max(size, place + 1) { next[later] = next[later - 1] + 1 }
      following = next
    }
    return current
  }
}

extension ExpressTask {
  /// The answer to the task, and whether the checker accepts it.
  func decided(
    _ progress: ProgressHandler
  ) throws -> (answer: ExpressAnswer, isAccepted: Bool) {
    var options = ExpressOptions()
    options.progress = progress
    let answer = try express(self, options: options)
    var bytes: [UInt8] = []
    let json = JSONWriter { bytes += $0 }
    answer.write(to: json, for: self)
    try json.finish()
    let document = try ExpressAnswerDocument.read(bytes: bytes, path: "answer")
    return (answer, try document.verify(against: self, progress: progress).isAccepted)
  }
}
