import ExactArithmetic

/// Transitions as they arrive, kept so that input in order costs no sort and no second copy.
struct TransitionRows {
  private var states: ContiguousArray<Int32> = []  // only of entries that start a row
  private var actions: ContiguousArray<Int32> = []
  private var rowStarts: ContiguousArray<Int32> = []
  private var successors: ContiguousArray<Int32> = []
  private var probabilities: ContiguousArray<Int32> = []
  private(set) var pool = RationalPool()
  private let zero: Int32
  private var isAscending = true

  init() {
    zero = pool.insert(0)
  }

  /// The number of transitions, zeros included.
  var count: Int { successors.count }

  mutating func append(_ state: Int32, _ action: Int32, _ successor: Int32, _ p: Rational) {
    // A run of entries with one (state, action) is one row start.
    if states.last != state || actions.last != action {
      if let s = states.last, let a = actions.last, (state, action) < (s, a) {
        isAscending = false
      }
      states.append(state)
      actions.append(action)
      rowStarts.append(Int32(successors.count))
    }
    successors.append(successor)
    probabilities.append(pool.insert(p))
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
  var listedZeros: [(state: State, action: Action, successor: State)] = []
}

extension TransitionRows {
  /// The rows in model order, without zeros, after the check that no transition is repeated and
  /// that every state has a choice.
  func compressed(
    stateCount: Int, names: (states: NameTable, actions: NameTable)
  ) throws(ModelError) -> CompressedRows {
    var rows = CompressedRows()
    var runs = Array(states.indices)
    if !isAscending {
      // Ties keep the order of the input, so that successors stay as listed.
      runs.sort { (states[$0], actions[$0], $0) < (states[$1], actions[$1], $1) }
    }
    rows.successors.reserveCapacity(successors.count)
    rows.probabilities.reserveCapacity(successors.count)
    // The last entry seen with a successor, valid if it belongs to the choice at hand.
    var lastChoice = ContiguousArray<Int32>(repeating: -1, count: stateCount)
    for run in runs {
      let (state, action) = (states[run], actions[run])
      if rows.choiceStates.last != state || rows.choiceActions.last != action {
        rows.choiceStates.append(state)
        rows.choiceActions.append(action)
        rows.transitionOffsets.append(Int32(rows.successors.count))
      }
      let choice = Int32(rows.choiceStates.count - 1)
      for entry in entries(of: run) {
        let successor = Int(successors[entry])
        guard lastChoice[successor] != choice else {
          let first = entryOfTransition(state, action, successors[entry])
          throw .transitionTwice(
            state: names.states[Int(state)], action: names.actions[Int(action)],
            successor: names.states[successor], firstEntry: first, secondEntry: entry)
        }
        lastChoice[successor] = choice
        if probabilities[entry] == zero {
          rows.listedZeros.append((State(Int(state)), Action(Int(action)), State(successor)))
        } else {
          rows.successors.append(successors[entry])
          rows.probabilities.append(probabilities[entry])
        }
      }
    }
    rows.transitionOffsets.append(Int32(rows.successors.count))
    rows.choiceOffsets = try choiceOffsets(rows.choiceStates, stateCount, names.states)
    return rows
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

  private func choiceOffsets(
    _ choiceStates: ContiguousArray<Int32>, _ stateCount: Int, _ names: NameTable
  ) throws(ModelError) -> ContiguousArray<Int32> {
    var offsets = ContiguousArray<Int32>()
    offsets.reserveCapacity(stateCount + 1)
    var choice = 0
    for state in 0..<stateCount {
      offsets.append(Int32(choice))
      let first = choice
      while choice < choiceStates.count, choiceStates[choice] == state { choice += 1 }
      guard choice > first else { throw .stateWithoutAction(state: names[state]) }
    }
    offsets.append(Int32(choice))
    return offsets
  }
}
