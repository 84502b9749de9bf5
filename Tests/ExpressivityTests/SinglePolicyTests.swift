import Certificates
import ExactArithmetic
import Expressivity
import MarkovDecisionProcesses
import Synchronization
import TestSupport
import Testing

/// One acceptable policy where the margin leaves rewards open: against the program that lists all
/// neighbours, whose check goes another way too.
@Suite("One acceptable policy with a choice among rewards")
struct SinglePolicyTests {
  /// A model as rows of transitions, with a law of its own for the start.
  private struct Model {
    var states: [String]
    var actions: [String]
    var rows: [(String, String, String, String)]
    var start: [(String, String)]

    var text: String {
      let law = start.map { "[\"\($0)\",\"\($1)\"]" }.joined(separator: ",")
      return WorkedTasks.model(
        states: states, actions: actions, transitions: rows, initial: "", discount: "9/10"
      ).replacing("\"initial\":\"\"", with: "\"initial\":[\(law)]")
    }

    static func uniform(_ states: [String]) -> [(String, String)] {
      states.map { ($0, "1/\(states.count)") }
    }

    /// Rows with thirds, drawn.
    static func drawn(_ count: Int, _ random: inout SplitMix64) -> Model {
      let states = (0..<count).map { "s\($0)" }
      let actions = (0..<3).map { "a\($0)" }
      var rows: [(String, String, String, String)] = []
      for state in states {
        for action in actions {
          let first = Int(random.below(UInt64(count)))
          let second = (first + 1 + Int(random.below(UInt64(count - 1)))) % count
          rows.append((state, action, states[first], "1/3"))
          rows.append((state, action, states[second], "2/3"))
        }
      }
      return Model(states: states, actions: actions, rows: rows, start: uniform(states))
    }

    /// A room where a step succeeds with 4/5 and slips to a side otherwise; mirrored left and right.
    static func room(width: Int, height: Int) -> Model {
      let name = { (row: Int, column: Int) in "r\(row)c\(column)" }
      let moves = [(-1, 0), (0, 1), (1, 0), (0, -1)]
      var rows: [(String, String, String, String)] = []
      for row in 0..<height {
        for column in 0..<width {
          for (action, _) in moves.enumerated() {
            var law: [String: Int] = [:]
            for (turn, weight) in [(0, 8), (1, 1), (3, 1)] {
              let move = moves[(action + turn) % 4]
              let target = name(
                min(max(row + move.0, 0), height - 1), min(max(column + move.1, 0), width - 1))
              law[target, default: 0] += weight
            }
            for (target, weight) in law.sorted(by: { $0.key < $1.key }) {
              rows.append((name(row, column), "m\(action)", target, "\(weight)/10"))
            }
          }
        }
      }
      let states = (0..<height).flatMap { row in (0..<width).map { name(row, $0) } }
      return Model(
        states: states, actions: (0..<4).map { "m\($0)" }, rows: rows, start: uniform(states))
    }

    func policy(_ choices: [Int]) -> String {
      "{" + zip(states, choices).map { "\"\($0)\":\"\(actions[$1])\"" }.joined(separator: ",") + "}"
    }

    func neighbours(of choices: [Int]) -> [String] {
      choices.indices.flatMap { state in
        actions.indices.filter { $0 != choices[state] }.map { action in
          var changed = choices
          changed[state] = action
          return policy(changed)
        }
      }
    }
  }

  private func isAccepted(_ text: String, _ task: ExpressTask) throws -> Bool {
    try ExpressAnswerDocument.read(bytes: [UInt8](text.utf8), path: "answer")
      .verify(against: task).isAccepted
  }

  /// The general program takes over where rounded programs do not lead to an exact point.
  private func isShort(_ said: [String]) -> Bool {
    !said.contains { $0.hasPrefix("solving the linear program of") }
  }

  /// - Returns: what the computation said on its way.
  private func compare(
    _ model: Model, _ choices: [Int], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String] {
    let acceptable = "\"acceptable\":[\(model.policy(choices))]"
    let task = try WorkedTasks.task("policy-set", "MR", on: model.text, acceptable)
    let candidates = model.neighbours(of: choices).joined(separator: ",")
    let listed = try WorkedTasks.task(
      "policy-set", "MR", on: model.text, "\(acceptable),\"candidates\":[\(candidates)]")
    let stages = Mutex<[String]>([])
    var options = ExpressOptions()
    options.progress = ProgressHandler(report: { stage, _ in stages.withLock { $0.append(stage) } })
    let answer = try express(task, options: options)
    let margin = try #require(answer.margin, sourceLocation: sourceLocation)
    #expect(margin == (try express(listed).margin), sourceLocation: sourceLocation)
    let text = try fileText(of: answer, to: task)
    #expect(try isAccepted(text, task), sourceLocation: sourceLocation)
    #expect(try isAccepted(text, listed), sourceLocation: sourceLocation)
    return stages.withLock { $0 }
  }

  @Test("starts everywhere: many rewards are free, the margin stays", .tags(.differential))
  func uniformStart() throws {
    var random = SplitMix64(seed: 29)
    for _ in 0..<4 {
      let model = Model.drawn(8, &random)
      #expect(isShort(try compare(model, model.states.map { _ in Int(random.below(3)) })))
    }
  }

  @Test("a start in few states", .tags(.differential))
  func pointStart() throws {
    var random = SplitMix64(seed: 31)
    var model = Model.drawn(8, &random)
    // A cycle by every first action, so that the policy visits all states.
    for state in model.states.indices {
      model.rows[6 * state + 1].2 = model.states[(state + 1) % 8]
      model.rows[6 * state].2 = model.states[(state + 3) % 8]
    }
    model.start = [("s2", "3/7"), ("s5", "4/7")]
    #expect(isShort(try compare(model, model.states.map { _ in 0 })))
  }

  /// Mirror images have equal weights, so that requirements stand at their bounds which the
  /// multipliers do not mention.
  @Test("a room with a mirror", .tags(.differential))
  func mirror() throws {
    var compared = 0
    for (width, height) in [(3, 3), (3, 2), (2, 4)] {
      let model = Model.room(width: width, height: height)
      // Up everywhere, and down from the first row against up from all others.
      for choices in [
        model.states.map { _ in 0 }, model.states.indices.map { $0 / width == 0 ? 2 : 0 },
      ] {
        let said = try compare(model, choices)
        if isShort(said), said.contains(where: { $0.hasPrefix("comparing ") }) { compared += 1 }
      }
    }
    #expect(compared > 0)
  }
}
