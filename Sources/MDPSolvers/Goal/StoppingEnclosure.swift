// What is here: bounds on the optimal values of a stopping problem around a proper policy.
// Notation: x digits of V^σ; w > 0 a vector with w ≥ P_a w + (something positive) for σ's choices
//   and for all that are about as good; m a margin. Then L = x - m w satisfies L ≤ r_σ + P_σ L, and
//   U = x + m w satisfies U ≥ r_a + P_a U for these choices because of w and for all others because
//   they are worse. The judge decides both.
// Source: proofs-notes/total-reward-certificate.md; the idea of w (expected time until the end) is
// that of optimistic value iteration: A. Hartmanns and B. Kaminski, CAV 2020.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

struct StoppingEnclosure {
  let problem: StoppingProblem
  let progress: ProgressHandler

  /// Digits behind the words' 60 bits that are tried.
  private static let precisions = [0, 128, 512, 2048]

  /// - Parameter start: a proper policy.
  /// - Returns: bounds that the judge accepts, with a policy that attains the lower one; `nil`
  ///   where digits do not apply or are too few.
  func prove(from start: ContiguousArray<Int32>) throws -> StoppingResult? {
    var policy = start
    for round in 1...40 {
      try progress.checkpoint()
      progress.report("proving bounds, round \(round)")
      let system = problem.builder.policySystem(of: policy, on: problem.open)
      let source = try ApproximationSource(system, progress)
      guard let values = source.doubles, let own = source.weights,
        let weights = try weights(values, own, policy)
      else { return nil }
      var best: StoppingResult?
      var better: ContiguousArray<Int32>?
      for extra in Self.precisions {
        guard let digits = try source.weightedApproximation(extraBits: extra) else { break }
        let attempt = bounds(digits, weights)
        let above = try problem.signs(of: attempt.upper, progress)
        let below = try problem.signs(of: attempt.lower, progress)
        if above.contains(where: { $0 > 0 }) {
          better = improvedPolicy(policy, above, problem.model)
          continue
        }
        guard problem.open.allSatisfy({ below[Int(policy[Int($0)])] >= 0 }) else { continue }
        best = StoppingResult(
          policy: policy, values: .enclosed(lower: attempt.lower, upper: attempt.upper),
          signs: nil, iterations: round)
        if attempt.isNarrow { break }
      }
      if let best { return best }
      guard let better, problem.trapped(by: better).isEmpty else { return nil }
      policy = better
    }
    return nil
  }

  private func bounds(
    _ digits: Approximation, _ weights: ContiguousArray<Int64>
  ) -> (lower: RationalVector, upper: RationalVector, isNarrow: Bool) {
    let count = problem.model.stateCount
    var lower = [Integer](repeating: 0, count: count)
    var upper = lower
    var isNarrow = true
    let margin = digits.error * Integer(Int(weights.max() ?? 1)) + 4
    for (place, state) in problem.open.enumerated() {
      let room = margin * Integer(Int(weights[place]))
      lower[Int(state)] = digits.numerators[place] - room
      upper[Int(state)] = digits.numerators[place] + room
      if isNarrow, digits.numerators[place].magnitude < room * Integer(2_000_000_000_000) {
        isNarrow = false
      }
    }
    return (
      RationalVector(numerators: lower, denominator: digits.denominator),
      RationalVector(numerators: upper, denominator: digits.denominator), isNarrow
    )
  }
}

extension StoppingEnclosure {
  /// The expected number of steps until the end, of the slowest policy among those whose choices
  /// are about as good as `policy`: four times as much, rounded up.
  ///
  /// - Returns: one entry an open state; `nil` where such a policy may never end.
  private func weights(
    _ values: ContiguousArray<Double>, _ own: ContiguousArray<Int64>,
    _ policy: ContiguousArray<Int32>
  ) throws -> ContiguousArray<Int64>? {
    let rivals = rivals(values, policy)
    if rivals.allSatisfy(\.isEmpty) { return own }
    let steps = PolicySystemBuilder(
      model: problem.model, reward: problem.model.constantReward(1), discount: 1)
    var slow = policy
    for _ in 0..<60 {
      try progress.checkpoint()
      let system = steps.policySystem(of: slow, on: problem.open)
      guard let times = try ApproximationSource(system, progress).doubles else { return nil }
      var changed = false
      for (place, state) in problem.open.enumerated() {
        var longest = times[place] * (1 + 1e-6)
        for rival in rivals[place] {
          let time = 1 + expectation(Int(rival), of: times)
          guard time > longest else { continue }
          longest = time
          slow[Int(state)] = rival
          changed = true
        }
      }
      if !changed {
        let words = times.map { (4 * $0).rounded(.up) }
        guard words.allSatisfy({ $0 >= 1 && $0 < 0x1p40 }) else { return nil }
        return ContiguousArray(words.map { Int64($0) })
      }
      guard problem.trapped(by: slow).isEmpty else { return nil }
    }
    return nil
  }

  /// For each open state the choices beside the policy's that are about as good.
  private func rivals(
    _ values: ContiguousArray<Double>, _ policy: ContiguousArray<Int32>
  ) -> [[Int32]] {
    // Sizes of the terms, not values: what counts is what rounding can hide.
    let sizes = ContiguousArray(values.map(abs))
    return problem.open.enumerated().map { place, state in
      problem.choices(at: Int(state)).filter { choice in
        guard choice != Int(policy[Int(state)]) else { return false }
        let reward = problem.reward.double(at: choice)
        let scale = abs(reward) + sizes[place] + expectation(choice, of: sizes)
        return reward + expectation(choice, of: values) >= values[place] - 1e-9 * scale
      }.map(Int32.init)
    }
  }

  /// `P_c x`.
  private func expectation(_ choice: Int, of x: ContiguousArray<Double>) -> Double {
    let model = problem.model
    var sum = 0.0
    for transition in model.transitionRange(of: choice) {
      let successor = Int(model.successors[transition])
      // The closed state is the last one, so that open states are at their own places.
      guard successor < x.count else { continue }
      sum +=
        model.probabilityPool.doubles[Int(model.probabilities[transition])] * x[successor]
    }
    return sum
  }
}
