import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A certificate of a constrained problem as its file holds it, before it meets a model.
struct WrittenConstrained: Sendable {
  struct Entry: Sendable {
    let state: Reference
    let action: Reference
    let mass: Rational
  }

  /// What `constrained-optimal` has beside.
  struct Optimum: Sendable {
    let occupancy: [Entry]
    let objectiveValue: Rational
  }

  let kind: ConstrainedCertificate.Kind
  let objective: String?
  let direction: Direction
  let reward: String?
  let discount: Rational
  let initial: [(state: Reference, probability: Rational)]?
  let constraints: [RewardConstraint]
  let multipliers: [Rational]
  let values: NumberVector
  /// `nil` for `constrained-infeasible`.
  let optimum: Optimum?
}

extension WrittenConstrained {
  private static let keys = [
    "format", "version", "kind", "objective", "direction", "reward", "discount", "initial",
    "constraints", "multipliers", "values",
  ]

  init(
    _ fields: CertificateFields, kind: ConstrainedCertificate.Kind, _ read: EntryReader
  ) throws(InputError) {
    let own = fields.own
    try own.requireKeys(
      among: Self.keys + (kind == .optimal ? ["occupancy", "objectiveValue"] : []))
    self.kind = kind
    // What a file of its own says is never taken from the solution that names it.
    let isEmbedded = fields.isEmbedded
    objective = try own.optional("objective", read.text)
    direction =
      try
      (isEmbedded
      ? fields.optional("direction", read.direction) : own.optional("direction", read.direction))
      ?? .maximize
    reward =
      try kind == .optimal
      ? fields.required("reward", read.text) : fields.optional("reward", read.text)
    discount = try fields.required("discount", read.number)
    initial =
      try isEmbedded
      ? fields.optional("initial", read.initialLaw) : own.optional("initial", read.initialLaw)
    // A solution's own `constraints` say more, and it has no `values` in this sense.
    constraints = try own.required("constraints", read.constraints)
    multipliers = try own.required("multipliers", read.numbers)
    values = try own.required("values", read.numberVector)
    optimum =
      kind == .optimal
      ? Optimum(
        occupancy: try own.required("occupancy", read.occupancyEntries),
        objectiveValue: try own.required("objectiveValue", read.number))
      : nil
  }

  /// The certificate in terms of the model's states and actions.
  func fitted(to model: FiniteMDP) throws(CheckFailure) -> ConstrainedCertificate {
    let terms = ConstrainedTerms(
      direction: direction, reward: reward, discount: discount, constraints: constraints,
      initial: try initial.map { (law) throws(CheckFailure) in try model.law(law) })
    let values = try self.values.vector(in: model, "values")
    guard let optimum else {
      return .infeasible(
        ConstrainedInfeasibleCertificate(terms: terms, multipliers: multipliers, values: values))
    }
    var occupancy: [(choice: Choice, mass: Rational)] = []
    for (index, entry) in optimum.occupancy.enumerated() {
      let field = "occupancy[\(index)]"
      let state = try model.state(entry.state, in: field)
      occupancy.append((try model.choice(entry.action, at: state, in: field), entry.mass))
    }
    return .optimal(
      ConstrainedOptimalCertificate(
        terms: terms, occupancy: occupancy, multipliers: multipliers, values: values,
        objectiveValue: optimum.objectiveValue))
  }
}

extension EntryReader {
  func numbers(_ node: JSONNode) throws(Malformed) -> [Rational] {
    try list(node, of: number)
  }

  func constraints(_ node: JSONNode) throws(Malformed) -> [RewardConstraint] {
    try list(node) { (entry) throws(Malformed) in
      try constraint(entry, extraKeys: [])
    }
  }

  /// `{"reward", "relation", "bound"}` and nothing else but `extraKeys`.
  func constraint(
    _ node: JSONNode, extraKeys: Set<String>
  ) throws(Malformed) -> RewardConstraint {
    guard case .object(let members) = node.kind else {
      throw node.expected("an object with 'reward', 'relation' and 'bound'")
    }
    let known = extraKeys.union(["reward", "relation", "bound"])
    for member in members where !known.contains(member.key) && !member.key.hasPrefix("x-") {
      throw Malformed("unknown key \(excerpt(member.key))")
    }
    return RewardConstraint(
      reward: try member("reward", of: node, text),
      relation: try member("relation", of: node, relation),
      bound: try member("bound", of: node, number))
  }

  func member<Value>(
    _ key: String, of node: JSONNode, _ read: (JSONNode) throws(Malformed) -> Value
  ) throws(Malformed) -> Value {
    guard let value = node[key] else { throw Malformed("the key '\(key)' is missing") }
    return try inside(key, read, value)
  }

  private func relation(_ node: JSONNode) throws(Malformed) -> RewardConstraint.Relation {
    guard let relation = RewardConstraint.Relation(rawValue: try text(node)) else {
      throw node.expected("'<=', '>=' or '='")
    }
    return relation
  }

  func occupancyEntries(_ node: JSONNode) throws(Malformed) -> [WrittenConstrained.Entry] {
    try list(node) { (entry) throws(Malformed) in
      guard case .array(let parts) = entry.kind, parts.count == 3 else {
        throw entry.expected("[state, action, number]")
      }
      return WrittenConstrained.Entry(
        state: try inside("[0]", reference, parts[0]),
        action: try inside("[1]", reference, parts[1]),
        mass: try inside("[2]", number, parts[2]))
    }
  }
}
