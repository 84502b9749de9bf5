// What is here: which formalisms are really weaker than others on one environment. A separation is an
// order of finitely many policies that one formalism induces and the other cannot, or one of the
// arguments about all policies that the note gives. Note: proofs-notes/formalisms-on-a-model.md

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

public struct GivenOptions: Sendable {
  /// The most deterministic policies that are searched.
  public var maximumPolicies = 12
  /// The discount of MR and RRL, whose orders are decided for one at a time.
  public var discount = Rational(1, 2)
  public var progress = ProgressHandler.none

  public init() {}
}

/// What the preorder of formalisms becomes on one environment.
public struct GivenComparison: Sendable {
  /// What is known of a pair: does `from` express on this environment whatever `to` does?
  public enum Finding: Sendable {
    /// In general already.
    case holds
    /// On this environment, for this reason.
    case expressed(reason: String)
    /// Not on this environment: the place in ``GivenComparison/separations``.
    case separated(Int)
    /// On all the policies searched, proved; about others nothing is known.
    case expressedOnPolicies
    /// No separation was found, and none was excluded.
    case undecided(reason: String)
  }

  public struct Relation: Sendable {
    public let from: Formalism
    public let to: Formalism
    public let finding: Finding
  }

  /// The 272 ordered pairs, as in ``FormalismPreorder/relations``.
  public let relations: [Relation]
  /// What is referred to.
  public let separations: [GivenSeparation]
  /// The policies that were searched.
  public let policies: [(name: String, policy: Policy)]
  public let deterministicCount: Int
  /// Whether every deterministic policy has the lottery of one of them.
  public let isComplete: Bool
  /// Whether a time limit ended the search before all sets of four policies were compared.
  public let isCutShort: Bool
  public let discount: Rational

  /// Searches an environment. A time limit that comes while sets of policies are compared leaves
  /// the pairs that are still open undecided.
  ///
  /// - Throws: ``Interrupted``; ``ObjectiveError/discountOutOfRange(_:)``,
  ///   ``ObjectiveError/positiveDiscountRequired``.
  /// - Complexity: all sets of four policies.
  public init(
    of environment: ObjectiveEnvironment, options: GivenOptions = GivenOptions()
  ) throws {
    let discount = try checked(discount: options.discount)
    guard !discount.isZero else { throw ObjectiveError.positiveDiscountRequired }
    let progress = options.progress
    progress.report("listing policies")
    let found = try GivenPolicies(
      of: environment, limit: options.maximumPolicies, progress: progress)
    let preorder = FormalismPreorder()
    var search = try GivenSearch(
      environment: environment, policies: found, discount: discount, preorder: preorder,
      progress: progress)
    try search.run()
    (relations, separations) = Self.used(search.relations, search.separations)
    policies = found.named
    deterministicCount = found.deterministicCount
    isComplete = found.isComplete
    isCutShort = search.isCutShort
    self.discount = discount
  }
}

extension GivenComparison {
  /// The separations that some pair rests on, numbered anew.
  private static func used(
    _ relations: [Relation], _ separations: [GivenSeparation]
  ) -> ([Relation], [GivenSeparation]) {
    var places: [Int: Int] = [:]
    var kept: [GivenSeparation] = []
    let renumbered = relations.map { relation -> Relation in
      guard case .separated(let old) = relation.finding else { return relation }
      let place = places[old] ?? kept.count
      if places[old] == nil {
        places[old] = place
        kept.append(separations[old])
      }
      return Relation(from: relation.from, to: relation.to, finding: .separated(place))
    }
    return (renumbered, kept)
  }
}

/// Why a formalism does not express on an environment all that another one does.
public struct GivenSeparation: Sendable {
  /// What proves it.
  public enum Evidence: String, Sendable {
    /// An order of finitely many policies; both sides are answered with certificates.
    case finite
    /// Two policies with one lottery.
    case sameLottery = "same-lottery"
    /// Uncountably many lotteries or policies, which a preorder may rank where no real function
    /// can; or uncountably many orders, where formulas are countable.
    case cardinality
    /// A best policy inside, which every linear value ties with others.
    case uniqueBest = "unique-best"
    /// A value that jumps where every discounted one is continuous.
    case continuity
    /// A best set that is not measurable, where the values of measurable functions are.
    case measurability
  }

  public let evidence: Evidence
  /// The formalism that fails.
  public let weaker: Formalism
  /// The formalism that expresses the order.
  public let stronger: Formalism
  /// The policies from best to worst, those of a tier equal; empty where all policies are needed.
  public let tiers: [[(name: String, policy: Policy)]]
  /// The discount of the formalism that fails, where only this one is excluded.
  public let discount: Rational?
  /// How it is proved, in words.
  public let lines: [String]
  /// Whether the checker accepted every certificate.
  public let isVerified: Bool
}
