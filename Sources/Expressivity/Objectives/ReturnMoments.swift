// What is here: expectations of functions of discounted returns.
// Notation: G = (G_1..G_k) from a state, e = a vector of exponents, M_e(s) = E_s ∏ G_i^{e_i}. From
// G_i = R_i + γ G_i' with G' the returns from the successor,
//   M_e(s) = Σ π(a|s) T(t|s,a) Σ_{j ≤ e} binom(e, j) R^{e−j} γ^{|j|} M_j(t),
// a linear system with the matrix I − γ^{|e|} P once the M_j with j < e are known.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// The joint moments of discounted returns under a policy.
struct ReturnMoments {
  private let rewards: [TransitionReward]
  private let discount: Rational
  private let environment: ObjectiveEnvironment
  private let rows: [[PaidStep]]

  /// - Parameter discount: in `[0, 1)`.
  init(
    of rewards: [TransitionReward], _ discount: Rational, _ policy: Policy,
    in environment: ObjectiveEnvironment
  ) {
    self.rewards = rewards
    self.discount = discount
    self.environment = environment
    rows = environment.paidSteps(of: policy, rewards)
  }

  /// `E f(G)`.
  ///
  /// - Complexity: a linear system for each vector of exponents at most one of `f`.
  func expectation(of polynomial: SymbolicPolynomial) throws -> Rational {
    let names = rewards.indices.map(SymbolicPolynomial.entryName)
    var moments: [[Int]: [Rational]] = [:]
    var sum = Rational.zero
    for (monomial, coefficient) in polynomial.terms {
      // A variable past the rewards is 0, as in every other evaluation.
      guard monomial.keys.allSatisfy(names.contains) else { continue }
      let exponents = names.map { monomial[$0] ?? 0 }
      for below in Self.vectors(upTo: exponents) where moments[below] == nil {
        moments[below] = try solved(below, moments)
      }
      let values = moments[exponents] ?? []
      for (state, probability) in environment.initial {
        sum += coefficient * probability * values[Int(state.index)]
      }
    }
    return sum
  }

  private func solved(
    _ exponents: [Int], _ moments: [[Int]: [Rational]]
  ) throws -> [Rational] {
    let degree = exponents.reduce(0, +)
    if degree == 0 { return [Rational](repeating: 1, count: rows.count) }
    let lower = Self.vectors(upTo: exponents).dropLast()
    let right = rows.map { row in
      row.reduce(Rational.zero) { sum, step in
        let inner = lower.reduce(Rational.zero) { inner, below in
          let factor = Self.coefficient(exponents, below, step.rewards)
          let moment = moments[below]?[step.successor] ?? 0
          return inner + factor * discount.power(below.reduce(0, +)) * moment
        }
        return sum + step.probability * inner
      }
    }
    let factor = discount.power(degree)
    let matrix = rows.enumerated().map { state, row in
      var entries: [Int: Rational] = [state: 1]
      for step in row { entries[step.successor, default: 0] -= factor * step.probability }
      return entries.sorted { $0.key < $1.key }.map { (column: $0.key, value: $0.value) }
    }
    guard
      case .regular(let factors) = try FactoredMatrix.factor(
        rows: matrix, isKnownRegular: true)
    else { preconditionFailure("the matrix of a discounted chain is regular") }
    return try factors.solve(right, progress: .none).entries
  }

  /// `∏ binom(e_i, j_i) R_i^{e_i − j_i}`.
  private static func coefficient(
    _ exponents: [Int], _ below: [Int], _ rewards: [Rational]
  ) -> Rational {
    exponents.indices.reduce(Rational.one) { product, place in
      let (n, k) = (exponents[place], below[place])
      let binomial = (0..<k).reduce(Rational.one) { $0 * Rational(n - $1, $1 + 1) }
      return product * binomial * rewards[place].power(n - k)
    }
  }

  /// The vectors of exponents up to one, each after everything below it.
  private static func vectors(upTo bound: [Int]) -> [[Int]] {
    bound.reduce([[]]) { vectors, limit in
      vectors.flatMap { vector in (0...limit).map { vector + [$0] } }
    }
  }
}

/// A step of a policy's chain with what it pays.
struct PaidStep {
  let successor: Int
  let probability: Rational
  let rewards: [Rational]
}

extension ObjectiveEnvironment {
  /// The steps of a policy from each state, with what each of some rewards pays for them.
  func paidSteps(of policy: Policy, _ rewards: [TransitionReward]) -> [[PaidStep]] {
    (0..<model.stateCount).map { state in
      policy.choices(at: State(state)).flatMap { weighted in
        let action = model.action(of: weighted.choice)
        return model.transitions(of: weighted.choice).map { successor, probability in
          let step = Trajectory.Step(State(state), action, successor)
          return PaidStep(
            successor: Int(successor.index), probability: weighted.probability * probability,
            rewards: rewards.map { $0[step] })
        }
      }
    }
  }
}

/// The law of the discounted returns under a policy, where finitely many are possible.
struct ReturnLaw {
  /// The probability of each vector of returns.
  private(set) var outcomes: [[Rational]: Rational] = [:]

  /// - Parameter discount: in `[0, 1)`.
  /// - Throws: ``ObjectiveError/infinitelyManyReturns(state:)``.
  init(
    of rewards: [TransitionReward], _ discount: Rational, _ policy: Policy,
    in environment: ObjectiveEnvironment
  ) throws {
    let rows = environment.paidSteps(of: policy, rewards)
    let settled = Self.settledRewards(rows, rewards.count)
    var open: [Int: [[Rational]: Rational]] = [:]
    for (state, probability) in environment.initial {
      let none = [Rational](repeating: 0, count: rewards.count)
      open[Int(state.index), default: [:]][none, default: 0] += probability
    }
    var weight = Rational.one
    var steps = 0
    while !open.isEmpty {
      // Past as many steps as there are states an open state has come back.
      if steps > rows.count, let state = open.keys.min() {
        throw ObjectiveError.infinitelyManyReturns(
          state: environment.model.states[state])
      }
      var next: [Int: [[Rational]: Rational]] = [:]
      for (state, law) in open {
        for (earned, probability) in law {
          // What comes at the weight 0 does not matter any more.
          if weight.isZero || settled[state] != nil {
            let rest = settled[state] ?? []
            let factor = weight / (1 - discount)
            let returns = earned.indices.map {
              rest.isEmpty ? earned[$0] : earned[$0] + factor * rest[$0]
            }
            outcomes[returns, default: 0] += probability
            continue
          }
          for step in rows[state] {
            let more = zip(earned, step.rewards).map { $0 + weight * $1 }
            next[step.successor, default: [:]][more, default: 0] +=
              probability * step.probability
          }
        }
      }
      open = next
      weight *= discount
      steps += 1
    }
  }

  /// The rewards that are paid for ever from a state on, where they are always the same.
  private static func settledRewards(_ rows: [[PaidStep]], _ count: Int) -> [[Rational]?] {
    var settled = rows.map { row -> [Rational]? in
      guard let first = row.first?.rewards else { return nil }
      return row.allSatisfy { $0.rewards == first } ? first : nil
    }
    // As many rounds as there are states reach the greatest fixed point.
    for _ in rows {
      for state in rows.indices where settled[state] != nil {
        if !rows[state].allSatisfy({ settled[$0.successor] == settled[state] }) {
          settled[state] = nil
        }
      }
    }
    return settled
  }
}
