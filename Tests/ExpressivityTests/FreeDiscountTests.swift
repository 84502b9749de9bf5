import Certificates
import ExactArithmetic
import Expressivity
import MarkovDecisionProcesses
import TestSupport
import Testing

/// Tasks that leave the discount open.
@Suite("A free discount")
struct FreeDiscountTests {
  private func roads(_ formalism: String, _ fields: String) throws -> ExpressTask {
    try WorkedTasks.task(
      "policy-order", formalism, on: WorkedTasks.roads,
      "\"discount\":\"any\",\"policies\":\(WorkedTasks.roadPolicies),\(fields)")
  }

  private static let roadRanking = "\"ranking\":[[\"shortX\",\"longX\"],[\"shortY\",\"longY\"]]"

  @Test("two roads: 1 − γ, −1 and 1 at every discount", arguments: ["MR", "RRL"])
  func twoRoads(formalism: String) throws {
    let pieces = try refutation(of: try roads(formalism, Self.roadRanking)).pieces
    let multipliers = try #require(pieces.first).terms.map(\.multiplier)
    #expect(pieces.count == 1)
    #expect(
      Set(multipliers) == [Polynomial([1, -1]), Polynomial([-1]), Polynomial([1])])
  }

  @Test("two roads with machines: one that notices the detour, and one that notices too late")
  func machines() throws {
    func machine(_ state: String) -> String {
      """
      "machine":{"states":["u","v"],"initial":"u","transitions":[["u",{"state":"\(state)"},"v"]]}
      """
    }
    let early = try roads("RM", Self.roadRanking + "," + machine("w"))
    #expect(try checkedAnswer(to: early).margin == 1)
    let late = try roads("RM", Self.roadRanking + "," + machine("Y"))
    #expect(try refutation(of: late).pieces.count == 1)
  }

  @Test(
    "formalisms without a discount do not ask for one",
    arguments: ["LAR", "FTR", "ONMR", "PO", "RM", "TLO"])
  func without(formalism: String) throws {
    let answer = try checkedAnswer(to: try roads(formalism, Self.roadRanking))
    #expect(answer.isExpressible == true)
    #expect(answer.discount == nil)
  }

  @Test("preference reversal: γ and 1, that is γ/(1+γ) and 1/(1+γ)")
  func reversal() throws {
    let model = WorkedTasks.model(
      states: ["x", "y", "e"], actions: ["take", "invest", "wait"],
      transitions: [
        ("x", "take", "e", "1"), ("x", "invest", "y", "1"), ("x", "wait", "x", "1"),
        ("y", "take", "e", "1"), ("e", "wait", "e", "1"),
      ], initial: "x", discount: "9/10")
    let task = try WorkedTasks.task(
      "trajectory-order", "MR", on: model,
      """
      "discount":"any",
      "trajectories":{"now":["x","take","e"],"later":["x","invest","y","take","e"],
        "wnow":["x","wait","x","take","e"],"wlater":["x","wait","x","invest","y","take","e"]},
      "relations":[["now",">","later"],["wlater",">","wnow"]]
      """)
    let pieces = try refutation(of: task).pieces
    #expect(pieces.map { $0.terms.map(\.multiplier) } == [[Polynomial([0, 1]), Polynomial([1])]])
  }

  @Test(
    "sets of policies: entailment, in both variants and with candidates",
    arguments: ["MR", "RRL"], ["range", "equal"])
  func entailment(formalism: String, variant: String) throws {
    for candidates in ["", ",\"candidates\":[\"ab\",\"ba\",\"aa\",\"bb\"]"] {
      let task = try entailmentTask(formalism, variant, ["ab", "ba"], candidates)
      #expect(try refutation(of: task).open.isEmpty)
      let one = try entailmentTask(formalism, variant, ["aa"], candidates)
      #expect(try checkedAnswer(to: one).isExpressible == true)
      let three = try entailmentTask(formalism, variant, ["aa", "ab", "ba"], candidates)
      #expect(try checkedAnswer(to: three).isExpressible == (variant == "range"))
    }
  }

  private func entailmentTask(
    _ formalism: String, _ variant: String, _ acceptable: [String], _ candidates: String
  ) throws -> ExpressTask {
    try WorkedTasks.task(
      "policy-set", formalism, on: WorkedTasks.entailment,
      """
      "discount":"any","variant":"\(variant)",
      "policies":{"aa":{"s0":"a","s1":"a"},"ab":{"s0":"a","s1":"b"},
        "ba":{"s0":"b","s1":"a"},"bb":{"s0":"b","s1":"b"}},
      "acceptable":[\(acceptable.map { "\"\($0)\"" }.joined(separator: ","))]\(candidates)
      """)
  }

  @Test("policies that differ where neither comes: one requirement, in a model of 200 states")
  func unreached() throws {
    // A ring of 200 states, of which no other choice leaves; the last state is never reached.
    let states = (0...200).map { "s\($0)" }
    var rows: [(String, String, String, String)] = []
    for state in 0..<200 {
      rows.append(("s\(state)", "a", "s\((state + 1) % 200)", "1/2"))
      rows.append(("s\(state)", "a", "s\((7 * state + 3) % 199)", "1/2"))
    }
    rows.removeAll { $0.0 == "s199" }
    rows += [("s199", "a", "s0", "1"), ("s200", "a", "s0", "1"), ("s200", "b", "s0", "1")]
    let merged = Dictionary(grouping: rows) { "\($0.0) \($0.2) \($0.1)" }.values.map { group in
      group.count == 1 ? group[0] : (group[0].0, group[0].1, group[0].2, "1")
    }.sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }
    let model = WorkedTasks.model(
      states: states, actions: ["a", "b"], transitions: merged, initial: "s0")
    let task = try WorkedTasks.task(
      "policy-set", "MR", on: model, "\"discount\":\"any\",\"acceptable\":[{\"s200\":\"a\"}]")
    let pieces = try refutation(of: task).pieces
    #expect(pieces.map { $0.terms.map(\.multiplier) } == [[.one]])
  }

  // MARK: - Windows

  @Test("a preference that only large discounts allow")
  func largeDiscounts() throws {
    let answer = try checkedAnswer(
      to: FreeDiscountTasks.bandit(["x > z", "zxx > xzz"], ownDiscount: "1/10"))
    let discount = try #require(answer.discount)
    // γ + γ² > 1.
    #expect(discount + discount * discount > 1)
  }

  @Test("the model's own discount comes first")
  func ownDiscount() throws {
    let answer = try checkedAnswer(
      to: FreeDiscountTasks.bandit(["x > z", "zxx > xzz"], ownDiscount: "97/101"))
    #expect(answer.discount == Rational(97, 101))
  }

  @Test("a window in the middle, γ + γ² > 1 > γ² + γ³")
  func window() throws {
    let answer = try checkedAnswer(
      to: FreeDiscountTasks.bandit(
        ["x > z", "zxx > xzz", "xzzz > zzxx"], ownDiscount: "1/10"))
    let discount = try #require(answer.discount)
    #expect(discount + discount * discount > 1)
    #expect(discount * discount + discount * discount * discount < 1)
  }

  @Test("no window: two conflicts are needed, one for small and one for large discounts")
  func twoPieces() throws {
    let task = try FreeDiscountTasks.bandit(
      ["x > z", "zxx > xzz", "xzzz > zxxx"], ownDiscount: "1/10")
    #expect(try refutation(of: task).pieces.count == 2)
  }

  @Test("runs that go round: a machine that counts rounds, and cycles of different lengths")
  func cycles() throws {
    // 1/(1−γ²) against 1/(1−γ³), and γ/(1−γ²): x every second step is more than every third.
    let fields = """
      "discount":"any","rewardOn":"state-action","trajectories":{
        "two":{"steps":["s"],"cycle":["x","s","z","s"]},
        "three":{"steps":["s"],"cycle":["x","s","z","s","z","s"]},
        "z":{"steps":["s"],"cycle":["z","s"]}},
      "relations":[["two",">","z"],["three",">","two"]]
      """
    let task = try WorkedTasks.task(
      "trajectory-order", "MR", on: WorkedTasks.bandit(["x", "z"]), fields)
    #expect(try refutation(of: task).pieces.count == 1)
    let machine = """
      ,"machine":{"states":["u","v","w"],"initial":"u","transitions":[["u",{"action":"z"},"v"],
        ["v",{"action":"z"},"w"],["w",{"action":"z"},"v"]]}
      """
    let counting = try WorkedTasks.task(
      "trajectory-order", "RM", on: WorkedTasks.bandit(["x", "z"]), fields + machine)
    #expect(try checkedAnswer(to: counting).isExpressible == true)
  }

  // MARK: - Single discounts

  @Test("feasible at the discount 1/2 alone")
  func rationalPoint() throws {
    #expect(try checkedAnswer(to: FreeDiscountTasks.half(["na > nb"])).discount == Rational(1, 2))
    let never = try refutation(of: FreeDiscountTasks.half(["na > nb", "m >= la"]))
    #expect(never.pieces.count == 2)
  }

  @Test("feasible at an irrational discount alone: undecided, and everything else is settled")
  func irrationalPoint() throws {
    let task = try FreeDiscountTasks.bandit(["x > z", "zxx = xzz"], ownDiscount: "1/10")
    let answer = try checkedAnswer(to: task)
    #expect(answer.isExpressible == nil)
    guard case .noDiscount(let refutation) = answer.outcome else {
      Issue.record("\(answer.outcome)")
      return
    }
    let golden = try #require(
      AlgebraicNumber(rootOf: Polynomial([-1, 1, 1]), from: 0, to: 1))
    #expect(refutation.open == [golden])
  }

  @Test("a discount at which a conflict is one by accident is settled by a piece of its own")
  func accidentalPoint() throws {
    let refutation = try refutation(of: FreeDiscountTasks.accident())
    #expect(refutation.pieces.compactMap(\.place) == [Rational(1, 2)])
    #expect(refutation.pieces.count == 3)
  }

  @Test("an irrational discount that only a conflict of others settles")
  func settledIrrationalPoint() throws {
    let task = try FreeDiscountTasks.bandit(
      ["x > z", "zxx = xzz", "xzzz >= zxxx"], ownDiscount: "1/10")
    #expect(try refutation(of: task).open.isEmpty)
  }

  @Test("the discount 0 counts: γ makes a difference, and only there it does not")
  func zero() throws {
    // s0 pays nothing that differs; c is reached one step later.
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.roads,
      """
      "discount":"any","policies":\(WorkedTasks.roadPolicies),
      "relations":[["shortX","=","shortY"],["longX",">","longY"]]
      """)
    // γ(…) = 0 for the short road says that X and Y are worth the same unless γ = 0, where the
    // long road differs no more.
    let refuted = try refutation(of: task)
    #expect(refuted.pieces.contains { $0.condition.holds(at: 0) })
  }

  @Test("without strict requirements the model's discount does")
  func weak() throws {
    let answer = try checkedAnswer(
      to: FreeDiscountTasks.bandit(["x >= z", "z >= x"], ownDiscount: "1/3"))
    #expect(answer.discount == Rational(1, 3))
    #expect(answer.margin == nil)
  }

  // MARK: - Random tasks

  @Test(
    "random tasks against answers at many discounts", .tags(.differential),
    arguments: ["MR", "RRL"])
  func randomPolicies(formalism: String) throws {
    var refuted = 0
    for seed in 0..<40 as Range<UInt64> {
      var draw = RandomTask(seed: seed)
      let fields = draw.orderFields(count: 4, relations: 6)
      let task = try WorkedTasks.task(
        "policy-order", formalism, on: draw.model, "\"discount\":\"any\"," + fields)
      let answer = try checkedAnswer(to: task)
      guard answer.isExpressible != true else { continue }
      refuted += 1
      try requireInexpressible(task, "seed \(seed)")
    }
    #expect(refuted >= 8)
  }

  @Test("random sets of policies against answers at many discounts", .tags(.differential))
  func randomSets() throws {
    var refuted = 0
    for seed in 50..<80 as Range<UInt64> {
      var draw = RandomTask(seed: seed)
      let acceptable = draw.policies.filter { _ in draw.below(3) == 0 }
      guard !acceptable.isEmpty else { continue }
      let task = try WorkedTasks.task(
        "policy-set", "MR", on: draw.model,
        "\"discount\":\"any\",\"acceptable\":[\(acceptable.joined(separator: ","))]")
      guard try checkedAnswer(to: task).isExpressible != true else { continue }
      refuted += 1
      try requireInexpressible(task, "seed \(seed)")
    }
    #expect(refuted >= 8)
  }

  @Test("random words against answers at many discounts", .tags(.differential))
  func randomWords() throws {
    var counts = (expressible: 0, refuted: 0, several: 0, undecided: 0)
    for seed in 0..<60 as Range<UInt64> {
      let task = try FreeDiscountTasks.randomWords(seed: seed)
      let answer = try checkedAnswer(to: task)
      switch answer.isExpressible {
      case true?: counts.expressible += 1
      case nil: counts.undecided += 1
      case false?: counts.refuted += 1
      }
      if case .noDiscount(let refutation) = answer.outcome {
        if refutation.pieces.count > 1 { counts.several += 1 }
        try requireInexpressible(task, "seed \(seed)")
      }
    }
    #expect(counts.expressible >= 5 && counts.refuted >= 5 && counts.several >= 3, "\(counts)")
  }

  private func requireInexpressible(_ task: ExpressTask, _ what: Comment) throws {
    for numerator in 0..<12 {
      let fixed = task.asking(
        for: task.formalism, machine: task.machine, discount: .fixed(Rational(numerator, 12)))
      try #require(try express(fixed).isExpressible == false, what)
    }
  }

  private func refutation(
    of task: ExpressTask
  ) throws -> ExpressAnswer.DiscountRefutation {
    let answer = try checkedAnswer(to: task)
    guard case .noDiscount(let refutation) = answer.outcome else {
      throw UnexpectedOutcome(text: "\(answer.outcome)")
    }
    #expect(answer.isExpressible == false)
    return refutation
  }

  private struct UnexpectedOutcome: Error {
    let text: String
  }
}
