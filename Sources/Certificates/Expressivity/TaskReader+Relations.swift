import ExactJSON
import MarkovDecisionProcesses

extension TaskReader {
  // MARK: - Policy sets

  mutating func policySet(
    _ kind: ExpressTask.Kind
  ) throws(InputError) -> (acceptable: [Int], candidates: [Int]?, variant: ExpressTask.Variant) {
    guard kind == .policySet else { return ([], nil, .range) }
    guard let node = fields["acceptable"] else { throw fields.missing("acceptable") }
    let acceptable = try policies(node, at: "acceptable")
    guard !acceptable.isEmpty else {
      throw fields.error("at least one acceptable policy is expected", at: "acceptable")
    }
    var candidates: [Int]?
    if let node = fields["candidates"] {
      if case .string(let text) = node.kind {
        guard text == "all" else {
          throw fields.error(
            "'all' or a list of policies is expected, but there is \(excerpt(text))",
            at: "candidates")
        }
      } else {
        candidates = try policies(node, at: "candidates")
      }
    }
    if candidates == nil { try requireDeterministic(acceptable) }
    return (acceptable, candidates, try variant())
  }

  private func variant() throws(InputError) -> ExpressTask.Variant {
    try fields.optional("variant") { (node: JSONNode) throws(Malformed) in
      guard case .string(let text) = node.kind, let value = ExpressTask.Variant(rawValue: text)
      else { throw node.expected("'range' or 'equal'") }
      return value
    } ?? .range
  }

  private mutating func policies(_ node: JSONNode, at key: String) throws(InputError) -> [Int] {
    guard case .array(let entries) = node.kind else {
      throw fields.error(node.expected("a list of policies").problem, at: key)
    }
    var found: [Int] = []
    for (index, entry) in entries.enumerated() {
      let place = try located(key, index) { (reader: inout TaskReader) throws(Malformed) in
        try reader.object(entry, inlineAllowed: true)
      }
      if !found.contains(place) { found.append(place) }
    }
    return found
  }

  private func requireDeterministic(_ places: [Int]) throws(InputError) {
    for (index, place) in places.enumerated() {
      guard case .policy(let policy) = objects[place].behaviour,
        policy.actions(in: model) == nil
      else { continue }
      throw fields.error(
        "an acceptable policy has to be deterministic where the candidates are all"
          + " deterministic policies", at: "acceptable[\(index)]")
    }
  }

  // MARK: - Orders

  mutating func relations(
    _ kind: ExpressTask.Kind
  ) throws(InputError) -> [ExpressTask.Constraint] {
    guard kind != .policySet, let node = fields["relations"] else { return [] }
    guard case .array(let entries) = node.kind else {
      throw fields.error(
        node.expected("a list of relations [left, op, right]").problem, at: "relations")
    }
    var relations: [ExpressTask.Constraint] = []
    for (index, entry) in entries.enumerated() {
      relations.append(
        try located("relations", index) { (reader: inout TaskReader) throws(Malformed) in
          try reader.relation(entry, inlineAllowed: kind == .policyOrder)
        })
    }
    return relations
  }

  private mutating func relation(
    _ node: JSONNode, inlineAllowed: Bool
  ) throws(Malformed) -> ExpressTask.Constraint {
    guard case .array(let parts) = node.kind, parts.count == 3 else {
      throw node.expected("a relation [left, op, right]")
    }
    guard case .string(let text) = parts[1].kind else {
      throw parts[1].expected("one of > >= = < <=").inside("[1]")
    }
    let left = try object(parts[0], inlineAllowed: inlineAllowed)
    let right = try object(parts[2], inlineAllowed: inlineAllowed)
    switch text {
    case "<": return ExpressTask.Constraint(right, .greater, left)
    case "<=": return ExpressTask.Constraint(right, .atLeast, left)
    default:
      guard let relation = ExpressTask.Relation(rawValue: text) else {
        throw parts[1].expected("one of > >= = < <=").inside("[1]")
      }
      return ExpressTask.Constraint(left, relation, right)
    }
  }

  mutating func ranking(_ kind: ExpressTask.Kind) throws(InputError) -> [[Int]] {
    guard kind != .policySet, let node = fields["ranking"] else { return [] }
    guard case .array(let entries) = node.kind else {
      throw fields.error(node.expected("a list of tiers").problem, at: "ranking")
    }
    var tiers: [[Int]] = []
    var seen: Set<Int> = []
    for (index, entry) in entries.enumerated() {
      let tier = try located("ranking", index) {
        (reader: inout TaskReader) throws(Malformed) -> [Int] in
        guard case .array(let members) = entry.kind, !members.isEmpty else {
          throw entry.expected("a tier: a list of names")
        }
        var tier: [Int] = []
        for member in members {
          let place = try reader.object(member, inlineAllowed: kind == .policyOrder)
          guard seen.insert(place).inserted else {
            throw Malformed("\(excerpt(reader.objects[place].name)) appears twice")
          }
          tier.append(place)
        }
        return tier
      }
      tiers.append(tier)
    }
    return tiers
  }

  /// Runs `body` with errors placed at an element of a field.
  private mutating func located<Value>(
    _ key: String, _ index: Int, _ body: (inout TaskReader) throws(Malformed) -> Value
  ) throws(InputError) -> Value {
    do throws(Malformed) {
      return try body(&self)
    } catch {
      let place = error.inside("[\(index)]").inside(key)
      throw InputError(file: fields.file, place: place.place, problem: place.problem)
    }
  }
}
