import ExactArithmetic
import MarkovDecisionProcesses

/// The states and choices that values from an initial law can depend on.
///
/// States reachable from the support of the law along transitions of any action; with discount 0
/// the support alone. Source: `proofs-notes/reward-order.md`.
public struct ComparedPairs: Sendable {
  /// Ascending.
  public let states: [State]
  /// All choices at ``states``, ascending.
  public let choices: [Choice]

  public init(
    model: FiniteMDP, discount: Rational, initial: [(state: State, probability: Rational)]
  ) {
    let support = Set(initial.filter { !$0.probability.isZero }.map { Int($0.state.index) })
    if discount.isZero {
      states = support.sorted().map(State.init)
    } else {
      let isReached = model.graph.reachable(from: support.sorted())
      states = (0..<model.stateCount).filter { isReached[$0] }.map(State.init)
    }
    choices = states.flatMap { state in
      model.choiceRange(at: Int(state.index)).map { Choice($0) }
    }
  }
}
