import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds

/// What one observed transition adds to the loss of every hypothesis.
///
/// For a transition `(s,a,t)` met while hypothesis `f` was played, hypothesis `k` is charged
/// `((P_k W_f)(s,a) - W_f(s,a,t))²`. There are finitely many of these numbers; all are made once.
struct LossTable: Sendable {
  private let offsets: [Int]
  /// The successors of each choice that are possible in some hypothesis or in the truth, ascending.
  private let successors: [Int32]
  /// One list a successor and a hypothesis that is played, one number a hypothesis.
  private let losses: [[Rational]]
  private let count: Int

  /// - Throws: ``Interrupted``.
  init(
    _ hypotheses: HypothesisClass, truth: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) {
    let models = hypotheses.models + [truth]
    var offsets = [0]
    var successors: [Int32] = []
    var losses: [[Rational]] = []
    count = hypotheses.models.count
    for choice in 0..<truth.choiceCount {
      if choice & 0xFF == 0 { try progress.checkpoint() }
      let possible = Set(
        models.flatMap { model in
          model.transitionRange(of: choice).map { model.successors[$0] }
        }
      ).sorted()
      let means = hypotheses.models.indices.map { played in
        hypotheses.models.indices.map { hypotheses.mean(of: played, after: choice, in: $0) }
      }
      for successor in possible {
        for played in hypotheses.models.indices {
          let value = hypotheses.value(played, choice, successor)
          losses.append(means[played].map { ($0 - value) * ($0 - value) })
        }
      }
      successors += possible
      offsets.append(successors.count)
    }
    self.offsets = offsets
    self.successors = successors
    self.losses = losses
  }

  /// The charge of each hypothesis.
  ///
  /// - Precondition: `successor` is possible after `choice` in some hypothesis or in the truth.
  func losses(of choice: Choice, to successor: State, playing hypothesis: Int) -> [Rational] {
    let range = offsets[Int(choice.index)]..<offsets[Int(choice.index) + 1]
    guard let place = range.first(where: { successors[$0] == successor.index }) else {
      preconditionFailure("the successor is impossible")
    }
    return losses[place * count + hypothesis]
  }
}
