import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds

/// The values and the policy of one epoch of UCLK.
///
/// The confidence set is replaced by a polytope around it: the operator `max_a r + γ max_θ ⟨θ, φ_V⟩` is
/// then a maximum over kernels, so monotone and a contraction. Doubles find its fixed point over the
/// corners that are known so far; the result, raised a little and put on the grid, is judged exactly,
/// with one linear program a choice: `V ≥ max_a r + γ max_θ ⟨θ, φ_V⟩` proves `V ≥ V*`. A corner that
/// breaks this is added. A corner that is used and lies farther from `θ̂` than `(1 + ε)β` is cut off by
/// the tangent of the ellipsoid, rounded outward.
struct EpochPlan {
  /// `G V`, on the grid.
  let values: [Integer]
  let policy: [Choice]
  let estimate: MixtureEstimate
  let radius: Enclosure
  /// `ε`: the weights used are within `(1 + ε)` times the upper end of the radius.
  let slack: Rational
}

extension EpochPlan {
  /// What is not worked out again from the regression at the start of the epoch.
  struct Memento: Codable, Sendable {
    let values: [Integer]
    let policy: [Int32]
    let slack: Rational
  }

  var memento: Memento {
    Memento(values: values, policy: policy.map(\.index), slack: slack)
  }

  /// - Throws: ``LearningError`` for a memento of another shape.
  init(
    _ memento: Memento, _ experiment: DiscountedMixtureExperiment, _ regression: MixtureRegression
  ) throws {
    let (mixture, model) = (experiment.mixture, experiment.model)
    let states = 0..<model.stateCount
    try LearningError.require(
      memento.values.count == states.count && memento.policy.count == states.count
        && states.allSatisfy { model.choiceRange(at: $0).contains(Int(memento.policy[$0])) },
      "the plan")
    let estimate = regression.estimate(precision: mixture.precision)
    self.init(
      values: memento.values, policy: memento.policy.map { Choice(Int($0)) }, estimate: estimate,
      radius: try mixture.radius(determinantRatio: estimate.determinantRatio),
      slack: memento.slack)
  }
}

/// What plans the epochs; corners found are kept from one to the next.
struct EpochPlanner {
  private let experiment: DiscountedMixtureExperiment
  private var polytope: WeightPolytope
  private var corners: [[Rational]] = []
  private var guess: [Double]
  private static let (mostCuts, mostCorners) = (400, 1000)

  init(_ experiment: DiscountedMixtureExperiment) {
    self.experiment = experiment
    polytope = WeightPolytope(experiment.mixture, experiment.kernels)
    let cap = Double(experiment.mixture.valueCap)
    guess = Array(repeating: cap, count: experiment.model.stateCount)
  }

  private var mixture: MixtureExperiment { experiment.mixture }

  /// What is kept from one epoch to the next; cuts are not.
  struct Memento: Codable, Sendable {
    let corners: [[Rational]]
    /// The bits of the guessed values.
    let guess: [String]
  }

  var memento: Memento {
    Memento(corners: corners, guess: guess.map { String($0.bitPattern, radix: 16) })
  }

  /// - Throws: ``LearningError`` for a memento of another shape.
  mutating func restore(_ memento: Memento) throws(LearningError) {
    let values = memento.guess.compactMap { UInt64($0, radix: 16) }.map { Double(bitPattern: $0) }
    try LearningError.require(
      values.count == guess.count && memento.guess.count == guess.count
        && values.allSatisfy(\.isFinite)
        && memento.corners.allSatisfy { $0.count == mixture.dimension },
      "the planner")
    (corners, guess) = (memento.corners, values)
  }

  /// - Returns: `nil` where no weights are left, which proves that the confidence set lost the truth.
  /// - Throws: ``Interrupted``; ``LearningError`` where too many cuts would be needed; what linear
  ///   programs throw.
  mutating func plan(
    _ regression: MixtureRegression, _ horizonRadius: HorizonRadius, progress: ProgressHandler
  ) throws -> EpochPlan? {
    let estimate = regression.estimate(precision: mixture.precision)
    let radius = try mixture.radius(determinantRatio: estimate.determinantRatio)
    let slack = try horizonRadius.slack(
      of: radius, determinantRatio: estimate.determinantRatio)
    let limit = (1 + slack) * radius.upper
    polytope.removeCuts()
    for _ in 0..<Self.mostCuts {
      try progress.checkpoint()
      guard let found = try judgedValues(progress) else { return nil }
      var isInside = true
      for theta in Set(found.used) {
        guard regression.squaredDistance(estimate, to: theta) > limit * limit else { continue }
        isInside = false
        cut(off: theta, estimate, radius, regression)
      }
      if isInside {
        return EpochPlan(
          values: found.values.map(mixture.features.integer), policy: found.policy,
          estimate: estimate, radius: radius, slack: slack)
      }
      corners.removeAll { !polytope.satisfiesCuts($0) }
    }
    throw tooHard
  }

  private var tooHard: LearningError {
    .unfit(
      place: "transitions",
      problem:
        "a confidence set would need too many half-spaces to be planned for as closely as the"
        + " theorem asks; a smaller bound of the weights (--theta-bound) or a coarser grid helps")
  }

  // MARK: - Values

  private struct Judged {
    let values: [Rational]
    let policy: [Choice]
    /// The weights that the greedy choices use.
    let used: [[Rational]]
  }

  /// Values that are at least their image under the polytope, and above it by at most `ζ`.
  private mutating func judgedValues(_ progress: ProgressHandler) throws -> Judged? {
    if corners.isEmpty {
      let zero = [Rational](repeating: 0, count: mixture.dimension)
      guard let corner = try polytope.maximizer(of: zero, progress: progress) else { return nil }
      corners = [corner]
    }
    while corners.count <= Self.mostCorners {
      try progress.checkpoint()
      iterate()
      let values = raisedGuess()
      let integers = values.map(mixture.features.integer)
      var isAbove = true
      var best: [(choice: Choice, score: Rational, theta: [Rational])] = []
      for state in values.indices {
        var top: (choice: Choice, score: Rational, theta: [Rational])?
        for choice in experiment.model.choiceRange(at: state) {
          let (feature, origin) = image(of: integers, after: choice)
          guard let far = try polytope.maximizer(of: feature, progress: progress) else {
            return nil
          }
          let near = corners.max {
            WeightPolytope.product($0, feature) < WeightPolytope.product($1, feature)
          }
          let reward = mixture.lookahead.reward[choice]
          let gamma = experiment.discount
          if reward + gamma * (origin + WeightPolytope.product(far, feature)) > values[state] {
            isAbove = false
            if !corners.contains(far) { corners.append(far) }
          }
          // There is a corner at least.
          let theta = near ?? far
          let score = reward + gamma * (origin + WeightPolytope.product(theta, feature))
          if top.map({ score > $0.score }) ?? true { top = (Choice(choice), score, theta) }
        }
        if let top { best.append(top) }
      }
      if isAbove, zip(values, best).allSatisfy({ $0 <= $1.score + experiment.tolerance }) {
        return Judged(values: values, policy: best.map(\.choice), used: best.map(\.theta))
      }
    }
    throw tooHard
  }

  /// `φ_V`, and `P_d V` in the offset form, exactly.
  private func image(
    of integers: [Integer], after choice: Int
  ) -> (feature: [Rational], origin: Rational) {
    let (feature, origin) = mixture.features.image(of: integers, after: choice)
    return (feature.map { Rational($0, mixture.features.scale) }, origin)
  }

  /// The guess raised by `2gM` and rounded up to the grid, at most `M`.
  private func raisedGuess() -> [Rational] {
    let (grid, cap) = (mixture.options.grid, mixture.valueCap)
    return guess.map { value in
      let raised = (Rational(exactly: value) ?? cap) + 2 * grid * cap
      return min(cap, max(0, Rational((raised / (grid / 2)).ceiling) * grid / 2))
    }
  }

  /// Value iteration over the corners, in doubles.
  private mutating func iterate() {
    let (model, gamma) = (experiment.model, Double(experiment.discount))
    let rewards = (0..<model.choiceCount).map { Double(mixture.lookahead.reward[$0]) }
    let kernels = corners.map(doubles)
    let end = Double(mixture.options.grid) / 64 * (1 - gamma)
    for _ in 0..<1_000_000 {
      var change = 0.0
      for state in guess.indices {
        var top = -Double.infinity
        for choice in model.choiceRange(at: state) {
          for kernel in kernels {
            var mean = 0.0
            for entry in kernel[choice] { mean += entry.weight * guess[entry.successor] }
            top = max(top, rewards[choice] + gamma * mean)
          }
        }
        change = max(change, abs(top - guess[state]))
        guess[state] = top
      }
      if change <= end { return }
    }
  }

  /// The kernel of weights.
  private func doubles(_ theta: [Rational]) -> [[(successor: Int, weight: Double)]] {
    let isOffset = mixture.options.usesOffsetForm
    return experiment.kernels.rows.map { row in
      row.map { entry in
        let origin = isOffset ? entry.vector.last ?? 0 : 0
        let sum = zip(theta, entry.vector).reduce(origin) { $0 + $1.0 * ($1.1 - origin) }
        return (Int(entry.successor.index), Double(sum))
      }
    }
  }

  // MARK: - Cuts

  /// Adds the tangent half-space of the ellipsoid in the direction of `theta`: `⟨n, θ⟩ ≤ ⟨n, θ̂⟩ +
  /// β‖n‖_{Σ^{-1}}` for a short `n` close to `Σ(θ - θ̂)`, valid for every `n`.
  private mutating func cut(
    off theta: [Rational], _ estimate: MixtureEstimate, _ radius: Enclosure,
    _ regression: MixtureRegression
  ) {
    let center = estimate.theta
    let offset = zip(theta, center).map { Double($0 - $1) }
    let sigma = regression.matrix.map { row in
      row.map { Double(Rational($0, mixture.features.scale * mixture.features.scale)) }
    }
    let image = sigma.map { row in zip(row, offset).reduce(0.0) { $0 + $1.0 * $1.1 } }
    let size = image.map(abs).max() ?? 0
    guard size > 0, size.isFinite else { return }
    let words = image.map { Integer(Int(($0 / size * 0x1p30).rounded())) }
    let normal = words.map { Rational($0, timesTwoToThe: -30) }
    let precision = mixture.precision
    // bonus() takes x = X/C: here X = 2^30 n, so that the norm is C/2^30 times as large.
    let top = -(-radius.upper).floor(timesTwoToThe: precision)
    let reach =
      Rational(estimate.bonus(words, radius: (top, top)).upper, timesTwoToThe: -precision - 30)
      * Rational(mixture.features.scale)
    let limit = WeightPolytope.product(normal, center) + reach
    polytope.cut(normal, limit: Rational(-(-limit).floor(timesTwoToThe: 40), timesTwoToThe: -40))
  }
}
