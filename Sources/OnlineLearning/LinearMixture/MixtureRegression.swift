import ExactArithmetic

/// Ridge regression of values of the next state on features, in integers.
///
/// `Σ = λI + Σ xxᵀ`, `b = Σ x y`, `θ̂ = Σ^{-1} b`. All vectors are integers over one common scale
/// `C`, `x = X/C`, `y = Y/C`, and with `λ = p/q` the matrix `A = C² q Σ = C² p I + q Σ XXᵀ` is
/// integer, as is `q C² b = q Σ X Y`.
struct MixtureRegression: Sendable {
  let dimension: Int
  /// `C`.
  let scale: Integer
  let lambda: Rational
  /// `A`.
  private(set) var matrix: [[Integer]]
  /// `q Σ X Y`.
  private(set) var moments: [Integer]

  init(dimension: Int, scale: Integer, lambda: Rational) {
    self.dimension = dimension
    self.scale = scale
    self.lambda = lambda
    let start = scale * scale * lambda.numerator
    matrix = (0..<dimension).map { row in (0..<dimension).map { $0 == row ? start : 0 } }
    moments = Array(repeating: 0, count: dimension)
  }

  /// The sums, without what is known of the experiment.
  struct Memento: Codable, Sendable {
    let matrix: [[Integer]]
    let moments: [Integer]
  }

  var memento: Memento { Memento(matrix: matrix, moments: moments) }

  /// - Throws: ``LearningError`` for sums of another shape, or those of no regression.
  mutating func restore(_ memento: Memento) throws(LearningError) {
    let start = scale * scale * lambda.numerator
    let isFit =
      memento.moments.count == dimension && memento.matrix.count == dimension
      && memento.matrix.indices.allSatisfy { row in
        let entries = memento.matrix[row]
        return entries.count == dimension && entries[row] >= start
      }
      && memento.matrix.indices.allSatisfy { row in
        (0..<row).allSatisfy { memento.matrix[row][$0] == memento.matrix[$0][row] }
      }
    try LearningError.require(isFit, "the sums of the regression")
    (matrix, moments) = (memento.matrix, memento.moments)
  }

  /// Adds the vector `x = feature/C` with the target `y = target/C`, `weight` times.
  mutating func add(_ feature: [Integer], target: Integer, weight: Integer = 1) {
    let factor = lambda.denominator * weight
    for row in 0..<dimension where !feature[row].isZero {
      let weighted = factor * feature[row]
      for column in 0...row where !feature[column].isZero {
        let sum = matrix[row][column] + weighted * feature[column]
        matrix[row][column] = sum
        matrix[column][row] = sum
      }
      moments[row] += weighted * target
    }
  }

  /// `Σ/λ` and `b/λ` as words in units of `2^-s`, rounded down, with the `s` that fits.
  ///
  /// - Returns: `nil` where words are too short.
  func words() -> (matrix: [Int64], moments: [Int64], bits: Int)? {
    // Σ/λ = A/(C² p) and b/λ = (q Σ X Y)/(C² p) for λ = p/q.
    let unit = scale * scale * lambda.numerator
    var largest = Integer.one
    for row in matrix.indices { largest = max(largest, matrix[row][row]) }
    let bits = 56 - largest.floorDivided(by: unit).bitLength
    guard bits > 30 else { return nil }
    var words = [Int64](repeating: 0, count: dimension * dimension)
    for row in 0..<dimension {
      for column in 0...row {
        // The matrix is symmetric; entries off the diagonal are no larger than those on it.
        guard let word = (matrix[row][column] << bits).floorDivided(by: unit).word else {
          return nil
        }
        words[row * dimension + column] = Int64(word)
        words[column * dimension + row] = Int64(word)
      }
    }
    var right: [Int64] = []
    for moment in moments {
      guard let word = (moment << bits).floorDivided(by: unit).word, word.magnitude < 1 << 58
      else { return nil }
      right.append(Int64(word))
    }
    return (words, right, bits)
  }

  /// `(b - Σθ)/λ` in units of `2^-s`, rounded down; its norm is that of `θ̂ - θ`.
  func residualWords(_ theta: [Rational], bits: Int) -> [Int64]? {
    let common = theta.reduce(Integer.one) { Integer.lcm($0, $1.denominator) }
    let weights = theta.map { $0.numerator * common.exactlyDivided(by: $0.denominator) }
    let unit = scale * scale * lambda.numerator * common
    var words: [Int64] = []
    for row in 0..<dimension {
      var sum = common * moments[row]
      for column in 0..<dimension { sum -= matrix[row][column] * weights[column] }
      guard let word = (sum << bits).floorDivided(by: unit).word, word.magnitude < 1 << 58 else {
        return nil
      }
      words.append(Int64(word))
    }
    return words
  }

  /// What the data say so far.
  ///
  /// - Parameter precision: about as many bits of the rounded numbers are right.
  func estimate(precision: Int) -> MixtureEstimate { MixtureEstimate(of: self, precision) }

  /// `‖θ̂ - θ‖²_Σ`, exactly.
  func squaredDistance(_ estimate: MixtureEstimate, to theta: [Rational]) -> Rational {
    // θ̂ - θ = E/(c det A) for integers E and a common denominator c of θ.
    let common = theta.reduce(Integer.one) { Integer.lcm($0, $1.denominator) }
    let error = zip(estimate.scaledTheta, theta).map { own, weight in
      let scaled = weight.numerator * common.exactlyDivided(by: weight.denominator)
      return common * own - estimate.determinant * scaled
    }
    var sum = Integer.zero
    for row in error.indices where !error[row].isZero {
      var product = Integer.zero
      for column in error.indices { product += matrix[row][column] * error[column] }
      sum += error[row] * product
    }
    let denominator = common * estimate.determinant * scale
    return Rational(sum, denominator * denominator * lambda.denominator)
  }
}

/// The estimate of a regression: exact, and rounded for planning.
///
/// For planning the inverse and `θ̂` are held as integers over `2^w`, each entry rounded down; the
/// scaled norm is `‖x‖²_{Σ^{-1}} = Xᵀ S X` with `S = q A'/det A`, `A'` the adjugate, so that
/// `Xᵀ S X` is known to within `(Σ|X_i|)² 2^{-w}`. All eigenvalues of `S` are at least `1/tr A`, so the
/// `w` chosen keeps the relative error of the squared norm below `2^{1-p}` for the precision `p`.
struct MixtureEstimate: Sendable {
  /// `det A`.
  fileprivate let determinant: Integer
  /// `det A · θ̂`.
  fileprivate let scaledTheta: [Integer]
  /// `θ̂`.
  var theta: [Rational] { scaledTheta.map { Rational($0, determinant) } }
  /// `det Σ/λ^d`.
  let determinantRatio: Rational
  private let scale: Integer
  private let bits: Int
  /// `det A · A^{-1}`.
  private let adjugate: [[Integer]]
  /// `⌊2^w S⌋`.
  private let inverse: [[Integer]]
  /// `⌊2^w θ̂⌋`.
  private let roundedTheta: [Integer]

  fileprivate init(of regression: MixtureRegression, _ precision: Int) {
    let solved = FractionFreeInverse(regression.matrix, right: regression.moments)
    let (determinant, lambda) = (solved.determinant, regression.lambda)
    self.determinant = determinant
    scaledTheta = solved.scaledSolution
    // det A = (C² q)^d det Σ and λ = p/q.
    let start = regression.scale * regression.scale * lambda.numerator
    determinantRatio = Rational(determinant, start.power(UInt(regression.dimension)))
    scale = regression.scale
    let trace = regression.matrix.indices.reduce(Integer.zero) { $0 + regression.matrix[$1][$1] }
    let bits = precision + trace.bitLength + Integer(regression.dimension).bitLength
    self.bits = bits
    adjugate = solved.adjugate
    inverse = solved.adjugate.map { row in
      row.map { ((lambda.denominator * $0) << bits).floorDivided(by: determinant) }
    }
    roundedTheta = solved.scaledSolution.map { ($0 << bits).floorDivided(by: determinant) }
  }

  /// A positive multiple of `xᵀΣ^{-1}y`, the same for all vectors: enough to compare, exactly.
  func comparableProduct(_ x: [Integer], _ y: [Integer]) -> Integer {
    var sum = Integer.zero
    for row in x.indices where !x[row].isZero {
      var product = Integer.zero
      for column in y.indices { product += adjugate[row][column] * y[column] }
      sum += x[row] * product
    }
    return sum
  }

  private func size(_ feature: [Integer]) -> Integer {
    feature.reduce(Integer.zero) { $0 + $1.magnitude }
  }

  /// An upper bound of `2^p ⟨x, θ̂⟩` that is above it by at most `1 + 2^{p+1-w} Σ|x_i|`; exact for
  /// `x = 0`.
  func prediction(_ feature: [Integer], precision: Int) -> Integer {
    var sum = size(feature)
    if sum.isZero { return 0 }
    for place in feature.indices { sum += feature[place] * roundedTheta[place] }
    return -(((-sum) << precision).floorDivided(by: scale << bits))
  }

  /// Integers around `2^p β‖x‖_{Σ^{-1}}` for `β` between two multiples of `2^{-p}`; both 0 for
  /// `x = 0`.
  ///
  /// - Parameter radius: `2^p` times the ends of an enclosure of `β`.
  func bonus(
    _ feature: [Integer], radius: (lower: Integer, upper: Integer)
  ) -> (lower: Integer, upper: Integer) {
    guard let norm = squaredNorm(feature) else { return (0, 0) }
    // (2^p β)² · 2^w ‖x‖² = 2^w (2^p β‖x‖)².
    let low = (radius.lower * radius.lower * norm.lower) >> bits
    let high = (radius.upper * radius.upper * norm.upper) >> bits
    // ⌊y⌋ <= y < ⌊y⌋ + 1 inside of the root, and √(n + 1) <= ⌊√n⌋ + 1 for integers n.
    return (low.floorRoot(2).root, high.floorRoot(2).root + 1)
  }

  /// Integers around `2^w ‖x‖²_{Σ^{-1}}`; `nil` for `x = 0`.
  private func squaredNorm(_ feature: [Integer]) -> (lower: Integer, upper: Integer)? {
    let error = size(feature) * size(feature)
    if error.isZero { return nil }
    var sum = Integer.zero
    for row in feature.indices where !feature[row].isZero {
      var product = Integer.zero
      for column in feature.indices { product += inverse[row][column] * feature[column] }
      sum += feature[row] * product
    }
    return (max(0, sum - error), sum + error)
  }
}
