// What is here: for which discounts multipliers that are polynomials in the discount refute a task,
// and whether several such pieces leave no discount in [0, 1) out.
// Note: proofs-notes/free-discount.md

import ExactArithmetic
import MarkovDecisionProcesses

/// When multipliers of one conflict prove it: those of inequalities are not negative, and those of
/// strict ones do not add up to 0.
package struct ConflictCondition: Sendable {
  let nonNegative: [Polynomial]
  let positive: Polynomial
  /// The only discount that counts; `nil` for all.
  let place: Rational?

  /// - Parameter place: the only discount at which the conflict is one; `nil` when it is one for
  ///   all.
  package init(
    _ multipliers: [(relation: ExpressTask.Relation, multiplier: Polynomial)],
    at place: Rational? = nil
  ) {
    let inequalities = multipliers.filter { $0.relation != .equal }
    nonNegative = Array(Set(inequalities.map(\.multiplier)))
    positive = inequalities.filter { $0.relation == .greater }
      .reduce(Polynomial.zero) { $0 + $1.multiplier }
    self.place = place
  }

  /// The polynomials whose signs matter.
  fileprivate var polynomials: [Polynomial] { nonNegative + [positive] }

  package func holds(at discount: Rational) -> Bool {
    (place == nil || place == discount) && areFitting { $0.sign(at: discount) }
  }

  package func holds(at discount: AlgebraicNumber) -> Bool {
    (place.map { discount.comparison(with: $0) == 0 } ?? true)
      && areFitting { discount.sign(of: $0) }
  }

  private func areFitting(_ sign: (Polynomial) -> Int) -> Bool {
    sign(positive) > 0 && nonNegative.allSatisfy { sign($0) >= 0 }
  }
}

/// An interval of discounts, or a single one.
package struct DiscountRange: Sendable {
  package let lower: AlgebraicNumber
  /// 1 where the range has no end in `[0, 1)`.
  package let upper: AlgebraicNumber
  package let includesLower: Bool
  package let includesUpper: Bool
  /// A discount of the range, short, unless the range is one irrational number.
  package let sample: Rational?

  package var isPoint: Bool { includesLower && includesUpper && lower == upper }

  package var isEverything: Bool {
    includesLower && lower.comparison(with: 0) == 0 && upper.comparison(with: 1) == 0
  }
}

/// `[0, 1)` in cells on which no polynomial of some conflicts changes its sign.
package struct DiscountCover {
  private enum Cell {
    case point(AlgebraicNumber)
    /// The interval between the points beside it, with a discount in it.
    case interval(sample: Rational)
  }

  private let cells: [Cell]
  private let conditions: [ConflictCondition]

  /// - Complexity: root isolation for each polynomial, and the sign of each at each root.
  package init(
    of conditions: [ConflictCondition], progress: ProgressHandler = .none
  ) throws(Interrupted) {
    self.conditions = conditions
    var polynomials: Set<Polynomial> = []
    for condition in conditions where condition.place == nil {
      for polynomial in condition.polynomials where polynomial.degree > 0 {
        // 0 is a point anyway, and 1 is none.
        let rest = polynomial.primitivePart.removingRoot(0).quotient.removingRoot(1).quotient
        polynomials.insert(rest.leadingCoefficient.isNegative ? -rest : rest)
      }
    }
    var roots = conditions.compactMap { $0.place.map { AlgebraicNumber($0) } }
    for polynomial in polynomials {
      try progress.checkpoint()
      roots += polynomial.roots(from: 0, to: 1)
    }
    var points = [AlgebraicNumber(0)]
    for root in roots.sorted() where points[points.count - 1] < root { points.append(root) }
    var cells: [Cell] = []
    for (place, point) in points.enumerated() {
      let next = place + 1 < points.count ? points[place + 1] : AlgebraicNumber(1)
      cells.append(.point(point))
      cells.append(.interval(sample: Self.sample(between: point, and: next)))
    }
    self.cells = cells
  }

  /// A short fraction between two numbers, not near either.
  private static func sample(
    between first: AlgebraicNumber, and second: AlgebraicNumber
  ) -> Rational {
    var (first, second) = (first, second)
    func isNarrow(_ number: AlgebraicNumber) -> Bool {
      number.isExact || (number.upper - number.lower) * 4 < second.lower - first.upper
    }
    while !(first.upper < second.lower && isNarrow(first) && isNarrow(second)) {
      (first, second) = (first.bisected, second.bisected)
    }
    let quarter = (second.lower - first.upper) / 4
    return Rational.simplest(from: first.upper + quarter, through: second.lower - quarter)
  }

  /// The ranges of discounts at which no conflict is one, in ascending order.
  package func uncovered(progress: ProgressHandler = .none) throws(Interrupted) -> [DiscountRange] {
    var isOpen: [Bool] = []
    for cell in cells {
      try progress.checkpoint()
      isOpen.append(!conditions.contains { holds($0, cell) })
    }
    return ranges(isOpen)
  }

  /// The ranges at which the conflict with this number is one.
  package func ranges(ofCondition number: Int) -> [DiscountRange] {
    ranges(cells.map { holds(conditions[number], $0) })
  }

  /// Conditions that hold wherever one of all holds, none of which can be left out; ascending.
  ///
  /// - Parameter isPreferred: whether the first of two conditions is rather kept.
  package func neededConditions(preferring isPreferred: (Int, Int) -> Bool) -> [Int] {
    let holding = cells.map { cell in
      Set(conditions.indices.filter { holds(conditions[$0], cell) })
    }
    var needed = Set(conditions.indices)
    for number in conditions.indices.sorted(by: { isPreferred($1, $0) }) {
      let isNeeded = holding.contains { $0.intersection(needed) == [number] }
      if !isNeeded { needed.remove(number) }
    }
    return needed.sorted()
  }

  private func holds(_ condition: ConflictCondition, _ cell: Cell) -> Bool {
    switch cell {
    case .point(let point): condition.holds(at: point)
    case .interval(let sample): condition.holds(at: sample)
    }
  }

  /// The longest runs of cells.
  private func ranges(_ isMember: [Bool]) -> [DiscountRange] {
    var ranges: [DiscountRange] = []
    var place = 0
    while place < cells.count {
      guard isMember[place] else {
        place += 1
        continue
      }
      let first = place
      while place < cells.count, isMember[place] { place += 1 }
      ranges.append(range(first..<place))
    }
    return ranges
  }

  private func range(_ run: Range<Int>) -> DiscountRange {
    // Points have even places, and the interval after a point the next one.
    let includesLower = run.lowerBound % 2 == 0
    let includesUpper = run.upperBound % 2 == 1
    let lower = point(includesLower ? run.lowerBound : run.lowerBound - 1)
    let upper =
      includesUpper
      ? point(run.upperBound - 1)
      : run.upperBound < cells.count ? point(run.upperBound) : AlgebraicNumber(1)
    var sample: Rational?
    if run.count == 1, case .interval(let inner) = cells[run.lowerBound] {
      sample = inner
    } else {
      sample = run.count == 1 ? nil : Self.sample(between: lower, and: upper)
    }
    if run.count == 1, includesLower, lower.isExact { sample = lower.lower }
    return DiscountRange(
      lower: lower, upper: upper, includesLower: includesLower, includesUpper: includesUpper,
      sample: sample)
  }

  private func point(_ place: Int) -> AlgebraicNumber {
    guard case .point(let number) = cells[place] else {
      preconditionFailure("the cells are points and intervals by turns")
    }
    return number
  }
}
