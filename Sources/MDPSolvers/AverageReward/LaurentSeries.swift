// What is here: exact evaluation of one policy in the long run, at as many levels as are wanted.
// Notation: P, r = the policy's transitions and rewards; P* the limiting matrix, D the deviation
//   matrix; y_{-1} = P* r the gain, y_0 = D r the bias, y_k = -D y_{k-1} for k ≥ 1.
// With ρ = (1-γ)/γ the discounted values are (1+ρ) Σ_{k≥-1} ρ^k y_k for γ near 1.
// Source: Puterman, *Markov Decision Processes*, theorem 8.2.3; proofs-notes/policy-evaluation.md.

import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// The coefficients of the Laurent series of a policy's discounted values around the discount 1:
/// gain, bias, and the terms after them.
///
/// The matrices `P*` and `D` are never formed. Each closed class has one system
/// `(I - P) x + m 1 = f` with `x = 0` at its first state, which is factored once and gives all
/// levels: with `(x_0, m_0)` from `f = r` and `(x_{k+1}, m_{k+1})` from `f = -x_k` the gain is `m_0`
/// and `y_k = x_k + m_{k+1}`. The transient components follow in topological order.
package struct LaurentSeries {
  private let chain: PolicyBlocks
  private let progress: ProgressHandler
  private let reward: [Rational]
  private var factors: [FactoredMatrix?]
  /// `x_k`, one entry a state; 0 at transient states.
  private var relatives: [[Rational]] = []
  /// `m_k`, one entry a state; 0 at transient states.
  private var means: [[Rational]] = []
  /// `y_{k-1}`.
  private var terms: [[Rational]] = []

  /// - Parameters:
  ///   - policy: the index of one choice a state.
  ///   - reward: one entry a choice of the model.
  package init(
    of policy: ContiguousArray<Int32>, in model: FiniteMDP, reward: PooledVector,
    progress: ProgressHandler = .none
  ) {
    self.init(
      PolicyBlocks(of: policy, in: model), reward: policy.map { reward[Int($0)] },
      progress: progress)
  }

  /// The series of a chain with one reward a state.
  init(_ chain: PolicyBlocks, reward: [Rational], progress: ProgressHandler) {
    self.chain = chain
    self.reward = reward
    self.progress = progress
    factors = Array(repeating: nil, count: chain.blocks.count)
  }

  /// The series of the same chain with other rewards; factors that are there serve it too.
  func replacingReward(_ reward: [Rational]) -> LaurentSeries {
    var other = LaurentSeries(chain, reward: reward, progress: progress)
    other.factors = factors
    return other
  }

  /// The number of closed classes.
  package var closedClassCount: Int { chain.blocks.lazy.filter(\.isClosed).count }

  /// The gain `y_{-1}`.
  package mutating func gain() throws(Interrupted) -> RationalVector { try term(-1) }

  /// The bias `y_0`, with `P* y_0 = 0`.
  package mutating func bias() throws(Interrupted) -> RationalVector { try term(0) }

  /// `y_level`, where `level ≥ -1`.
  ///
  /// - Complexity: one exact solve a class and level beyond the first, and two a transient
  ///   component; the entries of `y_k` have about `k + 2` times as many bits as the determinant.
  package mutating func term(_ level: Int) throws(Interrupted) -> RationalVector {
    try computeTerms(through: level)
    return RationalVector(terms[level + 1])
  }

  /// A `w` with `y_{level-1} + w = P w`, where `level ≥ 1`: ``term(_:)`` but for a constant on each
  /// closed class, one solve cheaper.
  package mutating func witness(_ level: Int) throws(Interrupted) -> RationalVector {
    if terms.count > level + 1 { return RationalVector(terms[level + 1]) }
    try computeTerms(through: level - 1)
    try computeRelatives(through: level)
    var result = relatives[level]
    try extendToTransient(&result, terms[level].map { -$0 })
    return RationalVector(result)
  }

  private mutating func computeTerms(through level: Int) throws(Interrupted) {
    while terms.count < level + 2 {
      let next = terms.count - 1
      try computeRelatives(through: next + 1)
      guard next >= 0 else {
        var gain = means[0]
        if let constant = constantMean {
          gain = Array(repeating: constant, count: gain.count)
        } else {
          try extendToTransient(&gain, Array(repeating: 0, count: gain.count))
        }
        terms.append(gain)
        continue
      }
      var term = zip(relatives[next], means[next + 1]).map { $0 + $1 }
      let previous = terms[next]
      let right = next == 0 ? zip(reward, previous).map { $0 - $1 } : previous.map { -$0 }
      try extendToTransient(&term, right)
      terms.append(term)
    }
  }

  /// The gain of the closed classes where they all have the same.
  private var constantMean: Rational? {
    let values = chain.blocks.lazy.filter(\.isClosed).map { means[0][$0.states[0]] }
    guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
    return first
  }

  // MARK: - Systems

  /// `(I - P) x + m 1 = f` on every closed class, `f` from the level before.
  private mutating func computeRelatives(through level: Int) throws(Interrupted) {
    while relatives.count <= level {
      let right = relatives.last.map { $0.map { -$0 } } ?? reward
      var x = [Rational](repeating: 0, count: reward.count)
      var mean = x
      for (number, block) in chain.blocks.enumerated() where block.isClosed {
        let local = block.states.map { right[$0] }
        let solution = try solve(number, local)
        // The first unknown stands for the constant m; x is 0 at the first state.
        for (place, state) in block.states.enumerated() {
          mean[state] = solution[0]
          if place > 0 { x[state] = solution[place] }
        }
      }
      relatives.append(x)
      means.append(mean)
    }
  }

  /// Solves `y = f + P y` at the transient states, where `y` is known at the others.
  private mutating func extendToTransient(
    _ y: inout [Rational], _ f: [Rational]
  ) throws(Interrupted) {
    for (number, block) in chain.blocks.enumerated() where !block.isClosed {
      let right = block.states.map { f[$0] + chain.expectation(of: y, outside: number, from: $0) }
      for (state, value) in zip(block.states, try solve(number, right)) { y[state] = value }
    }
  }

  private mutating func solve(
    _ number: Int, _ right: [Rational]
  ) throws(Interrupted) -> [Rational] {
    let block = chain.blocks[number]
    if block.states.count == 1 {
      return block.isClosed ? right : [right[0] / chain.leaving(block.states[0])]
    }
    if let known = factors[number] { return try known.solve(right, progress: progress).entries }
    let factored = try chain.factored(number, progress)
    factors[number] = factored
    return try factored.solve(right, progress: progress).entries
  }
}
