import ExactArithmetic

/// Average reward: optimistic learning of a finite class, and what no learner can beat.
enum AverageRewardBounds {
  private typealias X = Symbols

  static let all: [BoundDescription] = [
    ucrl2Below, twoStateBelow, finiteLoop, expectedLoop, spanDiameter,
    spanOnly("discount-gap", "of |V - gain/(1 - gamma)| at every discount"),
    spanOnly("horizon-gap", "of |V - T gain| at every number T of steps"), blackwell,
  ]

  // MARK: - Finite classes

  private static let count: Formula = "N"
  private static let range: Formula = "B"
  private static let steps: Formula = "T"

  private static func loopParameters(isExpected: Bool) -> [Parameter] {
    [
      Parameter(
        "N", "hypotheses", unit: .hypotheses, .integer(atLeast: isExpected ? 2 : 1)),
      Parameter("B", "largest range of W over possible successors", unit: .reward, .atLeast(0)),
      Parameter("H", "largest span of a hypothesis' bias", unit: .reward, .atLeast(0)),
      .steps.within(.integer(atLeast: isExpected ? 2 : 1)),
    ]
  }

  private static let loopOptions: [Parameter] = [
    Parameter("keep", "factor by which a hypothesis in use may lag", .atLeast(1)).byDefault(1),
    Parameter(
      "beta", "radius of the confidence set (default: the least, (B²/2) ι)", unit: .squaredReward,
      .atLeast(0), .optional),
    Parameter(
      "eluder", "eluder dimension of the error table", unit: .dimensions, .integer(atLeast: 0),
      .optional),
    Parameter(
      "zmin", "least error that is not zero", unit: .reward, .positive, .optional),
  ]

  /// `b`: what the squared errors of a hypothesis add up to while it is kept.
  private static func keptError(_ level: Formula) -> Formula {
    let given: Formula = 2 * "keep" * "beta" + 2 * range.squared * level
    let least: Formula = (2 + "keep") * range.squared * level
    // The radius given is at least the least one, so that the smaller of the two is the one meant.
    return Formula.firstAvailable([given, least]).named("b")
  }

  private static func errorSum(_ level: Formula) -> Formula {
    let b = keptError(level)
    let finite: Formula = X.root((count - 1) * steps * (b + range.squared))
    let eluder: Formula = range * "eluder" + 2 * X.root("eluder" * b * steps)
    let gap: Formula = (count - 1) * (b + range.squared) / "zmin"
    return Formula.least([finite, eluder, gap]).named("E")
  }

  private static func radiusCondition(_ level: Formula) -> Condition {
    Condition(range.squared / 2 * level, .atMost, "beta")
  }

  private static let finiteLoop: BoundDescription = {
    let level: Formula = X.log((2 * count - 1) / X.delta).named("ι", latex: "\\iota")
    let martingale: Formula = range * X.root(steps * level / 2)
    return BoundDescription(
      "loop-finite", .regret,
      parameters: loopParameters(isExpected: false) + [.delta] + loopOptions,
      formula: "H" * count + errorSum(level) + martingale, conditions: [radiusCondition(level)],
      assumptions: [
        "the true model is in the class, known rewards",
        "with probability at least 1 - delta",
      ],
      source: "ours, Theorem L; proofs-notes/finite-loop-regret.md")
  }()

  private static let expectedLoop: BoundDescription = {
    let level: Formula = X.log((2 * count - 2) * steps).named("ι", latex: "\\iota")
    return BoundDescription(
      "loop-finite-expected", .regret,
      parameters: loopParameters(isExpected: true) + [
        Parameter(
          "gainGap", "how far a hypothesis' gain falls short of the true one", unit: .rewardPerStep,
          .atLeast(0))
      ] + loopOptions,
      formula: "H" * count + errorSum(level) + range + "gainGap",
      conditions: [radiusCondition(level)],
      assumptions: [
        "the true model is in the class, known rewards; expected regret, with delta = 1/T"
      ],
      source: "ours, Theorem L; proofs-notes/finite-loop-regret.md")
  }()

  // MARK: - Lower bounds

  private static let ucrl2Below: BoundDescription = {
    let (diameter, states, actions): (Formula, Formula, Formula) = ("D", "S", "A")
    let copies: Formula = Formula.floor(states / 2).named("k")
    let free: Formula = Formula.floor((actions - 1) / 2).named("A'")
    let short: Formula = (diameter / 4).named("D'")
    let constant: Formula = .fraction(15, 1000)
    return BoundDescription(
      "ucrl2-lower", .regretBelow,
      parameters: [
        .diameter, .states.within(.integer(atLeast: 10)), .actions.within(.integer(atLeast: 10)),
        .steps,
      ],
      formula: constant * X.root(short * copies * free * steps),
      conditions: [
        Condition(12, .atMost, diameter), treeFits,
        Condition(diameter * states * actions, .atMost, steps),
      ],
      assumptions: ["expected regret of every learner on some model of diameter at most D"],
      source: "ours, after Jaksch, Ortner, Auer 2010, Theorem 5;"
        + " proofs-notes/average-reward-lower-bounds.md",
      companions: [("published", constant * X.root(diameter * states * actions * steps))])
  }()

  /// `D ≥ 20 log_A S`; as `D log A ≥ 20 log S`, with an exact test for equality.
  private static let treeFits = Condition(
    text: "D >= 20 log_A(S)", parameters: ["D", "S", "A"],
    detail: { values in
      guard let diameter = values["D"], let states = values["S"], let actions = values["A"],
        let ratio = try? (20 * X.log("S") / X.log("A")).cell(values, bits: 40)
      else { return "that does not hold" }
      return "D is \(BoundError.shown(diameter)) and 20 log_\(actions)(\(states)) is "
        + ratio.decimal(digits: 12)
    },
    answer: { values, bits throws(BoundError) in
      let sides = Formula.Comparison(
        left: 20 * X.log("S"), relation: .atMost, right: "D" * X.log("A"))
      let answer = try Evaluator(values: values, bits: bits).answer(to: sides)
      guard answer == .unknown, let diameter = values["D"], let states = values["S"],
        let actions = values["A"],
        diameter.isExact, states.isExact, actions.isExact
      else { return answer }
      return areEqual(
        power: diameter.lower / 20, of: actions.lower.numerator, states.lower.numerator)
        ? .true : .unknown
    })

  /// Whether `base^(p/q) = value` for integers above 1: both are powers of one integer.
  private static func areEqual(power: Rational, of base: Integer, _ value: Integer) -> Bool {
    guard let p = power.numerator.word, let q = power.denominator.word, p > 0,
      p <= value.bitLength, q <= base.bitLength
    else { return false }
    let (x, y) = (base.floorRoot(q), value.floorRoot(p))
    return x.isExact && y.isExact && x.root == y.root
  }

  private static let twoStateBelow = BoundDescription(
    "two-state-lower", .regretBelow,
    parameters: [
      .actions.within(.integer(atLeast: 10)), .diameter.within(.atLeast(3)), .steps,
    ],
    formula: .fraction(38, 1000) * X.root("A" * "D" * steps),
    conditions: [Condition("A" * "D", .atMost, steps)],
    assumptions: ["expected regret of every learner on some model of two states and diameter D"],
    source: "ours, after Jaksch, Ortner, Auer 2010; proofs-notes/average-reward-lower-bounds.md")

  // MARK: - Spans

  private static let spanDiameter = BoundDescription(
    "span-diameter", .value,
    parameters: [
      Parameter("gain", "optimal gain", unit: .rewardPerStep, .any),
      Parameter("rmin", "least expected reward of a step", unit: .rewardPerStep, .any),
      Parameter("D", "one-way diameter", unit: .steps, .atLeast(0)),
    ],
    formula: ("gain" - "rmin") * "D", conditions: [Condition("rmin", .atMost, "gain")],
    assumptions: ["constant gain; of the span of the bias"],
    source: "proofs-notes/span-facts.md")

  private static func spanOnly(_ name: String, _ what: String) -> BoundDescription {
    BoundDescription(
      name, .value, parameters: [.span], formula: "span",
      assumptions: ["constant gain; \(what)"], source: "proofs-notes/span-facts.md")
  }

  private static let blackwell: BoundDescription = {
    let n: Formula = "n"
    let power: Formula = .countedPower(3 * "m", exponent: 2 * n - 1)
    let numerator: Formula = 2 * n * "R" * power
    return BoundDescription(
      "blackwell-a-priori", .value,
      parameters: [
        Parameter("n", "states", unit: .states, .integer(atLeast: 1)),
        Parameter("R", "largest |m r| over rewards r", .atLeast(0)),
        Parameter(
          "m", "common denominator of probabilities and expected rewards", .integer(atLeast: 1)),
      ],
      formula: 1 - 1 / (1 + numerator.named("C")),
      assumptions: ["rational data; of the discount from which on a policy is Blackwell optimal"],
      source: "proofs-notes/blackwell-start.md, (3)")
  }()
}
