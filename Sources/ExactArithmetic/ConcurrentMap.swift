import Dispatch
import Synchronization

/// The results of `body` for `0..<count`, in order, computed on several threads.
///
/// - Throws: ``Interrupted`` when the caller of `progress` wants it; what is under way is finished.
package func concurrentMap<Value: Sendable>(
  _ count: Int, stage: String, progress: ProgressHandler,
  _ body: @Sendable (Int) throws(Interrupted) -> Value
) throws(Interrupted) -> [Value] {
  let results = Mutex([Result<Value, Interrupted>?](repeating: nil, count: count))
  let finished = Atomic(0)
  DispatchQueue.concurrentPerform(iterations: count) { place in
    let result = Result { () throws(Interrupted) in
      try progress.checkpoint()
      return try body(place)
    }
    results.withLock { $0[place] = result }
    let done = finished.add(1, ordering: .relaxed).newValue
    progress.report(stage, fraction: Double(done) / Double(count))
  }
  var values: [Value] = []
  values.reserveCapacity(count)
  // Every slot is filled when the loop returns.
  for case let result? in results.withLock({ $0 }) { values.append(try result.get()) }
  return values
}
