import MarkovDecisionProcesses

/// Where the states of a grid lie: those named `r0c0`, `r0c1`, … as `generate gridworld` names
/// them.
public struct GridLayout: Sendable {
  let rows: Int
  let columns: Int
  /// The row and the column of each state.
  let cells: [(row: Int, column: Int)]

  /// Reads the places from the names; `nil` when a state has another kind of name.
  ///
  /// - Complexity: O(states).
  public init?(of model: FiniteMDP) {
    var cells: [(row: Int, column: Int)] = []
    for name in model.states.names {
      let parts = name.dropFirst().split(separator: "c", omittingEmptySubsequences: false)
      guard name.first == "r", parts.count == 2, let row = Int(parts[0]), row >= 0,
        let column = Int(parts[1]), column >= 0, row < 10_000, column < 10_000
      else { return nil }
      cells.append((row, column))
    }
    self.cells = cells
    rows = (cells.lazy.map(\.row).max() ?? 0) + 1
    columns = (cells.lazy.map(\.column).max() ?? 0) + 1
  }
}
