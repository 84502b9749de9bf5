internal import CGMP

/// A sum of products that grows in place.
///
/// One accumulator serves a whole sweep: it allocates when it grows and at no other time.
/// Products of words gather in 128 bits and reach GMP only when those overflow. It cannot be
/// copied, so its memory has one owner and needs no lock.
package struct Accumulator: ~Copyable {
  // The value is `words.pointee + sum`. The words are behind a pointer, like the limbs, so that a
  // borrowed accumulator may move the one part to the other when it is asked for its value.
  @usableFromInline let words: UnsafeMutablePointer<Int128>
  private let sum: mpz_ptr

  package init() {
    words = .allocate(capacity: 1)
    words.initialize(to: 0)
    sum = .allocate(capacity: 1)
    __gmpz_init(sum)
  }

  deinit {
    __gmpz_clear(sum)
    sum.deallocate()
    words.deallocate()
  }

  /// Sets the sum to zero and keeps its memory.
  package mutating func reset() {
    words.pointee = 0
    __gmpz_set_ui(sum, 0)
  }

  /// Adds `value`.
  @inlinable
  package mutating func add(_ value: Int128) {
    let (total, overflow) = words.pointee.addingReportingOverflow(value)
    if overflow {
      spill()
      words.pointee = value
    } else {
      words.pointee = total
    }
  }

  /// Adds `value * weight`; takes a few nanoseconds.
  @inlinable
  package mutating func add(_ value: Int, times weight: Int) {
    add(Int128(value) * Int128(weight))  // at most 2¹²⁶
  }

  /// Adds `value`.
  package mutating func add(_ value: Integer) {
    if let word = value.word {
      add(Int128(word))
    } else {
      value.withGMP { __gmpz_add(sum, UnsafePointer(sum), $0) }
    }
  }

  /// Subtracts `value`.
  package mutating func subtract(_ value: Integer) {
    if let word = value.word {
      add(-Int128(word))
    } else {
      value.withGMP { __gmpz_sub(sum, UnsafePointer(sum), $0) }
    }
  }

  /// Adds `weight * value`; takes time linear in the length of `value`.
  package mutating func add(_ value: Integer, times weight: Int) {
    if let word = value.word {
      add(word, times: weight)
      return
    }
    value.withGMP { limbs in
      if weight < 0 {
        __gmpz_submul_ui(sum, limbs, weight.magnitude)
      } else {
        __gmpz_addmul_ui(sum, limbs, weight.magnitude)
      }
    }
  }

  /// Adds `weight * value`.
  package mutating func add(_ value: Integer, times weight: Integer) {
    if let word = weight.word {
      add(value, times: word)
    } else if let word = value.word {
      add(weight, times: word)
    } else {
      value.withGMP { a in weight.withGMP { b in __gmpz_addmul(sum, a, b) } }
    }
  }

  /// Subtracts `weight * value`.
  package mutating func subtract(_ value: Integer, times weight: Integer) {
    if let a = value.word, let b = weight.word {
      add(-(Int128(a) * Int128(b)))
    } else {
      value.withGMP { a in weight.withGMP { b in __gmpz_submul(sum, a, b) } }
    }
  }

  /// Multiplies the sum by `factor`.
  package mutating func multiply(by factor: Integer) {
    spill()
    factor.withGMP { __gmpz_mul(sum, UnsafePointer(sum), $0) }
  }

  /// -1, 0 or 1.
  package var signum: Int {
    if rationale_mpz_sgn(sum) == 0 { return Int(words.pointee.signum()) }
    spill()
    return Int(rationale_mpz_sgn(sum))
  }

  package var isZero: Bool { signum == 0 }

  /// -1, 0 or 1 as the sum is less than, equal to or more than `value`.
  package func compare(to value: Integer) -> Int {
    if let word = value.word, rationale_mpz_sgn(sum) == 0 {
      let difference = words.pointee
      return difference < word ? -1 : difference > word ? 1 : 0
    }
    spill()
    return value.withGMP { Int(__gmpz_cmp(sum, $0)).signum() }
  }

  /// A copy of the sum.
  package var value: Integer {
    if rationale_mpz_sgn(sum) == 0, let word = Int(exactly: words.pointee) { return Integer(word) }
    spill()
    return Integer(copyingGMPInteger: UnsafeRawPointer(sum))
  }

  /// Moves the 128-bit part to the other one.
  @usableFromInline
  func spill() {
    let value = words.pointee
    if value == 0 { return }
    words.pointee = 0
    var limbs = (mp_limb_t(truncatingIfNeeded: value.magnitude), mp_limb_t(value.magnitude >> 64))
    withUnsafeMutableBytes(of: &limbs) { bytes in
      // A view of the two limbs that GMP reads and never resizes.
      var view = __mpz_struct()
      view._mp_size = (bytes.load(fromByteOffset: 8, as: mp_limb_t.self) == 0 ? 1 : 2)
      if value < 0 { view._mp_size.negate() }
      view._mp_d = bytes.baseAddress?.assumingMemoryBound(to: mp_limb_t.self)
      withUnsafePointer(to: &view) { __gmpz_add(sum, UnsafePointer(sum), $0) }
    }
  }
}
