import ExactArithmetic

extension LinearProgramFile {
  /// Writes a program so that reading it gives the same one, numbers and order included.
  ///
  /// Numbers are finite decimals where they are, and `p/q` otherwise; of the programs that we
  /// know, only ours reads the latter, see ``LinearProgram/scaledToDecimals()``. The LP format
  /// has no place for the title. What other readers make of the rest:
  ///
  /// - LP: GLPK reads neither a constant of the objective nor rows with two different sides, and
  ///   no program without rows; CPLEX reads all of them.
  /// - MPS: GLPK takes the objective's constant with the opposite sign, and does not know the
  ///   section `OBJSENSE`, which is written for `maximize` alone.
  ///
  /// - Parameter sink: receives the text in order, in chunks of some 64 KiB.
  /// - Throws: ``LinearProgramError/unwritableName(_:format:)`` and, for MPS,
  ///   ``LinearProgramError/unwritableCrossedRow(_:format:)`` before anything is written;
  ///   ``LinearProgramError/unwritableNumber(_:format:)`` for fixed places, at the end; what `sink`
  ///   throws.
  public static func write(
    _ program: LinearProgram, as format: LinearProgramFormat,
    to sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    let names = WritableNames(format)
    for name in program.columnNames { try names.require(name, isColumn: true) }
    for name in program.rowNames { try names.require(name, isColumn: false) }
    if format != .lp, let row = program.rowBounds.firstIndex(where: \.areCrossed) {
      throw LinearProgramError.unwritableCrossedRow(
        program.rowNames[row], format: format.rawValue)
    }
    var text = TextChunks(sink: sink)
    switch format {
    case .lp:
      var writer = LPWriter(program: program, text: text)
      writer.write()
      text = writer.text
    case .mps, .fixedMPS:
      var writer = MPSWriter(program: program, isFixed: format == .fixedMPS, text: text)
      writer.write()
      text = writer.text
    }
    try text.finish()
  }

  /// The program as text, for programs that fit memory as such.
  public static func bytes(
    of program: LinearProgram, as format: LinearProgramFormat
  ) throws(LinearProgramError) -> [UInt8] {
    var bytes: [UInt8] = []
    do {
      try write(program, as: format) { bytes += $0 }
    } catch let error as LinearProgramError {
      throw error
    } catch {
      preconditionFailure("this sink does not throw")
    }
    return bytes
  }
}

/// Which names a format can hold.
private struct WritableNames {
  let format: LinearProgramFormat

  init(_ format: LinearProgramFormat) { self.format = format }

  func require(_ name: String, isColumn: Bool) throws(LinearProgramError) {
    let isFine =
      switch format {
      case .lp: isAlgebraic(name) && !(isColumn && isReserved(name))
      case .mps: isOneWord(name)
      case .fixedMPS: isField(name)
      }
    guard isFine else { throw .unwritableName(name, format: format.rawValue) }
  }

  private func isAlgebraic(_ name: String) -> Bool {
    guard let first = name.utf8.first else { return false }
    let startsBadly = first &- 48 < 10 || [0x2E, 0x5B, 0x5D].contains(first)
    return !startsBadly && name.utf8.allSatisfy { lpNameBytes[Int($0)] }
  }

  /// Whether the word means something at the start of a line or beside a relation.
  private func isReserved(_ name: String) -> Bool {
    let word = name.lowercased()
    if ["inf", "infinity", "free"].contains(word) || LPSection(word) != nil { return true }
    // `2 e5` is a product, but no reader agrees on what `2e5` is.
    return word.hasPrefix("e") && word.dropFirst().allSatisfy(\.isNumber)
  }

  private func isOneWord(_ name: String) -> Bool {
    !name.isEmpty && name != "'MARKER'" && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
  }

  private func isField(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 8 && name != "'MARKER'"
      && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && name.first != " " && name.last != " "
  }
}

/// Text on its way to a sink.
struct TextChunks {
  private let sink: ([UInt8]) throws -> Void
  private var chunk: [UInt8] = []
  private var failure: (any Error)?
  /// How many bytes the current line has.
  private(set) var lineLength = 0

  init(sink: @escaping ([UInt8]) throws -> Void) { self.sink = sink }

  /// Appends text without line ends.
  mutating func append(_ text: String) {
    chunk.append(contentsOf: text.utf8)
    lineLength += text.utf8.count
  }

  mutating func endLine() {
    chunk.append(UInt8(ascii: "\n"))
    lineLength = 0
    if chunk.count >= 1 << 16 { flush() }
  }

  mutating func line(_ text: String) {
    append(text)
    endLine()
  }

  private mutating func flush() {
    if failure == nil {
      do { try sink(chunk) } catch { failure = error }
    }
    chunk.removeAll(keepingCapacity: true)
  }

  /// Makes ``finish()`` throw `error`, unless something failed before.
  mutating func fail(_ error: any Error) { failure = failure ?? error }

  mutating func finish() throws {
    flush()
    if let failure { throw failure }
  }
}
