import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds

/// The numbers of a mixture in words, for planning: values in units of `2^-k`, features in units of
/// `2^-61`, and what the grid and the cap are in these.
///
/// A value on the grid is a count of `g/2`; the count `⌈M/(g/2)⌉` stands for the cap `M`.
struct MixtureWords: Sendable {
  struct Entry: Sendable {
    let successor: Int
    let origin: Int64
  }

  /// `k`.
  let valueBits: Int
  /// The count that stands for `M`.
  let capCount: Int64
  /// `⌈2^k M⌉` and `⌊2^k M⌋`.
  let (capCeiling, capFloor): (Int64, Int64)
  /// `g = gridNumerator/gridDenominator`.
  let (gridNumerator, gridDenominator): (Int128, Int128)
  /// `⌈2^k r(s,a)⌉`.
  let rewards: [Int64]
  /// The entries of each choice, and the features of all of them, `dimension` words each.
  let rows: [Range<Int>]
  let entries: [Entry]
  let features: [Int64]
  let dimension: Int
  /// How much a component of a feature vector is off at most, in units of `2^-k`.
  let featureError: Int64
  /// `⌈V*_h(s)/(g/2)⌉`: `V ≥ V*` on the grid exactly if its count is at least this.
  let optimalCounts: [[Int64]]
  /// Bounds of `1/√λ`.
  let inverseRootLambda: Enclosure
  /// `√(λ B2)` and `2 log(2/δ)`.
  let (shrinkage, events): (Enclosure, Enclosure)

  /// - Returns: `nil` where the numbers do not fit in words.
  init?(_ experiment: MixtureExperiment, _ kernels: TransitionFeatures) {
    let cap = experiment.valueCap
    let grid = experiment.options.grid
    let bits = 54 - cap.ceiling.bitLength
    guard bits > 30, let numerator = grid.numerator.word, let denominator = grid.denominator.word,
      numerator < 1 << 40, denominator < 1 << 40,
      let count = (cap / (grid / 2)).ceiling.word, count < 1 << 55,
      let ceiling = (-(-cap).floor(timesTwoToThe: bits)).word,
      let floor = cap.floor(timesTwoToThe: bits).word,
      let root = try? Enclosure(1 / experiment.lambda).squareRoot(bits: 80),
      let shrinkage = try? Enclosure(experiment.lambda * experiment.squaredParameterNorm)
        .squareRoot(bits: 80),
      let events = try? Enclosure(2 / experiment.options.delta).logarithm(bits: 80)
    else { return nil }
    valueBits = bits
    capCount = Int64(count)
    (capCeiling, capFloor) = (Int64(ceiling), Int64(floor))
    (gridNumerator, gridDenominator) = (Int128(numerator), Int128(denominator))
    inverseRootLambda = root
    (self.shrinkage, self.events) = (shrinkage, events * 2)
    let reward = experiment.lookahead.reward
    // Rewards are at most the cap, which some optimal value reaches.
    rewards = (0..<reward.count).map {
      Int64(clamping: (-(-reward[$0]).floor(timesTwoToThe: bits)).int128 ?? Int128.max)
    }
    optimalCounts = experiment.optimalValues.map { values in
      values.map { Int64(($0 / (grid / 2)).ceiling.word ?? Int.max) }
    }
    let isOffset = experiment.options.usesOffsetForm
    dimension = experiment.dimension
    var (rows, entries, features): ([Range<Int>], [Entry], [Int64]) = ([], [], [])
    var longest = 0
    func word(_ number: Rational) -> Int64 {
      Int64(clamping: number.floor(timesTwoToThe: 61).int128 ?? 0)
    }
    for row in kernels.rows {
      let start = entries.count
      for entry in row {
        let origin = isOffset ? entry.vector.last ?? 0 : 0
        entries.append(Entry(successor: Int(entry.successor.index), origin: word(origin)))
        features += entry.vector.prefix(dimension).map { word($0 - origin) }
      }
      rows.append(start..<entries.count)
      longest = max(longest, row.count)
    }
    self.rows = rows
    self.entries = entries
    self.features = features
    featureError = Int64(2 * longest + 2)
  }

  /// The value of a count, in units of `2^-k`, rounded down.
  func value(of count: Int64) -> Int64 {
    if count >= capCount { return capFloor }
    // count · g/2 is below M here, so that the product fits.
    return Int64((Int128(count) * gridNumerator << Int128(valueBits)) / (2 * gridDenominator))
  }

  /// The count of a number in units of `2^-k`, rounded up and clipped to `[0, M]`.
  func count(roundingUp value: Int128) -> Int64 {
    if value <= 0 { return 0 }
    if value >= Int128(capCeiling) { return capCount }
    let divisor = gridNumerator << Int128(valueBits)
    return min(capCount, Int64((value * 2 * gridDenominator + divisor - 1) / divisor))
  }

  /// `φ_V` into `feature` and `P_d V` in the offset form, for values in units of `2^-k`; each is off
  /// by at most ``featureError``.
  func image(of values: [Int64], after choice: Int, into feature: inout [Int64]) -> Int64 {
    var origin = Int128.zero
    for place in 0..<dimension {
      var sum = Int128.zero
      for entry in rows[choice] {
        sum +=
          Int128(features[entry * dimension + place]) * Int128(values[entries[entry].successor])
      }
      feature[place] = Int64(truncatingIfNeeded: sum >> 61)
    }
    for entry in rows[choice] {
      origin += Int128(entries[entry].origin) * Int128(values[entries[entry].successor])
    }
    return Int64(truncatingIfNeeded: origin >> 61)
  }
}
