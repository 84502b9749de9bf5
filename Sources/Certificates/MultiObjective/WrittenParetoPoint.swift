import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A certificate of the kind `pareto-point` as its file holds it, before it meets a model.
struct WrittenParetoPoint: Sendable {
  let objective: String?
  let direction: Direction
  let rewards: [String]
  let discount: Rational
  let initial: [(state: Reference, probability: Rational)]?
  let point: [Rational]
  let weight: [Rational]
  let occupancy: [WrittenOccupancyEntry]
  let values: NumberVector

  private static let keys = [
    "format", "version", "kind", "objective", "direction", "discount", "rewards", "initial",
    "point", "weight", "occupancy", "values",
  ]

  init(_ fields: CertificateFields, _ read: EntryReader) throws(InputError) {
    try fields.own.requireKeys(among: Self.keys)
    let texts = { (node: JSONNode) throws(Malformed) in try read.list(node, of: read.text) }
    let numbers = { (node: JSONNode) throws(Malformed) in try read.list(node, of: read.number) }
    objective = try fields.optional("objective", read.text)
    let direction =
      try fields.isEmbedded
      ? fields.optional("direction", read.direction)
      : fields.own.optional("direction", read.direction)
    self.direction = direction ?? .maximize
    rewards = try fields.own.required("rewards", texts)
    discount = try fields.required("discount", read.number)
    // A law that the solution alone states is compared, not taken over.
    initial = try fields.own.optional("initial", read.initialLaw)
    point = try fields.own.required("point", numbers)
    weight = try fields.own.required("weight", numbers)
    occupancy = try fields.own.required("occupancy", read.occupancy)
    // A solution prints the values of a policy, which need not be these.
    values = try fields.own.required("values", read.numberVector)
  }

  /// The certificate in terms of the model's states and actions.
  func fitted(to model: FiniteMDP) throws(CheckFailure) -> ParetoPointCertificate {
    if let objective {
      try require(
        objective == "discounted",
        "objective: it is '\(objective)', but a certificate of the kind "
          + "'\(ParetoPointCertificate.kind)' proves 'discounted'")
    }
    return ParetoPointCertificate(
      direction: direction, rewards: rewards, discount: discount,
      initial: try initial.map { (law) throws(CheckFailure) in try model.law(law) },
      point: point, weight: weight,
      occupancy: try OccupancyEntries(occupancy, in: model, "occupancy"),
      values: try values.vector(in: model, "values"))
  }
}

extension FiniteMDP {
  /// A law of the first state in terms of the model's states; rejects a state listed twice.
  func law(
    _ written: [(state: Reference, probability: Rational)]
  ) throws(CheckFailure) -> [(state: State, probability: Rational)] {
    var law: [(state: State, probability: Rational)] = []
    for (reference, probability) in written {
      law.append((try state(reference, in: "initial"), probability))
    }
    try require(Set(law.map(\.state)).count == law.count, "initial: a state is listed twice")
    return law
  }
}
