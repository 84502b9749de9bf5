import Foundation
import Synchronization

/// Standard error: messages, and a progress line that makes room for them.
///
/// Errors of writing are ignored: there is no place left to report them.
final class Console: Sendable {
  /// Whether a person sees standard error as it is written.
  let isTerminal = isatty(STDERR_FILENO) == 1
  private let hasProgressLine = Mutex(false)

  /// Writes one line, or several, after removing the progress line.
  func say(_ text: String) {
    hasProgressLine.withLock { isShown in
      Self.write((isShown ? Self.eraseLine : "") + text + "\n")
      isShown = false
    }
  }

  /// Shows how far the work is: replaces the progress line on a terminal, else adds a line.
  func showProgress(_ text: String) {
    guard isTerminal else { return say(text) }
    hasProgressLine.withLock { isShown in
      Self.write(Self.eraseLine + String(text.prefix(terminalColumns(of: STDERR_FILENO) - 1)))
      isShown = true
    }
  }

  /// Removes the progress line, so that the answer starts on an empty one.
  func clearProgress() {
    hasProgressLine.withLock { isShown in
      if isShown { Self.write(Self.eraseLine) }
      isShown = false
    }
  }

  private static let eraseLine = "\r\u{1B}[K"

  private static func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

/// The width of the terminal behind a descriptor; 80 where it is not known.
func terminalColumns(of descriptor: Int32) -> Int {
  var size = winsize()
  if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
  return 80
}
