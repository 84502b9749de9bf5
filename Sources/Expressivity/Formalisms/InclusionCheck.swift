import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// What trying an arrow gave: specifications were drawn, turned into those of the stronger
/// formalism, and both were asked for the order of policies.
///
/// The arrow is proved in `proofs-notes/formalisms.md`; this looks for errors in its code.
public struct InclusionCheck: Sendable {
  public let inclusion: Inclusion
  /// How many specifications induced the same order.
  public let agreementCount: Int
  public let trialCount: Int

  public var isVerified: Bool { agreementCount == trialCount }

  /// Tries an arrow on the environments of the counterexamples.
  ///
  /// - Throws: ``Interrupted``; a defect of this module otherwise.
  public init(
    of inclusion: Inclusion, seed: UInt64 = 0, progress: ProgressHandler = .none
  ) throws {
    var (agreements, trials) = (0, 0)
    for witness in [Witness.unreachableState, .twoRoads, .conditionalChoice, .eventually] {
      let environment = try witness.objectives().environment
      var sampler = ObjectiveSampler(for: environment, seed: seed)
      let policies = try (0..<4).map { _ in try sampler.policy() }
      for _ in 0..<3 {
        try progress.checkpoint()
        let weak = try sampler.objective(of: inclusion.weaker)
        let strong = try inclusion.converted(weak, in: environment)
        trials += 1
        if try weak.ranks(of: policies, in: environment)
          == strong.ranks(of: policies, in: environment)
        {
          agreements += 1
        }
      }
    }
    self.inclusion = inclusion
    agreementCount = agreements
    trialCount = trials
  }
}
