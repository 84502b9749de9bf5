import ExactArithmetic

/// The value of a certified bound: a real number that is known to any precision, and that exact
/// numbers can be held against.
public struct CertifiedValue: Sendable {
  public let instance: Instance

  init(_ instance: Instance) { self.instance = instance }

  /// The value, exact or in a cell of width `2^-bits`; cells with more bits lie in those with
  /// fewer.
  ///
  /// - Throws: ``BoundError/cannotEvaluate(reason:)``.
  public func enclosure(bits: Int) throws(BoundError) -> Enclosure {
    try instance.enclosure(bits: bits)
  }

  /// Whether the value is at least `number`, refined until it is known.
  ///
  /// - Parameter limit: the most bits to try. An irrational value is never equal to `number`, so
  ///   that some precision decides; `unknown` means that this one does not.
  public func isAtLeast(_ number: Rational, limit: Int = 8192) throws(BoundError) -> Ternary {
    try Enclosure.decide(bits: 64, limit: limit) { bits throws(BoundError) in
      !(try enclosure(bits: bits)).isLess(than: number)
    }
  }

  /// Whether the value is at most `number`, refined until it is known.
  public func isAtMost(_ number: Rational, limit: Int = 8192) throws(BoundError) -> Ternary {
    try Enclosure.decide(bits: 64, limit: limit) { bits throws(BoundError) in
      try enclosure(bits: bits).isAtMost(number)
    }
  }

  /// Whether a measured number agrees with the bound: it is at most an upper bound, or at least a
  /// lower one.
  public func admits(_ measured: Rational, limit: Int = 8192) throws(BoundError) -> Ternary {
    instance.description.quantity.isLower
      ? try isAtMost(measured, limit: limit) : try isAtLeast(measured, limit: limit)
  }

  /// How the value stands to what holds without a theorem.
  ///
  /// - Returns: a sentence, or `nil` for a bound without a trivial counterpart.
  public func informativeness() throws(BoundError) -> String? {
    guard let trivial = try instance.trivialValue() else { return nil }
    let shown = BoundError.shown(trivial)
    switch try isAtMost(trivial) {
    case .true:
      return "the bound says something: it is at most the trivial bound \(shown)"
    case .false:
      return "the bound says nothing at these parameters: the trivial bound \(shown) is smaller"
    case .unknown: return "the bound is as good as equal to the trivial bound \(shown)"
    }
  }
}

extension CertifiedValue {
  /// Whether `number` is proved to be at most the value; `false` also where that stays open.
  public static func <= (number: Rational, value: CertifiedValue) -> Bool {
    (try? value.isAtLeast(number)) == .true
  }

  /// Whether the value is proved to be at most `number`; `false` also where that stays open.
  public static func <= (value: CertifiedValue, number: Rational) -> Bool {
    (try? value.isAtMost(number)) == .true
  }
}

/// The value of a rate: the leading term with constant 1 and without logarithms.
///
/// There is no way to compare it with a number.
public struct RateValue: Sendable {
  public let instance: Instance

  init(_ instance: Instance) { self.instance = instance }

  /// The value, exact or in a cell of width `2^-bits`.
  ///
  /// - Throws: ``BoundError/cannotEvaluate(reason:)``.
  public func enclosure(bits: Int) throws(BoundError) -> Enclosure {
    try instance.enclosure(bits: bits)
  }
}
