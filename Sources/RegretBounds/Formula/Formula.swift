import ExactArithmetic

/// A bound as an expression: what is printed, what is typeset and what is evaluated are one thing.
///
/// Parameters are named as on the command line (`delta`, `L2`). A ``Definition`` gives a part a
/// symbol of its own, so that long bounds are read as in a paper: the bound, then "where".
public indirect enum Formula: Sendable, Hashable {
  case number(Rational)
  /// A parameter by its name.
  case parameter(String)
  /// A part that is shown by its symbol.
  case defined(Definition)
  case sum([Formula])
  case negative(Formula)
  case product([Formula])
  case quotient(Formula, Formula)
  /// A fixed rational power; `1/2` is a square root.
  case power(Formula, Rational)
  /// A power whose exponent is a natural number that depends on parameters.
  case countedPower(Formula, exponent: Formula)
  /// The natural logarithm.
  case logarithm(Formula)
  case binaryLogarithm(Formula)
  case floor(Formula)
  case ceiling(Formula)
  /// The least of several bounds; one that needs a parameter that is not given is left out.
  case least([Formula])
  /// The part where the comparison holds, else 0: Iverson's bracket.
  case indicator(Comparison, Formula)
  /// One of two parts.
  case choice(Comparison, Formula, otherwise: Formula)
  /// The first of these whose parameters are all given.
  case firstAvailable([Formula])
  /// The least natural number, from 1 on, that satisfies the comparison when it is put for the
  /// parameter of this name.
  case leastInteger(String, Comparison)

  /// A symbol and what it stands for.
  public struct Definition: Sendable, Hashable {
    public let symbol: Symbol
    public let formula: Formula
  }

  /// A name in plain text and in LaTeX.
  public struct Symbol: Sendable, Hashable {
    public let text: String
    public let latex: String
  }

  /// A condition on parameters.
  public struct Comparison: Sendable, Hashable {
    public enum Relation: String, Sendable {
      case less = "<"
      case atMost = "<="
      case equal = "="
    }

    public let left: Formula
    public let relation: Relation
    public let right: Formula
  }
}

extension Formula: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  public init(integerLiteral value: Int) { self = .number(Rational(value)) }

  /// The parameter of this name.
  public init(stringLiteral name: String) { self = .parameter(name) }
}

extension Formula {
  public static func + (a: Formula, b: Formula) -> Formula {
    if case .sum(let parts) = a { return .sum(parts + [b]) }
    return .sum([a, b])
  }

  public static func - (a: Formula, b: Formula) -> Formula { a + .negative(b) }

  public static func * (a: Formula, b: Formula) -> Formula {
    if case .product(let parts) = a { return .product(parts + [b]) }
    return .product([a, b])
  }

  public static func / (a: Formula, b: Formula) -> Formula { .quotient(a, b) }

  /// The power with this fixed exponent.
  public func to(_ exponent: Rational) -> Formula { .power(self, exponent) }

  public var squared: Formula { .power(self, 2) }

  public static func root(_ argument: Formula) -> Formula { .power(argument, Rational(1, 2)) }

  /// A fraction of two words, kept as it is written.
  public static func fraction(_ numerator: Int, _ denominator: Int) -> Formula {
    .number(Rational(numerator, denominator))
  }

  /// The formula under a symbol of its own.
  public func named(_ text: String, latex: String? = nil) -> Formula {
    .defined(Definition(symbol: Symbol(text: text, latex: latex ?? text), formula: self))
  }
}

extension Formula {
  /// The parts right below this one.
  var children: [Formula] {
    switch self {
    case .number, .parameter: []
    case .defined(let definition): [definition.formula]
    case .sum(let parts), .product(let parts), .least(let parts),
      .firstAvailable(let parts):
      parts
    case .negative(let part), .power(let part, _), .logarithm(let part),
      .binaryLogarithm(let part), .floor(let part), .ceiling(let part):
      [part]
    case .quotient(let a, let b), .countedPower(let a, let b): [a, b]
    case .indicator(let comparison, let part): [comparison.left, comparison.right, part]
    case .choice(let comparison, let a, let b): [comparison.left, comparison.right, a, b]
    case .leastInteger(_, let comparison): [comparison.left, comparison.right]
    }
  }

  /// The comparisons that pick its cases, each once.
  var comparisons: [Comparison] {
    var found: [Comparison] = []
    switch self {
    case .indicator(let comparison, _), .choice(let comparison, _, _): found = [comparison]
    case .leastInteger: return []
    default: break
    }
    for child in children {
      for comparison in child.comparisons where !found.contains(comparison) {
        found.append(comparison)
      }
    }
    return found
  }

  /// The names of the parameters in it.
  public var parameterNames: Set<String> {
    if case .parameter(let name) = self { return [name] }
    let names = children.reduce(into: Set<String>()) { $0.formUnion($1.parameterNames) }
    if case .leastInteger(let variable, _) = self { return names.subtracting([variable]) }
    return names
  }

  /// The names of the parameters without which it has no value.
  var requiredNames: Set<String> {
    // Of several parts, the first of `least` and the last of `firstAvailable` are never left out.
    if case .least(let parts) = self { return parts.first?.requiredNames ?? [] }
    if case .firstAvailable(let parts) = self { return parts.last?.requiredNames ?? [] }
    if case .parameter(let name) = self { return [name] }
    let names = children.reduce(into: Set<String>()) { $0.formUnion($1.requiredNames) }
    if case .leastInteger(let variable, _) = self { return names.subtracting([variable]) }
    return names
  }

  /// The definitions in it, each once, what is used before what uses it last.
  public var definitions: [Definition] {
    var found: [Definition] = []
    collect(into: &found)
    return found
  }

  private func collect(into found: inout [Definition]) {
    for child in children { child.collect(into: &found) }
    if case .defined(let definition) = self, !found.contains(definition) {
      found.append(definition)
    }
  }
}

extension Formula {
  /// The formula with `replacement` wherever the parameter of this name stands.
  func substituting(_ name: String, _ replacement: Formula) -> Formula {
    func put(_ part: Formula) -> Formula { part.substituting(name, replacement) }
    func put(_ comparison: Comparison) -> Comparison {
      Comparison(
        left: put(comparison.left), relation: comparison.relation, right: put(comparison.right))
    }
    switch self {
    case .number: return self
    case .parameter(let own): return own == name ? replacement : self
    case .defined(let definition):
      return .defined(Definition(symbol: definition.symbol, formula: put(definition.formula)))
    case .sum(let parts): return .sum(parts.map(put))
    case .product(let parts): return .product(parts.map(put))
    case .least(let parts): return .least(parts.map(put))
    case .firstAvailable(let parts): return .firstAvailable(parts.map(put))
    case .negative(let part): return .negative(put(part))
    case .quotient(let a, let b): return .quotient(put(a), put(b))
    case .power(let base, let exponent): return .power(put(base), exponent)
    case .countedPower(let base, let exponent):
      return .countedPower(put(base), exponent: put(exponent))
    case .logarithm(let part): return .logarithm(put(part))
    case .binaryLogarithm(let part): return .binaryLogarithm(put(part))
    case .floor(let part): return .floor(put(part))
    case .ceiling(let part): return .ceiling(put(part))
    case .indicator(let comparison, let part): return .indicator(put(comparison), put(part))
    case .choice(let comparison, let a, let b):
      return .choice(put(comparison), put(a), otherwise: put(b))
    case .leastInteger(let variable, let comparison):
      return variable == name ? self : .leastInteger(variable, put(comparison))
    }
  }
}
