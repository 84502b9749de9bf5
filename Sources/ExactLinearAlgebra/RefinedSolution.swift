import ExactArithmetic
import Foundation

/// The solution of an M-matrix system to as many binary digits as are asked for, with a proved
/// error.
///
/// One owner, not shared between threads.
package final class RefinedSolution {
  private let system: SparseSystem
  private let refinement: DigitRefinement
  /// The weights to which the error of an entry is relative.
  package let dominance: MatrixDominance
  private let store: DigitStore

  /// - Returns: `nil` when digit refinement does not apply to the system.
  package init?(_ system: SparseSystem, components: ContiguousArray<Int32>?) {
    guard
      let dominance = MatrixDominance(
        system.matrix, components: components, expectedRounds: 3),
      let refinement = DigitRefinement(
        system, dominance: dominance, components: components, expectedRounds: 3)
    else { return nil }
    self.system = system
    self.dominance = dominance
    self.refinement = refinement
    store = DigitStore(size: system.size, bitsPerRound: refinement.bitsPerRound)
  }

  /// The digits so far are over `2^fractionalBits` times the scale of the system.
  package var fractionalBits: Int { refinement.fractionalBits }

  /// Adds rounds until there are at least `bits` digits behind the binary point.
  ///
  /// - Returns: false when the refinement stalled.
  package func extend(to bits: Int, _ progress: ProgressHandler) throws(Interrupted) -> Bool {
    while refinement.rounds <= refinement.leadingRounds || fractionalBits < bits {
      try progress.checkpoint()
      do { try refinement.advance() } catch { return false }
      store.append(refinement.digits)
    }
    return true
  }

  /// The solution in doubles; infinite where a double does not hold it.
  package func doubles() -> ContiguousArray<Double> {
    let scale = Double(Rational(system.scale))
    if refinement.bitsPerRound * store.rounds > 900 || !scale.isFinite {
      let digits = numerators(dropping: 0).numerators
      return ContiguousArray(
        digits.map { Double(Rational($0, system.scale << max(0, fractionalBits))) })
    }
    return ContiguousArray(store.doubles().map { scalbn($0, -fractionalBits) / scale })
  }

  /// The digits without their last `count` bits, and a bound on the error in the same units.
  ///
  /// Entry `i` of the solution is within `error` of `numerators[i]`, both over
  /// `2^(fractionalBits - count)` times the scale of the system.
  package func numerators(dropping count: Int) -> (numerators: [Integer], error: Integer) {
    let slots = Slots(count: system.size)
    store.forEachNumber(rounds: store.rounds) { row, number in
      slots.put(count == 0 ? number : number >> count, row)
    }
    let units = refinement.errorUnits
    return (slots.values, count == 0 ? units : (units >> count) + 2)
  }

  /// A bound on the error of ``numerators(dropping:)`` relative to the weight of the entry.
  package func relativeError(dropping count: Int) -> Integer {
    let units = refinement.relativeErrorUnits
    return count == 0 ? units : (units >> count) + 2
  }
}

extension SparseSystem {
  /// The solution of an M-matrix system in doubles, with nothing proved of it.
  ///
  /// Its triangular factors are accurate in every entry however slowly the chain behind the system
  /// leaves it.
  ///
  /// - Returns: `nil` where doubles do not apply.
  package func approximated(
    components: ContiguousArray<Int32>?
  ) -> ContiguousArray<Double>? {
    guard matrix.weakRowSums != nil, matrix.diagonal.allSatisfy({ $0 > 0 }),
      let solver = BlockSolver(
        matrix, components: components, tolerance: 0x1p-42, expectedRounds: 1)
    else { return nil }
    let right = rightSide.map { Double(Rational($0, scale)) }
    var solution = ContiguousArray<Double>(repeating: 0, count: size)
    solution.withUnsafeMutableBufferPointer { target in
      right.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let into = target.baseAddress else { return }
        solver.solve(from, into: into)
      }
    }
    return solution.allSatisfy(\.isFinite) ? solution : nil
  }
}
