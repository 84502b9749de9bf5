internal import CGMP

/// A GMP rational with one owner, in lowest terms, immutable once visible outside the function
/// that made it.
///
/// `@unchecked Sendable`: `mpq` is written only through `init(_:)`'s closure, before any other
/// reference to the object can exist; afterwards it is only read.
@usableFromInline
final class RationalStorage: @unchecked Sendable {
  private let mpq: mpq_ptr

  /// Makes the rational that `fill` leaves behind; `fill` receives an initialised 0/1 and must
  /// leave a number in lowest terms with a positive denominator.
  init(_ fill: (mpq_ptr) -> Void) {
    mpq = .allocate(capacity: 1)
    __gmpq_init(mpq)
    fill(mpq)
  }

  deinit {
    __gmpq_clear(mpq)
    mpq.deallocate()
  }

  /// Lends the number to `body`; the pointer must not outlive the call.
  func withLimbs<R>(_ body: (mpq_srcptr) -> R) -> R {
    withExtendedLifetime(self) { body(UnsafePointer(mpq)) }
  }

  func withNumerator<R>(_ body: (mpz_srcptr) -> R) -> R {
    withExtendedLifetime(self) { body(UnsafePointer(rationale_mpq_numerator(mpq))) }
  }

  func withDenominator<R>(_ body: (mpz_srcptr) -> R) -> R {
    withExtendedLifetime(self) { body(UnsafePointer(rationale_mpq_denominator(mpq))) }
  }
}
