import ExactArithmetic
import MarkovDecisionProcesses

// Statement: the vertices and facets are all of the upper boundary of what can be attained.
// Proof: `proofs-notes/pareto-front-certificate.md`.

extension ParetoFrontCertificate {
  /// Checks every condition of the certificate on `model`, without solving anything.
  public func verify(in model: FiniteMDP) -> Verdict {
    uninterrupted { progress throws(Interrupted) in
      try verify(in: model, progress: progress)
    }
  }

  /// The same, for a caller that may stop it.
  ///
  /// - Complexity: for V vertices and F facets, V + F passes over the model, V·F remainders of
  ///   products of points and normals, and `k^d` determinants for a vertex on `k` facets.
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      let proof = try proof(in: model, progress)
      return .accepted(
        statement: proof.statement, warnings: Certificates.warnings(about: discount, in: model))
    }
  }

  /// Checks the conditions one by one; what they prove, and for each facet the vertices on it.
  func proof(
    in model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) -> (statement: String, incidence: [[Int]]) {
    try require(
      (2...4).contains(rewards.count),
      "rewards: a front is of 2 to 4 rewards, but there are \(rewards.count)")
    try require(!vertices.isEmpty, "vertices: there is none")
    for (index, vertex) in vertices.enumerated() {
      try inside("vertices[\(index)].certificate") { () throws(CheckFailure) in
        try requireTerms(of: vertex, in: model)
        _ = try vertex.statement(in: model, progress)
      }
    }
    try requireBounds(in: model, progress)
    let incidence = try incidence(progress)
    try NormalCells(normals: facets.map(\.normal), incidence: incidence, count: vertices.count)
      .requireCover(progress)
    for (index, members) in incidence.enumerated() {
      try require(
        spansFacet(facets[index].normal, members),
        "facets[\(index)]: the vertices on it span no facet")
    }
    return (sentence(in: model), incidence)
  }

  private func requireTerms(
    of vertex: ParetoPointCertificate, in model: FiniteMDP
  ) throws(CheckFailure) {
    try require(
      vertex.direction == direction,
      "direction: it is '\(vertex.direction.rawValue)', but the front's is "
        + "'\(direction.rawValue)'")
    try require(vertex.rewards == rewards, "rewards: they are not those of the front")
    try require(
      vertex.discount == discount,
      "discount: it is \(shown(vertex.discount)), but the front's is \(shown(discount))")
    try requireSameLaw(
      initial ?? model.initial, vertex.initial ?? model.initial, by: "the front")
  }

  /// Each facet holds for every attainable point.
  private func requireBounds(
    in model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) {
    let judge = try ScalarizedJudge(
      rewards, in: model, discount: discount, direction: direction, progress)
    let start = try checkedLaw(initial, in: model)
    for (index, facet) in facets.enumerated() {
      try inside("facets[\(index)]") { () throws(CheckFailure) in
        try judge.requireWeight(facet.normal, "normal")
        let sum = facet.normal.reduce(Rational.zero, +)
        try require(sum == 1, "normal: the entries add up to \(shown(sum)), not 1")
        try judge.requireSuperharmonic(facet.values, for: facet.normal)
        let (mean, offset) = shown(facet.values.mean(start), versus: facet.offset)
        try require(
          facet.values.mean(start) == facet.offset,
          "values: their mean under the initial law is \(mean), but the offset is \(offset)")
      }
    }
    try require(
      Set(facets.map(\.normal)).count == facets.count, "facets: a normal is listed twice")
  }

  /// For each facet the vertices on it.
  private func incidence(_ progress: ProgressHandler) throws(CheckFailure) -> [[Int]] {
    try require(
      Set(vertices.map(\.point)).count == vertices.count, "vertices: a point is listed twice")
    let points = vertices.map { Self.integers($0.point + [-1]) }
    let residues = points.map { $0.map(Residue.init) }
    var incidence: [[Int]] = []
    for facet in facets {
      try check(progress)
      let normal = Self.integers(facet.normal + [facet.offset])
      let residue = normal.map(Residue.init)
      // Beyond it there is no vertex: each is attained. Most that are not on it are told apart by
      // a remainder.
      incidence.append(
        vertices.indices.filter { vertex in
          Residue.product(residue, residues[vertex]).isZero
            && zip(normal, points[vertex]).reduce(Integer(0)) { $0 + $1.0 * $1.1 }.isZero
        })
    }
    return incidence
  }

  /// The positive multiple in integers.
  private static func integers(_ numbers: [Rational]) -> [Integer] {
    let scale = numbers.reduce(Integer(1)) { Integer.lcm($0, $1.denominator) }
    return numbers.map { $0.numerator * scale.exactlyDivided(by: $0.denominator) }
  }

  /// Whether the vertices on a facet, with the directions along which it goes down for ever, span
  /// a hyperplane.
  private func spansFacet(_ normal: [Rational], _ members: [Int]) -> Bool {
    guard let first = members.first else { return false }
    var basis = LinearSpan()
    for axis in normal.indices where normal[axis].isZero {
      basis.insert(normal.indices.map { $0 == axis ? 1 : 0 })
    }
    for member in members.dropFirst() where basis.dimension < normal.count - 1 {
      basis.insert(zip(vertices[member].point, vertices[first].point).map { $0 - $1 })
    }
    return basis.dimension == normal.count - 1
  }

  private func sentence(in model: FiniteMDP) -> String {
    let names = rewards.map { "'\($0)'" }.joined(separator: ", ")
    let start = initial.map { " from \(phrase($0, in: model))" } ?? ""
    return
      "the \(vertices.count) vertices and \(facets.count) facets are the whole Pareto front of "
      + "the expected discounted sums of the rewards \(names) with discount \(shown(discount))"
      + "\(start), where all are " + (direction == .maximize ? "maximized" : "minimized")
  }
}

/// Runs a check and puts `place` in front of the reason why it fails.
func inside(
  _ place: @autoclosure () -> String, _ check: () throws(CheckFailure) -> Void
) throws(CheckFailure) {
  do throws(CheckFailure) {
    try check()
  } catch .rejected(let reason) {
    throw .rejected("\(place()): \(reason)")
  }
}

/// Asks whether to go on.
func check(_ progress: ProgressHandler) throws(CheckFailure) {
  do throws(Interrupted) {
    try progress.checkpoint()
  } catch {
    throw .interrupted(error)
  }
}

/// An integer modulo the prime `2⁶¹ − 1`.
private struct Residue {
  private static let prime: UInt64 = (1 << 61) - 1
  private let value: UInt64

  var isZero: Bool { value == 0 }

  init(_ integer: Integer) {
    let rest = (integer % Integer(Int(Self.prime))).word ?? 0
    value = rest < 0 ? UInt64(rest + Int(Self.prime)) : UInt64(rest)
  }

  private init(_ value: UInt64) { self.value = value }

  static func product(_ a: [Residue], _ b: [Residue]) -> Residue {
    var sum: UInt64 = 0
    for (x, y) in zip(a, b) {
      let product = x.value.multipliedFullWidth(by: y.value)
      sum = (sum + prime.dividingFullWidth(product).remainder) % prime
    }
    return Residue(sum)
  }
}
