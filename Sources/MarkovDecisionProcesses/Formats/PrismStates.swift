import ExactJSON

/// PRISM's `.sta` files: a line `(x,y)` with the variables, then a line `0:(1,true)` a state.
///
/// The name of a state is its valuation, `x=1 & y=true`. Names of another form are written as
/// comments `# name: NAME` behind the rows of a single variable that counts, so that PRISM reads
/// the file too.
enum PrismStates {
  private static let namePrefix = "# name: "

  /// The names of the states.
  static func read(
    _ start: TextLines, count: Int, _ notes: inout [String]
  ) throws -> NameTable {
    var lines = start
    var variables: [String]?
    var (valuations, names) = (StateNames(), StateNames())
    var (rowCount, nameCount) = (0, 0)
    while lines.advance() {
      let text = StateNames.spaced(try lines.text())
      if text.isEmpty { continue }
      if try PrismComment.skip(lines, .states) {
        guard text.hasPrefix(namePrefix) else { continue }
        guard nameCount == rowCount - 1 else {
          throw lines.failure("the name is not right behind the row of its state")
        }
        names.append(String(text.dropFirst(namePrefix.count)))
        nameCount += 1
      } else if let variables {
        let values = try self.values(text, row: rowCount, variables.count, lines)
        valuations.append(zip(variables, values).map { "\($0)=\($1)" }.joined(separator: " & "))
        rowCount += 1
      } else {
        guard let list = tuple(text[...]) else { throw lines.unexpected("(VARIABLE,...)") }
        variables = list
      }
    }
    guard rowCount == count else {
      throw ContentError(
        "line \(lines.number)", "the model has \(count) states, but the file lists \(rowCount)")
    }
    return (nameCount > 0 ? names : valuations).table(count: count, &notes)
  }

  private static func values(
    _ text: String, row: Int, _ count: Int, _ lines: TextLines
  ) throws -> [String] {
    guard let colon = text.firstIndex(of: ":"), Int(text[..<colon]) == row,
      let values = tuple(text[colon...].dropFirst()), values.count == count
    else { throw lines.unexpected("\(row):(VALUE,...) with \(count) values") }
    return values
  }

  /// The parts of `(a,b)`.
  private static func tuple(_ text: Substring) -> [String]? {
    guard text.first == "(", text.last == ")", text.count >= 2 else { return nil }
    let parts = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
      .map { StateNames.spaced(String($0)) }
    return parts.contains("") ? nil : parts
  }

  /// Writes the names of a table that is not a count.
  static func write(_ states: NameTable, _ output: TextOutput) {
    if let variables = variables(of: states) {
      output.write("(\(variables.joined(separator: ",")))\n")
      for (state, name) in states.names.enumerated() {
        let values = assignments(name)?.map(\.value) ?? []
        output.write("\(state):(\(values.joined(separator: ",")))\n")
      }
    } else {
      output.write("(state)\n")
      for (state, name) in states.names.enumerated() {
        output.write("\(state):(\(state))\n\(namePrefix)\(name)\n")
      }
    }
  }

  /// The variables when every name is a valuation of the same ones.
  private static func variables(of states: NameTable) -> [String]? {
    guard let first = assignments(states[0])?.map(\.variable), Set(first).count == first.count
    else { return nil }
    let isUniform = states.names.allSatisfy { assignments($0)?.map(\.variable) == first }
    return isUniform ? first : nil
  }

  /// `x=1 & y=true` in parts; `nil` when it is something else.
  private static func assignments(_ name: String) -> [(variable: String, value: String)]? {
    var parts: [(variable: String, value: String)] = []
    for part in name.split(separator: " & ", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard sides.count == 2, isIdentifier(sides[0]),
        sides[1] == "true" || sides[1] == "false" || Int(sides[1]).map(String.init) == sides[1]
      else { return nil }
      parts.append((sides[0], sides[1]))
    }
    return parts
  }

  private static func isIdentifier(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, first == 95 || isLetter(first) else { return false }
    return bytes.allSatisfy { $0 == 95 || isLetter($0) || (48...57).contains($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte)
  }
}
