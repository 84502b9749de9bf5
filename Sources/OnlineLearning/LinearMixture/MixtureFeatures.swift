import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds

/// The features of a mixture as integers: `φ = Φ/F`, values of states as `v/G` for integers `v`.
///
/// `G` is a common denominator of the grid and of the cap, so that all values of the planner are of
/// this form, and `C = FG` is the scale of `φ_V` and of the regression's targets.
struct MixtureFeatures: Sendable {
  private struct Entry: Sendable {
    let successor: Int
    let vector: [Integer]
    /// `F P_d(s')` in the offset form.
    let origin: Integer
  }

  let dimension: Int
  /// `G`.
  let valueScale: Integer
  /// `C`.
  var scale: Integer { valueScale * featureScale }
  /// `G M` and `G g/2`.
  let (cap, gridUnit): (Integer, Integer)
  /// `F`.
  private let featureScale: Integer
  private let isOffset: Bool
  private let rows: [[Entry]]

  init(_ kernels: TransitionFeatures, isOffset: Bool, grid: Rational, cap: Rational) {
    var factor = Integer.one
    for entry in kernels.rows.joined() {
      for number in entry.vector { factor = Integer.lcm(factor, number.denominator) }
    }
    let common = factor
    func scaled(_ number: Rational) -> Integer {
      number.numerator * common.exactlyDivided(by: number.denominator)
    }
    self.isOffset = isOffset
    dimension = isOffset ? max(0, kernels.dimension - 1) : kernels.dimension
    featureScale = common
    let valueScale = Integer.lcm((grid / 2).denominator, cap.denominator)
    self.valueScale = valueScale
    self.cap = (cap * Rational(valueScale)).numerator
    gridUnit = (grid / 2 * Rational(valueScale)).numerator
    rows = kernels.rows.map { row in
      row.map { entry in
        var vector = entry.vector.map(scaled)
        var origin = Integer.zero
        if isOffset, let last = vector.popLast() {
          origin = last
          vector = vector.map { $0 - last }
        }
        return Entry(successor: Int(entry.successor.index), vector: vector, origin: origin)
      }
    }
  }

  /// `C φ_V`, and `P_d V` in the offset form, for `V = values/G`.
  func image(
    of values: [Integer], after choice: Int
  ) -> (feature: [Integer], origin: Rational) {
    var feature = [Integer](repeating: 0, count: dimension)
    var origin = Integer.zero
    for entry in rows[choice] {
      let value = values[entry.successor]
      if value.isZero { continue }
      for place in feature.indices where !entry.vector[place].isZero {
        feature[place] += entry.vector[place] * value
      }
      if isOffset { origin += entry.origin * value }
    }
    return (feature, isOffset ? Rational(origin, scale) : 0)
  }

  /// `C` times the regression's target after `choice` led to `successor`: `V(s')`, less `P_d V` in
  /// the offset form.
  func target(of values: [Integer], after choice: Int, to successor: State) -> Integer {
    var target = featureScale * values[Int(successor.index)]
    if isOffset {
      for entry in rows[choice] { target -= entry.origin * values[entry.successor] }
    }
    return target
  }

  /// Adds the numbers of all features.
  func add(to digest: inout Digest) {
    digest.add(scale)
    for row in rows {
      for entry in row {
        digest.add(entry.successor)
        digest.add(entry.origin)
        for number in entry.vector { digest.add(number) }
      }
    }
  }

  /// The successors that a choice has in some kernel, ascending.
  func successors(of choice: Int) -> [Int] { rows[choice].map(\.successor) }

  /// A multiple of `1/G` as an integer.
  func integer(_ value: Rational) -> Integer {
    value.numerator * valueScale.exactlyDivided(by: value.denominator)
  }
}
