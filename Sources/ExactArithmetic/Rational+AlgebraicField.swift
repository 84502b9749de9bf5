public import RealModule

extension Rational: AlgebraicField {
  public typealias Magnitude = Rational

  /// The number that `source` is exactly; never `nil`.
  public init?<Source: BinaryInteger>(exactly source: Source) {
    guard let value = Integer(exactly: source) else { return nil }
    self.init(value)
  }

  /// `1 / self`, or `nil` for zero.
  @inlinable
  public var reciprocal: Rational? { isZero ? nil : 1 / self }
}
