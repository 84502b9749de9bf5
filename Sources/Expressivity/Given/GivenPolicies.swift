import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The policies of an environment on which formalisms are compared, no two with the same lottery.
struct GivenPolicies {
  private(set) var named: [(name: String, policy: Policy)] = []
  /// How many of them are deterministic; they come first.
  private(set) var deterministicCount = 0
  /// Whether every lottery of a deterministic policy is among them.
  private(set) var isComplete = true
  private let environment: ObjectiveEnvironment
  private var lotteries: Set<TrajectoryLottery> = []

  /// Neighbours of neighbours of the first policy, then mixtures at one state.
  init(of environment: ObjectiveEnvironment, limit: Int, progress: ProgressHandler) throws {
    self.environment = environment
    let model = environment.model
    let first = Policy.first(in: model)
    var queue = [first.actions(in: model) ?? []]
    var seen = Set(queue)
    add(first)
    var next = 0
    // A policy has to differ where it comes, so that neighbours with a known lottery end the way.
    while next < queue.count {
      try progress.checkpoint()
      for actions in NeighbouringPolicies(of: queue[next], in: model)
      where seen.insert(actions).inserted {
        let policy = try Policy(actions, in: model)
        guard !lotteries.contains(TrajectoryLottery(of: policy, in: environment)) else { continue }
        guard named.count < limit else {
          isComplete = false
          break
        }
        add(policy)
        queue.append(actions)
      }
      next += 1
    }
    deterministicCount = named.count
    try addMixtures(limit: 4)
  }

  private mutating func add(_ policy: Policy) {
    guard lotteries.insert(TrajectoryLottery(of: policy, in: environment)).inserted else { return }
    named.append((environment.text(of: policy), policy))
  }

  /// The first policy with a fair coin between two actions at one state.
  private mutating func addMixtures(limit: Int) throws {
    let model = environment.model
    let most = named.count + limit
    for state in 0..<model.stateCount where named.count < most {
      let choices = model.choiceRange(at: state)
      guard choices.count > 1 else { continue }
      let laws = (0..<model.stateCount).map { other -> [(action: Action, probability: Rational)] in
        let start = model.choiceRange(at: other).lowerBound
        if other != state { return [(model.action(of: Choice(start)), 1)] }
        return [start, start + 1].map { (model.action(of: Choice($0)), Rational(1, 2)) }
      }
      add(try Policy(laws: laws, in: model))
    }
  }
}

extension ObjectiveEnvironment {
  /// Such as `s0:a s1:{a 1/2, b 1/2}`; states that the policy does not reach, or with a single
  /// action, are left out.
  func text(of policy: Policy, reachableOnly: Bool = true) -> String {
    let lottery = TrajectoryLottery(of: policy, in: self)
    let parts = (0..<model.stateCount).compactMap { state -> String? in
      let law = ActionLaw(policy.choices(at: State(state)), in: model)
      guard model.choiceRange(at: state).count > 1, !reachableOnly || lottery.laws[state] != nil
      else { return nil }
      let names = law.actions.map { model.actions[Int($0.index)] }
      let text =
        names.count == 1
        ? names[0]
        : "{" + zip(names, law.probabilities).map { "\($0) \($1)" }.joined(separator: ", ") + "}"
      return "\(model.states[state]):\(text)"
    }
    return parts.isEmpty ? "(no choice)" : parts.joined(separator: " ")
  }

  /// Two deterministic policies with one lottery, if there are any.
  ///
  /// They differ at a state that one of them avoids: the greatest set of states without it that
  /// some choices keep is computed for each state with a choice.
  func policiesWithOneLottery() throws -> (Policy, Policy)? {
    for avoided in 0..<model.stateCount where model.choiceRange(at: avoided).count > 1 {
      guard let keeping = keepingChoices(without: avoided) else { continue }
      var actions = keeping.map { model.action(of: Choice($0)) }
      let choices = model.choiceRange(at: avoided)
      actions[avoided] = model.action(of: Choice(choices.lowerBound))
      let first = try Policy(actions, in: model)
      actions[avoided] = model.action(of: Choice(choices.lowerBound + 1))
      return (first, try Policy(actions, in: model))
    }
    return nil
  }

  /// A choice a state that never leads to `avoided` from the start, `nil` when there is none.
  private func keepingChoices(without avoided: Int) -> [Int]? {
    var isSafe = (0..<model.stateCount).map { $0 != avoided }
    func keeping(_ state: Int) -> Int? {
      model.choiceRange(at: state).first { choice in
        model.transitions(of: Choice(choice)).allSatisfy { isSafe[Int($0.successor.index)] }
      }
    }
    var changed = true
    while changed {
      changed = false
      for state in 0..<model.stateCount where isSafe[state] && keeping(state) == nil {
        isSafe[state] = false
        changed = true
      }
    }
    guard initial.allSatisfy({ isSafe[Int($0.state.index)] }) else { return nil }
    return (0..<model.stateCount).map { state in
      keeping(state) ?? model.choiceRange(at: state).lowerBound
    }
  }
}
