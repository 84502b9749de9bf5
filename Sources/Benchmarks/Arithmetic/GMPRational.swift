import CGMP
import ExactArithmetic

/// A rational number as one gets it from GMP: an `mpq` in a box, made anew by each operation.
///
/// `Rational` without its inline representation; the reference of the benchmarks.
final class GMPRational {
  let mpq: mpq_ptr

  init() {
    mpq = .allocate(capacity: 1)
    __gmpq_init(mpq)
  }

  /// The same number; a fraction that has no words would be a mistake of the benchmark.
  convenience init(_ value: Rational) {
    guard let words = value.words else { fatalError("an operand that is not inline") }
    self.init()
    __gmpq_set_si(mpq, words.numerator, UInt(words.denominator))
  }

  deinit {
    __gmpq_clear(mpq)
    mpq.deallocate()
  }

  static func + (a: GMPRational, b: GMPRational) -> GMPRational {
    let result = GMPRational()
    __gmpq_add(result.mpq, a.mpq, b.mpq)
    return result
  }

  static func * (a: GMPRational, b: GMPRational) -> GMPRational {
    let result = GMPRational()
    __gmpq_mul(result.mpq, a.mpq, b.mpq)
    return result
  }

  static func / (a: GMPRational, b: GMPRational) -> GMPRational {
    let result = GMPRational()
    __gmpq_div(result.mpq, a.mpq, b.mpq)
    return result
  }

  /// A number that depends on the result.
  var checksum: Int { Int(mpq.pointee._mp_num._mp_size) }

  static func < (a: GMPRational, b: GMPRational) -> Bool { __gmpq_cmp(a.mpq, b.mpq) < 0 }
}
