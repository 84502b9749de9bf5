import ExactArithmetic
import MarkovDecisionProcesses

/// Fractions and policies as text for people.
struct FractionText {
  /// Names the states and the actions.
  let model: FiniteMDP
  /// Digits of the decimals beside the fractions; none when `nil`.
  let decimals: Int?

  /// A fraction; one that would fill lines is shown as a decimal with its length.
  func shown(_ value: Rational) -> String {
    let bits = value.numerator.bitLength + value.denominator.bitLength
    if bits > 200 {
      return "≈ \(decimalText(value, digits: decimals ?? 12)) (exact in JSON, \(bits) bits)"
    }
    guard let decimals, !value.isInteger else { return value.description }
    return "\(value) ≈ \(decimalText(value, digits: decimals))"
  }

  /// The actions of a small model, state by state.
  func shown(_ policy: Policy) -> String {
    let limit = 8
    let parts = (0..<min(limit, model.stateCount)).map { state in
      let choices = policy.choices(at: State(state))
      let law = choices.map { weighted in
        let action = name(model.action(of: weighted.choice))
        return choices.count == 1 ? action : "\(action) \(shown(weighted.probability))"
      }
      return "\(model.states[state]): \(law.joined(separator: " or "))"
    }
    let rest = model.stateCount - limit
    return parts.joined(separator: ", ") + (rest > 0 ? ", … (\(rest) more)" : "")
  }

  /// One action a state.
  func shown(_ actions: [Action]) -> String {
    let limit = 8
    let parts = actions.prefix(limit).enumerated().map { state, action in
      "\(model.states[state]): \(name(action))"
    }
    let rest = actions.count - limit
    return parts.joined(separator: ", ") + (rest > 0 ? ", … (\(rest) more)" : "")
  }

  func name(_ action: Action) -> String { model.actions[Int(action.index)] }

  /// The state and the action of a choice.
  func names(_ choice: Choice) -> (state: String, action: String) {
    (model.states[Int(model.state(of: choice).index)], name(model.action(of: choice)))
  }
}
