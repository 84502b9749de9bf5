import ExactArithmetic
import MarkovDecisionProcesses

/// One unknown of a linear reward: an entry of the reward's table, or the regulariser's value of
/// one law of actions.
public enum RewardCoordinate: Sendable, Hashable {
  /// An entry of the table; `machine` is the place of the machine's state before the step.
  case entry(machine: Int?, state: State, action: Action?, successor: State?)
  /// `F(q)`, for the law `q`: positive probabilities, actions ascending.
  case regulariser(ActionLaw)
}

/// A law over actions: positive probabilities, actions ascending.
public struct ActionLaw: Sendable, Hashable {
  public let actions: [Action]
  public let probabilities: [Rational]

  public init(_ choices: [Policy.WeightedChoice], in model: FiniteMDP) {
    actions = choices.map { model.action(of: $0.choice) }
    probabilities = choices.map(\.probability)
  }

  public init(_ law: [(action: Action, probability: Rational)]) {
    let sorted = law.filter { !$0.probability.isZero }.sorted { $0.action < $1.action }
    actions = sorted.map(\.action)
    probabilities = sorted.map(\.probability)
  }
}

/// A sparse vector over the unknowns of a linear reward; zeros are left out.
public typealias RewardFeatures = [RewardCoordinate: Rational]

extension ExpressTask.RewardSupport {
  /// The unknown that pays for a step.
  public func coordinate(
    machine: Int?, _ state: State, _ action: Action, _ successor: State
  ) -> RewardCoordinate {
    switch self {
    case .stateAction: .entry(machine: machine, state: state, action: action, successor: nil)
    case .transition: .entry(machine: machine, state: state, action: action, successor: successor)
    case .state: .entry(machine: machine, state: state, action: nil, successor: nil)
    }
  }
}

extension RewardCoordinate: Comparable {
  /// Table entries by machine state, state, action and successor; then the regulariser's laws.
  public static func < (a: RewardCoordinate, b: RewardCoordinate) -> Bool {
    switch (a, b) {
    case (.entry, .regulariser): true
    case (.regulariser, .entry): false
    case (.entry, .entry): a.places.lexicographicallyPrecedes(b.places)
    case (.regulariser(let first), .regulariser(let second)):
      first.actions == second.actions
        ? first.probabilities.lexicographicallyPrecedes(second.probabilities)
        : first.actions.lexicographicallyPrecedes(second.actions)
    }
  }

  private var places: [Int] {
    guard case .entry(let machine, let state, let action, let successor) = self else { return [] }
    return [
      machine ?? -1, Int(state.index), action.map { Int($0.index) } ?? -1,
      successor.map { Int($0.index) } ?? -1,
    ]
  }
}
