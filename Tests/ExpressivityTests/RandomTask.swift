import Certificates
import ExactArithmetic
import Expressivity

/// Small tasks drawn from a seed.
struct RandomTask {
  private var random: SplitMix64
  let stateCount: Int
  let actionCount: Int
  let model: String

  init(seed: UInt64, discount: String = "1/2") {
    var random = SplitMix64(seed: seed)
    stateCount = 2 + Int(random.next() % 2)
    actionCount = 2
    var rows: [(String, String, String, String)] = []
    for state in 0..<stateCount {
      for action in 0..<actionCount {
        let first = Int(random.next() % UInt64(stateCount))
        let second = Int(random.next() % UInt64(stateCount))
        if first == second {
          rows.append(("s\(state)", "a\(action)", "s\(first)", "1"))
        } else {
          let quarters = 1 + Int(random.next() % 3)
          rows.append(("s\(state)", "a\(action)", "s\(first)", "\(quarters)/4"))
          rows.append(("s\(state)", "a\(action)", "s\(second)", "\(4 - quarters)/4"))
        }
      }
    }
    model = WorkedTasks.model(
      states: (0..<stateCount).map { "s\($0)" }, actions: (0..<actionCount).map { "a\($0)" },
      transitions: rows, initial: "s0", discount: discount)
    self.random = random
  }

  mutating func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

  /// All deterministic policies as JSON.
  var policies: [String] {
    var policies = [""]
    for state in 0..<stateCount {
      policies = policies.flatMap { start in
        (0..<actionCount).map { action in
          (start.isEmpty ? "" : start + ",") + "\"s\(state)\":\"a\(action)\""
        }
      }
    }
    return policies.map { "{\($0)}" }
  }

  /// A policy that may randomise.
  mutating func policy() -> String {
    let parts = (0..<stateCount).map { state -> String in
      switch below(3) {
      case 0: "\"s\(state)\":\"a0\""
      case 1: "\"s\(state)\":\"a1\""
      default: "\"s\(state)\":{\"a0\":\"1/3\",\"a1\":\"2/3\"}"
      }
    }
    return "{" + parts.joined(separator: ",") + "}"
  }

  /// An order of some policies by relations drawn at random.
  mutating func orderFields(count: Int, relations: Int) -> String {
    let policies = (0..<count).map { "\"p\($0)\":\(policy())" }
    let drawn = (0..<relations).map { _ -> String in
      let left = below(count)
      let right = (left + 1 + below(count - 1)) % count
      return "[\"p\(left)\",\"\([">", ">", ">=", "="][below(4)])\",\"p\(right)\"]"
    }
    return """
      "policies":{\(policies.joined(separator: ","))},"relations":[\(drawn.joined(separator: ","))]
      """
  }
}
