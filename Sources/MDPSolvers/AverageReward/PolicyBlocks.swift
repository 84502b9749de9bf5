import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// The strongly connected components of a policy's chain, those that a component leads to first,
/// and the linear systems that belong to them.
struct PolicyBlocks {
  struct Block {
    /// Ascending.
    let states: [Int]
    /// Whether the chain stays inside forever: a recurrent class.
    let isClosed: Bool
  }

  let model: FiniteMDP
  /// The index of one choice a state.
  let policy: ContiguousArray<Int32>
  let blocks: [Block]
  private let component: ContiguousArray<Int32>
  /// The place of each state in its block.
  private let place: ContiguousArray<Int32>

  /// - Complexity: O(states + transitions of the policy).
  init(of policy: ContiguousArray<Int32>, in model: FiniteMDP) {
    self.model = model
    self.policy = policy
    let graph = model.graph(of: policy)
    let components = StronglyConnectedComponents(of: graph)
    blocks = zip(components.members(), components.isClosed(in: graph)).map {
      Block(states: $0, isClosed: $1)
    }
    component = components.component
    var place = ContiguousArray<Int32>(repeating: 0, count: policy.count)
    for block in blocks {
      for (local, state) in block.states.enumerated() { place[state] = Int32(local) }
    }
    self.place = place
  }

  /// The probability of a step from `state` to another state.
  func leaving(_ state: Int) -> Rational {
    1 - model.probability(of: Int32(state), after: Int(policy[state]))
  }

  /// `Σ p(t|s) y(t)` over the successors outside the block.
  func expectation(of y: [Rational], outside block: Int, from state: Int) -> Rational {
    var sum = RationalAccumulator()
    for transition in model.transitionRange(of: Int(policy[state])) {
      let successor = Int(model.successors[transition])
      if Int(component[successor]) != block {
        sum.add(y[successor], times: model.probabilityPool[model.probabilities[transition]])
      }
    }
    return sum.value
  }

  /// For each block a bound on the bits of the denominators of its gains: its own determinant
  /// after the scaling of its rows, and those of the blocks that it leads to.
  func determinantBits() -> [Int] {
    let graph = model.graph(of: policy)
    var bits: [Int] = []
    for (number, block) in blocks.enumerated() {
      var (own, before) = (0, 0)
      for state in block.states {
        own += rowBits(state)
        for successor in graph.successors(of: state) where Int(component[successor]) != number {
          before = max(before, bits[Int(component[successor])])
        }
      }
      bits.append(own + before)
    }
    return bits
  }

  /// The bits of the common denominator of a state's row; 0 for a sure step.
  private func rowBits(_ state: Int) -> Int {
    var scale = Integer.one
    for transition in model.transitionRange(of: Int(policy[state])) {
      scale = Integer.lcm(
        scale, model.probabilityPool[model.probabilities[transition]].denominator)
    }
    return scale == 1 ? 0 : scale.bitLength
  }

  /// `I - P` on a transient block; on a closed one the column of its first state is replaced by
  /// ones. Both are regular: a transient block is left surely, and on a closed class
  /// `(I - P) x = -m 1` forces `m = 0` by its stationary law and then `x` to be constant.
  func factored(
    _ number: Int, _ progress: ProgressHandler
  ) throws(Interrupted) -> FactoredMatrix {
    let rows = blocks[number].states.map { row(of: $0, in: number) }
    guard
      case .regular(let matrix) = try FactoredMatrix.factor(
        rows: rows, isKnownRegular: true, progress: progress)
    else { preconditionFailure("the systems of a chain are regular") }
    return matrix
  }

  private func row(of state: Int, in number: Int) -> [(column: Int, value: Rational)] {
    let isClosed = blocks[number].isClosed
    let own = Int(place[state])
    var diagonal = Rational.one
    var row: [(column: Int, value: Rational)] = []
    for transition in model.transitionRange(of: Int(policy[state])) {
      let successor = Int(model.successors[transition])
      guard Int(component[successor]) == number else { continue }
      let probability = model.probabilityPool[model.probabilities[transition]]
      if successor == state {
        diagonal -= probability
      } else if !isClosed || place[successor] > 0 {
        row.append((Int(place[successor]), -probability))
      }
    }
    if isClosed { row.append((0, 1)) }
    if !isClosed || own > 0, !diagonal.isZero { row.append((own, diagonal)) }
    return row
  }
}
