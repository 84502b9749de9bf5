import Dispatch
import ExactArithmetic
import Synchronization

/// A run that goes on in units of work (steps, episodes), and that can be set aside between two.
///
/// What the run is about stays outside of the memento; a run that is made anew and restored goes on
/// exactly as the one that was set aside, to the last bit.
protocol ResumableRun {
  /// What changes while the run goes on.
  associatedtype Memento: Codable & Sendable
  associatedtype Outcome: Sendable

  /// The units done.
  var done: Int { get }
  /// The units that are done between two looks at the wish to stop.
  static var stride: Int { get }
  var memento: Memento { get }
  /// What the run says at its end.
  var outcome: Outcome { get }

  /// Goes on from a memento.
  ///
  /// - Throws: ``LearningError/unfit(place:problem:)`` where its shapes are not those of this run.
  mutating func restore(_ memento: Memento) throws

  /// Does `count` more units.
  ///
  /// - Throws: ``Interrupted`` in the middle of one; the run is of no use then.
  mutating func advance(by count: Int, progress: ProgressHandler) throws
}

extension ResumableRun {
  static var stride: Int { 1 }

  /// Goes on to the end, or until it is stopped.
  ///
  /// - Parameter setAside: receives the memento of a run that was stopped.
  /// - Throws: ``Interrupted``; what the run throws.
  fileprivate mutating func finish(
    _ total: Int, progress: ProgressHandler, setAside: ((Memento) throws -> Void)?
  ) throws {
    while done < total {
      let safe = setAside == nil ? nil : self
      do {
        try progress.checkpoint()
        try advance(by: min(Self.stride, total - done), progress: progress)
      } catch let stop as Interrupted {
        if let safe { try setAside?(safe.memento) }
        throw stop
      }
    }
  }
}

/// Runs of one experiment for several seeds, in parallel.
///
/// A run depends on its seed alone and the results are in the order of the seeds, so that they do
/// not depend on the number of threads, nor on where runs were stopped and taken up again.
///
/// - Parameters:
///   - total: the units of a run.
///   - archive: where states are taken from, and put when the runs are stopped.
/// - Throws: what the run of the least seed that failed throws.
func seededRuns<Run: ResumableRun>(
  _ seeds: [UInt64], total: Int, progress: ProgressHandler, archive: RunArchive?,
  _ start: @Sendable (UInt64) throws -> Run
) throws -> [Run.Outcome] {
  let count = seeds.count
  let results = Mutex([Result<Run.Outcome, any Error>?](repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: count) { place in
    let result = Result {
      try seededRun(seeds[place], total: total, progress: progress, archive: archive, start)
    }
    let finished = results.withLock { slots in
      slots[place] = result
      return slots.count { $0 != nil }
    }
    progress.report("learning", fraction: Double(finished) / Double(count))
  }
  // Every slot is filled when the loop returns.
  return try results.withLock { $0 }.compactMap { try $0?.get() }
}

/// Runs for the seeds `0..<count`, in this order.
///
/// - Throws: what the run of the least seed that failed throws.
func seededRuns<Run: ResumableRun>(
  _ count: Int, total: Int, progress: ProgressHandler, archive: RunArchive?,
  _ start: @Sendable (UInt64) throws -> Run
) throws -> [Run.Outcome] {
  try seededRuns(
    (0..<count).map { UInt64($0) }, total: total, progress: progress, archive: archive, start)
}

/// The run of one seed.
///
/// - Throws: ``Interrupted``; ``ArchiveError``; what the run throws.
func seededRun<Run: ResumableRun>(
  _ seed: UInt64, total: Int, progress: ProgressHandler, archive: RunArchive? = nil,
  _ start: (UInt64) throws -> Run
) throws -> Run.Outcome {
  var run = try start(seed)
  if let memento = try archive?.state(of: seed, as: Run.Memento.self) {
    do {
      try run.restore(memento)
    } catch let error as LearningError {
      throw ArchiveError.misshapen(seed: seed, problem: error.description)
    }
  }
  let setAside: ((Run.Memento) throws -> Void)? = archive.map { archive in
    { try archive.keep($0, of: seed) }
  }
  try run.finish(total, progress: progress, setAside: setAside)
  // When another seed is stopped, this one need not be run again.
  try setAside?(run.memento)
  return run.outcome
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

/// The regrets at the checkpoints of a run.
struct RegretRecord {
  let marks: [Int]
  private(set) var regrets: [Rational] = []

  /// The next checkpoint; past the last one, the last.
  var next: Int { marks[min(regrets.count, marks.count - 1)] }

  init(marks: [Int]) { self.marks = marks }

  /// Whether `done` is the next checkpoint.
  func isDue(at done: Int) -> Bool { regrets.count < marks.count && done == marks[regrets.count] }

  /// Records the regret at the next checkpoint.
  mutating func record(_ regret: Rational) { regrets.append(regret) }

  /// - Throws: ``LearningError`` unless these are the regrets of the checkpoints up to `done`.
  mutating func restore(_ regrets: [Rational], at done: Int) throws(LearningError) {
    try LearningError.require(
      regrets.count == marks.count { $0 <= done && done > 0 }, "the recorded regrets")
    self.regrets = regrets
  }
}
