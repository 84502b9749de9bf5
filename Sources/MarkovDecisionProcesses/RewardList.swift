import ExactArithmetic

/// The entries of one reward function as they arrive.
struct RewardList {
  private var states: ContiguousArray<Int32> = []
  private var actions: ContiguousArray<Int32> = []
  private var successors: ContiguousArray<Int32> = []
  private var values: ContiguousArray<Int32> = []
  var pool = RationalPool()
  private var isAscending = true

  /// Adds an entry; a successor of -1 stands for every successor.
  mutating func append(_ state: Int32, _ action: Int32, _ successor: Int32, _ value: Rational) {
    append(state, action, successor, pooled: pool.insert(value))
  }

  /// Adds an entry whose value is in the pool already.
  @inline(__always)
  mutating func append(_ state: Int32, _ action: Int32, _ successor: Int32, pooled place: Int32) {
    if let s = states.last, let a = actions.last, let t = successors.last,
      (state, action, successor) <= (s, a, t)
    {
      isAscending = false
    }
    states.append(state)
    actions.append(action)
    successors.append(successor)
    values.append(place)
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
    let order = states.indices.sorted {
      let (a, b) = (key($0), key($1))
      return a == b ? $0 < $1 : a < b
    }
    for (first, second) in zip(order, order.dropFirst()) where key(first) == key(second) {
      throw .rewardTwice(
        reward: name, state: names.states[Int(states[first])],
        action: names.actions[Int(actions[first])],
        successor: successors[first] < 0 ? nil : names.states[Int(successors[first])],
        firstEntry: first, secondEntry: second)
    }
    return RewardFunction(
      states: ContiguousArray(order.map { states[$0] }),
      actions: ContiguousArray(order.map { actions[$0] }),
      successors: ContiguousArray(order.map { successors[$0] }),
      values: PooledVector(places: ContiguousArray(order.map { values[$0] }), pool: pool))
  }
}
