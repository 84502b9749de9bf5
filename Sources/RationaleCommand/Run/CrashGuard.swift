import Foundation

/// Turns a trap into the exit code of a defect with a message, in place of a crash.
enum CrashGuard {
  /// Installs the handlers, with a stack of their own so that an overflow of the stack is told too.
  static func install() {
    // Read here, since the handler must not be the first to do so.
    _ = addressSpaceLimit
    var stack = stack_t()
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: stackSize, alignment: 16)
    stack.ss_size = numericCast(stackSize)
    sigaltstack(&stack, nil)
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
      var action = sigaction()
      // SIG_DFL for what the handler itself might cause: it must not run twice.
      action.sa_flags = Int32(SA_ONSTACK) | Int32(bitPattern: UInt32(SA_RESETHAND))
      #if os(Linux)
        action.__sigaction_handler.sa_handler = tellDefect
      #else
        action.__sigaction_u.__sa_handler = tellDefect
      #endif
      sigaction(number, &action, nil)
    }
  }

  private static let stackSize = 1 << 16
}

/// What the shell allows the process (`ulimit -v`); an allocation past it ends in a trap.
private let addressSpaceLimit: Int = {
  var limit = rlimit()
  #if os(Linux)
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return .max }
  #else
    guard getrlimit(RLIMIT_AS, &limit) == 0 else { return .max }
  #endif
  return Int(clamping: limit.rlim_cur)
}()

/// Only calls what is allowed inside a signal handler.
private func tellDefect(_ number: Int32) {
  if addressSpaceLimit < .max, addressSpaceInUse() > addressSpaceLimit / 2 {
    let text: StaticString =
      "error: the memory that the system allows the process (ulimit -v) does not suffice\n"
    _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    _exit(75)
  }
  let text: StaticString =
    "error: this is a defect in Rationale; please report it with the command that led here\n"
  _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  _exit(70)
}

/// The size of the address space in bytes, read without allocating; 0 where it is not known.
private func addressSpaceInUse() -> Int {
  let path: StaticString = "/proc/self/statm"
  let descriptor = path.utf8Start.withMemoryRebound(to: CChar.self, capacity: 1) {
    open($0, O_RDONLY)
  }
  guard descriptor >= 0 else { return 0 }
  var pages = 0
  var digit: UInt8 = 0
  while read(descriptor, &digit, 1) == 1, digit >= 48, digit <= 57 {
    pages = pages * 10 + Int(digit - 48)
  }
  return pages * 4096
}

/// Makes sure that descriptors 0, 1 and 2 are taken, so that no file that is opened later becomes
/// a standard stream by accident. A stream that was closed stays useless, as it has to be.
func reserveStandardDescriptors() {
  for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
  where fcntl(descriptor, F_GETFD) < 0 {
    // The lowest free descriptor is this one. Reading from it, or writing to it, fails.
    _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
  }
}
