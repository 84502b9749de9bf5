import ArgumentParser
import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// The text of `--subject-to`, such as `cost <= 3/10`.
struct ConstraintText: ExpressibleByArgument {
  let text: String

  init?(argument: String) { text = argument }

  /// The constraint, on a reward of the model.
  ///
  /// - Throws: ``CommandError/usage(_:)`` that says how to write one, or which rewards there are.
  func constraint(
    in model: FiniteMDP, limits: NumberLimits
  ) throws(CommandError) -> RewardConstraint {
    guard let (name, relation, bound) = parts, !name.isEmpty else {
      throw .usage(
        "--subject-to \(excerpt(text)) is no constraint; write a reward, one of <=, >=, = and a"
          + " number, as in --subject-to 'cost <= 3/10'")
    }
    guard model.reward(named: name) != nil else {
      throw .usage(
        "--subject-to: there is no reward \(excerpt(name)); there are: "
          + listed(model.rewards.map(\.name)))
    }
    do throws(NumberError) {
      return RewardConstraint(
        reward: name, relation: relation, bound: try Rational(parsing: bound, limits: limits))
    } catch {
      throw .usage(
        "--subject-to \(excerpt(text)): \(error); write an exact number, as in"
          + " --subject-to 'cost <= 3/10'")
    }
  }

  /// What stands before the last relation, the relation, what stands after it.
  private var parts: (name: String, relation: RewardConstraint.Relation, bound: String)? {
    guard let end = text.lastIndex(of: "=") else { return nil }
    let bound = trimmed(text[text.index(after: end)...])
    let before = text[..<end]
    switch before.last {
    case "<": return (trimmed(before.dropLast()), .atMost, bound)
    case ">": return (trimmed(before.dropLast()), .atLeast, bound)
    case "=": return (trimmed(before.dropLast()), .equal, bound)
    case nil, .some: return (trimmed(before), .equal, bound)
    }
  }

  private func trimmed(_ part: Substring) -> String {
    let start = part.drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
