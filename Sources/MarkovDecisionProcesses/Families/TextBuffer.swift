/// Text that is handed on in large pieces.
struct TextBuffer {
  private var bytes: [UInt8] = []
  private let sink: ([UInt8]) throws -> Void

  private static let pieceSize = 1 << 16

  init(sink: @escaping ([UInt8]) throws -> Void) {
    self.sink = sink
    bytes.reserveCapacity(Self.pieceSize + 4096)
  }

  mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  mutating func append(_ text: [UInt8]) {
    bytes.append(contentsOf: text)
  }

  mutating func append(_ character: Character) {
    bytes.append(contentsOf: character.utf8)
  }

  /// Appends the decimal digits of `number`.
  mutating func append(_ number: Int) {
    var rest = number.magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(48 + rest % 10))
      rest /= 10
    } while rest > 0
    if number < 0 { bytes.append(45) }
    bytes[start...].reverse()
  }

  /// Appends a JSON string; the names of the families have no control characters.
  mutating func appendQuoted(_ text: String) {
    bytes.append(34)
    for byte in text.utf8 {
      if byte == 34 || byte == 92 { bytes.append(92) }
      bytes.append(byte)
    }
    bytes.append(34)
  }

  /// Hands on what is there, if it is much.
  mutating func flushIfFull() throws {
    if bytes.count >= Self.pieceSize { try flush() }
  }

  /// Hands on what is there.
  mutating func flush() throws {
    guard !bytes.isEmpty else { return }
    try sink(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
