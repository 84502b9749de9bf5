extension HOAReader {
  mutating func disjunction() throws(AutomatonError) -> AcceptanceCondition {
    var parts = [try conjunction()]
    while take("|") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func conjunction() throws(AutomatonError) -> AcceptanceCondition {
    var parts = [try condition()]
    while take("&") { parts.append(try condition()) }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func condition() throws(AutomatonError) -> AcceptanceCondition {
    if take("(") {
      let inner = try nested { (reader) throws(AutomatonError) in try reader.disjunction() }
      try require(")")
      return inner
    }
    guard case .identifier(let name) = tokens[place].kind else {
      throw unexpected("'Inf', 'Fin', 't' or 'f'")
    }
    place += 1
    switch name {
    case "t": return .constant(true)
    case "f": return .constant(false)
    case "Inf", "Fin":
      try require("(")
      let isAbsence = take("!")
      let set = try integer("an acceptance set")
      try requireSet(set)
      try require(")")
      let mark = isAbsence ? try absence(of: set) : set
      return name == "Inf" ? .infinitely(mark) : .finitely(mark)
    default:
      place -= 1
      throw unexpected("'Inf', 'Fin', 't' or 'f'")
    }
  }

  func requireSet(_ set: Int) throws(AutomatonError) {
    let count = markCount - absences.count
    guard set < count else {
      throw error("acceptance set \(set) is out of range: there are \(count)")
    }
  }

  /// A new mark where `set` is not.
  private mutating func absence(of set: Int) throws(AutomatonError) -> Int {
    if let known = absences[set] { return known }
    absences[set] = markCount
    markCount += 1
    try requireCapacity()
    return markCount - 1
  }
}
