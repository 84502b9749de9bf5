import ExactArithmetic
import MarkovDecisionProcesses

extension FiniteMDP {
  /// The parts in which two models differ, by name: empty when they are the same model with the
  /// same order of everything.
  public func differences(from other: FiniteMDP) -> [String] {
    var parts: [String] = []
    func compare(_ part: String, _ isSame: Bool) {
      if !isSame { parts.append(part) }
    }
    compare("states", states == other.states)
    compare("actions", actions == other.actions)
    compare("choices", choiceStates == other.choiceStates && choiceActions == other.choiceActions)
    compare(
      "successors",
      transitionOffsets == other.transitionOffsets && successors == other.successors)
    compare("probabilities", law == other.law)
    compare("listed zeros", listedZeros.elementsEqual(other.listedZeros, by: ==))
    compare("reward names", rewards.map(\.name) == other.rewards.map(\.name))
    compare(
      "rewards",
      rewards.map { Array($0.function.entries) } == other.rewards.map { Array($0.function.entries) }
    )
    compare("labels", labels.elementsEqual(other.labels, by: ==))
    compare("initial law", (initial ?? []).elementsEqual(other.initial ?? [], by: ==))
    compare("discount", discount == other.discount)
    compare(
      "labeled transitions",
      labeledTransitions.elementsEqual(other.labeledTransitions, by: ==))
    return parts
  }

  private var law: [Rational] { probabilities.map { probabilityPool[$0] } }
}
