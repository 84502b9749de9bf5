internal import CGMP

extension Integer {
  /// The bytes of the magnitude, the least significant first; none for zero.
  package var magnitudeBytes: [UInt8] {
    let count = (bitLength + 7) / 8
    return withGMP { number in
      [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
        if count > 0 { __gmpz_export(buffer.baseAddress, &written, -1, 1, 0, 0, number) }
      }
    }
  }

  /// The number with these bytes, the least significant first.
  package init(magnitudeBytes bytes: [UInt8]) {
    self = Integer.make { out in __gmpz_import(out, bytes.count, -1, 1, 0, 0, bytes) }
  }
}
