import ExactArithmetic
import ExactJSON

/// The way in and out for files of linear programs. Every number is read exactly.
public enum LinearProgramFile {
  /// Reads the program at `path`, or on standard input for `-`.
  ///
  /// - Parameter format: by default what the extension says, or else what the text looks like.
  ///   MPS is read with fields apart by white space; what is no such file is tried with fields at
  ///   fixed places, so that names with spaces are read too.
  /// - Throws: ``InputError``; of the kind `malformed` with the line and the offending text.
  /// - Complexity: linear in the size of the file.
  public static func read(
    _ path: String, format: LinearProgramFormat? = nil, limits: NumberLimits = .standard
  ) throws(InputError) -> LinearProgram {
    let buffer = try InputFile.load(path)
    return try read(
      buffer, name: InputFile.name(of: path), format: format ?? LinearProgramFormat(path: path),
      limits)
  }

  /// Reads the bytes of a file that messages call `name`.
  public static func read(
    bytes: [UInt8], name: String, format: LinearProgramFormat? = nil,
    limits: NumberLimits = .standard
  ) throws(InputError) -> LinearProgram {
    try read(
      InputBuffer(bytes), name: name, format: format ?? LinearProgramFormat(path: name), limits)
  }

  private static func read(
    _ buffer: InputBuffer, name: String, format: LinearProgramFormat?, _ limits: NumberLimits
  ) throws(InputError) -> LinearProgram {
    do throws(LineError) {
      switch format ?? LinearProgramFormat(sniffing: buffer) {
      case .lp: return try LPReader.read(buffer, limits)
      case .fixedMPS: return try MPSReader.read(buffer, limits, isFixed: true)
      case .mps:
        do throws(LineError) {
          return try MPSReader.read(buffer, limits, isFixed: false)
        } catch {
          // The first error is the one to tell: few files have their fields at fixed places.
          guard let program = try? MPSReader.read(buffer, limits, isFixed: true) else {
            throw error
          }
          return program
        }
      }
    } catch {
      throw InputError(file: name, place: "line \(error.line)", problem: error.problem)
    }
  }
}

/// What is wrong, and on which line.
struct LineError: Error {
  let line: Int
  let problem: String
}

extension InputBuffer {
  /// The bytes of `range` for a message.
  func excerpt(_ range: Range<Int>) -> String {
    ExactJSON.excerpt(String(decoding: bytes(range).prefix(300), as: UTF8.self))
  }

  /// Where the text starts: a byte order mark is skipped.
  var textStart: Int {
    count >= 3 && base[0] == 0xEF && base[1] == 0xBB && base[2] == 0xBF ? 3 : 0
  }
}

/// Reads a number of an LP or MPS file, which may be written more loosely than elsewhere: with a
/// plus, with zeros in front, without digits before or after the point.
func looseNumber(
  _ text: UnsafeRawBufferPointer, _ limits: NumberLimits
) throws(NumberError) -> Rational {
  guard isLoose(text) else { return try Rational(parsing: text, limits: limits) }
  var bytes = [UInt8](text)
  if bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
  let isNegative = bytes.first == UInt8(ascii: "-")
  if isNegative { bytes.removeFirst() }
  let parts = bytes.split(
    separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
  var strict: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
  for (place, part) in parts.enumerated() {
    if place > 0 { strict.append(UInt8(ascii: "/")) }
    strict += strictDecimal(part)
  }
  let result = strict.withUnsafeBytes { bytes in
    Result { () throws(NumberError) in try Rational(parsing: bytes, limits: limits) }
  }
  do throws(NumberError) {
    return try result.get()
  } catch {
    // The message shows what the file has.
    if case .malformed = error {
      throw .malformed(String(String(decoding: text.prefix(300), as: UTF8.self).prefix(60)))
    }
    throw error
  }
}

/// Whether the strict grammar of numbers may refuse a text that is fine here.
private func isLoose(_ text: UnsafeRawBufferPointer) -> Bool {
  var previous = UInt8(ascii: "+")
  for byte in text {
    switch (previous, byte) {
    case (UInt8(ascii: "0"), UInt8(ascii: "0")...UInt8(ascii: "9")): return true
    case (UInt8(ascii: "."), UInt8(ascii: "e")), (UInt8(ascii: "."), UInt8(ascii: "E")):
      return true
    case (UInt8(ascii: "+"), UInt8(ascii: ".")), (UInt8(ascii: "-"), UInt8(ascii: ".")):
      return true
    default: break
    }
    // A zero that follows a digit is not in front.
    let isInner = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(previous) || previous == 46
    previous = byte == UInt8(ascii: "0") && isInner ? UInt8(ascii: "1") : byte
  }
  return previous == UInt8(ascii: ".") || text.first == UInt8(ascii: "+")
}

/// A decimal without sign in the strict grammar, when it is one at all.
private func strictDecimal(_ text: ArraySlice<UInt8>) -> [UInt8] {
  let isDigit = { (byte: UInt8) in byte &- 48 < 10 }
  let whole = text.prefix(while: isDigit)
  var rest = text[whole.endIndex...]
  var strict = Array(whole.drop { $0 == UInt8(ascii: "0") })
  var hasDigits = !whole.isEmpty
  if strict.isEmpty { strict = [UInt8(ascii: "0")] }
  if rest.first == UInt8(ascii: ".") {
    let fraction = rest.dropFirst().prefix(while: isDigit)
    if !fraction.isEmpty { strict += [UInt8(ascii: ".")] + fraction }
    hasDigits = hasDigits || !fraction.isEmpty
    rest = rest[fraction.endIndex...]
  }
  // A lone point is no number.
  return hasDigits ? strict + rest : Array(text)
}
