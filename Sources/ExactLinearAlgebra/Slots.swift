import ExactArithmetic
import Synchronization

/// Results that several threads write, each row once.
///
/// `@unchecked Sendable`: rows are distinct, so that writes to ``slots`` never meet, and they are
/// read after all threads have joined; the rest is behind locks.
final class Slots: @unchecked Sendable {
  private let slots: UnsafeMutablePointer<Integer>
  private let count: Int
  private let failure = Mutex<Integer?>(nil)
  private let hasFailed = Atomic(false)

  init(count: Int) {
    self.count = count
    slots = .allocate(capacity: max(1, count))
    slots.initialize(repeating: 0, count: count)
  }

  deinit {
    slots.deinitialize(count: count)
    slots.deallocate()
  }

  func put(_ value: Integer, _ row: Int) { slots[row] = value }

  func lose(_ product: Integer) {
    failure.withLock { if $0 == nil { $0 = product } }
    hasFailed.store(true, ordering: .relaxed)
  }

  var hasLost: Bool { hasFailed.load(ordering: .relaxed) }

  var lost: Integer? { failure.withLock { $0 } }

  var values: [Integer] { Array(UnsafeBufferPointer(start: slots, count: count)) }
}
