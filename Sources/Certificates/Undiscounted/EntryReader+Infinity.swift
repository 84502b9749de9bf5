import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

// Entries that may be missing or infinite.

/// A number, or one of the two infinities.
struct ExtendedNumber: Sendable {
  let divergence: Divergence
  /// 0 where the number is infinite.
  let value: Rational
}

/// A state vector of numbers some of which may be infinite.
enum ExtendedVector: Sendable {
  case numbers(NumberVector)
  case extended(StateVector<ExtendedNumber>)
}

/// What a solution prints where a certificate proves a number that may be infinite.
enum ExtendedClaim: Sendable {
  case number(Claim)
  case infinite(Divergence)
}

/// The values that a solution prints: numbers in any form, or bounds where some state has bounds.
enum ExtendedValues: Sendable {
  case numbers(ExtendedVector)
  case claims(StateVector<ExtendedClaim>)
}

extension Divergence {
  /// The infinity that the text writes, or `nil`.
  init?(infinity text: String) {
    switch text {
    case "inf": self = .positive
    case "-inf": self = .negative
    default: return nil
    }
  }

  init?(infinity node: JSONNode) {
    guard case .string(let text) = node.kind else { return nil }
    self.init(infinity: text)
  }
}

extension EntryReader {
  /// A state vector that may leave states out: as missing members, or as `null` in an array.
  func partialVector<Entry>(
    _ node: JSONNode, of entry: (JSONNode) throws(Malformed) -> Entry
  ) throws(Malformed) -> StateVector<Entry?> {
    guard case .array = node.kind else {
      return try stateVector(node) { (member) throws(Malformed) in try entry(member) }
    }
    return .listed(
      try list(node) { (element) throws(Malformed) -> Entry? in
        if case .null = element.kind { return nil }
        return try entry(element)
      })
  }

  func partialPolicy(_ node: JSONNode) throws(Malformed) -> StateVector<Reference?> {
    try partialVector(node, of: reference)
  }

  func partialPolicies(_ node: JSONNode) throws(Malformed) -> [StateVector<Reference?>] {
    try list(node, of: partialPolicy)
  }

  func partialActionSets(_ node: JSONNode) throws(Malformed) -> StateVector<[Reference]?> {
    try partialVector(node, of: references)
  }

  func partialActionSetsByStep(
    _ node: JSONNode
  ) throws(Malformed) -> [StateVector<[Reference]?>] {
    try list(node, of: partialActionSets)
  }

  func partialNumbers(_ node: JSONNode) throws(Malformed) -> StateVector<Rational?> {
    try partialVector(node, of: number)
  }

  /// A natural number; `nil` for `inf`.
  func distance(_ node: JSONNode) throws(Malformed) -> Int? {
    if Divergence(infinity: node) == .positive { return nil }
    return try naturalNumber(node)
  }

  func distances(_ node: JSONNode) throws(Malformed) -> StateVector<Int?> {
    try stateVector(node, of: distance)
  }

  func partialDistances(_ node: JSONNode) throws(Malformed) -> StateVector<Int??> {
    try partialVector(node, of: distance)
  }

  func levels(_ node: JSONNode) throws(Malformed) -> StateVector<Int?> {
    try partialVector(node, of: naturalNumber)
  }

  func extendedNumber(_ node: JSONNode) throws(Malformed) -> ExtendedNumber {
    if let divergence = Divergence(infinity: node) {
      return ExtendedNumber(divergence: divergence, value: 0)
    }
    return ExtendedNumber(divergence: .finite, value: try number(node))
  }

  func extendedVector(_ node: JSONNode) throws(Malformed) -> ExtendedVector {
    let holdsInfinity = node.hasEntry { Divergence(infinity: $0) != nil }
    return holdsInfinity
      ? .extended(try stateVector(node, of: extendedNumber)) : .numbers(try numberVector(node))
  }

  func extendedClaim(_ node: JSONNode) throws(Malformed) -> ExtendedClaim {
    if let divergence = Divergence(infinity: node) { return .infinite(divergence) }
    return .number(try claim(node))
  }

  func extendedValues(_ node: JSONNode) throws(Malformed) -> ExtendedValues {
    node.hasEntry { $0.isObject }
      ? .claims(try stateVector(node, of: extendedClaim)) : .numbers(try extendedVector(node))
  }

  /// Decimals; an infinite value may stand among them as it is.
  func extendedDecimal(_ node: JSONNode) throws(Malformed) -> DecimalClaim {
    if Divergence(infinity: node) != nil { return .number(try text(node)) }
    return try decimal(node)
  }

  func extendedDecimals(_ node: JSONNode) throws(Malformed) -> StateVector<DecimalClaim?> {
    try partialVector(node, of: extendedDecimal)
  }
}

extension JSONNode {
  /// Whether an element of an array or a member of an object satisfies the condition.
  func hasEntry(where condition: (JSONNode) -> Bool) -> Bool {
    switch kind {
    case .array(let entries): entries.contains(where: condition)
    case .object(let members): members.contains { condition($0.value) }
    case .null, .bool, .number, .string: false
    }
  }
}

// MARK: - Fitting

extension StateVector {
  /// The entries in the order of the model's states, `nil` where a state is left out.
  func partialEntries<Wrapped>(
    in model: FiniteMDP, _ field: String
  ) throws(CheckFailure) -> [Wrapped?] where Entry == Wrapped? {
    switch self {
    case .listed(let entries):
      try requireCount(entries.count, model, field)
      return entries
    case .named(let members):
      var entries = [Wrapped?](repeating: nil, count: model.stateCount)
      for (name, entry) in members {
        entries[Int(try model.state(.name(name), in: field).index)] = entry
      }
      return entries
    }
  }
}

extension ExtendedVector {
  /// The numbers, 0 where they are infinite, and where they are.
  func fitted(
    to model: FiniteMDP, _ field: String
  ) throws(CheckFailure) -> (vector: RationalVector, divergence: [Divergence]) {
    switch self {
    case .numbers(let numbers):
      return (
        try numbers.vector(in: model, field), Array(repeating: .finite, count: model.stateCount)
      )
    case .extended(let extended):
      let entries = try extended.entries(in: model, field)
      return (RationalVector(entries.map(\.value)), entries.map(\.divergence))
    }
  }
}

extension FiniteMDP {
  /// The actions of a written policy, `nil` where a state is left out.
  func partialPolicy(
    _ written: StateVector<Reference?>, in field: String
  ) throws(CheckFailure) -> [Action?] {
    let references = try written.partialEntries(in: self, field)
    var policy: [Action?] = []
    policy.reserveCapacity(references.count)
    for (state, reference) in references.enumerated() {
      policy.append(
        try reference.map { (reference) throws(CheckFailure) in
          action(of: try choice(reference, at: State(state), in: field))
        })
    }
    return policy
  }
}
