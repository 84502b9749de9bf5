// What is here: who can reach a set of states, who can do so almost surely, and who cannot avoid it.
// Only the graph counts, not the probabilities.
// Source: C. Baier and J.-P. Katoen, *Principles of Model Checking*, 2008, section 10.6.1; the levels
// and distances are those of proofs-notes/proper-policy-iteration.md.

/// A model as a graph, seen from a set of goal states.
package struct GoalGraph: Sendable {
  package let model: FiniteMDP
  package let isGoal: [Bool]
  private let entering: EnteringChoices

  /// - Complexity: O(transitions) time and memory.
  package init(_ model: FiniteMDP, goal: [State]) {
    self.model = model
    var isGoal = [Bool](repeating: false, count: model.stateCount)
    for state in goal { isGoal[Int(state.index)] = true }
    self.isGoal = isGoal
    entering = EnteringChoices(model)
  }

  /// A way to a set of targets, step by step.
  package struct Attractor: Sendable {
    /// For each state the fewest steps to a target; 0 exactly at the targets, -1 for "never".
    package var distance: ContiguousArray<Int32>
    /// For each state that has a way a choice with a successor one step nearer, else -1.
    package var choice: ContiguousArray<Int32>

    package func reaches(_ state: Int) -> Bool { distance[state] >= 0 }
  }

  /// The states from which some policy comes to a target with positive probability.
  ///
  /// - Parameter isAllowed: one entry a choice; the others are not taken.
  /// - Complexity: O(transitions).
  package func attractor(
    of targets: [Bool], by isAllowed: ContiguousArray<Bool>
  ) -> Attractor {
    var found = Attractor(
      distance: ContiguousArray(repeating: -1, count: model.stateCount),
      choice: ContiguousArray(repeating: -1, count: model.stateCount))
    var queue = ContiguousArray<Int32>()
    for state in targets.indices where targets[state] {
      found.distance[state] = 0
      queue.append(Int32(state))
    }
    var next = 0
    while next < queue.count {
      let state = Int(queue[next])
      next += 1
      for choice in entering.choices(entering: state) where isAllowed[Int(choice)] {
        let before = Int(model.choiceStates[Int(choice)])
        guard found.distance[before] < 0 else { continue }
        found.distance[before] = found.distance[state] + 1
        found.choice[before] = choice
        queue.append(Int32(before))
      }
    }
    return found
  }

  /// The choices of the states off the goal.
  package var choicesOffGoal: ContiguousArray<Bool> {
    ContiguousArray(model.choiceStates.map { !isGoal[Int($0)] })
  }

  /// For each state the layer in which every choice has a successor in an earlier one; the goal is
  /// layer 0, and -1 stands for the states that can avoid the goal for ever.
  ///
  /// - Complexity: O(transitions).
  package func forcedDistance() -> ContiguousArray<Int32> {
    var distance = ContiguousArray<Int32>(repeating: -1, count: model.stateCount)
    var avoiding = choicesOffGoal
    var left = ContiguousArray((0..<model.stateCount).map { model.choiceRange(at: $0).count })
    var queue = ContiguousArray<Int32>()
    for state in isGoal.indices where isGoal[state] {
      distance[state] = 0
      queue.append(Int32(state))
    }
    var next = 0
    while next < queue.count {
      let state = Int(queue[next])
      next += 1
      for choice in entering.choices(entering: state) where avoiding[Int(choice)] {
        avoiding[Int(choice)] = false
        let before = Int(model.choiceStates[Int(choice)])
        left[before] -= 1
        guard left[before] == 0, distance[before] < 0 else { continue }
        distance[before] = distance[state] + 1
        queue.append(Int32(before))
      }
    }
    return distance
  }
}

extension GoalGraph {
  /// Which states have a policy that reaches the goal almost surely.
  package struct AlmostSure: Sendable {
    /// The way to the goal by ``isAllowed`` choices: following it is such a policy.
    package let attractor: Attractor
    /// The choices off the goal that never leave the states with such a policy.
    package let isAllowed: ContiguousArray<Bool>
    /// For each state without such a policy when it was found out, else -1: each of its choices has a successor with a smaller level, or all successors have the same level.
    package let level: ContiguousArray<Int32>

    package func isProper(_ state: Int) -> Bool { level[state] < 0 }
  }

  /// The states from which some policy reaches the goal almost surely.
  ///
  /// Where everything can reach the goal, that is all. Else, once the maximal end components off the
  /// goal are places that one leaves at will, every policy ends at the goal or where there is no way
  /// on; so what has no way on goes, then every choice that leads to what is gone, and so on.
  ///
  /// - Complexity: O(transitions), after the maximal end components.
  /// - Source: `proofs-notes/proper-policy-iteration.md`.
  package func almostSure() -> AlmostSure {
    let everyWay = choicesOffGoal
    let level = ContiguousArray<Int32>(repeating: -1, count: model.stateCount)
    let attractor = attractor(of: isGoal, by: everyWay)
    if attractor.distance.allSatisfy({ $0 >= 0 }) {
      return AlmostSure(attractor: attractor, isAllowed: everyWay, level: level)
    }
    return withoutDeadEnds(model.maximalEndComponents(within: everyWay), everyWay, level)
  }

  private func withoutDeadEnds(
    _ components: [EndComponent], _ everyWay: ContiguousArray<Bool>,
    _ unknown: ContiguousArray<Int32>
  ) -> AlmostSure {
    var (isAllowed, level) = (everyWay, unknown)
    // The places: end components first, then one for each other state.
    var place = ContiguousArray<Int32>(unknown.indices.map { Int32(components.count + $0) })
    var ways = ContiguousArray(repeating: 0, count: components.count)
    ways.append(contentsOf: unknown.indices.map { model.choiceRange(at: $0).count })
    for (number, component) in components.enumerated() {
      for state in component.states {
        place[Int(state.index)] = Int32(number)
        ways[number] += model.choiceRange(at: Int(state.index)).count
      }
      ways[number] -= component.choices.count
    }
    var nextLevel: Int32 = 0
    var pending: [Int] = []
    func close(_ closed: Int) {
      let states =
        closed < components.count
        ? components[closed].states : [State(closed - components.count)]
      for state in states {
        level[Int(state.index)] = nextLevel
        for choice in model.choiceRange(at: Int(state.index)) { isAllowed[choice] = false }
        pending.append(Int(state.index))
      }
      nextLevel += 1
    }
    for number in components.indices where ways[number] == 0 { close(number) }
    while let state = pending.popLast() {
      for choice in entering.choices(entering: state) where isAllowed[Int(choice)] {
        isAllowed[Int(choice)] = false
        let before = Int(place[Int(model.choiceStates[Int(choice)])])
        ways[before] -= 1
        if ways[before] == 0 { close(before) }
      }
    }
    return AlmostSure(
      attractor: attractor(of: isGoal, by: isAllowed), isAllowed: isAllowed, level: level)
  }
}
