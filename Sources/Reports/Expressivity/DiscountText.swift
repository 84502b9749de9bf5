import Certificates
import ExactArithmetic

/// Discounts and polynomials in them, in words.
enum DiscountText {
  /// A polynomial as a factor of what follows.
  static func factor(_ polynomial: Polynomial) -> String {
    let text = polynomial.text(variable: "γ")
    guard text.count <= 120 else {
      return "(a polynomial of degree \(polynomial.degree) in γ)"
    }
    return polynomial.coefficients.count { !$0.isZero } > 1 ? "(\(text))" : text
  }

  /// Ranges of discounts, in ascending order.
  static func describe(_ ranges: [DiscountRange]) -> String {
    if let only = ranges.first, ranges.count == 1, only.isEverything {
      return "every discount γ in [0, 1)"
    }
    let parts = ranges.map { range in
      if range.isPoint { return "γ = \(place(range.lower))" }
      return "γ in \(range.includesLower ? "[" : "(")\(place(range.lower)), "
        + "\(place(range.upper))\(range.includesUpper ? "]" : ")")"
    }
    return parts.isEmpty ? "no discount" : parts.joined(separator: " and ")
  }

  private static func place(_ number: AlgebraicNumber) -> String {
    let number = number.simplified
    if number.isExact, number.lower.description.count <= 24 { return "\(number.lower)" }
    return "\((number.approximation * 1e6).rounded() / 1e6)…"
  }
}
