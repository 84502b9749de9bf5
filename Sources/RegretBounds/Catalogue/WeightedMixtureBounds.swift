import ExactArithmetic

/// Linear mixtures learned with weights from estimated variances: bounds with every constant.
///
/// They show what the analysis with Bernstein's radii proves without its sharpest step: the sum of
/// the variances is bounded by its trivial bound, so that constants are explicit and the rate is that
/// of the radii without weights.
///
/// Note: `proofs-notes/weighted-mixture-regret.md`.
enum WeightedMixtureBounds {
  private typealias X = Symbols

  static let all: [BoundDescription] = [episodic, rewardFree]

  private static let horizon: Formula = "H"
  private static let episodes: Formula = "K"
  private static let d: Formula = "d"
  private static let featureNorm: Formula = "L2"
  private static let cap: Formula = "M"
  private static let remainingSteps: Formula = horizon - 1
  private static let n: Formula = (episodes * remainingSteps).named("n")

  /// `1 + n L2/(variance · d λ)`; the least variance is that of vectors of squared norm `L2`.
  private static func growth(_ variance: Formula) -> Formula {
    1 + n * featureNorm / (variance * d * X.lambda)
  }

  private static func potential(_ variance: Formula) -> Formula {
    (d * X.log2(growth(variance))).named("Λ", latex: "\\Lambda")
  }

  /// `8√(d log(…) ℓ) + 4R ℓ + √(λ B2)`.
  private static func radius(_ variance: Formula, noise: Formula, events: Formula) -> Formula {
    let level: Formula = X.log(4 * events * n.squared / X.delta).named("ℓ", latex: "\\ell")
    let inside: Formula = d * X.log(growth(variance)) * level
    let radius: Formula = 8 * X.root(inside) + 4 * noise * level + X.root(X.lambda * "B2")
    return radius.named("β", latex: "\\beta")
  }

  private static let episodic: BoundDescription = {
    // The squared norm of a weighted vector is at most L2 M²/(M²/d).
    let variance: Formula = 1 / d
    let scale: Formula = featureNorm * cap.squared
    let beta: Formula = radius(variance, noise: X.root(d), events: 4)
    let main: Formula = .fraction(7, 2) * cap * beta * X.root(n * potential(variance))
    let martingale: Formula = cap * X.root(2 * n * X.log(4 / X.delta))
    let isSmall = Formula.Comparison(
      left: X.lambda, relation: .less, right: remainingSteps * featureNorm * d)
    let long: Formula = .indicator(isSmall, remainingSteps * cap * potential(variance))
    let gridTerm: Formula = episodes * horizon * "grid"
    let single = Formula.Comparison(left: horizon, relation: .equal, right: 1)
    return BoundDescription(
      "ucrl-vtr+-explicit", .regret,
      parameters: [
        .horizon, .episodes, .dimension, .cap, .featureNorm, .parameterNorm, .delta,
        .defaultRegularisation(scale), .grid,
      ],
      // One step has nothing to learn, and `log 0` must not be asked for.
      formula: .choice(single, gridTerm, otherwise: main + martingale + long + gridTerm),
      assumptions: [
        "finite model, known rewards >= 0 with optimal values in [0, M], one parameter at all steps",
        "with probability at least 1 - delta; the variances are bounded by 3 M² each",
      ],
      source: "ours, after Zhou, Gu, Szepesvári 2021; proofs-notes/weighted-mixture-regret.md",
      trivial: episodes * cap)
  }()

  private static let rewardFree: BoundDescription = {
    let variance: Formula = "alpha2"
    let moments: Formula = "moments"
    let events: Formula = moments + 1
    let beta: Formula = radius(variance, noise: 1 / X.root(variance), events: events)
    let largest: Formula =
      (.fraction(49, 48) * (3 + X.root(featureNorm / (d * X.lambda)))).named("S2")
    let main: Formula =
      4 * beta * X.root(largest * remainingSteps * potential(variance) / episodes)
    let inside: Formula = remainingSteps * X.log(events / X.delta) / (2 * episodes)
    let isSmall = Formula.Comparison(
      left: X.lambda, relation: .less, right: remainingSteps * featureNorm / variance)
    let long: Formula = .indicator(isSmall, remainingSteps * potential(variance) / episodes)
    let gridTerm: Formula = 2 * horizon * "grid"
    let single = Formula.Comparison(left: horizon, relation: .equal, right: 1)
    let noBound = Formula.Comparison(left: "B2", relation: .equal, right: 0)
    return BoundDescription(
      "hf-ucrl-rfe++-explicit", .suboptimality,
      parameters: [
        .horizon, .episodes, .dimension, .featureNorm, .parameterNorm, .delta,
        Parameter.regularisation.byDefault(.choice(noBound, 1, otherwise: d / "B2")),
        Parameter("moments", "moments that are estimated", .integer(atLeast: 1)),
        Parameter("alpha2", "least variance", unit: .squaredReward, .positive)
          .byDefault(1 / (episodes * horizon)),
        .grid,
      ],
      formula: .choice(single, gridTerm, otherwise: main + X.root(inside) + long + gridTerm),
      conditions: [Condition(variance, .atMost, 1)],
      assumptions: [
        "finite model, fixed start, one parameter at all steps, total reward at most 1",
        "for every such reward at once, with probability at least 1 - delta",
      ],
      source:
        "ours, after Zhang, Zhang, Gu 2023 (2303.10165); proofs-notes/weighted-mixture-regret.md",
      trivial: 1)
  }()
}
