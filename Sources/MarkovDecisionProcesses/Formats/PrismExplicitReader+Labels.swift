import ExactArithmetic
import ExactJSON

// The files beside the transitions: labels and rewards.
extension PrismExplicitReader {
  /// `0="init" 1="goal"` and rows `STATE: LABEL...`.
  func readLabels(_ start: TextLines, _ labels: inout LabelLists) throws {
    var lines = start
    var names: [Int: String] = [:]
    while names.isEmpty {
      guard lines.advance() else {
        throw ContentError("line 1", "expected 0=\"init\" ..., found the end of the text")
      }
      if try PrismComment.skip(lines, .labels) { continue }
      names = try labelNames(lines)
    }
    for (_, name) in names.sorted(by: { $0.key < $1.key }) where name != "deadlock" {
      labels.declare(name)
    }
    while lines.advance() {
      var words = lines.words
      guard let first = words.next(), try !PrismComment.skip(lines, .labels) else { continue }
      guard first.count > 1, lines.buffer.base[first.upperBound - 1] == UInt8(ascii: ":") else {
        throw lines.unexpected("STATE: LABEL...")
      }
      let state = try index(first.dropLast(), lines)
      while let word = words.next() {
        guard let number = lines.index(word), let name = names[number] else {
          throw lines.failure("there is no label \(excerpt(try lines.text(word)))")
        }
        labels.add(name, State(state))
      }
    }
  }

  private func labelNames(_ lines: TextLines) throws -> [Int: String] {
    var names: [Int: String] = [:]
    var rest = Substring(try lines.text()).drop(while: \.isWhitespace)
    while !rest.isEmpty {
      guard let equals = rest.firstIndex(of: "="), let number = Int(rest[..<equals]),
        rest[equals...].dropFirst().first == "\"",
        let end = rest[equals...].dropFirst(2).firstIndex(of: "\"")
      else { throw lines.unexpected("0=\"init\" 1=\"NAME\" ...") }
      let name = String(rest[equals...].dropFirst(2).prefix(upTo: end))
      guard !names.values.contains(name), names.updateValue(name, forKey: number) == nil else {
        throw lines.failure("the label \(excerpt(name)) or its number appears twice")
      }
      rest = rest[end...].dropFirst().drop(while: \.isWhitespace)
    }
    return names
  }

  /// `.srew` has rows `STATE REWARD`, `.trew` rows `STATE [CHOICE] SUCCESSOR REWARD`.
  ///
  /// - Returns: the line of each entry that was added.
  mutating func readRewards(
    _ start: TextLines, isOfStates: Bool, _ builder: inout FiniteMDPBuilder
  ) throws -> ContiguousArray<Int32> {
    var lines = start
    let kind = isOfStates ? PrismComment.Kind.stateRewards : .transitionRewards
    let counts = try header(&lines, "STATES ... ENTRIES", kind: kind)
    let headerLine = lines.number
    let shape =
      isOfStates
      ? "STATE REWARD" : isChain ? "STATE SUCCESSOR REWARD" : "STATE CHOICE SUCCESSOR REWARD"
    var entryCount = 0
    var entryLines: ContiguousArray<Int32> = []
    while lines.advance() {
      var words = lines.words
      guard let first = words.next(), try !PrismComment.skip(lines, kind) else { continue }
      let state = try index(first, lines)
      var choice: Int?
      if !isOfStates && !isChain {
        guard let word = words.next(), let local = lines.index(word),
          local < range(ofState: state).count
        else { throw lines.unexpected("\(shape), with one of the state's choices") }
        choice = Int(firstChoices[state]) + local
      } else if isChain && !isOfStates {
        choice = Int(firstChoices[state])
      }
      let successor = isOfStates ? nil : try words.next().map { State(try index($0, lines)) }
      guard let text = words.next(), words.next() == nil else { throw lines.unexpected(shape) }
      let value = try lines.number(text, &numbers)
      entryCount += 1
      for choice in choice.map({ $0..<$0 + 1 }) ?? range(ofState: state) {
        builder.addReward(
          state: State(state), action: Action(Int(choices.actions[choice])), successor: successor,
          value: value)
        entryLines.append(Int32(truncatingIfNeeded: lines.number))
      }
    }
    let expected =
      isOfStates || isChain
      ? [stateCount, entryCount] : [stateCount, choiceLines.count, entryCount]
    guard counts == expected else {
      throw ContentError(
        "line \(headerLine)",
        "the header does not fit: the model has \(stateCount) states and \(choiceLines.count)"
          + " choices, the file \(entryCount) entries")
    }
    return entryLines
  }
}
