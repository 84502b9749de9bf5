/// A formula of linear temporal logic over the letters of a run.
///
/// Written with `true false p "p q" ! & | -> <-> X F G U R W M ( )`; what is not among the cases
/// is written out by the parser: `F a = true U a`, `G a = !F !a`, `a R b = !(!a U !b)`,
/// `a M b = b U (a & b)`, `a W b = b R (a | b)`.
public indirect enum TemporalFormula: Sendable, Hashable {
  case constant(Bool)
  case proposition(String)
  case not(TemporalFormula)
  case and(TemporalFormula, TemporalFormula)
  case or(TemporalFormula, TemporalFormula)
  case next(TemporalFormula)
  case until(TemporalFormula, TemporalFormula)

  public static func finally(_ formula: TemporalFormula) -> TemporalFormula {
    .until(.constant(true), formula)
  }

  public static func globally(_ formula: TemporalFormula) -> TemporalFormula {
    .not(.finally(.not(formula)))
  }

  public static func release(_ a: TemporalFormula, _ b: TemporalFormula) -> TemporalFormula {
    .not(.until(.not(a), .not(b)))
  }

  /// The propositions, in alphabetical order.
  public var propositions: [String] {
    var found: Set<String> = []
    collect(&found)
    return found.sorted()
  }

  private func collect(_ found: inout Set<String>) {
    switch self {
    case .constant: break
    case .proposition(let name): found.insert(name)
    case .not(let inner), .next(let inner): inner.collect(&found)
    case .and(let a, let b), .or(let a, let b), .until(let a, let b):
      a.collect(&found)
      b.collect(&found)
    }
  }

  /// Whether no temporal operator occurs.
  public var isBoolean: Bool {
    switch self {
    case .constant, .proposition: true
    case .not(let inner): inner.isBoolean
    case .and(let a, let b), .or(let a, let b): a.isBoolean && b.isBoolean
    case .next, .until: false
    }
  }

  /// Whether a formula without temporal operators holds of a letter.
  ///
  /// - Precondition: ``isBoolean``.
  public func holds(in letter: Set<String>) -> Bool {
    switch self {
    case .constant(let value): value
    case .proposition(let name): letter.contains(name)
    case .not(let inner): !inner.holds(in: letter)
    case .and(let a, let b): a.holds(in: letter) && b.holds(in: letter)
    case .or(let a, let b): a.holds(in: letter) || b.holds(in: letter)
    case .next, .until: preconditionFailure("a formula without temporal operators is expected")
    }
  }
}

extension TemporalFormula {
  /// The formula as the parser reads it, with brackets round every operation.
  public var text: String {
    switch self {
    case .constant(let value): value ? "true" : "false"
    case .proposition(let name): "\"\(name)\""
    case .not(let inner): "(!\(inner.text))"
    case .next(let inner): "(X \(inner.text))"
    case .until(.constant(true), let inner): "(F \(inner.text))"
    case .and(let a, let b): "(\(a.text) & \(b.text))"
    case .or(let a, let b): "(\(a.text) | \(b.text))"
    case .until(let a, let b): "(\(a.text) U \(b.text))"
    }
  }
}
