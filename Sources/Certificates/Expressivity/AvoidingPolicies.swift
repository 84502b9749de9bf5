import ExactArithmetic
import MarkovDecisionProcesses

/// The deterministic policies that avoid what a task asks optimal ones to avoid: each lottery once, or
/// each policy where the formalism tells policies of one lottery apart.
public struct AvoidingPolicies: Sendable {
  private let task: ExpressTask
  private let avoided: [State]
  private let tellsAllApart: Bool
  private let avoidable: AvoidableStates

  public init(of task: ExpressTask) {
    self.task = task
    avoided = task.optimum?.avoided ?? []
    tellsAllApart = task.formalism == .policyFunction || task.formalism == .policyOrder
    avoidable = AvoidableStates(avoiding: avoided, in: task.model)
  }

  /// Where the choices of a policy start to matter.
  public var starts: [(state: State, probability: Rational)] {
    guard tellsAllApart else { return task.initial ?? [] }
    let count = task.model.stateCount
    return (0..<count).map { (State($0), Rational(1, count)) }
  }

  /// Calls `body` with every one of them, until it says stop.
  ///
  /// - Complexity: exponential in the states with a choice.
  public func visitAll(_ body: (ReachedPolicy) throws -> Bool) rethrows {
    // Choices off the run may lead anywhere.
    let mayBeMade = { (choice: Choice) in tellsAllApart || avoidable.isSafe(choice) }
    try ReachedPolicy.visitAll(in: task.model, from: starts, where: mayBeMade) { policy in
      try avoids(policy) ? body(policy) : true
    }
  }

  /// Whether the run of a policy never meets the states.
  public func avoids(_ policy: ReachedPolicy) -> Bool {
    var run = ReachedPolicy(in: task.model, from: task.initial ?? [])
    while let state = run.open {
      guard let choice = policy.choices[Int(state.index)] else { return false }
      run.choose(choice)
    }
    return !avoided.contains { run.reaches($0) }
  }
}
