// What is here: among the rewards that attain a margin one with few entries, then with short ones.
// Notation: F = the rewards of that margin, a polytope; S = the entries of a sparse one that are not 0.
// F ∩ {r = 0 off S} shrinks entry by entry: r_c becomes the simplest fraction between its least and its
// largest value there, and stays. Nothing here decides whether a task can be expressed.
// Source: ours; proofs-notes/short-rewards.md.

import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// The rewards that meet a task's requirements with a given margin, as the feasible points of a
/// linear program whose first columns are the rewards' entries.
struct RewardFace {
  struct Row {
    let lower: Rational?
    let upper: Rational?
    let entries: [(column: Int, coefficient: Rational)]
  }

  static let entryBounds = LinearProgram.Bounds(lower: -1, upper: 1)
  static let marginBounds = LinearProgram.Bounds.nonNegative

  /// How many columns are entries of the reward.
  let rewardCount: Int
  /// The column of the margin.
  let margin: Int
  private(set) var bounds: [LinearProgram.Bounds]
  private(set) var rows: [Row]
  let progress: ProgressHandler
  /// Whether there is one reward of the margin only, as far as doubles see.
  private var isUnique = false

  init(
    rewardCount: Int, margin: Int, bounds: [LinearProgram.Bounds], rows: [Row],
    progress: ProgressHandler
  ) {
    self.rewardCount = rewardCount
    self.margin = margin
    self.bounds = bounds
    self.rows = rows
    self.progress = progress
  }

  /// The optimum that makes a column largest.
  func maximum(of column: Int) throws -> LPSolution {
    let program = try program(.maximize) { $0.setObjective(1, ofColumn: column) }
    return try LinearProgramSolvers.solve(program, options: LPOptions(progress: progress))
  }

  mutating func setMargin(_ value: Rational) { fix(margin, at: value) }

  /// Keeps to what all rewards of the largest margin share: a row with a multiplier is at its
  /// bound, and so is an entry with a reduced cost.
  ///
  /// Reduced costs are computed in doubles. What is fixed without need leaves fewer rewards to
  /// choose from, the given one among them.
  mutating func restrict(to reward: [Rational], margin value: Rational, _ multipliers: [Rational]) {
    setMargin(value)
    var costs = [Double](repeating: 0, count: bounds.count)
    for (place, multiplier) in multipliers.enumerated() where !multiplier.isZero {
      let row = rows[place]
      let bound = row.lower ?? row.upper
      rows[place] = Row(lower: bound, upper: bound, entries: row.entries)
      let weight = Double(multiplier)
      for entry in row.entries { costs[entry.column] += weight * Double(entry.coefficient) }
    }
    let largest = costs[..<rewardCount].lazy.map(\.magnitude).max() ?? 0
    for (place, entry) in reward.enumerated()
    where entry.magnitude == 1 && costs[place].magnitude > 1e-9 * largest {
      fix(place, at: entry)
    }
    let open = bounds.indices.filter { !isFixed($0) }.count
    // A vertex has as many columns between bounds as rows at them.
    isUnique = open + 1 == multipliers.lazy.filter { !$0.isZero }.count
  }

  /// A reward with few and short entries, `reward` itself where none is found.
  func simplified(_ reward: [Rational]) throws -> [Rational] {
    if isUnique { return reward }
    return try shortened(try sparsePoint() ?? reward)
  }

  // MARK: - Few entries

  /// A point of least sum of absolute values as far as doubles see, which as a vertex has few
  /// entries; `nil` when they see none.
  func sparsePoint() throws -> [Rational]? {
    let open = (0..<rewardCount).filter { !isFixed($0) }
    if open.isEmpty { return nil }
    let program = try program(.minimize) { builder in
      for place in open {
        let size = try builder.addColumn("s\(place)", lower: 0, upper: 1, objective: 1)
        for sign in [Rational.one, -1] {
          try builder.addRow(
            lower: 0, upper: nil,
            entries: [(column: size, coefficient: 1), (column: place, coefficient: sign)])
        }
      }
    }
    progress.report("looking for a reward with few entries")
    return try guidedVertex(of: program, progress: progress).map(rewards)
  }

  // MARK: - Short entries

  /// The most bits of coefficients, times the entries to be shortened, that are looked at.
  private static let workLimit = 4_000_000

  /// A reward with no other entries than `reward`, of which no measure is worse: the entries that
  /// are not 0, and the bits of all denominators.
  ///
  /// - Returns: `reward` itself where the program is large or nothing is gained.
  /// - Complexity: at most four exact linear programs an entry.
  func shortened(_ reward: [Rational]) throws -> [Rational] {
    var face = self
    for place in 0..<rewardCount where reward[place].isZero { face.fix(place, at: 0) }
    let open = (0..<rewardCount).filter { !face.isFixed($0) }
    let bits = rows.lazy.flatMap(\.entries).reduce(0) {
      $0 + $1.coefficient.numerator.bitLength + $1.coefficient.denominator.bitLength
    }
    guard !reward.allSatisfy(\.isInteger), open.count * bits <= Self.workLimit else {
      return reward
    }
    progress.report("looking for short entries")
    let order = open.sorted {
      (-reward[$0].denominator.bitLength, $0) < (-reward[$1].denominator.bitLength, $1)
    }
    // Entries that can vanish first: fewer count more than shorter ones.
    for seeksZeros in [true, false] {
      for place in order where !face.isFixed(place) {
        guard let range = try face.range(of: place) else { return reward }
        let value = range.low.simplest(through: range.high)
        if value.isZero || !seeksZeros { face.fix(place, at: value) }
      }
    }
    let short = (0..<rewardCount).map { face.bounds[$0].lower ?? 0 }
    return Self.size(short) < Self.size(reward) ? short : reward
  }

  /// What counts: entries first, then bits of denominators.
  private static func size(_ reward: [Rational]) -> (entries: Int, bits: Int) {
    (
      reward.lazy.filter { !$0.isZero }.count,
      reward.reduce(0) { $0 + $1.denominator.bitLength - 1 }
    )
  }

  private func range(of place: Int) throws -> (low: Rational, high: Rational)? {
    var ends: [Rational] = []
    for sign in [Rational.one, -1] {
      let program = try program(.minimize) { $0.setObjective(sign, ofColumn: place) }
      let solution = try LinearProgramSolvers.solve(
        program, options: LPOptions(progress: progress))
      guard let value = solution.objectiveValue else { return nil }
      ends.append(sign * value)
    }
    return (ends[0], ends[1])
  }

  // MARK: - The program

  private func isFixed(_ place: Int) -> Bool {
    guard let lower = bounds[place].lower else { return false }
    return bounds[place].upper == lower
  }

  private mutating func fix(_ place: Int, at value: Rational) {
    bounds[place] = LinearProgram.Bounds(lower: value, upper: value)
  }

  private func program(
    _ direction: LinearProgram.Direction, _ addition: (inout LinearProgramBuilder) throws -> Void
  ) throws -> LinearProgram {
    var builder = LinearProgramBuilder(direction: direction)
    for (place, column) in bounds.enumerated() {
      try builder.addColumn("c\(place)", lower: column.lower, upper: column.upper)
    }
    for row in rows { try builder.addRow(lower: row.lower, upper: row.upper, entries: row.entries) }
    try addition(&builder)
    return builder.build()
  }

  private func rewards(_ point: RationalVector) -> [Rational] {
    (0..<rewardCount).map { point[$0] }
  }
}

extension Rational {
  /// The fraction of least denominator, and among those of least absolute value, from here to
  /// `high`, which is not less.
  func simplest(through high: Rational) -> Rational {
    if signum <= 0, high.signum >= 0 { return 0 }
    return signum > 0
      ? Rational.simplest(from: self, through: high)
      : -Rational.simplest(from: -high, through: -self)
  }
}
