import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Values policies as rational functions of the discount.
struct ParametricEvaluation {
  let model: FiniteMDP
  /// The reward to maximise.
  let reward: PooledVector
  let progress: ProgressHandler

  /// A defect: no denominator was right, however the numbers fell.
  struct NoDenominator: Error {}

  /// The values of a policy for all discounts.
  ///
  /// A denominator is found modulo primes and a random row, which fails with a probability below
  /// 2⁻⁴⁰; the numerators decide, and another row is taken.
  func values(of policy: ContiguousArray<Int32>) throws -> ParametricValue {
    var matrix = SparseRationalRows()
    for choice in policy {
      for transition in model.transitionRange(of: Int(choice)) {
        matrix.append(
          column: model.successors[transition],
          entry: model.probabilityPool[model.probabilities[transition]])
      }
      matrix.endRow()
    }
    let recurrence = VectorRecurrence(
      of: matrix, on: policy.map { reward[Int($0)] }, progress: progress)
    for seed: UInt64 in 1...8 {
      let denominator = try recurrence.denominator(seed: seed)
      do throws(ParametricValue.Flaw) {
        return try ParametricValue(
          of: policy, denominator: denominator, in: model, reward: reward, progress: progress)
      } catch {
        if case .interrupted(let interruption) = error { throw interruption }
      }
    }
    throw NoDenominator()
  }
}
