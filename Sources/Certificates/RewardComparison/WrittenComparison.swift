import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A comparison as its file holds it, before it meets a model.
struct WrittenComparison: Sendable {
  /// For each state that is there the actions with their probabilities.
  typealias WrittenPolicy = StateVector<[(action: Reference, probability: Rational)]>

  struct Optimum: Sendable {
    let values: NumberVector
    let policy: StateVector<Reference>
  }

  enum NormCertificate: Sendable {
    case span(maximum: Optimum, minimum: Optimum)
    case quotient(potential: NumberVector, dual: [(names: [Reference], value: Rational)])
  }

  enum DistanceCertificate: Sendable {
    case span([(multiplier: Rational, maximum: Optimum, minimum: Optimum)])
    case quotient(
      [(multiplier: Rational, potential: NumberVector)],
      dual: [(names: [Reference], value: Rational)])
  }

  struct Reward: Sendable {
    let name: String
    let isTrivial: Bool
    let minimum: Rational
    let maximum: Rational
    let span: Rational
    let norm: ComparisonAnswer.Number?
    /// The names of the entry's pair or triple, and its number.
    let canonical: [(names: [Reference], value: Rational)]?
    let policyValues: NumberVector?
    let maximumCertificate: Optimum?
    let minimumCertificate: Optimum?
    let normCertificate: NormCertificate?
  }

  struct Regret: Sendable {
    let multiplier: Rational
    let better: WrittenPolicy
    let worse: WrittenPolicy
    let upperValues: NumberVector
    let lowerValues: NumberVector
    let betterOccupancy: [WrittenOccupancyEntry]?
    let worseOccupancy: [WrittenOccupancyEntry]?
  }

  struct ProxyRegret: Sendable {
    let worst: Rational
    let best: Rational
    let worstCertificate: Optimum?
    let bestCertificate: Optimum?
  }

  enum Ordering: Sendable {
    case equivalent(scale: Rational, potential: NumberVector, secondPotential: NumberVector?)
    case witness(first: WrittenPolicy, second: WrittenPolicy, values: [[Rational]])
  }

  struct Pair: Sendable {
    let names: [String]
    let distance: ComparisonAnswer.Number
    let spanDistance: Rational
    let worstCaseRegret: [Rational]
    let proxyRegret: [ProxyRegret]
    let sameOrdering: Bool
    let reversedOrdering: Bool
    let sameOptimalPolicies: Bool
    let ordering: Ordering
    let boundConstants: (lower: Rational, upper: Rational)?
    let regretPolicies: [Regret?]
    let spanCertificates: (maximum: Optimum, minimum: Optimum)?
    let distanceCertificate: DistanceCertificate?
  }

  let discount: Rational
  let direction: Direction
  let initial: [(state: Reference, probability: Rational)]?
  let settings: ComparisonSettings
  let policy: WrittenPolicy?
  let comparedStates: [Reference]
  let rewards: [Reward]
  let pairs: [Pair]

  static let keys = [
    "format", "version", "discount", "direction", "initial", "canonicalization", "policy",
    "normalization", "metric", "comparedStates", "rewards", "pairs",
  ]

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: Self.keys)
    var pairs: [Pair] = []
    for pair in try fields.objects("pairs", read) { pairs.append(try Pair(pair, read)) }
    try self.init(rewardsOf: fields, pairs: pairs, read)
  }

  /// Everything but the pairs.
  init(
    rewardsOf fields: DocumentFields, pairs: [Pair] = [], _ read: EntryReader
  ) throws(InputError) {
    self.pairs = pairs
    discount = try fields.required("discount", read.number)
    direction = try fields.optional("direction", read.direction) ?? .maximize
    initial = try fields.optional("initial", read.initialLaw)
    settings = ComparisonSettings(
      canonicalization: try fields.required("canonicalization", read.named),
      normalization: try fields.required("normalization", read.named),
      metric: try fields.required("metric", read.named))
    guard settings.metric != .none else {
      throw fields.error("the metric has to be a norm, not 'none'", at: "metric")
    }
    policy = try fields.optional("policy", read.levellingPolicy) ?? nil
    comparedStates = try fields.required("comparedStates", read.references)
    guard let list = fields["rewards"] else { throw fields.missing("rewards") }
    guard case .object(let members) = list.kind else {
      throw fields.error(list.expected("an object").problem, at: "rewards")
    }
    var rewards: [Reward] = []
    for member in members {
      rewards.append(
        try Reward(
          name: member.key,
          DocumentFields(
            member.value, file: fields.file, path: "rewards[\(excerpt(member.key))]"), read))
    }
    self.rewards = rewards
  }
}

extension DocumentFields {
  /// The member `key` as an object of its own.
  func object(_ key: String) throws(InputError) -> DocumentFields? {
    guard let node = self[key] else { return nil }
    return try DocumentFields(node, file: file, path: path.isEmpty ? key : path + "." + key)
  }

  func requiredObject(_ key: String) throws(InputError) -> DocumentFields {
    guard let fields = try object(key) else { throw missing(key) }
    return fields
  }

  /// The elements of the array `key` as objects of their own.
  func objects(_ key: String, _ read: EntryReader) throws(InputError) -> [DocumentFields] {
    let nodes = try required(key) { (node: JSONNode) throws(Malformed) in
      try read.list(node) { (node) throws(Malformed) in node }
    }
    var objects: [DocumentFields] = []
    for (place, node) in nodes.enumerated() {
      let inner = "\(key)[\(place)]"
      objects.append(
        try DocumentFields(node, file: file, path: path.isEmpty ? inner : path + "." + inner))
    }
    return objects
  }

  /// Refuses unknown keys; a number may have a decimal beside it.
  func requireKeys(among known: [String], decimals: [String]) throws(InputError) {
    try requireKeys(among: known + decimals + decimals.map { $0 + "Decimal" })
  }
}
