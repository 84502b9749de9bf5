import ExactArithmetic
import MarkovDecisionProcesses

/// What a checked certificate of the average reward has proved, in the form in which claims are
/// held against it.
struct AverageProof: Sendable {
  /// What a bias witness proves beside.
  struct Bias: Sendable {
    /// Whether the bias is the best among those of gain-optimal policies.
    let isOptimal: Bool
    /// For each choice whether a policy of such choices has this bias.
    let isAttained: ContiguousArray<Bool>
  }

  /// The optimal gains, or bounds on them.
  let gain: CertifiedValues
  /// The policy of the certificate.
  let policy: [Choice]
  /// For each choice whether it attains both optimality equations; empty for bounds.
  let isOptimal: ContiguousArray<Bool>
  /// `nil` without a witness.
  let bias: Bias?
  /// The sentence that is proved, without the initial value.
  let statement: String
}

extension AverageProof {
  var lower: RationalVector { gain.bounds.lower.vector }
  var upper: RationalVector { gain.bounds.upper.vector }

  var isExact: Bool {
    if case .exact = gain { true } else { false }
  }

  /// The statement with the mean gain, where there is an initial law.
  func sentence(initial: [(state: Int, probability: Rational)]?) -> String {
    guard let initial else { return statement }
    let low = lower.mean(initial)
    if isExact { return statement + "; the initial value is \(shown(low))" }
    let high = upper.mean(initial)
    return statement + "; the initial value lies between \(shown(low)) and \(shown(high))"
  }
}
