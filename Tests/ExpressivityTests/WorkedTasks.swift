import Certificates
import ExactArithmetic
import Expressivity

/// Models and tasks of worked cases, as texts of the file formats.
enum WorkedTasks {
  /// Two states that alternate whatever the action.
  static let entailment = model(
    states: ["s0", "s1"], actions: ["a", "b"],
    transitions: [
      ("s0", "a", "s1", "1"), ("s0", "b", "s1", "1"), ("s1", "a", "s0", "1"),
      ("s1", "b", "s0", "1"),
    ], initial: "s0")

  /// One choice that leads to one of two absorbing states with two actions each.
  static let fork = model(
    states: ["s0", "s1", "s2"], actions: ["a", "b"],
    transitions: [
      ("s0", "a", "s1", "1"), ("s0", "b", "s2", "1"), ("s1", "a", "s1", "1"),
      ("s1", "b", "s1", "1"), ("s2", "a", "s2", "1"), ("s2", "b", "s2", "1"),
    ], initial: "s0")

  /// One state with these actions.
  static func bandit(_ actions: [String]) -> String {
    model(
      states: ["s"], actions: actions, transitions: actions.map { ("s", $0, "s", "1") },
      initial: "s")
  }

  /// A short and a long road to a choice between two absorbing states.
  static let roads = model(
    states: ["s0", "w", "c", "X", "Y"], actions: ["a", "b"],
    transitions: [
      ("s0", "a", "c", "1"), ("s0", "b", "w", "1"), ("w", "a", "c", "1"), ("c", "a", "X", "1"),
      ("c", "b", "Y", "1"), ("X", "a", "X", "1"), ("Y", "a", "Y", "1"),
    ], initial: "s0", labels: "{\"x\": [\"X\"]}")

  static let roadPolicies = """
    {"shortX":{"s0":"a","c":"a"},"longX":{"s0":"b","c":"a"},
     "shortY":{"s0":"a","c":"b"},"longY":{"s0":"b","c":"b"}}
    """

  /// One choice, then the end.
  static let oneShot = model(
    states: ["s", "end"], actions: ["a", "b"],
    transitions: [("s", "a", "end", "1"), ("s", "b", "end", "1"), ("end", "a", "end", "1")],
    initial: "s")

  /// Stay, or go once and for all.
  static let leaving = model(
    states: ["s", "g"], actions: ["stay", "go"],
    transitions: [("s", "stay", "s", "1"), ("s", "go", "g", "1"), ("g", "stay", "g", "1")],
    initial: "s", labels: "{\"g\": [\"g\"]}")

  static func model(
    states: [String], actions: [String],
    transitions: [(String, String, String, String)], initial: String,
    discount: String = "1/2", labels: String? = nil
  ) -> String {
    let quoted = { (names: [String]) in
      "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]"
    }
    let rows = transitions.map { "[\"\($0)\",\"\($1)\",\"\($2)\",\"\($3)\"]" }
    let extra = labels.map { ",\"labels\":\($0)" } ?? ""
    return """
      {"format":"rationale-mdp","version":1,"states":\(quoted(states)),\
      "actions":\(quoted(actions)),"discount":"\(discount)","initial":"\(initial)",\
      "transitions":[\(rows.joined(separator: ","))]\(extra)}
      """
  }

  /// A task on a model, with fields as text.
  static func task(
    _ kind: String, _ formalism: String, on model: String, _ fields: String
  ) throws -> ExpressTask {
    let text = """
      {"format":"rationale-task","version":1,"kind":"\(kind)","formalism":"\(formalism)",
       "model":\(model),\(fields)}
      """
    return try ExpressTask.read(bytes: [UInt8](text.utf8), path: "task.json")
  }
}

extension ExpressAnswer {
  /// The margin of an expressible linear task.
  var margin: Rational? {
    if case .reward(let reward) = outcome { reward.margin } else { nil }
  }

  /// The multipliers of a contradiction, in order.
  var multipliers: [Rational]? {
    guard case .farkas(let requirements) = outcome else { return nil }
    return requirements.map(\.multiplier).sorted()
  }
}
