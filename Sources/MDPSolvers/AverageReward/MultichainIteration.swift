// What is here: policy iteration for the long run, in models of any chain structure.
// Notation: y_{-1} = g gain, y_0 = h bias, y_k further terms of the policy at hand.
// At level -1 an action has the slack P_a g - g, at level 0 r + P_a h - g - h, at level k ≥ 1
// P_a y_k - y_k - y_{k-1}; the slack of a level counts where all before are 0.
// Source: Veinott 1969; proofs-notes/multichain-policy-iteration.md.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Exact multichain policy iteration for the greatest rewards.
///
/// An improvement changes the policy only at states where some action has a positive slack of the
/// lowest level at which there is one, and keeps it everywhere else: then the discounted values
/// grow for all discounts near 1, so that no policy comes twice.
package struct MultichainIteration {
  package struct Result {
    package let policy: ContiguousArray<Int32>
    package let gain: RationalVector
    package let bias: RationalVector
    /// A `w` with `bias + w = P w`; `nil` at level 0.
    package let witness: RationalVector?
    /// For each choice whether its slacks of the levels -1 and 0 are 0.
    package let isConserving: ContiguousArray<Bool>
    /// The number of policies that were evaluated.
    package let iterations: Int
  }

  private let model: FiniteMDP
  private let reward: PooledVector
  private let progress: ProgressHandler
  private let judge: BellmanJudge
  private let movement: BellmanJudge

  /// - Parameter reward: one entry a choice.
  package init(
    model: FiniteMDP, reward: PooledVector, progress: ProgressHandler = .none
  ) {
    self.model = model
    self.reward = reward
    self.progress = progress
    judge = BellmanJudge(model: model, reward: reward, discount: 1)
    movement = BellmanJudge(
      model: model, reward: .zeros(model.choiceCount), discount: 1)
  }

  /// Iterates until no action has a positive slack.
  ///
  /// - Parameters:
  ///   - start: the index of one choice a state; `nil` takes the first ones.
  ///   - level: 0 for the greatest gain, 1 for the greatest bias too, `n` for optimality in
  ///     Veinott's `n`-th sense.
  package func run(
    from start: ContiguousArray<Int32>? = nil, through level: Int = 1
  ) throws(Interrupted) -> Result {
    precondition(level >= 0, "level 0 is the first that ends at the greatest gain")
    var policy = start ?? ContiguousArray(model.choiceOffsets.dropLast())
    var iterations = 0
    while true {
      try progress.checkpoint()
      iterations += 1
      progress.report("policy iteration, round \(iterations)")
      var series = LaurentSeries(of: policy, in: model, reward: reward, progress: progress)
      let outcome = try improvement(of: policy, &series, through: level)
      switch outcome {
      case .better(let better): policy = better
      case .final(let isConserving):
        return Result(
          policy: policy, gain: try series.gain(), bias: try series.bias(),
          witness: level == 0 ? nil : try series.witness(1), isConserving: isConserving,
          iterations: iterations)
      }
    }
  }

  private enum Outcome {
    case better(ContiguousArray<Int32>)
    case final(isConserving: ContiguousArray<Bool>)
  }

  /// Looks for positive slacks level by level.
  private func improvement(
    of policy: ContiguousArray<Int32>, _ series: inout LaurentSeries, through last: Int
  ) throws(Interrupted) -> Outcome {
    var isOpen = ContiguousArray(repeating: true, count: model.choiceCount)
    var isConserving = isOpen
    for level in -1...last {
      let (signs, next) = try slackSigns(level, isLast: level == last, &series)
      if let better = improved(policy, signs, isOpen, next, includesReward: level == 0) {
        return .better(better)
      }
      for choice in isOpen.indices where signs[choice] != 0 { isOpen[choice] = false }
      if level == 0 { isConserving = isOpen }
    }
    return .final(isConserving: isConserving)
  }

  /// The sign of every choice's slack, and the vector whose expectation an action raises.
  private func slackSigns(
    _ level: Int, isLast: Bool, _ series: inout LaurentSeries
  ) throws(Interrupted) -> (signs: ContiguousArray<Int8>, next: RationalVector) {
    switch level {
    case -1:
      let gain = try series.gain()
      return (try movement.slackSigns(of: gain, progress: progress), gain)
    case 0:
      let bias = try series.bias()
      let now = try series.gain().sum(with: bias)
      return (try judge.slackSigns(of: now, next: bias, progress: progress), bias)
    default:
      // A constant added to all entries changes no slack, so that one class needs no norming.
      let isUnichain = series.closedClassCount == 1
      let term = try isLast && isUnichain ? series.witness(level) : series.term(level)
      let now = try series.term(level - 1).sum(with: term)
      return (try movement.slackSigns(of: now, next: term, progress: progress), term)
    }
  }

  /// The policy with the best of the improving actions, or `nil` where there is none.
  private func improved(
    _ policy: ContiguousArray<Int32>, _ signs: ContiguousArray<Int8>,
    _ isOpen: ContiguousArray<Bool>, _ next: RationalVector, includesReward: Bool
  ) -> ContiguousArray<Int32>? {
    var better: ContiguousArray<Int32>?
    let operation = BellmanOperator(
      model: model, reward: includesReward ? reward : .zeros(model.choiceCount), discount: 1)
    let entries = next.entries
    for state in 0..<model.stateCount {
      let improving = model.choiceRange(at: state).filter { isOpen[$0] && signs[$0] > 0 }
      guard var best = improving.first else { continue }
      if improving.count > 1 {
        var value = operation.lookahead(Choice(best), over: entries)
        for choice in improving.dropFirst() {
          let other = operation.lookahead(Choice(choice), over: entries)
          if other > value { (best, value) = (choice, other) }
        }
      }
      better = better ?? policy
      better?[state] = Int32(best)
    }
    return better
  }
}
