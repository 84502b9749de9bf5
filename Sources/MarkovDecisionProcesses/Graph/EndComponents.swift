/// A set of states with choices that stays inside and is strongly connected by them.
public struct EndComponent: Sendable, Hashable {
  /// Ascending.
  public let states: [State]
  /// All choices of these states that stay inside, ascending.
  public let choices: [Choice]
}

extension FiniteMDP {
  /// The maximal end components, in the order of their first states.
  ///
  /// They are disjoint; under every policy the recurrent states lie in them. Found by repeating:
  /// strongly connected components, then without the choices that leave their component and all
  /// that cannot stay without them; components that lost nothing are done.
  ///
  /// - Complexity: O(rounds × transitions), where each round past the first touches only
  ///   components that lost a choice; rounds are few in practice, at most the number of states.
  ///
  /// Source: L. de Alfaro, *Formal Verification of Probabilistic Systems*, 1997, section 3.3.
  public func maximalEndComponents() -> [EndComponent] {
    maximalEndComponents(ClosedCore(self))
  }

  /// The maximal end components that use these choices alone.
  ///
  /// - Parameter isAllowed: one entry a choice.
  package func maximalEndComponents(
    within isAllowed: ContiguousArray<Bool>
  ) -> [EndComponent] {
    let core = ClosedCore(self)
    var remainder = core.whole()
    core.removeChoices(isAllowed.indices.lazy.filter { !isAllowed[$0] }, from: &remainder)
    return maximalEndComponents(core, in: remainder)
  }

  func maximalEndComponents(_ core: ClosedCore) -> [EndComponent] {
    maximalEndComponents(core, in: core.whole())
  }

  private func maximalEndComponents(
    _ core: ClosedCore, in whole: ClosedCore.Remainder
  ) -> [EndComponent] {
    var remainder = whole
    var place = ContiguousArray<Int32>(repeating: -1, count: stateCount)
    var pending = [Array(0..<stateCount)]
    var found: [EndComponent] = []
    while let candidate = pending.popLast() {
      let states = candidate.filter { remainder.hasState[$0] }
      let graph = subgraph(on: states, remainder, &place)
      let components = StronglyConnectedComponents(of: graph)
      let leaving = leavingChoices(of: states, components, remainder, place)
      for state in states { place[state] = -1 }
      var hasLost = [Bool](repeating: false, count: components.count)
      for (_, component) in leaving { hasLost[component] = true }
      core.removeChoices(leaving.map(\.choice), from: &remainder)
      for (component, members) in components.members().enumerated() {
        let members = members.map { states[$0] }
        if hasLost[component] {
          pending.append(members)
        } else {
          found.append(endComponent(on: members, remainder))
        }
      }
    }
    return found.sorted { $0.states[0] < $1.states[0] }
  }

  /// The graph of the choices in play on `states`, in their local numbers.
  private func subgraph(
    on states: [Int], _ remainder: ClosedCore.Remainder, _ place: inout ContiguousArray<Int32>
  ) -> DirectedGraph {
    for (local, state) in states.enumerated() { place[state] = Int32(local) }
    var (starts, ends): (ContiguousArray<Int32>, ContiguousArray<Int32>) = ([], [])
    var targets: ContiguousArray<Int32> = []
    for state in states {
      starts.append(Int32(targets.count))
      for choice in choiceRange(at: state) where remainder.hasChoice[choice] {
        for transition in transitionRange(of: choice) {
          // Choices that left a candidate are out of play, so the successor is in `states`.
          targets.append(place[Int(successors[transition])])
        }
      }
      ends.append(Int32(targets.count))
    }
    return DirectedGraph(starts: starts, ends: ends, targets: targets)
  }

  /// The choices in play that leave their component, with the component.
  private func leavingChoices(
    of states: [Int], _ components: StronglyConnectedComponents,
    _ remainder: ClosedCore.Remainder, _ place: ContiguousArray<Int32>
  ) -> [(choice: Int, component: Int)] {
    var leaving: [(choice: Int, component: Int)] = []
    for (local, state) in states.enumerated() {
      let own = components.component[local]
      for choice in choiceRange(at: state) where remainder.hasChoice[choice] {
        let stays = transitionRange(of: choice).allSatisfy { transition in
          components.component[Int(place[Int(successors[transition])])] == own
        }
        if !stays { leaving.append((choice, Int(own))) }
      }
    }
    return leaving
  }

  private func endComponent(
    on members: [Int], _ remainder: ClosedCore.Remainder
  ) -> EndComponent {
    EndComponent(
      states: members.map(State.init),
      choices: members.flatMap { choiceRange(at: $0) }.filter { remainder.hasChoice[$0] }
        .map(Choice.init))
  }
}
