import ExactArithmetic
import Foundation

/// The text of a number on the command line, read exactly by the rules of every other input.
struct ExactNumberText {
  /// With the dashes, as in `--discount`.
  let option: String
  let text: String

  /// - Throws: ``CommandError/usage(_:)`` that names the option and says how to write a number.
  func value(limits: NumberLimits) throws(CommandError) -> Rational {
    do throws(NumberError) {
      return try Rational(parsing: text, limits: limits)
    } catch {
      throw .usage(
        "\(option): \(error); write an exact number such as 99/100 or 0.99, as in \(option) 99/100")
    }
  }

  /// The same, for a quantity that needs no exactness; infinite past the range of a double.
  func double() throws(CommandError) -> Double {
    Double(try value(limits: .standard))
  }
}

/// `names` as a list for a message, cut after twenty.
func listed(_ names: some Collection<String>) -> String {
  let shown = names.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
  return names.count > 20 ? "\(shown), … (\(names.count - 20) more)" : shown
}
