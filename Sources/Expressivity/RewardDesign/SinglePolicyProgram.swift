// What is here: what limits the margin of a single acceptable policy, by linear programs with rounded
// weights. Nothing here decides: the exact point is computed and compared afterwards.
// Notation: as in SinglePolicyDesign; ŵ = w rounded to 34 bits; x_s = the multiplier of the equation for
// V(s). Where x_s = 0 the reward r_s may vary as far as the margin is concerned.

import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// The rounded linear programs of one acceptable policy.
struct SinglePolicyProgram {
  /// What limits the margin.
  struct Core {
    /// `y`, one a neighbour, up to a factor; not zero at the neighbours that are tight.
    let multipliers: [Rational]
    /// `Σ y_k + Σ_s |x_s|`: the margin is this over `Σ y_k w_k`.
    let norm: Rational
    /// The reward of each state that has to be at a bound; `nil` for the others.
    let fixed: [Rational?]
    /// The margin for the rounded weights.
    let margin: Rational

    var tight: [Int] { multipliers.indices.filter { !multipliers[$0].isZero } }
  }

  /// A point with the margin of the core, short where the core leaves a choice.
  struct Guess {
    let rewards: [Rational]
    let values: [Rational]
    /// The neighbours that are not tight and keep a distance.
    let loose: Set<Int>
  }

  let design: SinglePolicyDesign
  private let weights: [Rational]
  private let own: [Choice]

  init(_ design: SinglePolicyDesign) {
    self.design = design
    own = design.ownChoices
    let exact = design.neighbours.map { 1 / $0.visits }
    let exponent =
      exact.lazy.map { $0.numerator.bitLength - $0.denominator.bitLength + 1 }.max() ?? 0
    // At most 34 bits, so that rows stay in words.
    weights = exact.map { Rational($0.floor(timesTwoToThe: 32 - exponent) + 1) }
  }

  // MARK: - The core

  func core() throws -> Core? {
    var builder = LinearProgramBuilder(direction: .maximize)
    let values = try valueColumns(&builder)
    let rewards = try own.indices.map { try builder.addColumn("r\($0)", lower: -1, upper: 1) }
    let margin = try builder.addColumn("margin", lower: 0, upper: nil, objective: 1)
    let equations = try own.enumerated().map { state, choice in
      try builder.addRow(
        lower: 0, upper: 0, entries: row(choice, values) + [(rewards[state], -1)])
    }
    let rows = try design.neighbours.enumerated().map { place, neighbour in
      try builder.addRow(
        lower: -1, upper: nil,
        entries: row(neighbour.choice, values) + [(margin, -weights[place])])
    }
    let solution = try LinearProgramSolvers.solve(
      builder.build(), options: LPOptions(progress: design.progress))
    guard let primal = solution.primal, let dual = solution.dual else { return nil }
    let multipliers = rows.map { -dual[$0] }
    let norm = equations.reduce(multipliers.reduce(Rational.zero, +)) { $0 + dual[$1].magnitude }
    return Core(
      multipliers: multipliers, norm: norm,
      fixed: own.indices.map { dual[equations[$0]].isZero ? nil : primal[rewards[$0]] },
      margin: primal[margin])
  }

  private func valueColumns(_ builder: inout LinearProgramBuilder) throws -> [Int] {
    try own.indices.map { try builder.addColumn("v\($0)", lower: nil, upper: nil) }
  }

  private func row(
    _ choice: Choice, _ values: [Int]
  ) -> [(column: Int, coefficient: Rational)] {
    design.difference(choice).map { (column: values[$0.column], coefficient: $0.value) }
  }

  // MARK: - What the core leaves open

  /// How far from their bounds the free rewards and the other neighbours should stay, so that
  /// rounding cannot matter.
  private static let distance = Rational(1, 256)

  /// A point of few rewards that are not zero, among those that keep their distance wherever
  /// that is possible.
  func guess(_ core: Core) throws -> Guess? {
    var builder = LinearProgramBuilder(direction: .minimize)
    let values = try valueColumns(&builder)
    let distance = Self.distance
    // Keeping a distance counts more than all rewards together.
    let worth = -Rational(own.count) / distance
    var rewards: [Int?] = []
    for state in own.indices {
      var entries = row(own[state], values)
      guard core.fixed[state] == nil else {
        rewards.append(nil)
        try builder.addRow(
          lower: core.fixed[state], upper: core.fixed[state], entries: entries)
        continue
      }
      let reward = try builder.addColumn("r\(state)", lower: -1, upper: 1)
      let size = try builder.addColumn("s\(state)", lower: 0, upper: 1, objective: 1)
      let slack = try builder.addColumn(
        "d\(state)", lower: 0, upper: distance, objective: worth)
      rewards.append(reward)
      entries.append((reward, -1))
      try builder.addRow(lower: 0, upper: 0, entries: entries)
      for sign in [Rational.one, -1] {
        try builder.addRow(lower: 0, upper: nil, entries: [(size, 1), (reward, sign)])
      }
      try builder.addRow(lower: nil, upper: 1, entries: [(size, 1), (slack, 1)])
    }
    var slacks: [Int: Int] = [:]
    for (place, neighbour) in design.neighbours.enumerated() {
      let bound = core.margin * weights[place] - 1
      var entries = row(neighbour.choice, values)
      if core.multipliers[place].isZero {
        let slack = try builder.addColumn(
          "l\(place)", lower: 0, upper: distance, objective: worth)
        slacks[place] = slack
        entries.append((slack, -1))
        try builder.addRow(lower: bound, upper: nil, entries: entries)
      } else {
        try builder.addRow(lower: bound, upper: bound, entries: entries)
      }
    }
    design.progress.report("looking for a reward with few entries")
    guard let point = try guidedVertex(of: builder.build(), progress: design.progress) else {
      return nil
    }
    return Guess(
      rewards: own.indices.map { state in
        core.fixed[state] ?? rewards[state].map { point[$0] } ?? 0
      },
      values: values.map { point[$0] },
      loose: Set(slacks.filter { point[$0.value] >= distance / 2 }.keys))
  }
}
