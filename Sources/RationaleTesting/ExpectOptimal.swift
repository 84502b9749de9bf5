import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds
import Testing

/// Expects that a stationary policy has the largest discounted values at every state, exactly.
///
/// The policy's values are solved for exactly and then judged by the code that checks certificates.
/// A failure shows the first condition that the certificate violates, and the two numbers.
///
/// - Parameters:
///   - reward: the name of a reward; by default the model's only one.
///   - discount: by default the model's.
/// - Returns: whether the policy is optimal.
@discardableResult
public func expectOptimal(
  _ policy: Policy, in model: FiniteMDP, reward: String? = nil, discount: Rational? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
  guard let name = reward ?? (model.rewards.count == 1 ? model.rewards[0].name : nil),
    let function = model.reward(named: name)
  else {
    let names = model.rewards.map(\.name).joined(separator: ", ")
    reject("the model has no such reward; it has: \(names)", sourceLocation)
    return false
  }
  guard let discount = discount ?? model.discount, !discount.isNegative, discount < 1 else {
    reject("a discount of at least 0 and less than 1 is needed", sourceLocation)
    return false
  }
  do {
    let lookahead = BellmanOperator(model: model, reward: function, discount: discount)
    let values = RationalVector(
      try discountedValues(
        of: policy, in: model, reward: lookahead.reward, discount: discount))
    let certificate = Certificate.discountedExact(
      DiscountedExactCertificate(
        objective: DiscountedObjective(direction: .maximize, reward: name, discount: discount),
        values: values, policy: lookahead.greedyActions(for: values).map { $0[0] }))
    guard case .rejected(let reason) = certificate.verify(in: model) else { return true }
    reject(
      "the policy is not optimal: \(reason)" + improvement(on: values, lookahead), sourceLocation)
    return false
  } catch {
    reject("the policy cannot be judged: \(error)", sourceLocation)
    return false
  }
}

/// The first state at which an action beats the policy's value, with both numbers.
private func improvement(on values: RationalVector, _ lookahead: BellmanOperator) -> String {
  let model = lookahead.model
  let entries = values.entries
  for choice in 0..<model.choiceCount {
    let state = Int(model.state(of: Choice(choice)).index)
    let value = lookahead.lookahead(Choice(choice), over: entries)
    guard value > entries[state] else { continue }
    let action = model.actions[Int(model.action(of: Choice(choice)).index)]
    return "; at '\(model.states[state])' the policy is worth \(described(entries[state])), but"
      + " '\(action)' first is worth \(described(value))"
  }
  return ""
}
