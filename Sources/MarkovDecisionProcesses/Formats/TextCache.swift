/// Remembers what short texts stand for: a file repeats the same few numbers and names over and
/// over. Direct mapped, so a text that maps to a taken slot replaces what is there.
struct TextCache {
  private struct Slot {
    var low: UInt64 = 0
    var high: UInt64 = 0  // of an empty slot 0, which no text of at least one byte has
    var value: Int32 = 0
    var isSnapped = false
  }

  private var slots = ContiguousArray(repeating: Slot(), count: 1 << 12)

  /// A text of 1 to 15 bytes as two words.
  private struct Key {
    let low: UInt64
    let high: UInt64
    let slot: Int

    @inline(__always)
    init?(_ text: UnsafeRawBufferPointer) {
      guard text.count > 0, text.count < 16 else { return nil }
      var (low, high) = (UInt64(0), UInt64(truncatingIfNeeded: text.count) << 56)
      for index in 0..<min(8, text.count) {
        low |= UInt64(text[index]) &<< UInt64(truncatingIfNeeded: 8 * index)
      }
      if text.count > 8 {
        for index in 8..<text.count {
          high |= UInt64(text[index]) &<< UInt64(truncatingIfNeeded: 8 * index - 64)
        }
      }
      self.low = low
      self.high = high
      let mixed = (low ^ high &* 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
      slot = Int(truncatingIfNeeded: mixed &>> 52)
    }
  }

  /// What the name `text` stands for, when it is remembered.
  @inline(__always)
  func known(_ text: UnsafeRawBufferPointer) -> Int32? {
    guard let key = Key(text) else { return nil }
    let slot = slots[key.slot]
    return slot.low == key.low && slot.high == key.high ? slot.value : nil
  }

  /// The same for a number; one that was snapped is counted again.
  @inline(__always)
  func known(_ text: UnsafeRawBufferPointer, _ numbers: inout NumberReader) -> Int32? {
    guard let key = Key(text) else { return nil }
    let slot = slots[key.slot]
    guard slot.low == key.low, slot.high == key.high else { return nil }
    if slot.isSnapped { numbers.countSnappedAgain() }
    return slot.value
  }

  /// Remembers that `text` stands for `value`, and whether it was snapped on the way.
  mutating func remember(
    _ text: UnsafeRawBufferPointer, _ value: Int32, isSnapped: Bool = false
  ) {
    guard let key = Key(text) else { return }
    slots[key.slot] = Slot(low: key.low, high: key.high, value: value, isSnapped: isSnapped)
  }

  mutating func forgetAll() {
    for index in slots.indices { slots[index] = Slot() }
  }
}
