import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// A real number that is known exactly or between two rational bounds.
public enum CertifiedNumber: Sendable, Hashable {
  case exact(Rational)
  case enclosed(lower: Rational, upper: Rational)

  /// The same knowledge as bounds.
  var bounds: CertifiedNumber {
    if case .exact(let value) = self { .enclosed(lower: value, upper: value) } else { self }
  }

  /// What is told to a caller who wants so much.
  func limited(to scope: ValueScope) -> CertifiedNumber { scope == .none ? bounds : self }
}

/// One certified number a state.
public enum CertifiedVector: Sendable {
  case exact(RationalVector)
  case enclosed(lower: RationalVector, upper: RationalVector)

  /// The same knowledge as bounds.
  var bounds: CertifiedVector {
    if case .exact(let values) = self { .enclosed(lower: values, upper: values) } else { self }
  }

  /// What is told to a caller who wants so much; `nil` where only the initial value is wanted.
  func limited(to scope: ValueScope) -> CertifiedVector? {
    switch scope {
    case .all: self
    case .initial: nil
    case .none: bounds
    }
  }
}

/// The answer of a solver with the certificate that proves it.
public struct Solution: Sendable {
  public enum Objective: Sendable, Hashable {
    case discounted
    case finiteHorizon(Int)
  }

  public enum Status: String, Sendable {
    case exact
    case enclosed
  }

  /// How the answer was found; nothing of it is needed to trust the answer.
  public struct Statistics: Sendable {
    /// Wall time of solving and judging, without reading and printing.
    public var seconds: Double
    /// Policies that were solved for exactly, or rounds of bounds.
    public var iterations: Int
    /// The bit length of the largest denominator of the exact answer.
    public var denominatorBits: Int?

    /// What a run that began at `start` took until now.
    init(since start: ContinuousClock.Instant, iterations: Int, denominatorBits: Int?) {
      let elapsed = (ContinuousClock.now - start).components
      self.init(
        seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18,
        iterations: iterations, denominatorBits: denominatorBits)
    }

    public init(seconds: Double, iterations: Int, denominatorBits: Int?) {
      self.seconds = seconds
      self.iterations = iterations
      self.denominatorBits = denominatorBits
    }
  }

  public let objective: Objective
  /// Direction, name of the reward, discount.
  public let terms: DiscountedObjective
  public let status: Status
  public let method: SolverMethod
  /// One entry a state, at the first step; `nil` where only the initial value was asked for.
  public let values: CertifiedVector?
  /// For a finite horizon `horizon + 1` exact vectors, the first of which is ``values``.
  public let stepValues: [RationalVector]?
  /// The mean of the values under the initial law, if there is one.
  public let initialValue: CertifiedNumber?
  /// One action a state; for a finite horizon one such list a step, else a single list.
  public let policies: [[Action]]
  /// For each policy of ``policies`` and each state all optimal actions in model order; `nil`
  /// unless everything is exact and was asked for.
  public let optimalActions: [[[Action]]]?
  /// Whether the policy is proved optimal.
  public let policyIsOptimal: Bool
  /// The states that keep the proof of optimality open.
  public let undecided: [State]
  public let certificate: Certificate
  public let statistics: Statistics
  /// What the user has to know beside the answer (a fallback that was taken), one sentence each.
  public let warnings: [String]

  public init(
    objective: Objective, terms: DiscountedObjective, status: Status, method: SolverMethod,
    values: CertifiedVector?, stepValues: [RationalVector]? = nil,
    initialValue: CertifiedNumber?, policies: [[Action]], optimalActions: [[[Action]]]?,
    policyIsOptimal: Bool, undecided: [State], certificate: Certificate, statistics: Statistics,
    warnings: [String] = []
  ) {
    self.objective = objective
    self.terms = terms
    self.status = status
    self.method = method
    self.values = values
    self.stepValues = stepValues
    self.initialValue = initialValue
    self.policies = policies
    self.optimalActions = optimalActions
    self.policyIsOptimal = policyIsOptimal
    self.undecided = undecided
    self.certificate = certificate
    self.statistics = statistics
    self.warnings = warnings
  }
}
