import ExactArithmetic

/// The counts of a model that `info` shows.
public struct ModelSummary: Sendable, Hashable {
  public let states: Int
  public let actions: Int
  public let choices: Int
  /// Transitions of positive probability.
  public let transitions: Int
  /// The number of states that can be reached from the initial law, or `nil` without one.
  public let reachableStates: Int?
  /// The largest denominator of a transition probability in lowest terms.
  public let largestDenominator: Integer

  /// - Complexity: O(states + transitions).
  public init(of model: FiniteMDP) {
    states = model.stateCount
    actions = model.actions.count
    choices = model.choiceCount
    transitions = model.transitionCount
    reachableStates = model.reachableStates()?.count
    // The pool may hold numbers that no transition uses any more.
    var isUsed = [Bool](repeating: false, count: model.probabilityPool.count)
    for place in model.probabilities { isUsed[Int(place)] = true }
    largestDenominator =
      isUsed.indices.lazy.filter { isUsed[$0] }
      .map { model.probabilityPool[Int32($0)].denominator }.max() ?? 1
  }
}
