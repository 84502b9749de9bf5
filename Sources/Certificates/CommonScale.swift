import ExactArithmetic

/// Two vectors (often the same) brought to the form in which the judge compares them fastest.
enum CommonScale: Sendable {
  /// Entry `i` is `first[i] / denominator` and `second[i] / denominator`.
  case words(denominator: Int, first: ContiguousArray<Int>, second: ContiguousArray<Int>)
  case integers(denominator: Integer, first: [Integer], second: [Integer])
  /// The common denominator would be far longer than any entry, so that each keeps its own.
  case fractions(first: Fractions, second: Fractions)

  struct Fractions: Sendable {
    let numerators: [Integer]
    let denominators: [Integer]
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
private struct CommonDenominator {
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
  fileprivate func numerators(over multiple: Integer) -> [Integer] {
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
