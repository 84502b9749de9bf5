import Certificates

/// A task that cannot be decided as it is given.
public enum ExpressError: Error, Hashable, Sendable {
  /// The formalism discounts, and neither the task nor the model has a discount.
  case discountRequired(formalism: String)
  /// What is asked is decided for one discount, and the task leaves it open.
  case oneDiscountRequired(String)
  /// Limit averages and temporal logic need runs that go on for ever.
  case cycleRequired(trajectory: String, formalism: Formalism)
  /// The kind of task has to list all deterministic policies, and there are too many.
  case tooManyPolicies(limit: Int)
  /// Temporal logic without a formula is decided on single trajectories only.
  case formulaRequired
  /// The formula or the automaton is not well formed.
  case malformedFormula(String)
  /// What the formalism needs is not offered here.
  case notOffered(String)
}

extension ExpressError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .discountRequired(let formalism):
      "\(formalism) needs a discount: give the task one, or its model"
    case .cycleRequired(let trajectory, let formalism):
      "the trajectory '\(trajectory)' is finite, but \(formalism.rawValue) needs one with a cycle"
    case .tooManyPolicies(let limit):
      "there are more than \(limit) deterministic policies to compare (--max-policies);"
        + " raise it, or list those in question as 'candidates' of a policy-set"
    case .formulaRequired:
      "a formula is required: without one LTL is decided only where every object is one trajectory"
    case .malformedFormula(let problem), .oneDiscountRequired(let problem): problem
    case .notOffered(let what): what
    }
  }
}

extension ExpressError {
  static var oneDiscountForOptima: ExpressError {
    .oneDiscountRequired("what is optimal is asked for one discount; give the task a number")
  }
}
