internal import CGMP

/// An integer of any size.
///
/// Numbers that fit a machine word are stored inline and never touch the heap; larger ones own a
/// GMP integer. The representation is canonical: a number that fits a word is always inline, so
/// that equality and hashing need not look at both forms.
@frozen
public struct Integer: Sendable {
  @frozen
  @usableFromInline
  enum Storage: Sendable {
    case small(Int)
    case big(IntegerStorage)
  }

  @usableFromInline
  var storage: Storage

  @inlinable
  init(storage: Storage) {
    self.storage = storage
  }

  /// The integer `value`.
  @inlinable
  public init(_ value: Int) {
    storage = .small(value)
  }

  /// The integer `value`, of any fixed width.
  public init<Source: FixedWidthInteger>(_ value: Source) {
    if let word = Int(exactly: value) {
      self.init(word)
      return
    }
    // Most significant chunk first, 32 bits a step.
    var rest = value.magnitude
    var chunks: [UInt] = []
    while rest != 0 {
      chunks.append(UInt(truncatingIfNeeded: rest & 0xFFFF_FFFF))
      rest >>= 32
    }
    self = Integer.make { out in
      for chunk in chunks.reversed() {
        __gmpz_mul_2exp(out, UnsafePointer(out), 32)
        __gmpz_add_ui(out, UnsafePointer(out), chunk)
      }
      if value < 0 { __gmpz_neg(out, UnsafePointer(out)) }
    }
  }

  public static let zero = Integer(0)
  public static let one = Integer(1)

  /// The number as a machine word, or `nil` when it does not fit.
  @inlinable
  public var word: Int? {
    if case .small(let value) = storage { value } else { nil }
  }

  @inlinable
  public var isZero: Bool {
    if case .small(let value) = storage { value == 0 } else { false }
  }

  /// -1, 0 or 1.
  @inlinable
  public var signum: Int {
    switch storage {
    case .small(let value): value.signum()
    case .big: bigSignum
    }
  }

  @usableFromInline
  var bigSignum: Int { withGMP { Int(rationale_mpz_sgn($0)) } }

  /// The number of binary digits of the magnitude; 0 for zero.
  public var bitLength: Int {
    switch storage {
    case .small(let value): Int.bitWidth - value.magnitude.leadingZeroBitCount
    case .big(let big): big.withLimbs { __gmpz_sizeinbase($0, 2) }
    }
  }

  public var isNegative: Bool { signum < 0 }

  public var isEven: Bool {
    switch storage {
    case .small(let value): value & 1 == 0
    case .big(let big): big.withLimbs { __gmpz_tstbit($0, 0) == 0 }
    }
  }
}

// MARK: - The border to GMP

extension Integer {
  /// Builds a number with GMP and brings it inline when it fits a word.
  static func make(_ fill: (mpz_ptr) -> Void) -> Integer {
    let big = IntegerStorage(fill)
    if let word = big.withLimbs(Integer.word(of:)) { return Integer(word) }
    return Integer(storage: .big(big))
  }

  static func word(of limbs: mpz_srcptr) -> Int? {
    __gmpz_fits_slong_p(limbs) != 0 ? __gmpz_get_si(limbs) : nil
  }

  /// Lends the number as a GMP integer, which for an inline number is a temporary on the stack.
  func withGMP<R>(_ body: (mpz_srcptr) -> R) -> R {
    switch storage {
    case .big(let big):
      return big.withLimbs(body)
    case .small(let value):
      var limb = mp_limb_t(value.magnitude)
      return withUnsafeMutablePointer(to: &limb) { limb in
        var view = __mpz_struct()
        view._mp_alloc = 0
        view._mp_size = Int32(value.signum())
        view._mp_d = limb
        return withUnsafePointer(to: &view) { body($0) }
      }
    }
  }

  // The three types of GMP, so that ExactLinearAlgebra can name them without a second shim.

  /// Lends the number to C code of this package as an opaque `mpz_srcptr`.
  package func withGMPInteger<R>(_ body: (UnsafeRawPointer) -> R) -> R {
    withGMP { body(UnsafeRawPointer($0)) }
  }

  /// Takes over a copy of the number at an `mpz_srcptr`.
  package init(copyingGMPInteger source: UnsafeRawPointer) {
    let source = source.assumingMemoryBound(to: __mpz_struct.self)
    if let word = Integer.word(of: source) {
      self.init(word)
    } else {
      self = Integer.make { __gmpz_set($0, source) }
    }
  }
}
