import ExactLinearAlgebra
import MarkovDecisionProcesses

/// `f = b + P f` on a set of states that a policy leaves surely, in doubles: a guide.
struct TransientSystem {
  private let states: [Int]
  private let factors: SparseLU

  /// - Parameters:
  ///   - states: where the unknowns are; `f` is 0 elsewhere.
  ///   - fillLimit: the most entries that the factors may have.
  /// - Returns: `nil` where they would have more, or where doubles do not tell that the set is left.
  init?(
    of policy: ContiguousArray<Int32>, on states: [Int], in model: FiniteMDP,
    fillLimit: Int = 8_000_000
  ) {
    var place = ContiguousArray<Int32>(repeating: -1, count: policy.count)
    for (index, state) in states.enumerated() { place[state] = Int32(index) }
    let doubles = model.probabilityPool.doubles
    var matrix = SparseIntegerMatrix()
    matrix.reserve(rows: states.count, entries: 4 * states.count)
    for state in states {
      var diagonal: Int64 = 0
      for transition in model.transitionRange(of: Int(policy[state])) {
        let successor = Int(model.successors[transition])
        guard successor != state else { continue }
        // Multiples of 2⁻⁵⁰, so that row sums have no rounding errors of their own.
        let weight = Int64(doubles[Int(model.probabilities[transition])] * Self.one)
        diagonal += weight
        if place[successor] >= 0 { matrix.append(column: place[successor], entry: -weight) }
      }
      matrix.endRow(diagonal: diagonal)
    }
    guard let factors = SparseLU(dominant: matrix, fillLimit: fillLimit) else { return nil }
    self.states = states
    self.factors = factors
  }

  private static let one = 0x1p50

  /// The solution at the states of the set, in their order.
  func solution(_ right: (Int) -> Double) -> ContiguousArray<Double> {
    factors.solution(ContiguousArray(states.map { right($0) * Self.one }))
  }
}
