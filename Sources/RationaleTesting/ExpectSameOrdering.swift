import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import RewardComparison
import Testing

/// Expects that two rewards of a model order all policies alike.
///
/// A failure names two policies that the rewards order differently, with the values of both.
///
/// - Parameters:
///   - first: the name of a reward of the model.
///   - second: the name of another one.
///   - discount: by default the model's.
/// - Returns: whether they do.
@discardableResult
public func expectSameOrdering(
  _ first: String, _ second: String, in model: FiniteMDP, discount: Rational? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
  do {
    let problem = try ComparisonProblem(
      model: model, rewards: [first, second], discount: discount ?? model.discount ?? 1)
    guard let pair = try compareRewards(problem).answer.pairs.first else { return true }
    if pair.sameOrdering { return true }
    reject(
      "'\(first)' and '\(second)' order policies differently"
        + evidence(pair.orderingCertificate, names: [first, second], model), sourceLocation)
  } catch {
    reject("the rewards cannot be compared: \(error)", sourceLocation)
  }
  return false
}

/// Expects that the distance of two rewards of a model is at most a number.
///
/// - Parameters:
///   - first: the name of a reward of the model.
///   - second: the name of another one.
///   - bound: at least 0.
///   - discount: by default the model's.
///   - settings: canonicalisation, normalisation and metric.
/// - Returns: whether it is.
@discardableResult
public func expectDistance(
  _ first: String, _ second: String, atMost bound: Rational, in model: FiniteMDP,
  discount: Rational? = nil, settings: ComparisonSettings = ComparisonSettings(),
  sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
  do {
    let problem = try ComparisonProblem(
      model: model, rewards: [first, second], discount: discount ?? model.discount ?? 1)
    var options = ComparisonOptions()
    options.settings = settings
    let distance = try rewardDistances(problem, options: options)[0][1]
    if !bound.isNegative, distance <= RootNumber(bound) { return true }
    let shown =
      distance.rational.map(described)
      ?? "≈ " + distance.enclosure(width: Rational(1, 1_000_000_000)).decimal(digits: 6)
    reject(
      "the distance of '\(first)' and '\(second)' is \(shown), which is above"
        + " \(described(bound))", sourceLocation)
  } catch {
    reject("the rewards cannot be compared: \(error)", sourceLocation)
  }
  return false
}

/// The two policies of a certificate that rewards order differently, with their values.
private func evidence(
  _ certificate: ComparisonAnswer.OrderingCertificate, names: [String], _ model: FiniteMDP
) -> String {
  guard case .witness(let one, let other, let values) = certificate, values.count == 2 else {
    return ""
  }
  let worths = zip(names, values).map { name, pair in
    "'\(name)' gives " + pair.map(described).joined(separator: " and ")
  }
  return ": to the policies \(text(one, model)) and \(text(other, model)) "
    + worths.joined(separator: ", ")
}

/// The actions that a policy takes, state by state.
private func text(_ policy: Policy, _ model: FiniteMDP) -> String {
  let parts = (0..<model.stateCount).map { state in
    model.states[state] + " → "
      + policy.choices(at: State(state)).map { weighted in
        let action = model.actions[Int(model.action(of: weighted.choice).index)]
        return weighted.probability == 1 ? action : "\(action) (\(weighted.probability))"
      }.joined(separator: " or ")
  }
  return "(" + parts.joined(separator: ", ") + ")"
}
