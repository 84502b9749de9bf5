import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A reward whose optimal policies are as a task asks, in the terms of its file.
struct WrittenOptimum: Sendable {
  let entries: [(parts: [String], value: Rational)]
  let regulariser: [(law: [(action: String, probability: Rational)], value: Rational)]
  let margin: Rational?
  let potential: [(name: String, value: Rational)]
  let policy: [(state: String, action: String)]
  let bound: WrittenConflict?
}

/// Multipliers of relations and of losses by choices.
struct WrittenConflict: Sendable {
  let constraints: [WrittenRequirement]
  let deviations: [(parts: [String], multiplier: Rational)]
}

/// A policy that avoids the states, with the proof that it is not better than all that visit them.
struct WrittenRefutedPolicy: Sendable {
  let policy: [(state: String, action: String)]
  let proof: WrittenOutcome
}

extension AnswerReader {
  func optimum() throws(InputError) -> WrittenOptimum {
    guard case .reward(let entries, let regulariser, let margin, _) = try reward() else {
      throw fields.missing("reward")
    }
    return WrittenOptimum(
      entries: entries, regulariser: regulariser, margin: margin,
      potential: try fields.required("potential", namedNumbers),
      policy: try fields.required("optimum", policy),
      bound: try fields.optional("optimality", conflict))
  }

  func policy(_ node: JSONNode) throws(Malformed) -> [(state: String, action: String)] {
    guard case .object(let members) = node.kind else {
      throw node.expected("a policy {state: action}")
    }
    var policy: [(state: String, action: String)] = []
    for member in members {
      policy.append(
        (member.key, try read.inside("[\(excerpt(member.key))]", read.text, member.value)))
    }
    return policy
  }

  /// The certificates that only requests about optimal policies have; `nil` for another type.
  func optimumCertificate(
    _ type: String, _ node: JSONNode
  ) throws(Malformed) -> WrittenOutcome? {
    func part<Value>(
      _ key: String, _ body: (JSONNode) throws(Malformed) -> Value
    ) throws(Malformed) -> Value {
      guard let inner = node[key] else { throw Malformed("the key '\(key)' is missing") }
      return try read.inside(key, body, inner)
    }
    switch type {
    case "deviations":
      return .noOptimum(
        try part("conflicts") { (node: JSONNode) throws(Malformed) in
          try read.list(node, of: conflict)
        })
    case "unavoidable":
      return .unavoidable(
        try part("ranks", namedNumbers).map { (name: $0.name, rank: $0.value) })
    case "visit":
      return .visit(
        try part("run") { (node: JSONNode) throws(Malformed) in
          try read.list(node, of: read.text)
        })
    case "avoiding-policies":
      return .refuted(
        try part("policies") { (node: JSONNode) throws(Malformed) in
          try read.list(node, of: refutedPolicy)
        })
    default: return nil
    }
  }

  private func refutedPolicy(_ node: JSONNode) throws(Malformed) -> WrittenRefutedPolicy {
    guard let best = node["optimum"], let proof = node["certificate"] else {
      throw node.expected("an object with 'optimum' and 'certificate'")
    }
    return WrittenRefutedPolicy(
      policy: try read.inside("optimum", policy, best),
      proof: try read.inside("certificate", certificate, proof))
  }

  private func conflict(_ node: JSONNode) throws(Malformed) -> WrittenConflict {
    guard let constraints = node["constraints"], let deviations = node["deviations"] else {
      throw node.expected("an object with 'constraints' and 'deviations'")
    }
    return WrittenConflict(
      constraints: try read.inside("constraints", requirements, constraints),
      deviations: try read.inside(
        "deviations",
        { (node: JSONNode) throws(Malformed) in
          try read.list(node, of: entry).map { (parts: $0.parts, multiplier: $0.value) }
        }, deviations))
  }
}
