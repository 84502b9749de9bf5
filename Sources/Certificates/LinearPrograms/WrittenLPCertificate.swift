import ExactArithmetic
import ExactJSON
import LinearPrograms

/// Numbers by name, as a file holds them; a missing name stands for 0.
typealias NamedNumbers = [(name: String, value: Rational)]

/// A certificate of a linear program as its file holds it, before it meets the program.
struct WrittenLPCertificate: Sendable {
  enum Body: Sendable {
    case optimal(primal: NamedNumbers, dual: NamedNumbers, objectiveValue: Rational)
    case farkas(NamedNumbers)
    case crossedRow(String)
    case crossedColumn(String)
    case unbounded(primal: NamedNumbers, ray: NamedNumbers)
  }

  let kind: LPCertificateKind
  let objective: String?
  let direction: LinearProgram.Direction?
  let body: Body

  init(_ fields: CertificateFields, _ read: EntryReader) throws(InputError) {
    let text = try fields.own.required("kind", read.text)
    guard let kind = LPCertificateKind(rawValue: text) else {
      let known = LPCertificateKind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw fields.own.error(
        "the kind \(excerpt(text)) is unknown for a linear program; there are \(known)",
        at: "kind")
    }
    try fields.own.requireKeys(among: LPCertificateKind.commonKeys + kind.ownKeys)
    self.kind = kind
    objective = try fields.own.optional("objective", read.text)
    direction =
      try fields.isEmbedded
      ? fields.optional("direction", read.programDirection)
      : fields.own.optional("direction", read.programDirection)
    switch kind {
    case .optimal:
      body = .optimal(
        primal: try fields.required("primal", read.namedNumbers),
        dual: try fields.required("dual", read.namedNumbers),
        objectiveValue: try fields.required("objectiveValue", read.number))
    case .infeasible: body = try Self.infeasible(fields.own, read)
    case .unbounded:
      body = .unbounded(
        primal: try fields.own.required("primal", read.namedNumbers),
        ray: try fields.own.required("ray", read.namedNumbers))
    }
  }

  private static func infeasible(
    _ fields: DocumentFields, _ read: EntryReader
  ) throws(InputError) -> Body {
    guard let crossed = fields["crossed"] else {
      guard fields["farkas"] != nil else {
        throw fields.error("one of the keys 'farkas' and 'crossed' has to be there")
      }
      return .farkas(try fields.required("farkas", read.namedNumbers))
    }
    guard fields["farkas"] == nil else {
      throw fields.error("only one of the keys 'farkas' and 'crossed' can be there")
    }
    let path = [fields.path, "crossed"].filter { !$0.isEmpty }.joined(separator: ".")
    let inner = try DocumentFields(crossed, file: fields.file, path: path)
    try inner.requireKeys(among: ["row", "column"])
    switch (try inner.optional("row", read.text), try inner.optional("column", read.text)) {
    case (let row?, nil): return .crossedRow(row)
    case (nil, let column?): return .crossedColumn(column)
    case (nil, nil), (_?, _?):
      throw inner.error("exactly one of the keys 'row' and 'column' has to be there")
    }
  }
}

extension EntryReader {
  func programDirection(
    _ node: JSONNode
  ) throws(Malformed) -> LinearProgram.Direction {
    guard let direction = LinearProgram.Direction(rawValue: try text(node)) else {
      throw node.expected("'maximize' or 'minimize'")
    }
    return direction
  }

  /// An object from names to numbers.
  func namedNumbers(_ node: JSONNode) throws(Malformed) -> NamedNumbers {
    guard case .object(let members) = node.kind else {
      throw node.expected("an object from names to numbers")
    }
    var numbers: NamedNumbers = []
    numbers.reserveCapacity(members.count)
    for member in members {
      numbers.append(
        (member.key, try inside("[\(excerpt(member.key))]", number, member.value)))
    }
    return numbers
  }
}

// The file meets a program: names become rows and columns. What does not fit is rejected.

extension LinearProgram {
  func vector(
    ofColumns numbers: NamedNumbers, _ field: String
  ) throws(CheckFailure) -> [Rational] {
    var vector = [Rational](repeating: .zero, count: columnCount)
    for (name, value) in numbers {
      guard let place = column(named: name) else {
        throw .rejected("\(field): the program has no column \(excerpt(name))")
      }
      vector[place] = value
    }
    return vector
  }

  func vector(ofRows numbers: NamedNumbers, _ field: String) throws(CheckFailure) -> [Rational] {
    var vector = [Rational](repeating: .zero, count: rowCount)
    for (name, value) in numbers {
      guard let place = row(named: name) else {
        throw .rejected("\(field): the program has no row \(excerpt(name))")
      }
      vector[place] = value
    }
    return vector
  }
}

extension WrittenLPCertificate {
  func fitted(to program: LinearProgram) throws(CheckFailure) -> LPCertificate {
    try require(
      objective == nil || objective == "linear-program",
      "objective: it is \(excerpt(objective ?? "")), but it has to be 'linear-program'")
    // Infeasibility has no direction, so that none is taken for granted there.
    let direction = direction ?? (kind == .infeasible ? program.direction : .maximize)
    try program.require(direction)
    switch body {
    case .optimal(let primal, let dual, let value):
      return .optimal(
        LPOptimalCertificate(
          primal: try program.vector(ofColumns: primal, "primal"),
          dual: try program.vector(ofRows: dual, "dual"), objectiveValue: value))
    case .farkas(let numbers):
      return .infeasible(.farkas(try program.vector(ofRows: numbers, "farkas")))
    case .crossedRow(let name):
      guard let row = program.row(named: name) else {
        throw .rejected("crossed: the program has no row \(excerpt(name))")
      }
      return .infeasible(.crossedRow(row))
    case .crossedColumn(let name):
      guard let column = program.column(named: name) else {
        throw .rejected("crossed: the program has no column \(excerpt(name))")
      }
      return .infeasible(.crossedColumn(column))
    case .unbounded(let primal, let ray):
      return .unbounded(
        LPUnboundedCertificate(
          primal: try program.vector(ofColumns: primal, "primal"),
          ray: try program.vector(ofColumns: ray, "ray")))
    }
  }
}

extension LinearProgram {
  /// Rejects a direction that is not the program's.
  func require(_ stated: Direction) throws(CheckFailure) {
    guard stated == direction else {
      throw .rejected(
        "direction: it is '\(stated.rawValue)', but the program's is '\(direction.rawValue)'")
    }
  }
}
