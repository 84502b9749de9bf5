import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension RewardAnswerReader {
  func hackability() throws(InputError) -> WrittenRewardAnswer.Fit {
    let names = try texts("rewards", count: 2)
    guard try fields.required("hackable", read.truth) else { return try unhackable(names) }
    try requireKeys(["rewards", "hackable", "hacked", "honest"], decimals: ["loss", "gain"])
    let loss = try fields.required("loss", read.number)
    let gain = try fields.required("gain", read.number)
    let (hacked, honest) = (try traced("hacked"), try traced("honest"))
    return { (model) throws(CheckFailure) in
      .hackable(
        HackabilityAnswer(
          trueReward: names[0], proxy: names[1],
          outcome: .hackable(
            hacked: try hacked.fitted(to: model, "hacked"),
            honest: try honest.fitted(to: model, "honest"), loss: loss, gain: gain)))
    }
  }

  private func unhackable(_ names: [String]) throws(InputError) -> WrittenRewardAnswer.Fit {
    try requireKeys(["rewards", "hackable", "reason", "scale", "potential"])
    let potential = try fields.required("potential", read.numberVector)
    let scale = try fields.optional("scale", read.number)
    let reason: Reason = try fields.required("reason", read.named)
    guard (scale != nil) == (reason == .sameOrdering) else {
      throw fields.error("'scale' belongs to the reason 'same-ordering'", at: "scale")
    }
    return { (model) throws(CheckFailure) in
      let potential = try potential.vector(in: model, "potential")
      let outcome: HackabilityAnswer.Outcome =
        switch reason {
        case .sameOrdering: .sameOrdering(scale: scale ?? 0, potential: potential)
        case .trivialProxy: .trivialProxy(potential: potential)
        case .trivialTruth: .trivialTruth(potential: potential)
        }
      return .hackable(
        HackabilityAnswer(trueReward: names[0], proxy: names[1], outcome: outcome))
    }
  }

  private enum Reason: String, CaseIterable {
    case sameOrdering = "same-ordering"
    case trivialProxy = "trivial-proxy"
    case trivialTruth = "trivial-truth"
  }

  private func traced(_ key: String) throws(InputError) -> WrittenTracedPolicy {
    let inner = try fields.requiredObject(key)
    try inner.requireKeys(among: ["policy", "occupancy"])
    return try WrittenTracedPolicy(inner, read)
  }

  // MARK: - Finitely many policies

  /// A policy of a set with its own fields read already.
  private typealias Member<Values> = (
    name: String, policy: WrittenTracedPolicy, values: Values
  )

  private func members<Values>(
    keys: [String], decimals: [String], _ values: (DocumentFields) throws(InputError) -> Values
  ) throws(InputError) -> [Member<Values>] {
    var members: [Member<Values>] = []
    for inner in try fields.objects("policies", read) {
      try inner.requireKeys(among: ["name", "policy", "occupancy"] + keys, decimals: decimals)
      members.append(
        (
          try inner.required("name", read.text), try WrittenTracedPolicy(inner, read),
          try values(inner)
        ))
    }
    return members
  }

  func policySet() throws(InputError) -> WrittenRewardAnswer.Fit {
    try requireKeys([
      "rewards", "hackable", "hacked", "honest", "simplification", "nontrivial", "policies",
    ])
    let names = try texts("rewards", count: 2)
    let isHackable = try fields.required("hackable", read.truth)
    let isSimplification = try fields.required("simplification", read.truth)
    let isNontrivial = try fields.required("nontrivial", read.truth)
    let members = try members(keys: ["values"], decimals: []) { (inner) throws(InputError) in
      let values = try inner.required("values") { (node: JSONNode) throws(Malformed) in
        try read.list(node, of: read.number)
      }
      guard values.count == 2 else {
        throw inner.error("two numbers are expected", at: "values")
      }
      return values
    }
    var witness: [String] = []
    if isHackable {
      witness = [
        try fields.required("hacked", read.text), try fields.required("honest", read.text),
      ]
    }
    let pair = witness
    return { (model) throws(CheckFailure) in
      var places: [Int] = []
      for name in pair {
        guard let place = members.firstIndex(where: { $0.name == name }) else {
          throw .rejected("hacked, honest: there is no policy \(excerpt(name)) in the answer")
        }
        places.append(place)
      }
      return .hackableOnSet(
        PolicySetAnswer(
          trueReward: names[0], proxy: names[1],
          policies: try Self.fitted(members.map { ($0.name, $0.policy) }, model),
          values: [0, 1].map { place in members.map { $0.values[place] } },
          witness: places.count == 2 ? (places[0], places[1]) : nil,
          isSimplification: isSimplification, isNontrivial: isNontrivial))
    }
  }

  private static func fitted(
    _ members: [(name: String, policy: WrittenTracedPolicy)], _ model: FiniteMDP
  ) throws(CheckFailure) -> [NamedPolicy] {
    var policies: [NamedPolicy] = []
    for (name, policy) in members {
      let field = "policies[\(excerpt(name))]"
      policies.append(NamedPolicy(name: name, traced: try policy.fitted(to: model, field)))
    }
    return policies
  }

  func simplification() throws(InputError) -> WrittenRewardAnswer.Fit {
    try requireKeys(["reward", "exists", "dimensions", "simplification", "policies"])
    let reward = try fields.required("reward", read.text)
    let exists = try fields.required("exists", read.truth)
    let dimensions = try fields.required("dimensions") { (node: JSONNode) throws(Malformed) in
      let list = try read.list(node, of: read.naturalNumber)
      guard list.count == 2 else { throw node.expected("two dimensions") }
      return (all: list[0], ties: list[1])
    }
    let table = exists ? try fields.required("simplification", read.occupancy) : nil
    let members = try members(keys: [], decimals: ["value", "simpleValue"]) {
      (inner) throws(InputError) in
      (
        own: try inner.required("value", read.number),
        simple: exists ? try inner.required("simpleValue", read.number) : nil
      )
    }
    return { (model) throws(CheckFailure) in
      .simplification(
        SimplificationAnswer(
          reward: reward, policies: try Self.fitted(members.map { ($0.name, $0.policy) }, model),
          values: members.map(\.values.own),
          simple: try table.map { (table) throws(CheckFailure) in
            (
              try OccupancyEntries(table, in: model, "simplification"),
              members.compactMap(\.values.simple)
            )
          }, dimensions: dimensions))
    }
  }
}
