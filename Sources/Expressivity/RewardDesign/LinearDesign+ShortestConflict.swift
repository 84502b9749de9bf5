// What is here: the conflict whose multipliers add up to the least.
// Notation: min Σ |λ_k| subject to Σ λ_k δ_k = 0, Σ_strict λ_k = 1, λ_k ≥ 0 on inequalities. In a
// vertex the differences of the support have one relation, since another one of strict sum 0 would
// make its columns dependent. Note: proofs-notes/free-discount.md

import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms

extension LinearDesign {
  /// Multipliers of least sum that refute the task at this discount; `nil` when it is expressible.
  func shortestConflict(
    at discount: Rational
  ) throws -> [ExpressAnswer.WeightedRequirement]? {
    let space = FeatureSpace(of: task, discount: discount, progress: options.progress)
    let objects = try TaskObjects(
      of: task, usesFringe: task.formalism != .rewardMachine,
      maximumPolicies: options.maximumPolicies, progress: options.progress)
    let features = try features(of: objects, in: space)
    var builder = LinearProgramBuilder(direction: .minimize)
    var rows: [RewardCoordinate: [(column: Int, coefficient: Rational)]] = [:]
    var strict: [(column: Int, coefficient: Rational)] = []
    var columns: [(requirement: Int, sign: Rational)] = []
    for (place, constraint) in objects.constraints.enumerated() {
      let difference = features[constraint.left].minus(features[constraint.right])
      for sign in constraint.relation == .equal ? [Rational.one, -1] : [.one] {
        let column = try builder.addColumn(
          "m\(columns.count)", lower: 0, upper: nil, objective: 1)
        columns.append((place, sign))
        for (coordinate, value) in difference {
          rows[coordinate, default: []].append((column, sign * value))
        }
        if constraint.relation == .greater { strict.append((column, 1)) }
      }
    }
    for (_, entries) in rows.sorted(by: { $0.key < $1.key }) {
      try builder.addRow(lower: 0, upper: 0, entries: entries)
    }
    try builder.addRow(lower: 1, upper: 1, entries: strict)
    let solution = try LinearProgramSolvers.solve(
      builder.build(), options: LPOptions(progress: options.progress))
    guard let primal = solution.primal else { return nil }
    var multipliers = [Rational](repeating: 0, count: objects.constraints.count)
    for (column, value) in zip(columns, primal.entries) {
      multipliers[column.requirement] += column.sign * value
    }
    return weighted(objects.requirements, multipliers)
  }
}
