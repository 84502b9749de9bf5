import ExactArithmetic

/// All sums `start + Σ_j t_j g_j` with `t ∈ [0,1]ⁿ`, scaled to integers.
///
/// The squared norm is convex, so its largest value is at a vertex, that is, a sum of some of the
/// generators.
struct Zonotope {
  private let start: [Integer]
  private let generators: [[Integer]]
  /// What the integers are divided by.
  private let scale: Integer

  /// - Precondition: the generators have one length.
  init(_ generators: [[Rational]]) {
    var scale = Integer.one
    for entry in generators.joined() { scale = Integer.lcm(scale, entry.denominator) }
    self.scale = scale
    let factor = scale
    self.generators = generators.map { row in
      row.map { $0.numerator * factor.exactlyDivided(by: $0.denominator) }
    }
    start = Array(repeating: 0, count: generators.first?.count ?? 0)
  }

  private init(start: [Integer], generators: [[Integer]], scale: Integer) {
    self.start = start
    self.generators = generators
    self.scale = scale
  }

  private var rank: Int {
    RegretBounds.rank(of: generators.map { $0.map(Rational.init) }, width: start.count)
  }

  private func norm(_ vector: [Integer]) -> Integer {
    vector.reduce(Integer.zero) { $0 + $1 * $1 }
  }

  private func unscaled(_ squared: Integer) -> Rational { Rational(squared, scale * scale) }

  // MARK: - All sums

  /// The largest squared norm, from all `2ⁿ` sums, each one generator away from the one before.
  func largestByEnumeration(_ progress: ProgressHandler) throws(Interrupted) -> Rational {
    // ‖Σ g‖² ≤ (n + 1) Σ ‖g‖² for the start and n generators, so that words suffice below 2⁶².
    let size = generators.reduce(norm(start)) { $0 + norm($1) } * Integer(generators.count + 1)
    if size.bitLength < 62 {
      let words = generators.map { $0.map { $0.word ?? 0 } }
      return unscaled(Integer(try Self.largest(words, start.map { $0.word ?? 0 }, progress)))
    }
    var sum = start
    var largest = norm(sum)
    for step in 1..<(1 << generators.count) {
      if step & 0xFFF == 0 { try progress.checkpoint() }
      let place = step.trailingZeroBitCount
      let enters = ((step >> 1) ^ step) >> place & 1 == 1
      for column in sum.indices {
        sum[column] =
          enters ? sum[column] + generators[place][column] : sum[column] - generators[place][column]
      }
      largest = max(largest, norm(sum))
    }
    return unscaled(largest)
  }

  private static func largest(
    _ generators: [[Int]], _ start: [Int], _ progress: ProgressHandler
  ) throws(Interrupted) -> Int {
    var sum = start
    var largest = sum.reduce(0) { $0 + $1 * $1 }
    for step in 1..<(1 << generators.count) {
      if step & 0xFFFF == 0 { try progress.checkpoint() }
      let place = step.trailingZeroBitCount
      let sign = ((step >> 1) ^ step) >> place & 1 == 1 ? 1 : -1
      var norm = 0
      for column in sum.indices {
        sum[column] += sign * generators[place][column]
        norm += sum[column] * sum[column]
      }
      largest = max(largest, norm)
    }
    return largest
  }

  // MARK: - Facets

  /// How many normals times generators the search through facets looks at; saturates.
  var work: Int {
    let (n, r) = (generators.count, max(rank, 1))
    var subsets = 1
    for i in 0..<(r - 1) {
      let (product, overflow) = subsets.multipliedReportingOverflow(by: n - i)
      if overflow { return .max }
      subsets = product / (i + 1)
    }
    let (work, overflow) = subsets.multipliedReportingOverflow(by: n << min(r, 20))
    return overflow ? .max : work
  }

  /// The largest squared norm, from the facets: every vertex lies on one, and the normal of a
  /// facet is orthogonal to as many independent generators as the rank, less one.
  func largestByFacets(_ progress: ProgressHandler) throws(Interrupted) -> Rational {
    if generators.isEmpty { return unscaled(norm(start)) }
    if generators.count <= 12 { return try largestByEnumeration(progress) }
    let rank = rank
    if rank == 1 { return largestOfSegment }
    var largest = Rational.zero
    var chosen: [Int] = []
    try forEachSubset(of: rank - 1, from: 0, &chosen) { subset throws(Interrupted) in
      try progress.checkpoint()
      guard let normal = normal(to: subset) else { return }
      for sign in [1, -1] {
        largest = max(largest, try face(normal, sign).largestByFacets(progress))
      }
    }
    return largest
  }

  /// All generators are multiples of one: the ends of a segment.
  private var largestOfSegment: Rational {
    let direction = generators.first { !norm($0).isZero } ?? start
    var (up, down) = (start, start)
    for generator in generators {
      let product = zip(generator, direction).reduce(Integer.zero) { $0 + $1.0 * $1.1 }
      for column in start.indices {
        if product.signum > 0 { up[column] += generator[column] }
        if product.signum < 0 { down[column] += generator[column] }
      }
    }
    return unscaled(max(norm(up), norm(down)))
  }

  private func forEachSubset(
    of size: Int, from first: Int, _ chosen: inout [Int],
    _ body: ([Int]) throws(Interrupted) -> Void
  ) throws(Interrupted) {
    if chosen.count == size { return try body(chosen) }
    let missing = size - chosen.count
    guard generators.count - first >= missing else { return }
    for place in first...(generators.count - missing) {
      chosen.append(place)
      try forEachSubset(of: size, from: place + 1, &chosen, body)
      chosen.removeLast()
    }
  }

  /// A vector in the span of the generators that is orthogonal to these independent ones and to no
  /// other direction of the span; `nil` where the chosen ones are dependent.
  private func normal(to chosen: [Int]) -> [Rational]? {
    var basis: [[Rational]] = []
    func rest(_ generator: [Integer]) -> [Rational] {
      var rest = generator.map(Rational.init)
      for vector in basis {
        let factor = dot(rest, vector) / dot(vector, vector)
        for column in rest.indices { rest[column] -= factor * vector[column] }
      }
      return rest
    }
    for place in chosen {
      let next = rest(generators[place])
      if next.allSatisfy(\.isZero) { return nil }
      basis.append(next)
    }
    // The rank is one more than what is chosen, so some generator leaves their span.
    return generators.lazy.map(rest).first { $0.contains { !$0.isZero } }
  }

  /// The face on which `sign · normal` is largest.
  private func face(_ normal: [Rational], _ sign: Int) -> Zonotope {
    var start = start
    var flat: [[Integer]] = []
    for generator in generators {
      let side = dot(generator.map(Rational.init), normal).signum * sign
      if side == 0 { flat.append(generator) }
      if side > 0 { for column in start.indices { start[column] += generator[column] } }
    }
    return Zonotope(start: start, generators: flat, scale: scale)
  }
}
