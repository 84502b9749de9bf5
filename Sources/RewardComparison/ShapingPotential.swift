// What is here: the proof that every policy has the same value. A reward is trivial iff
// `r = Φ - γPΦ` at every compared choice, and `Φ` is then the values of any policy: doubles nearly
// know them, and where they are simple fractions the nearest ones are exact.
// Source: `proofs-notes/enclosed-comparison.md`.

import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// Looks for the potential of a reward that seems to be pure shaping.
struct ShapingPotential {
  let problem: ComparisonProblem
  let exact: RewardSolver

  /// The most states of a model on which the values of a policy are solved for exactly.
  private static let exactLimit = 200
  private var model: FiniteMDP { problem.model }
  private var discount: Rational { problem.discount }

  /// Bounds that agree at every compared state, where there are such.
  ///
  /// - Parameters:
  ///   - upper: values that no action improves, anywhere.
  ///   - lower: values that every action improves, or keeps.
  ///   - values: doubles near the potential, if there is one.
  /// - Returns: `nil` unless the reward is proved to be trivial.
  func bounds(
    _ upper: RationalVector, _ lower: RationalVector, near values: ContiguousArray<Double>,
    policy: ContiguousArray<Int32>, of sum: RewardCombination, _ reward: PooledVector
  ) throws -> (upper: RationalVector, lower: RationalVector)? {
    let width = problem.mean(upper) - problem.mean(lower)
    let norm = values.lazy.map(abs).max() ?? 0
    guard width.signum > 0, norm.isFinite, Double(width) <= 0x1p-20 * norm else { return nil }
    let gamma = Double(discount)
    let error = norm * max(1e-12, 0x1p-46 / (1 - gamma))
    guard let tolerance = Rational(exactly: error) else { return nil }
    var potential = simple(values, tolerance)
    if !isPotential(potential, of: reward) {
      guard model.stateCount <= Self.exactLimit else { return nil }
      let solved = try exact.values(of: policy, sum)
      potential = Dictionary(
        uniqueKeysWithValues: problem.pairs.states.map {
          (Int($0.index), solved[Int($0.index)])
        })
      guard isPotential(potential, of: reward) else { return nil }
    }
    return (spliced(potential, upper, sign: 1), spliced(potential, lower, sign: -1))
  }

  /// At the compared states the simplest fractions near doubles.
  private func simple(
    _ values: ContiguousArray<Double>, _ tolerance: Rational
  ) -> [Int: Rational] {
    var simple: [Int: Rational] = [:]
    for state in problem.pairs.states.map({ Int($0.index) }) {
      let value = Rational(exactly: values[state]) ?? 0
      let size = value.magnitude
      let nearest =
        size <= tolerance
        ? 0 : Rational.simplest(from: size - tolerance, through: size + tolerance)
      simple[state] = value.signum < 0 ? -nearest : nearest
    }
    return simple
  }

  /// `Φ(s) = r(s,a) + γ Σ p Φ` at every compared choice.
  private func isPotential(_ potential: [Int: Rational], of reward: PooledVector) -> Bool {
    problem.pairs.choices.allSatisfy { choice in
      let choice = Int(choice.index)
      var expected = Rational.zero
      if !discount.isZero {
        for transition in model.transitionRange(of: choice) {
          let probability = model.probabilityPool.values[Int(model.probabilities[transition])]
          expected += probability * (potential[Int(model.successors[transition])] ?? 0)
        }
      }
      return potential[Int(model.choiceStates[choice])] == reward[choice] + discount * expected
    }
  }

  /// The potential at the compared states. Bounds of the others, from which compared ones may be
  /// reached but not the other way round, move by as much as the potential is outside.
  ///
  /// - Parameter sign: 1 for bounds from above, -1 from below.
  private func spliced(
    _ potential: [Int: Rational], _ bounds: RationalVector, sign: Int
  ) -> RationalVector {
    var margin = Rational.zero
    for (state, value) in potential {
      margin = max(margin, Rational(sign) * (value - bounds[state]))
    }
    return RationalVector(
      bounds.indices.map { potential[$0] ?? (bounds[$0] + Rational(sign) * margin) })
  }
}
