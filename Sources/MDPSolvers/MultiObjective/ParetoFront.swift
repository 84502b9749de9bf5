import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Several rewards of one model, to be traded off against each other.
public struct MultiObjectiveProblem: Sendable {
  public let model: FiniteMDP
  public let direction: Direction
  /// Two to four names of rewards; a name may come twice.
  public let rewardNames: [String]
  /// In `[0, 1)`.
  public let discount: Rational
  /// The law of the first state.
  public let initial: [(state: State, probability: Rational)]
  /// Whether ``initial`` is not the model's own.
  public let replacesInitial: Bool

  /// One problem for each reward, all maximised.
  let problems: [MaximizationProblem]

  /// How many rewards a front may have.
  public static let rewardCounts = 2...4

  /// - Parameter initial: the law of the first state; the model's when `nil`.
  /// - Throws: ``SolverError/methodDoesNotApply(_:)`` for a number of rewards outside
  ///   ``rewardCounts``, ``SolverError/noInitialLaw``, and what ``DiscountedProblem`` throws.
  public init(
    model: FiniteMDP, rewards: [String], discount: Rational, direction: Direction = .maximize,
    initial: [(state: State, probability: Rational)]? = nil
  ) throws(SolverError) {
    guard Self.rewardCounts.contains(rewards.count) else {
      throw .methodDoesNotApply(
        "a Pareto front is of 2 to 4 rewards, but there are \(rewards.count)")
    }
    guard let law = initial ?? model.initial else { throw .noInitialLaw }
    var problems: [MaximizationProblem] = []
    for name in rewards {
      problems.append(
        MaximizationProblem(
          try DiscountedProblem(
            model: model, reward: name, discount: discount, direction: direction)))
    }
    self.model = model
    self.direction = direction
    rewardNames = rewards
    self.discount = discount
    self.initial = law
    replacesInitial = initial != nil
    self.problems = problems
  }
}

/// The upper boundary of the polytope of attainable points, where all rewards are maximised (the
/// lower one where they are minimised).
///
/// A point holds the expected discounted sums of the rewards, one entry each. Randomised policies
/// attain exactly the convex hull of the points of deterministic ones. Let `D` be everything that
/// some attainable point is at least as good as, in every reward: a polyhedron of full dimension,
/// whose vertices are the Pareto-optimal vertices of that hull.
public struct ParetoFront: Sendable {
  /// A vertex of `D`.
  public struct Vertex: Sendable {
    public let point: [Rational]
    /// Positive weights that sum to 1, for which no other point is as good.
    public let weight: [Rational]
    /// A deterministic policy that attains the point, one action a state.
    public let policy: [Action]
    public let certificate: ParetoPointCertificate
  }

  /// A facet of `D`: every attainable `z` has `normal · z ≤ offset` (`≥` where rewards are
  /// minimised).
  public struct Facet: Sendable {
    /// Weights that are not negative and sum to 1.
    public let normal: [Rational]
    public let offset: Rational
    /// The places in ``ParetoFront/vertices`` of those on the facet, ascending.
    public let vertices: [Int]
    /// One entry a state, with which `v(s) ≥ Σ_i normal_i r_i(s,a) + γ P_a v(s)` for every action
    /// (`≤` where rewards are minimised) and the mean `offset` under the law of the first state:
    /// what proves the inequality.
    public let values: RationalVector
    /// Whether every weight is positive, so that all attainable points on it are Pareto optimal.
    public var isParetoOptimal: Bool { normal.allSatisfy { $0.signum > 0 } }
  }

  /// A point of a deterministic policy that no other deterministic policy beats.
  public struct DeterministicPoint: Sendable {
    public let point: [Rational]
    public let policy: [Action]
    /// Whether the point is the best one for some positive weights; equally, whether no
    /// randomised policy beats it either.
    public let isSupported: Bool
  }

  public let rewardNames: [String]
  public let direction: Direction
  public let discount: Rational
  /// In descending order of the points (ascending where rewards are minimised).
  public let vertices: [Vertex]
  /// In the same order of the normals.
  public let facets: [Facet]
  /// The corner from which ``hypervolume`` is measured.
  public let reference: [Rational]
  /// The volume of the part of `D` that is at least as good as the reference point.
  public let hypervolume: Rational
  /// The front of deterministic policies, where it was asked for.
  public let deterministic: [DeterministicPoint]?
  /// The volume that the deterministic front dominates.
  public let deterministicHypervolume: Rational?
  /// How many weights were solved for.
  public let solveCount: Int
}

/// What of a front is wanted beside its vertices and facets.
public struct ParetoOptions: Sendable {
  /// The corner of the hypervolume; the worst coordinates of the vertices when `nil`.
  public var reference: [Rational]?
  /// Whether all deterministic policies are enumerated.
  public var includesDeterministic = false
  public var progress = ProgressHandler.none

  public init() {}
}

/// Finds every vertex and facet of the Pareto front, exactly.
///
/// - Complexity: one exact solve for each vertex and one for each facet, then one more for each
///   vertex; the next weight's solve starts from the answer for a near one.
/// The certificate of the whole front has been checked before it is returned.
///
/// - Throws: ``SolverError/tooManyPolicies(limit:)``, ``SolverError/methodDoesNotApply(_:)`` for
///   a reference point of the wrong length, ``Interrupted``; ``ParetoFrontError`` on a defect of
///   this module.
public func paretoFront(
  of problem: MultiObjectiveProblem, options: ParetoOptions = ParetoOptions()
) throws -> ParetoFront {
  if let reference = options.reference, reference.count != problem.rewardNames.count {
    throw SolverError.methodDoesNotApply(
      "the reference point has \(reference.count) entries, but there are "
        + "\(problem.rewardNames.count) rewards")
  }
  let front = try ParetoSearch(problem, options).front()
  options.progress.report("checking the certificates")
  let verdict = try front.certificate.verify(in: problem.model, progress: options.progress)
  if case .rejected(let reason) = verdict { throw ParetoFrontError.certificateRejected(reason) }
  return front
}

extension ParetoFront {
  /// What proves that the front is attained and complete.
  public var certificate: ParetoFrontCertificate {
    ParetoFrontCertificate(
      direction: direction, rewards: rewardNames, discount: discount,
      initial: vertices.first?.certificate.initial, vertices: vertices.map(\.certificate),
      facets: facets.map {
        ParetoFrontCertificate.Facet(normal: $0.normal, offset: $0.offset, values: $0.values)
      })
  }
}

/// A defect of this module, found by the checker before the front was given.
public enum ParetoFrontError: Error, Hashable, Sendable {
  /// The checker does not accept what was computed.
  case certificateRejected(String)
}

extension ParetoFrontError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .certificateRejected(let reason):
      "the computed Pareto front was rejected by the checker: \(reason)"
    }
  }
}
