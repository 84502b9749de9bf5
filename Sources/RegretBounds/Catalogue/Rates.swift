import ExactArithmetic

/// Orders of growth from the literature: the leading term with constant 1 and no logarithms.
enum Rates {
  private typealias X = Symbols

  static let all: [BoundDescription] = mixtureRates + rewardFreeRates + averageRates + tabularRates

  private static let d: Formula = "d"
  private static let H: Formula = "H"
  private static let T: Formula = "T"
  private static let S: Formula = "S"
  private static let A: Formula = "A"
  private static let D: Formula = "D"
  private static let K: Formula = "K"
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
        "ucrl-vtr-paper", d * X.root(H.to(3) * T), [.dimension, .horizon, .steps],
        "linear mixture, episodic", "Jia et al. 2020; Ayoub et al. 2020"),
      rate(
        "ucrl-vtr-gap", d.squared * H.to(5) / "gap", [.dimension, .horizon, gap],
        "linear mixture, gap-dependent", "He, Zhou, Gu 2020 (2011.11566)"),
      rate(
        "ucrl-vtr+", d * H * X.root(T), [.dimension, .horizon, .steps],
        "\(lower); large T", "Zhou, Gu, Szepesvári 2021 (2012.08507)"),
      rate(
        "uclk", d * X.root(T) / one.squared, [.dimension, .steps, .discount],
        "linear mixture, discounted", "Zhou, He, Gu 2021 (2006.13165)"),
      rate(
        "uclk+", d * X.root(T) / one.to(Rational(3, 2)), [.dimension, .steps, .discount],
        "\(lower), discounted", "Zhou, Gu, Szepesvári 2021 (2012.08507)"),
      rate(
        "hf-ucrl-vtr+", d * X.root(K) + d.squared, [.dimension, .episodes],
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
        "ucrl-rfe", H.to(5) * d.squared / accuracy, mixture, bounding: upper,
        "reward-free, episodes", source),
      rate(
        "ucrl-rfe+", H.to(4) * d * (H + d) / accuracy, mixture, bounding: upper,
        "reward-free, episodes", source),
      rate(
        "ucrl-rfe-lower", H.squared * d / accuracy, mixture, bounding: lower,
        "reward-free, episodes", source),
      rate(
        "hf-ucrl-rfe++", d.squared / accuracy, [.dimension, .epsilon], bounding: upper,
        "reward-free, total reward at most 1, episodes", free),
      rate(
        "hf-ucrl-rfe++-lower", d.squared / accuracy, [.dimension, .epsilon], bounding: lower,
        "reward-free, total reward at most 1, episodes", free),
      rate(
        "rf-rl-explore", H.to(5) * S.squared * A / accuracy, tabular, bounding: upper,
        "tabular, reward-free, episodes", "Jin et al. 2020"),
      rate(
        "rf-rl-explore-lower", H.squared * S.squared * A / accuracy, tabular, bounding: lower,
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
        "loop", span * d * X.root(T * "beta"),
        [
          .span, Parameter("d", "AGEC", unit: .dimensions, .positive), .steps,
          Parameter("beta", "radius of the confidence set", .positive),
        ], "realisability, completeness", "He, Zhong, Yang 2024 (2404.12648)"),
      rate("ucrl2-vtr", d * X.root(D * T), mixture, "\(vtr); Bernstein radii", wu),
      rate("ucrl2-vtr-hoeffding", d * D * X.root(T), mixture, "\(vtr); Hoeffding radii", wu),
      rate("ucrl2-vtr-lower", d * X.root(D * T), mixture, bounding: .regretBelow, vtr, wu),
      rate(
        "bounded-span-mixture", d * X.root(span * T), [.dimension, .span, .steps],
        "linear mixture, Bellman optimality", "Chae et al. 2024"),
      rate(
        "fopo", span * X.root(d.to(3) * T), [.span, .dimension, .steps],
        "linear average-reward model; not tractable", wei),
      rate(
        "olsvi-fh", X.root(span) * (d * T).to(Rational(3, 4)), [.span, .dimension, .steps],
        "linear average-reward model", wei),
      rate(
        "mdp-exp2", d * X.root(Formula.parameter("tmix").to(3) * T), [.dimension, mixing, .steps],
        "uniformly mixing, excited features", wei),
      rate(
        "politex", T.to(Rational(3, 4)), [.steps], "uniformly mixing, linear values",
        "Abbasi-Yadkori et al. 2019"),
    ]
  }()

  private static let tabularRates: [BoundDescription] = {
    let spanned: [Parameter] = [.span, .states, .actions, .steps]
    let capped: [Parameter] = [spanCap, .states, .actions, .steps]
    let ratio = Parameter(
      "rho", "distribution mismatch coefficient", .positive, aliases: ["ρ"])
    let gapped: Formula = D.squared * S.squared * A / "gap"
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
        "regal", H * S * X.root(A * T), capped, "known bound on the span (REGAL.C)",
        "Bartlett, Tewari 2009"),
      rate(
        "scal", "c" * X.root("Gamma" * S * A * T),
        [
          Parameter("c", "known bound on the span", unit: .reward, .atLeast(0)), successors,
          .states, .actions, .steps,
        ], "weakly communicating", "Fruit et al. 2018"),
      rate(
        "ucrl2b", X.root(D * "Gamma" * S * A * T),
        [.diameter, successors, .states, .actions, .steps], "communicating",
        "Fruit, Pirotta, Lazaric 2020"),
      rate(
        "tsde", H * S * X.root(A * T), capped, "Bayes regret, weakly communicating",
        "Ouyang et al. 2017"),
      rate(
        "ebf", X.root(span * S * A * T), spanned, "known bound on the span; not tractable",
        "Zhang, Ji 2019"),
      rate(
        "pmevi-dt", X.root(span * S * A * T), spanned,
        "weakly communicating; tractable, no prior knowledge", "Boone, Zhang 2024"),
      rate(
        "average-lower", X.root(span * S * A * T), spanned, bounding: .regretBelow,
        "weakly communicating",
        "after the two lower bounds"),
      rate(
        "optimistic-q", span * (S * A).to(Rational(1, 3)) * T.to(Rational(2, 3)), spanned,
        "weakly communicating", "Wei et al. 2020"),
      rate(
        "mdp-oomd", X.root(Formula.parameter("tmix").to(3) * "rho" * A * T),
        [mixing, ratio, .actions, .steps], "ergodic", "Wei et al. 2020"),
    ]
  }()
}
