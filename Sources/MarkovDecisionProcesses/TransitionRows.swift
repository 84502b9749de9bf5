import ExactArithmetic

/// Transitions as they arrive, kept so that input in order costs no sort and no second copy.
struct TransitionRows {
  // One entry a run, that is, a stretch of transitions with one (state, action).
  private var states: ContiguousArray<Int32> = []
  private var actions: ContiguousArray<Int32> = []
  private var rowStarts: ContiguousArray<Int32> = []
  // One entry a transition.
  private var successors: ContiguousArray<Int32> = []
  private var probabilities: ContiguousArray<Int32> = []
  private(set) var pool = RationalPool()
  /// The place of 0 in the pool.
  private let zero: Int32
  /// Whether every run so far is past the one before it.
  private var isAscending = true
  private var hasZeros = false
  private var lastState: Int32 = -1
  private var lastAction: Int32 = -1

  init() {
    zero = pool.insert(0)
  }

  /// The number of transitions, zeros included.
  var count: Int { successors.count }

  /// Makes room for `count` transitions; what is not used costs no memory.
  mutating func reserveCapacity(_ count: Int) {
    successors.reserveCapacity(count)
    probabilities.reserveCapacity(count)
  }

  /// The place of a probability in the pool, for ``append(_:_:_:pooled:)``.
  mutating func place(of probability: Rational) -> Int32 { pool.insert(probability) }

  @inline(__always)
  mutating func append(_ state: Int32, _ action: Int32, _ successor: Int32, pooled place: Int32) {
    if lastState != state || lastAction != action {
      if (state, action) < (lastState, lastAction) { isAscending = false }
      (lastState, lastAction) = (state, action)
      states.append(state)
      actions.append(action)
      rowStarts.append(Int32(truncatingIfNeeded: successors.count))
    }
    if place == zero { hasZeros = true }
    successors.append(successor)
    probabilities.append(place)
  }
}

/// The rows of a model in order: state → choices → transitions.
struct CompressedRows {
  var choiceOffsets: ContiguousArray<Int32> = []
  var choiceStates: ContiguousArray<Int32> = []
  var choiceActions: ContiguousArray<Int32> = []
  var transitionOffsets: ContiguousArray<Int32> = []
  var successors: ContiguousArray<Int32> = []
  var probabilities: ContiguousArray<Int32> = []
  var pool = RationalPool()
  var listedZeros: [(state: State, action: Action, successor: State)] = []
}

extension TransitionRows {
  /// The rows in model order, without zeros, after the check that no transition is repeated and
  /// that every state has a choice.
  consuming func compressed(
    stateCount: Int, names: (states: NameTable, actions: NameTable)
  ) throws(ModelError) -> CompressedRows {
    var runs: ContiguousArray<Int> = []
    if !isAscending {
      // Ties keep the order of the input, so that successors stay as listed.
      runs = ContiguousArray(states.indices)
      runs.sort { (states[$0], actions[$0], $0) < (states[$1], actions[$1], $1) }
    }
    // First, since a file of a few bytes may claim two thousand million states.
    try requireAction(atEachOf: stateCount, inOrder: runs, names.states)
    if isAscending && !hasZeros { return try movedRows(stateCount, names) }
    return try sortedRows(runs, stateCount, names)
  }

  /// The rows of input that is in model order and without zeros: the arrays as they are.
  private consuming func movedRows(
    _ stateCount: Int, _ names: (states: NameTable, actions: NameTable)
  ) throws(ModelError) -> CompressedRows {
    var lastRun = ContiguousArray<Int32>(repeating: -1, count: stateCount)
    for run in states.indices {
      for entry in entries(of: run) {
        try mark(entry, Int32(run), states[run], actions[run], &lastRun, names)
      }
    }
    rowStarts.append(Int32(successors.count))
    return CompressedRows(
      choiceOffsets: TransitionRows.choiceOffsets(states, stateCount), choiceStates: states,
      choiceActions: actions, transitionOffsets: rowStarts, successors: successors,
      probabilities: probabilities, pool: pool)
  }

  private func sortedRows(
    _ order: ContiguousArray<Int>, _ stateCount: Int,
    _ names: (states: NameTable, actions: NameTable)
  ) throws(ModelError) -> CompressedRows {
    var rows = CompressedRows(pool: pool)
    rows.successors.reserveCapacity(successors.count)
    rows.probabilities.reserveCapacity(successors.count)
    var lastChoice = ContiguousArray<Int32>(repeating: -1, count: stateCount)
    for index in states.indices {
      let run = order.isEmpty ? index : order[index]
      let (state, action) = (states[run], actions[run])
      if rows.choiceStates.last != state || rows.choiceActions.last != action {
        rows.choiceStates.append(state)
        rows.choiceActions.append(action)
        rows.transitionOffsets.append(Int32(rows.successors.count))
      }
      let choice = Int32(rows.choiceStates.count - 1)
      for entry in entries(of: run) {
        try mark(entry, choice, state, action, &lastChoice, names)
        if probabilities[entry] == zero {
          rows.listedZeros.append(
            (State(Int(state)), Action(Int(action)), State(Int(successors[entry]))))
        } else {
          rows.successors.append(successors[entry])
          rows.probabilities.append(probabilities[entry])
        }
      }
    }
    rows.transitionOffsets.append(Int32(rows.successors.count))
    rows.choiceOffsets = TransitionRows.choiceOffsets(rows.choiceStates, stateCount)
    return rows
  }

  /// Notes that `choice` has the successor of `entry`, and throws if it had it before.
  @inline(__always)
  private func mark(
    _ entry: Int, _ choice: Int32, _ state: Int32, _ action: Int32,
    _ lastChoice: inout ContiguousArray<Int32>, _ names: (states: NameTable, actions: NameTable)
  ) throws(ModelError) {
    let successor = Int(successors[entry])
    guard lastChoice[successor] != choice else {
      throw .transitionTwice(
        state: names.states[Int(state)], action: names.actions[Int(action)],
        successor: names.states[successor],
        firstEntry: entryOfTransition(state, action, successors[entry]), secondEntry: entry)
    }
    lastChoice[successor] = choice
  }

  private func entries(of run: Int) -> Range<Int> {
    let end = run + 1 < rowStarts.count ? Int(rowStarts[run + 1]) : successors.count
    return Int(rowStarts[run])..<end
  }

  /// The first entry that lists this transition: searched only once an error is certain.
  private func entryOfTransition(_ state: Int32, _ action: Int32, _ successor: Int32) -> Int {
    for run in states.indices where states[run] == state && actions[run] == action {
      for entry in entries(of: run) where successors[entry] == successor { return entry }
    }
    return 0
  }

  /// Throws for the first state at which no run starts; runs are ascending in `order`, or as
  /// they are when it is empty.
  private func requireAction(
    atEachOf stateCount: Int, inOrder order: ContiguousArray<Int>, _ names: NameTable
  ) throws(ModelError) {
    var next = 0
    for index in states.indices {
      let state = Int(states[order.isEmpty ? index : order[index]])
      guard state <= next else { throw .stateWithoutAction(state: names[next]) }
      next = state + 1
    }
    guard next == stateCount else { throw .stateWithoutAction(state: names[next]) }
  }

  private static func choiceOffsets(
    _ choiceStates: ContiguousArray<Int32>, _ stateCount: Int
  ) -> ContiguousArray<Int32> {
    var offsets = ContiguousArray<Int32>()
    offsets.reserveCapacity(stateCount + 1)
    for choice in choiceStates.indices where offsets.count == Int(choiceStates[choice]) {
      offsets.append(Int32(choice))
    }
    offsets.append(Int32(choiceStates.count))
    return offsets
  }
}
