import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

/// Numbers written as text, divided by spaces.
func numbers(_ text: String) -> [Rational] {
  text.split(separator: " ").map { part in
    guard let value = Rational(String(part)) else { fatalError("'\(part)' is no number") }
    return value
  }
}

/// Solves the long run of a model.
func averageSolved(
  _ model: FiniteMDP, direction: Direction = .maximize, method: SolverMethod = .auto,
  scope: ValueScope = .all(isRequired: true)
) throws -> AverageSolution {
  var options = SolverOptions()
  options.method = method
  options.scope = scope
  let problem = try AverageProblem(
    model: model, reward: model.rewards[0].name, direction: direction)
  return try solve(problem, options: options)
}

/// `r(s,a)` and `P_a f(s)` of a model, in plain rational arithmetic.
struct PlainModel {
  let model: FiniteMDP
  let reward: PooledVector

  init(_ model: FiniteMDP) {
    self.model = model
    reward = model.rewards[0].function.expected(in: model)
  }

  func expectation(_ choice: Choice, _ f: [Rational]) -> Rational {
    model.transitions(of: choice).reduce(Rational.zero) {
      $0 + $1.probability * f[Int($1.successor.index)]
    }
  }

  func choice(_ state: Int, _ action: Action) throws -> Choice {
    try #require(model.choice(of: action, at: State(state)))
  }

  /// Whether gain, bias and witness solve the evaluation equations of a policy, of which they are
  /// then the only solution (but for the witness).
  func isEvaluation(
    _ policy: [Choice], gain g: [Rational], bias h: [Rational], witness w: [Rational]
  ) -> Bool {
    policy.enumerated().allSatisfy { s, choice in
      g[s] == expectation(choice, g)
        && g[s] + h[s] == reward[Int(choice.index)] + expectation(choice, h)
        && h[s] + w[s] == expectation(choice, w)
    }
  }

  /// Whether no action has a positive slack in the nested optimality equations.
  func isOptimal(gain g: [Rational], bias h: [Rational], witness w: [Rational]?) -> Bool {
    (0..<model.choiceCount).map(Choice.init).allSatisfy { choice in
      let s = Int(model.state(of: choice).index)
      let first = expectation(choice, g) - g[s]
      guard first.isZero else { return first.signum < 0 }
      let second = reward[Int(choice.index)] + expectation(choice, h) - g[s] - h[s]
      guard second.isZero, let w else { return second.signum <= 0 }
      return expectation(choice, w) <= w[s] + h[s]
    }
  }
}

/// Fails unless the parts of an exact answer solve the equations that define them.
func expectProved(
  _ solution: AverageSolution, in model: FiniteMDP, _ comment: Comment? = nil
) throws {
  let plain = PlainModel(model)
  let exact = try #require(solution.exactValues, comment)
  guard case .exact(_, let witness?) = solution.certificate.claim else {
    Issue.record(comment ?? "no witness")
    return
  }
  let policy = try solution.policy.enumerated().map { try plain.choice($0, $1) }
  let (g, h, w) = (exact.gain.entries, exact.bias.entries, witness.entries)
  #expect(plain.isEvaluation(policy, gain: g, bias: h, witness: w), comment)
  if solution.terms.direction == .maximize {
    #expect(plain.isOptimal(gain: g, bias: h, witness: w), comment)
  }
}
