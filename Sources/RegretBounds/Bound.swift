import ExactArithmetic

/// What every entry of the catalogue says about itself.
public struct BoundDescription: Sendable {
  /// What the number bounds.
  public enum Quantity: String, Sendable {
    case regret = "regret, at most"
    case regretBelow = "regret, at least"
    case suboptimality = "suboptimality, at most"
    case radius = "deviation, at most"
    case sampleCount = "samples or episodes that suffice"
    case sampleCountBelow = "samples or episodes that are needed"
    case probability = "probability, at most"
    case value = "value, at most"
    case potential = "sum, at most"

    /// Whether the bound says that a quantity is at least this large.
    var isLower: Bool { self == .regretBelow || self == .sampleCountBelow }
  }

  public let name: String
  public let quantity: Quantity
  public let parameters: [Parameter]
  public let formula: Formula
  /// Checked at every evaluation.
  public let conditions: [Condition]
  /// What the theorem assumes beside them, in words.
  public let assumptions: [String]
  public let source: String
  /// What holds without any theorem.
  public let trivial: Formula?
  /// Further numbers that are reported beside the value.
  public let companions: [(name: String, formula: Formula)]

  init(
    _ name: String, _ quantity: Quantity, parameters: [Parameter], formula: Formula,
    conditions: [Condition] = [], assumptions: [String] = [], source: String,
    trivial: Formula? = nil, companions: [(name: String, formula: Formula)] = []
  ) {
    self.name = name
    self.quantity = quantity
    self.parameters = parameters
    self.formula = formula
    self.conditions = conditions
    self.assumptions = assumptions
    self.source = source
    self.trivial = trivial
    self.companions = companions
  }
}

/// A bound all of whose constants come from a theorem.
public struct CertifiedBound: Sendable {
  public let description: BoundDescription

  init(_ description: BoundDescription) { self.description = description }

  /// The bound at these parameters.
  ///
  /// - Throws: ``BoundError``: an unknown or a missing parameter, one out of its range, a condition
  ///   of the theorem that does not hold.
  public func callAsFunction(_ parameters: [String: Rational]) throws(BoundError) -> CertifiedValue
  {
    CertifiedValue(try Instance(of: description, parameters))
  }
}

/// The order of growth of a bound: its constants and logarithms are unknown, so that no measured
/// number can be held against it. It has no comparison, on purpose.
public struct RateBound: Sendable {
  public let description: BoundDescription

  init(_ description: BoundDescription) { self.description = description }

  /// The rate at these parameters.
  ///
  /// - Throws: ``BoundError``, as for a certified bound.
  public func callAsFunction(_ parameters: [String: Rational]) throws(BoundError) -> RateValue {
    RateValue(try Instance(of: description, parameters))
  }
}

/// An entry of the catalogue.
public enum Bound: Sendable {
  case certified(CertifiedBound)
  case rate(RateBound)

  public var description: BoundDescription {
    switch self {
    case .certified(let bound): bound.description
    case .rate(let bound): bound.description
    }
  }

  /// `certified` or `rate`, as it is written in answers.
  public var kind: String {
    switch self {
    case .certified: "certified"
    case .rate: "rate"
    }
  }

  public var name: String { description.name }

  /// The bound, if it is certified.
  ///
  /// - Throws: ``BoundError/isRate(_:)``.
  public func certified() throws(BoundError) -> CertifiedBound {
    guard case .certified(let bound) = self else { throw .isRate(name) }
    return bound
  }

  /// The entry at these parameters.
  ///
  /// - Throws: ``BoundError``, as for a certified bound.
  public func instance(_ parameters: [String: Rational]) throws(BoundError) -> Instance {
    try Instance(of: description, parameters)
  }
}
