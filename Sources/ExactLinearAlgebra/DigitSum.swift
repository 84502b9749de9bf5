internal import CGMP
import ExactArithmetic

/// A long number that grows at its low end by signed digits.
struct DigitSum: ~Copyable {
  private let number: mpz_ptr
  private let digit: mpz_ptr

  init() {
    number = .allocate(capacity: 1)
    digit = .allocate(capacity: 1)
    __gmpz_init(number)
    __gmpz_init(digit)
  }

  deinit {
    __gmpz_clear(number)
    __gmpz_clear(digit)
    number.deallocate()
    digit.deallocate()
  }

  /// `number * 2^bits + value`.
  mutating func append(_ value: Int128, bits: Int) {
    __gmpz_mul_2exp(number, number, UInt(bits))
    __gmpz_set_si(digit, Int(truncatingIfNeeded: value >> 64))
    __gmpz_mul_2exp(digit, digit, 64)
    __gmpz_add_ui(digit, digit, UInt(truncatingIfNeeded: value))
    __gmpz_add(number, number, digit)
  }

  var value: Integer { Integer(copyingGMPInteger: UnsafeRawPointer(number)) }
}
