import ExactArithmetic

/// An option that a command line passes through to the families.
public struct FamilyOption: Sendable, Hashable {
  /// The name without dashes, as in `gap-exponent`.
  public let name: String
  /// Whether the option stands alone, without a value.
  public let isFlag: Bool
  /// What it means, for which families, with its default.
  public let help: String
  /// Whether it is written `--parameter name=value`.
  public let isParameter: Bool

  init(_ name: String, isFlag: Bool = false, isParameter: Bool = false, _ help: String) {
    self.name = name
    self.isFlag = isFlag
    self.isParameter = isParameter
    self.help = help
  }
}

/// A generated model: a family, its options, and with them every row.
///
/// The text writers stream it in constant memory; ``model()`` builds it without text. The same
/// options give the same bytes on every machine, those of the reference script
/// `Tests/Fixtures/scripts/generate.py`; `families.md` beside it is the specification. (It does not
/// have the `hard-` families.)
public struct ModelFamily: Sendable {
  let description: any FamilyDescription
  /// The discount that is written, or `nil` for none.
  public let discount: Rational?

  /// The names of the families.
  public static let names = kinds.map(\.name)

  /// Settles a family.
  ///
  /// - Parameter options: text by the names of ``options``; a flag has any text but `false`.
  ///   Options of other families are ignored.
  /// - Throws: ``FamilyError`` for an unknown family or option, for text that is no number, and
  ///   for options that break a rule of the family.
  public init(_ family: String, options: [String: String] = [:]) throws(FamilyError) {
    guard let kind = Self.kinds.first(where: { $0.name == family }) else {
      throw .unknownFamily(family, nearest: Self.names.first { $0.hasPrefix(family.prefix(3)) })
    }
    for name in options.keys.sorted() where !Self.options.contains(where: { $0.name == name }) {
      throw .unknownOption(name, family: family)
    }
    let read = FamilyOptions(options)
    try read.checkCommonRules()
    description = try kind.type.init(read)
    discount =
      switch read["discount"] {
      case nil: description.discount
      case "none": nil
      case .some: try read.number("discount")
      }
  }

  /// The family and its resolved options, as a command line.
  public var title: String { description.title }
  public var stateCount: Int { description.states.count }

  /// The model in memory, the same as the written one read back.
  ///
  /// - Complexity: one pass over the rows and one more a reward function.
  /// - Throws: ``ModelError/tooManyTransitions(limit:)`` for a model past 32-bit indices.
  public func model() throws(ModelError) -> FiniteMDP {
    var builder = try FiniteMDPBuilder(
      states: description.states.table(of: .state),
      actions: description.actions.table(of: .action))
    try description.forEachRow { (row: inout GeneratedRow) throws(ModelError) in
      let (state, action) = (State(row.state), Action(row.action))
      for (successor, probability) in zip(row.successors, row.probabilities) {
        try builder.addTransition(
          from: state, under: action, to: State(successor), probability: row.terms[probability])
      }
    }
    for (function, name) in (description.rewardNames ?? ["default"]).enumerated() {
      try builder.startReward(named: name)
      description.forEachRow { row in
        for (successor, value) in row.rewards[function] {
          builder.addReward(
            state: State(row.state), action: Action(row.action),
            successor: successor.map(State.init), value: row.terms[value])
        }
      }
    }
    for (name, states) in description.labels {
      try builder.addLabel(name, states: states.map(State.init))
    }
    try builder.setInitial([(State(description.initial), 1)])
    if let discount { try builder.setDiscount(discount) }
    return try builder.build()
  }
}

extension FamilyNames {
  fileprivate func table(of kind: ModelError.Kind) throws(ModelError) -> NameTable {
    switch self {
    case .count(let count): NameTable(count: count)
    case .list(let count, let name): try NameTable((0..<count).map(name), of: kind)
    }
  }
}

extension ModelFamily {
  private static let kinds: [(name: String, type: any FamilyDescription.Type)] = [
    ("garnet", Garnet.self), ("gridworld", Gridworld.self), ("riverswim", RiverSwim.self),
    ("chain", ReflectedChain.self), ("haddad-monmege", HaddadMonmege.self),
    ("multichain", Multichain.self), ("ssp", StochasticShortestPath.self),
    ("near-tie", NearTie.self), ("hard-chain", HardChain.self), ("hard-fork", HardFork.self),
    ("hard-two-state", HardTwoState.self),
  ]

  /// Every option of every family.
  public static let options = [
    FamilyOption("states", "number of states (haddad-monmege: half length; gridworld: cells)"),
    FamilyOption("seed", "seed of the random families (0)"),
    FamilyOption("discount", "the model's discount, or `none` (the family's)"),
    FamilyOption("actions", "garnet: number of actions (4)"),
    FamilyOption("branching", "garnet: successors of a choice (4)"),
    FamilyOption("denominator", "garnet: common denominator of the probabilities (60)"),
    FamilyOption("rewards", "garnet: number of reward functions r0, r1, ... (1)"),
    FamilyOption("width", "gridworld: columns (10)"),
    FamilyOption("height", "gridworld: rows (the width)"),
    FamilyOption("slip", "gridworld: probability of a step sideways (1/5)"),
    FamilyOption("step-cost", "gridworld: cost of a step (1/10)"),
    FamilyOption("goal-reward", "gridworld: reward on entering the goal (1)"),
    FamilyOption("holes", "gridworld: number of absorbing cells drawn from the seed (0)"),
    FamilyOption("bias", "haddad-monmege: probability of the step to the right (7/10)"),
    FamilyOption("classes", "multichain: number of closed blocks (3)"),
    FamilyOption("zero-cycles", isFlag: true, "ssp: end components of reward zero"),
    FamilyOption("gap-exponent", "near-tie: K, twins differ by 10^-K (18)"),
    FamilyOption("H", isParameter: true, "hard-chain (3), hard-fork (5): steps of an episode"),
    FamilyOption("d", isParameter: true, "hard-*: dimension; actions are d-1 signs (3)"),
    FamilyOption("delta", isParameter: true, "hard-chain (1/3), hard-two-state (1/10): base rate"),
    FamilyOption("Delta", isParameter: true, "hard-*: gain of a right sign (1/24, 1/8, 1/60)"),
    FamilyOption("mu", isParameter: true, "hard-*: right signs; hard-chain: also one a step, a,b"),
    FamilyOption("gamma", isParameter: true, "hard-two-state: discount (9/10)"),
  ]
}
