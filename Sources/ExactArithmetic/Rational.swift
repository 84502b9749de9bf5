internal import CGMP

/// A rational number of any size, in lowest terms.
///
/// Numerator and denominator that fit a machine word are stored inline and never touch the heap;
/// past that the number owns a GMP rational. The representation is canonical (what fits is
/// inline, the denominator is positive, the fraction is reduced), so that `==` compares
/// representations.
///
/// - Complexity: operations on inline numbers take a few nanoseconds (a binary gcd dominates);
///   on numbers of `b` bits, GMP's multiplication and gcd time.
@frozen
public struct Rational: Sendable {
  @frozen
  @usableFromInline
  enum Storage: Sendable {
    /// In lowest terms, `denominator > 0`.
    case inline(numerator: Int, denominator: Int)
    /// A number whose numerator or denominator does not fit a word.
    case big(RationalStorage)
  }

  @usableFromInline
  var storage: Storage

  /// Takes a fraction that is already in lowest terms with a positive denominator.
  @inlinable
  init(reducedNumerator numerator: Int, denominator: Int) {
    storage = .inline(numerator: numerator, denominator: denominator)
  }

  /// Brings a fraction with a positive denominator to lowest terms; zero becomes 0/1.
  @inlinable
  init(nonReducedNumerator numerator: Int, denominator: Int) {
    if denominator == 1 {
      self.init(reducedNumerator: numerator, denominator: 1)
      return
    }
    // At most `denominator`, so it fits.
    let g = Int(bitPattern: wordGCD(numerator.magnitude, UInt(bitPattern: denominator)))
    self.init(reducedNumerator: numerator / g, denominator: denominator / g)
  }

  init(storage: Storage) {
    self.storage = storage
  }

  /// The integer `value`.
  @inlinable
  public init(_ value: Int) {
    self.init(reducedNumerator: value, denominator: 1)
  }

  /// The integer `value`.
  public init(_ value: Integer) {
    if let word = value.word {
      self.init(word)
    } else {
      self.init(
        storage: .big(RationalStorage { out in value.withGMP { __gmpq_set_z(out, $0) } }))
    }
  }

  /// The fraction `numerator / denominator`, brought to lowest terms.
  ///
  /// - Precondition: `denominator` is not zero.
  public init(_ numerator: Int, _ denominator: Int) {
    precondition(denominator != 0, "zero denominator")
    let g = wordGCD(numerator.magnitude, denominator.magnitude)
    let n = numerator.magnitude / g
    let d = denominator.magnitude / g
    let isNegative = (numerator < 0) != (denominator < 0)
    if d <= UInt(Int.max), n <= UInt(Int.max) {
      self.init(
        reducedNumerator: isNegative ? -Int(n) : Int(n), denominator: Int(d))
    } else {
      self.init(Integer(numerator), Integer(denominator))
    }
  }

  /// The fraction `numerator / denominator`, brought to lowest terms.
  ///
  /// - Precondition: `denominator` is not zero.
  public init(_ numerator: Integer, _ denominator: Integer) {
    precondition(!denominator.isZero, "zero denominator")
    if let n = numerator.word, let d = denominator.word, n != .min, d != .min {
      self.init(n, d)
      return
    }
    self = Rational.make { out in
      numerator.withGMP { __gmpz_set(rationale_mpq_numerator(out), $0) }
      denominator.withGMP { __gmpz_set(rationale_mpq_denominator(out), $0) }
      __gmpq_canonicalize(out)
    }
  }

  /// A fraction that is known to be in lowest terms with a positive denominator.
  init(coprimeNumerator numerator: Integer, denominator: Integer) {
    if numerator.isZero || denominator == 1 {
      self.init(numerator)
      return
    }
    self = Rational.make { out in
      numerator.withGMP { __gmpz_set(rationale_mpq_numerator(out), $0) }
      denominator.withGMP { __gmpz_set(rationale_mpq_denominator(out), $0) }
    }
  }

  public static let zero = Rational(0)
  public static let one = Rational(1)

  /// The numerator of the fraction in lowest terms; carries the sign.
  public var numerator: Integer {
    switch storage {
    case .inline(let numerator, _): Integer(numerator)
    case .big(let big): big.withNumerator { Integer(copyingGMPInteger: UnsafeRawPointer($0)) }
    }
  }

  /// The denominator of the fraction in lowest terms; positive.
  public var denominator: Integer {
    switch storage {
    case .inline(_, let denominator): Integer(denominator)
    case .big(let big): big.withDenominator { Integer(copyingGMPInteger: UnsafeRawPointer($0)) }
    }
  }

  /// Numerator and denominator as machine words, or `nil` when one of them does not fit.
  @inlinable
  public var words: (numerator: Int, denominator: Int)? {
    if case .inline(let n, let d) = storage { (n, d) } else { nil }
  }

  @inlinable
  public var isZero: Bool {
    if case .inline(let n, _) = storage { n == 0 } else { false }
  }

  /// Whether the denominator is 1.
  public var isInteger: Bool {
    switch storage {
    case .inline(_, let denominator): denominator == 1
    case .big(let big): big.withDenominator { __gmpz_cmp_ui($0, 1) == 0 }
    }
  }

  /// -1, 0 or 1.
  @inlinable
  public var signum: Int {
    switch storage {
    case .inline(let numerator, _): numerator.signum()
    case .big: bigSignum
    }
  }

  @usableFromInline
  var bigSignum: Int { withGMP { Int(rationale_mpq_sgn($0)) } }
}

extension Rational {
  /// Builds a number with GMP and brings it inline when it fits.
  static func make(_ fill: (mpq_ptr) -> Void) -> Rational {
    let big = RationalStorage(fill)
    if let n = big.withNumerator(Integer.word(of:)),
      let d = big.withDenominator(Integer.word(of:))
    {
      return Rational(reducedNumerator: n, denominator: d)
    }
    return Rational(storage: .big(big))
  }

  /// Lends the number as a GMP rational, which for an inline number is a temporary on the stack.
  func withGMP<R>(_ body: (mpq_srcptr) -> R) -> R {
    switch storage {
    case .big(let big):
      return big.withLimbs(body)
    case .inline(let n, let d):
      var limbs = (mp_limb_t(n.magnitude), mp_limb_t(d))
      return withUnsafeMutablePointer(to: &limbs) { pair in
        pair.withMemoryRebound(to: mp_limb_t.self, capacity: 2) { limb in
          var view = __mpq_struct()
          view._mp_num._mp_size = Int32(n.signum())
          view._mp_num._mp_d = limb
          view._mp_den._mp_size = 1
          view._mp_den._mp_d = limb + 1
          return withUnsafePointer(to: &view) { body($0) }
        }
      }
    }
  }
}
