import ExactArithmetic
import MarkovDecisionProcesses

/// Proves that some points are all vertices of the Pareto front of several rewards: of the polyhedron
/// `D` of everything that some attainable point is at least as good as.
///
/// Conditions (for `maximize`), with the law `μ` of the first state: each vertex is attained and
/// carries its own proof; each facet has `n ≥ 0`, `Σ n_i = 1` and values superharmonic for
/// `Σ n_i r_i` with `μ·v = c`, so that no attainable point has `n·z > c`; every listed vertex keeps
/// every facet; and the cells `conv {n : facet tight at z}` of the vertices `z` cover all weights,
/// so that for every weight a listed vertex is among the best of all attainable points.
public struct ParetoFrontCertificate: Sendable {
  /// An inequality `normal · z ≤ offset` (`≥` for `minimize`) that every attainable point keeps.
  public struct Facet: Sendable {
    /// `n`: one entry a reward, which sum to 1.
    public let normal: [Rational]
    /// `c`.
    public let offset: Rational
    /// `v`: one entry a state.
    public let values: RationalVector

    public init(normal: [Rational], offset: Rational, values: RationalVector) {
      self.normal = normal
      self.offset = offset
      self.values = values
    }
  }

  public let direction: Direction
  /// The names of rewards of the model: two to four.
  public let rewards: [String]
  public let discount: Rational
  /// The law of the first state where it is not the model's.
  public let initial: [(state: State, probability: Rational)]?
  public let vertices: [ParetoPointCertificate]
  public let facets: [Facet]

  public init(
    direction: Direction, rewards: [String], discount: Rational,
    initial: [(state: State, probability: Rational)]?, vertices: [ParetoPointCertificate],
    facets: [Facet]
  ) {
    self.direction = direction
    self.rewards = rewards
    self.discount = discount
    self.initial = initial
    self.vertices = vertices
    self.facets = facets
  }
}
