// What is here: policy iteration for the discounts next to a point. Rational functions of the
// discount are an ordered field by their signs there, and Howard's argument holds in any ordered
// field. Next to 1 from below the order is the lexicographic one of Laurent coefficients: this is
// Veinott's iteration through all levels. Note: proofs-notes/blackwell-iteration.md

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Discounts next to a point: an interval as short as anything needs.
enum DiscountGerm {
  case belowOne
  case above(AlgebraicNumber)

  /// The sign of a polynomial there.
  func sign(of polynomial: Polynomial) -> Int {
    switch self {
    case .belowOne: polynomial.sign(side: -1, of: 1)
    case .above(let place): place.sign(of: polynomial, onSide: 1)
    }
  }
}

struct GermIteration {
  let evaluation: ParametricEvaluation
  private(set) var iterations = 0

  init(_ evaluation: ParametricEvaluation) {
    self.evaluation = evaluation
  }

  private var model: FiniteMDP { evaluation.model }

  /// The values of a policy that is optimal for all discounts next to a point, found from
  /// another policy.
  ///
  /// - Complexity: one evaluation a step, and a polynomial a choice.
  mutating func optimum(
    near germ: DiscountGerm, from start: ContiguousArray<Int32>
  ) throws -> ParametricValue {
    var policy = start
    while true {
      let values = try evaluation.values(of: policy)
      iterations += 1
      evaluation.progress.report("policy \(iterations)")
      guard let better = try improved(values, near: germ) else { return values }
      policy = better
    }
  }

  /// The policy that takes the best action wherever one gains something; `nil` if none does.
  private func improved(
    _ values: ParametricValue, near germ: DiscountGerm
  ) throws -> ContiguousArray<Int32>? {
    var policy = values.policy
    for state in 0..<model.stateCount {
      var best: ParametricAdvantage?
      for choice in model.choiceRange(at: state) where values.policy[state] != choice {
        try evaluation.progress.checkpoint()
        let advantage = values.advantage(of: choice)
        guard germ.sign(of: advantage.polynomial) > 0 else { continue }
        if let best, germ.sign(of: advantage - best) <= 0 { continue }
        best = advantage
        policy[state] = Int32(choice)
      }
    }
    return policy == values.policy ? nil : policy
  }
}
