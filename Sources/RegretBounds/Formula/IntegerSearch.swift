import ExactArithmetic

/// The least integer with a property of a formula, without any assumption of monotonicity.
///
/// The property is asked of whole intervals of integers: where the enclosure of the formula over
/// an interval excludes it, no integer in there has it. Intervals double while that succeeds and
/// shrink where it does not, so that the answer is proved to be the first, and the number of
/// questions is about the logarithm of the answer times how much intervals overestimate.
struct IntegerSearch {
  /// The most questions.
  static let longest = 20_000
  /// Where the search gives up: past it no bound of the catalogue is worth a number.
  static let largestBits = 512
  /// The most bits of precision: past it the question about one integer stays open.
  static let finestBits = 16_384

  let variable: String
  let values: [String: Enclosure]

  /// The least integer, from `start` on, of which `property` is true.
  ///
  /// - Parameter property: `true` when all points of the evaluator's interval have the property,
  ///   `false` when none has.
  /// - Throws: ``BoundError/notFound(what:)`` when there is none below `2^512`, or when the answer
  ///   at one integer stays open.
  func least(
    from start: Integer = 1, _ property: (Evaluator) throws(BoundError) -> Ternary
  ) throws(BoundError) -> Integer {
    var low = start
    var length = Integer(1)
    // Once one integer needs more, its neighbours do as well.
    var bits = 64
    for _ in 0..<Self.longest {
      guard low.bitLength <= Self.largestBits else { break }
      let high = low + length - 1
      switch try answer(low, high, bits: bits + low.bitLength, property) {
      case .true: return low
      case .false:
        low += length
        length = length << 1
      case .unknown where length > 1: length = max(1, length >> 2)
      case .unknown:
        guard bits < Self.finestBits else {
          throw .notFound(what: "whether \(variable) = \(low) suffices stays open")
        }
        bits *= 2
      }
    }
    throw .notFound(what: "no \(variable) up to 2^\(Self.largestBits) was found that suffices")
  }

  private func answer(
    _ low: Integer, _ high: Integer, bits: Int,
    _ property: (Evaluator) throws(BoundError) -> Ternary
  ) throws(BoundError) -> Ternary {
    var values = values
    values[variable] = Enclosure(lower: Rational(low), upper: Rational(high))
    return try property(Evaluator(values: values, bits: bits))
  }
}
