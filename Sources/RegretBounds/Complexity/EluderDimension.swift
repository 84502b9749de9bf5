import ExactArithmetic

/// The eluder dimension of a finite error table, with a sequence that attains it.
///
/// The table has a row an hypothesis and a column a point: `Z_f(x)`. The dimension at `ε` is the
/// length of a longest sequence such that for one `ε' ≥ ε`, `ε' > 0`, every `x_k` has an `f` with
/// `Σ_{j<k} Z_f(x_j)² ≤ ε'² < Z_f(x_k)²`.
///
/// Source: `proofs-notes/eluder-dimension.md`.
public struct EluderDimension: Sendable {
  /// A point with the hypothesis that makes it independent of those before.
  public struct Witness: Sendable, Hashable {
    public let point: Int
    public let hypothesis: Int
  }

  public let value: Int
  /// As many as the dimension; every one holds for all `ε'²` in ``squaredScales``.
  public let sequence: [Witness]
  /// Numbers `ε'²` for which the whole sequence is independent: at least the lower one, less than
  /// the upper one. `nil` for the empty sequence.
  public let squaredScales: (lower: Rational, upper: Rational)?
  /// Whether no longer sequence exists; `false` when the search was cut.
  public let isExact: Bool

  /// - Parameters:
  ///   - table: one row an hypothesis, all of one length.
  ///   - scale: `ε`, at least 0; 0 stands for all positive scales.
  ///   - limit: the most extensions that are tried.
  /// - Throws: ``Interrupted``.
  public init(
    of table: [[Rational]], scale: Rational = 0, limit: Int = 1_000_000,
    progress: ProgressHandler = .none
  ) throws(Interrupted) {
    precondition(!scale.isNegative, "a scale is not negative")
    let squares = table.map { $0.map { $0 * $0 } }
    var search = EluderSearch(squares, limit: limit, progress: progress)
    try search.run(from: scale * scale)
    value = search.best.count
    sequence = search.best
    squaredScales = search.bestScales
    isExact = !search.isCut
  }

  /// Checks the sequence against its definition.
  public func isValid(for table: [[Rational]], scale: Rational = 0) -> Bool {
    guard let scales = squaredScales else { return sequence.isEmpty }
    guard scales.lower < scales.upper, scales.upper > scale * scale else { return false }
    let chosen = max(scales.lower, scale * scale)
    // Any number of the interval will do; a positive one is needed.
    let square = chosen.isZero ? scales.upper / 2 : chosen
    return sequence.indices.allSatisfy { place in
      let row = table[sequence[place].hypothesis]
      let before = sequence[..<place].reduce(Rational.zero) { $0 + row[$1.point] * row[$1.point] }
      let own = row[sequence[place].point]
      return before <= square && square < own * own
    }
  }
}

/// Depth-first over sequences, each with the scales at which it is independent.
///
/// At one scale a hypothesis is a witness once only: its own square is in every later sum.
/// So a sequence is no longer than there are different rows that are not 0.
private struct EluderSearch {
  typealias Scales = (lower: Rational, upper: Rational)

  private let squares: [[Rational]]
  /// Points with different columns that are not 0.
  private let points: [Int]
  private let longest: Int
  private let limit: Int
  private let progress: ProgressHandler
  private var tried = 0
  private var used: Set<Int> = []
  private var sums: [Rational]
  private var sequence: [EluderDimension.Witness] = []
  private(set) var best: [EluderDimension.Witness] = []
  private(set) var bestScales: Scales?
  private(set) var isCut = false

  init(_ squares: [[Rational]], limit: Int, progress: ProgressHandler) {
    self.squares = squares
    self.limit = limit
    self.progress = progress
    sums = Array(repeating: 0, count: squares.count)
    var seen: Set<[Rational]> = []
    points = (squares.first?.indices ?? 0..<0).filter { point in
      let column = squares.map { $0[point] }
      return column.contains { !$0.isZero } && seen.insert(column).inserted
    }
    let rows = Set(squares.filter { $0.contains { !$0.isZero } })
    longest = min(points.count, rows.count)
  }

  mutating func run(from square: Rational) throws(Interrupted) {
    // Larger than any square, so that it stands for no upper end.
    let top = (squares.joined().max() ?? 0) + square + 1
    try extend([(square, top)])
  }

  /// Tries every further point, for each of its witnesses within the scales that are left.
  private mutating func extend(_ scales: [Scales]) throws(Interrupted) {
    for point in points where !used.contains(point) {
      if best.count == longest || isCut { return }
      tried += 1
      if tried > limit {
        isCut = true
        return
      }
      if tried & 0xFFF == 0 { try progress.checkpoint() }
      for hypothesis in squares.indices {
        let own = (lower: sums[hypothesis], upper: squares[hypothesis][point])
        let left = scales.compactMap { scale -> Scales? in
          let (low, high) = (max(scale.lower, own.lower), min(scale.upper, own.upper))
          return low < high ? (low, high) : nil
        }
        if !left.isEmpty { try descend(point, hypothesis, left) }
      }
    }
  }

  private mutating func descend(
    _ point: Int, _ hypothesis: Int, _ scales: [Scales]
  ) throws(Interrupted) {
    used.insert(point)
    sequence.append(EluderDimension.Witness(point: point, hypothesis: hypothesis))
    for row in squares.indices { sums[row] += squares[row][point] }
    if sequence.count > best.count {
      best = sequence
      bestScales = scales.first
    }
    try extend(scales)
    for row in squares.indices { sums[row] -= squares[row][point] }
    sequence.removeLast()
    used.remove(point)
  }
}
