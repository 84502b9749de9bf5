import ExactArithmetic

/// Two vectors (often the same) brought to the form in which the judge compares them fastest.
enum CommonScale: Sendable {
  /// Entry `i` is `first[i] / denominator` and `second[i] / denominator`.
  case words(denominator: Int, first: ContiguousArray<Int>, second: ContiguousArray<Int>)
  /// The same numbers in two words each.
  case doubleWords(
    denominator: (high: Int, low: Int), first: DoubleWords, second: DoubleWords)
  case integers(denominator: Integer, first: [Integer], second: [Integer])
  /// The common denominator would be far longer than any entry, so that each keeps its own.
  case fractions(first: Fractions, second: Fractions)

  /// Entry `i` is `high[i] · 2⁶² + low[i]` with `0 ≤ low[i] < 2⁶²`.
  struct DoubleWords: Sendable {
    var high: ContiguousArray<Int> = []
    var low: ContiguousArray<Int> = []
  }

  struct Fractions: Sendable {
    let numerators: [Integer]
    let denominators: [Integer]
  }

  /// Two words in one piece.
  static func integer(_ pair: (high: Int, low: Int)) -> Integer {
    (Integer(pair.high) << 62) + Integer(pair.low)
  }

  /// One vector in both places.
  init(_ vector: RationalVector) {
    var denominator = CommonDenominator()
    denominator.include(vector)
    if let common = denominator.value {
      let numerators = vector.numerators(over: common)
      self.init(common, numerators, numerators)
    } else {
      let fractions = Fractions(vector)
      self = .fractions(first: fractions, second: fractions)
    }
  }

  init(_ first: RationalVector, _ second: RationalVector) {
    var denominator = CommonDenominator()
    denominator.include(first)
    denominator.include(second)
    if let common = denominator.value {
      self.init(common, first.numerators(over: common), second.numerators(over: common))
    } else {
      self = .fractions(first: Fractions(first), second: Fractions(second))
    }
  }

  private init(_ denominator: Integer, _ first: [Integer], _ second: [Integer]) {
    if let word = denominator.word, let a = allWords(first), let b = allWords(second) {
      self = .words(denominator: word, first: a, second: b)
    } else if let pair = doubleWord(denominator), let a = DoubleWords(first),
      let b = DoubleWords(second)
    {
      self = .doubleWords(denominator: pair, first: a, second: b)
    } else {
      self = .integers(denominator: denominator, first: first, second: second)
    }
  }
}

/// The integers as words, or `nil` when one does not fit.
private func allWords(_ integers: [Integer]) -> ContiguousArray<Int>? {
  var words = ContiguousArray<Int>()
  words.reserveCapacity(integers.count)
  for integer in integers {
    guard let word = integer.word, word != .min else { return nil }
    words.append(word)
  }
  return words
}

/// The number as `high · 2⁶² + low` with `0 ≤ low < 2⁶²`, or `nil` when `high` is no word.
private func doubleWord(_ integer: Integer) -> (high: Int, low: Int)? {
  guard let value = integer.int128, let high = Int(exactly: value >> 62), high != .min else {
    return nil
  }
  return (high, Int(truncatingIfNeeded: value) & (1 << 62 - 1))
}

extension CommonScale.DoubleWords {
  /// The integers in two words each, or `nil` when one does not fit.
  fileprivate init?(_ integers: [Integer]) {
    high.reserveCapacity(integers.count)
    low.reserveCapacity(integers.count)
    for integer in integers {
      guard let pair = doubleWord(integer) else { return nil }
      high.append(pair.high)
      low.append(pair.low)
    }
  }

  /// Entry `index` in one piece.
  func integer(_ index: Int) -> Integer { CommonScale.integer((high[index], low[index])) }

  var integers: [Integer] { high.indices.map(integer) }
}

extension CommonScale.Fractions {
  init(_ vector: RationalVector) {
    switch vector.form {
    case .entries(let entries):
      numerators = entries.map(\.numerator)
      denominators = entries.map(\.denominator)
    case .common(let denominator, let numerators):
      self.numerators = numerators
      denominators = Array(repeating: denominator, count: numerators.count)
    }
  }
}

/// The least common multiple of the denominators of vectors, given up once it is long.
struct CommonDenominator {
  /// `nil` once the multiple is much longer than the longest denominator.
  private(set) var value: Integer? = 1
  private var longest = 0

  mutating func include(_ vector: RationalVector) {
    switch vector.form {
    case .common(let denominator, _): include(denominator)
    case .entries(let entries):
      for entry in entries {
        if let d = entry.words?.denominator, let l = value?.word, l % d == 0 { continue }
        guard value != nil else { return }
        include(entry.denominator)
      }
    }
  }

  private mutating func include(_ denominator: Integer) {
    guard let l = value, denominator != l, !denominator.divides(l) else { return }
    longest = max(longest, denominator.bitLength)
    // The usual case of an exact answer: entries that lost a factor come before one that has all.
    let multiple = l.divides(denominator) ? denominator : Integer.lcm(l, denominator)
    value = multiple.bitLength <= 2 * longest + 128 ? multiple : nil
  }
}

extension RationalVector {
  /// The numerators over a multiple of all denominators.
  func numerators(over multiple: Integer) -> [Integer] {
    switch form {
    case .common(let denominator, let numerators):
      if denominator == multiple { return numerators }
      let factor = multiple.exactlyDivided(by: denominator)
      return numerators.map { $0 * factor }
    case .entries(let entries):
      return entries.map { entry in
        let denominator = entry.denominator
        if denominator == multiple { return entry.numerator }
        return entry.numerator * multiple.exactlyDivided(by: denominator)
      }
    }
  }
}
