/// Decides whether end components can avoid states and each other, within a limit of visits to
/// the model.
struct AvoidanceSearch {
  private let core: ClosedCore
  private let stateCount: Int
  private let visits: Int

  init(_ core: ClosedCore, stateCount: Int, visits: Int) {
    self.core = core
    self.stateCount = stateCount
    self.visits = visits
  }

  /// Whether no end component avoids any state: then every recurrent class is everything.
  ///
  /// - Complexity: O(states × transitions); `nil` past the limit.
  func isRecurrent() -> Bool? {
    for state in 0..<stateCount {
      if state >= visits { return nil }
      if !without(state, core.whole()).isEmpty { return false }
    }
    return true
  }

  /// Whether no two end components are disjoint.
  ///
  /// Two closed cores `A`, `B` are kept, with the question whether disjoint end components lie in
  /// them. If one is empty: no. If they do not meet: yes. Else a state of both lies outside one
  /// of the two components sought, which gives two smaller questions. The first question has
  /// `A = B`, so that one of the two suffices there.
  ///
  /// - Complexity: exponential in the worst case; `nil` past the limit of visits.
  func isUnichain() -> Bool? {
    var visitsLeft = visits
    // A state that no end component avoids settles it, and is common.
    for state in 0..<min(stateCount, visits / 4) {
      if without(state, core.whole()).isEmpty { return true }
      visitsLeft -= 1
    }
    // States that many choices enter take the most with them, which keeps the search short.
    let order = (0..<stateCount).sorted {
      (core.enteringCount(of: $0), $1) > (core.enteringCount(of: $1), $0)
    }
    let whole = core.whole()
    var questions = [(without(order[0], whole), whole)]
    while let (a, b) = questions.popLast() {
      if a.isEmpty || b.isEmpty { continue }
      let common = order.first { a.hasState[$0] && b.hasState[$0] }
      guard let common else { return false }
      visitsLeft -= 2
      if visitsLeft < 0 { return nil }
      questions.append((a, without(common, b)))
      questions.append((without(common, a), b))
    }
    return true
  }

  private func without(_ state: Int, _ remainder: ClosedCore.Remainder) -> ClosedCore.Remainder {
    var rest = remainder
    core.remove(CollectionOfOne(state), from: &rest)
    return rest
  }
}
