import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The answer to an average-reward problem with the certificate that proves it.
public struct AverageSolution: Sendable {
  /// The gain and the bias of every state; in that of ``enclosed(lower:upper:)`` the biases are
  /// what proves the bounds on the gain, and no bounds themselves.
  public enum Values: Sendable {
    case exact(GainBias)
    case enclosed(lower: GainBias, upper: GainBias)
  }

  public let terms: AverageObjective
  public let status: Solution.Status
  public let method: SolverMethod
  public let values: Values
  /// Whether the bias is the best of all policies of optimal gain, which the solver decided; the
  /// certificate is silent about it.
  public let isBiasOptimal: Bool
  /// The mean of the gains under the initial law, if there is one.
  public let initialValue: CertifiedNumber?
  /// One action a state.
  public let policy: [Action]
  /// For each state all actions that conserve gain and bias, in model order; `nil` unless exact.
  public let optimalActions: [[Action]]?
  /// The states with a choice to make whose gain lies between different bounds. Without any the
  /// policy is proved optimal.
  public let undecided: [State]
  public let certificate: AverageCertificate
  public let statistics: Solution.Statistics
  /// What the user has to know beside the answer, one sentence each.
  public let warnings: [String]

  /// Whether the policy is proved to have the best gain from every state.
  public var policyIsOptimal: Bool { undecided.isEmpty }

  /// The exact gain and bias.
  public var exactValues: GainBias? {
    if case .exact(let pair) = values { pair } else { nil }
  }

  /// The largest bias less the smallest, where the bias is exact.
  public var span: Rational? { exactValues.map { spread(of: $0.bias) } }
}

/// The largest entry less the smallest.
func spread(of vector: RationalVector) -> Rational {
  let entries = vector.entries
  guard var least = entries.first else { return 0 }
  var greatest = least
  for entry in entries {
    if entry < least { least = entry }
    if entry > greatest { greatest = entry }
  }
  return greatest - least
}
