/// How long a number in an input may be.
///
/// A few bytes such as `1e999999999` stand for a number that fills a machine's memory; the limits
/// are checked on the text, before any arithmetic.
public struct NumberLimits: Sendable, Hashable {
  /// The most digits, counting mantissa or numerator and denominator together.
  public var maximumDigits = 1_000_000
  /// The largest magnitude of an exponent, as written, also on a mantissa of zero.
  public var maximumExponent = 10_000

  public static let standard = NumberLimits()

  public init(maximumDigits: Int = 1_000_000, maximumExponent: Int = 10_000) {
    self.maximumDigits = maximumDigits
    self.maximumExponent = maximumExponent
  }
}

/// Why a text is not read as a number.
///
/// The payloads hold the text, cut after 60 characters.
public enum NumberError: Error, Hashable, Sendable {
  /// The text is neither `p/q` nor a decimal.
  case malformed(String)
  /// A fraction `p/0`.
  case zeroDenominator(String)
  /// The exponent is past the limit in magnitude.
  case exponentTooLarge(String, limit: Int)
  /// There are more digits than the limit.
  case tooManyDigits(Int, limit: Int)
}

extension NumberError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformed(let text):
      "'\(text)' is not a number"
    case .zeroDenominator(let text):
      "zero denominator in '\(text)'"
    case .exponentTooLarge(let text, let limit):
      "the exponent of '\(text)' is beyond the limit of \(limit)"
    case .tooManyDigits(let count, let limit):
      "a number of \(count) digits is longer than the limit of \(limit) digits (see --max-digits)"
    }
  }

  /// The text of an error message: at most 60 characters, then an ellipsis.
  static func excerpt(of text: UnsafeRawBufferPointer) -> String {
    // A character rarely takes more than four bytes, so the rest of a long text is never decoded.
    let start = String(decoding: text.prefix(480), as: UTF8.self)
    let isCut = text.count > 480 || start.count > 60
    return isCut ? start.prefix(60) + "…" : start
  }
}
