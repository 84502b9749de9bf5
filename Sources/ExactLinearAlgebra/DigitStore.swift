import Dispatch
import ExactArithmetic

/// The digits of every round so far, and the long numbers that they make up.
///
/// One owner writes it; reading it from several threads at a time is safe between writes.
final class DigitStore: @unchecked Sendable {
  let size: Int
  private let bitsPerRound: Int
  private var blocks: [UnsafeMutablePointer<Int64>] = []

  init(size: Int, bitsPerRound: Int) {
    self.size = size
    self.bitsPerRound = bitsPerRound
  }

  deinit {
    for block in blocks { block.deallocate() }
  }

  var rounds: Int { blocks.count }

  func append(_ digits: UnsafeMutablePointer<Int64>) {
    let block = UnsafeMutablePointer<Int64>.allocate(capacity: max(1, size))
    block.update(from: digits, count: size)
    blocks.append(block)
  }

  /// `Σ δ_k 2^{β(rounds-1-k)}` over all rounds, in doubles.
  func doubles() -> ContiguousArray<Double> {
    let radix = Double(sign: .plus, exponent: bitsPerRound, significand: 1)
    var sums = ContiguousArray<Double>(repeating: 0, count: size)
    for block in blocks {
      for row in 0..<size { sums[row] = sums[row] * radix + Double(block[row]) }
    }
    return sums
  }

  /// Calls `body` with `Σ δ_k 2^{β(rounds-1-k)}` over the first `rounds` rounds, row by row; rows
  /// of one range in order on one thread, ranges on several.
  func forEachNumber(rounds: Int, _ body: @escaping @Sendable (_ row: Int, Integer) -> Void) {
    let width = 32
    let groups = (size + width - 1) / width
    DispatchQueue.concurrentPerform(iterations: groups) { group in
      let rows = group * width..<min(size, (group + 1) * width)
      self.assemble(rows, rounds, body)
    }
  }

  private func assemble(_ rows: Range<Int>, _ rounds: Int, _ body: (Int, Integer) -> Void) {
    let limbCount = (rounds * bitsPerRound + 63) / 64 + 3
    let limbs = UnsafeMutableBufferPointer<UInt>.allocate(capacity: limbCount * rows.count)
    defer { limbs.deallocate() }
    for (place, row) in rows.enumerated() {
      let own = UnsafeMutableBufferPointer(
        rebasing: limbs[place * limbCount..<(place + 1) * limbCount])
      assemble(row, rounds, own)
      body(row, Integer(twosComplement: UnsafeBufferPointer(own)))
    }
  }

  /// Adds signed digits from the least significant up, in a 128-bit window that moves by limbs.
  private func assemble(_ row: Int, _ rounds: Int, _ limbs: UnsafeMutableBufferPointer<UInt>) {
    var window: Int128 = 0
    var offset = 0
    var limb = 0
    for round in stride(from: rounds - 1, through: 0, by: -1) {
      window += Int128(blocks[round][row]) << Int128(offset)
      offset += bitsPerRound
      if offset >= 64 {
        limbs[limb] = UInt(truncatingIfNeeded: window)
        window >>= 64
        limb += 1
        offset -= 64
      }
    }
    while limb < limbs.count {
      limbs[limb] = UInt(truncatingIfNeeded: window)
      window >>= 64
      limb += 1
    }
  }
}
