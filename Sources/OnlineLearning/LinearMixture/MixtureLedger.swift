import ExactArithmetic
import MarkovDecisionProcesses

/// What is counted about a run of episodes on a mixture, exactly: regret, and the certificate's sums.
///
/// The certificate is `Σ_{k,h<H} min{M, 2β_k‖x_{k,h}‖} + KHg + Σ ξ_{k,h}` with the noise `ξ = PD(s,a) -
/// D(s')` of `D = V_{k,h+1} - V^{π_k}_{h+1}`.
///
/// Source: ours, `proofs-notes/ucrl-vtr-run-certificate.md`.
struct MixtureLedger {
  private let experiment: MixtureExperiment
  /// The values of policies that were met; more than a thousand are worked out again.
  private var known: [[[Choice]]: [[Rational]]] = [:]
  private var policy: [[Choice]]?
  private var values: [[Rational]] = []
  private(set) var regret = Rational.zero
  private var bonuses: (lower: Integer, upper: Integer) = (0, 0)
  private var noise = Rational.zero
  private(set) var episodes = 0
  /// How often the policy differed from that of the episode before.
  private(set) var switches = 0

  private static let mostPolicies = 1000

  init(_ experiment: MixtureExperiment) { self.experiment = experiment }

  /// Begins an episode of this policy.
  mutating func begin(_ policy: [[Choice]]) {
    if self.policy != policy {
      if self.policy != nil { switches += 1 }
      values = found(policy)
      self.policy = policy
    }
    let start = Int(experiment.start.index)
    regret += experiment.optimalValues[0][start] - values[0][start]
    episodes += 1
  }

  private mutating func found(_ policy: [[Choice]]) -> [[Rational]] {
    if let known = known[policy] { return known }
    let values = experiment.lookahead.values(of: policy)
    if known.count < Self.mostPolicies { known[policy] = values }
    return values
  }

  /// Counts a step before the last: integers around `2^p β‖x‖`, and the planned values after it as
  /// integers over `G`.
  mutating func count(
    bonus: (lower: Integer, upper: Integer), values after: [Integer], step: Int, _ choice: Choice,
    to next: State
  ) {
    let (cap, precision) = (experiment.valueCap, experiment.precision)
    bonuses.lower += min(bonus.lower << 1, cap.floor(timesTwoToThe: precision))
    bonuses.upper += min(bonus.upper << 1, -(-cap).floor(timesTwoToThe: precision))
    let scale = experiment.features.valueScale
    func excess(_ state: State) -> Rational {
      let place = Int(state.index)
      return Rational(after[place], scale) - values[step + 1][place]
    }
    noise += experiment.model.transitions(of: choice).reduce(-excess(next)) {
      $0 + $1.probability * excess($1.successor)
    }
  }

  struct Memento: Codable, Sendable {
    let policy: [[Int32]]
    let regret, noise: Rational
    let bonuses: [Integer]
    let episodes, switches: Int
  }

  var memento: Memento {
    Memento(
      policy: (policy ?? []).map { $0.map(\.index) }, regret: regret, noise: noise,
      bonuses: [bonuses.lower, bonuses.upper], episodes: episodes, switches: switches)
  }

  /// - Throws: ``LearningError`` for a memento of another shape.
  mutating func restore(_ memento: Memento) throws(LearningError) {
    try LearningError.require(
      memento.bonuses.count == 2 && memento.episodes >= 0, "the account")
    policy = try experiment.policy(memento.policy)
    values = policy.map { found($0) } ?? []
    (regret, noise) = (memento.regret, memento.noise)
    bonuses = (memento.bonuses[0], memento.bonuses[1])
    (episodes, switches) = (memento.episodes, memento.switches)
  }

  var certificate: Enclosure {
    let precision = experiment.precision
    let grid = experiment.options.grid * Rational(episodes) * Rational(experiment.horizon)
    let sum = Enclosure(
      lower: Rational(bonuses.lower, timesTwoToThe: -precision),
      upper: Rational(bonuses.upper, timesTwoToThe: -precision))
    return sum + (grid + noise)
  }
}

extension MixtureExperiment {
  /// The choices of a memento, step by step; `nil` for none.
  ///
  /// - Throws: ``LearningError`` unless there is a choice of each state at each step.
  func policy(_ indices: [[Int32]]) throws(LearningError) -> [[Choice]]? {
    if indices.isEmpty { return nil }
    let isFit =
      indices.count == horizon
      && indices.allSatisfy { row in
        row.count == model.stateCount
          && row.indices.allSatisfy { model.choiceRange(at: $0).contains(Int(row[$0])) }
      }
    try LearningError.require(isFit, "the policy")
    return indices.map { $0.map { Choice(Int($0)) } }
  }
}
