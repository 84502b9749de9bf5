import ExactArithmetic

/// A bound as a function of one integer parameter, the others fixed.
///
/// Questions about it are answered over whole intervals of integers, so that nothing has to be
/// known about its growth.
struct BoundFunction {
  let description: BoundDescription
  let variable: String
  /// The other parameters, defaults included.
  let values: [String: Enclosure]
  /// The least value that the parameter may have.
  let start: Integer

  /// - Throws: ``BoundError``: the bound has no such parameter, it counts nothing, or another
  ///   parameter is missing or out of range.
  init(
    _ description: BoundDescription, of variable: String, _ given: [String: Rational]
  ) throws(BoundError) {
    guard let parameter = description.parameter(named: variable) else {
      throw .unknownParameter(
        variable, bound: description.name, known: description.parameters.map(\.name))
    }
    guard case .integer(let least) = parameter.range else {
      throw .unfit(
        place: parameter.name, problem: "only a parameter that counts can be searched for")
    }
    self.description = description
    self.variable = parameter.name
    start = Integer(least)
    values = try Self.values(description, parameter, given)
  }

  /// The numbers of the others; where a condition fails at one value of the parameter it may hold
  /// at another, so that conditions are left to the search.
  private static func values(
    _ description: BoundDescription, _ variable: Parameter, _ given: [String: Rational]
  ) throws(BoundError) -> [String: Enclosure] {
    let others = BoundDescription(
      description.name, description.quantity,
      parameters: description.parameters.filter { $0.name != variable.name },
      formula: description.formula, source: description.source)
    var given = given
    for name in [variable.name] + variable.aliases { given[name] = nil }
    return try Instance(of: others, given).parameters.mapValues { Enclosure($0) }
  }

  /// Whether every condition of the theorem holds at all points of the evaluator's interval.
  func isClaimed(_ evaluator: Evaluator) throws(BoundError) -> Ternary {
    var answer = Ternary.true
    for condition in description.conditions
    where condition.parameterNames.allSatisfy({ evaluator.values[$0] != nil }) {
      answer = answer && (try condition.answer(evaluator.values, evaluator.bits))
    }
    return answer
  }
}

extension CertifiedBound {
  /// The least number of steps, episodes or samples at which the bound is at most `target`.
  ///
  /// The bound has to be claimed there: its conditions hold. No monotonicity is used: that no
  /// smaller number does is proved interval by interval.
  ///
  /// - Parameters:
  ///   - parameter: what is searched for; it has to count something.
  ///   - others: numbers for the other parameters.
  ///   - divisor: a parameter by which the bound is divided first, as `T` for average regret.
  /// - Throws: ``BoundError``; ``BoundError/notFound(what:)`` when there is no such number.
  public func least(
    _ parameter: String, with others: [String: Rational], target: Rational,
    per divisor: String? = nil
  ) throws(BoundError) -> Integer {
    let function = try BoundFunction(description, of: parameter, others)
    var formula = description.formula
    if let divisor {
      guard let known = description.parameter(named: divisor) else {
        throw .unknownParameter(
          divisor, bound: description.name, known: description.parameters.map(\.name))
      }
      formula = formula / .parameter(known.name)
    }
    let reached = Formula.Comparison(left: formula, relation: .atMost, right: .number(target))
    let search = IntegerSearch(variable: function.variable, values: function.values)
    return try search.least(from: function.start) { evaluator throws(BoundError) in
      let isClaimed = try function.isClaimed(evaluator)
      return isClaimed == .false ? .false : isClaimed && (try evaluator.answer(to: reached))
    }
  }

  /// The first number at which this bound and another one change their order.
  ///
  /// - Parameters:
  ///   - parameter: what both are functions of; it has to count something in both.
  ///   - own: numbers for this bound's other parameters.
  ///   - others: numbers for the other bound's.
  ///   - start: where to begin, at least the least value that both allow.
  /// - Returns: the number, and whether this bound is the smaller one from there on for a while.
  /// - Throws: ``BoundError``; ``BoundError/notFound(what:)`` when the order never changes.
  public func crossover(
    with other: CertifiedBound, over parameter: String, _ own: [String: Rational],
    _ others: [String: Rational], from start: Integer = 1
  ) throws(BoundError) -> (at: Integer, isSmaller: Bool) {
    let left = try BoundFunction(description, of: parameter, own)
    let right = try BoundFunction(other.description, of: parameter, others)
    let (isSmaller, values) = left.comparison(with: right)
    let first = max(start, max(left.start, right.start))
    let search = IntegerSearch(variable: left.variable, values: values)
    var point = values
    point[left.variable] = Enclosure(Rational(first))
    let before = try Enclosure.decide { bits throws(BoundError) in
      try Evaluator(values: point, bits: bits).answer(to: isSmaller)
    }
    guard before != .unknown else {
      throw .notFound(what: "the two bounds are as good as equal at \(left.variable) = \(first)")
    }
    let at = try search.least(from: first) { evaluator throws(BoundError) in
      let answer = try evaluator.answer(to: isSmaller)
      return before == .true ? !answer : answer
    }
    return (at, before == .false)
  }
}

extension BoundFunction {
  /// That this bound is at most the other one, and numbers for the parameters of both; those of
  /// the other one get names of their own.
  fileprivate func comparison(
    with other: BoundFunction
  ) -> (Formula.Comparison, values: [String: Enclosure]) {
    var values = values
    var formula = other.description.formula
    for name in other.description.parameters.map(\.name) where name != other.variable {
      values["other \(name)"] = other.values[name]
      formula = formula.substituting(name, .parameter("other \(name)"))
    }
    let isAtMost = Formula.Comparison(
      left: description.formula, relation: .atMost, right: formula)
    return (isAtMost, values)
  }
}
