/// Finds the largest part of a set of states that a policy can stay inside forever.
///
/// The *closed core* of a set `X` is the largest `Y ⊆ X` such that every state of `Y` has a choice
/// all of whose successors lie in `Y`. It is empty exactly if no end component lies in `X`: inside
/// a nonempty core some policy stays, and its recurrent classes are end components.
struct ClosedCore {
  private let model: FiniteMDP
  private let entering: EnteringChoices

  /// - Complexity: O(transitions) time and memory.
  init(_ model: FiniteMDP) {
    self.model = model
    entering = EnteringChoices(model)
  }

  /// The number of choices that may lead to `state`.
  func enteringCount(of state: Int) -> Int { entering.choices(entering: state).count }

  /// Which states of the model and which of their choices are still in play.
  struct Remainder {
    var hasState: ContiguousArray<Bool>
    var hasChoice: ContiguousArray<Bool>
    /// The number of choices in play of each state.
    fileprivate var choiceCounts: ContiguousArray<Int32>
    fileprivate(set) var stateCount: Int

    var isEmpty: Bool { stateCount == 0 }
  }

  /// The whole model, which is its own core.
  func whole() -> Remainder {
    Remainder(
      hasState: ContiguousArray(repeating: true, count: model.stateCount),
      hasChoice: ContiguousArray(repeating: true, count: model.choiceCount),
      choiceCounts: ContiguousArray(
        zip(model.choiceOffsets, model.choiceOffsets.dropFirst()).map { $1 - $0 }),
      stateCount: model.stateCount)
  }

  /// Takes `states` out of `remainder` and then what cannot stay inside without them.
  ///
  /// - Complexity: O(choices that enter a state that goes, and the choices of these).
  func remove(_ states: some Sequence<Int>, from remainder: inout Remainder) {
    var pending: [Int] = []
    for state in states { removeState(state, &remainder, &pending) }
    drain(&pending, &remainder)
  }

  /// Takes `choices` out of `remainder` and then what cannot stay inside without them.
  func removeChoices(_ choices: some Sequence<Int>, from remainder: inout Remainder) {
    var pending: [Int] = []
    for choice in choices { removeChoice(choice, &remainder, &pending) }
    drain(&pending, &remainder)
  }

  private func drain(_ pending: inout [Int], _ remainder: inout Remainder) {
    while let state = pending.popLast() {
      for choice in entering.choices(entering: state) {
        removeChoice(Int(choice), &remainder, &pending)
      }
    }
  }

  private func removeState(_ state: Int, _ remainder: inout Remainder, _ pending: inout [Int]) {
    guard remainder.hasState[state] else { return }
    remainder.hasState[state] = false
    remainder.stateCount -= 1
    for choice in model.choiceRange(at: state) { remainder.hasChoice[choice] = false }
    pending.append(state)
  }

  private func removeChoice(
    _ choice: Int, _ remainder: inout Remainder, _ pending: inout [Int]
  ) {
    guard remainder.hasChoice[choice] else { return }
    remainder.hasChoice[choice] = false
    let state = Int(model.choiceStates[choice])
    remainder.choiceCounts[state] -= 1
    if remainder.choiceCounts[state] == 0 { removeState(state, &remainder, &pending) }
  }
}
