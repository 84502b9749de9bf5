import Certificates
import ExactArithmetic

/// The multipliers of a program that compares acceptable policies and others with a threshold.
struct PolicySetWeights {
  /// The acceptable policies; the weights add up to 1.
  let good: [(reference: ExpressAnswer.Reference, weight: Rational)]
  /// The others; the weights are not negative and add up to 1.
  let others: [(reference: ExpressAnswer.Reference, weight: Rational)]

  /// The same as multipliers of requirements between two policies.
  func pairs(_ variant: ExpressTask.Variant) -> [ExpressAnswer.WeightedRequirement] {
    var pairs: [ExpressAnswer.WeightedRequirement] = []
    func add(
      _ left: ExpressAnswer.Reference, _ relation: ExpressTask.Relation,
      _ right: ExpressAnswer.Reference, _ weight: Rational
    ) {
      guard !weight.isZero else { return }
      let requirement = ExpressAnswer.Requirement(left, relation, right)
      pairs.append(ExpressAnswer.WeightedRequirement(requirement, weight))
    }
    if variant == .equal, let first = good.first?.reference {
      // Weights of any sign: move all of them to the first acceptable policy.
      for (reference, weight) in good.dropFirst() { add(first, .equal, reference, -weight) }
      for (reference, weight) in others { add(first, .greater, reference, weight) }
      return pairs
    }
    // Fill the acceptable policies' weights with the others' one after the other.
    var rest =
      others.filter { !$0.weight.isZero }.reversed() as [(ExpressAnswer.Reference, Rational)]
    for (place, weight) in good {
      var open = weight
      while open.signum > 0, let (reference, amount) = rest.popLast() {
        let share = min(open, amount)
        add(place, .greater, reference, share)
        open -= share
        if share < amount { rest.append((reference, amount - share)) }
      }
    }
    return pairs
  }
}
