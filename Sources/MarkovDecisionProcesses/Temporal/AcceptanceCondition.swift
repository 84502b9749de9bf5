/// Which marks a run shows: a set of numbers from 0 to 127.
public struct MarkSet: Sendable, Hashable {
  /// Bit `m` is set when mark `m` is in the set.
  public private(set) var bits: UInt128 = 0

  /// The number of marks that can be told apart.
  public static let capacity = 128

  public init() {}

  public init(_ marks: some Sequence<Int>) {
    for mark in marks { insert(mark) }
  }

  public mutating func insert(_ mark: Int) { bits |= 1 << UInt128(mark) }
  public mutating func formUnion(_ other: MarkSet) { bits |= other.bits }
  public func contains(_ mark: Int) -> Bool { bits >> UInt128(mark) & 1 == 1 }
  public func isSubset(of other: MarkSet) -> Bool { bits & ~other.bits == 0 }
  public func isDisjoint(with other: MarkSet) -> Bool { bits & other.bits == 0 }
  public var isEmpty: Bool { bits == 0 }

  /// Ascending.
  public var marks: [Int] { (0..<Self.capacity).filter(contains) }
}

/// When a run is accepted, by the marks that it shows infinitely often: the condition of
/// E. A. Emerson and C.-L. Lei, *Modalities for model checking*, 1987.
public indirect enum AcceptanceCondition: Sendable, Hashable {
  case constant(Bool)
  /// The mark occurs infinitely often.
  case infinitely(Int)
  /// The mark occurs finitely often.
  case finitely(Int)
  case and([AcceptanceCondition])
  case or([AcceptanceCondition])

  /// Whether a run is accepted that shows exactly these marks infinitely often.
  public func holds(_ recurring: MarkSet) -> Bool {
    switch self {
    case .constant(let value): value
    case .infinitely(let mark): recurring.contains(mark)
    case .finitely(let mark): !recurring.contains(mark)
    case .and(let parts): parts.allSatisfy { $0.holds(recurring) }
    case .or(let parts): parts.contains { $0.holds(recurring) }
    }
  }

  /// The condition of the other runs.
  public var negated: AcceptanceCondition {
    switch self {
    case .constant(let value): .constant(!value)
    case .infinitely(let mark): .finitely(mark)
    case .finitely(let mark): .infinitely(mark)
    case .and(let parts): .or(parts.map(\.negated))
    case .or(let parts): .and(parts.map(\.negated))
    }
  }

  /// All marks that occur in the condition.
  public var marks: MarkSet {
    switch self {
    case .constant: return MarkSet()
    case .infinitely(let mark), .finitely(let mark): return MarkSet([mark])
    case .and(let parts), .or(let parts):
      return parts.reduce(into: MarkSet()) { $0.formUnion($1.marks) }
    }
  }
}

/// A generalised Rabin pair: no mark of ``finite`` recurs, and every mark of ``infinite`` does.
public struct AcceptancePair: Sendable, Hashable {
  public let finite: MarkSet
  public let infinite: MarkSet

  public init(finite: MarkSet, infinite: MarkSet) {
    self.finite = finite
    self.infinite = infinite
  }

  /// Whether a run is accepted that shows exactly these marks infinitely often.
  public func holds(_ recurring: MarkSet) -> Bool {
    finite.isDisjoint(with: recurring) && infinite.isSubset(of: recurring)
  }
}

extension AcceptanceCondition {
  /// Generalised Rabin pairs one of which holds exactly if the condition does: its disjunctive
  /// normal form, without pairs that another one contains.
  ///
  /// - Returns: `nil` when there are more than `limit` of them on the way.
  public func pairs(limit: Int = 4096) -> [AcceptancePair]? {
    switch self {
    case .constant(let value):
      return value ? [AcceptancePair(finite: MarkSet(), infinite: MarkSet())] : []
    case .infinitely(let mark):
      return [AcceptancePair(finite: MarkSet(), infinite: MarkSet([mark]))]
    case .finitely(let mark):
      return [AcceptancePair(finite: MarkSet([mark]), infinite: MarkSet())]
    case .or(let parts):
      var all: [AcceptancePair] = []
      for part in parts {
        guard let pairs = part.pairs(limit: limit), all.count + pairs.count <= limit else {
          return nil
        }
        all += pairs
      }
      return Self.withoutContained(all)
    case .and(let parts):
      var all = [AcceptancePair(finite: MarkSet(), infinite: MarkSet())]
      for part in parts {
        guard let pairs = part.pairs(limit: limit), all.count * pairs.count <= limit else {
          return nil
        }
        all = Self.withoutContained(Self.products(all, pairs))
      }
      return all
    }
  }

  private static func products(
    _ left: [AcceptancePair], _ right: [AcceptancePair]
  ) -> [AcceptancePair] {
    left.flatMap { a in
      right.compactMap { b in
        var (finite, infinite) = (a.finite, a.infinite)
        finite.formUnion(b.finite)
        infinite.formUnion(b.infinite)
        guard finite.isDisjoint(with: infinite) else { return nil }
        return AcceptancePair(finite: finite, infinite: infinite)
      }
    }
  }

  private static func withoutContained(_ pairs: [AcceptancePair]) -> [AcceptancePair] {
    var kept: [AcceptancePair] = []
    for pair in pairs {
      if kept.contains(where: { $0.contains(pair) }) { continue }
      kept.removeAll { pair.contains($0) }
      kept.append(pair)
    }
    return kept
  }
}

extension AcceptancePair {
  /// Whether every run that `other` accepts is accepted.
  package func contains(_ other: AcceptancePair) -> Bool {
    finite.isSubset(of: other.finite) && infinite.isSubset(of: other.infinite)
  }
}

extension AcceptanceCondition: CustomStringConvertible {
  /// As the Hanoi omega-automata format writes it.
  public var description: String { text(inside: false) }

  private func text(inside isFactor: Bool) -> String {
    switch self {
    case .constant(let value): value ? "t" : "f"
    case .infinitely(let mark): "Inf(\(mark))"
    case .finitely(let mark): "Fin(\(mark))"
    case .and(let parts):
      parts.isEmpty ? "t" : parts.map { $0.text(inside: true) }.joined(separator: "&")
    case .or(let parts):
      if parts.isEmpty {
        "f"
      } else if parts.count == 1 {
        parts[0].text(inside: isFactor)
      } else {
        isFactor
          ? "(\(parts.map { $0.text(inside: false) }.joined(separator: "|")))"
          : parts.map { $0.text(inside: false) }.joined(separator: " | ")
      }
    }
  }
}
