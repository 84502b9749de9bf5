import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// What a solution of an omega-regular problem claims beside its certificate.
struct WrittenOmegaRegularSolution: Sendable {
  typealias Law = [(action: Reference, probability: Rational)]

  let objective: String?
  let direction: Direction?
  let formula: String?
  let status: WrittenSolution.Status?
  let initial: [(state: Reference, probability: Rational)]?
  let initialValue: Claim?
  let initialValueDecimal: DecimalClaim?
  let values: StateVector<Claim>?
  let valuesDecimal: StateVector<DecimalClaim>?
  let policyIsOptimal: Bool?
  let undecided: [Reference]?
  let automaton: String?
  /// The memory that a run begins with.
  let firstMemory: String?
  /// For each memory, by name, what is done at each state.
  let policy: [(memory: String, laws: StateVector<Law>)]?

  private static let keys = [
    "format", "version", "objective", "direction", "formula", "automaton", "status", "method",
    "initial", "initialValue", "initialValueDecimal", "values", "valuesDecimal", "policy",
    "policyIsOptimal", "undecided", "memory", "certificate", "statistics", "warnings",
  ]

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: Self.keys)
    objective = try fields.optional("objective", read.text)
    direction = try fields.optional("direction", read.direction)
    formula = try fields.optional("formula", read.text)
    status = try fields.optional("status", read.status)
    initial = try fields.optional("initial", read.initialLaw)
    initialValue = try fields.optional("initialValue", read.claim)
    initialValueDecimal = try fields.optional("initialValueDecimal", read.decimal)
    values = try fields.optional("values", read.claims)
    valuesDecimal = try fields.optional("valuesDecimal", read.decimals)
    policyIsOptimal = try fields.optional("policyIsOptimal", read.truth)
    undecided = try fields.optional("undecided", read.references)
    automaton = try fields.optional("automaton", read.text)
    firstMemory = try fields.optional("memory") { (node) throws(Malformed) in
      try read.member("initial", of: node, read.text)
    }
    policy = try fields.optional("policy", read.memoryPolicy)
  }

  /// Holds every number against the proof.
  ///
  /// - Returns: the initial law that the solution speaks of.
  func check(
    against proof: OmegaRegularProof, _ document: OmegaRegularDocument, _ model: FiniteMDP
  ) throws(CheckFailure) -> [(state: Int, probability: Rational)]? {
    try require(objective == nil || objective == "ltl", "objective: 'ltl' is expected")
    try require(
      direction == nil || direction == document.direction,
      "direction: the certificate proves '\(document.direction.rawValue)'")
    try require(
      formula == nil || formula == document.formula,
      "formula: the certificate is about \(document.formula.map { excerpt($0) } ?? "an automaton")")
    try checkStatus(proof)
    try checkOptimality(proof, model)
    try checkAutomaton(document)
    try require(
      values != nil || valuesDecimal == nil, "valuesDecimal: there are no values beside it")
    let decimals = try valuesDecimal?.entries(in: model, "valuesDecimal")
    if let values {
      for (state, claim) in try values.entries(in: model, "values").enumerated() {
        try require(
          claim.lower == proof.lower[state] && claim.upper == proof.upper[state],
          "values: at \(model.name(State(state))) \(shown(claim.lower)) is printed, but "
            + "\(shown(proof.lower[state])) is proved")
        try require(
          decimals?[state].isRounding(of: claim.lower.fraction, claim.upper.fraction) ?? true,
          "valuesDecimal: at \(model.name(State(state))) the decimals are not those of the number "
            + "beside")
      }
    }
    let law = try law(in: model)
    if let initialValue {
      guard let law else { throw .rejected("initialValue: there is no initial law") }
      let (low, high) = proof.mean(law)
      try require(
        initialValue.lower == low && initialValue.upper == high,
        "initialValue: \(shown(initialValue.lower)) is printed, but \(shown(low)) is proved")
      try require(
        initialValueDecimal?.isRounding(
          of: initialValue.lower.fraction, initialValue.upper.fraction) ?? true,
        "initialValueDecimal: the decimals are not those of the number beside")
    } else {
      try require(
        initialValueDecimal == nil, "initialValueDecimal: there is no initialValue beside it")
    }
    return law
  }

  private func checkStatus(_ proof: OmegaRegularProof) throws(CheckFailure) {
    guard proof.isExact else {
      return try require(status != .exact, "status: it is 'exact', but the bounds differ")
    }
    try requireNoBounds(status: status, initialValue: initialValue)
    guard status == .enclosed else { return }
    let claims =
      switch values {
      case .named(let members): members.map(\.entry)
      case .listed(let entries): entries
      case nil: [Claim]()
      }
    try requireNoExactAnswers(
      values: claims.contains(where: \.isExact) ? "values" : nil, initialValue: initialValue,
      optimalActions: false)
  }

  /// The policy attains the lower bounds (the upper ones of a minimum).
  private func checkOptimality(
    _ proof: OmegaRegularProof, _ model: FiniteMDP
  ) throws(CheckFailure) {
    let open = (0..<model.stateCount).filter { proof.lower[$0] != proof.upper[$0] }
      .map(State.init)
    if let policyIsOptimal {
      try require(
        policyIsOptimal == open.isEmpty,
        "policyIsOptimal: the solution says \(policyIsOptimal), the certificate proves "
          + (policyIsOptimal ? "bounds only" : "true"))
    }
    guard let undecided else { return }
    var printed: Set<State> = []
    for reference in undecided { printed.insert(try model.state(reference, in: "undecided")) }
    if let state = printed.symmetricDifference(open).min() {
      throw .rejected(
        "undecided: at \(model.name(state)) the bounds "
          + (printed.contains(state) ? "meet" : "differ, but it is not listed"))
    }
  }

  private func checkAutomaton(_ document: OmegaRegularDocument) throws(CheckFailure) {
    guard let automaton else { return }
    let own = document.automaton.hoa(name: nil)
    let printed: String
    do throws(AutomatonError) {
      printed = try OmegaAutomaton(hoa: automaton).hoa(name: nil)
    } catch {
      throw .rejected("automaton: \(error)")
    }
    try require(printed == own, "automaton: it is not that of the certificate")
  }

  private func law(
    in model: FiniteMDP
  ) throws(CheckFailure) -> [(state: Int, probability: Rational)]? {
    guard let initial else {
      return model.initial?.map { (Int($0.state.index), $0.probability) }
    }
    var law: [(state: Int, probability: Rational)] = []
    var sum = Rational.zero
    for (state, probability) in initial {
      try require(probability.signum >= 0, "initial: a probability is negative")
      sum += probability
      law.append((Int(try model.state(state, in: "initial").index), probability))
    }
    try require(sum == 1, "initial: the probabilities add up to \(shown(sum))")
    return law
  }
}

// MARK: - The policy

extension WrittenOmegaRegularSolution {
  /// The printed policy attains what is proved: off the components it is that of the certificate
  /// wherever it promises something, and inside it takes their choices so that every recurrent
  /// class shows the marks of the pair.
  func checkPolicy(
    _ certificate: OmegaRegularCertificate, _ product: AutomatonProduct, lower: RationalVector
  ) throws(CheckFailure) {
    if let firstMemory {
      let name = AutomatonProduct.name(of: product.memories[product.memory[product.starts[0]]])
      try require(
        firstMemory == name,
        "memory.initial: the solution says \(excerpt(firstMemory)), but a run begins with "
          + excerpt(name))
    }
    guard let laws = try laws(in: product) else { return }
    let model = product.product
    var isInside = [Bool](repeating: false, count: model.stateCount)
    for component in certificate.components {
      var taken: [Int: [Int]] = [:]
      for state in Set(component.choices.map { Int(model.state(of: $0).index) }).sorted() {
        isInside[state] = true
        taken[state] = laws[state]
        try require(
          !laws[state].isEmpty && laws[state].allSatisfy { component.choices.contains(Choice($0)) },
          "policy: at \(model.name(State(state))) it leaves its end component")
      }
      try checkRecurrence(of: taken, component, product)
    }
    for state in 0..<model.stateCount where !isInside[state] && lower[state].signum > 0 {
      let choice = certificate.reachability.policy[state].flatMap {
        model.choice(of: $0, at: State(state))
      }
      try require(
        choice.map { laws[state] == [Int($0.index)] } ?? false,
        "policy: at \(model.name(State(state))) it is not that of the certificate")
    }
  }

  private func checkRecurrence(
    of taken: [Int: [Int]], _ component: OmegaRegularCertificate.Component,
    _ product: AutomatonProduct
  ) throws(CheckFailure) {
    let model = product.product
    let states = taken.keys.sorted()
    let places = Dictionary(
      states.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let graph = DirectedGraph(
      states.map { state in
        (taken[state] ?? []).flatMap { choice in
          model.transitionRange(of: choice).compactMap { places[Int(model.successors[$0])] }
        }
      })
    let components = StronglyConnectedComponents(of: graph)
    let isClosed = components.isClosed(in: graph)
    for (number, members) in components.members().enumerated() where isClosed[number] {
      var shown = MarkSet()
      for member in members { shown.formUnion(product.marks[states[member]]) }
      try require(
        component.pair.holds(shown),
        "policy: round \(model.name(State(states[members[0]]))) it does not show the marks")
    }
  }

  /// The choices that the policy may take at each state of the product; none where it says nothing.
  private func laws(in product: AutomatonProduct) throws(CheckFailure) -> [[Int]]? {
    guard let policy else { return nil }
    var laws = [[Int]](repeating: [], count: product.product.stateCount)
    for (memory, entries) in policy {
      guard case .named(let members) = entries else {
        throw .rejected("policy: the states of the memory \(excerpt(memory)) have to be named")
      }
      for (name, law) in members {
        let state = try product.product.state(.name(name + " @ " + memory), in: "policy")
        var sum = Rational.zero
        for (action, probability) in law {
          try require(probability.signum >= 0, "policy: a probability is negative")
          sum += probability
          let choice = try product.product.choice(action, at: state, in: "policy")
          if probability.signum > 0 { laws[Int(state.index)].append(Int(choice.index)) }
        }
        try require(
          sum == 1, "policy: the probabilities at \(excerpt(name)) add up to \(shown(sum))")
      }
    }
    return laws
  }
}

extension EntryReader {
  fileprivate func memoryPolicy(
    _ node: JSONNode
  ) throws(Malformed) -> [(memory: String, laws: StateVector<WrittenOmegaRegularSolution.Law>)] {
    guard case .object(let members) = node.kind else { throw node.expected("an object") }
    var policy: [(memory: String, laws: StateVector<WrittenOmegaRegularSolution.Law>)] = []
    for member in members {
      let laws = try inside(
        excerpt(member.key),
        { (node) throws(Malformed) in try stateVector(node, of: randomizedAction) }, member.value)
      policy.append((member.key, laws))
    }
    return policy
  }

  /// One action, or an object of actions with their probabilities.
  private func randomizedAction(
    _ node: JSONNode
  ) throws(Malformed) -> WrittenOmegaRegularSolution.Law {
    guard case .object(let members) = node.kind else { return [(try reference(node), 1)] }
    var law: WrittenOmegaRegularSolution.Law = []
    for member in members {
      law.append((.name(member.key), try inside(excerpt(member.key), number, member.value)))
    }
    return law
  }
}
