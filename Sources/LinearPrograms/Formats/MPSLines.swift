import ExactJSON

/// Walks through the lines of an MPS file, cutting each into fields.
struct MPSLines {
  let buffer: InputBuffer
  /// Whether the fields stand at fixed places, not apart by white space.
  let isFixed: Bool
  /// The number of the current line, from 1.
  private(set) var number = 0
  /// The current line without its end.
  private(set) var line = 0..<0
  private var next: Int

  init(_ buffer: InputBuffer, isFixed: Bool = false) {
    self.buffer = buffer
    self.isFixed = isFixed
    next = buffer.textStart
  }

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

  /// Whether the line starts a section: with no space in front.
  var isHeader: Bool { !line.isEmpty && !isSpace(buffer.base[line.lowerBound]) }

  /// Whether nothing on the line counts.
  var isComment: Bool {
    line.first.map { buffer.base[$0] == UInt8(ascii: "*") } ?? true
      || line.allSatisfy { isSpace(buffer.base[$0]) }
  }

  /// The words of the line, apart by white space.
  var words: [Range<Int>] {
    var words: [Range<Int>] = []
    var place = line.lowerBound
    while true {
      while place < line.upperBound, isSpace(buffer.base[place]) { place += 1 }
      guard place < line.upperBound else { return words }
      let start = place
      while place < line.upperBound, !isSpace(buffer.base[place]) { place += 1 }
      words.append(start..<place)
    }
  }

  /// The fields of a line that is no header.
  func fields() throws(LineError) -> [Range<Int>] { isFixed ? try fixedFields() : words }

  /// The places of the fields, from 0, as the punch cards had them.
  private static let fixedPlaces = [1..<3, 4..<12, 14..<22, 24..<36, 39..<47, 49..<61]

  /// The fields that are not blank. Between them nothing may stand.
  private func fixedFields() throws(LineError) -> [Range<Int>] {
    var fields: [Range<Int>] = []
    var gap = line.lowerBound
    for place in Self.fixedPlaces {
      let start = min(line.lowerBound + place.lowerBound, line.upperBound)
      let end = min(line.lowerBound + place.upperBound, line.upperBound)
      try requireBlank(gap..<start)
      gap = end
      var field = start..<end
      while let first = field.first, isSpace(buffer.base[first]) { field.removeFirst() }
      while let last = field.last, isSpace(buffer.base[last]) { field.removeLast() }
      if !field.isEmpty { fields.append(field) }
    }
    try requireBlank(gap..<line.upperBound)
    return fields
  }

  private func requireBlank(_ range: Range<Int>) throws(LineError) {
    guard range.allSatisfy({ isSpace(buffer.base[$0]) }) else {
      throw failure("\(buffer.excerpt(range)) stands between two fields")
    }
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// The bytes of `range` as text, with replacements where they are no UTF-8.
  func text(_ range: Range<Int>) -> String {
    String(decoding: buffer.bytes(range), as: UTF8.self)
  }

  /// The name at `range`.
  func name(_ range: Range<Int>) throws(LineError) -> String {
    guard let name = String(validating: buffer.bytes(range), as: UTF8.self) else {
      throw failure("a name is not valid UTF-8")
    }
    return name
  }

  /// The current line for a message, without the space around it.
  var shown: String {
    let words = words
    guard let first = words.first, let last = words.last else { return "''" }
    return buffer.excerpt(first.lowerBound..<last.upperBound)
  }

  /// An error on the current line.
  func failure(_ problem: String) -> LineError {
    LineError(line: max(1, number), problem: problem)
  }
}

extension Range<Int> {
  fileprivate mutating func removeFirst() { self = lowerBound + 1..<upperBound }
  fileprivate mutating func removeLast() { self = lowerBound..<upperBound - 1 }
}
