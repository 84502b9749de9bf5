import Foundation
import Reports

/// Where an output goes, tested before the work begins.
///
/// A regular file appears whole or not at all: it is written under a temporary name in the same
/// folder and renamed. Standard output, pipes and devices are written directly.
struct OutputDestination {
  private enum Kind: Equatable {
    case standardOutput
    case direct(String)
    case regular(path: String, mode: mode_t?)
  }

  /// What messages call it.
  let name: String
  private let kind: Kind
  private let control: RunControl

  /// Tests that the output can be created.
  ///
  /// - Parameter path: `nil` and `-` are standard output.
  /// - Throws: ``CommandError/cannotCreate(path:reason:)``.
  init(_ path: String?, control: RunControl) throws(CommandError) {
    self.control = control
    guard let path, path != "-", path != "/dev/stdout", path != "/dev/fd/1" else {
      name = "<stdout>"
      kind = .standardOutput
      return
    }
    name = path
    kind = try Self.kind(of: path)
    if case .regular(let target, _) = kind {
      let probe = try Self.createTemporary(for: target, name: path, control: control)
      close(probe.descriptor)
      Self.remove(probe.path, control: control)
    }
  }

  var isStandardOutput: Bool { kind == .standardOutput }

  /// Whether both name the same file or stream.
  func isSame(as other: OutputDestination) -> Bool {
    switch (kind, other.kind) {
    case (.standardOutput, .standardOutput): true
    case (.direct(let a), .direct(let b)): a == b && a != "/dev/null"
    case (.regular(let a, _), .regular(let b, _)): a == b
    case (.standardOutput, _), (.direct, _), (.regular, _): false
    }
  }

  /// Writes the output through `body` and makes it final.
  ///
  /// - Parameter isLastWord: whether it is written although the run was stopped: its state.
  /// - Throws: ``CommandError/writeFailed(path:reason:)``, ``CommandError/readerGone``,
  ///   ``CommandError/cannotCreate(path:reason:)``, and what `body` throws; a regular file is then
  ///   as it was before.
  func write(
    isLastWord: Bool = false, _ body: (@escaping ByteSink) throws -> Void
  ) throws {
    switch kind {
    case .standardOutput:
      try body { [control] bytes in
        try control.beginAnswer()
        try Self.write(bytes, to: STDOUT_FILENO, name: name)
      }
    case .direct(let path):
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Self.cannotCreate(path) }
      defer { close(descriptor) }
      try body { [control] bytes in
        try control.beginAnswer()
        try Self.write(bytes, to: descriptor, name: name)
      }
    case .regular(let path, let mode):
      try writeRegular(path, mode: mode, isLastWord: isLastWord, body)
    }
  }

  private func writeRegular(
    _ path: String, mode: mode_t?, isLastWord: Bool,
    _ body: (@escaping ByteSink) throws -> Void
  ) throws {
    let temporary = try Self.createTemporary(for: path, name: name, control: control)
    defer { Self.remove(temporary.path, control: control) }
    do {
      defer { close(temporary.descriptor) }
      if let mode { fchmod(temporary.descriptor, mode) }
      try body { try Self.write($0, to: temporary.descriptor, name: name) }
      // A full disk may show only here.
      guard fsync(temporary.descriptor) == 0 else { throw Self.writeFailed(name) }
    }
    if !isLastWord { try control.checkDeadline() }
    guard rename(temporary.path, path) == 0 else { throw Self.writeFailed(name) }
    control.releaseTemporary(temporary.path)
  }
}

extension OutputDestination {
  private static func kind(of path: String) throws(CommandError) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno != ELOOP else { throw cannotCreate(path) }
      if errno == ENOENT, let target = destinationOfLink(path) { return try kind(of: target) }
      // What cannot be looked at for another reason fails when the temporary file is made.
      return .regular(path: path, mode: nil)
    }
    let type = status.st_mode & S_IFMT
    if type == S_IFDIR {
      throw .cannotCreate(path: path, reason: String(cString: strerror(EISDIR)))
    }
    guard access(path, W_OK) == 0 else { throw cannotCreate(path) }
    // Descriptors of this process are written where they stand, whatever is behind them.
    guard type == S_IFREG, !path.hasPrefix("/dev/"), !path.hasPrefix("/proc/") else {
      return .direct(path)
    }
    // Through a symbolic link the file it points to is replaced, not the link.
    let target = realpath(path, nil).map { pointer in
      defer { free(pointer) }
      return String(cString: pointer)
    }
    return .regular(path: target ?? path, mode: status.st_mode & 0o7777)
  }

  /// Where a symbolic link leads, as seen from the working folder; `nil` for no link.
  private static func destinationOfLink(_ path: String) -> String? {
    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
      return nil
    }
    guard !target.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return target }
    return path[...slash] + target
  }

  private static func createTemporary(
    for path: String, name: String, control: RunControl
  ) throws(CommandError) -> (descriptor: Int32, path: String) {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    guard path.last != "/", !path.isEmpty else {
      throw .cannotCreate(path: name, reason: String(cString: strerror(ENOENT)))
    }
    guard path.utf8.count - folder.utf8.count <= 255 else {
      throw .cannotCreate(path: name, reason: String(cString: strerror(ENAMETOOLONG)))
    }
    var serial = 0
    while true {
      let candidate = "\(folder).rationale-\(getpid())-\(serial).tmp"
      control.guardTemporary(candidate)
      let descriptor = open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, candidate) }
      let error = cannotCreate(name)
      let isTaken = errno == EEXIST
      control.releaseTemporary(candidate)
      guard isTaken, serial < 100 else { throw error }
      serial += 1
    }
  }

  /// Removes what `rename` did not move away.
  private static func remove(_ temporary: String, control: RunControl) {
    unlink(temporary)
    control.releaseTemporary(temporary)
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: Int32, name: String
  ) throws(CommandError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wait, 1, -1)
      } else if errno == EPIPE {
        throw .readerGone
      } else if errno != EINTR {
        throw writeFailed(name)
      }
    }
  }

  private static func cannotCreate(_ path: String) -> CommandError {
    .cannotCreate(path: path, reason: String(cString: strerror(errno)))
  }

  private static func writeFailed(_ path: String) -> CommandError {
    .writeFailed(path: path, reason: String(cString: strerror(errno)))
  }
}
