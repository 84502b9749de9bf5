import ExactArithmetic

/// How tightly the outermost operation of a printed formula binds.
private enum Binding: Int, Comparable {
  case sum, quotient, product, power, atom

  static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
}

extension Formula: CustomStringConvertible {
  /// The formula in one line, as `2 β √(n Λ) + M √(2 n log(2/delta))`.
  public var description: String { printed.text }

  /// The formula, and after "where" what its symbols stand for, the outermost first.
  public var explained: String {
    let meanings = definitions.reversed().map { "\($0.symbol.text) = \($0.formula.description)" }
    return meanings.isEmpty
      ? description : "\(description), where \(meanings.joined(separator: ", "))"
  }

  private var printed: (text: String, binding: Binding) {
    switch self {
    case .number(let value):
      (value.description, value.isInteger ? (value.isNegative ? .sum : .atom) : .quotient)
    case .parameter(let name): (name, .atom)
    case .defined(let definition): (definition.symbol.text, .atom)
    case .sum(let parts): (sumText(parts), .sum)
    case .negative(let part): ("-" + part.text(within: .product), .sum)
    case .product(let parts):
      (parts.map { $0.text(within: .product) }.joined(separator: " "), .product)
    case .quotient(let a, let b):
      (a.text(within: .product) + "/" + b.text(within: .power), .quotient)
    case .power(let base, let exponent): powerText(base, exponent)
    case .countedPower(let base, let exponent):
      (base.text(within: .atom) + "^" + exponent.text(within: .atom), .power)
    case .logarithm(let part): ("log(\(part))", .atom)
    case .binaryLogarithm(let part): ("log2(\(part))", .atom)
    case .floor(let part): ("⌊\(part)⌋", .atom)
    case .ceiling(let part): ("⌈\(part)⌉", .atom)
    case .least(let parts): ("min{\(parts.map(\.description).joined(separator: ", "))}", .atom)
    case .indicator(let comparison, let part):
      ("[\(comparison)] " + part.text(within: .product), .product)
    case .choice(let comparison, let part, let other):
      ("(\(part) if \(comparison), else \(other))", .atom)
    case .firstAvailable(let parts):
      ("(\(parts.map(\.description).joined(separator: " or ")))", .atom)
    case .leastInteger(let variable, let comparison):
      ("min{\(variable) : \(comparison)}", .atom)
    }
  }

  private func text(within binding: Binding) -> String {
    let own = printed
    return own.binding < binding ? "(\(own.text))" : own.text
  }

  private func sumText(_ parts: [Formula]) -> String {
    var text = ""
    for part in parts {
      if case .negative(let inner) = part {
        text += (text.isEmpty ? "-" : " - ") + inner.text(within: .quotient)
      } else {
        text += (text.isEmpty ? "" : " + ") + part.text(within: .sum)
      }
    }
    return text
  }

  private func powerText(_ base: Formula, _ exponent: Rational) -> (String, Binding) {
    if exponent == Rational(1, 2) {
      let inner = base.printed
      return ("√" + (inner.binding == .atom ? inner.text : "(\(inner.text))"), .atom)
    }
    let inner = base.text(within: .atom)
    if exponent.isInteger, !exponent.isNegative {
      return (inner + Self.superscript(exponent.description), .power)
    }
    return (inner + "^" + (exponent.isInteger ? "\(exponent)" : "(\(exponent))"), .power)
  }

  private static func superscript(_ digits: String) -> String {
    let raised: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return String(digits.compactMap { $0.wholeNumberValue.map { raised[$0] } })
  }
}

extension Formula.Comparison: CustomStringConvertible {
  public var description: String { "\(left) \(relation.rawValue) \(right)" }
}
