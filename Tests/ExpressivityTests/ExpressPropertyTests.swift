import Certificates
import ExactArithmetic
import ExactJSON
import Expressivity
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Properties of reward design")
struct ExpressPropertyTests {
  @Test(
    "the fringe decides like all policies", .tags(.differential), arguments: ["MR", "LAR", "RRL"])
  func fringe(formalism: String) throws {
    for seed in 0..<60 as Range<UInt64> {
      var draw = RandomTask(seed: seed)
      let all = draw.policies
      let acceptable = all.filter { _ in draw.below(3) == 0 }
      guard !acceptable.isEmpty, acceptable.count < all.count else { continue }
      let variant = draw.below(2) == 0 ? "range" : "equal"
      let fields =
        "\"variant\":\"\(variant)\",\"acceptable\":[\(acceptable.joined(separator: ","))]"
      let fringe = try WorkedTasks.task("policy-set", formalism, on: draw.model, fields)
      let listed = try WorkedTasks.task(
        "policy-set", formalism, on: draw.model,
        fields + ",\"candidates\":[\(all.joined(separator: ","))]")
      let (first, second) = (try checkedAnswer(to: fringe), try checkedAnswer(to: listed))
      try #require(first.isExpressible == second.isExpressible, "seed \(seed)")
      try #require(first.margin == second.margin, "seed \(seed)")
    }
  }

  @Test(
    "every conflict is irreducible", .tags(.metamorphic), arguments: ["MR", "LAR", "RRL", "FTR"])
  func minimalConflicts(formalism: String) throws {
    var conflicts = 0
    for seed in 0..<60 as Range<UInt64> {
      var draw = RandomTask(seed: seed)
      let fields = draw.orderFields(count: 4, relations: 6)
      let task = try WorkedTasks.task("policy-order", formalism, on: draw.model, fields)
      guard case .farkas(let conflict) = try checkedAnswer(to: task).outcome else { continue }
      conflicts += 1
      for dropped in conflict.indices {
        let rest = conflict.indices.filter { $0 != dropped }.map { conflict[$0].requirement }
        let smaller = ExpressTask(
          model: task.model, kind: task.kind, formalism: task.formalism, discount: task.discount,
          initial: task.initial, rewardSupport: task.rewardSupport, objects: task.objects,
          relations: rest.map { requirement in
            ExpressTask.Constraint(
              place(of: requirement.left, in: task), requirement.relation,
              place(of: requirement.right, in: task))
          })
        try #require(try express(smaller).isExpressible == true, "seed \(seed), \(dropped)")
      }
    }
    #expect(conflicts >= 10)
  }

  private func place(of reference: ExpressAnswer.Reference, in task: ExpressTask) -> Int {
    guard case .name(let name) = reference else { return 0 }
    return task.objects.firstIndex { $0.name == name } ?? 0
  }

  @Test("what a Markov reward expresses the stronger formalisms express", .tags(.metamorphic))
  func monotone() throws {
    let chains: [(String, [String])] = [
      ("MR", ["RRL", "RM", "FTR", "ONMR", "FTLR", "TLO", "FPR", "PO"]),
      ("LAR", ["FTR", "FTLR", "PO"]), ("FTR", ["FTLR", "TLO", "FPR"]), ("RRL", ["OMORL"]),
      ("ONMR", ["GOMORL"]), ("TLO", ["PO"]), ("FPR", ["PO"]),
    ]
    for seed in 100..<140 as Range<UInt64> {
      var draw = RandomTask(seed: seed)
      let fields = draw.orderFields(count: 4, relations: 4)
      for (weaker, stronger) in chains {
        let task = try WorkedTasks.task("policy-order", weaker, on: draw.model, fields)
        guard try express(task).isExpressible == true else { continue }
        for formalism in stronger {
          let same = try WorkedTasks.task("policy-order", formalism, on: draw.model, fields)
          try #require(
            try express(same).isExpressible == true, "seed \(seed): \(weaker), \(formalism)")
        }
      }
    }
  }

  @Test("functions of runs against all prefixes", .tags(.differential))
  func prefixes() throws {
    for seed in 200..<230 as Range<UInt64> {
      var draw = RandomTask(seed: seed)
      let fields = draw.orderFields(count: 3, relations: 4)
      let task = try WorkedTasks.task("policy-order", "FTR", on: draw.model, fields)
      let answer = try checkedAnswer(to: task)
      // A machine that remembers the whole beginning as a reward of its own: MR on prefixes.
      var policies: [Policy] = []
      for object in task.objects {
        if case .policy(let policy) = object.behaviour { policies.append(policy) }
      }
      let rank = rankOfPrefixes(policies, task, length: 2 * task.model.stateCount + 1)
      // If the prefixes separate the policies as much as possible, everything consistent with
      // equal lotteries being equal is expressible by values in the span.
      if rank == policies.count {
        let free = try WorkedTasks.task("policy-order", "PO", on: draw.model, fields)
        try #require(
          answer.isExpressible == (try express(free).isExpressible), "seed \(seed)")
      }
    }
  }

  /// The rank of the vectors of probabilities of all prefixes up to a length.
  private func rankOfPrefixes(_ policies: [Policy], _ task: ExpressTask, length: Int) -> Int {
    var vectors: [[Rational]] = []
    func visit(_ state: State, _ vector: [Rational], _ depth: Int) {
      vectors.append(vector)
      guard depth < length, vectors.count < 3000 else { return }
      for choice in task.model.choices(at: state) {
        for (successor, probability) in task.model.transitions(of: choice) {
          let next = zip(policies, vector).map { policy, value in
            value * probability
              * (policy.choices(at: state).first { $0.choice == choice }?.probability ?? 0)
          }
          if next.contains(where: { !$0.isZero }) { visit(successor, next, depth + 1) }
        }
      }
    }
    for (state, probability) in task.initial ?? [] {
      visit(state, policies.map { _ in probability }, 0)
    }
    var rows: [[Rational]] = []
    for vector in vectors {
      var rest = vector
      for row in rows {
        guard let pivot = row.firstIndex(where: { !$0.isZero }) else { continue }
        let factor = rest[pivot] / row[pivot]
        for place in rest.indices { rest[place] -= factor * row[place] }
      }
      if rest.contains(where: { !$0.isZero }) { rows.append(rest) }
    }
    return rows.count
  }

  @Test("a task drawn from a reward is expressible, with at least its margin", .tags(.metamorphic))
  func drawnRewards() throws {
    for seed in 300..<340 as Range<UInt64> {
      var draw = RandomTask(seed: seed)
      let policies = (0..<4).map { _ in draw.policy() }
      let named = policies.enumerated().map { "\"p\($0.offset)\":\($0.element)" }
      let empty = try WorkedTasks.task(
        "policy-order", "MR", on: draw.model,
        "\"policies\":{\(named.joined(separator: ","))},\"relations\":[[\"p0\",\">=\",\"p0\"]]")
      let reward = (0..<empty.model.choiceCount).map { _ in Rational(draw.below(9) - 4, 4) }
      let values = empty.objects.map { object -> Rational in
        guard case .policy(let policy) = object.behaviour else { return 0 }
        return value(of: policy, reward, empty)
      }
      var relations: [String] = []
      for left in values.indices {
        for right in values.indices where values[left] > values[right] {
          relations.append("[\"p\(left)\",\">\",\"p\(right)\"]")
        }
      }
      guard !relations.isEmpty else { continue }
      let task = try WorkedTasks.task(
        "policy-order", "MR", on: draw.model,
        "\"policies\":{\(named.joined(separator: ","))},"
          + "\"relations\":[\(relations.joined(separator: ","))]")
      let gaps = values.flatMap { a in values.map { a - $0 } }.filter { $0.signum > 0 }
      let answer = try checkedAnswer(to: task)
      let margin = try #require(answer.margin, "seed \(seed)")
      try #require(margin >= gaps.min() ?? 0, "seed \(seed)")
    }
  }

  /// `Σ γ^t E r` summed step by step, with the rest bounded away by a long horizon of halves.
  private func value(of policy: Policy, _ reward: [Rational], _ task: ExpressTask) -> Rational {
    // Exact by elimination over the few states: V = r + γ P V.
    let count = task.model.stateCount
    var rows = (0..<count).map { state -> [Rational] in
      var row = [Rational](repeating: 0, count: count + 1)
      row[state] = 1
      for weighted in policy.choices(at: State(state)) {
        row[count] += weighted.probability * reward[Int(weighted.choice.index)]
        for (successor, probability) in task.model.transitions(of: weighted.choice) {
          row[Int(successor.index)] -= Rational(1, 2) * weighted.probability * probability
        }
      }
      return row
    }
    for pivot in 0..<count {
      let scale = rows[pivot][pivot]
      rows[pivot] = rows[pivot].map { $0 / scale }
      for other in 0..<count where other != pivot {
        let factor = rows[other][pivot]
        for column in 0...count { rows[other][column] -= factor * rows[pivot][column] }
      }
    }
    return rows[0][count]
  }
}
