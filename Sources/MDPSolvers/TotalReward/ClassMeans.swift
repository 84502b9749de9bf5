// What is here: the mean reward of a recurrent class and the bias relative to one of its states.
// Notation: o the first state of the class; R(s), T(s) the expected reward and number of steps until
//   o is entered next; then g = (r(o) + P R) / (1 + P T), where R(o) = T(o) = 0, and b = R - g T
//   solve g + b = r + P b on the class.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// A recurrent class of a policy with its exact mean reward.
struct RecurrentClassMean: Sendable {
  /// Ascending.
  let states: [Int32]
  let gain: Rational
  /// One entry for each of ``states``.
  let bias: [Rational]

  var isProfitable: Bool { gain.signum > 0 }
}

/// Computes the mean rewards of recurrent classes.
struct ClassMeans {
  private let model: FiniteMDP
  private let reward: PooledVector
  private let rewards: PolicySystemBuilder
  private let steps: PolicySystemBuilder
  private let progress: ProgressHandler

  init(_ problem: StoppingProblem, _ progress: ProgressHandler) {
    model = problem.model
    reward = problem.reward
    self.progress = progress
    rewards = PolicySystemBuilder(model: model, reward: reward, discount: 1)
    steps = PolicySystemBuilder(model: model, reward: model.constantReward(1), discount: 1)
  }

  /// The recurrent classes of a policy among states that it never leaves.
  func classes(
    of policy: ContiguousArray<Int32>, in trapped: [Int]
  ) throws -> [RecurrentClassMean] {
    let chain = RecurrentClasses(of: model.graph(of: policy))
    let numbers = Set(trapped.map { chain.classOfState[$0] }).subtracting([-1]).sorted()
    return try numbers.map { try mean(of: chain.classes[$0].map(\.index), policy) }
  }

  private func mean(
    of states: [Int32], _ policy: ContiguousArray<Int32>
  ) throws -> RecurrentClassMean {
    let others = Array(states.dropFirst())
    let (sums, times) = try (solved(rewards, others, policy), solved(steps, others, policy))
    var (sum, time) = (reward[Int(policy[Int(states[0])])], Rational.one)
    for transition in model.transitionRange(of: Int(policy[Int(states[0])])) {
      let probability = model.probabilityPool[model.probabilities[transition]]
      guard let place = others.firstIndex(of: model.successors[transition]) else { continue }
      sum += probability * sums[place]
      time += probability * times[place]
    }
    let gain = sum / time
    return RecurrentClassMean(
      states: states, gain: gain, bias: [0] + zip(sums, times).map { $0 - gain * $1 })
  }

  private func solved(
    _ builder: PolicySystemBuilder, _ states: [Int32], _ policy: ContiguousArray<Int32>
  ) throws -> [Rational] {
    guard !states.isEmpty else { return [] }
    return try builder.policySystem(of: policy, on: states).solved(progress).entries
  }
}
