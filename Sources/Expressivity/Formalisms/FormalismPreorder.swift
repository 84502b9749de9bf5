import Certificates

/// Which formalism expresses at least which: the relation `X ≥ Y` on the seventeen, decided for
/// every pair by the arrows of ``Inclusion`` and the counterexamples of ``Witness``.
///
/// `X ≥ Y` means that every order of policies that `Y` can induce on some finite environment is
/// also induced there by `X`.
public struct FormalismPreorder: Sendable {
  /// Why a pair holds or fails.
  public enum Reason: Sendable, Hashable {
    /// A chain of arrows from the weaker to the stronger formalism, empty for a formalism and
    /// itself.
    case inclusions([Inclusion])
    /// The weaker side of the witness expresses at least `from`, and `to` at least its stronger
    /// side.
    case witness(Witness)
  }

  /// An ordered pair of different formalisms.
  public struct Relation: Sendable, Hashable {
    public let from: Formalism
    public let to: Formalism
    public let reason: Reason

    /// Whether `from` expresses at least `to`.
    public var holds: Bool {
      if case .inclusions = reason { true } else { false }
    }

    /// What a failing pair rests on: ``from`` is at most the first formalism, which by the witness
    /// fails what the second one expresses, and ``to`` is at least that one.
    public let separation: (weaker: Formalism, stronger: Formalism)?

    public static func == (a: Relation, b: Relation) -> Bool {
      a.from == b.from && a.to == b.to && a.reason == b.reason
    }

    public func hash(into hasher: inout Hasher) {
      hasher.combine(from)
      hasher.combine(to)
    }
  }

  /// The 272 ordered pairs, by `from` and `to` in the order of ``Formalism``.
  public let relations: [Relation]
  private let chains: [[Formalism: [Inclusion]]]

  public init() {
    let chains = Formalism.allCases.map(Self.chains(from:))
    self.chains = chains
    let everything = Formalism.allCases
    var relations: [Relation] = []
    for (row, from) in everything.enumerated() {
      for to in everything where to != from {
        if let chain = chains[Self.place(of: to)][from] {
          relations.append(
            Relation(from: from, to: to, reason: .inclusions(chain), separation: nil))
        } else if let witness = Self.witness(from: row, to: to, chains) {
          let weaker = witness.weaker.first { chains[row][$0] != nil }
          let stronger = witness.stronger.first { chains[Self.place(of: $0)][to] != nil }
          relations.append(
            Relation(
              from: from, to: to, reason: .witness(witness),
              separation: weaker.flatMap { weaker in stronger.map { (weaker, $0) } }))
        }
      }
    }
    self.relations = relations
  }

  /// The formalisms grouped by equal expressive power, in the order of ``Formalism``.
  public var classes: [[Formalism]] {
    var classes: [[Formalism]] = []
    for formalism in Formalism.allCases {
      if let place = classes.firstIndex(where: { areEquivalent($0[0], formalism) }) {
        classes[place].append(formalism)
      } else {
        classes.append([formalism])
      }
    }
    return classes
  }

  /// The covering pairs of the classes, as places in ``classes``: `upper` expresses strictly more
  /// than `lower`, and no class lies between.
  public var coverings: [(upper: Int, lower: Int)] {
    let classes = classes
    func isAbove(_ upper: Int, _ lower: Int) -> Bool {
      upper != lower && expresses(classes[upper][0], classes[lower][0])
    }
    var pairs: [(upper: Int, lower: Int)] = []
    for upper in classes.indices {
      for lower in classes.indices where isAbove(upper, lower) {
        let isCovering = !classes.indices.contains { isAbove(upper, $0) && isAbove($0, lower) }
        if isCovering { pairs.append((upper, lower)) }
      }
    }
    return pairs
  }

  /// Whether `stronger` expresses at least `weaker`.
  public func expresses(_ stronger: Formalism, _ weaker: Formalism) -> Bool {
    chains[Self.place(of: weaker)][stronger] != nil
  }

  /// A shortest chain of arrows from a formalism to one that expresses at least as much.
  func chain(from weaker: Formalism, to stronger: Formalism) -> [Inclusion]? {
    chains[Self.place(of: weaker)][stronger]
  }

  private func areEquivalent(_ first: Formalism, _ second: Formalism) -> Bool {
    expresses(first, second) && expresses(second, first)
  }

  private static func place(of formalism: Formalism) -> Int {
    // The cases are few and all of them are there.
    Formalism.allCases.firstIndex(of: formalism) ?? 0
  }

  /// For each formalism that expresses at least `start` a shortest chain of arrows to it.
  private static func chains(from start: Formalism) -> [Formalism: [Inclusion]] {
    var chains: [Formalism: [Inclusion]] = [start: []]
    var queue = [start]
    var next = 0
    while next < queue.count {
      let formalism = queue[next]
      next += 1
      for arrow in Inclusion.all where arrow.weaker == formalism && chains[arrow.stronger] == nil {
        chains[arrow.stronger] = (chains[formalism] ?? []) + [arrow]
        queue.append(arrow.stronger)
      }
    }
    return chains
  }

  /// A witness that `from` does not express `to`: `from` is at most a formalism that fails, and
  /// `to` at least one that succeeds.
  ///
  /// Finite evidence comes first, since it is recomputed.
  private static func witness(
    from row: Int, to: Formalism, _ chains: [[Formalism: [Inclusion]]]
  ) -> Witness? {
    let fitting = Witness.allCases.filter { witness in
      witness.weaker.contains { chains[row][$0] != nil }
        && witness.stronger.contains { chains[place(of: $0)][to] != nil }
    }
    return fitting.first { $0.evidence == .finite } ?? fitting.first
  }
}
