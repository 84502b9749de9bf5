import ExactArithmetic
import MarkovDecisionProcesses

/// The numbers of a model that bounds on regret in the long run are made of.
public struct ModelBounds: Sendable {
  /// A mean number of steps.
  public enum Distance: Sendable, Hashable {
    case finite(Rational)
    case infinite

    /// - Parameter steps: `nil` where it is infinite.
    public init(_ steps: Rational?) { self = steps.map(Self.finite) ?? .infinite }
  }

  /// What belongs to a reward.
  public struct OfReward: Sendable {
    public let name: String
    public let direction: Direction
    /// The optimal gain of each start.
    public let gain: RationalVector
    /// The span of the best bias.
    public let span: Rational
    /// The distance to a state of best bias; `nil` in multichain models.
    public let oneWayDiameter: Distance?
  }

  /// `nil` for a model without rewards.
  public let reward: OfReward?
  public let diameter: Distance

  /// Computes all of them exactly.
  ///
  /// - Parameter name: `nil` for a model without rewards.
  /// - Throws: what ``solve(_:options:)`` throws for an average-reward problem.
  /// - Complexity: that of ``Diameter``, after the long run is solved.
  public init(
    of model: FiniteMDP, reward name: String?, direction: Direction = .maximize,
    options: SolverOptions = SolverOptions()
  ) throws {
    let distances = Diameter(of: model, progress: options.progress)
    if let name {
      let problem = try AverageProblem(model: model, reward: name, direction: direction)
      reward = try Self.bounds(problem, distances, options)
    } else {
      reward = nil
    }
    diameter = Distance(try distances.value())
  }

  private static func bounds(
    _ problem: AverageProblem, _ distances: Diameter, _ given: SolverOptions
  ) throws -> OfReward {
    var options = given
    options.scope = .all(isRequired: true)
    options.method = .auto
    let solution = try solve(problem, options: options)
    guard let pair = solution.exactValues else {
      preconditionFailure("exact values were required")
    }
    var oneWay: Distance?
    if problem.model.maximalEndComponents().count == 1 {
      let targets = bestStates(problem.direction == .maximize ? pair.bias : -pair.bias)
      oneWay = Distance(try distances.leastDistance(to: targets))
    }
    return OfReward(
      name: problem.rewardName, direction: problem.direction, gain: pair.gain,
      span: spread(of: pair.bias), oneWayDiameter: oneWay)
  }

  /// The states of the largest entry.
  private static func bestStates(_ vector: RationalVector) -> [State] {
    let entries = vector.entries
    guard let largest = entries.max() else { return [] }
    return entries.indices.filter { entries[$0] == largest }.map(State.init)
  }
}
