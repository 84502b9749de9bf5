internal import CGMP

extension Integer: LosslessStringConvertible, CustomStringConvertible {
  /// Reads decimal digits with an optional leading minus; nothing else, no white space.
  ///
  /// - Complexity: subquadratic in the number of digits.
  public init?(_ description: String) {
    var description = description
    let parsed = description.withUTF8 { Integer(decimalDigits: UnsafeRawBufferPointer($0)) }
    guard let parsed else { return nil }
    self = parsed
  }

  /// Reads `-?[0-9]+` from UTF-8 bytes.
  ///
  /// GMP's own reader skips white space and takes prefixes, so the bytes are checked here first.
  package init?(decimalDigits text: UnsafeRawBufferPointer) {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = UnsafeRawBufferPointer(rebasing: text.dropFirst(isNegative ? 1 : 0))
    guard !digits.isEmpty, digits.allSatisfy({ $0 &- 48 < 10 }) else { return nil }
    if digits.count <= 18 {
      let value = digits.reduce(0) { $0 * 10 + Int($1 &- 48) }
      self.init(isNegative ? -value : value)
      return
    }
    var terminated = digits.map { CChar(bitPattern: $0) }
    terminated.append(0)
    let value = Integer.make { out in _ = __gmpz_set_str(out, terminated, 10) }
    self = isNegative ? -value : value
  }

  /// Decimal digits, with a minus sign when negative.
  public var description: String {
    switch storage {
    case .small(let value):
      return String(value)
    case .big(let big):
      return big.withLimbs { limbs in
        String(unsafeUninitializedCapacity: __gmpz_sizeinbase(limbs, 10) + 2) { buffer in
          buffer.withMemoryRebound(to: CChar.self) { characters in
            __gmpz_get_str(characters.baseAddress, 10, limbs)
            return characters.firstIndex(of: 0)!  // GMP ends what it writes with a NUL
          }
        }
      }
    }
  }
}
