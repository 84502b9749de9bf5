import ExactArithmetic
import ExactJSON

/// Text on its way to a sink, in chunks.
///
/// An error of the sink is remembered and thrown by ``finish()``, so that the writers read like
/// the files they write.
final class TextOutput {
  private let sink: ([UInt8]) throws -> Void
  private var chunk: [UInt8] = []
  private var failure: (any Error)?

  init(_ sink: @escaping ([UInt8]) throws -> Void) {
    self.sink = sink
    chunk.reserveCapacity(1 << 17)
  }

  /// Appends text as it is.
  func write(_ text: String) {
    chunk.append(contentsOf: text.utf8)
    flushIfLarge()
  }

  func write(_ text: [UInt8]) {
    chunk.append(contentsOf: text)
    flushIfLarge()
  }

  func write(_ value: Int32) {
    if value < 10, value >= 0 {
      chunk.append(UInt8(value) + 48)
      return
    }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 11) { digits in
      var rest = value.magnitude
      var start = 11
      while rest > 0 {
        start -= 1
        digits[start] = UInt8(truncatingIfNeeded: rest % 10) + 48
        rest /= 10
      }
      if value < 0 {
        start -= 1
        digits[start] = UInt8(ascii: "-")
      }
      chunk.append(contentsOf: digits[start..<11])
    }
  }

  func write(_ value: Int) { write(String(value)) }

  /// Appends `text` as a JSON string.
  func write(quoted text: String) { chunk.append(jsonQuoted: text) }

  /// Hands over what is left.
  ///
  /// - Throws: the first error of the sink.
  func finish() throws {
    flush()
    if let failure { throw failure }
  }

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

/// The texts of a pool's numbers, each made once.
struct PoolTexts {
  private let pool: RationalPool
  private var texts: [[UInt8]]

  init(_ pool: RationalPool) {
    self.pool = pool
    texts = Array(repeating: [], count: pool.count)
  }

  subscript(place: Int32) -> [UInt8] {
    mutating get {
      if texts[Int(place)].isEmpty { texts[Int(place)] = Array(pool[place].description.utf8) }
      return texts[Int(place)]
    }
  }
}
