import ExactJSON

/// The names of the states in a line format: their valuations.
///
/// In DRN Storm writes the values of a state's variables as a comment `//[x=1	& y=2]` right behind
/// the line `state N`; so do we with a state's name. It is read as the name `x=1 & y=2`, with
/// single spaces. Other comments are no names. For PRISM's `.sta` see ``PrismStates``.
struct StateNames {
  private var names: [String] = []

  /// Looks at a comment behind the line of `state`; the first that is a valuation counts.
  mutating func readComment(_ lines: TextLines, state: Int) {
    let text = lines.buffer.bytes(lines.line)
    guard names.count == state, text.starts(with: "//[".utf8),
      text.last == UInt8(ascii: "]")
    else { return }
    let inside = lines.line.lowerBound + 3..<lines.line.upperBound - 1
    guard let name = (try? lines.text(inside)).map(Self.spaced), !name.isEmpty else { return }
    names.append(name)
  }

  /// Adds the name of the next state.
  mutating func append(_ name: String) { names.append(name) }

  /// The names when every state has its own, else the numbers, with the reason as a note.
  func table(count: Int, _ notes: inout [String]) -> NameTable {
    guard !names.isEmpty else { return NameTable(count: count) }
    guard names.count == count else {
      notes.append(
        "state \(names.count) has no valuation: the states are named by their numbers")
      return NameTable(count: count)
    }
    if names.enumerated().allSatisfy({ $1 == String($0) }) { return NameTable(count: count) }
    do throws(ModelError) {
      return try NameTable(names, of: .state)
    } catch {
      notes.append("\(error): the states are named by their numbers")
      return NameTable(count: count)
    }
  }

  /// The text with single spaces for white space, and none at the ends.
  static func spaced(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Whether every state of the model has a name that reads back as it is.
  static func hold(_ table: NameTable) -> Bool {
    table.isCount || table.names.allSatisfy { !$0.isEmpty && spaced($0) == $0 }
  }
}
