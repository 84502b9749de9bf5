import ExactArithmetic

/// A quantity that a bound depends on: its name on the command line, its unit and its range.
public struct Parameter: Sendable, Hashable {
  /// What the number counts or measures.
  public enum Unit: String, Sendable {
    case none = "1"
    case states, actions, dimensions, steps, episodes, samples, pulls, vectors, hypotheses, events
    case probability
    case reward
    case squaredReward = "reward²"
    case rewardPerStep = "reward per step"
    case squaredNorm = "norm²"
  }

  /// The numbers that are allowed.
  public enum Range: Sendable, Hashable {
    /// An integer, at least so large.
    case integer(atLeast: Int)
    /// A number, at least so large.
    case atLeast(Rational)
    case positive
    /// More than 0 and less than 1.
    case openUnitInterval
    /// At least 0 and less than 1.
    case halfOpenUnitInterval
    /// 1 or 2.
    case sides
    case any
  }

  /// Whether the parameter has to be given, and what stands for it otherwise.
  public enum Presence: Sendable, Hashable {
    case required
    case byDefault(Formula)
    /// Parts of the bound that need it are left out.
    case optional
  }

  public let name: String
  /// Other spellings that are understood.
  public let aliases: [String]
  public let meaning: String
  public let unit: Unit
  public let range: Range
  public let presence: Presence

  public init(
    _ name: String, _ meaning: String, unit: Unit = .none, _ range: Range,
    _ presence: Presence = .required, aliases: [String] = []
  ) {
    self.name = name
    self.aliases = aliases
    self.meaning = meaning
    self.unit = unit
    self.range = range
    self.presence = presence
  }

  /// The same parameter that need not be given.
  func byDefault(_ formula: Formula) -> Parameter {
    Parameter(name, meaning, unit: unit, range, .byDefault(formula), aliases: aliases)
  }

  /// The same parameter in another range.
  func within(_ range: Range) -> Parameter {
    Parameter(name, meaning, unit: unit, range, presence, aliases: aliases)
  }
}

extension Parameter.Range {
  /// The rule in words, after "it has to be".
  public var rule: String {
    switch self {
    case .integer(let least): "an integer, at least \(least)"
    case .atLeast(let least): "at least \(least)"
    case .positive: "greater than 0"
    case .openUnitInterval: "greater than 0 and less than 1"
    case .halfOpenUnitInterval: "at least 0 and less than 1"
    case .sides: "1 or 2"
    case .any: "a number"
    }
  }

  public func contains(_ value: Rational) -> Bool {
    switch self {
    case .integer(let least): value.isInteger && value >= Rational(least)
    case .atLeast(let least): value >= least
    case .positive: value.signum > 0
    case .openUnitInterval: value.signum > 0 && value < 1
    case .halfOpenUnitInterval: value.signum >= 0 && value < 1
    case .sides: value == 1 || value == 2
    case .any: true
    }
  }
}

/// A condition of a theorem, which is checked before the bound is claimed.
public struct Condition: Sendable {
  /// The condition as it is shown.
  public let text: String
  /// The least precision is given; `unknown` asks for more.
  let answer: @Sendable (_ values: [String: Enclosure], _ bits: Int) throws(BoundError) -> Ternary
  /// The two sides at the values given, for the message.
  let detail: @Sendable (_ values: [String: Rational]) -> String
  /// The parameters without which there is nothing to check.
  let parameterNames: Set<String>

  /// A comparison of two formulas.
  init(_ left: Formula, _ relation: Formula.Comparison.Relation, _ right: Formula) {
    let comparison = Formula.Comparison(left: left, relation: relation, right: right)
    text = comparison.description
    parameterNames = left.parameterNames.union(right.parameterNames)
    answer = { values, bits throws(BoundError) in
      try Evaluator(values: values, bits: bits).answer(to: comparison)
    }
    detail = { values in
      func shown(_ side: Formula) -> String {
        guard let value = try? side.cell(values, bits: 40) else { return "\(side)" }
        if case .number = side { return value.decimal(digits: 12) }
        return "\(side) is "
          + (value.isExact ? BoundError.shown(value.lower) : value.decimal(digits: 12))
      }
      return "\(shown(left)) and \(shown(right))"
    }
  }

  init(
    text: String, parameters: Set<String>,
    detail: @escaping @Sendable ([String: Rational]) -> String,
    answer: @escaping @Sendable ([String: Enclosure], Int) throws(BoundError) -> Ternary
  ) {
    self.text = text
    self.parameterNames = parameters
    self.detail = detail
    self.answer = answer
  }
}
