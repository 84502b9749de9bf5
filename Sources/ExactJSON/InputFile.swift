#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The way in for files: whole files, or standard input under the path `-`.
public enum InputFile {
  /// What messages call the input at `path`.
  public static func name(of path: String) -> String { path == "-" ? "<stdin>" : path }

  /// The bytes of the file at `path`, or of standard input for `-`.
  ///
  /// - Throws: an ``InputError`` of the kind `cannotOpen` with the system's reason.
  public static func read(_ path: String) throws(InputError) -> [UInt8] {
    try load(path).array
  }

  /// The same without a second copy of a large file.
  public static func load(_ path: String) throws(InputError) -> InputBuffer {
    // A path with a NUL inside would name another file than it shows.
    let descriptor =
      path == "-" ? 0 : path.utf8.contains(0) ? -1 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, path.utf8.contains(0) ? ENOENT : errno) }
    defer { if path != "-" { close(descriptor) } }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    // One byte more than the size, so that the read that finds the end needs no growth.
    var capacity = isKnown ? max(4096, Int(status.st_size) + 1) : 1 << 16
    var memory = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    var count = 0
    while true {
      if count == capacity {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: 2 * capacity, alignment: 16)
        larger.copyMemory(from: memory, byteCount: count)
        memory.deallocate()
        (memory, capacity) = (larger, 2 * capacity)
      }
      let got = systemRead(descriptor, memory + count, min(capacity - count, 1 << 30))
      if got == 0 { return InputBuffer(owning: memory, count: count) }
      if got < 0 {
        let reason = errno
        if reason == EINTR { continue }
        memory.deallocate()
        throw failure(path, reason)
      }
      count += got
    }
  }

  /// Whether there is anything at `path`.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  private static func failure(_ path: String, _ reason: Int32) -> InputError {
    InputError(
      kind: .cannotOpen, file: name(of: path), place: nil,
      problem: "cannot be read: \(String(cString: strerror(reason)))")
  }
}

/// `read(2)`, which ``InputFile/read(_:)`` hides by its name.
private func systemRead(
  _ descriptor: Int32, _ memory: UnsafeMutableRawPointer, _ count: Int
) -> Int {
  read(descriptor, memory, count)
}
