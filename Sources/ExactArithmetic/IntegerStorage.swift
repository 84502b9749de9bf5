internal import CGMP

/// A GMP integer with one owner, immutable once it is visible outside the function that made it.
///
/// `@unchecked Sendable`: `mpz` is written only through `init(_:)`'s closure, before any other
/// reference to the object can exist; afterwards it is only read.
@usableFromInline
final class IntegerStorage: @unchecked Sendable {
  private let mpz: mpz_ptr

  /// Makes the integer that `fill` leaves behind; `fill` receives an initialised zero.
  init(_ fill: (mpz_ptr) -> Void) {
    mpz = .allocate(capacity: 1)
    __gmpz_init(mpz)
    fill(mpz)
  }

  deinit {
    __gmpz_clear(mpz)
    mpz.deallocate()
  }

  /// Lends the number to `body`; the pointer must not outlive the call.
  func withLimbs<R>(_ body: (mpz_srcptr) -> R) -> R {
    withExtendedLifetime(self) { body(UnsafePointer(mpz)) }
  }
}
