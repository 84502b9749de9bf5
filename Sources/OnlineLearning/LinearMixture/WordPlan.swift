import ExactArithmetic
import MarkovDecisionProcesses

/// One episode's optimistic plan, computed in words.
///
/// The same plan as ``MixturePlan``, from other enclosures: each `Q` is an upper bound that is above
/// the exact number by at most `g/2` before it is rounded up. With `x̂` the words of `φ_V`, `y = Zx` and
/// `u = Z b/λ`,
/// `⟨x, θ̂⟩ + β‖x‖_{Σ^{-1}} ≤ ⟨x̂, θ̃⟩ + ‖y‖ (β (1 + ε)/√λ + ε'‖u‖ + …) + …`, `ε' = ε/(1 - ε)`:
/// what rounding and the factor's error can do is added, and checked to be below the grid.
///
/// Source: ours, `proofs-notes/judged-factor.md`.
struct WordPlan: Sendable {
  /// The count of `g/2` of `V_h(s)` for `h = 1, …, H + 1`.
  private(set) var counts: [[Int64]]
  /// The greedy choice of each state at each step; where choices tie, the first.
  private(set) var policy: [[Choice]]
  /// An enclosure of `β`.
  let radius: Enclosure
  private let factor: JudgedFactor
  /// `θ̃` in units of `2^-s`, and the sum of its magnitudes.
  private let theta: [Int64]
  private let thetaSize: Int64
  /// Bounds of `β/√λ · √(1 ± ε)` in units of `2^-40`; and the slope that planning uses.
  private let (slopeLower, slopeUpper, slope): (Int64, Int64, Int64)

  private static let slopeBits = 40

  /// - Returns: `nil` where words are too short for the grid; ``MixturePlan`` then has to do it.
  init?(_ experiment: MixtureExperiment, _ regression: MixtureRegression) throws {
    guard let words = experiment.words, let data = regression.words(),
      let factor = JudgedFactor(
        data.matrix, dimension: regression.dimension, bits: data.bits)
    else { return nil }
    self.factor = factor
    radius = try experiment.radius(words, factor)
    var image = data.moments
    factor.apply(to: data.moments, into: &image)
    theta = factor.applyTransposed(to: image)
    let size = theta.reduce(UInt64.zero) { $0 &+ $1.magnitude }
    guard size < 1 << 58 else { return nil }
    thetaSize = Int64(size)
    let unit = Rational(1, timesTwoToThe: -factor.bits)
    let dimension = Rational(factor.dimension)
    // ‖u‖ and what b̂ and u were rounded by: √d units each, and √d · ‖Z‖.
    let rounding = 3 * dimension * unit
    let length = Rational(Int(JudgedFactor.norm(image)) + 1) * unit + rounding
    let (root, epsilon) = (words.inverseRootLambda, factor.error)
    let upper = radius.upper * root.upper * (1 + epsilon)
    let lower = radius.lower * root.lower * (1 - epsilon)
    let learned = epsilon / (1 - epsilon) * length + rounding
    guard
      let slopes = Self.slopes(lower: lower, upper: upper, plan: upper + learned),
      Self.isFine(
        experiment, words, factor, excess: upper - lower + 2 * learned, slope: upper,
        thetaSize: Rational(Int(size)) * unit)
    else { return nil }
    (slopeLower, slopeUpper, slope) = slopes
    counts = []
    policy = []
    plan(experiment, words)
  }

  private static func slopes(
    lower: Rational, upper: Rational, plan: Rational
  ) -> (Int64, Int64, Int64)? {
    guard let lower = lower.floor(timesTwoToThe: slopeBits).word,
      let upper = (-(-upper).floor(timesTwoToThe: slopeBits)).word,
      let plan = (-(-plan).floor(timesTwoToThe: slopeBits)).word, plan < 1 << 60
    else { return nil }
    return (Int64(max(0, lower)), Int64(upper), Int64(plan))
  }

  /// Whether a `Q` is above its exact number by less than `g/2` before it is rounded up.
  private static func isFine(
    _ experiment: MixtureExperiment, _ words: MixtureWords, _ factor: JudgedFactor,
    excess: Rational, slope: Rational, thetaSize: Rational
  ) -> Bool {
    // ‖y‖ ≤ 2‖x‖ ≤ 2√L2 M ≤ (1 + L2) M, and |x|_1 ≤ d √L2 M.
    let length = (1 + experiment.squaredFeatureNorm) * experiment.valueCap
    let dimension = Rational(factor.dimension)
    let unit = Rational(1, timesTwoToThe: -factor.bits)
    let valueUnit = Rational(1, timesTwoToThe: -words.valueBits)
    let error = Rational(Int(words.featureError)) * valueUnit
    let ofLength = length * (excess + Rational(1, timesTwoToThe: 2 - slopeBits))
    let ofWords = (slope + 1) * 8 * dimension * (error + valueUnit)
    let ofTheta = 2 * dimension * length * unit + 2 * thetaSize * error
    return ofLength + ofWords + ofTheta + 4 * error + 8 * valueUnit
      <= experiment.options.grid / 2
  }

  // MARK: - Planning

  private mutating func plan(_ experiment: MixtureExperiment, _ words: MixtureWords) {
    let model = experiment.model
    var counts = [[Int64](repeating: 0, count: model.stateCount)]
    var policy: [[Choice]] = []
    var scratch = Scratch(factor.dimension)
    for _ in 0..<experiment.horizon {
      let next = counts[counts.count - 1].map(words.value)
      var own = [Int64](repeating: 0, count: model.stateCount)
      var chosen = [Choice](repeating: Choice(0), count: model.stateCount)
      for state in own.indices {
        var best = Int64(-1)
        for choice in model.choiceRange(at: state) {
          let count = words.count(roundingUp: score(choice, next, words, &scratch))
          if count > best {
            best = count
            chosen[state] = Choice(choice)
          }
        }
        own[state] = best
      }
      counts.append(own)
      policy.append(chosen)
    }
    self.counts = counts.reversed()
    self.policy = policy.reversed()
  }

  /// Vectors that are written over and over.
  struct Scratch {
    var (feature, image): ([Int64], [Int64])

    init(_ dimension: Int) {
      feature = Array(repeating: 0, count: dimension)
      image = feature
    }
  }

  /// An upper bound of `Q(s,a)`, in units of `2^-k`.
  private func score(
    _ choice: Int, _ values: [Int64], _ words: MixtureWords, _ scratch: inout Scratch
  ) -> Int128 {
    let origin = words.image(of: values, after: choice, into: &scratch.feature)
    var (sum, size) = (Int128.zero, Int128.zero)
    for place in theta.indices {
      sum += Int128(theta[place]) * Int128(scratch.feature[place])
      size += Int128(scratch.feature[place].magnitude)
    }
    var score = Int128(words.rewards[choice])
    // Nothing is known of values that are all 0, and nothing has to be.
    guard values.contains(where: { $0 != 0 }) else { return score }
    let error = Int128(words.featureError)
    // θ̃ is below Zᵀu by less than a unit a place, x̂ below or above x by at most `error` a place.
    sum += size + error * Int128(thetaSize) + error * Int128(factor.dimension)
    score += Int128(origin) + error + 1 + (sum >> Int128(factor.bits)) + 1
    let bonus = Int128(slope) * Int128(norms(&scratch, words).upper)
    return score + (bonus >> Int128(Self.slopeBits)) + 1
  }

  /// Bounds of `‖Zx‖` in units of `2^-k` for the feature in `scratch`.
  private func norms(
    _ scratch: inout Scratch, _ words: MixtureWords
  ) -> (lower: Int64, upper: Int64) {
    factor.apply(to: scratch.feature, into: &scratch.image)
    let norm = JudgedFactor.norm(scratch.image)
    // ‖Z(x - x̂)‖ ≤ (1 + ε) √d error, and the image is below by less than a unit a place.
    let slack = Int64(factor.dimension) * (2 * words.featureError + 1)
    return (max(0, norm - slack), norm + 1 + slack)
  }

  // MARK: - Accounts

  /// Integers around `2^p β‖φ_V‖_{Σ^{-1}}` for the values after step `step`, counted from 0.
  func bonus(
    of choice: Int, step: Int, _ words: MixtureWords, precision: Int
  ) -> (lower: Integer, upper: Integer) {
    let values = counts[step + 1].map(words.value)
    guard values.contains(where: { $0 != 0 }) else { return (0, 0) }
    var scratch = Scratch(factor.dimension)
    _ = words.image(of: values, after: choice, into: &scratch.feature)
    let norm = norms(&scratch, words)
    let shift = Self.slopeBits + words.valueBits - precision
    let lower = Integer(Int(slopeLower)) * Integer(Int(norm.lower))
    let upper = Integer(Int(slopeUpper)) * Integer(Int(norm.upper))
    return shift >= 0
      ? (lower >> shift, (upper >> shift) + 1) : (lower << -shift, upper << -shift)
  }

  /// Whether `V_h ≥ V*_h` at all states and steps, exactly.
  func isOptimistic(_ words: MixtureWords) -> Bool {
    zip(counts, words.optimalCounts).allSatisfy { own, best in
      zip(own, best).allSatisfy { $0 >= $1 }
    }
  }

  /// Whether `‖θ̂ - θ‖_Σ` is at most the upper end of the radius; `nil` where words do not tell.
  func covers(
    _ experiment: MixtureExperiment, _ words: MixtureWords, _ regression: MixtureRegression
  ) -> Bool? {
    guard let residual = regression.residualWords(experiment.theta, bits: factor.bits) else {
      return nil
    }
    var image = residual
    factor.apply(to: residual, into: &image)
    // ‖θ̂ - θ‖_Σ/√λ is that of the residual over λ in the norm of (Σ/λ)^{-1}.
    let unit = Rational(1, timesTwoToThe: -factor.bits)
    let norm = Rational(Int(JudgedFactor.norm(image))) * unit
    let slack = Rational(3 * factor.dimension + 1) * unit
    let limit = radius.upper
    if (norm + slack) * (1 + factor.error) <= limit * words.inverseRootLambda.lower { return true }
    if (norm - slack) * (1 - factor.error) > limit * words.inverseRootLambda.upper { return false }
    return nil
  }
}

extension MixtureExperiment {
  /// `β` of what has been seen, from the factor's determinant.
  ///
  /// - Throws: ``EnclosureError``, which arguments of at least 1 and 0 exclude.
  fileprivate func radius(_ words: MixtureWords, _ factor: JudgedFactor) throws -> Enclosure {
    // log det(Σ/λ) = -2 log ∏ Z_ii + log det(I + E), and |log det(I + E)| ≤ 2dε.
    let diagonal = try Enclosure(1 / factor.diagonal).roundedOutward(significantBits: 80)
      .logarithm(bits: 70)
    let error = 2 * Rational(factor.dimension) * factor.error
    let growth = diagonal * 2
    let inside = Enclosure(
      lower: max(0, growth.lower - error) + words.events.lower,
      upper: max(0, growth.upper + error) + words.events.upper)
    let noise = try inside.roundedOutward(bits: 80).squareRoot(bits: 70) * (valueCap / 2)
    return (noise + words.shrinkage).roundedOutward(bits: 70)
  }
}
