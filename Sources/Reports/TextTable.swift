/// A table in plain text: a heading, columns aligned to their widest cell, the last one ragged.
///
/// The last column holds what may be long, so that one long fraction does not push everything
/// else out of sight.
struct TextTable {
  enum Alignment { case left, right }

  private let headings: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  init(_ columns: [(heading: String, alignment: Alignment)]) {
    headings = columns.map(\.heading)
    alignments = columns.map(\.alignment)
  }

  /// - Precondition: one cell a column.
  mutating func add(_ cells: [String]) {
    precondition(cells.count == headings.count, "one cell a column")
    rows.append(cells)
  }

  func write(to text: inout TextWriter) throws {
    var widths = headings.map(\.count)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    try text.line(line(headings, widths))
    for row in rows { try text.line(line(row, widths)) }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for (column, cell) in cells.enumerated() {
      if column > 0 { line += "  " }
      let padding = String(repeating: " ", count: max(0, widths[column] - cell.count))
      switch alignments[column] {
      case .right: line += padding + cell
      case .left: line += column == cells.count - 1 ? cell : cell + padding
      }
    }
    // Empty last cells leave no white space behind.
    while line.last == " " { line.removeLast() }
    return line
  }
}

/// Lines `Name   text`, aligned: the summary above a table.
struct Summary {
  private var entries: [(name: String, text: String)] = []

  mutating func add(_ name: String, _ text: String) {
    entries.append((name, text))
  }

  func write(to text: inout TextWriter) throws {
    let width = entries.map(\.name.count).max() ?? 0
    for (name, value) in entries {
      let padding = String(repeating: " ", count: width - name.count)
      try text.line("\(name)\(padding)  \(value)")
    }
  }
}
