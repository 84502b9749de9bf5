import ExactArithmetic

/// A rectangular grid with slippery moves, an absorbing goal in the last cell and, on request,
/// absorbing holes. It is symmetric, so exact ties are everywhere.
struct Gridworld: FamilyDescription {
  private let width: Int
  private let height: Int
  private let slip: Rational
  private let stepCost: Rational
  private let goalReward: Rational
  /// Ascending.
  private let holes: [Int]
  private let seed: FamilySeed

  private static let moves: [(row: Int, column: Int)] = [(-1, 0), (1, 0), (0, -1), (0, 1)]

  init(_ options: FamilyOptions) throws(FamilyError) {
    let side = try options.integer("states").map { Int(Double($0).squareRoot()) } ?? 10
    width = try options.integer("width") ?? side
    height = try options.integer("height") ?? width
    let (cells, overflow) = width.multipliedReportingOverflow(by: height)
    try require(
      width >= 1 && height >= 1 && cells >= 2, "gridworld: needs at least two cells")
    try require(
      !overflow && cells <= FamilyOptions.largestCount,
      "gridworld: needs at most \(FamilyOptions.largestCount) cells")
    slip = try options.number("slip") ?? Rational(1, 5)
    stepCost = try options.number("step-cost") ?? Rational(1, 10)
    goalReward = try options.number("goal-reward") ?? 1
    try require(slip.signum >= 0 && slip <= 1, "gridworld: --slip must be in [0, 1]")
    let holeCount = try options.integer("holes") ?? 0
    try require(
      0 <= holeCount && holeCount <= cells - 2,
      "gridworld: --holes must leave the start and the goal")
    seed = try options.seed()
    var drawn: [Int] = []
    if holeCount > 0 {
      var random = SplitMix64(seed: seed.bits)
      random.drawDistinct(holeCount, below: cells - 2, into: &drawn)
    }
    holes = drawn.map { $0 + 1 }
  }

  private var goal: Int { width * height - 1 }

  var title: String {
    "gridworld --width \(width) --height \(height) --slip \(slip) --step-cost \(stepCost)"
      + " --goal-reward \(goalReward)"
      + (holes.isEmpty ? "" : " --holes \(holes.count) --seed \(seed)")
  }
  var states: FamilyNames {
    .list(count: width * height) { [width] in "r\($0 / width)c\($0 % width)" }
  }
  var actions: FamilyNames { .list(["up", "down", "left", "right"]) }
  var discount: Rational? { Rational(99, 100) }
  var labels: [(name: String, states: [Int])] {
    [("goal", [goal])] + (holes.isEmpty ? [] : [("hole", holes)])
  }

  func forEachRow<Failure: Error>(
    _ body: (inout GeneratedRow) throws(Failure) -> Void
  ) throws(Failure) {
    var row = GeneratedRow()
    let absorbing = Set(holes + [goal])
    let forward = 1 - slip
    let sideways = slip / 2
    for state in 0...goal {
      for action in 0..<4 {
        row.start(state, action)
        if absorbing.contains(state) {
          row.addSure(state)
        } else {
          let sides = action < 2 ? (2, 3) : (0, 1)
          row.addMerged([
            (cell(from: state, by: action), forward), (cell(from: state, by: sides.0), sideways),
            (cell(from: state, by: sides.1), sideways),
          ])
          row.addRewardUnlessZero(-stepCost)
          if !goalReward.isZero, row.successors.contains(goal) {
            row.addReward(goalReward, successor: goal)
          }
        }
        try body(&row)
      }
    }
  }

  /// The cell next to `state`, or `state` itself at the edge of the grid.
  private func cell(from state: Int, by move: Int) -> Int {
    let row = state / width + Self.moves[move].row
    let column = state % width + Self.moves[move].column
    let isInside = (0..<height).contains(row) && (0..<width).contains(column)
    return isInside ? row * width + column : state
  }
}
