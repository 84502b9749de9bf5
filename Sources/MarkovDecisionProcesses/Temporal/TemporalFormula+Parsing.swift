import ExactJSON

/// A text that is no formula, with the place where it shows.
public struct FormulaError: Error, Hashable, Sendable, CustomStringConvertible {
  /// From 1, in characters.
  public let column: Int
  public let problem: String

  public var description: String { "column \(column): \(problem)" }
}

extension TemporalFormula {
  /// Reads a formula.
  ///
  /// `! X F G` bind closest, then `U R W M` (to the right), `&`, `|`, `->` (to the right), `<->`.
  /// A name with other characters than letters, digits and `_` stands in double quotes.
  ///
  /// - Parameter semantics: on finite traces `WX` is the weak next operator, otherwise a name.
  /// - Throws: ``FormulaError``.
  public init(
    parsing text: String, _ semantics: TraceSemantics = .infinite
  ) throws(FormulaError) {
    var parser = try FormulaParser(text, semantics)
    self = try parser.formula()
  }
}

private struct FormulaToken {
  enum Kind: Equatable {
    case name(String)
    case symbol(String)
    case end
  }

  let kind: Kind
  let column: Int
  var isQuoted = false

  var shown: String {
    switch kind {
    case .name(let name): excerpt(name)
    case .symbol(let symbol): "'\(symbol)'"
    case .end: "the end of the formula"
    }
  }
}

private struct FormulaParser {
  /// Deeper nesting is refused, so that no formula exhausts the stack.
  private static let maximumDepth = 256
  private static let unary = ["X", "F", "G"]
  private static let weakNext = "WX"
  private static let binary = ["U", "R", "W", "M"]

  /// `<->`, `W` and `M` write an operand twice, so that few of them may nest.
  private static let maximumDoublings = 12

  private let tokens: [FormulaToken]
  private var place = 0
  private var depth = 0

  init(_ text: String, _ semantics: TraceSemantics) throws(FormulaError) {
    tokens = try Self.tokens(of: text).map { token in
      semantics.isFinite && token.kind == .name(Self.weakNext) && !token.isQuoted
        ? FormulaToken(kind: .symbol(Self.weakNext), column: token.column) : token
    }
    let doubling = ["<->", "W", "M"].map { FormulaToken.Kind.symbol($0) }
    let found = tokens.filter { doubling.contains($0.kind) }
    guard found.count <= Self.maximumDoublings else {
      throw FormulaError(
        column: found[Self.maximumDoublings].column,
        problem: "there are more than \(Self.maximumDoublings) operators '<->', 'W' and 'M'")
    }
  }

  private static func tokens(of text: String) throws(FormulaError) -> [FormulaToken] {
    let characters = Array(text)
    var tokens: [FormulaToken] = []
    var index = 0
    while index < characters.count {
      let character = characters[index]
      let column = index + 1
      if character.isWhitespace {
        index += 1
      } else if character.isLetter || character == "_" {
        var end = index
        while end < characters.count,
          characters[end].isLetter || characters[end].isNumber
            || characters[end] == "_"
        { end += 1 }
        tokens.append(word(String(characters[index..<end]), column))
        index = end
      } else if character == "\"" {
        guard let end = characters[(index + 1)...].firstIndex(of: "\"") else {
          throw FormulaError(column: column, problem: "a quoted name has no end")
        }
        tokens.append(
          FormulaToken(
            kind: .name(String(characters[index + 1..<end])), column: column, isQuoted: true))
        index = end + 1
      } else {
        let symbol = try symbol(characters[index...], column)
        tokens.append(FormulaToken(kind: .symbol(symbol.canonical), column: column))
        index += symbol.length
      }
    }
    return tokens + [FormulaToken(kind: .end, column: characters.count + 1)]
  }

  private static func word(_ word: String, _ column: Int) -> FormulaToken {
    let isOperator = unary.contains(word) || binary.contains(word)
    let isConstant = word == "true" || word == "false"
    return FormulaToken(
      kind: isOperator || isConstant ? .symbol(word) : .name(word), column: column)
  }

  private static func symbol(
    _ rest: ArraySlice<Character>, _ column: Int
  ) throws(FormulaError) -> (canonical: String, length: Int) {
    let known = [
      ("<->", "<->"), ("->", "->"), ("&&", "&"), ("||", "|"), ("&", "&"), ("|", "|"), ("!", "!"),
      ("(", "("), (")", ")"),
    ]
    for (text, canonical) in known where rest.starts(with: text) {
      return (canonical, text.count)
    }
    throw FormulaError(
      column: column, problem: "unexpected character \(excerpt(String(rest.prefix(1))))")
  }

  // MARK: - Grammar

  mutating func formula() throws(FormulaError) -> TemporalFormula {
    let formula = try equivalence()
    guard tokens[place].kind == .end else {
      throw unexpected("an operator or the end of the formula")
    }
    return formula
  }

  private mutating func take(_ symbol: String) -> Bool {
    guard tokens[place].kind == .symbol(symbol) else { return false }
    place += 1
    return true
  }

  private func unexpected(_ expected: String) -> FormulaError {
    FormulaError(
      column: tokens[place].column,
      problem: "\(expected) is expected, but there is \(tokens[place].shown)")
  }

  private mutating func equivalence() throws(FormulaError) -> TemporalFormula {
    var left = try implication()
    while take("<->") {
      let right = try implication()
      left = .or(.and(left, right), .and(.not(left), .not(right)))
    }
    return left
  }

  private mutating func implication() throws(FormulaError) -> TemporalFormula {
    let left = try disjunction()
    guard take("->") else { return left }
    return .or(.not(left), try nested { (p) throws(FormulaError) in try p.implication() })
  }

  private mutating func disjunction() throws(FormulaError) -> TemporalFormula {
    var left = try conjunction()
    while take("|") { left = .or(left, try conjunction()) }
    return left
  }

  private mutating func conjunction() throws(FormulaError) -> TemporalFormula {
    var left = try temporal()
    while take("&") { left = .and(left, try temporal()) }
    return left
  }

  private mutating func temporal() throws(FormulaError) -> TemporalFormula {
    let left = try operand()
    guard let symbol = Self.binary.first(where: { tokens[place].kind == .symbol($0) }) else {
      return left
    }
    place += 1
    let right = try nested { (p) throws(FormulaError) in try p.temporal() }
    switch symbol {
    case "U": return .until(left, right)
    case "R": return .release(left, right)
    case "M": return .until(right, .and(left, right))
    default: return .release(right, .or(left, right))
    }
  }

  private mutating func operand() throws(FormulaError) -> TemporalFormula {
    if take("!") { return .not(try nested { (p) throws(FormulaError) in try p.operand() }) }
    if take(Self.weakNext) {
      return .not(.next(.not(try nested { (p) throws(FormulaError) in try p.operand() })))
    }
    for symbol in Self.unary where take(symbol) {
      let inner = try nested { (p) throws(FormulaError) in try p.operand() }
      switch symbol {
      case "X": return .next(inner)
      case "F": return .finally(inner)
      default: return .globally(inner)
      }
    }
    return try atom()
  }

  private mutating func atom() throws(FormulaError) -> TemporalFormula {
    if take("true") { return .constant(true) }
    if take("false") { return .constant(false) }
    if take("(") {
      let inner = try nested { (p) throws(FormulaError) in try p.equivalence() }
      guard take(")") else { throw unexpected("')'") }
      return inner
    }
    guard case .name(let name) = tokens[place].kind else {
      throw unexpected("a proposition, '!', 'X', 'F', 'G' or '('")
    }
    place += 1
    return .proposition(name)
  }

  private mutating func nested(
    _ body: (inout FormulaParser) throws(FormulaError) -> TemporalFormula
  ) throws(FormulaError) -> TemporalFormula {
    guard depth < Self.maximumDepth else {
      throw FormulaError(
        column: tokens[place].column, problem: "nested deeper than \(Self.maximumDepth)")
    }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }
}
