import ExactArithmetic
import ExactJSON

extension EntryReader {
  /// A value of a closed set, by its name.
  func named<Value: RawRepresentable & CaseIterable>(
    _ node: JSONNode
  ) throws(Malformed) -> Value where Value.RawValue == String {
    let name = try text(node)
    guard let value = Value(rawValue: name) else {
      throw node.expected(
        "one of " + Value.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", "))
    }
    return value
  }

  /// `"uniform"`, or a policy.
  func levellingPolicy(_ node: JSONNode) throws(Malformed) -> WrittenComparison.WrittenPolicy? {
    if case .string("uniform") = node.kind { return nil }
    return try stochasticPolicy(node)
  }

  /// One action a state, or its actions with their probabilities.
  func stochasticPolicy(_ node: JSONNode) throws(Malformed) -> WrittenComparison.WrittenPolicy {
    try stateVector(node, of: actionLaw)
  }

  private func actionLaw(
    _ node: JSONNode
  ) throws(Malformed) -> [(action: Reference, probability: Rational)] {
    guard case .object(let members) = node.kind else { return [(try reference(node), 1)] }
    var law: [(action: Reference, probability: Rational)] = []
    for member in members {
      law.append((.name(member.key), try inside("[\(excerpt(member.key))]", number, member.value)))
    }
    return law
  }

  /// A number, or bounds with perhaps the square.
  func printedNumber(_ node: JSONNode) throws(Malformed) -> ComparisonAnswer.Number {
    guard case .object(let members) = node.kind else { return .exact(try number(node)) }
    let known = ["lower", "upper", "squared"].flatMap { [$0, $0 + "Decimal"] }
    guard let lower = node["lower"], let upper = node["upper"],
      members.allSatisfy({ known.contains($0.key) })
    else {
      throw node.expected(
        "a number, or an object with 'lower' and 'upper' and perhaps 'squared'")
    }
    var squared: Rational?
    if let square = node["squared"] { squared = try inside("squared", number, square) }
    return .enclosed(
      lower: try inside("lower", number, lower), upper: try inside("upper", number, upper),
      squared: squared)
  }

  /// The same, or `null`.
  func printedNumberOrNull(_ node: JSONNode) throws(Malformed) -> ComparisonAnswer.Number? {
    if case .null = node.kind { return nil }
    return try printedNumber(node)
  }

  /// `[state, action, number]`, or with a successor in front of the number.
  func canonicalEntries(
    _ node: JSONNode
  ) throws(Malformed) -> [(names: [Reference], value: Rational)] {
    try list(node) { (node) throws(Malformed) in
      guard case .array(let parts) = node.kind, (3...4).contains(parts.count) else {
        throw node.expected("[state, action, number] or [state, action, successor, number]")
      }
      var names: [Reference] = []
      for (place, part) in parts.dropLast().enumerated() {
        names.append(try inside("[\(place)]", reference, part))
      }
      let value = try inside("[\(parts.count - 1)]", number, parts[parts.count - 1])
      return (names, value)
    }
  }
}
