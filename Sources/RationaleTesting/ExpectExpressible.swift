import Certificates
import ExactArithmetic
import Expressivity
import Testing

/// Expects that the formalism of a task can express it.
///
/// A failure shows the requirements that contradict each other, with their multipliers, or what else
/// proves that there is no specification.
///
/// - Returns: whether the task can be expressed.
@discardableResult
public func expectExpressible(
  _ task: ExpressTask, sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
  do {
    let answer = try express(task)
    if answer.isExpressible == true { return true }
    reject("the task cannot be expressed: \(proof(answer.outcome))", sourceLocation)
  } catch {
    reject("the task cannot be decided: \(error)", sourceLocation)
  }
  return false
}

/// What proves that there is no specification, in a line.
private func proof(_ outcome: ExpressAnswer.Outcome) -> String {
  switch outcome {
  case .farkas(let requirements):
    "these requirements contradict each other: "
      + requirements.map { "\(described($0.multiplier)) × (\(text($0.requirement)))" }
      .joined(separator: ", ")
  case .cycle(let steps), .levels(let steps):
    "these relations cannot all hold: "
      + steps.map { "\(text($0.left)) \($0.relation.rawValue) \(text($0.right))" }
      .joined(separator: ", ")
  case .violations(let violations):
    violations.first.map {
      "\(text($0.requirement)) is required, but the values are \(described($0.leftValue)) and"
        + " \(described($0.rightValue))"
    } ?? "a requirement is broken"
  case .noMachine(let refutation):
    "no reward machine with at most \(refutation.stateCount) states expresses it"
  case .noDiscount(let refutation):
    refutation.open.isEmpty
      ? "at each discount in [0, 1) some requirements contradict each other:\n"
        + refutation.pieces.map(text).joined(separator: "\n")
      : "it is not decided: \(refutation.reason)"
  case .noOptimum: "losses of choices contradict the relations, whichever policy is optimal"
  case .unavoidable: "every policy visits the states to be avoided"
  case .refuted: "no policy that avoids the states can be better than all that visit them"
  case .visit: "the policy that has to be the only optimum visits a state to be avoided"
  case .undecided(let reason): "it is not decided: \(reason)"
  case .reward, .function, .ranks, .formula, .optimum: "there is a specification"
  }
}

private func text(_ piece: ExpressAnswer.DiscountRefutation.Piece) -> String {
  piece.terms.map { "(\($0.multiplier.text(variable: "γ"))) × (\(text($0.requirement)))" }
    .joined(separator: ", ")
}

private func text(_ requirement: ExpressAnswer.Requirement) -> String {
  "\(text(requirement.left)) \(requirement.relation.rawValue) \(text(requirement.right))"
}

private func text(_ reference: ExpressAnswer.Reference) -> String {
  switch reference {
  case .name(let name): name
  case .policy(let actions): "the policy \(actions.map { Int($0.index) })"
  }
}
