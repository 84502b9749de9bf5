internal import CGMP

/// A sum of products that grows in place.
///
/// One accumulator serves a whole sweep: it allocates when it grows and at no other time.
/// It cannot be copied, so its limbs have one owner and need no lock.
package struct Accumulator: ~Copyable {
  private let sum: mpz_ptr

  package init() {
    sum = .allocate(capacity: 1)
    __gmpz_init(sum)
  }

  deinit {
    __gmpz_clear(sum)
    sum.deallocate()
  }

  /// Sets the sum to zero and keeps its memory.
  package mutating func reset() {
    __gmpz_set_ui(sum, 0)
  }

  /// Adds `value`.
  package mutating func add(_ value: Integer) {
    value.withGMP { __gmpz_add(sum, UnsafePointer(sum), $0) }
  }

  /// Subtracts `value`.
  package mutating func subtract(_ value: Integer) {
    value.withGMP { __gmpz_sub(sum, UnsafePointer(sum), $0) }
  }

  /// Adds `weight * value`; takes time linear in the length of `value`.
  package mutating func add(_ value: Integer, times weight: Int) {
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
    } else {
      value.withGMP { a in weight.withGMP { b in __gmpz_addmul(sum, a, b) } }
    }
  }

  /// Multiplies the sum by `factor`.
  package mutating func multiply(by factor: Integer) {
    factor.withGMP { __gmpz_mul(sum, UnsafePointer(sum), $0) }
  }

  /// -1, 0 or 1.
  package var signum: Int { Int(rationale_mpz_sgn(sum)) }

  package var isZero: Bool { signum == 0 }

  /// -1, 0 or 1 as the sum is less than, equal to or more than `value`.
  package func compare(to value: Integer) -> Int {
    value.withGMP { Int(__gmpz_cmp(sum, $0)).signum() }
  }

  /// A copy of the sum.
  package var value: Integer { Integer(copyingGMPInteger: UnsafeRawPointer(sum)) }
}
