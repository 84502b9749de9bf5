import ExactArithmetic
import MarkovDecisionProcesses

/// A model as a world to learn in: exact sampling, exact rewards, and what the learner may know.
///
/// Transitions are numbered by slots: the successors of all choices in one list.
struct TabularEnvironment: Sendable {
  let model: FiniteMDP
  let start: State
  let sampler: TransitionSampler
  /// Expected rewards, without discount.
  let lookahead: BellmanOperator
  /// `r(s,a,s')` of each slot.
  let rewards: [Rational]
  /// The least and the largest `r(s,a,s')` of a possible transition.
  let (leastReward, largestReward): (Rational, Rational)

  /// - Throws: ``LearningError`` where the model has no such reward.
  init(_ model: FiniteMDP, reward: String, start: State) throws(LearningError) {
    guard let function = model.reward(named: reward) else {
      throw .unfit(place: "rewards", problem: "there is no reward '\(reward)'")
    }
    let sampler = TransitionSampler(model)
    var rewards: [Rational] = []
    rewards.reserveCapacity(sampler.slotCount)
    for choice in 0..<model.choiceCount {
      let (state, action) = (model.state(of: Choice(choice)), model.action(of: Choice(choice)))
      for slot in sampler.slots(of: choice) {
        rewards.append(
          function.value(
            state: state, action: action, successor: State(sampler.successor(at: slot))))
      }
    }
    self.model = model
    self.start = start
    self.sampler = sampler
    self.rewards = rewards
    lookahead = BellmanOperator(model: model, reward: function, discount: 1)
    leastReward = rewards.min() ?? 0
    largestReward = rewards.max() ?? 0
  }

  /// `r_max - r_min`.
  var rewardRange: Rational { largestReward - leastReward }
  /// The rewards of the slots, scaled to `[0, 1]`.
  var scaledRewards: [Rational] { rewards.map(scaled) }
  /// The expected rewards of the choices, scaled alike.
  var scaledExpectations: [Rational] { (0..<choiceCount).map { scaled(lookahead.reward[$0]) } }

  private func scaled(_ reward: Rational) -> Rational {
    rewardRange.isZero ? 0 : (reward - leastReward) / rewardRange
  }

  /// Whether there is one choice of each state.
  func isPolicy(_ choices: [Int]) -> Bool {
    choices.count == stateCount
      && choices.indices.allSatisfy { model.choiceRange(at: $0).contains(choices[$0]) }
  }

  var stateCount: Int { model.stateCount }
  var choiceCount: Int { model.choiceCount }
  /// The most choices that a state has.
  var largestChoiceCount: Int {
    (0..<model.stateCount).map { model.choiceRange(at: $0).count }.max() ?? 0
  }
}
