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
  }

  struct Facet: Sendable {
    let normal: [Rational]
    let offset: Rational
    let values: NumberVector
    /// Claims beside what is proved.
    let vertices: [Int]?
    let isParetoOptimal: Bool?
  }

  let objective: String?
  let direction: Direction
  let rewards: [String]
  let discount: Rational
  let initial: [(state: Reference, probability: Rational)]?
  let vertices: [Vertex]
  let facets: [Facet]
  /// The keys of claims that the certificate does not prove.
  let unproved: [String]
}

extension ParetoFrontDocument {
  private static let keys = [
    "format", "version", "objective", "direction", "rewards", "discount", "initial", "vertices",
    "facets", "reference", "referenceDecimal", "statistics",
  ]
  private static let unprovedKeys = [
    "hypervolume", "hypervolumeDecimal", "deterministic", "deterministicHypervolume",
    "deterministicHypervolumeDecimal",
  ]

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: Self.keys + Self.unprovedKeys)
    objective = try fields.optional("objective", read.text)
    direction = try fields.optional("direction", read.direction) ?? .maximize
    rewards = try fields.required("rewards") { (node) throws(Malformed) in
      try read.list(node, of: read.text)
    }
    discount = try fields.required("discount", read.number)
    initial = try fields.optional("initial", read.initialLaw)
    var vertices: [Vertex] = []
    for entry in try fields.objects("vertices") { vertices.append(try Vertex(entry, read)) }
    self.vertices = vertices
    var facets: [Facet] = []
    for entry in try fields.objects("facets") { facets.append(try Facet(entry, read)) }
    self.facets = facets
    unproved = Self.unprovedKeys.filter { fields[$0] != nil }
  }
}

extension ParetoFrontDocument.Vertex {
  fileprivate init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: ["point", "pointDecimal", "weight", "policy", "certificate"])
    point = try fields.required("point", read.numbers)
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
    values = try fields.required("values", read.numberVector)
    vertices = try fields.optional("vertices") { (node) throws(Malformed) in
      try read.list(node, of: read.naturalNumber)
    }
    isParetoOptimal = try fields.optional("isParetoOptimal", read.truth)
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
      try require(
        objective == nil || objective == "discounted",
        "objective: it is '\(objective ?? "")', but a front is of 'discounted' sums")
      let certificate = try fitted(to: model)
      let proof = try certificate.proof(in: model, progress)
      try requireClaims(certificate, proof.incidence, in: model)
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
      try require(
        vertex.point == own.point, "vertices[\(index)].point: it is not that of the certificate")
      try require(
        vertex.weight == own.weight,
        "vertices[\(index)].weight: it is not that of the certificate")
      guard let policy = vertex.policy else { continue }
      let field = "vertices[\(index)].policy"
      let actions = try model.policy(policy, in: field)
      // The flow equations have one solution for the policy of the masses.
      for (choice, mass) in own.occupancy.entries where !mass.isZero {
        let state = model.state(of: choice)
        try require(
          actions[Int(state.index)] == model.action(of: choice),
          "\(field): at state \(model.name(state)) it is not the policy of the certificate")
      }
    }
    for (index, facet) in facets.enumerated() {
      try require(
        facet.vertices == nil || facet.vertices?.sorted() == incidence[index],
        "facets[\(index)].vertices: on the facet are "
          + incidence[index].map(String.init).joined(separator: ", "))
      let isOptimal = facet.normal.allSatisfy { $0.signum > 0 }
      try require(
        facet.isParetoOptimal == nil || facet.isParetoOptimal == isOptimal,
        "facets[\(index)].isParetoOptimal: it has to be \(isOptimal)")
    }
  }
}
