import ExactArithmetic
import ExactJSON

/// What a DRN file says before `@model`.
struct DRNHeader {
  /// Whether the file says that every state has one choice.
  var isChain = false
  var stateCount = 0
  var stateLine = 0
  var choiceCount: Int?
  var choiceLine = 0
  /// The names of the rewards, by their places in the lists of the states and choices; see
  /// ``nameRewards(count:)``.
  private(set) var rewards: [String] = []
  private(set) var rewardLine = 0
  /// The number behind each `$name`, as a place in the text.
  var placeholders: [String: Range<Int>] = [:]
  /// From a comment `// discount: q`, as our writer leaves it.
  var discount: Rational?
  /// From a comment `// initial: STATE p, STATE p`, as our writer leaves it.
  private(set) var law: [(state: State, probability: Rational)] = []

  private var seen: Set<String> = []

  /// Reads up to and with the line `@model`.
  static func read(_ lines: inout TextLines) throws -> DRNHeader {
    var header = DRNHeader()
    while lines.advance() {
      let text = try lines.text()
      if text.hasPrefix("//") {
        header.readComment(text)
        continue
      }
      let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let key = words.first else { continue }
      guard header.seen.insert(key).inserted else {
        throw lines.failure("\(excerpt(key)) appears twice")
      }
      guard words.count == 1 || key.hasSuffix(":") else {
        throw lines.unexpected("\(excerpt(key)) alone")
      }
      if key == "@model" {
        try header.requireKeys(lines)
        return header
      }
      try header.read(key, words, &lines)
    }
    throw ContentError("line \(lines.number + 1)", "expected '@model', found the end of the text")
  }

  private mutating func readComment(_ text: String) {
    let (discountPrefix, lawPrefix) = ("// discount: ", "// initial: ")
    if text.hasPrefix(discountPrefix) {
      discount = Rational(String(text.dropFirst(discountPrefix.count)))
    }
    guard text.hasPrefix(lawPrefix) else { return }
    law = text.dropFirst(lawPrefix.count).split(separator: ",").compactMap { entry in
      let words = entry.split(separator: " ")
      guard words.count == 2, let state = Int32(words[0]), state >= 0,
        let probability = Rational(String(words[1]))
      else { return nil }
      return (State(Int(state)), probability)
    }
  }

  private mutating func read(_ key: String, _ words: [String], _ lines: inout TextLines) throws {
    switch key {
    case "@type:":
      guard words.count == 2, ["mdp", "dtmc"].contains(words[1].lowercased()) else {
        throw lines.unexpected("@type: MDP or @type: DTMC")
      }
      isChain = words[1].lowercased() == "dtmc"
    case "@value_type:":
      // What is called parametric has constants alone where no parameter is named.
      let known = ["rational", "double", "parametric"]
      guard words.count == 2, known.contains(words[1].lowercased()) else {
        throw lines.unexpected("@value_type: rational or @value_type: double")
      }
    case "@parameters":
      guard lines.advance(),
        lines.words.rest.allSatisfy({ TextLines.Words.isSpace(lines.buffer.base[$0]) })
      else { throw lines.unexpected("an empty line (parameters have no exact value)") }
    case "@placeholders": try readPlaceholders(&lines)
    case "@reward_models":
      guard lines.advance() else { throw lines.unexpected("the names of the rewards") }
      rewardLine = lines.number
      rewards = try lines.text().split(omittingEmptySubsequences: false) { $0 == " " || $0 == "\t" }
        .map(String.init)
    case "@nr_states":
      stateCount = try readCount(&lines)
      stateLine = lines.number
    case "@nr_choices":
      choiceCount = try readCount(&lines)
      choiceLine = lines.number
    default:
      throw lines.unexpected(
        "@type:, @value_type:, @parameters, @placeholders, @reward_models, @nr_states,"
          + " @nr_choices or @model")
    }
  }

  /// Settles the names once it is known that the states list `count` rewards.
  ///
  /// Storm and PRISM put one space behind or between the names, and one of them may be empty: a
  /// reward without a name is called `default`, as in our own format.
  mutating func nameRewards(count: Int) {
    let named = (rewards.lastIndex { !$0.isEmpty } ?? -1) + 1
    rewards = Array(rewards.prefix(max(count, named)))
    let isTaken = rewards.contains("default")
    for index in rewards.indices where rewards[index].isEmpty {
      rewards[index] = isTaken ? "rew\(index)" : "default"
    }
  }

  private func readCount(_ lines: inout TextLines) throws -> Int {
    guard lines.advance() else { throw lines.unexpected("a count") }
    var words = lines.words
    guard let word = words.next(), let count = lines.index(word), count > 0, words.next() == nil
    else { throw lines.unexpected("a count from 1 to 2147483647") }
    return count
  }

  /// Lines `$name : value` up to one that starts with `@`.
  private mutating func readPlaceholders(_ lines: inout TextLines) throws {
    while lines.isNextByte(UInt8(ascii: "$")), lines.advance() {
      var words = lines.words
      guard let name = words.next(), let colon = words.next(), lines.equals(colon, ":"),
        let value = words.next(), words.next() == nil
      else { throw lines.unexpected("$NAME : NUMBER") }
      guard placeholders.updateValue(value, forKey: try lines.text(name)) == nil else {
        throw lines.failure("the placeholder \(excerpt(try lines.text(name))) appears twice")
      }
    }
  }

  private func requireKeys(_ lines: TextLines) throws {
    for key in ["@type:", "@nr_states"] where !seen.contains(key) {
      throw lines.failure("\(key) is missing before @model")
    }
  }
}
