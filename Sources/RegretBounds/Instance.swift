import ExactArithmetic
import ExactJSON

/// An entry of the catalogue at numbers for its parameters: ranges and conditions are checked.
///
/// It has a value, and no comparison: that is for ``CertifiedValue``.
public struct Instance: Sendable {
  public let description: BoundDescription
  /// The numbers by the parameters' own names, defaults included.
  public let parameters: [String: Rational]

  /// The parameters with numbers, in the order of the description.
  public var parameterList: [(name: String, value: Rational)] {
    description.parameters.compactMap { parameter in
      parameters[parameter.name].map { (parameter.name, $0) }
    }
  }

  init(of description: BoundDescription, _ given: [String: Rational]) throws(BoundError) {
    self.description = description
    var values = try Self.canonical(given, description)
    // All of what was typed first: a number out of range explains more than a default made of it.
    for parameter in description.parameters {
      if let value = values[parameter.name] { try Self.check(value, parameter) }
      if values[parameter.name] == nil, case .required = parameter.presence {
        throw .missing(parameter: parameter.name)
      }
    }
    for parameter in description.parameters where values[parameter.name] == nil {
      guard case .byDefault(let formula) = parameter.presence else { continue }
      let value = try formula.cell(values, bits: 64)
      // Defaults are made of ring operations and comparisons, so they come out exactly.
      values[parameter.name] = value.upper
      try Self.check(value.upper, parameter)
    }
    parameters = values
    try checkConditions()
  }

  /// The numbers by the parameters' own names.
  private static func canonical(
    _ given: [String: Rational], _ description: BoundDescription
  ) throws(BoundError) -> [String: Rational] {
    var values: [String: Rational] = [:]
    for (key, value) in given.sorted(by: { $0.key < $1.key }) {
      guard let parameter = description.parameter(named: key) else {
        throw .unknownParameter(
          key, bound: description.name, known: description.parameters.map(\.name))
      }
      guard values.updateValue(value, forKey: parameter.name) == nil else {
        throw .parameterTwice(parameter.name)
      }
    }
    return values
  }

  private static func check(_ value: Rational, _ parameter: Parameter) throws(BoundError) {
    guard parameter.range.contains(value) else {
      throw .outOfRange(parameter: parameter.name, value: value, rule: parameter.range.rule)
    }
  }

  private func checkConditions() throws(BoundError) {
    let values = parameters.mapValues { Enclosure($0) }
    for condition in applicableConditions {
      let holds = try Enclosure.decide { bits throws(BoundError) in
        try condition.answer(values, bits)
      }
      guard holds == .true else {
        throw .conditionViolated(
          bound: description.name, condition: condition.text,
          detail: condition.detail(parameters))
      }
    }
  }

  private var applicableConditions: [Condition] {
    description.conditions.filter { condition in
      condition.parameterNames.allSatisfy { parameters[$0] != nil }
    }
  }

  /// The conditions under which the value holds, as text: those that were checked, which case of
  /// the formula applies, and what is assumed.
  public var regime: [String] {
    applicableConditions.map(\.text) + casesOfFormula + description.assumptions
  }

  /// The comparisons inside the formula, as they turn out.
  private var casesOfFormula: [String] {
    let evaluator = Evaluator(values: parameters.mapValues { Enclosure($0) }, bits: 128)
    return description.formula.comparisons.compactMap { comparison in
      switch try? evaluator.answer(to: comparison) {
      case .true: "\(comparison)"
      case .false: "not \(comparison)"
      case .unknown, nil: nil
      }
    }
  }

  // MARK: - Values

  /// The value, exact or in a cell of width `2^-bits`; cells with more bits lie in those with
  /// fewer.
  ///
  /// - Throws: ``BoundError/cannotEvaluate(reason:)`` where the numbers are too long.
  public func enclosure(bits: Int) throws(BoundError) -> Enclosure {
    try description.formula.cell(parameters, bits: bits)
  }

  /// The value to about twelve digits after the point, or twelve significant ones.
  ///
  /// The width is below `10^-12 · min(1, |value|)` for values up to `2^128`, and below
  /// `10^-12 · |value|` past that.
  ///
  /// - Parameter decimals: digits after the point that are wanted beyond that; some nine thousand
  ///   at most are computed.
  public func shownValue(decimals: Int? = nil) throws(BoundError) -> Enclosure {
    try shown(description.formula, decimals)
  }

  /// A companion of the value, to the same precision.
  public func shownCompanions(
    decimals: Int? = nil
  ) throws(BoundError) -> [(name: String, value: Enclosure)] {
    var shown: [(name: String, value: Enclosure)] = []
    for (name, formula) in description.companions {
      shown.append((name, try self.shown(formula, decimals)))
    }
    return shown
  }

  /// What holds without any theorem, or `nil` where nothing does.
  public func trivialValue() throws(BoundError) -> Rational? {
    guard let trivial = description.trivial else { return nil }
    // Sums, products and quotients of the parameters: exact.
    let value = try trivial.cell(parameters, bits: 64)
    return value.isExact ? value.lower : nil
  }

  private func shown(_ formula: Formula, _ decimals: Int?) throws(BoundError) -> Enclosure {
    // A digit takes 3.33 bits; a few more, so that both ends round alike as a rule.
    if let decimals, decimals > 10 {
      return try formula.cell(parameters, bits: 20 + min(decimals, 9000) * 10 / 3)
    }
    let rough = try formula.cell(parameters, bits: 44)
    if rough.isExact { return rough }
    let size = max(rough.lower.magnitude, rough.upper.magnitude)
    let log = size.numerator.bitLength - size.denominator.bitLength
    if log > 128 { return try formula.cell(parameters, bits: 46 - log) }
    if log >= 0 { return rough }
    // A small number gets as many significant digits, once it is told from 0.
    var (value, bits) = (rough, 44)
    while value.contains(0), bits < 32_768 {
      bits *= 2
      value = try formula.cell(parameters, bits: bits)
    }
    let least = min(value.lower.magnitude, value.upper.magnitude)
    if value.isExact || least.isZero { return value }
    return try formula.cell(
      parameters, bits: 45 + least.denominator.bitLength - least.numerator.bitLength)
  }
}

extension BoundDescription {
  /// The parameter of this name or alias.
  public func parameter(named name: String) -> Parameter? {
    parameters.first { $0.name == name || $0.aliases.contains(name) }
  }
}
