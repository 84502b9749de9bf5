import ExactArithmetic

/// Parameters as they are typed.
public enum ParameterText {
  /// The numbers of `key=value` texts.
  ///
  /// - Throws: ``BoundError/malformed(_:reason:)``, ``BoundError/parameterTwice(_:)``.
  public static func numbers(
    _ texts: [String], limits: NumberLimits = .standard
  ) throws(BoundError) -> [String: Rational] {
    var numbers: [String: Rational] = [:]
    for text in texts {
      let (key, value) = try split(text)
      guard numbers.updateValue(try number(value, in: text, limits), forKey: key) == nil else {
        throw .parameterTwice(key)
      }
    }
    return numbers
  }

  /// The parameter and the ends of `key=low..high`.
  ///
  /// - Throws: ``BoundError/malformed(_:reason:)``.
  public static func range(
    _ text: String, limits: NumberLimits = .standard
  ) throws(BoundError) -> (key: String, range: ClosedRange<Rational>) {
    let (key, value) = try split(text)
    guard let dots = value.firstRange(of: "..") else {
      throw .malformed(text, reason: "a sweep needs two ends, as in T=1e3..1e9")
    }
    let low = try number(String(value[..<dots.lowerBound]), in: text, limits)
    let high = try number(String(value[dots.upperBound...]), in: text, limits)
    guard low <= high else {
      throw .malformed(text, reason: "the ends of a sweep are out of order")
    }
    return (key, low...high)
  }

  private static func split(_ text: String) throws(BoundError) -> (key: String, value: String) {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw .malformed(text, reason: "there is no name before '='")
    }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }

  private static func number(
    _ value: String, in text: String, _ limits: NumberLimits
  ) throws(BoundError) -> Rational {
    do throws(NumberError) {
      return try Rational(parsing: value, limits: limits)
    } catch {
      throw .malformed(text, reason: "\(error)")
    }
  }
}
