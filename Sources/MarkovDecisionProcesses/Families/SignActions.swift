import ExactArithmetic

/// The actions of the hard instances: all strings of `d - 1` signs, `+` before `-`, and how well
/// they agree with hidden signs.
///
/// With `Δ` the gain of one right sign, action `a` has `⟨μ, a⟩ = Δ Σ_i μ_i a_i`, where signs are
/// ±1: the most that an action can gain is `(d - 1) Δ`.
struct SignActions: Sendable {
  /// `d - 1`.
  let length: Int
  let gain: Rational
  /// The hidden signs, as bits with a set bit for `-`; one for all steps or one a step.
  private let hidden: [Int]

  private static let largestDimension = 21

  /// - Parameter steps: how many hidden strings there may be instead of one.
  init(
    _ options: FamilyOptions, family: String, gain: Rational, steps: Int = 1
  ) throws(FamilyError) {
    let dimension = try options.integer("d") ?? 3
    try require(
      (2...Self.largestDimension).contains(dimension),
      "\(family): d must be between 2 and \(Self.largestDimension)")
    length = dimension - 1
    self.gain = try options.number("Delta") ?? gain
    try require(self.gain.signum >= 0, "\(family): Delta must not be negative")
    let texts = options["mu"]?.split(separator: ",", omittingEmptySubsequences: false) ?? []
    let drawn = texts.map { text in text.reduce(0) { $0 << 1 | ($1 == "-" ? 1 : 0) } }
    hidden = drawn.isEmpty ? [0] : drawn
    let rule = texts.allSatisfy { text in
      text.count == length && text.allSatisfy { $0 == "+" || $0 == "-" }
    }
    try require(
      rule && (hidden.count == 1 || hidden.count == steps),
      "\(family): mu must be \(length) signs + or -"
        + (steps > 1 ? ", or \(steps) such strings with commas between" : ""))
  }

  var names: FamilyNames { .list(count: 1 << length) { [length] in Self.text($0, length) } }

  /// The hidden signs as they are written in an option.
  var hiddenText: String { hidden.map { Self.text($0, length) }.joined(separator: ",") }

  var count: Int { 1 << length }

  /// `(d - 1) Δ`.
  var largestGain: Rational { Rational(length) * gain }

  /// `⟨μ, a⟩` for the action with index `action` at step `step`.
  func gain(of action: Int, step: Int = 0) -> Rational {
    let signs = hidden.count == 1 ? hidden[0] : hidden[step]
    return Rational(length - 2 * (signs ^ action).nonzeroBitCount) * gain
  }

  private static func text(_ signs: Int, _ length: Int) -> String {
    String((0..<length).map { signs >> (length - 1 - $0) & 1 == 1 ? "-" : "+" })
  }
}

extension SignActions {
  /// Checks that `rate ± (d - 1) Δ` is a probability.
  func requireProbability(around rate: Rational, _ rule: String) throws(FamilyError) {
    try require(rate - largestGain >= 0 && rate + largestGain <= 1, rule)
  }
}

/// Visits the rows of an absorbing state, all with the same reward.
func forEachAbsorbingRow<Failure: Error>(
  at state: Int, actions: Int, reward: Rational, _ row: inout GeneratedRow,
  _ body: (inout GeneratedRow) throws(Failure) -> Void
) throws(Failure) {
  for action in 0..<actions {
    row.start(state, action)
    row.addSure(state)
    row.addRewardUnlessZero(reward)
    try body(&row)
  }
}
