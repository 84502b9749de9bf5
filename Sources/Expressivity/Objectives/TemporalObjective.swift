import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// Linear temporal logic: the probability that a run satisfies a formula.
public struct TemporalObjective: RealValuedObjective {
  public static let formalism = Formalism.temporalLogic

  public let formula: TemporalFormula
  /// The propositions that hold at steps, none where nothing is listed; `nil` for the labels of
  /// the environment.
  public let labels: [Trajectory.Step: Set<String>]?

  public init(_ formula: TemporalFormula, labels: [Trajectory.Step: Set<String>]? = nil) {
    self.formula = formula
    self.labels = labels
  }

  public func value(of policy: Policy, in environment: ObjectiveEnvironment) throws -> LogSum {
    let chain = AutomatonChain(
      of: policy, in: environment.model, initial: environment.initial, try automaton(),
      letters: letters(in: environment))
    return LogSum(try chain.probability(progress: .none))
  }

  /// Whether an infinite run satisfies the formula.
  ///
  /// - Precondition: the run has a cycle.
  func holds(on run: Trajectory, in environment: ObjectiveEnvironment) throws -> Bool {
    precondition(run.cycle != nil, "a formula is asked of an infinite run")
    let chain = AutomatonChain(of: run, try automaton(), letters: letters(in: environment))
    return try chain.probability(progress: .none) == 1
  }

  private func automaton() throws(ObjectiveError) -> OmegaAutomaton {
    do throws(SolverError) {
      return try OmegaAutomaton(of: formula)
    } catch {
      throw .formulaTooLarge(error.description)
    }
  }

  private func letters(in environment: ObjectiveEnvironment) -> AutomatonChain.StepLetters {
    guard let labels else {
      return { environment.letters.letter(of: $0, $1, to: $2) }
    }
    return { labels[Trajectory.Step($0, $1, $2)] ?? [] }
  }
}
