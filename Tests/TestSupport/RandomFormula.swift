import ExactArithmetic
import MarkovDecisionProcesses

/// Random formulas over `a`, `b` and `c`, and words on which they are evaluated by definition.
public struct RandomFormula {
  public static let names = ["a", "b", "c"]
  private var random: SplitMix64

  public init(seed: UInt64) { random = SplitMix64(seed: seed) }

  public mutating func draw(_ bound: Int) -> Int { Int(random.below(UInt64(bound))) }

  /// A formula with this many temporal operators, as written.
  public mutating func next(operators: Int) -> TemporalFormula {
    guard operators > 0 else {
      if draw(8) == 0 { return .constant(draw(2) == 0) }
      let atom = TemporalFormula.proposition(Self.names[draw(3)])
      return draw(3) == 0 ? .not(atom) : atom
    }
    switch draw(12) {
    case 0: return .not(next(operators: operators))
    case 1, 2:
      let (a, b) = pair(operators)
      return .and(a, b)
    case 3, 4:
      let (a, b) = pair(operators)
      return .or(a, b)
    case 5: return .next(next(operators: operators - 1))
    case 6: return .finally(next(operators: operators - 1))
    case 7: return .globally(next(operators: operators - 1))
    case 8:
      let (a, b) = pair(operators - 1)
      return .until(a, b)
    case 9:
      let (a, b) = pair(operators - 1)
      return .release(a, b)
    case 10:
      let (a, b) = pair(operators - 1)
      return .until(b, .and(a, b))
    default:
      let (a, b) = pair(operators - 1)
      return .release(b, .or(a, b))
    }
  }

  private mutating func pair(_ operators: Int) -> (TemporalFormula, TemporalFormula) {
    let first = draw(operators + 1)
    return (next(operators: first), next(operators: operators - first))
  }

  /// A word that repeats its end from a random position on.
  public mutating func lasso() -> Lasso {
    let count = 1 + draw(7)
    let letters = (0..<count).map { _ in Set(Self.names.filter { _ in draw(2) == 0 }) }
    return Lasso(letters: letters, loop: draw(count))
  }
}

/// An infinite word: `letters`, then again and again those from `loop` on.
public struct Lasso: Sendable {
  public let letters: [Set<String>]
  public let loop: Int

  /// - Precondition: `loop` is the place of a letter.
  public init(letters: [Set<String>], loop: Int) {
    self.letters = letters
    self.loop = loop
  }

  /// Whether the word satisfies a formula, by the fixed points that define it.
  public func satisfies(_ formula: TemporalFormula) -> Bool { truths(formula)[0] }

  private func truths(_ formula: TemporalFormula) -> [Bool] {
    let following = letters.indices.map { $0 + 1 < letters.count ? $0 + 1 : loop }
    switch formula {
    case .constant(let value): return letters.map { _ in value }
    case .proposition(let name): return letters.map { $0.contains(name) }
    case .not(let inner): return truths(inner).map { !$0 }
    case .and(let a, let b): return zip(truths(a), truths(b)).map { $0 && $1 }
    case .or(let a, let b): return zip(truths(a), truths(b)).map { $0 || $1 }
    case .next(let inner):
      let truth = truths(inner)
      return following.map { truth[$0] }
    case .until(let a, let b):
      let (first, second) = (truths(a), truths(b))
      var truth = letters.map { _ in false }
      for _ in 0...letters.count {
        for place in letters.indices.reversed() {
          truth[place] = second[place] || (first[place] && truth[following[place]])
        }
      }
      return truth
    }
  }

  /// Whether an automaton accepts the word.
  public func isAccepted(by automaton: OmegaAutomaton) -> Bool {
    var state = automaton.initial
    for letter in letters[..<loop] {
      state = automaton.edge(from: state, on: automaton.letter(of: letter)).target
    }
    var rounds: [MarkSet] = []
    var seen: [Int: Int] = [:]
    while seen[state] == nil {
      seen[state] = rounds.count
      var marks = MarkSet()
      for letter in letters[loop...] {
        let edge = automaton.edge(from: state, on: automaton.letter(of: letter))
        state = edge.target
        marks.formUnion(edge.marks)
      }
      rounds.append(marks)
    }
    let recurring = rounds[(seen[state] ?? 0)...].reduce(into: MarkSet()) { $0.formUnion($1) }
    return automaton.acceptance.holds(recurring)
  }
}
