// What is here: the proof that a deterministic automaton accepts exactly the runs whose finite
// traces satisfy a formula. Truth on a finite trace is settled from its end, where nothing holds at
// a next position; the set of guesses that make the formula true at the first position is the state
// of a deterministic automaton. Proof: proofs-notes/finite-traces.md.

import ExactJSON
import MarkovDecisionProcesses

extension TraceSemantics {
  /// The name in files and on the command line.
  public var objective: String { isFinite ? "ltlf" : "ltl" }

  /// What the probability is of.
  func sentence(about formula: String) -> String {
    switch self {
    case .infinite: "the formula \(excerpt(formula))"
    case .somePrefix: "a prefix that satisfies the formula \(excerpt(formula))"
    case .ending(let label):
      "a trace that ends at \(excerpt(label)) and satisfies the formula \(excerpt(formula))"
    }
  }
}

/// Compares an automaton with a formula on the finite traces of words over some letters.
struct FiniteTraceTableau {
  private enum Progress: Hashable {
    case start
    /// One bit for each valuation of the rest that makes the formula true.
    case open([UInt64])
    case decided(Bool)
  }

  private let automaton: OmegaAutomaton
  private let letters: [AutomatonLetter]
  /// The place of the label that ends traces among the automaton's propositions.
  private let end: Int?
  private let valuationCount: Int
  /// For each letter and valuation of the rest: the valuation before it, and the formula's truth.
  private var before: [Int32] = []
  private var holds: [Bool] = []

  private static let maximumOperators = 12
  private static let maximumNodes = 1 << 17

  /// - Returns: `nil` when there are too many temporal operators.
  init?(
    _ formula: TemporalFormula, _ semantics: TraceSemantics, _ automaton: OmegaAutomaton,
    letters: [AutomatonLetter]
  ) {
    var parts = TemporalParts()
    parts.collect(formula)
    guard parts.list.count <= Self.maximumOperators else { return nil }
    self.automaton = automaton
    self.letters = letters
    end = semantics.end.flatMap { automaton.propositions.firstIndex(of: $0) }
    valuationCount = 1 << parts.list.count
    let places = Dictionary(
      automaton.propositions.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for letter in letters {
      for valuation in 0..<UInt32(valuationCount) {
        let position = TableauPosition(
          letter: letter, valuation: valuation, propositions: places, places: parts.places)
        var mask: Int32 = 0
        for (place, part) in parts.list.enumerated() {
          let isTrue =
            if case .next(let inner) = part {
              position.satisfies(inner)
            } else {
              position.satisfies(part)
            }
          if isTrue { mask |= 1 << Int32(place) }
        }
        before.append(mask)
        holds.append(position.satisfies(formula))
      }
    }
  }

  /// Whether some word is accepted whose traces do not satisfy the formula, or the other way
  /// round.
  ///
  /// - Returns: `nil` when the formula needs too large an automaton.
  func hasDisagreement() -> Bool? {
    var numbers: [Progress: Int] = [.start: 0]
    var all: [Progress] = [.start]
    var steps: [Int] = []
    while steps.count < all.count * letters.count {
      let progress = all[steps.count / max(letters.count, 1)]
      for letter in letters.indices {
        let next = after(progress, letter)
        let number = numbers[next] ?? all.count
        if number == all.count {
          guard all.count * automaton.stateCount < Self.maximumNodes else { return nil }
          numbers[next] = number
          all.append(next)
        }
        steps.append(number)
      }
    }
    return [false, true].contains { verdict in
      disagrees(
        all.map { $0 == .decided(true) }, steps, verdict,
        verdict ? automaton.acceptance.negated : automaton.acceptance)
    }
  }

  /// Whether a cycle among the nodes that are decided to be true (or among the others) meets the
  /// condition.
  private func disagrees(
    _ isTrue: [Bool], _ steps: [Int], _ verdict: Bool, _ condition: AcceptanceCondition
  ) -> Bool {
    var places: [Int: Int32] = [automaton.initial * isTrue.count: 0]
    var nodes = [automaton.initial * isTrue.count]
    var search = FairCycleSearch(everyFairness: 0)
    var next = 0
    while next < nodes.count {
      let (state, progress) = nodes[next].quotientAndRemainder(dividingBy: isTrue.count)
      for (number, letter) in letters.enumerated() {
        let edge = automaton.edge(from: state, on: letter)
        let after = steps[progress * letters.count + number]
        let node = edge.target * isTrue.count + after
        let place = places[node] ?? Int32(nodes.count)
        if Int(place) == nodes.count {
          places[node] = place
          nodes.append(node)
        }
        if isTrue[progress] == verdict, isTrue[after] == verdict {
          search.addEdge(to: place, marks: edge.marks, fairness: 0)
        }
      }
      search.endNode()
      next += 1
    }
    return search.hasCycle(condition)
  }

  private func after(_ progress: Progress, _ letter: Int) -> Progress {
    var bits = [UInt64](repeating: 0, count: (valuationCount + 63) / 64)
    let base = letter * valuationCount
    for valuation in 0..<valuationCount {
      let isTrue: Bool
      switch progress {
      case .decided: return progress
      case .start: isTrue = holds[base + valuation]
      case .open(let old):
        let earlier = Int(before[base + valuation])
        isTrue = old[earlier >> 6] >> UInt64(earlier & 63) & 1 == 1
      }
      if isTrue { bits[valuation >> 6] |= 1 << UInt64(valuation & 63) }
    }
    // If the trace ends here, nothing holds at a next position: the valuation 0.
    let endsTrue = bits[0] & 1 == 1
    if let end {
      return letters[letter] >> UInt64(end) & 1 == 1 ? .decided(endsTrue) : .open(bits)
    }
    return endsTrue ? .decided(true) : .open(bits)
  }
}
