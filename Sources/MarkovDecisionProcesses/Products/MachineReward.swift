import ExactArithmetic

/// The payments of a reward machine: a table over its states and the steps of a model.
public struct MachineReward: Sendable {
  public struct Entry: Sendable, Hashable {
    /// The place of the machine's state before the step.
    public let machine: Int
    public let state: State
    public let action: Action
    /// `nil`: for every successor.
    public let successor: State?

    public init(machine: Int, state: State, action: Action, successor: State? = nil) {
      self.machine = machine
      self.state = state
      self.action = action
      self.successor = successor
    }
  }

  private var values: [Entry: Rational] = [:]

  public init() {}

  /// Sets an entry; what is not set is 0.
  ///
  /// - Returns: whether it was not set before.
  @discardableResult
  public mutating func set(_ entry: Entry, to value: Rational) -> Bool {
    values.updateValue(value, forKey: entry) == nil
  }

  /// What is set, in the order of the machine and the model.
  public var entries: [(entry: Entry, value: Rational)] {
    func places(_ entry: Entry) -> [Int32] {
      [
        Int32(entry.machine), entry.state.index, entry.action.index, entry.successor?.index ?? -1,
      ]
    }
    return values.sorted { places($0.key).lexicographicallyPrecedes(places($1.key)) }
      .map { ($0.key, $0.value) }
  }

  /// The payment of a step: that for every successor and that for this one.
  public func value(
    _ machine: Int, _ state: State, _ action: Action, to successor: State
  ) -> Rational {
    let all = values[Entry(machine: machine, state: state, action: action)] ?? 0
    let own = values[
      Entry(machine: machine, state: state, action: action, successor: successor)]
    return own.map { all + $0 } ?? all
  }
}

/// A reward of the model by its steps.
struct StepReward: Sendable {
  private var table = MachineReward()

  init(_ function: RewardFunction) {
    for entry in function.entries {
      table.set(
        .init(machine: 0, state: entry.state, action: entry.action, successor: entry.successor),
        to: entry.value)
    }
  }

  func value(_ state: State, _ action: Action, _ successor: State) -> Rational {
    table.value(0, state, action, to: successor)
  }
}

/// A reward machine with its payments.
public struct PayingMachine: Sendable {
  public let machine: RewardMachine
  public let reward: MachineReward

  public init(_ machine: RewardMachine, _ reward: MachineReward) {
    self.machine = machine
    self.reward = reward
  }
}

extension FiniteMDP {
  /// Every step that is possible, once.
  package var steps: [(state: State, action: Action, successor: State)] {
    (0..<stateCount).flatMap { steps(from: State($0)) }
  }

  /// Every step that is possible at a state, once.
  package func steps(
    from state: State
  ) -> [(state: State, action: Action, successor: State)] {
    choices(at: state).flatMap { choice in
      transitions(of: choice).map { (state, action(of: choice), $0.successor) }
    }
  }

  /// The states of positive initial probability; all, where there is no initial law.
  package var starts: [State] {
    initial?.filter { !$0.probability.isZero }.map(\.state)
      ?? (0..<stateCount).map { State($0) }
  }
}
