import ExactArithmetic
import TestSupport

/// A random automaton as a table, with its own reading of what it accepts and many ways to write
/// it down.
struct AutomatonSketch {
  struct Move: Hashable {
    var target: Int
    var marks: Set<Int>
  }

  /// An acceptance condition as text, and what it means, for the marks of the moves that recur.
  struct Condition {
    /// After `acc-name:`; empty without one.
    let name: String
    let setCount: Int
    let text: String
    let holds: ([Set<Int>]) -> Bool
  }

  static let names = ["a", "b", "c"]
  let propositionCount: Int
  let initial: Int
  /// By state and letter: bit `p` of a letter says whether proposition `p` holds.
  let moves: [[Move]]
  /// Marks of states, which are those of all their moves.
  let stateMarks: [Set<Int>]
  let condition: Condition

  var letterCount: Int { 1 << propositionCount }

  init(_ condition: Condition, _ random: inout SplitMix64) {
    self.condition = condition
    propositionCount = random.draw(4)
    let count = 1 + random.draw(5)
    initial = random.draw(count)
    let style = random.draw(3)
    func marks(_ random: inout SplitMix64) -> Set<Int> {
      Set((0..<condition.setCount).filter { _ in random.draw(3) == 0 })
    }
    var moves: [[Move]] = []
    var stateMarks: [Set<Int>] = []
    for _ in 0..<count {
      stateMarks.append(style == 0 ? [] : marks(&random))
      // Few moves, so that labels are more than letters.
      let few = (0..<(1 + random.draw(3))).map { _ in
        Move(target: random.draw(count), marks: style == 1 ? [] : marks(&random))
      }
      moves.append((0..<1 << propositionCount).map { _ in few[random.draw(few.count)] })
    }
    self.moves = moves
    self.stateMarks = stateMarks
  }

  /// Whether the automaton accepts a word, by the moves that recur.
  func accepts(_ word: Lasso) -> Bool {
    let letters = word.letters.map { letter in
      (0..<propositionCount).reduce(0) {
        $0 | (letter.contains(Self.names[$1]) ? 1 << $1 : 0)
      }
    }
    var state = initial
    var seen: [[Int]: Int] = [:]
    var marks: [Set<Int>] = []
    var position = 0
    while true {
      if position >= word.loop {
        if let start = seen[[state, position]] { return condition.holds(Array(marks[start...])) }
        seen[[state, position]] = marks.count
      }
      let move = moves[state][letters[position]]
      marks.append(move.marks.union(stateMarks[state]))
      state = move.target
      position = position + 1 < letters.count ? position + 1 : word.loop
    }
  }

  // MARK: - Conditions

  /// Every acceptance name of the format, of random size, and conditions without a name.
  static func conditions(_ random: inout SplitMix64) -> [Condition] {
    let k = 1 + random.draw(3)
    func recurs(_ set: Int, _ marks: [Set<Int>]) -> Bool { marks.contains { $0.contains(set) } }
    let each = (0..<k).map { $0 }
    var conditions: [Condition] = [
      .init(name: "all", setCount: 0, text: "t") { _ in true },
      .init(name: "none", setCount: 0, text: "f") { _ in false },
      .init(name: "Buchi", setCount: 1, text: "Inf(0)") { recurs(0, $0) },
      .init(name: "co-Buchi", setCount: 1, text: "Fin(0)") { !recurs(0, $0) },
      .init(
        name: "generalized-Buchi \(k)", setCount: k,
        text: each.map { "Inf(\($0))" }.joined(separator: "&")
      ) { marks in each.allSatisfy { recurs($0, marks) } },
      .init(
        name: "generalized-co-Buchi \(k)", setCount: k,
        text: each.map { "Fin(\($0))" }.joined(separator: " | ")
      ) { marks in each.contains { !recurs($0, marks) } },
      .init(
        name: "Rabin \(k)", setCount: 2 * k,
        text: each.map { "(Fin(\(2 * $0)) & Inf(\(2 * $0 + 1)))" }.joined(separator: " | ")
      ) { marks in each.contains { !recurs(2 * $0, marks) && recurs(2 * $0 + 1, marks) } },
      .init(
        name: "Streett \(k)", setCount: 2 * k,
        text: each.map { "(Fin(\(2 * $0)) | Inf(\(2 * $0 + 1)))" }.joined(separator: " & ")
      ) { marks in each.allSatisfy { !recurs(2 * $0, marks) || recurs(2 * $0 + 1, marks) } },
      .init(
        name: "generalized-Rabin 2 1 2", setCount: 5,
        text: "(Fin(0) & Inf(1)) | (Fin(2) & Inf(3) & Inf(4))"
      ) { marks in
        (!recurs(0, marks) && recurs(1, marks))
          || (!recurs(2, marks) && recurs(3, marks) && recurs(4, marks))
      },
      .init(name: "", setCount: 2, text: "Fin(!0) & (Inf(!1) | Inf(0))") { marks in
        marks.allSatisfy { $0.contains(0) }
          && (marks.contains { !$0.contains(1) } || recurs(0, marks))
      },
    ]
    for isMin in [true, false] {
      for isEven in [true, false] { conditions.append(parity(isMin, isEven, 1 + random.draw(5))) }
    }
    return conditions
  }

  /// The least (or greatest) set that recurs is even (or odd).
  private static func parity(_ isMin: Bool, _ isEven: Bool, _ count: Int) -> Condition {
    // From the innermost term outwards.
    let order = isMin ? Array((0..<count).reversed()) : Array(0..<count)
    var text = ""
    for set in order {
      let isGood = (set % 2 == 0) == isEven
      let term = isGood ? "Inf(\(set))" : "Fin(\(set))"
      text = text.isEmpty ? term : "\(term) \(isGood ? "|" : "&") (\(text))"
    }
    let name = "parity \(isMin ? "min" : "max") \(isEven ? "even" : "odd") \(count)"
    return .init(name: name, setCount: count, text: text) { marks in
      let recurring = marks.reduce(into: Set<Int>()) { $0.formUnion($1) }
      // Where nothing recurs the innermost term decides: Fin holds, Inf does not.
      guard let decisive = isMin ? recurring.min() : recurring.max() else {
        return (order[0] % 2 == 0) != isEven
      }
      return (decisive % 2 == 0) == isEven
    }
  }
}

// MARK: - Texts

extension AutomatonSketch {
  /// The automaton in one of the many forms that the format allows.
  func text(_ random: inout SplitMix64) -> String {
    var aliases: [String] = []
    let body = moves.indices.map { lines(of: $0, &aliases, &random) }.flatMap { $0 }
    let named = Self.names[..<propositionCount].map { "\"\($0)\"" }
    var header = [
      "Start: \(initial)", "AP: \(([String(propositionCount)] + named).joined(separator: " "))",
      "Acceptance: \(condition.setCount) \(condition.text)",
    ]
    if random.draw(3) > 0 { header.append("States: \(moves.count)") }
    if !condition.name.isEmpty { header.append("acc-name: \(condition.name)") }
    let optional = [
      "tool: \"some tool\" \"1.0\"", "name: \"a \\\"quoted\\\" name\"",
      "properties: trans-labels explicit-labels", "properties: deterministic", "properties:",
      "x-extra: 1 t \"text\" word", "controllable-AP: 0 1",
    ]
    header += optional.filter { _ in random.draw(3) == 0 }
    header.shuffle(using: &random)
    // An alias stands behind those that it is made of.
    header.insert(contentsOf: aliases, at: random.draw(header.count + 1))
    let words = ["HOA: v1"] + header + ["--BODY--"] + body + ["--END--"]
    let separators = ["\n", " ", "\n\n", " /* a /* nested */ comment */ ", "\t"]
    let style = random.draw(3)
    return words.map { $0 + (style == 0 ? "\n" : separators[random.draw(separators.count)]) }
      .joined()
  }

  private func lines(
    of state: Int, _ aliases: inout [String], _ random: inout SplitMix64
  ) -> [String] {
    let title = ["", " \"state \(state)\""][random.draw(2)]
    let marks = Self.text(of: stateMarks[state])
    let own = moves[state]
    if own.allSatisfy({ $0 == own[0] }), random.draw(2) == 0 {
      return ["State: [t] \(state)\(title)\(marks)", Self.text(of: own[0])]
    }
    let first = "State: \(state)\(title)\(marks)"
    // Edges without labels are in the order of the letters.
    if random.draw(3) == 0 { return [first] + own.map { Self.text(of: $0) } }
    var groups: [(move: Move, letters: [Int])] = []
    for (letter, move) in own.enumerated() {
      // Letters that lead to the same may still have edges of their own.
      if let place = groups.firstIndex(where: { $0.move == move }), random.draw(5) > 0 {
        groups[place].letters.append(letter)
      } else {
        groups.append((move, [letter]))
      }
    }
    groups.shuffle(using: &random)
    return [first]
      + groups.map { "[\(label(of: $0.letters, &aliases, &random))] \(Self.text(of: $0.move))" }
  }

  private static func text(of marks: Set<Int>) -> String {
    marks.isEmpty ? "" : " {\(marks.sorted().map(String.init).joined(separator: " "))}"
  }

  private static func text(of move: Move) -> String { "\(move.target)\(text(of: move.marks))" }

  /// The letters one by one, or the negation of the others; sometimes under a name.
  private func label(
    of letters: [Int], _ aliases: inout [String], _ random: inout SplitMix64
  ) -> String {
    let others = (0..<letterCount).filter { !letters.contains($0) }
    var text: String
    if others.isEmpty {
      text = "t"
    } else if random.draw(3) == 0 {
      text = "!(\(union(of: others, &aliases, &random)))"
    } else {
      text = union(of: letters, &aliases, &random)
    }
    guard random.draw(3) == 0 else { return text }
    let name = "@label-\(aliases.count)"
    aliases.append("Alias: \(name) \(text)")
    return ["\(name)", "(\(name))", "!!\(name)", "\(name) & t", "f | \(name)"][random.draw(5)]
  }

  private func union(
    of letters: [Int], _ aliases: inout [String], _ random: inout SplitMix64
  ) -> String {
    letters.map { letter in
      (0..<propositionCount).map { place in
        var literal = "\(place)"
        if random.draw(4) == 0 {
          literal = "@\(place)x\(aliases.count)"
          aliases.append("Alias: \(literal) \(place)")
        }
        return (letter >> place & 1 == 1 ? "" : "!") + literal
      }.joined(separator: "&")
    }.joined(separator: [" | ", "|"][random.draw(2)])
  }
}

extension SplitMix64 {
  mutating func draw(_ bound: Int) -> Int { Int(below(UInt64(bound))) }
}
