import ExactArithmetic

extension RationalVector {
  /// The sum entry by entry, over one denominator where that is not much longer than those of
  /// the entries.
  package func sum(with other: RationalVector) -> RationalVector {
    var common = CommonDenominator()
    common.include(self)
    common.include(other)
    guard let denominator = common.value else {
      return RationalVector(indices.map { self[$0] + other[$0] })
    }
    let (a, b) = (numerators(over: denominator), other.numerators(over: denominator))
    return RationalVector(numerators: zip(a, b).map { $0 + $1 }, denominator: denominator)
  }
}
