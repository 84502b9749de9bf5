import ExactArithmetic
import MarkovDecisionProcesses

/// What a choice does, up to the classes of a partition of the states: its expected reward and
/// the probability of each class.
struct LumpedRow: Hashable {
  struct Part: Hashable {
    let classNumber: Int
    let probability: Rational
  }

  let reward: Rational
  /// Ascending by class; probabilities are positive, so that equal rows have equal parts.
  let parts: [Part]

  /// - Parameter classes: one number a state; `nil` keeps every state apart.
  init(_ terms: Terms, _ choice: Int, classes: [Int]?) {
    reward = terms.reward[choice]
    let row = terms.model.transitions(of: Choice(choice)).map { successor, probability in
      let state = Int(successor.index)
      return Part(classNumber: classes?[state] ?? state, probability: probability)
    }.sorted { $0.classNumber < $1.classNumber }
    var parts: [Part] = []
    for part in row {
      if let last = parts.last, last.classNumber == part.classNumber {
        parts[parts.count - 1] = Part(
          classNumber: last.classNumber, probability: last.probability + part.probability)
      } else {
        parts.append(part)
      }
    }
    self.parts = parts
  }
}

extension Terms {
  /// Checks that in each class all states have the same set of lumped rows.
  ///
  /// - Complexity: O(transitions · log of the longest row), expected; a class of one state costs
  ///   nothing.
  func requireStability(of classes: [Int]) throws(CheckFailure) {
    let order = classes.indices.sorted { (classes[$0], $0) < (classes[$1], $1) }
    var start = 0
    while start < order.count {
      let number = classes[order[start]]
      var end = start + 1
      while end < order.count, classes[order[end]] == number { end += 1 }
      if end - start > 1 {
        let rows = lumpedRows(of: order[start], classes)
        for state in order[start + 1..<end] where lumpedRows(of: state, classes) != rows {
          throw .rejected(
            "partition: the states \(model.name(State(order[start]))) and "
              + "\(model.name(State(state))) of class \(number) differ in their sets of "
              + "(reward, probabilities of the classes)")
        }
      }
      start = end
      do throws(Interrupted) { try progress.checkpoint() } catch { throw .interrupted(error) }
    }
  }

  private func lumpedRows(of state: Int, _ classes: [Int]) -> Set<LumpedRow> {
    Set(model.choiceRange(at: state).map { LumpedRow(self, $0, classes: classes) })
  }
}
