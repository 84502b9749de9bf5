import ExactJSON

/// Takes the bytes of an output in order, in pieces of some 64 KiB.
public typealias ByteSink = ([UInt8]) throws -> Void

/// Collects lines of text and hands them on in large pieces.
struct TextWriter {
  private let sink: ByteSink
  private var chunk: [UInt8] = []

  init(sink: @escaping ByteSink) {
    self.sink = sink
  }

  /// Adds `text` and a line end; control characters, which names may hold, are spelled out, so that
  /// no name makes a line of its own.
  mutating func line(_ text: String = "") throws {
    let start = chunk.count
    chunk.append(contentsOf: text.utf8)
    if chunk[start...].contains(where: { $0 < 0x20 }) {
      let spelled = text.unicodeScalars.map {
        $0.value < 0x20 ? codePoint($0.value) : String($0)
      }
      chunk.removeSubrange(start...)
      chunk.append(contentsOf: spelled.joined().utf8)
    }
    chunk.append(UInt8(ascii: "\n"))
    if chunk.count >= 1 << 16 { try flush() }
  }

  /// Hands on what is left.
  mutating func flush() throws {
    if !chunk.isEmpty { try sink(chunk) }
    chunk.removeAll(keepingCapacity: true)
  }
}
