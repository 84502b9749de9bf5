// What is here: best policies for weighted sums of two rewards, whose weights may be long numbers,
// exactly. Notation: weights w_i with a common denominator, cleared so that they are integers;
// v_i the values of a policy under r_i. Policies are found in doubles for rounded weights, and
// improved until the judge finds no better action for the weights as they are.

import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// A weighted sum of rewards, named by their places.
struct RewardCombination: Sendable {
  let terms: [(reward: Int, weight: Rational)]

  init(_ terms: [(reward: Int, weight: Rational)]) {
    self.terms = terms.filter { !$0.weight.isZero }
  }

  static prefix func - (a: RewardCombination) -> RewardCombination {
    RewardCombination(a.terms.map { ($0.reward, -$0.weight) })
  }

  /// The positive factor that makes the weights integers, and the sum times that factor.
  var cleared: (factor: Rational, combination: RewardCombination) {
    let common = terms.reduce(Integer.one) { Integer.lcm($0, $1.weight.denominator) }
    let factor = Rational(common)
    return (factor, RewardCombination(terms.map { ($0.reward, factor * $0.weight) }))
  }

  /// The sum times a positive number, with weights of 64 bits.
  var rounded: RewardCombination {
    let largest = terms.map { Self.size($0.weight) }.max() ?? 0
    return RewardCombination(
      terms.map { reward, weight in
        let size = Self.size(weight)
        let digits = (weight).floor(timesTwoToThe: 64 - size)
        return (reward, Rational(digits, timesTwoToThe: size - 64 - largest))
      })
  }

  /// The binary logarithm, within 1.
  private static func size(_ value: Rational) -> Int {
    value.numerator.bitLength - value.denominator.bitLength
  }
}

/// A best policy for a weighted sum of rewards.
struct CombinationOptimum {
  /// One choice a state.
  let policy: ContiguousArray<Int32>
  /// The values of the sum at every state.
  let values: RationalVector
  /// The mean of ``values`` under the initial law.
  let mean: Rational
  /// For each choice the sign of its advantage: 0 where it is optimal, else negative.
  let signs: ContiguousArray<Int8>
}

/// Solves the rewards of one problem, remembering the values of every policy that it met.
final class RewardSolver {
  /// The most states of a model on which policies are looked for without doubles.
  private static let plainLimit = 40
  /// The most policies whose values and occupancies are remembered: those of a few pairs.
  private static let memoryLimit = 400

  let problem: ComparisonProblem
  let progress: ProgressHandler
  let evaluator: PolicyEvaluator
  private var known: [Key: (values: RationalVector, mean: Rational)] = [:]
  private var occupancies: [ContiguousArray<Int32>: OccupancyMeasure] = [:]

  private struct Key: Hashable {
    let reward: Int
    let policy: ContiguousArray<Int32>
  }

  init(_ problem: ComparisonProblem, _ progress: ProgressHandler) throws {
    self.problem = problem
    self.progress = progress
    evaluator = try PolicyEvaluator(model: problem.model, discount: problem.discount)
  }

  /// The exact values of a policy under one reward.
  func values(of policy: ContiguousArray<Int32>, reward: Int) throws -> RationalVector {
    try evaluated(policy, reward).values
  }

  /// The expected discounted sum of one reward under a policy.
  func mean(of policy: ContiguousArray<Int32>, reward: Int) throws -> Rational {
    try evaluated(policy, reward).mean
  }

  private func evaluated(
    _ policy: ContiguousArray<Int32>, _ reward: Int
  ) throws -> (values: RationalVector, mean: Rational) {
    let key = Key(reward: reward, policy: policy)
    if let answer = known[key] { return answer }
    let values = try evaluator.values(of: policy, reward: reward, progress: progress)
    let answer = (values, problem.mean(values))
    if known.count >= Self.memoryLimit { known.removeAll(keepingCapacity: true) }
    known[key] = answer
    return answer
  }

  /// The occupancy measure of a policy.
  func occupancy(of policy: ContiguousArray<Int32>) throws -> OccupancyMeasure {
    if let measure = occupancies[policy] { return measure }
    let measure = try OccupancyMeasure(
      of: try Policy(actions(of: policy), in: problem.model), in: problem.model,
      discount: problem.discount, initial: problem.initial, progress: progress)
    if occupancies.count >= Self.memoryLimit / 4 { occupancies.removeAll() }
    occupancies[policy] = measure
    return measure
  }

  func actions(of policy: ContiguousArray<Int32>) -> [Action] {
    policy.map { problem.model.action(of: Choice(Int($0))) }
  }
}

extension RewardSolver {
  /// A best policy for `combination`, at every state.
  ///
  /// - Parameters:
  ///   - start: a policy that may be good.
  ///   - allowed: for each choice whether it may be taken; one at each state may. The start is
  ///     needed then, and takes allowed choices.
  func best(
    for combination: RewardCombination, from start: ContiguousArray<Int32>? = nil,
    allowed: [Bool]? = nil
  ) throws -> CombinationOptimum {
    let model = problem.model
    let (factor, integral) = combination.cleared
    let judge = BellmanJudge(
      model: model, reward: reward(of: integral), discount: problem.discount)
    var policy = start ?? ContiguousArray(model.choiceOffsets.dropLast())
    var isGuided = allowed != nil || model.stateCount <= Self.plainLimit
    if start == nil, !isGuided {
      policy = try guidePolicy(for: integral)
      isGuided = true
    }
    while true {
      try progress.checkpoint()
      let values = try self.values(of: policy, integral)
      var signs = try judge.slackSigns(of: values, progress: progress)
      if let allowed {
        for choice in signs.indices where !allowed[choice] { signs[choice] = -1 }
      }
      let improved = improvedPolicy(policy, signs)
      guard improved != policy else {
        let scaled = values.scaled(by: 1 / factor)
        return CombinationOptimum(
          policy: policy, values: scaled, mean: problem.mean(scaled), signs: signs)
      }
      policy = isGuided ? improved : try guidePolicy(for: integral)
      isGuided = true
    }
  }

  private func guidePolicy(
    for combination: RewardCombination
  ) throws -> ContiguousArray<Int32> {
    try evaluator.guidePolicy(for: combination.rounded.terms, progress: progress)
  }

  private func improvedPolicy(
    _ policy: ContiguousArray<Int32>, _ signs: ContiguousArray<Int8>
  ) -> ContiguousArray<Int32> {
    var improved = policy
    for choice in signs.indices where signs[choice] > 0 {
      let state = Int(problem.model.choiceStates[choice])
      if signs[Int(improved[state])] <= 0 { improved[state] = Int32(choice) }
    }
    return improved
  }

  /// The values of a sum: `Σ w_i v_i`.
  func values(
    of policy: ContiguousArray<Int32>, _ combination: RewardCombination
  ) throws -> RationalVector {
    var sum: RationalVector?
    for (reward, weight) in combination.terms {
      let values = try values(of: policy, reward: reward)
      if let known = sum {
        sum = .difference(known, times: 1, values, times: -weight)
      } else {
        sum = values.scaled(by: weight)
      }
    }
    return sum
      ?? RationalVector(
        numerators: Array(repeating: 0, count: problem.model.stateCount), denominator: 1)
  }

  /// The expected rewards of a sum, one a choice.
  func reward(of combination: RewardCombination) -> PooledVector {
    let parts = combination.terms.map { (evaluator.reward($0.reward), $0.weight) }
    if parts.count == 1, parts[0].1 == 1 { return parts[0].0 }
    var pool = RationalPool()
    var places = ContiguousArray<Int32>()
    var known: [[Int32]: Int32] = [:]
    for choice in 0..<problem.model.choiceCount {
      let key = parts.map { $0.0.places[choice] }
      if let place = known[key] {
        places.append(place)
        continue
      }
      let sum = parts.reduce(Rational.zero) { $0 + $1.1 * $1.0[choice] }
      let place = pool.insert(sum)
      known[key] = place
      places.append(place)
    }
    return PooledVector(places: places, pool: pool)
  }
}

extension RationalVector {
  /// Every entry times `factor`.
  func scaled(by factor: Rational) -> RationalVector {
    if factor == 1 { return self }
    switch form {
    case .entries(let entries): return RationalVector(entries.map { factor * $0 })
    case .common(let denominator, let numerators):
      return RationalVector(
        numerators: numerators.map { $0 * factor.numerator },
        denominator: denominator * factor.denominator)
    }
  }
}
