// What is here: where a policy is optimal, from the sign changes of its polynomials.
// Note: proofs-notes/blackwell-start.md

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

extension ParametricValue {
  /// The least discount from which on the policy is optimal up to 1, when it is optimal near 1.
  ///
  /// An action gains just below the largest number in `(0, 1)` at which the sign of its polynomial
  /// changes, for it gains nothing above.
  func lastStart(_ progress: ProgressHandler) throws -> AlgebraicNumber {
    var start = AlgebraicNumber(0)
    for polynomial in try advantages(progress) {
      let lower = start.enclosure.roundedOutward(bits: AlgebraicNumber.printedBits).lower
      guard let change = polynomial.signChanges(from: lower, to: 1).last, start < change
      else { continue }
      start = change.simplified
    }
    return start.narrow
  }

  /// The least discount above `start` at which the policy ceases to be optimal, when it is optimal
  /// just above `start`; `nil` if it is optimal up to 1.
  func end(after start: AlgebraicNumber, _ progress: ProgressHandler) throws -> AlgebraicNumber? {
    var end: AlgebraicNumber?
    let lower = start.enclosure.roundedOutward(bits: AlgebraicNumber.printedBits).lower
    for polynomial in try advantages(progress) {
      let limit = end?.enclosure.roundedOutward(bits: AlgebraicNumber.printedBits).upper ?? 1
      // Just above the start there is nothing positive, so the first change is to gaining.
      guard start.comparison(with: limit) < 0,
        let change = polynomial.signChanges(from: lower, to: limit).first(
          where: { start < $0 })
      else { continue }
      if let known = end, known <= change { continue }
      end = change.simplified
    }
    return end?.narrow
  }

  /// The polynomials of the actions that the policy does not take, but for the factors that have
  /// no roots in `(0, 1)`; their signs may be opposite.
  private func advantages(_ progress: ProgressHandler) throws -> [Polynomial] {
    var polynomials: Set<Polynomial> = []
    for choice in 0..<model.choiceCount
    where policy[Int(model.choiceStates[choice])] != choice {
      try progress.checkpoint()
      let advantage = advantage(of: choice).polynomial
      guard !advantage.isZero else { continue }
      let rest = advantage.primitivePart.removingRoot(0).quotient.removingRoot(1).quotient
      polynomials.insert(rest.leadingCoefficient.isNegative ? -rest : rest)
    }
    return polynomials.sorted { $0.degree < $1.degree }
  }
}

extension AlgebraicNumber {
  /// The binary digits of printed bounds: ends of intervals are kept to these, so that bisection
  /// gives short ones.
  fileprivate static var printedBits: Int { 64 }

  /// In an interval that is as narrow as what is printed, and far narrower than its distance from
  /// 0 and 1, so that no end of it is printed as one of them.
  fileprivate var narrow: AlgebraicNumber {
    var number = refined(toWidth: Rational(1, timesTwoToThe: -Self.printedBits))
    guard !number.isExact else { return number }
    let factor = Rational(1, timesTwoToThe: 32)
    while (number.upper - number.lower) * factor > min(number.lower, 1 - number.upper) {
      number = number.bisected
      if number.isExact { break }
    }
    return number
  }
}
