import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds

/// LOOP on a finite class of models: optimism among the hypotheses that the data leave alive.
///
/// Constants `β ≥ 0` (the radius) and `c ≥ 1` (how far a hypothesis in use may lag). The loss of
/// hypothesis `k` is `L(k) = Σ_i ((P_k W_{f_i})(s_i,a_i) - W_{f_i}(s_i,a_i,s_{i+1}))²`. A hypothesis
/// dies for good once `L(k) - min L > β`. The learner starts with the hypothesis of largest gain,
/// keeps it until its own loss lags by more than `cβ`, and then takes the living hypothesis of
/// largest gain (of least number where gains tie); if none lives, it keeps the one it has.
///
/// A value: copies go on apart, which is how histories are enumerated.
///
/// Source: after He, Zhong, Yang 2024 (2404.12648); this form ours,
/// `proofs-notes/finite-loop-regret.md`.
public struct FiniteClassLearner: Sendable {
  private let table: LossTable
  private let policies: [[Choice]]
  /// The hypotheses by falling gain; ties by number.
  private let ranking: [Int]
  private let radius: Rational
  private let patience: Rational

  /// `L(k)`, one entry a hypothesis.
  public private(set) var losses: [Rational]
  /// Whether each hypothesis is still alive.
  public private(set) var isAlive: [Bool]
  /// The hypothesis that is played.
  public private(set) var current: Int
  /// How often the learner has taken another hypothesis.
  public private(set) var switches = 0

  init(_ hypotheses: HypothesisClass, table: LossTable, radius: Rational, keep: Rational) {
    self.table = table
    self.radius = radius
    patience = keep * radius
    policies = hypotheses.policies
    let gains = hypotheses.gains
    ranking = gains.indices.sorted { gains[$0] != gains[$1] ? gains[$0] > gains[$1] : $0 < $1 }
    losses = Array(repeating: 0, count: gains.count)
    isAlive = Array(repeating: true, count: gains.count)
    current = ranking[0]
  }

  /// What the learner plays at `state`.
  public func choice(at state: State) -> Choice { policies[current][Int(state.index)] }

  /// Learns from one step.
  ///
  /// - Precondition: `successor` is possible after `choice` in some hypothesis or in the truth.
  public mutating func observe(_ choice: Choice, _ successor: State) {
    let charges = table.losses(of: choice, to: successor, playing: current)
    for place in losses.indices { losses[place] += charges[place] }
    guard var least = losses.first else { return }
    for loss in losses.dropFirst() where loss < least { least = loss }
    for place in losses.indices where isAlive[place] && losses[place] - least > radius {
      isAlive[place] = false
    }
    guard losses[current] - least > patience,
      let next = ranking.first(where: { isAlive[$0] }), next != current
    else { return }
    current = next
    switches += 1
  }

  /// What the data have changed.
  struct Memento: Codable, Sendable {
    let losses: [Rational]
    let isAlive: [Bool]
    let current, switches: Int
  }

  var memento: Memento {
    Memento(losses: losses, isAlive: isAlive, current: current, switches: switches)
  }

  /// - Throws: ``LearningError`` for a memento of another shape.
  mutating func restore(_ memento: Memento) throws(LearningError) {
    try LearningError.require(
      memento.losses.count == losses.count && memento.isAlive.count == isAlive.count
        && losses.indices.contains(memento.current), "the hypotheses")
    (losses, isAlive) = (memento.losses, memento.isAlive)
    (current, switches) = (memento.current, memento.switches)
  }

  /// What the future depends on: only differences of losses matter.
  var situation: Situation {
    let least = losses.min() ?? 0
    return Situation(lags: losses.map { $0 - least }, isAlive: isAlive, current: current)
  }

  struct Situation: Hashable {
    let lags: [Rational]
    let isAlive: [Bool]
    let current: Int
  }
}
