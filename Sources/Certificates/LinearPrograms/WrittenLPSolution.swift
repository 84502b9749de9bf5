import ExactArithmetic
import ExactJSON
import LinearPrograms

/// What an answer of `rationale lp` claims beside the certificate that it carries or names.
///
/// How it was found (`method`, `statistics`, `warnings`) is not read, and what the certificate says
/// nothing of (`optimalFace`, `isUnique`) leads to a warning.
struct WrittenLPSolution: Sendable {
  let status: String?
  let direction: LinearProgram.Direction?
  let objectiveValue: Rational?
  let objectiveValueDecimal: DecimalClaim?
  let primal: NamedNumbers?
  let dual: NamedNumbers?
  let reducedCosts: NamedNumbers?
  let primalDecimal: StateVector<DecimalClaim>?
  let dualDecimal: StateVector<DecimalClaim>?
  /// What the answer says of other optimal points.
  let unprovedFields: [String]

  private static let keys = [
    "format", "version", "name", "objective", "direction", "status", "objectiveValue",
    "objectiveValueDecimal", "primal", "primalDecimal", "dual", "dualDecimal", "reducedCosts",
    "certificate", "method", "statistics", "warnings", "unique", "isUnique", "uniqueness",
    "optimalFace",
  ]

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: Self.keys)
    status = try fields.optional("status", read.text)
    direction = try fields.optional("direction", read.programDirection)
    objectiveValue = try fields.optional("objectiveValue", read.number)
    objectiveValueDecimal = try fields.optional("objectiveValueDecimal", read.decimal)
    primal = try fields.optional("primal", read.namedNumbers)
    dual = try fields.optional("dual", read.namedNumbers)
    reducedCosts = try fields.optional("reducedCosts", read.namedNumbers)
    primalDecimal = try fields.optional("primalDecimal", read.decimals)
    dualDecimal = try fields.optional("dualDecimal", read.decimals)
    unprovedFields = ["unique", "isUnique", "uniqueness", "optimalFace"].filter {
      fields[$0] != nil
    }
    if let status, !LPCertificateKind.allCases.contains(where: { $0.status == status }) {
      throw fields.error(
        "the status \(excerpt(status)) is unknown; there are 'optimal', 'infeasible', "
          + "'unbounded'", at: "status")
    }
  }

  /// What the reader has to know of an answer that is accepted.
  var warnings: [String] {
    unprovedFields.isEmpty
      ? []
      : ["the certificate does not speak of \(unprovedFields.joined(separator: ", ")): not checked"]
  }

  /// Rejects a claim that does not follow from a certificate that was checked.
  func requireProof(
    by certificate: LPCertificate, on program: LinearProgram, isEmbedded: Bool,
    _ progress: ProgressHandler
  ) throws(CheckFailure) {
    let proved = certificate.kind.status
    try require(
      status == nil || status == proved,
      "status: it is \(excerpt(status ?? "")), but the certificate proves '\(proved)'")
    if let direction {
      try program.require(direction)
    } else if !isEmbedded, certificate.kind != .infeasible {
      try program.require(.maximize)
    }
    guard case .optimal(let optimal) = certificate else { return try requireNoPoint(proved) }
    try requireValue(optimal)
    try requirePoints(optimal, on: program, progress)
  }

  private func requireNoPoint(_ proved: String) throws(CheckFailure) {
    let claims = [
      ("objectiveValue", objectiveValue != nil), ("primal", primal != nil), ("dual", dual != nil),
      ("objectiveValueDecimal", objectiveValueDecimal != nil),
      ("reducedCosts", reducedCosts != nil), ("primalDecimal", primalDecimal != nil),
      ("dualDecimal", dualDecimal != nil),
    ]
    for (field, isThere) in claims {
      try require(
        !isThere, "\(field): an answer that is \(proved) has no such field: nothing proves it")
    }
  }

  private func requireValue(_ optimal: LPOptimalCertificate) throws(CheckFailure) {
    if let objectiveValue, objectiveValue != optimal.objectiveValue {
      let (left, right) = shown(objectiveValue, versus: optimal.objectiveValue)
      throw .rejected("objectiveValue: it is \(left), but the certificate proves \(right)")
    }
    if let objectiveValueDecimal {
      try requireDecimal(
        objectiveValueDecimal, rounds: optimal.objectiveValue, "objectiveValueDecimal")
    }
  }

  private func requireDecimal(
    _ claim: DecimalClaim, rounds value: Rational, _ field: String
  ) throws(CheckFailure) {
    guard case .number(let text) = claim else {
      throw .rejected("\(field): it has bounds, but the value is exact")
    }
    let point = text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) - 1 }
    let expected = value.decimal(digits: point ?? 0)
    guard text == expected else {
      throw .rejected(
        "\(field): it is \(excerpt(text)), but the value rounds to \(excerpt(expected))")
    }
  }

  /// Checks rounded entries; the place of a name is what `place` says.
  private func requireDecimal(
    _ claims: StateVector<DecimalClaim>?, round values: [Rational], _ field: String,
    _ place: (String) -> Int?
  ) throws(CheckFailure) {
    guard let claims else { return }
    guard case .named(let entries) = claims else {
      throw .rejected("\(field): it has to be an object from names to numbers")
    }
    for (name, claim) in entries {
      guard let place = place(name) else {
        throw .rejected("\(field): the program has nothing of the name \(excerpt(name))")
      }
      try requireDecimal(claim, rounds: values[place], "\(field)[\(excerpt(name))]")
    }
  }

  /// An optimal pair stays one when either part is exchanged for another optimal one, so that
  /// the printed vectors are checked like a certificate where they differ from its own.
  private func requirePoints(
    _ optimal: LPOptimalCertificate, on program: LinearProgram, _ progress: ProgressHandler
  ) throws(CheckFailure) {
    let printed = LPOptimalCertificate(
      primal: try primal.map { (n) throws(CheckFailure) in
        try program.vector(ofColumns: n, "primal")
      } ?? optimal.primal,
      dual: try dual.map { (n) throws(CheckFailure) in
        try program.vector(ofRows: n, "dual")
      } ?? optimal.dual,
      objectiveValue: optimal.objectiveValue)
    if printed != optimal {
      _ = try LPCertificate.optimal(printed).statement(on: program, progress)
    }
    try requireDecimal(
      primalDecimal, round: printed.primal, "primalDecimal", program.column(named:))
    try requireDecimal(dualDecimal, round: printed.dual, "dualDecimal", program.row(named:))
    guard let reducedCosts else { return }
    let costs = try program.vector(ofColumns: reducedCosts, "reducedCosts")
    let multipliers = ScaledEntries(printed.dual)
    let sums = try LPJudge(program, progress).combination(multipliers)
    for (column, cost) in costs.enumerated() {
      let value = program.objective[column] - sums[column] / multipliers.scale
      guard cost == value else {
        let (left, right) = shown(cost, versus: value)
        throw .rejected(
          "reducedCosts: column \(excerpt(program.columnNames[column])): it is \(left), but the "
            + "multipliers make it \(right)")
      }
    }
  }
}
