import ExactArithmetic

/// The tools under the theorems: deviations of means and sums, and of regressions.
///
/// Source: `linear-mixture` calculators; each entry names its paper.
enum ConcentrationBounds {
  private typealias X = Symbols

  static let all: [BoundDescription] =
    [union, hoeffding, hoeffdingSamples, bernstein, empiricalBernstein, azuma, freedman, weissman]
    + [ellipticalPotential, selfNormalized, selfNormalizedDeterminant, bernsteinSelfNormalized]

  private static let union = BoundDescription(
    "union", .probability,
    parameters: [
      .delta,
      Parameter("count", "events that all have to hold", unit: .events, .integer(atLeast: 1)),
    ],
    formula: "delta" / "count", source: "Boole's inequality: the level left for each event")

  private static let hoeffding = BoundDescription(
    "hoeffding", .radius, parameters: [.samples, .range, .sides, .delta],
    formula: "range" * X.root(X.level / (2 * "n")),
    assumptions: ["independent samples, each in an interval of length range; of their mean"],
    source: "Hoeffding 1963, Theorem 2")

  private static let hoeffdingSamples: BoundDescription = {
    let range: Formula = "range"
    let count: Formula = range.squared * X.level / (2 * X.epsilon.squared)
    return BoundDescription(
      "hoeffding-samples", .sampleCount, parameters: [.range, .sides, .delta, .epsilon],
      formula: .ceiling(count),
      assumptions: ["independent samples, each in an interval of length range"],
      source: "Hoeffding 1963, Theorem 2, solved for n")
  }()

  private static let bernstein: BoundDescription = {
    let gaussian: Formula = X.root(2 * "variance" * X.level / "n")
    let tail: Formula = "b" * X.level / (3 * "n")
    return BoundDescription(
      "bernstein", .radius, parameters: [.samples, .variance, .difference, .sides, .delta],
      formula: gaussian + tail,
      assumptions: ["independent samples with X - EX <= b, for sides = 2 |X - EX| <= b"],
      source: "Boucheron, Lugosi, Massart 2013, section 2.4: the inverse of the sub-gamma tail")
  }()

  private static let empiricalBernstein: BoundDescription = {
    let level: Formula = X.log(2 * "sides" / X.delta).named("ℓ'", latex: "\\ell'")
    let gaussian: Formula = X.root(2 * "variance" * level / "n")
    let tail: Formula = 7 * "range" * level / (3 * ("n" - 1))
    return BoundDescription(
      "empirical-bernstein", .radius,
      parameters: [
        .samples.within(.integer(atLeast: 2)),
        Parameter(
          "variance", "variance of the sample, with the divisor n - 1", unit: .squaredReward,
          .atLeast(0)), .range, .sides, .delta,
      ],
      formula: gaussian + tail,
      assumptions: ["independent samples, each in an interval of length range"],
      source: "Maurer, Pontil 2009, Theorem 4")
  }()

  private static let azuma = BoundDescription(
    "azuma", .radius,
    parameters: [
      Parameter("n", "martingale differences", unit: .steps, .integer(atLeast: 1)), .range, .sides,
      .delta,
    ],
    formula: "range" * X.root("n" * X.level / 2),
    assumptions: ["martingale differences in predictable intervals of length range; of their sum"],
    source: "Azuma 1967; Hoeffding 1963")

  private static let freedman: BoundDescription = {
    let level: Formula = X.log(1 / X.delta).named("ℓ", latex: "\\ell")
    let gaussian: Formula = X.root(2 * "variance" * level)
    return BoundDescription(
      "freedman", .radius,
      parameters: [
        Parameter(
          "variance", "sure bound on the predictable quadratic variation", unit: .squaredReward,
          .atLeast(0)), .difference, .delta,
      ],
      formula: gaussian + "b" * level / 3,
      assumptions: ["martingale differences of at most b; of their sum"],
      source: "Freedman 1975; the inverse of the sub-gamma tail")
  }()

  private static let weissman: BoundDescription = {
    let outcomes: Formula = .countedPower(2, exponent: "S") - 2
    return BoundDescription(
      "weissman", .radius,
      parameters: [.samples, .states.within(.integer(atLeast: 2)), .delta],
      formula: X.root(2 * X.log(outcomes / X.delta) / "n"),
      assumptions: ["the l1 distance of the empirical law of n independent samples of S outcomes"],
      source: "Weissman, Ordentlich, Seroussi, Verdú, Weinberger 2003")
  }()

  // MARK: - Regression

  /// `1 + n X2/(d λ)`.
  private static let growth: Formula = 1 + "n" * "X2" / ("d" * X.lambda)

  private static let bias: Formula = X.root(X.lambda * "B2")

  private static let ellipticalPotential = BoundDescription(
    "elliptical-potential", .potential,
    parameters: [.vectors, .dimension, .vectorNorm, .regularisation],
    formula: "d" * X.log2(growth),
    assumptions: ["of the sum over batches of min(1, w), w the squared norms in a batch"],
    source: "ours, proofs-notes/elliptical-potential.md; after Abbasi-Yadkori et al. 2011, Lemma 11"
  )

  private static let selfNormalized: BoundDescription = {
    let inside: Formula = "d" * X.log(growth) + 2 * X.log(1 / X.delta)
    return BoundDescription(
      "self-normalized", .radius,
      parameters: [
        .vectors, .dimension, .vectorNorm,
        Parameter("R", "sub-Gaussian constant of the noise", unit: .reward, .atLeast(0)),
        .parameterNorm, .delta, .regularisation,
      ],
      formula: "R" * X.root(inside) + bias,
      assumptions: ["predictable vectors, conditionally R-sub-Gaussian noise"],
      source: "Abbasi-Yadkori, Pál, Szepesvári 2011, Theorem 2")
  }()

  private static let selfNormalizedDeterminant: BoundDescription = {
    let inside: Formula = X.log("detRatio") + 2 * X.log(1 / X.delta)
    return BoundDescription(
      "self-normalized-det", .radius,
      parameters: [
        Parameter("detRatio", "det Σ/λ^d", .atLeast(1)),
        Parameter("R", "sub-Gaussian constant of the noise", unit: .reward, .atLeast(0)),
        .parameterNorm, .delta, .regularisation,
      ],
      formula: "R" * X.root(inside) + bias,
      assumptions: ["predictable vectors, conditionally R-sub-Gaussian noise"],
      source: "Abbasi-Yadkori, Pál, Szepesvári 2011, Theorems 1 and 2")
  }()

  private static let bernsteinSelfNormalized: BoundDescription = {
    let n: Formula = "n"
    let level: Formula = X.log(4 * n.squared / X.delta).named("ℓ", latex: "\\ell")
    let inside: Formula = "variance" * "d" * X.log(growth) * level
    return BoundDescription(
      "bernstein-self-normalized", .radius,
      parameters: [
        .vectors, .dimension, .vectorNorm, .variance, .noise, .parameterNorm, .delta,
        .regularisation,
      ],
      formula: 8 * X.root(inside) + 4 * "R" * level + bias,
      assumptions: ["|noise| <= R with conditional variance of at most variance"],
      source: "Zhou, Gu, Szepesvári 2021 (2012.08507)")
  }()
}
