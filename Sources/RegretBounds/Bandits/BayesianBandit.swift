import ExactArithmetic

/// Bernoulli arms with independent Beta priors of whole parameters, played for a known horizon:
/// exact values of Bayes-optimal play and of two rules of thumb.
///
/// Exploration is nothing but reward maximisation here, once prior, memory and horizon are given.
///
/// Source: after 2508.01287; `proofs-notes/bayesian-bandits.md`.
public struct BayesianBandit: Sendable {
  /// A Beta law: as many successes and failures as it counts, both at least 1.
  public struct Belief: Sendable, Hashable {
    public let successes: Int
    public let failures: Int

    /// - Precondition: both are at least 1.
    public init(successes: Int, failures: Int) {
      precondition(successes >= 1 && failures >= 1, "a Beta law with whole parameters from 1 on")
      self.successes = successes
      self.failures = failures
    }

    /// The uniform law.
    public static let uniform = Belief(successes: 1, failures: 1)

    public var mean: Rational { Rational(successes, successes + failures) }

    func after(success: Bool) -> Belief {
      Belief(
        successes: successes + (success ? 1 : 0), failures: failures + (success ? 0 : 1))
    }
  }

  /// How the next arm is chosen.
  public enum Rule: Sendable, Hashable {
    /// Maximises the expected sum of rewards.
    case optimal
    /// Largest mean, of several with equal chances.
    case greedy
    /// Each arm with the probability that it is the best one.
    case thompson
  }

  public let arms: [Belief]

  /// - Precondition: there is an arm.
  public init(arms: [Belief]) {
    precondition(!arms.isEmpty, "a bandit has an arm")
    self.arms = arms
  }

  /// The expected sum of rewards over `horizon` pulls.
  ///
  /// - Complexity: O(C(horizon + 2n, 2n)) beliefs for `n` arms.
  /// - Throws: ``Interrupted``.
  public func value(
    horizon: Int, rule: Rule = .optimal, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Rational {
    var known: [State: Rational] = [:]
    return try value(State(beliefs: arms, left: max(horizon, 0)), rule, &known, progress)
  }

  /// What is left of the optimum without memory, or when the means are drawn anew at every step:
  /// the best prior mean at every step.
  public func valueWithoutMemory(horizon: Int) -> Rational {
    Rational(max(horizon, 0)) * (arms.lazy.map(\.mean).max() ?? 0)
  }

  private struct State: Hashable {
    var beliefs: [Belief]
    var left: Int
  }

  private func value(
    _ state: State, _ rule: Rule, _ known: inout [State: Rational], _ progress: ProgressHandler
  ) throws(Interrupted) -> Rational {
    if state.left == 0 { return 0 }
    if let value = known[state] { return value }
    if known.count & 0x3FF == 0 { try progress.checkpoint() }
    let weights = rule == .optimal ? nil : Self.weights(state.beliefs, rule)
    var (best, sum): (Rational?, Rational) = (nil, 0)
    for arm in state.beliefs.indices {
      if let weights, weights[arm].isZero { continue }
      let mean = state.beliefs[arm].mean
      var next = State(beliefs: state.beliefs, left: state.left - 1)
      next.beliefs[arm] = state.beliefs[arm].after(success: true)
      let success = try value(next, rule, &known, progress)
      next.beliefs[arm] = state.beliefs[arm].after(success: false)
      let failure = try value(next, rule, &known, progress)
      let value = mean * (1 + success) + (1 - mean) * failure
      best = best.map { max($0, value) } ?? value
      if let weights { sum += weights[arm] * value }
    }
    let value = weights == nil ? best ?? 0 : sum
    known[state] = value
    return value
  }

  private static func weights(_ beliefs: [Belief], _ rule: Rule) -> [Rational] {
    if rule == .thompson { return beliefs.indices.map { probabilityOfBest($0, among: beliefs) } }
    let means = beliefs.map(\.mean)
    let best = means.max() ?? 0
    let share = Rational(1, means.count { $0 == best })
    return means.map { $0 == best ? share : 0 }
  }

  /// The probability that the mean of one arm is the largest: rational for whole parameters.
  ///
  /// `∫ f_i Π_{j≠i} F_j`, where `F_j(x) = Σ_{k≥a} C(m,k) x^k (1-x)^{m-k}`, `m = a + b - 1`. All is
  /// kept as sums of `x^k (1-x)^{n-k}`, which integrate to `k! (n-k)!/(n+1)!`.
  public static func probabilityOfBest(_ arm: Int, among beliefs: [Belief]) -> Rational {
    // Coefficients by k; their degree n is one less than their number.
    var sum = [Rational](repeating: 0, count: beliefs[arm].successes + beliefs[arm].failures - 1)
    let own = beliefs[arm]
    sum[own.successes - 1] =
      Rational(own.successes + own.failures - 1)
      * Rational(binomial(own.successes + own.failures - 2, own.successes - 1))
    for (place, other) in beliefs.enumerated() where place != arm {
      let degree = other.successes + other.failures - 1
      var product = [Rational](repeating: 0, count: sum.count + degree)
      for k in other.successes...degree {
        let factor = Rational(binomial(degree, k))
        for (j, coefficient) in sum.enumerated() where !coefficient.isZero {
          product[j + k] += coefficient * factor
        }
      }
      sum = product
    }
    let degree = sum.count - 1
    return sum.enumerated().reduce(Rational.zero) { total, entry in
      total + entry.element / (Rational(degree + 1) * Rational(binomial(degree, entry.offset)))
    }
  }

  private static func binomial(_ n: Int, _ k: Int) -> Integer {
    var result = Integer.one
    for i in 0..<min(k, n - k) {
      result = (result * Integer(n - i)).exactlyDivided(by: Integer(i + 1))
    }
    return result
  }
}
