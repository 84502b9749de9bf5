import Foundation

/// The two threads beside the work: one waits for signals, one looks at clock and memory.
enum Watchdog {
  /// Starts both. Call it before any other thread exists, since a thread inherits the mask that
  /// leaves the signals to the one that waits for them.
  static func start(_ control: RunControl) {
    let signals = stopSignals
    withUnsafePointer(to: signals) { _ = pthread_sigmask(SIG_BLOCK, $0, nil) }
    // A failed write is reported by `write` itself.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    Thread.detachNewThread {
      var awaited = signals
      var received: Int32 = 0
      while sigwait(&awaited, &received) == 0 { control.receiveSignal() }
    }
    Thread.detachNewThread {
      while true {
        control.tick(memoryInUse: Memory.resident)
        usleep(50_000)
      }
    }
  }

  private static var stopSignals: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    return set
  }
}

/// The memory of this process and of the machine, in bytes.
enum Memory {
  /// What the process holds in main memory now; `nil` where the system has no cheap answer.
  static var resident: Int? {
    let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { return nil }
    let fields = buffer[..<count].split(separator: UInt8(ascii: " "))
    guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else {
      return nil
    }
    return pages * pageSize
  }

  private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// Half of what the machine, or the container that the process runs in, has.
  static var defaultLimit: Int {
    let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    let containers = [
      "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    ].compactMap { path in
      (try? String(contentsOfFile: path, encoding: .utf8)).flatMap {
        Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
      }
    }
    return min(machine, containers.min() ?? machine) / 2
  }
}
