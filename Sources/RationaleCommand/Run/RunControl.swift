import ExactArithmetic
import Foundation
import Synchronization

/// What the work, the signals and the watchdog share: limits, progress, the wish to stop, and the
/// one way to end the process.
///
/// The work runs on the main thread and asks ``progress`` now and then whether to stop. It may be
/// inside a long operation on huge numbers just then; ``tick(memoryInUse:)`` therefore ends the
/// process itself when a stop was not obeyed within ``grace``.
final class RunControl: Sendable {
  private struct State {
    var limits = RunLimits()
    var deadline: ContinuousClock.Instant?
    var stage: String?
    var fraction: Double?
    var certified: String?
    var temporaryFiles: Set<String> = []
    var stoppedAt: ContinuousClock.Instant?
    var isAnswering = false
    /// Whether a stopped run keeps its state: it is given more time to come to rest.
    var keepsState = false
    /// Whether that state is being written.
    var isSaving = false
    var hasEnded = false
    var nextProgress: ContinuousClock.Instant
    var shownStage: String?
  }

  /// How long the work has to obey a stop; with the watchdog's period well below one second.
  private static let grace = Duration.milliseconds(650)
  /// The same where the state of the work is kept, which takes the end of what is being done.
  private static let longGrace = Duration.seconds(30)

  let console = Console()
  private let began: ContinuousClock.Instant
  private let state: Mutex<State>
  /// The reason to stop, readable without a lock: solvers ask in inner loops.
  private let stopCode = Atomic<UInt8>(0)

  init() {
    began = .now
    state = Mutex(State(nextProgress: began + .seconds(1)))
  }

  /// Sets the limits of this run; the time counts from the start of the process.
  ///
  /// - Throws: ``Interrupted`` when the process takes more memory already.
  func set(_ limits: RunLimits) throws(Interrupted) {
    state.withLock {
      $0.limits = limits
      // A limit of years is no limit, and would overflow the clock.
      if let time = limits.time, time.seconds < 1e9 { $0.deadline = began + .seconds(time.seconds) }
    }
    if let used = Memory.resident, used > limits.memory { throw Interrupted(.memoryLimit) }
  }

  /// What solvers report to and ask.
  var progress: ProgressHandler {
    ProgressHandler(
      report: { [self] stage, fraction in self.enter(stage, fraction: fraction) },
      certified: { [self] statement in self.state.withLock { $0.certified = statement } },
      stopReason: { [self] in self.stopReason })
  }

  /// Names what the work does now, for progress and for the message of a stop.
  func enter(_ stage: String, fraction: Double? = nil) {
    state.withLock {
      $0.stage = stage
      $0.fraction = fraction
    }
  }

  /// Says that the answer is there and is being printed: the time limit has been met, and the
  /// progress line would stand in its way.
  func beginAnswer() throws(Interrupted) {
    try checkDeadline()
    let isFirst = state.withLock { state in
      defer {
        state.isAnswering = true
        state.deadline = nil
      }
      return !state.isAnswering
    }
    if isFirst { console.clearProgress() }
  }
}

// MARK: - Stopping

extension RunControl {
  /// Says that a stopped run comes to rest and keeps its state, instead of ending at once.
  func keepState() { state.withLock { $0.keepsState = true } }

  /// Says that the run was stopped and has come to rest: its state is being written.
  func beginSaving() { state.withLock { $0.isSaving = true } }

  private var stopReason: Interrupted.Reason? {
    switch stopCode.load(ordering: .relaxed) {
    case 0: nil
    case 1: .cancelled
    case 2: .timeLimit
    default: .memoryLimit
    }
  }

  /// The same question that ``progress`` asks, but with a look at the clock: a limit that passed
  /// since the watchdog looked counts too.
  func checkDeadline() throws(Interrupted) {
    if let deadline = state.withLock(\.deadline), ContinuousClock.now > deadline {
      requestStop(.timeLimit)
    }
    if let stopReason { throw Interrupted(stopReason) }
  }

  private func requestStop(_ reason: Interrupted.Reason) {
    let code: UInt8 =
      switch reason {
      case .cancelled: 1
      case .timeLimit: 2
      case .memoryLimit: 3
      }
    // The first reason stays.
    _ = stopCode.compareExchange(expected: 0, desired: code, ordering: .relaxed)
    state.withLock { if $0.stoppedAt == nil { $0.stoppedAt = .now } }
  }

  /// A signal that asks to stop came in: the first is a wish, the second an order.
  func receiveSignal() {
    let isOrder = stopCode.load(ordering: .relaxed) != 0
    requestStop(.cancelled)
    if isOrder { endNow() }
  }

  /// Called by the watchdog many times a second: enforces the limits, shows progress.
  ///
  /// - Parameter memoryInUse: resident bytes, where the system tells.
  func tick(memoryInUse: Int?) {
    let now = ContinuousClock.now
    let (limits, deadline, stoppedAt) = state.withLock { ($0.limits, $0.deadline, $0.stoppedAt) }
    let (keepsState, isSaving) = state.withLock { ($0.keepsState, $0.isSaving) }
    if let memoryInUse, memoryInUse > limits.memory {
      // No grace: what is asked for next may be what the machine does not have.
      requestStop(.memoryLimit)
      return endNow()
    }
    if isSaving { return }
    if let stoppedAt {
      if now - stoppedAt > (keepsState ? Self.longGrace : Self.grace) { endNow() }
    } else if let deadline, now > deadline {
      requestStop(.timeLimit)
    } else if !limits.isQuiet {
      showProgress(at: now)
    }
  }

  private func showProgress(at now: ContinuousClock.Instant) {
    let isTerminal = console.isTerminal
    let line: String? = state.withLock {
      guard !$0.isAnswering, let stage = $0.stage, now >= $0.nextProgress else { return nil }
      // A log gets a line when the stage changes and else one in half a minute.
      let isNew = $0.shownStage != stage
      guard isTerminal || isNew || now >= $0.nextProgress + .seconds(25) else { return nil }
      $0.shownStage = stage
      $0.nextProgress = now + (isTerminal ? .milliseconds(150) : .seconds(5))
      let percent = $0.fraction.map { ", \(Int(($0 * 100).rounded(.down))) %" } ?? ""
      return "\(stage)\(percent), \(Self.seconds(now - began)) s"
    }
    if let line { console.showProgress(line) }
  }

  /// The message of a run that ended before its answer.
  func stopMessage(for reason: Interrupted.Reason) -> String {
    let (limits, stage, certified) = state.withLock { ($0.limits, $0.stage, $0.certified) }
    let during = stage.map { " (\($0))" } ?? ""
    let why =
      switch reason {
      case .cancelled:
        "stopped by a signal after \(Self.seconds(.now - began)) s\(during)"
      case .timeLimit:
        "the time limit of \(limits.time?.text ?? "0") s is over\(during)"
      case .memoryLimit:
        "the memory limit of \(limits.memory / 1_000_000) MB does not suffice\(during);"
          + " --memory-limit raises it"
      }
    return why + "\n"
      + (certified.map { "certified so far: \($0)" } ?? "nothing is certified so far")
  }

  private static func seconds(_ duration: Duration) -> String {
    let tenths = Int(duration / .milliseconds(100))
    return "\(tenths / 10).\(tenths % 10)"
  }
}

// MARK: - Ending

extension RunControl {
  /// Remembers a file that must not outlive an ended run.
  func guardTemporary(_ path: String) {
    state.withLock { _ = $0.temporaryFiles.insert(path) }
  }

  /// The file was renamed or removed.
  func releaseTemporary(_ path: String) {
    state.withLock { _ = $0.temporaryFiles.remove(path) }
  }

  /// Ends the process from the main thread.
  func end(_ status: ExitStatus, message: String?) -> Never {
    guard claimEnd() else {
      // The watchdog is ending the process at this moment.
      while true { pause() }
    }
    if let message { console.say(message) } else { console.clearProgress() }
    // Without `exit`'s clean-up, which the two other threads would race with.
    _exit(status.rawValue)
  }

  /// Ends the process from another thread, while the main thread does whatever it does.
  private func endNow() {
    guard let reason = stopReason, claimEnd() else { return }
    console.say("error: " + stopMessage(for: reason))
    _exit(ExitStatus.stopped.rawValue)
  }

  /// Whether the caller is the first, and so the one that ends the process.
  private func claimEnd() -> Bool {
    state.withLock {
      if $0.hasEnded { return false }
      $0.hasEnded = true
      for path in $0.temporaryFiles { unlink(path) }
      return true
    }
  }
}

/// The limits of one run.
struct RunLimits: Sendable {
  /// Seconds since the start of the process, with the text that the user wrote.
  var time: (seconds: Double, text: String)?
  /// In bytes.
  var memory = Int.max
  /// Whether progress is left out.
  var isQuiet = false
}
