import ExactArithmetic
import ExactJSON

/// A number or an infinity.
enum LPLimit: Equatable {
  case finite(Rational)
  case infinite(sign: Int)
}

extension LPRelation {
  /// The relation with its sides exchanged.
  var reversed: LPRelation {
    switch self {
    case .atMost: .atLeast
    case .atLeast: .atMost
    case .equal: .equal
    }
  }
}

extension LPReader {
  /// A number or an infinity, with a sign or without.
  mutating func side() throws(LineError) -> LPLimit {
    let sign = try self.sign() ?? 1
    if isInfinity {
      try scanner.advance()
      return .infinite(sign: sign)
    }
    guard scanner.token.kind == .number else { throw scanner.unexpected("a number") }
    let value = try scanner.number(limits)
    try scanner.advance()
    return .finite(sign < 0 ? -value : value)
  }

  /// Sets the side of `bounds` that `relation` speaks of: `… relation limit`.
  func narrow(
    _ bounds: inout LinearProgram.Bounds, _ relation: LPRelation, _ limit: LPLimit,
    _ line: Int
  ) throws(LineError) {
    switch limit {
    case .finite(let value):
      if relation != .atMost { bounds.lower = value }
      if relation != .atLeast { bounds.upper = value }
    case .infinite(let sign):
      if relation == .atMost, sign > 0 {
        bounds.upper = nil
      } else if relation == .atLeast, sign < 0 {
        bounds.lower = nil
      } else {
        let side = relation == .atMost ? "an upper" : relation == .atLeast ? "a lower" : "an equal"
        throw LineError(
          line: line, problem: "'\(sign < 0 ? "-" : "+")inf' is no use as \(side) bound")
      }
    }
  }

  mutating func bounds() throws(LineError) {
    try skipSectionName()
    while try section() == nil, scanner.token.kind != .end { try bound() }
  }

  /// `name free`, `name relation limit` or `limit relation name [relation limit]`.
  mutating func bound() throws(LineError) {
    let line = scanner.token.line
    var left: (limit: LPLimit, relation: LPRelation)?
    if scanner.token.kind != .name || isInfinity {
      let limit = try side()
      left = (limit, try relation())
    }
    let column = try knownColumn()
    var bounds = builder.bounds(ofColumn: column)
    if let left { try narrow(&bounds, left.relation.reversed, left.limit, line) }
    if case .relation(let relation) = scanner.token.kind {
      if let left, left.relation != relation || relation == .equal {
        throw scanner.unexpected("the relation of the left side once more")
      }
      try scanner.advance()
      try narrow(&bounds, relation, try side(), line)
    } else if left == nil {
      guard scanner.token.kind == .name, scanner.lowercasedText == "free" else {
        throw scanner.unexpected("a relation or 'free'")
      }
      try scanner.advance()
      bounds = .free
    }
    try requireNewLine("a new line after a bound")
    builder.setBounds(bounds, ofColumn: column)
  }

  mutating func knownColumn() throws(LineError) -> Int {
    let line = scanner.token.line
    let name = try name()
    guard let column = builder.column(named: name) else {
      throw LineError(
        line: line,
        problem: "the column \(excerpt(name)) is unknown: neither the objective nor "
          + "a row has it")
    }
    return column
  }

  mutating func end() throws(LineError) {
    guard try section() == .end else {
      throw scanner.unexpected(
        scanner.token.kind == .end ? "'End' (the file may be cut)" : "a section or 'End'")
    }
    try scanner.advance()
    guard scanner.token.kind == .end else { throw scanner.unexpected("nothing after 'End'") }
  }
}
