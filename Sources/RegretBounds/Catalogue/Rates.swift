import ExactArithmetic

/// Orders of growth from the literature: the leading term with constant 1 and no logarithms.
enum Rates {
  private typealias X = Symbols

  static let all: [BoundDescription] = mixtureRates + rewardFreeRates + averageRates + tabularRates

  private static let d: Formula = "d"
  private static let horizon: Formula = "H"
  private static let steps: Formula = "T"
  private static let states: Formula = "S"
  private static let actions: Formula = "A"
  private static let diameter: Formula = "D"
  private static let episodes: Formula = "K"
  private static let span: Formula = "span"
  private static let gap = Parameter(
    "gap", "least gap between best and second-best", unit: .reward, .positive)
  private static let mixing = Parameter(
    "tmix", "mixing time", unit: .steps, .positive, aliases: ["t_mix"])
  private static let spanCap = Parameter(
    "H", "known bound on the span of the bias", unit: .reward, .atLeast(0))
  private static let successors = Parameter(
    "Gamma", "most successors of a pair", unit: .states, .integer(atLeast: 1), aliases: ["Γ"])

  private static func rate(
    _ name: String, _ formula: Formula, _ parameters: [Parameter],
    bounding quantity: BoundDescription.Quantity = .regret, _ setting: String, _ source: String
  ) -> BoundDescription {
    BoundDescription(
      name, quantity, parameters: parameters, formula: formula, assumptions: [setting],
      source: source)
  }

  // MARK: - Linear mixtures

  private static let mixtureRates: [BoundDescription] = {
    let one: Formula = 1 - X.gamma
    let lower = "linear mixture; lower bound Ω of the same form"
    return [
      rate(
        "ucrl-vtr-paper", d * X.root(horizon.to(3) * steps), [.dimension, .horizon, .steps],
        "linear mixture, episodic", "Jia et al. 2020; Ayoub et al. 2020"),
      rate(
        "ucrl-vtr-gap", d.squared * horizon.to(5) / "gap", [.dimension, .horizon, gap],
        "linear mixture, gap-dependent", "He, Zhou, Gu 2020 (2011.11566)"),
      rate(
        "ucrl-vtr+", d * horizon * X.root(steps), [.dimension, .horizon, .steps],
        "\(lower); large T", "Zhou, Gu, Szepesvári 2021 (2012.08507)"),
      rate(
        "uclk", d * X.root(steps) / one.squared, [.dimension, .steps, .discount],
        "linear mixture, discounted", "Zhou, He, Gu 2021 (2006.13165)"),
      rate(
        "uclk+", d * X.root(steps) / one.to(Rational(3, 2)), [.dimension, .steps, .discount],
        "\(lower), discounted", "Zhou, Gu, Szepesvári 2021 (2012.08507)"),
      rate(
        "hf-ucrl-vtr+", d * X.root(episodes) + d.squared, [.dimension, .episodes],
        "linear mixture, total reward at most 1", "Zhou, Gu 2022 (2205.11507)"),
    ]
  }()

  private static let rewardFreeRates: [BoundDescription] = {
    let accuracy: Formula = X.epsilon.squared
    let source = "Zhang, Zhou, Gu 2021 (2110.06394)"
    let free = "2303.10165"
    let (upper, lower) = (
      BoundDescription.Quantity.sampleCount, BoundDescription.Quantity.sampleCountBelow
    )
    let tabular: [Parameter] = [.horizon, .states, .actions, .epsilon]
    let mixture: [Parameter] = [.horizon, .dimension, .epsilon]
    return [
      rate(
        "ucrl-rfe", horizon.to(5) * d.squared / accuracy, mixture, bounding: upper,
        "reward-free, episodes", source),
      rate(
        "ucrl-rfe+", horizon.to(4) * d * (horizon + d) / accuracy, mixture, bounding: upper,
        "reward-free, episodes", source),
      rate(
        "ucrl-rfe-lower", horizon.squared * d / accuracy, mixture, bounding: lower,
        "reward-free, episodes", source),
      rate(
        "hf-ucrl-rfe++", d.squared / accuracy, [.dimension, .epsilon], bounding: upper,
        "reward-free, total reward at most 1, episodes", free),
      rate(
        "hf-ucrl-rfe++-lower", d.squared / accuracy, [.dimension, .epsilon], bounding: lower,
        "reward-free, total reward at most 1, episodes", free),
      rate(
        "rf-rl-explore", horizon.to(5) * states.squared * actions / accuracy, tabular,
        bounding: upper,
        "tabular, reward-free, episodes", "Jin et al. 2020"),
      rate(
        "rf-rl-explore-lower", horizon.squared * states.squared * actions / accuracy, tabular,
        bounding: lower,
        "tabular, reward-free, episodes", "Jin et al. 2020"),
    ]
  }()

  // MARK: - Average reward

  private static let averageRates: [BoundDescription] = {
    let mixture: [Parameter] = [.dimension, .diameter, .steps]
    let vtr = "linear mixture, communicating"
    let wu = "Wu, Zhou, Gu 2022"
    let wei = "Wei et al. 2021"
    return [
      rate(
        "loop", span * d * X.root(steps * "beta"),
        [
          .span, Parameter("d", "AGEC", unit: .dimensions, .positive), .steps,
          Parameter("beta", "radius of the confidence set", .positive),
        ], "realisability, completeness", "He, Zhong, Yang 2024 (2404.12648)"),
      rate("ucrl2-vtr", d * X.root(diameter * steps), mixture, "\(vtr); Bernstein radii", wu),
      rate(
        "ucrl2-vtr-hoeffding", d * diameter * X.root(steps), mixture, "\(vtr); Hoeffding radii", wu),
      rate(
        "ucrl2-vtr-lower", d * X.root(diameter * steps), mixture, bounding: .regretBelow, vtr, wu),
      rate(
        "bounded-span-mixture", d * X.root(span * steps), [.dimension, .span, .steps],
        "linear mixture, Bellman optimality", "Chae et al. 2024"),
      rate(
        "fopo", span * X.root(d.to(3) * steps), [.span, .dimension, .steps],
        "linear average-reward model; not tractable", wei),
      rate(
        "olsvi-fh", X.root(span) * (d * steps).to(Rational(3, 4)), [.span, .dimension, .steps],
        "linear average-reward model", wei),
      rate(
        "mdp-exp2", d * X.root(Formula.parameter("tmix").to(3) * steps),
        [.dimension, mixing, .steps],
        "uniformly mixing, excited features", wei),
      rate(
        "politex", steps.to(Rational(3, 4)), [.steps], "uniformly mixing, linear values",
        "Abbasi-Yadkori et al. 2019"),
    ]
  }()

  private static let tabularRates: [BoundDescription] = {
    let spanned: [Parameter] = [.span, .states, .actions, .steps]
    let capped: [Parameter] = [spanCap, .states, .actions, .steps]
    let ratio = Parameter(
      "rho", "distribution mismatch coefficient", .positive, aliases: ["ρ"])
    let gapped: Formula = diameter.squared * states.squared * actions / "gap"
    return [
      rate(
        "ucrl2-gap", gapped,
        [
          .diameter, .states, .actions, gap,
          Parameter(
            "T", "steps; in the logarithm only", unit: .steps, .integer(atLeast: 1), .optional),
        ], "gap between best and second-best gain; published as 34² D² S² A log(T)/gap + const",
        "Jaksch, Ortner, Auer 2010, Theorem 4, recalled"),
      rate(
        "regal", horizon * states * X.root(actions * steps), capped,
        "known bound on the span (REGAL.C)",
        "Bartlett, Tewari 2009"),
      rate(
        "scal", "c" * X.root("Gamma" * states * actions * steps),
        [
          Parameter("c", "known bound on the span", unit: .reward, .atLeast(0)), successors,
          .states, .actions, .steps,
        ], "weakly communicating", "Fruit et al. 2018"),
      rate(
        "ucrl2b", X.root(diameter * "Gamma" * states * actions * steps),
        [.diameter, successors, .states, .actions, .steps], "communicating",
        "Fruit, Pirotta, Lazaric 2020"),
      rate(
        "tsde", horizon * states * X.root(actions * steps), capped,
        "Bayes regret, weakly communicating",
        "Ouyang et al. 2017"),
      rate(
        "ebf", X.root(span * states * actions * steps), spanned,
        "known bound on the span; not tractable",
        "Zhang, Ji 2019"),
      rate(
        "pmevi-dt", X.root(span * states * actions * steps), spanned,
        "weakly communicating; tractable, no prior knowledge", "Boone, Zhang 2024"),
      rate(
        "average-lower", X.root(span * states * actions * steps), spanned, bounding: .regretBelow,
        "weakly communicating",
        "after the two lower bounds"),
      rate(
        "optimistic-q", span * (states * actions).to(Rational(1, 3)) * steps.to(Rational(2, 3)),
        spanned,
        "weakly communicating", "Wei et al. 2020"),
      rate(
        "mdp-oomd", X.root(Formula.parameter("tmix").to(3) * "rho" * actions * steps),
        [mixing, ratio, .actions, .steps], "ergodic", "Wei et al. 2020"),
    ]
  }()
}
