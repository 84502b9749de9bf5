import ExactArithmetic

/// The options of a family as text, and the one place that turns the text into numbers.
struct FamilyOptions {
  private let texts: [String: String]

  /// The largest count that an option may give: states and actions have 32-bit indices.
  static let largestCount = Int(Int32.max)

  init(_ texts: [String: String]) {
    self.texts = texts
  }

  /// The text of an option as it was given.
  subscript(option: String) -> String? { texts[option] }

  /// Whether a flag was given.
  func isSet(_ option: String) -> Bool {
    texts[option].map { $0 != "false" } ?? false
  }

  /// An integer of either sign, or `nil` when the option was not given.
  func integer(_ option: String) throws(FamilyError) -> Int? {
    guard let text = texts[option] else { return nil }
    guard let value = Int(text) else { throw .notAnInteger(option: option, text: text) }
    guard value.magnitude <= UInt(Self.largestCount) else {
      throw .refused("--\(option) must be at most \(Self.largestCount)")
    }
    return value
  }

  /// A number, exactly as it is written, or `nil` when the option was not given.
  func number(_ option: String) throws(FamilyError) -> Rational? {
    guard let text = texts[option] else { return nil }
    do throws(NumberError) {
      return try Rational(parsing: text)
    } catch {
      throw .notANumber(option: option, problem: error.description)
    }
  }

  /// The seed: any integer; 0 when the option was not given.
  func seed() throws(FamilyError) -> FamilySeed {
    let text = texts["seed"] ?? "0"
    guard let seed = FamilySeed(text) else { throw .notAnInteger(option: "seed", text: text) }
    return seed
  }

  /// The rules that hold for every family, also where it ignores the option.
  func checkCommonRules() throws(FamilyError) {
    if let states = try integer("states"), states < 1 {
      throw .refused("--states must be at least 1")
    }
    if let rewards = try integer("rewards"), rewards < 1 {
      throw .refused("--rewards must be at least 1")
    }
    if let text = texts["discount"], text != "none", let value = try number("discount"),
      value.signum < 0 || value >= 1
    {
      throw .refused("--discount must be in [0, 1)")
    }
  }
}

/// A seed as it is written in the title, and modulo 2⁶⁴ as the random numbers take it.
struct FamilySeed: Sendable, CustomStringConvertible {
  let bits: UInt64
  let description: String

  /// Reads an integer of any length; `nil` for other text.
  init?(_ text: String) {
    let isNegative = text.hasPrefix("-")
    let digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    let magnitude = digits.utf8.reduce(UInt64(0)) { $0 &* 10 &+ UInt64($1 - 48) }
    let significant = digits.drop { $0 == "0" }
    bits = isNegative ? 0 &- magnitude : magnitude
    description =
      significant.isEmpty ? "0" : (isNegative ? "-" : "") + significant
  }
}

/// Throws `rule` unless `condition` holds.
func require(_ condition: Bool, _ rule: String) throws(FamilyError) {
  guard condition else { throw .refused(rule) }
}
