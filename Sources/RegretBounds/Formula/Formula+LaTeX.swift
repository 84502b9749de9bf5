import ExactArithmetic

extension Formula {
  /// The formula for a paper, in LaTeX's mathematics mode.
  public var latex: String {
    switch self {
    case .number(let value):
      value.isInteger ? value.description : "\\tfrac{\(value.numerator)}{\(value.denominator)}"
    case .parameter(let name): Self.latex(ofParameter: name)
    case .defined(let definition): definition.symbol.latex
    case .sum(let parts): Self.latex(sum: parts)
    case .negative(let part): "-" + part.latexFactor
    case .product(let parts): Self.latex(product: parts)
    case .quotient(let a, let b): "\\frac{\(a.latex)}{\(b.latex)}"
    case .power(let base, let exponent):
      exponent == Rational(1, 2)
        ? "\\sqrt{\(base.latex)}" : "\(base.latexBase)^{\(exponent.description)}"
    case .countedPower(let base, let exponent): "\(base.latexBase)^{\(exponent.latex)}"
    case .logarithm(let part): "\\ln\\left(\(part.latex)\\right)"
    case .binaryLogarithm(let part): "\\log_2\\left(\(part.latex)\\right)"
    case .floor(let part): "\\left\\lfloor \(part.latex) \\right\\rfloor"
    case .ceiling(let part): "\\left\\lceil \(part.latex) \\right\\rceil"
    case .least(let parts):
      "\\min\\left\\{\(parts.map(\.latex).joined(separator: ",\\; "))\\right\\}"
    case .indicator(let comparison, let part): "[\(comparison.latex)]\\,\(part.latexFactor)"
    case .choice(let comparison, let part, let other):
      "\\begin{cases}\(part.latex) & \(comparison.latex)\\\\ \(other.latex)"
        + " & \\text{otherwise}\\end{cases}"
    case .firstAvailable(let parts):
      "\\left(\(parts.map(\.latex).joined(separator: "\\text{ or }"))\\right)"
    case .leastInteger(let variable, let comparison):
      "\\min\\left\\{\(variable) : \(comparison.latex)\\right\\}"
    }
  }

  /// The formula and its definitions, the outermost first, as rows of an `aligned` environment.
  public var latexExplained: String {
    let rows = definitions.reversed().map { "\($0.symbol.latex) &= \($0.formula.latex)" }
    guard !rows.isEmpty else { return latex }
    return "\\begin{aligned}&\(latex),\\\\ \(rows.joined(separator: ",\\\\ "))\\end{aligned}"
  }

  /// In parentheses where a factor has to be.
  private var latexFactor: String {
    switch self {
    case .sum, .negative: "\\left(\(latex)\\right)"
    case .number(let value) where value.isNegative: "\\left(\(latex)\\right)"
    default: latex
    }
  }

  /// In parentheses unless it is one symbol.
  private var latexBase: String {
    switch self {
    case .parameter(let name) where !Self.latex(ofParameter: name).contains("_"): latex
    case .defined: latex
    case .number(let value) where value.isInteger && !value.isNegative: latex
    default: "\\left(\(latex)\\right)"
    }
  }

  private static func latex(sum parts: [Formula]) -> String {
    var text = ""
    for part in parts {
      if case .negative(let inner) = part {
        text += (text.isEmpty ? "-" : " - ") + inner.latexFactor
      } else {
        text += (text.isEmpty ? "" : " + ") + part.latex
      }
    }
    return text
  }

  private static func latex(product parts: [Formula]) -> String {
    var text = ""
    for part in parts {
      // A digit after a digit would read as one number.
      let isDigit = part.latexFactor.first?.isNumber == true
      text += text.isEmpty ? "" : isDigit ? " \\cdot " : "\\,"
      text += part.latexFactor
    }
    return text
  }

  /// Names of several letters as the symbols that they stand for.
  private static func latex(ofParameter name: String) -> String {
    switch name {
    case "delta", "epsilon", "gamma", "lambda", "beta", "rho", "zeta", "Gamma": "\\\(name)"
    case "L2", "B2", "X2": "\(name.prefix(1))_2"
    case "zmin": "z_{\\min}"
    case "rmin": "r_{\\min}"
    case "tmix": "t_{\\mathrm{mix}}"
    case "span": "\\operatorname{sp}"
    case "gain": "g^*"
    case "variance": "\\sigma^2"
    case "grid": "g"
    case _ where name.count == 1: name
    default: "\\mathit{\(name)}"
    }
  }
}

extension Formula.Comparison {
  /// The comparison in LaTeX's mathematics mode.
  public var latex: String {
    let sign =
      switch relation {
      case .less: "<"
      case .atMost: "\\le"
      case .equal: "="
      }
    return "\(left.latex) \(sign) \(right.latex)"
  }
}
