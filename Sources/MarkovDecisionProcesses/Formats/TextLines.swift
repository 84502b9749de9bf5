import ExactArithmetic
import ExactJSON

/// Walks through the lines of a text format, cutting each into words.
struct TextLines {
  let buffer: InputBuffer
  /// The number of the current line, from 1.
  private(set) var number = 0
  /// The current line without its end.
  private(set) var line = 0..<0
  private var next = 0

  init(_ buffer: InputBuffer) { self.buffer = buffer }

  /// Goes to the next line; `false` at the end of the text.
  mutating func advance() -> Bool {
    guard next < buffer.count else { return false }
    var end = next
    while end < buffer.count, buffer.base[end] != UInt8(ascii: "\n") { end += 1 }
    var last = end
    if last > next, buffer.base[last - 1] == UInt8(ascii: "\r") { last -= 1 }
    line = next..<last
    next = end + 1
    number += 1
    return true
  }

  /// Whether the next line starts with `byte`.
  func isNextByte(_ byte: UInt8) -> Bool { next < buffer.count && buffer.base[next] == byte }

  /// The words of the current line, without making strings.
  var words: Words { Words(buffer: buffer, rest: line) }

  /// The current line as text.
  func text() throws -> String { try text(line) }

  /// The bytes of `range` as text, which has to be UTF-8.
  func text(_ range: Range<Int>) throws -> String {
    guard let text = String(validating: buffer.bytes(range), as: UTF8.self) else {
      throw failure("the text is not valid UTF-8")
    }
    return text
  }

  /// An error on the current line.
  func failure(_ problem: String) -> ContentError { ContentError("line \(number)", problem) }

  /// The error that the current line is not what was expected.
  func unexpected(_ expected: String) -> ContentError {
    let shown = String(decoding: buffer.bytes(line).prefix(300), as: UTF8.self)
    return failure("expected \(expected), found \(excerpt(shown))")
  }

  /// A number of digits alone, below 2³¹.
  func index(_ range: Range<Int>) -> Int? {
    guard !range.isEmpty, range.count <= 10 else { return nil }
    var value = 0
    for offset in range {
      let digit = buffer.base[offset] &- 48
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value < Int(Int32.max) ? value : nil
  }

  /// The number that stands in `range`.
  func number(_ range: Range<Int>, _ numbers: inout NumberReader) throws -> Rational {
    do throws(NumberError) {
      return try numbers.number(buffer.bytes(range))
    } catch {
      throw failure(error.description)
    }
  }

  /// Pieces of a line with spaces and tabs between them.
  struct Words {
    let buffer: InputBuffer
    /// What was not handed out yet.
    var rest: Range<Int>

    /// The next word, or `nil` at the end of the line.
    mutating func next() -> Range<Int>? {
      skipSpace()
      guard !rest.isEmpty else { return nil }
      let start = rest.lowerBound
      var end = start
      while end < rest.upperBound, !Words.isSpace(buffer.base[end]) { end += 1 }
      rest = end..<rest.upperBound
      return start..<end
    }

    mutating func skipSpace() {
      while let first = rest.first, Words.isSpace(buffer.base[first]) {
        rest = first + 1..<rest.upperBound
      }
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }
  }

  /// Whether the word in `range` is `word`.
  func equals(_ range: Range<Int>, _ word: StaticString) -> Bool {
    range.count == word.utf8CodeUnitCount
      && zip(range, 0..<range.count).allSatisfy { buffer.base[$0] == word.utf8Start[$1] }
  }
}

extension TextLines {
  /// Whether both words are missing, or both are the same.
  func isSame(_ word: Range<Int>?, _ other: Range<Int>?) -> Bool {
    guard let word, let other else { return word == nil && other == nil }
    return buffer.bytes(word).elementsEqual(buffer.bytes(other))
  }
}

/// The actions of a format that names the action at each choice, or leaves it out.
struct ChoiceNames {
  private var names: [String] = []
  private var places: [String: Int32] = [:]
  /// The action of each choice, as a place in `names`.
  private(set) var actions: ContiguousArray<Int32> = []
  private var usedHere: Set<Int32> = []
  private var countHere = 0
  private var renamed: (count: Int, first: String) = (0, "")

  /// What to say when names had to be changed.
  var renamingNote: String? {
    guard renamed.count > 0 else { return nil }
    return "actions that got a number behind their name, since another choice of the state has it:"
      + " \(grouped(renamed.count)), as '\(renamed.first)'"
  }

  /// The next choice belongs to another state.
  mutating func startState() {
    usedHere.removeAll(keepingCapacity: true)
    countHere = 0
  }

  /// Adds a choice; `nil` names it by its number at the state. A name that the state has already
  /// gets a number behind it, since an action is taken once at a state.
  mutating func add(_ name: String?) {
    let base = name ?? String(countHere)
    var place = place(of: base)
    var copy = 2
    while !usedHere.insert(place).inserted {
      place = self.place(of: "\(base).\(copy)")
      copy += 1
    }
    if copy > 2 {
      if renamed.count == 0 { renamed.first = names[Int(place)] }
      renamed.count += 1
    }
    actions.append(place)
    countHere += 1
  }

  private mutating func place(of name: String) -> Int32 {
    if let place = places[name] { return place }
    let place = Int32(names.count)
    names.append(name)
    places[name] = place
    return place
  }

  /// The table of actions, in order of appearance; a count when the names are the first numbers,
  /// in which case the choices are renumbered to fit.
  mutating func table() throws(ModelError) -> NameTable {
    let numbers = names.map { name in Int(name).flatMap { String($0) == name ? $0 : nil } }
    if numbers.allSatisfy({ $0.map { $0 >= 0 && $0 < names.count } ?? false }) {
      for index in actions.indices {
        actions[index] = Int32(numbers[Int(actions[index])] ?? 0)
      }
      return NameTable(count: names.count)
    }
    return try NameTable(names, of: .action)
  }
}
