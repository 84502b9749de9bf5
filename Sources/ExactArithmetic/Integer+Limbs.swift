internal import CGMP

extension Integer {
  /// The non-negative remainder modulo `2^count`.
  package func modulo(powerOfTwo count: Int) -> Integer {
    Integer.make { out in withGMP { __gmpz_fdiv_r_2exp(out, $0, UInt(count)) } }
  }

  /// The number with these limbs in two's complement, least significant first.
  package init(twosComplement limbs: UnsafeBufferPointer<UInt>) {
    guard let top = limbs.last else {
      self.init(0)
      return
    }
    let isNegative = top >> UInt(UInt.bitWidth - 1) == 1
    self = Integer.make { out in
      let target = __gmpz_limbs_write(out, limbs.count)!  // GMP returns room for the limbs
      var carry: UInt = 1
      for i in 0..<limbs.count {
        if isNegative {
          let (limb, overflow) = (~limbs[i]).addingReportingOverflow(carry)
          target[i] = limb
          carry = overflow ? 1 : 0
        } else {
          target[i] = limbs[i]
        }
      }
      // Sets the sign and drops leading zero limbs. The magnitude of -2^(64n-1) fits n limbs.
      __gmpz_limbs_finish(out, isNegative ? -limbs.count : limbs.count)
    }
  }
}
