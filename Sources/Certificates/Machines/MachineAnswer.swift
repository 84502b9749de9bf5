import ExactArithmetic
import MarkovDecisionProcesses

/// An answer to a question about reward machines on a model, with what proves it.
public enum MachineAnswer: Sendable {
  /// A machine with the fewest states.
  case minimal(MachineMinimization, of: PayingMachine)
  /// Whether two machines pay the same on every run.
  case comparison(MachineComparison, first: PayingMachine, second: PayingMachine)
  /// Whether a reward on the model's own states is worth the same.
  case markov(MarkovMachine, of: PayingMachine, discount: Rational)

  /// The names of the questions in files.
  public enum Question: String, Sendable, CaseIterable {
    case minimise, compare, markov
  }

  public var question: Question {
    switch self {
    case .minimal: .minimise
    case .comparison: .compare
    case .markov: .markov
    }
  }
}

extension MachineComparison {
  /// What two machines pay for the last step of a run.
  public static func lastPayments(
    of first: PayingMachine, and second: PayingMachine, for run: [Step], on model: FiniteMDP
  ) -> (first: Rational, second: Rational)? {
    guard let last = run.last else { return nil }
    let letters = TransitionLetters(of: model)
    func payment(_ paying: PayingMachine) -> Rational {
      let place = run.dropLast().reduce(paying.machine.initial) { place, step in
        paying.machine.step(
          from: place, step.state, step.action, to: step.successor, letters: letters)
      }
      return paying.reward.value(place, last.state, last.action, to: last.successor)
    }
    return (payment(first), payment(second))
  }
}
