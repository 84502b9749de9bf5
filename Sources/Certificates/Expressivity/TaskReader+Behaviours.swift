import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension TaskReader {
  /// A stationary policy, `{state: action or {action: probability}}`.
  ///
  /// A state with one available action may be left out.
  func policy(_ node: JSONNode) throws(Malformed) -> Policy {
    guard case .object(let members) = node.kind else {
      throw node.expected("a policy {state: action or {action: probability}}")
    }
    var laws = [[(action: Action, probability: Rational)]?](
      repeating: nil, count: model.stateCount)
    for member in members {
      let place = "[\(excerpt(member.key))]"
      guard let index = model.states.place(of: member.key) else {
        let near = nearestName(to: member.key, among: model.states.names)
        throw Malformed(
          "unknown state \(excerpt(member.key))"
            + (near.map { "; did you mean '\($0)'?" } ?? ""), at: place)
      }
      laws[index] = try read.inside(place, law, member.value)
    }
    var complete: [[(action: Action, probability: Rational)]] = []
    for (index, law) in laws.enumerated() {
      let range = model.choiceRange(at: index)
      if let law {
        complete.append(law)
      } else if range.count == 1 {
        complete.append([(model.action(of: Choice(range.lowerBound)), 1)])
      } else {
        throw Malformed(
          "the policy has no entry for the state \(excerpt(model.states[index])), which has"
            + " \(range.count) actions")
      }
    }
    do throws(PolicyError) {
      if complete.allSatisfy({ $0.count == 1 && $0[0].probability == 1 }) {
        return try Policy(complete.map { $0[0].action }, in: model)
      }
      return try Policy(laws: complete, in: model)
    } catch {
      throw Malformed("\(error)")
    }
  }

  private func law(
    _ node: JSONNode
  ) throws(Malformed) -> [(action: Action, probability: Rational)] {
    guard case .object(let members) = node.kind else { return [(try action(node), 1)] }
    var law: [(action: Action, probability: Rational)] = []
    for member in members {
      let place = "[\(excerpt(member.key))]"
      let named = JSONNode(kind: .string(member.key), offset: member.value.offset)
      let action = try read.inside(place, action, named)
      let probability = try read.inside(place, read.number, member.value)
      if !probability.isZero { law.append((action, probability)) }
    }
    return law
  }

  /// A run: `[s, a, s', …]`, or an object with `steps` and `cycle`.
  func trajectory(_ node: JSONNode) throws(Malformed) -> Trajectory {
    guard case .object(let members) = node.kind else {
      let (start, steps) = try run(node)
      return Trajectory(start: start, steps: steps)
    }
    for member in members where member.key != "steps" && member.key != "cycle" {
      throw Malformed(
        "unknown key \(excerpt(member.key)); known are 'steps' and 'cycle'", at: member.key)
    }
    guard let stepsNode = node["steps"] else { throw Malformed("the key 'steps' is missing") }
    let (start, steps) = try read.inside("steps", run, stepsNode)
    guard let cycleNode = node["cycle"] else { return Trajectory(start: start, steps: steps) }
    let end = steps.last?.successor ?? start
    let cycle = try read.inside(
      "cycle",
      { (node: JSONNode) throws(Malformed) in try self.cycle(node, from: end) }, cycleNode)
    return Trajectory(start: start, steps: steps, cycle: cycle)
  }

  /// `[s, a, s', a', s'', …]`, ending in a state.
  private func run(
    _ node: JSONNode
  ) throws(Malformed) -> (start: State, steps: [Trajectory.Step]) {
    guard case .array(let parts) = node.kind else {
      throw node.expected("a run [state, action, state, …], ending in a state")
    }
    guard parts.count % 2 == 1 else {
      throw Malformed(
        "a run [state, action, state, …] ends in a state, so that it has an odd number of names;"
          + " here are \(parts.count)")
    }
    let start = try read.inside("[0]", state, parts[0])
    return (start, try steps(parts.dropFirst(), from: start))
  }

  /// `[a, s, …, a, s]`, returning to `start`.
  private func cycle(
    _ node: JSONNode, from start: State
  ) throws(Malformed) -> [Trajectory.Step] {
    guard case .array(let parts) = node.kind else {
      throw node.expected("a cycle [action, state, …, action, state]")
    }
    guard !parts.isEmpty, parts.count % 2 == 0 else {
      throw Malformed(
        "a cycle [action, state, …, action, state] has an even number of names, at least two; here"
          + " are \(parts.count)")
    }
    let steps = try steps(parts[...], from: start)
    guard steps.last?.successor == start else {
      throw Malformed(
        "the cycle has to return to the state \(excerpt(model.states[Int(start.index)])), where"
          + " the steps end")
    }
    return steps
  }

  private func steps(
    _ parts: ArraySlice<JSONNode>, from start: State
  ) throws(Malformed) -> [Trajectory.Step] {
    var steps: [Trajectory.Step] = []
    var current = start
    var index = parts.startIndex
    while index < parts.endIndex {
      let action = try read.inside("[\(index)]", action, parts[index])
      let successor = try read.inside("[\(index + 1)]", state, parts[index + 1])
      guard let choice = model.choice(of: action, at: current) else {
        throw Malformed(
          "the action \(excerpt(model.actions[Int(action.index)])) is not available at the state"
            + " \(excerpt(model.states[Int(current.index)]))", at: "[\(index)]")
      }
      guard !model.probability(of: successor.index, after: Int(choice.index)).isZero else {
        throw Malformed(
          "the step from \(excerpt(model.states[Int(current.index)])) to"
            + " \(excerpt(model.states[Int(successor.index)])) has probability 0",
          at: "[\(index + 1)]")
      }
      steps.append(Trajectory.Step(current, action, successor))
      current = successor
      index += 2
    }
    return steps
  }
}
