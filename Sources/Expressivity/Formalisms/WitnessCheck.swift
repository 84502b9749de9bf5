import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// What recomputing a counterexample gave.
///
/// The specifications that succeed are evaluated on the policies of the witness. Finite
/// counterexamples are decided as tasks of reward design: the failing formalisms with certificates
/// that the checker accepts, the others with a specification. Symbolic ones are polynomial
/// identities. What no finite computation can prove is stated as an argument, and said to be one.
public struct WitnessCheck: Sendable {
  public let witness: Witness
  public let isVerified: Bool
  /// What was found, in words.
  public let lines: [String]

  /// Recomputes a counterexample.
  ///
  /// - Throws: ``Interrupted``; a defect of this module otherwise.
  public init(of witness: Witness, progress: ProgressHandler = .none) throws {
    self.witness = witness
    let found = try WitnessComputation(witness: witness, progress: progress).run()
    isVerified = found.isVerified
    lines = found.lines
  }
}

/// The computation behind one counterexample.
private struct WitnessComputation {
  let witness: Witness
  let progress: ProgressHandler

  func run() throws -> (isVerified: Bool, lines: [String]) {
    let objectives = try witness.objectives()
    let shown = try objectives.entries.map { entry in
      try progress.checkpoint()
      return try objectives.check(entry)
    }
    let decided = try witness.task.map(decide) ?? (isVerified: true, lines: [])
    let identities = witness.identities
    let lines =
      shown.map(\.line) + decided.lines
      + identities.map { ($0.holds ? "identity holds: " : "identity FAILS: ") + $0.text }
      + witness.argument
    let isVerified =
      shown.allSatisfy(\.isRight) && decided.isVerified && identities.allSatisfy(\.holds)
    return (isVerified, lines)
  }

  /// Every formalism that fails or succeeds on the task, decided.
  private func decide(_ task: WitnessTask) throws -> (isVerified: Bool, lines: [String]) {
    var lines: [String] = []
    var isVerified = true
    for formalism in witness.weaker + witness.stronger {
      let isExpected = witness.stronger.contains(formalism)
      let (answer, isAccepted) = try task.decided(formalism, progress)
      let isRight = answer.isExpressible == isExpected && isAccepted
      isVerified = isVerified && isRight
      let verdict = answer.isExpressible == true ? "expresses" : "does not express"
      lines.append(
        "\(formalism.rawValue) \(verdict) the task"
          + (isAccepted ? ", and the checker accepts the proof" : ", but the check fails"))
    }
    return (isVerified, lines)
  }
}

/// A counterexample as a task of reward design: its text without the formalism.
struct WitnessTask {
  let model: String
  let fields: String
  /// What one formalism needs beside.
  let extras: [Formalism: String]

  /// The answer of a formalism, and whether the checker accepts it.
  func decided(
    _ formalism: Formalism, _ progress: ProgressHandler
  ) throws -> (answer: ExpressAnswer, isAccepted: Bool) {
    let extra = extras[formalism].map { "," + $0 } ?? ""
    let text = """
      {"format":"rationale-task","version":1,"kind":"policy-order",
       "formalism":"\(formalism.rawValue)","model":\(model),\(fields)\(extra)}
      """
    let task = try ExpressTask.read(bytes: [UInt8](text.utf8), path: "witness")
    return try task.decided(progress)
  }
}

/// An equation between polynomials, with its text.
struct SymbolicIdentity {
  let text: String
  let left: SymbolicPolynomial
  let right: SymbolicPolynomial

  var holds: Bool { left == right }
}

/// A quotient of polynomials.
struct SymbolicFraction {
  let numerator: SymbolicPolynomial
  let denominator: SymbolicPolynomial

  init(_ numerator: SymbolicPolynomial, over denominator: SymbolicPolynomial) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The numerator of `constant + factor · self` over the same denominator.
  func numerator(
    of constant: SymbolicPolynomial, plus factor: SymbolicPolynomial
  ) -> SymbolicPolynomial {
    constant * denominator + factor * numerator
  }
}
