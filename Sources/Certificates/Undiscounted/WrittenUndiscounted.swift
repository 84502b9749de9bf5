import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A certificate of an objective without discount as its file holds it, before it meets a model.
struct WrittenUndiscounted: Sendable {
  enum Body: Sendable {
    case reachability(WrittenReachability)
    case reachabilityBounded(WrittenBoundedReachability)
    case total(WrittenTotal)
    case average(WrittenAverage)
  }

  let kind: UndiscountedCertificateKind
  let objective: String?
  let direction: Direction
  let reward: String?
  let goal: String?
  /// Of no use here, but a field of every kind.
  let discount: Rational?
  let body: Body
}

/// The numbers of a certificate, or its bounds.
enum WrittenValues: Sendable {
  case exact(ExtendedVector)
  case enclosed(lower: ExtendedVector, upper: ExtendedVector)
}

struct WrittenReachability: Sendable {
  let values: WrittenValues
  let policy: StateVector<Reference?>
  let distance: StateVector<Int?>
}

struct WrittenBoundedReachability: Sendable {
  let steps: Int
  let values: [NumberVector]
  let policy: [StateVector<Reference?>]
}

struct WrittenTotal: Sendable {
  struct Ray: Sendable {
    let policy: StateVector<Reference?>
    let gain: StateVector<Rational?>
    let bias: StateVector<Rational?>
  }

  let values: WrittenValues
  let policy: StateVector<Reference?>
  let distance: StateVector<Int??>
  let level: StateVector<Int?>
  let ray: Ray?
}

struct WrittenAverage: Sendable {
  struct Pair: Sendable {
    let gain: NumberVector
    let bias: NumberVector
  }

  enum Claim: Sendable {
    case exact(Pair, biasWitness: NumberVector?)
    case enclosed(lower: Pair, upper: Pair)
  }

  let claim: Claim
  let policy: StateVector<Reference>
}

extension WrittenUndiscounted {
  init(
    _ fields: CertificateFields, kind: UndiscountedCertificateKind, _ read: EntryReader
  ) throws(InputError) {
    let own = fields.own
    try own.requireKeys(among: UndiscountedCertificateKind.commonKeys + kind.ownKeys)
    self.kind = kind
    objective = try fields.optional("objective", read.text)
    // The direction of a certificate in a file of its own is never taken from elsewhere.
    direction =
      try
      (fields.isEmbedded
      ? fields.optional("direction", read.direction) : own.optional("direction", read.direction))
      ?? .maximize
    discount = try own.optional("discount", read.number)
    switch kind {
    case .reachabilityExact, .reachabilityEnclosed:
      reward = try own.optional("reward", read.text)
      goal = try fields.required("goal", read.text)
      body = .reachability(try WrittenReachability(fields, kind, read))
    case .reachabilityBounded:
      reward = try own.optional("reward", read.text)
      goal = try fields.required("goal", read.text)
      body = .reachabilityBounded(try WrittenBoundedReachability(fields, read))
    case .totalExact, .totalEnclosed:
      reward = try fields.required("reward", read.text)
      goal = try fields.required("goal", read.text)
      body = .total(try WrittenTotal(fields, kind, direction, read))
    case .averageExact, .averageEnclosed:
      reward = try fields.required("reward", read.text)
      goal = try own.optional("goal", read.text)
      body = .average(try WrittenAverage(fields, kind, read))
    }
  }
}

extension WrittenValues {
  fileprivate init(
    _ fields: CertificateFields, isExact: Bool,
    _ vector: (JSONNode) throws(Malformed) -> ExtendedVector
  ) throws(InputError) {
    if isExact {
      self = .exact(try fields.required("values", vector))
    } else {
      self = .enclosed(
        lower: try fields.own.required("lower", vector),
        upper: try fields.own.required("upper", vector))
    }
  }
}

extension WrittenValues {
  /// Whether some value is of such a kind.
  fileprivate func holds(_ condition: (Divergence) -> Bool) -> Bool {
    switch self {
    case .exact(let values): values.holds(condition)
    case .enclosed(let lower, let upper): lower.holds(condition) || upper.holds(condition)
    }
  }
}

extension ExtendedVector {
  fileprivate func holds(_ condition: (Divergence) -> Bool) -> Bool {
    switch self {
    case .numbers: condition(.finite)
    case .extended(.named(let members)): members.contains { condition($0.entry.divergence) }
    case .extended(.listed(let entries)): entries.contains { condition($0.divergence) }
    }
  }
}

extension WrittenReachability {
  fileprivate init(
    _ fields: CertificateFields, _ kind: UndiscountedCertificateKind, _ read: EntryReader
  ) throws(InputError) {
    values = try WrittenValues(fields, isExact: kind == .reachabilityExact) {
      (node) throws(Malformed) in .numbers(try read.numberVector(node))
    }
    policy = try fields.required("policy", read.partialPolicy)
    distance = try fields.own.required("distance", read.distances)
  }
}

extension WrittenBoundedReachability {
  fileprivate init(_ fields: CertificateFields, _ read: EntryReader) throws(InputError) {
    steps = try fields.own.required("steps", read.naturalNumber)
    // A solution prints the values of the first step alone, so that these cannot be left to it.
    values = try fields.own.required("values", read.numberVectors)
    policy = try fields.required("policy", read.partialPolicies)
  }
}

extension WrittenTotal {
  fileprivate init(
    _ fields: CertificateFields, _ kind: UndiscountedCertificateKind, _ direction: Direction,
    _ read: EntryReader
  ) throws(InputError) {
    let own = fields.own
    values = try WrittenValues(fields, isExact: kind == .totalExact, read.extendedVector)
    policy = try fields.required("policy", read.partialPolicy)
    distance = try own.required("distance", read.partialDistances)
    let improper = direction.divergenceWithoutProperPolicy
    // Nothing has a level, or needs a ray, where every value is a number.
    if own["level"] == nil, values.holds({ $0 == improper }) { throw own.missing("level") }
    if own["ray"] == nil, values.holds({ $0 != improper && $0 != .finite }) {
      throw own.missing("ray")
    }
    level = try own.optional("level", read.levels) ?? .named([])
    ray = try own["ray"].map { (node) throws(InputError) in
      let path = own.path.isEmpty ? "ray" : own.path + ".ray"
      let inner = try DocumentFields(node, file: own.file, path: path)
      try inner.requireKeys(among: ["policy", "gain", "bias"])
      return Ray(
        policy: try inner.required("policy", read.partialPolicy),
        gain: try inner.required("gain", read.partialNumbers),
        bias: try inner.required("bias", read.partialNumbers))
    }
  }
}

extension WrittenAverage {
  fileprivate init(
    _ fields: CertificateFields, _ kind: UndiscountedCertificateKind, _ read: EntryReader
  ) throws(InputError) {
    policy = try fields.required("policy", read.policy)
    if kind == .averageExact {
      claim = .exact(
        Pair(
          gain: try fields.required("gain", read.numberVector),
          bias: try fields.required("bias", read.numberVector)),
        biasWitness: try fields.own.optional("biasWitness", read.numberVector))
    } else {
      claim = .enclosed(
        lower: try Pair(fields.own, "lower", read), upper: try Pair(fields.own, "upper", read))
    }
  }
}

extension WrittenAverage.Pair {
  fileprivate init(
    _ fields: DocumentFields, _ key: String, _ read: EntryReader
  ) throws(InputError) {
    guard let node = fields[key] else { throw fields.missing(key) }
    let path = fields.path.isEmpty ? key : fields.path + "." + key
    let inner = try DocumentFields(node, file: fields.file, path: path)
    try inner.requireKeys(among: ["gain", "bias"])
    gain = try inner.required("gain", read.numberVector)
    bias = try inner.required("bias", read.numberVector)
  }
}
