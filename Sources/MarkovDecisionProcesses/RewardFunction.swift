import ExactArithmetic

/// A reward on `(state, action, successor)`: what a model file lists, exactly.
///
/// `R(s, a, t)` is the sum of the entry on `(s, a)` (which holds for every successor) and of the
/// entry on `(s, a, t)`; what is not listed is 0. Entries on unavailable actions and on
/// impossible transitions are kept: the comparison of rewards needs them, values never do.
public struct RewardFunction: Sendable {
  /// One listed number.
  public struct Entry: Hashable, Sendable {
    public let state: State
    public let action: Action
    /// `nil`: the number holds for every successor.
    public let successor: State?
    public let value: Rational

    public init(state: State, action: Action, successor: State? = nil, value: Rational) {
      self.state = state
      self.action = action
      self.successor = successor
      self.value = value
    }
  }

  // Flat and sorted by (state, action, successor), the entry for every successor first (-1).
  let states: ContiguousArray<Int32>
  let actions: ContiguousArray<Int32>
  let successors: ContiguousArray<Int32>
  let values: PooledVector

  init(
    states: ContiguousArray<Int32>, actions: ContiguousArray<Int32>,
    successors: ContiguousArray<Int32>, values: PooledVector
  ) {
    self.states = states
    self.actions = actions
    self.successors = successors
    self.values = values
  }

  /// The number of listed entries.
  public var entryCount: Int { states.count }

  /// The listed entries, sorted by state, action and successor.
  public var entries: some RandomAccessCollection<Entry> {
    (0..<entryCount).lazy.map { index in
      Entry(
        state: State(Int(states[index])), action: Action(Int(actions[index])),
        successor: successors[index] < 0 ? nil : State(Int(successors[index])),
        value: values[index])
    }
  }

  /// The expected reward `r(s, a) = Σ p(t|s,a) R(s, a, t)` of every choice of `model`.
  ///
  /// - Returns: one entry a choice, in reward per step.
  /// - Complexity: O(entries × row length + choices).
  public func expected(in model: FiniteMDP) -> PooledVector {
    var pool = values.pool
    let zero = pool.insert(0)
    var places = ContiguousArray(repeating: zero, count: model.choiceCount)
    var entry = 0
    for choice in 0..<model.choiceCount {
      let state = model.choiceStates[choice]
      let action = model.choiceActions[choice]
      while entry < entryCount, (states[entry], actions[entry]) < (state, action) { entry += 1 }
      var sum: Rational?
      while entry < entryCount, states[entry] == state, actions[entry] == action {
        defer { entry += 1 }
        if successors[entry] < 0, sum == nil {
          places[choice] = values.places[entry]
          sum = values[entry]
          continue
        }
        let weight = model.probability(of: successors[entry], after: choice)
        if weight.isZero { continue }
        sum = (sum ?? 0) + weight * values[entry]
        places[choice] = -1
      }
      if places[choice] < 0, let sum { places[choice] = pool.insert(sum) }
    }
    return PooledVector(places: places, pool: pool)
  }
}
