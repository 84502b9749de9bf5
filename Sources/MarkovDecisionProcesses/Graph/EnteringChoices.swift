/// For each state the choices that may lead to it.
package struct EnteringChoices: Sendable {
  /// `list[offsets[s]..<offsets[s + 1]]` are the choices with `s` among their successors.
  private let offsets: ContiguousArray<Int32>
  private let list: ContiguousArray<Int32>

  /// - Complexity: O(transitions) time and memory.
  package init(_ model: FiniteMDP) {
    var offsets = ContiguousArray<Int32>(repeating: 0, count: model.stateCount + 1)
    for successor in model.successors { offsets[Int(successor) + 1] += 1 }
    for state in 0..<model.stateCount { offsets[state + 1] += offsets[state] }
    var next = offsets
    var list = ContiguousArray<Int32>(repeating: 0, count: model.transitionCount)
    for choice in 0..<model.choiceCount {
      for transition in model.transitionRange(of: choice) {
        let successor = Int(model.successors[transition])
        list[Int(next[successor])] = Int32(choice)
        next[successor] += 1
      }
    }
    self.offsets = offsets
    self.list = list
  }

  /// The choices with `state` among their successors, ascending.
  @inline(__always)
  package func choices(entering state: Int) -> ContiguousArray<Int32>.SubSequence {
    list[Int(offsets[state])..<Int(offsets[state + 1])]
  }
}
