/// Which words a formula of temporal logic speaks of.
///
/// On a finite trace `a_0 … a_n` (LTLf) `X φ` asks for a next position, so it fails at the last
/// one, where the weak `WX φ = !X !φ` holds; `φ U ψ`, `F`, `G`, `R` look at positions up to `n`.
///
/// Source: G. De Giacomo and M. Y. Vardi, *Linear temporal logic and linear dynamic logic on
/// finite traces*, IJCAI 2013.
public enum TraceSemantics: Sendable, Hashable {
  /// The whole infinite run (LTL).
  case infinite
  /// Some non-empty prefix of the run satisfies the formula (LTLf).
  case somePrefix
  /// The trace ends with the first position that has this label, and satisfies the formula (LTLf).
  /// A run that never ends satisfies nothing.
  case ending(label: String)

  /// Whether formulas are read as LTLf.
  public var isFinite: Bool { self != .infinite }

  /// The label that ends traces.
  public var end: String? {
    if case .ending(let label) = self { label } else { nil }
  }
}

extension TraceSemantics {
  /// The propositions that decide, in alphabetical order.
  package func propositions(of formula: TemporalFormula) -> [String] {
    Set(formula.propositions + [end].compactMap { $0 }).sorted()
  }
}
