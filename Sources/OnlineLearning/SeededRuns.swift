import Dispatch
import ExactArithmetic
import Synchronization

/// Runs of one experiment for the seeds `0..<count`, in parallel.
///
/// A run depends on its seed alone and the results are in the order of the seeds, so that they do
/// not depend on the number of threads.
///
/// - Throws: what the run of the least seed that failed throws.
func seededRuns<Run: Sendable>(
  _ count: Int, progress: ProgressHandler, _ body: @Sendable (UInt64) throws -> Run
) throws -> [Run] {
  let results = Mutex([Result<Run, any Error>?](repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: count) { seed in
    let result = Result { try body(UInt64(seed)) }
    let finished = results.withLock { slots in
      slots[seed] = result
      return slots.count { $0 != nil }
    }
    progress.report("learning", fraction: Double(finished) / Double(count))
  }
  // Every slot is filled when the loop returns.
  return try results.withLock { $0 }.compactMap { try $0?.get() }
}

/// Up to `count` numbers of steps from 1 to `steps`, with the last one, at which regret is recorded.
func checkpoints(upTo steps: Int, count: Int) -> [Int] {
  guard steps > 0 else { return [0] }
  let parts = min(steps, count)
  return (1...parts).map { part in
    // ⌈steps · part/parts⌉ in two pieces, so that nothing overflows.
    let (whole, rest) = steps.quotientAndRemainder(dividingBy: parts)
    return whole * part + (rest * part + parts - 1) / parts
  }
}
