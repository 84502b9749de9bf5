import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The long-run average reward on a model: maximise or minimise it, from every start.
public struct AverageProblem: Sendable {
  public let model: FiniteMDP
  public let direction: Direction
  public let rewardName: String
  /// The expected reward of every choice.
  public let reward: PooledVector
  /// The law of the first state, if an initial value is wanted.
  public let initial: [(state: State, probability: Rational)]?

  /// - Throws: ``SolverError/noReward(_:names:)``.
  public init(
    model: FiniteMDP, reward rewardName: String, direction: Direction = .maximize,
    initial: [(state: State, probability: Rational)]? = nil
  ) throws(SolverError) {
    guard let function = model.reward(named: rewardName) else {
      throw .noReward(rewardName, names: model.rewards.map(\.name))
    }
    self.model = model
    self.direction = direction
    self.rewardName = rewardName
    reward = function.expected(in: model)
    self.initial = initial ?? model.initial
  }

  var objective: AverageObjective {
    AverageObjective(direction: direction, reward: rewardName)
  }

  /// The rewards to maximise: to minimise is to maximise the negated rewards.
  var maximizedReward: PooledVector { direction == .maximize ? reward : reward.negated }

  /// A vector of the problem as it was asked, from that of the maximisation.
  func restored(_ vector: RationalVector) -> RationalVector {
    direction == .maximize ? vector : -vector
  }
}

/// Solves an average-reward problem; the status of the answer says whether it is exact.
///
/// - Throws: ``SolverError`` for a problem that the method cannot take, ``Interrupted`` when the
///   caller stops it or the memory limit would be passed; ``AverageSolverError`` on a defect.
public func solve(
  _ problem: AverageProblem, options: SolverOptions = SolverOptions()
) throws -> AverageSolution {
  let solution = try AverageSolver(problem, options).solve()
  let verdict = try solution.certificate.verify(in: problem.model, progress: options.progress)
  if case .rejected(let reason) = verdict { throw AverageSolverError.rejected(reason) }
  return solution
}

/// A defect of this module, found by the checker before the answer was given.
public enum AverageSolverError: Error, Hashable, Sendable {
  case rejected(String)
}

extension AverageSolverError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rejected(let reason):
      "the computed answer of the average-reward problem was rejected by the checker: \(reason)"
    }
  }
}
