import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// The file of a Pareto front, `rationale-pareto`, before it meets a model.
struct ParetoFrontDocument: Sendable {
  struct Vertex: Sendable {
    let point: [Rational]
    let weight: [Rational]
    let policy: StateVector<Reference>?
    let certificate: WrittenParetoPoint
    let pointDecimal: [String]?
  }

  struct Facet: Sendable {
    let normal: [Rational]
    let offset: Rational
    let values: NumberVector
    /// Claims beside what is proved.
    let vertices: [Int]?
    let isParetoOptimal: Bool?
    let offsetDecimal: String?
  }

  let objective: String?
  let direction: Direction
  let rewards: [String]
  let discount: Rational
  let initial: [(state: Reference, probability: Rational)]?
  let vertices: [Vertex]
  let facets: [Facet]
  let reference: [Rational]?
  let referenceDecimal: [String]?
  let hypervolume: Rational?
  let hypervolumeDecimal: String?
  /// The keys of claims that the certificate does not prove.
  let unproved: [String]
}

extension ParetoFrontDocument {
  private static let keys = [
    "format", "version", "objective", "direction", "rewards", "discount", "initial", "vertices",
    "facets", "reference", "referenceDecimal", "hypervolume", "hypervolumeDecimal", "statistics",
  ]
  private static let unprovedKeys = [
    "deterministic", "deterministicHypervolume", "deterministicHypervolumeDecimal",
  ]

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: Self.keys + Self.unprovedKeys)
    objective = try fields.optional("objective", read.text)
    direction = try fields.optional("direction", read.direction) ?? .maximize
    rewards = try fields.required("rewards", read.texts)
    discount = try fields.required("discount", read.number)
    initial = try fields.optional("initial", read.initialLaw)
    var vertices: [Vertex] = []
    for entry in try fields.objects("vertices") { vertices.append(try Vertex(entry, read)) }
    self.vertices = vertices
    var facets: [Facet] = []
    for entry in try fields.objects("facets") { facets.append(try Facet(entry, read)) }
    self.facets = facets
    reference = try fields.optional("reference", read.numbers)
    referenceDecimal = try fields.optional("referenceDecimal", read.texts)
    hypervolume = try fields.optional("hypervolume", read.number)
    hypervolumeDecimal = try fields.optional("hypervolumeDecimal", read.text)
    unproved = Self.unprovedKeys.filter { fields[$0] != nil }
  }
}

extension ParetoFrontDocument.Vertex {
  fileprivate init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: ["point", "pointDecimal", "weight", "policy", "certificate"])
    point = try fields.required("point", read.numbers)
    pointDecimal = try fields.optional("pointDecimal", read.texts)
    weight = try fields.required("weight", read.numbers)
    policy = try fields.optional("policy", read.policy)
    guard let node = fields["certificate"] else { throw fields.missing("certificate") }
    let inner = try DocumentFields(
      node, file: fields.file, path: fields.path + ".certificate")
    try inner.requireCertificate()
    let kind = try inner.required("kind", read.text)
    guard kind == ParetoPointCertificate.kind else {
      throw inner.error(
        "'\(ParetoPointCertificate.kind)' is expected here, but there is \(excerpt(kind))",
        at: "kind")
    }
    certificate = try WrittenParetoPoint(
      CertificateFields(own: inner, solution: nil, isEmbedded: true), read)
  }
}

extension ParetoFrontDocument.Facet {
  fileprivate init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: [
      "normal", "offset", "offsetDecimal", "values", "vertices", "isParetoOptimal",
    ])
    normal = try fields.required("normal", read.numbers)
    offset = try fields.required("offset", read.number)
    offsetDecimal = try fields.optional("offsetDecimal", read.text)
    values = try fields.required("values", read.numberVector)
    vertices = try fields.optional("vertices") { (node) throws(Malformed) in
      try read.list(node, of: read.naturalNumber)
    }
    isParetoOptimal = try fields.optional("isParetoOptimal", read.truth)
  }
}

extension EntryReader {
  fileprivate func texts(_ node: JSONNode) throws(Malformed) -> [String] {
    try list(node, of: text)
  }
}

extension DocumentFields {
  /// The objects of the array `key`.
  fileprivate func objects(_ key: String) throws(InputError) -> [DocumentFields] {
    guard let node = self[key] else { throw missing(key) }
    guard case .array(let nodes) = node.kind else {
      throw error("\(node.expected("an array").problem)", at: key)
    }
    var objects: [DocumentFields] = []
    for (index, node) in nodes.enumerated() {
      objects.append(try DocumentFields(node, file: file, path: "\(key)[\(index)]"))
    }
    return objects
  }
}

// MARK: - Against a model

extension ParetoFrontDocument {
  func verify(
    against model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      try Certificates.require(
        objective == nil || objective == "discounted",
        "objective: it is '\(objective ?? "")', but a front is of 'discounted' sums")
      let certificate = try fitted(to: model)
      let proof = try certificate.proof(in: model, progress)
      try requireClaims(certificate, proof.incidence, in: model)
      try requireDecimals()
      let isMeasured = try requireHypervolume()
      let unproved = (isMeasured ? [] : ["hypervolume"]) + unproved
      let remarks = unproved.map { "\($0): it is not checked" }
      return .accepted(
        statement: proof.statement, warnings: warnings(about: discount, in: model) + remarks)
    }
  }

  private func fitted(to model: FiniteMDP) throws(CheckFailure) -> ParetoFrontCertificate {
    var points: [ParetoPointCertificate] = []
    for (index, vertex) in vertices.enumerated() {
      try inside("vertices[\(index)].certificate") { () throws(CheckFailure) in
        points.append(try vertex.certificate.fitted(to: model))
      }
    }
    var bounds: [ParetoFrontCertificate.Facet] = []
    for (index, facet) in facets.enumerated() {
      bounds.append(
        ParetoFrontCertificate.Facet(
          normal: facet.normal, offset: facet.offset,
          values: try facet.values.vector(in: model, "facets[\(index)].values")))
    }
    return ParetoFrontCertificate(
      direction: direction, rewards: rewards, discount: discount,
      initial: try initial.map { (law) throws(CheckFailure) in try model.law(law) },
      vertices: points, facets: bounds)
  }

  /// What is printed beside the certificates.
  private func requireClaims(
    _ certificate: ParetoFrontCertificate, _ incidence: [[Int]], in model: FiniteMDP
  ) throws(CheckFailure) {
    for (index, vertex) in vertices.enumerated() {
      let own = certificate.vertices[index]
      try Certificates.require(
        vertex.point == own.point, "vertices[\(index)].point: it is not that of the certificate")
      try Certificates.require(
        vertex.weight == own.weight,
        "vertices[\(index)].weight: it is not that of the certificate")
      guard let policy = vertex.policy else { continue }
      let field = "vertices[\(index)].policy"
      let actions = try model.policy(policy, in: field)
      // The flow equations have one solution for the policy of the masses.
      for (choice, mass) in own.occupancy.entries where !mass.isZero {
        let state = model.state(of: choice)
        try Certificates.require(
          actions[Int(state.index)] == model.action(of: choice),
          "\(field): at state \(model.name(state)) it is not the policy of the certificate")
      }
    }
    for (index, facet) in facets.enumerated() {
      try Certificates.require(
        facet.vertices == nil || facet.vertices?.sorted() == incidence[index],
        "facets[\(index)].vertices: on the facet are "
          + incidence[index].map(String.init).joined(separator: ", "))
      let isOptimal = facet.normal.allSatisfy { $0.signum > 0 }
      try Certificates.require(
        facet.isParetoOptimal == nil || facet.isParetoOptimal == isOptimal,
        "facets[\(index)].isParetoOptimal: it has to be \(isOptimal)")
    }
  }

  private func requireDecimals() throws(CheckFailure) {
    for (index, vertex) in vertices.enumerated() {
      try require(vertex.pointDecimal, round: vertex.point, "vertices[\(index)].pointDecimal")
    }
    for (index, facet) in facets.enumerated() {
      try require(
        facet.offsetDecimal.map { [$0] }, round: [facet.offset], "facets[\(index)].offsetDecimal")
    }
    try require(referenceDecimal, round: reference ?? [], "referenceDecimal")
    try require(
      hypervolumeDecimal.map { [$0] }, round: hypervolume.map { [$0] } ?? [],
      "hypervolumeDecimal")
  }

  private func require(
    _ texts: [String]?, round numbers: [Rational], _ field: String
  ) throws(CheckFailure) {
    guard let texts else { return }
    let isRight =
      texts.count == numbers.count
      && zip(texts, numbers).allSatisfy { Rounding($0, of: $1.fraction)?.isNearest == true }
    try Certificates.require(
      isRight, "\(field): the decimals are not those of the numbers beside")
  }

  /// Measures once more what the facets enclose, unless there are too many; false then.
  private func requireHypervolume() throws(CheckFailure) -> Bool {
    if let reference {
      try Certificates.require(
        reference.count == rewards.count,
        "reference: there are \(reference.count) entries, but \(rewards.count) rewards")
    }
    guard let hypervolume else { return true }
    guard let reference else {
      throw .rejected("hypervolume: there is no reference beside it")
    }
    if facets.count > ClippedVolume.limit(dimension: rewards.count) { return false }
    let sign: Rational = direction == .maximize ? 1 : -1
    let volume = ClippedVolume(
      facets.map { ($0.normal, sign * $0.offset) }, above: reference.map { sign * $0 })
    try Certificates.require(
      hypervolume == volume.value,
      "hypervolume: it is \(shown(volume.value)), not \(shown(hypervolume))")
    return true
  }
}
