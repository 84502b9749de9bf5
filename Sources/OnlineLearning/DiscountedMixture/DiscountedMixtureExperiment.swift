import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import RegretBounds

/// UCLK on an exact discounted model whose kernel is a mixture of known kernels.
///
/// An epoch begins when the determinant of `Σ` has doubled. In it the learner plays greedily for values
/// `V` with `V* ≤ V ≤ M` and `V ≤ max_a r + γ max_θ ⟨θ, φ_V⟩ + ζ`, where `θ` gives a kernel and is not
/// farther from `θ̂` than a confidence set reaches, and it regresses `V(s')` on `φ_V` after each step.
/// `M = 1/(1 - γ)`, `ζ = 4gM`.
///
/// Source: after Zhou, He and Gu 2021; this form ours, `proofs-notes/discounted-mixture-regret.md`.
public struct DiscountedMixtureExperiment: Sendable {
  /// The mixture, with the cap `M`; its horizon is of no meaning.
  public let mixture: MixtureExperiment
  public let discount: Rational
  /// `V*`, one entry a state.
  public let optimalValues: [Rational]
  /// `ζ`: how far the planner's values may be above their image.
  public var tolerance: Rational { 4 * mixture.options.grid * mixture.valueCap }
  let kernels: TransitionFeatures

  public var model: FiniteMDP { mixture.model }
  public var start: State { mixture.start }

  /// - Throws: ``LearningError``; ``BoundError``; what solving the model throws.
  public init(
    _ model: FiniteMDP, reward: String, basis: [FiniteMDP], discount: Rational, start: State,
    options: MixtureExperiment.Options = MixtureExperiment.Options(),
    progress: ProgressHandler = .none
  ) throws {
    guard !discount.isNegative, discount < 1 else {
      throw LearningError.option(
        name: "discount", value: discount, rule: "at least 0 and less than 1")
    }
    let cap = 1 / (1 - discount)
    if let given = options.valueCap, given != cap {
      throw LearningError.option(
        name: "value-cap", value: given, rule: "1/(1 - discount), \(cap), for this learner")
    }
    var chosen = options
    chosen.valueCap = cap
    mixture = try MixtureExperiment(
      model, reward: reward, basis: basis, horizon: 1, start: start, options: chosen,
      progress: progress)
    for choice in 0..<model.choiceCount where mixture.lookahead.reward[choice] > 1 {
      throw LearningError.unfit(
        place: "rewards",
        problem: "a reward is \(mixture.lookahead.reward[choice]), but the theorem needs rewards of"
          + " at most 1")
    }
    let least = mixture.squaredFeatureNorm * cap * cap
    guard mixture.lambda >= least else {
      throw LearningError.option(
        name: "lambda", value: mixture.lambda,
        rule: "at least the squared feature norm times the squared cap, \(least)")
    }
    self.discount = discount
    kernels = try TransitionFeatures(basis: basis, over: model)
    var solving = SolverOptions()
    solving.progress = progress
    let solution = try solve(
      DiscountedProblem(model: model, reward: reward, discount: discount), options: solving)
    guard case .exact(let values)? = solution.values else { throw Interrupted(.memoryLimit) }
    optimalValues = values.entries
  }

  /// What the theorem says of the regret of `steps` steps.
  ///
  /// - Throws: ``BoundError``.
  public func bound(steps: Int) throws -> CertifiedValue {
    try BoundCatalogue.certified(named: "uclk-explicit")([
      "T": Rational(steps), "d": Rational(max(1, mixture.dimension)), "gamma": discount,
      "L2": mixture.squaredFeatureNorm, "B2": mixture.squaredParameterNorm,
      "delta": mixture.options.delta, "lambda": mixture.lambda, "zeta": tolerance,
    ])
  }

  /// `T/(1 - γ)`: no learner has more regret.
  public func trivialBound(steps: Int) -> Rational { Rational(steps) * mixture.valueCap }

  /// The radius of the theorem, for the whole run.
  ///
  /// - Throws: ``EnclosureError``, which the ranges of the parameters exclude.
  func radius(steps: Int) throws -> Enclosure {
    try mixture.radius(
      logarithmOf: largestGrowth(steps: steps), times: Rational(max(1, mixture.dimension)))
  }

  /// `1 + T L2 M²/(dλ)`: its `d`-th power is the largest `det Σ/λ^d` of `T` steps.
  func largestGrowth(steps: Int) -> Rational {
    let (dimension, cap) = (Rational(max(1, mixture.dimension)), mixture.valueCap)
    return 1 + Rational(steps) * mixture.squaredFeatureNorm * cap * cap
      / (dimension * mixture.lambda)
  }
}
