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
  private static let precisions = [128, 512, 2048]
  /// The most policies that are evaluated.
  private static let limit = 200

  /// - Parameter start: a proper policy.
  /// - Returns: bounds that the judge accepts, with a policy that attains the lower one; `nil`
  ///   where digits do not apply or are too few.
  func prove(from start: ContiguousArray<Int32>) throws -> StoppingResult? {
    var policy = start
    var rounds = 0
    var best: StoppingResult?
    for extra in Self.precisions {
      guard let found = try improved(policy, extraBits: extra, &rounds) else { break }
      policy = found.policy
      // Near ties leave the rivals as the digits grow, until only ties are left.
      let rivals = rivals(
        try lookahead(found.digits, margin(found.digits, found.weights) << 4, sign: -1), policy)
      guard let weights = try weights(rivals, found.weights, policy) else { continue }
      let attempt = bounds(found.digits, weights)
      guard try isProved(attempt, policy) else { continue }
      best = StoppingResult(
        policy: policy, values: .enclosed(lower: attempt.lower, upper: attempt.upper),
        signs: nil, iterations: rounds)
      if attempt.isNarrow { break }
    }
    return best
  }

  /// A proper policy at least as good as `policy`, improved wherever the digits prove a gain.
  ///
  /// - Returns: `policy` itself where digits do not apply.
  func improved(_ policy: ContiguousArray<Int32>) throws -> ContiguousArray<Int32> {
    var rounds = 0
    return try improved(policy, extraBits: Self.precisions[0], &rounds)?.policy ?? policy
  }

  private struct Improved {
    let policy: ContiguousArray<Int32>
    let digits: Approximation
    let weights: ContiguousArray<Int64>
  }

  private func improved(
    _ start: ContiguousArray<Int32>, extraBits: Int, _ rounds: inout Int
  ) throws -> Improved? {
    var policy = start
    while true {
      try progress.checkpoint()
      rounds += 1
      progress.report("proving bounds, round \(rounds)")
      let system = problem.builder.policySystem(of: policy, on: problem.open)
      let source = try ApproximationSource(system, progress)
      guard let digits = try source.weightedApproximation(extraBits: extraBits),
        let weights = source.weights
      else { return nil }
      let error = digits.error * Integer(Int(weights.max() ?? 1))
      let better = improvedPolicy(
        policy, try lookahead(digits, error + error + 16, sign: 1), problem.model)
      guard better != policy, rounds < Self.limit, problem.trapped(by: better).isEmpty else {
        return Improved(policy: policy, digits: digits, weights: weights)
      }
      policy = better
    }
  }

  /// Whether the judge accepts the bounds.
  private func isProved(
    _ attempt: (lower: RationalVector, upper: RationalVector, isNarrow: Bool),
    _ policy: ContiguousArray<Int32>
  ) throws -> Bool {
    guard try problem.signs(of: attempt.upper, progress).allSatisfy({ $0 <= 0 }) else {
      return false
    }
    let below = try problem.signs(of: attempt.lower, progress)
    return problem.open.allSatisfy { below[Int(policy[Int($0)])] >= 0 }
  }

  /// For each allowed choice the sign of `r + P x - (x + tolerance)`, or of `r + P x - (x -
  /// tolerance)` where the sign given is negative; -1 for the other choices.
  private func lookahead(
    _ digits: Approximation, _ tolerance: Integer, sign: Int
  ) throws -> ContiguousArray<Int8> {
    var now = [Integer](repeating: 0, count: problem.model.stateCount)
    var next = now
    for (place, state) in problem.open.enumerated() {
      let x = digits.numerators[place]
      next[Int(state)] = x
      now[Int(state)] = sign > 0 ? x + tolerance : x - tolerance
    }
    var signs = try problem.judge.slackSigns(
      of: RationalVector(numerators: now, denominator: digits.denominator),
      next: RationalVector(numerators: next, denominator: digits.denominator),
      progress: progress)
    for choice in signs.indices where !problem.isAllowed[choice] { signs[choice] = -1 }
    return signs
  }

  /// No less than the distance of the bounds with these weights from the digits.
  private func margin(_ digits: Approximation, _ weights: ContiguousArray<Int64>) -> Integer {
    let largest = Integer(Int(weights.max() ?? 1))
    return (digits.error * largest + 4) * largest
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
    _ rivals: [[Int32]], _ own: ContiguousArray<Int64>, _ policy: ContiguousArray<Int32>
  ) throws -> ContiguousArray<Int64>? {
    if rivals.allSatisfy({ $0.count == 1 }) { return own }
    let steps = PolicySystemBuilder(
      model: problem.model, reward: problem.model.constantReward(1), discount: 1)
    var slow = policy
    for _ in 0..<60 {
      try progress.checkpoint()
      let system = steps.policySystem(of: slow, on: problem.open)
      guard let times = system.system.approximated(components: system.components),
        times.count == problem.open.count
      else { return nil }
      let slower = slowed(slow, rivals, times)
      if slower == slow {
        let words = times.map { (4 * $0).rounded(.up) }
        guard words.allSatisfy({ $0 >= 1 && $0 < 0x1p62 }) else { return nil }
        return ContiguousArray(words.map { Int64($0) })
      }
      slow = slower
      guard problem.trapped(by: slow).isEmpty else { return nil }
    }
    return nil
  }

  /// The policy with the slowest rival wherever that takes half a step more.
  private func slowed(
    _ policy: ContiguousArray<Int32>, _ rivals: [[Int32]], _ times: ContiguousArray<Double>
  ) -> ContiguousArray<Int32> {
    var slower = policy
    for (place, state) in problem.open.enumerated() {
      var longest = times[place] + max(0.5, times[place] * 1e-14)
      for rival in rivals[place] {
        let time = 1 + expectation(Int(rival), of: times)
        guard time > longest else { continue }
        longest = time
        slower[Int(state)] = rival
      }
    }
    return slower
  }

  /// For each open state the policy's choice and those that are about as good.
  private func rivals(
    _ signs: ContiguousArray<Int8>, _ policy: ContiguousArray<Int32>
  ) -> [[Int32]] {
    problem.open.map { state in
      problem.choices(at: Int(state)).filter {
        signs[$0] >= 0 || $0 == Int(policy[Int(state)])
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
