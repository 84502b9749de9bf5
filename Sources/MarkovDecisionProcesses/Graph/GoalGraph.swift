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
    /// For each state without such a policy the round in which it was found out, else -1: each of
    /// its choices has a successor with a smaller level, or all successors have the same level.
    package let level: ContiguousArray<Int32>

    package func isProper(_ state: Int) -> Bool { level[state] < 0 }
  }

  /// The states from which some policy reaches the goal almost surely.
  ///
  /// What cannot reach the goal at all goes, then every choice that leads to what is gone and every
  /// state that has no choice left, and so on.
  ///
  /// - Complexity: O(rounds × transitions), where a round ends when something new cannot reach the
  ///   goal; rounds are few in practice.
  package func almostSure() -> AlmostSure {
    var isAllowed = choicesOffGoal
    var level = ContiguousArray<Int32>(repeating: -1, count: model.stateCount)
    var left = ContiguousArray((0..<model.stateCount).map { model.choiceRange(at: $0).count })
    var nextLevel: Int32 = 0
    while true {
      let attractor = attractor(of: isGoal, by: isAllowed)
      var pending = (0..<model.stateCount).filter { level[$0] < 0 && !attractor.reaches($0) }
      guard !pending.isEmpty else {
        return AlmostSure(attractor: attractor, isAllowed: isAllowed, level: level)
      }
      for state in pending {
        level[state] = nextLevel
        for choice in model.choiceRange(at: state) { isAllowed[choice] = false }
      }
      nextLevel += 1
      while let state = pending.popLast() {
        for choice in entering.choices(entering: state) where isAllowed[Int(choice)] {
          isAllowed[Int(choice)] = false
          let before = Int(model.choiceStates[Int(choice)])
          left[before] -= 1
          guard left[before] == 0 else { continue }
          level[before] = nextLevel
          nextLevel += 1
          pending.append(before)
        }
      }
    }
  }
}
