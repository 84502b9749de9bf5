import ExactArithmetic
import ExactJSON

/// Text on its way to a sink, in chunks.
///
/// An error of the sink is remembered and thrown by ``finish()``, so that the writers read like
/// the files they write. The chunk is plain memory: writers append a few bytes at a time, and the
/// checks around an array in a class would cost more than the bytes.
final class TextOutput {
  private static let capacity = 1 << 16

  private let sink: ([UInt8]) throws -> Void
  private let chunk: UnsafeMutablePointer<UInt8>
  /// One number: how many bytes of the chunk are in use.
  private let used: UnsafeMutablePointer<Int>
  private var failure: (any Error)?

  init(_ sink: @escaping ([UInt8]) throws -> Void) {
    self.sink = sink
    chunk = .allocate(capacity: TextOutput.capacity)
    used = .allocate(capacity: 1)
    used.initialize(to: 0)
  }

  deinit {
    chunk.deallocate()
    used.deallocate()
  }

  /// Appends one ASCII character.
  @inline(__always)
  func write(_ character: Unicode.Scalar) {
    if used.pointee == TextOutput.capacity { flush() }
    chunk[used.pointee] = UInt8(ascii: character)
    used.pointee += 1
  }

  /// Appends text as it is.
  func write(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  func write(_ text: [UInt8]) {
    text.withUnsafeBytes { append($0) }
  }

  /// Appends a number in decimal digits.
  func write(_ value: Int32) {
    if TextOutput.capacity - used.pointee < 11 { flush() }
    var rest = value.magnitude
    var digitCount = 1
    while rest >= 10 {
      rest /= 10
      digitCount += 1
    }
    if value < 0 {
      chunk[used.pointee] = UInt8(ascii: "-")
      used.pointee += 1
    }
    rest = value.magnitude
    for place in stride(from: digitCount - 1, through: 0, by: -1) {
      chunk[used.pointee + place] = UInt8(truncatingIfNeeded: rest % 10) + 48
      rest /= 10
    }
    used.pointee += digitCount
  }

  func write(_ value: Int) { write(String(value)) }

  /// Appends `text` as a JSON string.
  func write(quoted text: String) {
    var bytes: [UInt8] = []
    bytes.append(jsonQuoted: text)
    write(bytes)
  }

  /// Hands over what is left.
  ///
  /// - Throws: the first error of the sink.
  func finish() throws {
    flush()
    if let failure { throw failure }
  }

  private func append(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes[...]
    while !rest.isEmpty {
      if used.pointee == TextOutput.capacity { flush() }
      let part = rest.prefix(TextOutput.capacity - used.pointee)
      UnsafeMutableRawBufferPointer(start: chunk + used.pointee, count: part.count)
        .copyBytes(from: part)
      used.pointee += part.count
      rest = rest.dropFirst(part.count)
    }
  }

  private func flush() {
    if failure == nil, used.pointee > 0 {
      do {
        try sink(Array(UnsafeBufferPointer(start: chunk, count: used.pointee)))
      } catch {
        failure = error
      }
    }
    used.pointee = 0
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

/// The names of a table as line formats write them, each made when it is first used: a table may
/// be a count of any size.
struct LineNames {
  private let table: NameTable
  private var texts: [Int32: [UInt8]] = [:]

  init(_ table: NameTable) { self.table = table }

  subscript(place: Int32) -> [UInt8] {
    mutating get {
      if let text = texts[place] { return text }
      let text = Array(lineName(table[Int(place)]).utf8)
      texts[place] = text
      return text
    }
  }
}

/// A name as line formats can hold it: white space becomes `_`.
func lineName(_ name: String) -> String {
  name.isEmpty ? "_" : String(name.map { $0.isWhitespace || $0.isNewline ? "_" : $0 })
}
