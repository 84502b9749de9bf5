/// A real number of which two rational bounds are known: a closed interval that holds it.
///
/// Every operation returns an interval that holds the result for every choice of numbers in the
/// arguments. Ring operations on rational ends are exact; roots, logarithms and exponentials have
/// dyadic ends and take the precision as `bits`: each end is within `2^-bits` of the exact image
/// of that end. Ends grow with exact operations; ``roundedOutward(bits:)`` makes them short again.
public struct Enclosure: Sendable, Hashable {
  public let lower: Rational
  public let upper: Rational

  /// The numbers from `lower` to `upper`.
  ///
  /// - Precondition: `lower <= upper`.
  public init(lower: Rational, upper: Rational) {
    precondition(lower <= upper, "the ends of an enclosure are in order")
    self.lower = lower
    self.upper = upper
  }

  /// The one number `value`.
  public init(_ value: Rational) {
    lower = value
    upper = value
  }

  /// Whether the two ends are equal, so that the number is known.
  public var isExact: Bool { lower == upper }

  /// `upper - lower`.
  public var width: Rational { upper - lower }

  /// The number half way between the ends.
  public var midpoint: Rational { (lower + upper) / 2 }

  /// Whether `value` lies between the ends or at one of them.
  public func contains(_ value: Rational) -> Bool { lower <= value && value <= upper }

  /// Whether every number of `other` lies in this interval.
  public func contains(_ other: Enclosure) -> Bool {
    lower <= other.lower && other.upper <= upper
  }

  /// Whether the two intervals have a number in common.
  public func overlaps(_ other: Enclosure) -> Bool {
    lower <= other.upper && other.lower <= upper
  }

  /// The smallest interval that holds both.
  public func union(_ other: Enclosure) -> Enclosure {
    Enclosure(lower: min(lower, other.lower), upper: max(upper, other.upper))
  }

  /// The interval with ends that are multiples of `2^-bits`, each moved outward by less than that.
  ///
  /// - Parameter bits: the binary digits kept after the point; a negative number keeps fewer than
  ///   all of those in front of it.
  /// - Complexity: linear in the lengths of the ends and in `bits`.
  public func roundedOutward(bits: Int) -> Enclosure {
    Enclosure(
      lower: Rational(lower.floor(timesTwoToThe: bits), timesTwoToThe: -bits),
      upper: Rational(-(-upper).floor(timesTwoToThe: bits), timesTwoToThe: -bits))
  }

  /// The interval with ends of at most `bits + 1` significant binary digits, moved outward.
  ///
  /// - Precondition: `bits` is positive.
  public func roundedOutward(significantBits bits: Int) -> Enclosure {
    precondition(bits > 0, "a number has at least one significant bit")
    func rounded(_ value: Rational) -> Enclosure {
      let size = value.numerator.bitLength - value.denominator.bitLength
      return Enclosure(value).roundedOutward(bits: bits - size)
    }
    return Enclosure(lower: rounded(lower).lower, upper: rounded(upper).upper)
  }
}

/// Why an operation on enclosures has no answer.
public enum EnclosureError: Error, Hashable, Sendable {
  /// The divisor may be zero.
  case divisorContainsZero
  /// The argument reaches outside the domain of the function of this name.
  case outsideDomain(function: String)
  /// The result needs more bits than `limit`.
  case resultTooLong(function: String, limit: Int)
}

extension EnclosureError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .divisorContainsZero:
      "the divisor is enclosed in an interval that contains zero"
    case .outsideDomain(let function):
      "the argument of \(function) is enclosed in an interval that leaves its domain"
    case .resultTooLong(let function, let limit):
      "the result of \(function) is longer than \(limit) bits"
    }
  }
}

extension Enclosure {
  /// The most bits before or after the point that a result may take.
  public static let maximumBits = 1_000_000

  /// The most bits that a series of ``logarithm(bits:)`` or ``exponential(bits:)`` works with.
  ///
  /// The series take time of about the square of it; this many take a second or two.
  public static let maximumPrecision = 100_000
}
