/// Writes JSON with the members in the order of the calls, in chunks, so that no answer has to
/// fit memory as text.
///
/// A failing sink is remembered: later calls write nothing and ``finish()`` throws its error.
/// Numbers that are no machine integers are written as strings, as the formats demand.
public final class JSONWriter {
  private let indented: Bool
  private let sink: ([UInt8]) throws -> Void
  private var chunk: [UInt8] = []
  private var failure: (any Error)?
  /// One entry an open container: whether it already holds something.
  private var filled: [Bool] = []
  private var isAfterKey = false

  /// - Parameters:
  ///   - indented: one member or element a line, two spaces a level; else everything on one line.
  ///   - sink: receives the text in order, in chunks of some 64 KiB.
  public init(indented: Bool = false, sink: @escaping ([UInt8]) throws -> Void) {
    self.indented = indented
    self.sink = sink
  }

  public func beginObject() { open(UInt8(ascii: "{")) }
  public func endObject() { close(UInt8(ascii: "}")) }
  public func beginArray() { open(UInt8(ascii: "[")) }
  public func endArray() { close(UInt8(ascii: "]")) }

  /// The key of the member whose value is written next.
  public func key(_ key: String) {
    precondition(!isAfterKey, "a key needs a value before the next key")
    separate()
    append(quoted: key)
    chunk.append(UInt8(ascii: ":"))
    if indented { chunk.append(UInt8(ascii: " ")) }
    isAfterKey = true
  }

  public func string(_ value: String) {
    separate()
    append(quoted: value)
    flushIfLarge()
  }

  public func integer(_ value: Int) { literal(String(value)) }
  public func bool(_ value: Bool) { literal(value ? "true" : "false") }
  public func null() { literal("null") }

  /// A finite number in as few digits as bring it back: for measured times, never for results.
  public func double(_ value: Double) {
    precondition(value.isFinite, "JSON has no infinity")
    literal("\(value)")
  }

  /// Text that is JSON already.
  public func literal(_ text: String) {
    separate()
    chunk.append(contentsOf: text.utf8)
    flushIfLarge()
  }

  /// Ends the text with a line feed and hands over what is left.
  ///
  /// - Throws: the first error of the sink.
  public func finish() throws {
    precondition(filled.isEmpty && !isAfterKey, "every container has to be closed")
    chunk.append(UInt8(ascii: "\n"))
    flush()
    if let failure { throw failure }
  }

  private func open(_ bracket: UInt8) {
    separate()
    chunk.append(bracket)
    filled.append(false)
  }

  private func close(_ bracket: UInt8) {
    precondition(!filled.isEmpty && !isAfterKey, "nothing to close here")
    if filled.removeLast() { breakLine() }
    chunk.append(bracket)
    flushIfLarge()
  }

  /// What stands between the last thing written and the next.
  private func separate() {
    if isAfterKey {
      isAfterKey = false
      return
    }
    guard let last = filled.last else { return }
    if last { chunk.append(UInt8(ascii: ",")) } else { filled[filled.count - 1] = true }
    breakLine()
  }

  private func breakLine() {
    guard indented else { return }
    chunk.append(UInt8(ascii: "\n"))
    chunk.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * filled.count))
  }

  private func append(quoted text: String) { chunk.append(jsonQuoted: text) }

  private func flushIfLarge() {
    if chunk.count >= 1 << 16 { flush() }
  }

  private func flush() {
    if failure == nil {
      do { try sink(chunk) } catch { failure = error }
    }
    chunk.removeAll(keepingCapacity: true)
  }
}

extension [UInt8] {
  /// Appends `text` as a JSON string: quotes, backslashes and control characters are escaped,
  /// everything else is written as UTF-8.
  package mutating func append(jsonQuoted text: String) {
    append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append(contentsOf: #"\""#.utf8)
      case UInt8(ascii: "\\"): append(contentsOf: #"\\"#.utf8)
      case 0x08: append(contentsOf: #"\b"#.utf8)
      case 0x09: append(contentsOf: #"\t"#.utf8)
      case 0x0A: append(contentsOf: #"\n"#.utf8)
      case 0x0C: append(contentsOf: #"\f"#.utf8)
      case 0x0D: append(contentsOf: #"\r"#.utf8)
      case 0..<0x20, 0x7F:
        append(contentsOf: #"\u00"#.utf8)
        append(contentsOf: [byte >> 4, byte & 15].map { $0 < 10 ? $0 + 48 : $0 + 87 })
      default: append(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }
}
