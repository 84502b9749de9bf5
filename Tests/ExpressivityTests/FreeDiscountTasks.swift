import Certificates
import ExactArithmetic
import Expressivity

/// Tasks whose answers depend on the discount.
enum FreeDiscountTasks {
  /// Runs of a bandit, as words of its arms; relations as in `xz > zx`.
  ///
  /// With `x` worth more than `z` a relation says that a polynomial with the coefficients -1, 0
  /// and 1 is positive at the discount.
  static func bandit(_ relations: [String], ownDiscount: String) throws -> ExpressTask {
    let parts = relations.map { $0.split(separator: " ").map(String.init) }
    let words = Set(parts.flatMap { [$0[0], $0[2]] }).sorted()
    let arms = Set(words.joined()).sorted().map(String.init)
    let runs = words.map { word in
      "\"\(word)\":[\"s\"" + word.map { ",\"\($0)\",\"s\"" }.joined() + "]"
    }
    let model = WorkedTasks.model(
      states: ["s"], actions: arms, transitions: arms.map { ("s", $0, "s", "1") }, initial: "s",
      discount: ownDiscount)
    return try WorkedTasks.task(
      "trajectory-order", "MR", on: model,
      """
      "discount":"any","rewardOn":"state-action",
      "trajectories":{\(runs.joined(separator: ","))},"relations":\(relationList(parts))
      """)
  }

  private static func relationList(_ parts: [[String]]) -> String {
    let listed = parts.map { "[\"\($0[0])\",\"\($0[1])\",\"\($0[2])\"]" }
    return "[" + listed.joined(separator: ",") + "]"
  }

  /// Relations between words of up to four of three letters.
  static func randomWords(seed: UInt64) throws -> ExpressTask {
    var random = SplitMix64(seed: seed)
    func word() -> String {
      let length = 1 + Int(random.next() % 4)
      return String((0..<length).map { _ in ["x", "y", "z"][Int(random.next() % 3)] })
    }
    var relations: [String] = []
    while relations.count < 5 {
      let (left, right) = (word(), word())
      guard left.count == right.count, left != right else { continue }
      relations.append("\(left) \([">", ">", ">", ">=", "="][Int(random.next() % 5)]) \(right)")
    }
    return try bandit(relations, ownDiscount: "1/10")
  }

  /// Two ways to a choice: at once with probability 1/2, or one step later; both ways each choice is
  /// worth the same, and that is γ/2 or γ² times the reward of the choice.
  static func half(_ relations: [String]) throws -> ExpressTask {
    let model = WorkedTasks.model(
      states: ["s0", "w", "c", "e"], actions: ["now", "late", "a", "b"],
      transitions: [
        ("s0", "now", "c", "1/2"), ("s0", "now", "e", "1/2"), ("s0", "late", "w", "1"),
        ("w", "a", "c", "1"), ("c", "a", "e", "1"), ("c", "b", "e", "1"), ("e", "a", "e", "1"),
      ], initial: "s0", discount: "9/10")
    let parts = (["na = la", "nb = lb"] + relations).map {
      $0.split(separator: " ").map(String.init)
    }
    return try WorkedTasks.task(
      "policy-order", "MR", on: model,
      """
      "discount":"any","policies":{"na":{"s0":"now","c":"a"},"nb":{"s0":"now","c":"b"},
        "la":{"s0":"late","c":"a"},"lb":{"s0":"late","c":"b"},
        "m":{"s0":"now","c":{"a":"1/2","b":"1/2"}}},
      "relations":\(relationList(parts))
      """)
  }

  /// As ``half(_:)``, with a further requirement between policies of which the time spent in `d`
  /// differs by `γ - γ(3/4)/(1 - γ/2)`, which vanishes at 1/2.
  static func accident() throws -> ExpressTask {
    let model = WorkedTasks.model(
      states: ["s0", "w", "c", "X", "Y", "d", "e"],
      actions: ["now", "late", "A", "B", "a", "b", "leave", "linger"],
      transitions: [
        ("s0", "now", "c", "1/2"), ("s0", "now", "e", "1/2"), ("s0", "late", "w", "1"),
        ("w", "a", "c", "1"), ("c", "a", "X", "1"), ("c", "b", "Y", "1"), ("X", "a", "e", "1"),
        ("Y", "a", "e", "1"), ("s0", "A", "d", "1"), ("s0", "B", "d", "3/4"),
        ("s0", "B", "e", "1/4"), ("d", "leave", "e", "1"), ("d", "linger", "d", "1/2"),
        ("d", "linger", "e", "1/2"), ("e", "a", "e", "1"),
      ], initial: "s0", discount: "9/10")
    return try WorkedTasks.task(
      "policy-order", "MR", on: model,
      """
      "discount":"any","rewardOn":"state","policies":{
        "na":{"s0":"now","c":"a","d":"leave"},"nb":{"s0":"now","c":"b","d":"leave"},
        "la":{"s0":"late","c":"a","d":"leave"},"lb":{"s0":"late","c":"b","d":"leave"},
        "A":{"s0":"A","c":"a","d":"leave"},"B":{"s0":"B","c":"a","d":"linger"}},
      "relations":\(relationList([
        ["na", "=", "la"], ["nb", "=", "lb"], ["na", ">", "nb"], ["A", ">", "B"],
      ]))
      """)
  }
}
