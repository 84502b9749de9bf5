#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The bytes of an input, owned in one place so that readers may keep pointers into them.
///
/// `@unchecked Sendable`: the bytes are written before the initialiser ends and only read after
/// it. ``discard(upTo:)`` is the exception; it is for the one reader that owns the buffer.
public final class InputBuffer: @unchecked Sendable {
  package let base: UnsafePointer<UInt8>
  public let count: Int

  private let memory: UnsafeMutableRawPointer
  // What a position needs to know about bytes that are gone.
  private var discarded = 0
  private var discardedLines = 0
  private var charactersSinceLineStart = 0

  /// A copy of `bytes`.
  public init(_ bytes: [UInt8]) {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, bytes.count), alignment: 16)
    bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { memory.copyMemory(from: start, byteCount: source.count) }
    }
    self.memory = memory
    count = bytes.count
    base = UnsafePointer(memory.assumingMemoryBound(to: UInt8.self))
  }

  /// Takes over memory that was allocated with `UnsafeMutableRawPointer.allocate`.
  init(owning memory: UnsafeMutableRawPointer, count: Int) {
    self.memory = memory
    self.count = count
    base = UnsafePointer(memory.assumingMemoryBound(to: UInt8.self))
  }

  deinit { memory.deallocate() }

  /// The bytes in `range`.
  package func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  /// All bytes as an array.
  public var array: [UInt8] { Array(bytes(0..<count)) }

  /// The line and column of the byte at `offset`, from 1; columns count characters.
  ///
  /// - Complexity: O(offset).
  public func position(of offset: Int) -> (line: Int, column: Int) {
    var line = discardedLines + 1
    var column = charactersSinceLineStart + 1
    for index in discarded..<max(discarded, min(offset, count)) {
      if base[index] == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if base[index] & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }

  /// Gives the memory of the bytes before `offset` back to the system; they must not be read
  /// again. Positions stay right.
  package func discard(upTo offset: Int) {
    let page = 1 << 14
    let start = (Int(bitPattern: memory) + discarded + page - 1) & -page
    let end = (Int(bitPattern: memory) + offset) & -page
    guard end - start >= 1 << 22 else { return }
    let upTo = end - Int(bitPattern: memory)
    let (line, column) = position(of: upTo)
    #if os(Linux)
      guard madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, MADV_DONTNEED) == 0
      else { return }
    #endif
    (discardedLines, charactersSinceLineStart, discarded) = (line - 1, column - 1, upTo)
  }
}
