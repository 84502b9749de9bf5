import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A certificate as its file holds it, before it meets a model.
struct WrittenCertificate: Sendable {
  enum Body: Sendable {
    case discountedExact(values: NumberVector, policy: StateVector<Reference>)
    case discountedEnclosed(WrittenEnclosure)
    case finiteHorizon(WrittenHorizon)
  }

  let kind: CertificateKind
  let objective: String?
  let direction: Direction
  let reward: String
  let discount: Rational
  let body: Body
}

struct WrittenEnclosure: Sendable {
  let lower: NumberVector
  let upper: NumberVector
  let policy: StateVector<Reference>
  let policyIsOptimal: Bool
  let undecided: [Reference]
  let partition: StateVector<Int>?
}

struct WrittenHorizon: Sendable {
  let horizon: Int
  let terminal: NumberVector?
  let values: [NumberVector]
  let policy: [StateVector<Reference>]
}

/// The kinds of certificates that this module knows.
public enum CertificateKind: String, Sendable, CaseIterable {
  case discountedExact = "discounted-exact"
  case discountedEnclosed = "discounted-enclosed"
  case finiteHorizon = "finite-horizon"

  /// What the field `objective` says where it is present.
  var objective: String {
    switch self {
    case .discountedExact, .discountedEnclosed: "discounted"
    case .finiteHorizon: "finite-horizon"
    }
  }

  /// The fields beside those of every kind.
  var ownKeys: [String] {
    switch self {
    case .discountedExact: ["values", "policy"]
    case .discountedEnclosed:
      ["lower", "upper", "policy", "policyIsOptimal", "undecided", "partition"]
    case .finiteHorizon: ["horizon", "terminal", "values", "policy"]
    }
  }

  static let commonKeys = [
    "format", "version", "kind", "objective", "direction", "reward", "discount",
  ]
}

extension WrittenCertificate {
  init(_ fields: CertificateFields, _ read: EntryReader) throws(InputError) {
    let kindText = try fields.own.required("kind", read.text)
    guard let kind = CertificateKind(rawValue: kindText) else {
      let kinds =
        CertificateKind.allCases.map(\.rawValue)
        + UndiscountedCertificateKind.allCases.map(\.rawValue)
        + ConstrainedCertificate.Kind.allCases.map(\.rawValue)
        + [ParetoPointCertificate.kind, BlackwellCertificate.kind]
      let known = kinds.map { "'\($0)'" }.joined(separator: ", ")
      throw fields.own.error(
        "the kind \(excerpt(kindText)) is unknown; there are \(known)", at: "kind")
    }
    try fields.own.requireKeys(among: CertificateKind.commonKeys + kind.ownKeys)
    self.kind = kind
    objective = try fields.optional("objective", read.text)
    // The direction of a certificate in a file of its own is never taken from elsewhere.
    let direction =
      try fields.isEmbedded
      ? fields.optional("direction", read.direction)
      : fields.own.optional("direction", read.direction)
    self.direction = direction ?? .maximize
    reward = try fields.required("reward", read.text)
    discount = try fields.required("discount", read.number)
    switch kind {
    case .discountedExact:
      body = .discountedExact(
        values: try fields.required("values", read.numberVector),
        policy: try fields.required("policy", read.policy))
    case .discountedEnclosed: body = .discountedEnclosed(try WrittenEnclosure(fields, read))
    case .finiteHorizon: body = .finiteHorizon(try WrittenHorizon(fields, read))
    }
  }
}

extension WrittenEnclosure {
  fileprivate init(_ fields: CertificateFields, _ read: EntryReader) throws(InputError) {
    lower = try fields.required("lower", read.numberVector)
    upper = try fields.required("upper", read.numberVector)
    policy = try fields.required("policy", read.policy)
    policyIsOptimal = try fields.required("policyIsOptimal", read.truth)
    undecided = try fields.required("undecided", read.references)
    partition = try fields.optional("partition", read.classes)
  }
}

extension WrittenHorizon {
  fileprivate init(_ fields: CertificateFields, _ read: EntryReader) throws(InputError) {
    horizon = try fields.required("horizon", read.naturalNumber)
    terminal = try fields.optional("terminal", read.numberVector)
    // A solution prints the values of the first step alone, so that these cannot be left to it.
    values = try fields.own.required("values", read.numberVectors)
    policy = try fields.required("policy", read.policies)
  }
}
