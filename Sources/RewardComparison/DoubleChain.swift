// What is here: the chain of the uniform policy in doubles, and first visits bounded from below.
// Notation: γP its discounted transitions, μ the law of the first state, G = Σ_k (γP)^k.

import ExactArithmetic
import MarkovDecisionProcesses

/// The discounted chain of the uniform policy in doubles, as sparse rows.
struct DoubleChain {
  private let offsets: [Int]
  private let successors: [Int32]
  private let weights: [Double]
  private let discount: Rational
  private let initial: [(state: Int, probability: Double)]
  /// The most transitions of a state.
  private let longestRow: Int

  /// The most sweeps over the chain for one state.
  private static let sweepLimit = 400

  init(_ problem: ComparisonProblem) {
    let model = problem.model
    let gamma = Double(problem.discount)
    discount = problem.discount
    initial = problem.initial.map { (Int($0.state.index), Double($0.probability)) }
    var offsets = [0]
    var successors: [Int32] = []
    var weights: [Double] = []
    var longest = 0
    for state in 0..<model.stateCount {
      let range = model.choiceRange(at: state)
      for choice in range {
        for transition in model.transitionRange(of: choice) {
          let probability = model.probabilityPool.doubles[Int(model.probabilities[transition])]
          successors.append(model.successors[transition])
          weights.append(gamma * probability / Double(range.count))
        }
      }
      longest = max(longest, successors.count - offsets[state])
      offsets.append(successors.count)
    }
    self.offsets = offsets
    self.successors = successors
    self.weights = weights
    longestRow = longest
  }

  /// `γ P v`, and its least and its largest entry.
  private func step(_ values: [Double], into next: inout [Double]) -> (
    least: Double, most: Double
  ) {
    var (least, most) = (Double.infinity, 0.0)
    for state in next.indices {
      var sum = 0.0
      for place in offsets[state]..<offsets[state + 1] {
        sum += weights[place] * values[Int(successors[place])]
      }
      next[state] = sum
      least = min(least, sum)
      most = max(most, sum)
    }
    return (least, most)
  }

  /// A bound from below of `E γ^T` for the first visit to `target` at `T`, that is of
  /// `G(μ,target)/G(target,target)`.
  ///
  /// `v_k = (γP)^k e` is summed until what remains, between `min v_K / (1-γ)` and
  /// `max v_K / (1-γ)`, is nearly the same everywhere: the chain has forgotten its start. All terms
  /// are positive, so that a term of sweep `k` loses at most `k (L + 4)` roundings, for rows of at
  /// most `L` entries; what they may have added is taken off.
  func firstVisit(to target: Int) -> Rational {
    let longest = 1 / Double(1 - discount)
    var values = [Double](repeating: 0, count: offsets.count - 1)
    values[target] = 1
    var next = values
    var visits = mean(values)
    var own = 1.0
    var rest = (least: 0.0, most: longest)
    var sweeps = 0
    while true {
      sweeps += 1
      let ends = step(values, into: &next)
      swap(&values, &next)
      rest = (ends.least * longest, ends.most * longest)
      let isSettled = rest.most - rest.least <= 1e-13 * min(own, visits + rest.least)
      if isSettled || sweeps == Self.sweepLimit { break }
      visits += mean(values)
      own += values[target]
    }
    // Among the smallest doubles roundings are not small.
    guard visits + rest.least > 1e-250 else { return 0 }
    let bound = (visits + rest.least) / (own + rest.most)
    let roundings = sweeps * (longestRow + 6) + initial.count + 16
    return (Rational(exactly: bound) ?? 0) * max(0, 1 - Rational(2 * roundings, 1 << 52))
  }

  private func mean(_ values: [Double]) -> Double {
    initial.reduce(0) { $0 + $1.probability * values[$1.state] }
  }

  /// Raises each entry to the best that one step from another state gives; whether one rose.
  func spread(_ reached: inout [Double]) -> Bool {
    var hasRisen = false
    for state in reached.indices where reached[state] > 0 {
      for place in offsets[state]..<offsets[state + 1] {
        let value = reached[state] * weights[place]
        let successor = Int(successors[place])
        if value > reached[successor] {
          reached[successor] = value
          hasRisen = true
        }
      }
    }
    return hasRisen
  }
}
