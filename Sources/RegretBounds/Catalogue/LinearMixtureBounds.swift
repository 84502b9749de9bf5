import ExactArithmetic

/// Linear mixture models: regret, reward-free exploration, and what no algorithm can beat.
///
/// Notes: `proofs-notes/ucrl-vtr-regret.md`, `reward-free-mixture.md`,
/// `linear-mixture-lower-bounds.md`.
enum LinearMixtureBounds {
  private typealias X = Symbols

  static let all: [BoundDescription] = [
    episodic, inhomogeneous, rewardFree, rewardFreeEpisodes, discounted, regretBelow, sampleBelow,
  ]

  private static let featureNorm: Formula = "L2"
  private static let cap: Formula = "M"
  private static let horizon: Formula = "H"
  private static let episodes: Formula = "K"
  private static let d: Formula = "d"
  private static let steps: Formula = "T"

  /// `L2 M²`: the largest squared norm of a regression vector.
  private static let scale: Formula = featureNorm * cap.squared
  private static let remainingSteps: Formula = horizon - 1
  private static let n: Formula = (episodes * remainingSteps).named("n")

  /// `1 + count · L2 M²/(d λ)`.
  private static func growth(_ count: Formula) -> Formula {
    1 + count * featureNorm * cap.squared / (d * X.lambda)
  }

  private static func potential(_ count: Formula) -> Formula {
    (d * X.log2(growth(count))).named("Λ", latex: "\\Lambda")
  }

  private static func radius(_ count: Formula, events: Formula) -> Formula {
    let inside: Formula = d * X.log(growth(count)) + 2 * X.log(events / X.delta)
    let radius: Formula = (cap / 2) * X.root(inside) + X.root(X.lambda * "B2")
    return radius.named("β", latex: "\\beta")
  }

  /// `[λ < (H-1) L2 M²]`.
  private static let isSmall = Formula.Comparison(
    left: X.lambda, relation: .less, right: remainingSteps * scale)

  private static let defaultLambda: Formula = Formula.choice(
    Formula.Comparison(left: scale, relation: .equal, right: 0), 1, otherwise: scale
  ).named("lambda", latex: "\\lambda")

  private static let twoSided: Formula = X.log(2 / X.delta)
  private static let gridTerm: Formula = episodes * horizon * "grid"
  private static let ours = "ours, after Ayoub et al. 2020 and Jia et al. 2020"
  private static let common: [Parameter] = [
    .featureNorm, .parameterNorm, .delta, .defaultRegularisation(scale),
  ]
  private static let knownRewards =
    "finite model, known rewards >= 0 with optimal values in [0, M], one parameter at all steps"

  private static let episodic: BoundDescription = {
    let main: Formula = 2 * radius(n, events: 2) * X.root(n * potential(n))
    let martingale: Formula = cap * X.root(2 * n * twoSided)
    let long: Formula = .indicator(isSmall, remainingSteps * cap * potential(n))
    return BoundDescription(
      "ucrl-vtr", .regret, parameters: [.horizon, .episodes, .dimension, .cap] + common + [.grid],
      formula: main + martingale + long + gridTerm,
      assumptions: [knownRewards, "with probability at least 1 - delta"],
      source: "\(ours); proofs-notes/ucrl-vtr-regret.md", trivial: episodes * cap)
  }()

  private static let inhomogeneous: BoundDescription = {
    let events: Formula = 2 * remainingSteps
    // One step has nothing to learn, and `log 0` must not be asked for.
    let main: Formula =
      2 * remainingSteps * radius(episodes, events: events) * X.root(episodes * potential(episodes))
    let martingale: Formula = cap * X.root(2 * n * twoSided)
    let single = Formula.Comparison(left: horizon, relation: .equal, right: 1)
    return BoundDescription(
      "ucrl-vtr-inhomogeneous", .regret,
      parameters: [.horizon, .episodes, .dimension, .cap] + common + [.grid],
      formula: .choice(single, gridTerm, otherwise: main + martingale + gridTerm),
      conditions: [Condition(scale, .atMost, X.lambda)],
      assumptions: [
        "finite model, known rewards >= 0 with optimal values in [0, M], one parameter a step",
        "with probability at least 1 - delta",
      ],
      source: "\(ours); proofs-notes/ucrl-vtr-regret.md", trivial: episodes * cap)
  }()

  // MARK: - Reward-free

  private static func suboptimality(grid: Formula?) -> Formula {
    let main: Formula =
      4 * radius(n, events: 2) * X.root(remainingSteps * potential(n) / episodes)
    let inside: Formula = remainingSteps * X.log(2 / X.delta) / (2 * episodes)
    let martingale: Formula = cap * X.root(inside)
    let long: Formula = .indicator(isSmall, remainingSteps * cap * potential(n) / episodes)
    let sum: Formula = main + martingale + long
    return grid.map { sum + 2 * horizon * $0 } ?? sum
  }

  private static let rewardFreeAssumptions = [
    "finite model, fixed start, one parameter at all steps",
    "for every reward with cap M at once, with probability at least 1 - delta",
  ]
  private static let rewardFreeSource =
    "ours, after Zhang, Zhou, Gu 2021 (2110.06394); proofs-notes/reward-free-mixture.md"

  private static let rewardFree = BoundDescription(
    "ucrl-rfe-explicit", .suboptimality,
    parameters: [.horizon, .episodes, .dimension, .cap] + common + [.grid],
    formula: suboptimality(grid: "grid"), assumptions: rewardFreeAssumptions,
    source: rewardFreeSource, trivial: cap)

  /// The least `K` at which the bound before is at most `epsilon`; ``CatalogueSearch`` finds it.
  private static let rewardFreeEpisodes = BoundDescription(
    "ucrl-rfe-explicit-episodes", .sampleCount,
    parameters: [
      .horizon.within(.integer(atLeast: 2)), .dimension, .cap, .featureNorm, .parameterNorm,
      .delta, .epsilon,
    ],
    formula: .leastInteger(
      "K",
      Formula.Comparison(
        left: suboptimality(grid: nil).substituting("lambda", defaultLambda),
        relation: .atMost, right: X.epsilon)),
    conditions: [Condition(X.epsilon, .atMost, cap)], assumptions: rewardFreeAssumptions,
    source: rewardFreeSource)

  // MARK: - Discounted

  private static let discounted: BoundDescription = {
    let largest: Formula = 1 / (1 - X.gamma)
    let cap: Formula = largest.named("M")
    let vectors: Formula = featureNorm * cap.squared
    let growth: Formula = 1 + steps * featureNorm * cap.squared / (d * X.lambda)
    let potential: Formula = (d * X.log2(growth)).named("Λ", latex: "\\Lambda")
    let inside: Formula = d * X.log(growth) + 2 * X.log(2 / X.delta)
    let radius: Formula = ((cap / 2) * X.root(inside) + X.root(X.lambda * "B2"))
      .named("β", latex: "\\beta")
    let main: Formula = 2 * X.root(2) * radius * X.root(steps * potential)
    let martingale: Formula = cap * X.root(2 * steps * twoSided)
    let switches: Formula = (potential + 1) * cap
    let factor: Formula = X.gamma / (1 - X.gamma)
    let rounding: Formula = steps * "zeta" / (1 - X.gamma)
    return BoundDescription(
      "uclk-explicit", .regret,
      parameters: [
        .steps, .dimension, .discount, .featureNorm, .parameterNorm, .delta,
        .defaultRegularisation(vectors),
        Parameter("zeta", "tolerance of the planning", unit: .reward, .atLeast(0)).byDefault(0),
      ],
      formula: factor * (main + martingale + switches) + rounding,
      conditions: [Condition(vectors, .atMost, X.lambda)],
      assumptions: [
        "rewards in [0, 1]; of the learning policy, and of the running epoch's stationary one",
        "with probability at least 1 - delta",
      ],
      source: "ours, after Zhou, He, Gu 2021; proofs-notes/discounted-mixture-regret.md",
      trivial: steps / (1 - X.gamma))
  }()

  // MARK: - Lower bounds

  private static let regretBelow: BoundDescription = {
    let factor: Formula = (9 * horizon / 50) * .floor(horizon / 2)
    // √(K/H)/(6√2) with one root, so that it comes out exactly where it is rational.
    let bandit: Formula = (d - 1) * X.root(episodes / (2 * horizon)) / 6
    let least: Formula = (d - 1).squared * horizon / 2
    return BoundDescription(
      "linear-mixture-regret-lower", .regretBelow,
      parameters: [
        .horizon.within(.integer(atLeast: 2)), .dimension.within(.integer(atLeast: 2)), .episodes,
      ],
      formula: factor * bandit, conditions: [Condition(least, .atMost, episodes)],
      assumptions: [
        "inhomogeneous, rewards in [0, 1]; the expected regret of every algorithm on some member"
          + " of the family hard-chain with delta = 1/H"
      ],
      source:
        "ours, after Zhou, Gu, Szepesvári 2021; proofs-notes/linear-mixture-lower-bounds.md")
  }()

  private static let sampleBelow: BoundDescription = {
    let margin: Formula = .fraction(1, 2) - 2 * X.delta
    let count: Formula =
      .fraction(3, 128) * margin.squared * (d - 1).squared / X.epsilon.squared
    return BoundDescription(
      "linear-mixture-pac-lower", .sampleCountBelow,
      parameters: [
        .dimension, .epsilon, Parameter.delta.within(.halfOpenUnitInterval),
      ],
      formula: count,
      conditions: [
        Condition(X.delta, .less, .fraction(1, 4)), Condition(X.epsilon, .atMost, margin / 4),
      ],
      assumptions: [
        "every horizon H >= 2, total reward at most 1, the reward may be known;"
          + " on some member of the family hard-fork"
      ],
      source: "ours; proofs-notes/linear-mixture-lower-bounds.md")
  }()
}
