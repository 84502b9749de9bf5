extension Rational: CustomStringConvertible {
  /// `p/q` in lowest terms with `q > 0`, and `p` when `q = 1`.
  public var description: String {
    switch storage {
    case .inline(let numerator, let denominator):
      denominator == 1 ? String(numerator) : "\(numerator)/\(denominator)"
    case .big:
      isInteger ? numerator.description : "\(numerator)/\(denominator)"
    }
  }
}
