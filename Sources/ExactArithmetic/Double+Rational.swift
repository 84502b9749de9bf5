internal import CGMP

extension Double {
  /// A double within one unit in the last place of `value`, rounded towards zero.
  public init(_ value: Rational) {
    if let (n, d) = value.words, n.magnitude <= 1 << 53, d <= 1 << 53 {
      self = Double(n) / Double(d)
    } else {
      self = value.withGMP { __gmpq_get_d($0) }
    }
  }
}
