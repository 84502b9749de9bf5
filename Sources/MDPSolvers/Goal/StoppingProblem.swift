// What is here: what reachability and total reward have in common.
// Notation: O the open states, whose values are sought; the other states are closed and have known
//   values; r(c) the reward of a choice, v a value a state; v(s) = max over allowed c at s of
//   r(c) + P_c v for s in O.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Maximises the expected sum of rewards until a closed state is entered, plus the value there,
/// over the policies that enter one almost surely (the *proper* ones).
///
/// Whoever states the problem sees to it that a proper policy exists and that allowed choices lead
/// to open states and to closed states alone whose value is a number.
struct StoppingProblem: Sendable {
  let graph: GoalGraph
  /// The reward of each choice, negated when the original minimises.
  let reward: PooledVector
  /// The value of each closed state, `nil` at an open one.
  let closedValues: [Rational?]
  /// The choices that may be taken, all of them at open states.
  let isAllowed: ContiguousArray<Bool>
  /// Ascending.
  let open: [Int32]
  let judge: BellmanJudge
  let builder: PolicySystemBuilder
  /// The reward of each allowed choice with the values of the closed states that it may lead to.
  let foldedReward: PooledVector

  var model: FiniteMDP { graph.model }

  init(
    graph: GoalGraph, reward: PooledVector, closedValues: [Rational?],
    isAllowed: ContiguousArray<Bool>
  ) {
    let model = graph.model
    self.graph = graph
    self.reward = reward
    self.closedValues = closedValues
    self.isAllowed = isAllowed
    open = (0..<Int32(model.stateCount)).filter { closedValues[Int($0)] == nil }
    judge = BellmanJudge(model: model, reward: reward, discount: 1)
    foldedReward = Self.folded(reward, closedValues, isAllowed, model)
    builder = PolicySystemBuilder(model: model, reward: foldedReward, discount: 1)
  }

  func isOpen(_ state: Int) -> Bool { closedValues[state] == nil }

  /// The allowed choices at an open state.
  func choices(at state: Int) -> some Sequence<Int> {
    model.choiceRange(at: state).lazy.filter { isAllowed[$0] }
  }

  /// The reward of each choice with the values of the closed states that it may lead to.
  static func folded(
    _ reward: PooledVector, _ closedValues: [Rational?], _ isAllowed: ContiguousArray<Bool>,
    _ model: FiniteMDP
  ) -> PooledVector {
    var pool = reward.pool
    var places = reward.places
    for choice in 0..<model.choiceCount where isAllowed[choice] {
      var sum: Rational?
      for transition in model.transitionRange(of: choice) {
        guard let value = closedValues[Int(model.successors[transition])], !value.isZero else {
          continue
        }
        let probability = model.probabilityPool[model.probabilities[transition]]
        sum = (sum ?? reward[choice]) + probability * value
      }
      if let sum { places[choice] = pool.insert(sum) }
    }
    return PooledVector(places: places, pool: pool)
  }
}

extension StoppingProblem {
  /// The exact values of a proper policy: one entry a state, those of closed states included.
  ///
  /// - Parameter policy: one allowed choice at each open state, -1 elsewhere.
  func values(
    of policy: ContiguousArray<Int32>, _ progress: ProgressHandler
  ) throws -> RationalVector {
    guard !open.isEmpty else { return RationalVector(closedValues.map { $0 ?? 0 }) }
    return withClosedValues(try builder.policySystem(of: policy, on: open).solved(progress))
  }

  /// The values of the open states together with those of the closed ones.
  func withClosedValues(_ solution: RationalVector) -> RationalVector {
    switch solution.form {
    case .entries(let entries):
      var all = closedValues.map { $0 ?? 0 }
      for (place, state) in open.enumerated() { all[Int(state)] = entries[place] }
      return RationalVector(all)
    case .common(let denominator, let numerators):
      let closedScale = closedValues.lazy.compactMap { $0?.denominator }
        .reduce(Integer.one) { Integer.lcm($0, $1) }
      let common = Integer.lcm(denominator, closedScale)
      let factor = common.exactlyDivided(by: denominator)
      var all = closedValues.map { value -> Integer in
        guard let value, !value.isZero else { return 0 }
        return value.numerator * common.exactlyDivided(by: value.denominator)
      }
      for (place, state) in open.enumerated() {
        all[Int(state)] = factor == 1 ? numerators[place] : numerators[place] * factor
      }
      return RationalVector(numerators: all, denominator: common)
    }
  }

  /// For each allowed choice the sign of `r(c) + P_c v - v(s)`; -1 for the others.
  func signs(
    of values: RationalVector, _ progress: ProgressHandler
  ) throws(Interrupted) -> ContiguousArray<Int8> {
    progress.report("checking every action")
    var signs = try judge.slackSigns(of: values, progress: progress)
    for choice in signs.indices where !isAllowed[choice] { signs[choice] = -1 }
    return signs
  }

  /// The open states from which `policy` never enters a closed one.
  ///
  /// - Complexity: O(transitions of the policy).
  func trapped(by policy: ContiguousArray<Int32>) -> [Int] {
    guard !open.isEmpty else { return [] }
    let attractor = graph.attractor(of: closedValues.map { $0 != nil }, under: policy)
    return open.lazy.map(Int.init).filter { !attractor.reaches($0) }
  }
}

extension GoalGraph {
  /// The steps of a policy, -1 where it has none, to a set of targets.
  func attractor(of targets: [Bool], under policy: ContiguousArray<Int32>) -> Attractor {
    var isTaken = ContiguousArray(repeating: false, count: model.choiceCount)
    for choice in policy where choice >= 0 { isTaken[Int(choice)] = true }
    return attractor(of: targets, by: isTaken)
  }
}
