// What is here: the reward machine of a gate, which pays what was earned on the way only where the
// outcome is good enough: h + [h ≥ δ] Σ r_low. Its states are the sums so far.

import ExactArithmetic
import ExactJSON

/// What was earned on the way counts only where the outcome is good enough.
public struct RewardGate: Sendable, Hashable {
  /// The name of the reward that is earned on the way.
  public let low: String
  /// The name of the reward that the last step of a run has as its outcome.
  public let outcome: String
  /// The least outcome that opens the gate.
  public let threshold: Rational
  /// The label of the states that end a run.
  public let end: String

  public init(low: String, outcome: String, threshold: Rational, end: String) {
    self.low = low
    self.outcome = outcome
    self.threshold = threshold
    self.end = end
  }
}

extension FiniteMDP {
  /// The machine that pays `h + [h ≥ δ] Σ r_low` with the step that ends a run, and nothing else:
  /// `h` is the outcome of that step, the sum that of the low rewards of all steps up to it.
  ///
  /// A run ends with the first step into a state of the label; one that begins there is paid
  /// nothing.
  ///
  /// - Parameter limit: more sums are an error; low rewards on a loop that may end have no end of
  ///   them.
  /// - Throws: ``ModelError`` where a name is unknown, or past the limit.
  /// - Complexity: steps of the model times sums.
  ///
  /// Source: after G-RA (arXiv 2508.10548); `proofs-notes/gated-rewards.md`.
  public func machine(
    of gate: RewardGate, limit: Int = 10_000
  ) throws(ModelError) -> PayingMachine {
    guard let ends = states(labeled: gate.end) else {
      throw .unknownName(
        kind: .label, name: gate.end, nearest: nearestName(to: gate.end, among: labels.map(\.name)))
    }
    var search = GateSearch(
      model: self, low: try table(of: gate.low), outcome: try table(of: gate.outcome),
      threshold: gate.threshold, ends: Set(ends))
    try search.run(limit: limit)
    return try search.machine()
  }

  private func table(of name: String) throws(ModelError) -> StepReward {
    guard let function = reward(named: name) else {
      throw .unknownName(
        kind: .reward, name: name, nearest: nearestName(to: name, among: rewards.map(\.name)))
    }
    return StepReward(function)
  }
}

private struct GateSearch {
  typealias Step = (state: State, action: Action, successor: State)

  let model: FiniteMDP
  let low: StepReward
  let outcome: StepReward
  let threshold: Rational
  let ends: Set<State>

  private var sums: [Rational] = [0]
  private var numbers: [Rational: Int] = [0: 0]
  private var moves: [(source: Int, step: Step, target: Int)] = []
  private var final: [(source: Int, step: Step, payment: Rational)] = []

  init(
    model: FiniteMDP, low: StepReward, outcome: StepReward, threshold: Rational, ends: Set<State>
  ) {
    self.model = model
    self.low = low
    self.outcome = outcome
    self.threshold = threshold
    self.ends = ends
  }

  private struct Node: Hashable {
    let state: State
    let sum: Int
  }

  /// Every state with every sum that it may be reached with, from wherever a run may begin.
  ///
  /// A run that comes where no end can be reached is paid nothing, so that its sums do not matter.
  mutating func run(limit: Int) throws(ModelError) {
    let goal = GoalGraph(model, goal: Array(ends))
    let ending = goal.attractor(of: goal.isGoal, by: goal.choicesOffGoal)
    var nodes = model.starts.map { Node(state: $0, sum: 0) }
    var known = Set(nodes)
    var next = 0
    while next < nodes.count {
      let node = nodes[next]
      next += 1
      if ends.contains(node.state) { continue }
      for step in model.steps(from: node.state)
      where ending.reaches(Int(step.successor.index)) {
        let earned = sums[node.sum] + low.value(step.state, step.action, step.successor)
        if ends.contains(step.successor) {
          let last = outcome.value(step.state, step.action, step.successor)
          final.append((node.sum, step, last >= threshold ? last + earned : last))
          continue
        }
        let target = numbers[earned] ?? sums.count
        if target == sums.count {
          guard sums.count < limit else { throw .tooManySums(limit: limit) }
          numbers[earned] = target
          sums.append(earned)
        }
        if target != node.sum { moves.append((node.sum, step, target)) }
        let reached = Node(state: step.successor, sum: target)
        if known.insert(reached).inserted { nodes.append(reached) }
      }
    }
  }

  /// The machine whose states are named by the sums, and `over` after a run's end.
  func machine() throws(ModelError) -> PayingMachine {
    let over = sums.count
    var targets: [Int: [State: [Action: [Int: Set<State>]]]] = [:]
    func note(_ source: Int, _ step: Step, _ target: Int) {
      targets[source, default: [:]][step.state, default: [:]][step.action, default: [:]][
        target, default: []
      ].insert(step.successor)
    }
    for move in moves { note(move.source, move.step, move.target) }
    for step in final { note(step.source, step.step, over) }
    var transitions: [RewardMachine.Transition] = []
    for (source, states) in targets.sorted(by: { $0.key < $1.key }) {
      for (state, actions) in states.sorted(by: { $0.key < $1.key }) {
        for (action, reached) in actions.sorted(by: { $0.key < $1.key }) {
          for (target, successors) in reached.sorted(by: { $0.key < $1.key }) {
            transitions.append(
              .init(
                from: source,
                when: .init(states: [state], actions: [action], successors: successors),
                to: target))
          }
        }
      }
    }
    var reward = MachineReward()
    for (source, step, payment) in final where !payment.isZero {
      reward.set(
        .init(
          machine: source, state: step.state, action: step.action, successor: step.successor),
        to: payment)
    }
    return PayingMachine(
      RewardMachine(
        states: try NameTable(sums.map { "earned \($0)" } + ["over"], of: .state), initial: 0,
        transitions: transitions), reward)
  }
}
