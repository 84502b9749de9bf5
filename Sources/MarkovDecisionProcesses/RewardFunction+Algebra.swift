import ExactArithmetic

/// Reward functions are a vector space over the rationals.
extension RewardFunction {
  /// The reward that is 0 everywhere.
  public static let zero = RewardFunction(summing: [])

  /// The function with these entries; numbers on one key are added, zeros left out.
  ///
  /// - Complexity: O(n log n) in the number of entries, O(n) when they are sorted.
  public init(summing entries: some Sequence<Entry>) {
    var sorted = Array(entries)
    if !zip(sorted, sorted.dropFirst()).allSatisfy({ $0.key < $1.key }) {
      sorted.sort { $0.key < $1.key }
    }
    var list = EntryList()
    var rest = sorted[...]
    while let first = rest.popFirst() {
      var sum = first.value
      while let next = rest.first, next.key == first.key {
        sum += next.value
        rest.removeFirst()
      }
      list.append(first.key, sum)
    }
    self = list.function()
  }

  /// The reward `value` on every available choice of `model`.
  public static func constant(_ value: Rational, in model: FiniteMDP) -> RewardFunction {
    RewardFunction(
      summing: (0..<model.choiceCount).lazy.map { choice in
        Entry(choice: Choice(choice), in: model, value: value)
      })
  }

  /// `R(s, a, t)`.
  ///
  /// - Complexity: O(log entries).
  public func value(state: State, action: Action, successor: State) -> Rational {
    entry(state, action, -1) + entry(state, action, successor.index)
  }

  public static func + (a: RewardFunction, b: RewardFunction) -> RewardFunction {
    a.combined(with: b, times: 1)
  }

  public static func - (a: RewardFunction, b: RewardFunction) -> RewardFunction {
    a.combined(with: b, times: -1)
  }

  public static prefix func - (a: RewardFunction) -> RewardFunction { -1 * a }

  public static func * (factor: Rational, a: RewardFunction) -> RewardFunction {
    zero.combined(with: a, times: factor)
  }

  /// `self + factor * other`, by one merge of the sorted entries.
  private func combined(with other: RewardFunction, times factor: Rational) -> RewardFunction {
    var list = EntryList()
    var (i, j) = (0, 0)
    while i < entryCount || j < other.entryCount {
      let mine = i < entryCount ? key(i) : EntryKey.last
      let theirs = j < other.entryCount ? other.key(j) : EntryKey.last
      var sum = Rational.zero
      if mine <= theirs {
        sum = values[i]
        i += 1
      }
      if theirs <= mine {
        sum += factor * other.values[j]
        j += 1
      }
      list.append(min(mine, theirs), sum)
    }
    return list.function()
  }

  private func entry(_ state: State, _ action: Action, _ successor: Int32) -> Rational {
    let wanted = EntryKey(state: state.index, action: action.index, successor: successor)
    var (low, high) = (0, entryCount)
    while low < high {
      let middle = (low + high) / 2
      if key(middle) < wanted { low = middle + 1 } else { high = middle }
    }
    return low < entryCount && key(low) == wanted ? values[low] : 0
  }

  func key(_ index: Int) -> EntryKey {
    EntryKey(state: states[index], action: actions[index], successor: successors[index])
  }
}

/// The place of an entry; a successor of -1 stands for every successor and comes first.
struct EntryKey: Comparable {
  let state: Int32
  let action: Int32
  let successor: Int32

  /// After every key.
  static let last = EntryKey(state: .max, action: .max, successor: .max)

  static func < (a: EntryKey, b: EntryKey) -> Bool {
    (a.state, a.action, a.successor) < (b.state, b.action, b.successor)
  }
}

/// Entries that arrive in order; zeros are left out.
struct EntryList {
  private var states: ContiguousArray<Int32> = []
  private var actions: ContiguousArray<Int32> = []
  private var successors: ContiguousArray<Int32> = []
  private var places: ContiguousArray<Int32> = []
  private var pool = RationalPool()

  mutating func append(_ key: EntryKey, _ value: Rational) {
    guard !value.isZero else { return }
    states.append(key.state)
    actions.append(key.action)
    successors.append(key.successor)
    places.append(pool.insert(value))
  }

  consuming func function() -> RewardFunction {
    RewardFunction(
      states: states, actions: actions, successors: successors,
      values: PooledVector(places: places, pool: pool))
  }
}

extension RewardFunction.Entry {
  var key: EntryKey {
    EntryKey(state: state.index, action: action.index, successor: successor?.index ?? -1)
  }

  /// A number on a choice of `model`, for every successor.
  init(choice: Choice, in model: FiniteMDP, value: Rational) {
    self.init(state: model.state(of: choice), action: model.action(of: choice), value: value)
  }
}
