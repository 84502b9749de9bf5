import ExactArithmetic

/// Finite models without features: optimistic learners, generative models, and accounting.
enum TabularBounds {
  private typealias X = Symbols

  static let all: [BoundDescription] = [
    ucrl2, ucbvi, generative, generativeDiscounted, simulation, simulationFinite, regretToPAC,
    exploreThenCommit,
  ]

  private static let ucrl2: BoundDescription = {
    let inside: Formula = "A" * "T" * X.log("T" / X.delta)
    return BoundDescription(
      "ucrl2", .regret,
      parameters: [
        .diameter, .states.within(.integer(atLeast: 2)), .actions,
        .steps.within(.integer(atLeast: 2)), .delta,
      ],
      formula: 34 * "D" * "S" * X.root(inside),
      assumptions: [
        "communicating, rewards in [0, 1], UCRL2 run with this delta and its published radii",
        "with probability at least 1 - delta, for all T at once, from any start",
      ],
      source: "Jaksch, Ortner, Auer 2010, Theorem 2", trivial: "T")
  }()

  private static let ucbvi: BoundDescription = {
    let (horizon, states, actions, episodes): (Formula, Formula, Formula, Formula) = (
      "H", "S", "A", "K"
    )
    let argument: Formula = 5 * horizon * states * actions * episodes * horizon / X.delta
    let level: Formula = X.log(argument).named("L")
    let main: Formula =
      20 * horizon.to(Rational(3, 2)) * level * X.root(states * actions * episodes)
    let rest: Formula = 250 * horizon.squared * states.squared * actions * level.squared
    return BoundDescription(
      "ucbvi-ch", .regret,
      parameters: [.horizon, .states, .actions, .episodes, .delta], formula: main + rest,
      assumptions: [
        "homogeneous, known rewards in [0, 1], bonus 7 H L/√N with this L",
        "with probability at least 1 - delta",
      ],
      source: "Azar, Osband, Munos 2017, Theorem 1; the constant 20 is that of a machine-checked"
        + " proof", trivial: episodes * horizon)
  }()

  // MARK: - A generative model

  private static let outcomes: Formula = .countedPower(2, exponent: "S") - 2
  private static let level: Formula = X.log(outcomes * "S" * "A" / X.delta)
  private static let exchanged = "ours: weissman and the simulation lemma with the models exchanged"

  private static let generative: BoundDescription = {
    let ratio: Formula = ("H" - 1) * "M" / X.epsilon
    return BoundDescription(
      "reward-free-generative", .sampleCount,
      parameters: [
        .states.within(.integer(atLeast: 2)), .actions, .horizon, .cap, .epsilon, .delta,
      ],
      formula: .ceiling(2 * level * ratio.squared),
      assumptions: [
        "samples of each pair (s, a); M caps the true values, planning does not clip",
        "for every reward at once, with probability at least 1 - delta",
      ],
      source: "\(exchanged); proofs-notes/reward-free-generative.md")
  }()

  private static let generativeDiscounted: BoundDescription = {
    let one: Formula = 1 - X.gamma
    let ratio: Formula = X.gamma / (one.squared * X.epsilon)
    return BoundDescription(
      "reward-free-generative-discounted", .sampleCount,
      parameters: [
        .states.within(.integer(atLeast: 2)), .actions, .discount, .epsilon, .delta,
      ],
      formula: .ceiling(2 * level * ratio.squared),
      assumptions: [
        "samples of each pair (s, a); rewards in [0, 1]",
        "for every reward at once, with probability at least 1 - delta",
      ],
      source: "\(exchanged); proofs-notes/reward-free-generative.md")
  }()

  // MARK: - Accounting

  private static let rewardError = Parameter(
    "rewardError", "largest error of the expected rewards", unit: .reward, .atLeast(0))
  private static let transitionError = Parameter(
    "transitionError", "largest l1 distance of the rows", .atLeast(0))
  private static let valueSpan = Parameter(
    "span", "span of the value in one of the models", unit: .reward, .atLeast(0), aliases: ["sp"])

  private static let simulation: BoundDescription = {
    let transitions: Formula = X.gamma * "transitionError" * "span" / 2
    return BoundDescription(
      "simulation-lemma", .value,
      parameters: [.discount, rewardError, transitionError, valueSpan],
      formula: ("rewardError" + transitions) / (1 - X.gamma),
      assumptions: ["the values of one policy in two models"],
      source: "proofs-notes/simulation-lemma.md")
  }()

  private static let simulationFinite: BoundDescription = {
    let transitions: Formula = ("H" - 1) * "transitionError" * "span" / 2
    return BoundDescription(
      "simulation-lemma-finite", .value,
      parameters: [.horizon, rewardError, transitionError, valueSpan],
      formula: "H" * "rewardError" + transitions,
      assumptions: ["the values of one policy in two models, over H steps"],
      source: "proofs-notes/simulation-lemma.md")
  }()

  private static let regretToPAC = BoundDescription(
    "regret-to-pac", .suboptimality,
    parameters: [
      Parameter("regret", "bound on the regret of K episodes", unit: .reward, .atLeast(0)),
      .episodes,
      Parameter("failure", "probability that is left", unit: .probability, .openUnitInterval),
    ],
    formula: "regret" / ("K" * "failure"),
    assumptions: [
      "a policy drawn uniformly from those of the K episodes; a regret bound of probability"
        + " 1 - delta adds delta to failure"
    ],
    source: "Markov's inequality")

  private static let exploreThenCommit: BoundDescription = {
    let rest: Formula = ("K" - "exploration") * X.epsilon
    return BoundDescription(
      "explore-then-commit", .regret,
      parameters: [
        Parameter("exploration", "episodes of exploration", unit: .episodes, .integer(atLeast: 0)),
        .episodes, .cap, .epsilon,
      ],
      formula: "exploration" * "M" + rest, conditions: [Condition("exploration", .atMost, "K")],
      assumptions: ["on the event that the policy found is epsilon-optimal"],
      source: "accounting", trivial: "K" * "M")
  }()
}
