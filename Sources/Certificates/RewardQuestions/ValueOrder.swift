// What is here: the order of finitely many policies by their values, and what another reward makes of
// it. After Skalse, Howe, Krasheninnikov, Krueger, *Defining and characterizing reward hacking*, 2022;
// `proofs-notes/reward-hacking.md`.

import ExactArithmetic
import MarkovDecisionProcesses

/// Places of policies in classes of equal value, ascending.
package struct ValueOrder {
  package let classes: [[Int]]

  package init(_ values: [Rational]) {
    var groups: [[Int]] = []
    for place in values.indices.sorted(by: { (values[$0], $0) < (values[$1], $1) }) {
      if let last = groups.last, values[last[0]] == values[place] {
        groups[groups.count - 1].append(place)
      } else {
        groups.append([place])
      }
    }
    classes = groups
  }

  /// Two places, the first in a lower class, of which `other` strictly prefers the first.
  ///
  /// - Complexity: O(n).
  package func inversion(in other: [Rational]) -> (first: Int, second: Int)? {
    var best: Int?
    for group in classes {
      // The largest number of all earlier classes against the least of this one.
      if let best, let least = group.min(by: { other[$0] < other[$1] }),
        other[best] > other[least]
      {
        return (best, least)
      }
      for place in group where best.map({ other[place] > other[$0] }) ?? true { best = place }
    }
    return nil
  }

  /// Whether `other` inverts nothing and keeps all ties.
  package func isSimplified(by other: [Rational]) -> Bool {
    inversion(in: other) == nil
      && classes.allSatisfy { group in group.allSatisfy { other[$0] == other[group[0]] } }
  }

  /// Whether it makes ties of some, but not of all steps from class to class, too.
  package func isNontriviallySimplified(by other: [Rational]) -> Bool {
    guard isSimplified(by: other) else { return false }
    let steps = zip(classes, classes.dropFirst()).map { other[$1[0]] - other[$0[0]] }
    return steps.contains { $0.isZero } && steps.contains { !$0.isZero }
  }
}

/// The spans of differences of occupancies: of all, and of those in one class.
package struct OccupancyDifferences {
  /// `dim F` and `dim Z`.
  package let dimensions: (all: Int, ties: Int)

  package init(_ masses: [OccupancyEntries], order: ValueOrder) {
    let vectors = masses.map { masses in
      Dictionary(
        masses.entries.map { ($0.choice.index, $0.mass) }, uniquingKeysWith: { first, _ in first })
    }
    let difference = { (a: Int, b: Int) in
      vectors[a].merging(vectors[b].mapValues { -$0 }, uniquingKeysWith: +)
    }
    dimensions = (
      Self.rank(vectors.indices.dropFirst().map { difference($0, 0) }),
      Self.rank(
        order.classes.flatMap { group in group.dropFirst().map { difference($0, group[0]) } })
    )
  }

  private static func rank(_ vectors: [[Int32: Rational]]) -> Int {
    var basis: [(pivot: Int32, vector: [Int32: Rational])] = []
    for vector in vectors {
      var rest = vector
      for (pivot, known) in basis {
        guard let value = rest[pivot], !value.isZero, let own = known[pivot] else { continue }
        let factor = value / own
        for (place, entry) in known { rest[place, default: 0] -= factor * entry }
      }
      rest = rest.filter { !$0.value.isZero }
      if let pivot = rest.keys.min() { basis.append((pivot, rest)) }
    }
    return basis.count
  }
}
