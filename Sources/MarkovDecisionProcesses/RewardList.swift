import ExactArithmetic

/// The entries of one reward function as they arrive.
struct RewardList {
  private var states: ContiguousArray<Int32> = []
  private var actions: ContiguousArray<Int32> = []
  private var successors: ContiguousArray<Int32> = []
  private var values: ContiguousArray<Int32> = []
  private var pool = RationalPool()
  private var isAscending = true

  /// Adds an entry; a successor of -1 stands for every successor.
  mutating func append(_ state: Int32, _ action: Int32, _ successor: Int32, _ value: Rational) {
    if let s = states.last, let a = actions.last, let t = successors.last,
      (state, action, successor) <= (s, a, t)
    {
      isAscending = false
    }
    states.append(state)
    actions.append(action)
    successors.append(successor)
    values.append(pool.insert(value))
  }

  /// The sorted function, after the check that no key is repeated.
  func function(
    named name: String, names: (states: NameTable, actions: NameTable)
  ) throws(ModelError) -> RewardFunction {
    if isAscending {
      return RewardFunction(
        states: states, actions: actions, successors: successors,
        values: PooledVector(places: values, pool: pool))
    }
    let key = { (i: Int) in (states[i], actions[i], successors[i]) }
    let order = states.indices.sorted { key($0) < key($1) }
    for (first, second) in zip(order, order.dropFirst()) where key(first) == key(second) {
      throw .rewardTwice(
        reward: name, state: names.states[Int(states[first])],
        action: names.actions[Int(actions[first])],
        successor: successors[first] < 0 ? nil : names.states[Int(successors[first])])
    }
    return RewardFunction(
      states: ContiguousArray(order.map { states[$0] }),
      actions: ContiguousArray(order.map { actions[$0] }),
      successors: ContiguousArray(order.map { successors[$0] }),
      values: PooledVector(places: ContiguousArray(order.map { values[$0] }), pool: pool))
  }
}
