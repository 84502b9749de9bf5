// What is here: occupancies as certificates list them, and the three facts about one that proofs
// rest on. Notation: x(s,a) ≥ 0 with Σ_a x(s,a) − γ Σ_{t,a} p(s|t,a) x(t,a) = μ(s).

import ExactArithmetic
import MarkovDecisionProcesses

/// A discounted occupancy as a list of masses on choices; what is not listed is 0.
public struct OccupancyEntries: Sendable {
  /// Each choice at most once.
  public let entries: [(choice: Choice, mass: Rational)]

  public init(_ entries: [(choice: Choice, mass: Rational)]) {
    self.entries = entries
  }

  /// `r·x`, the expected discounted sum of the reward with one entry a choice.
  public func total(of reward: PooledVector) -> Rational {
    entries.reduce(Rational.zero) { $0 + $1.mass * reward[Int($1.choice.index)] }
  }

  /// Rejects a negative mass, and a state whose flow is not balanced.
  ///
  /// - Parameter initial: the law `μ` of the first state; a missing state has probability 0.
  /// - Complexity: O(transitions) exact operations.
  func requireFlow(
    in model: FiniteMDP, discount: Rational, initial: [(state: Int, probability: Rational)],
    _ field: String
  ) throws(CheckFailure) {
    var excess = [Rational](repeating: 0, count: model.stateCount)
    for (state, probability) in initial { excess[state] -= probability }
    for (choice, mass) in entries {
      let index = Int(choice.index)
      try require(
        mass.signum >= 0,
        "\(field): the mass of action \(model.name(actionOf: index)) at state "
          + "\(model.name(stateOf: index)) is \(shown(mass)), but it must not be negative")
      if mass.isZero { continue }
      excess[Int(model.choiceStates[index])] += mass
      for (successor, probability) in model.transitions(of: choice) {
        excess[Int(successor.index)] -= discount * probability * mass
      }
    }
    for (state, value) in excess.enumerated() where !value.isZero {
      throw .rejected(
        "\(field): at state \(model.name(State(state))) the mass minus the discounted inflow "
          + "differs from the initial probability by \(shown(value))")
    }
  }
}
