// What is here: the policy that earns without bound, with its gain and bias.
// Notation: κ the policy of the ray, g ≥ 0 its gain, b its bias: g = P g and g + b = r + P b wherever
//   it comes. On recurrent classes of positive mean κ stays; from other states of infinite value it
//   goes towards one; from states of finite value it follows the optimal proper policy, where g = 0
//   and b is the value.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Collects recurrent classes of positive mean reward and the states that can come to them.
struct RayBuilder {
  /// The states of infinite value that are known so far.
  private(set) var isInfinite: [Bool]
  private let graph: GoalGraph
  private let reward: PooledVector
  private let sure: GoalGraph.AlmostSure
  private let progress: ProgressHandler
  private var classes: [RecurrentClassMean] = []
  /// The policy on ``classes`` and on the way to them.
  private var policy: ContiguousArray<Int32>

  init(
    graph: GoalGraph, reward: PooledVector, sure: GoalGraph.AlmostSure,
    progress: ProgressHandler
  ) {
    self.graph = graph
    self.reward = reward
    self.sure = sure
    self.progress = progress
    isInfinite = Array(repeating: false, count: graph.model.stateCount)
    policy = ContiguousArray(repeating: -1, count: graph.model.stateCount)
  }

  /// Adds classes of positive mean of a policy, and all states that can come to them.
  mutating func add(_ found: [RecurrentClassMean], _ classPolicy: ContiguousArray<Int32>) {
    precondition(!found.isEmpty, "an unbounded problem has a class of positive mean reward")
    var targets = isInfinite
    for state in found.lazy.flatMap(\.states) {
      targets[Int(state)] = true
      policy[Int(state)] = classPolicy[Int(state)]
    }
    classes += found
    let way = graph.attractor(of: targets, by: sure.isAllowed)
    for state in isInfinite.indices where way.reaches(state) {
      isInfinite[state] = true
      if policy[state] < 0 { policy[state] = way.choice[state] }
    }
  }

  /// The ray, with the optimal proper policy and its values where they are finite; `nil` if no
  /// value is infinite.
  func certificate(
    with finite: StoppingResult, isNegated: Bool
  ) throws -> TotalCertificate.Ray? {
    guard !classes.isEmpty else { return nil }
    var whole = policy
    for state in whole.indices where whole[state] < 0 { whole[state] = finite.policy[state] }
    let (gain, bias) = try gainAndBias(finite.attained)
    let start = isInfinite.indices.filter { isInfinite[$0] }
    let isReached = graph.model.graph(of: whole).reachable(from: start)
    for state in whole.indices where !isReached[state] { whole[state] = -1 }
    let restored = { (entries: [Rational]) in
      RationalVector(entries.indices.map { isReached[$0] ? entries[$0] : 0 })
    }
    return TotalCertificate.Ray(
      policy: graph.model.actions(of: whole),
      gain: isNegated ? -restored(gain) : restored(gain),
      bias: isNegated ? -restored(bias) : restored(bias))
  }

  private func gainAndBias(
    _ values: RationalVector
  ) throws -> (gain: [Rational], bias: [Rational]) {
    var gain = [Rational](repeating: 0, count: isInfinite.count)
    var bias = isInfinite.indices.map { isInfinite[$0] ? 0 : values[$0] }
    var isInClass = [Bool](repeating: false, count: isInfinite.count)
    for found in classes {
      for (state, b) in zip(found.states, found.bias) {
        gain[Int(state)] = found.gain
        bias[Int(state)] = b
        isInClass[Int(state)] = true
      }
    }
    let transient = (0..<Int32(isInfinite.count)).filter {
      isInfinite[Int($0)] && !isInClass[Int($0)]
    }
    guard !transient.isEmpty else { return (gain, bias) }
    try solve(transient, reward: graph.model.constantReward(0), &gain)
    try solve(transient, reward: reduced(by: gain, at: transient), &bias)
    return (gain, bias)
  }

  /// The rewards of the policy less the gain.
  private func reduced(by gain: [Rational], at states: [Int32]) -> PooledVector {
    var pool = reward.pool
    var places = reward.places
    for state in states {
      let choice = Int(policy[Int(state)])
      places[choice] = pool.insert(reward[choice] - gain[Int(state)])
    }
    return PooledVector(places: places, pool: pool)
  }

  /// Solves `x = reward + P x` on `states`, given the other entries.
  private func solve(
    _ states: [Int32], reward: PooledVector, _ vector: inout [Rational]
  ) throws {
    let model = graph.model
    var known = vector.map { Optional($0) }
    var isTaken = ContiguousArray(repeating: false, count: model.choiceCount)
    for state in states {
      known[Int(state)] = nil
      isTaken[Int(policy[Int(state)])] = true
    }
    let folded = StoppingProblem.folded(reward, known, isTaken, model)
    let builder = PolicySystemBuilder(model: model, reward: folded, discount: 1)
    let solution = try builder.policySystem(of: policy, on: states).solved(progress)
    for (place, state) in states.enumerated() { vector[Int(state)] = solution[place] }
  }
}
