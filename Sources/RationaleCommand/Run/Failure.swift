import ExactArithmetic
import ExactJSON
import Expressivity
import LinearPrograms
import MDPSolvers
import MarkovDecisionProcesses
import OnlineLearning
import RegretBounds
import RewardComparison

/// How a failed run ends: its exit code, and what standard error says.
struct Failure {
  let status: ExitStatus
  /// Without `error:` in front; `nil` for the quiet end of a run whose reader went away.
  let message: String?

  /// The one place where an error becomes an exit code.
  init(_ error: any Error, control: RunControl) {
    switch error {
    case let error as CommandError:
      status = error.status
      if case .readerGone = error { message = nil } else { message = error.description }
    case let error as InputError:
      status = error.kind == .cannotOpen ? .cannotOpenInput : .malformedInput
      message = error.description
    case let error as ModelError where error.isLimit:
      // No fault of the input.
      status = .stopped
      message = error.description
    case let error as ModelError:
      // A generated model that is too large; what is wrong with a file is an `InputError`.
      status = .usage
      message = error.description
    case let error as FamilyError:
      status = .usage
      message = error.description
    case let error as WriteError:
      status = .usage
      message = error.description
    case let error as LinearProgramError:
      // What a format cannot hold; what is wrong with a file is an `InputError`.
      status = .usage
      message = error.description
    case let error as SolverError where error.isLimit:
      // No fault of the input.
      status = .stopped
      message = error.description
    case let error as SolverError:
      // What the arguments ask for does not fit the model.
      status = .usage
      message = error.description
    case let error as BoundError:
      // What is wrong with the numbers of a bound has become a `CommandError`.
      status = .usage
      message = error.description
    case let error as LearningError:
      // What the arguments ask of a learner does not fit the model.
      status = .usage
      message = error.description
    case let error as ExpressError:
      // The one case that is no fault of the input: the limit of --max-policies.
      status = .stopped
      message = error.description
    case let error as ComparisonError where error == .outOfRange:
      // No fault of the input either: exact numbers are to be had.
      status = .stopped
      message = error.description
    case let error as Interrupted:
      status = .stopped
      message = control.stopMessage(for: error.reason)
    default:
      status = .defect
      message = "this is a defect in Rationale; please report it: \(error)"
    }
  }
}

extension SolverError {
  /// Whether the question makes sense, but its formula needs more room than it may take.
  fileprivate var isLimit: Bool {
    switch self {
    case .formulaTooLarge, .formulaNotProved: true
    default: false
    }
  }
}

extension CommandError {
  fileprivate var status: ExitStatus {
    switch self {
    case .usage: .usage
    case .unfit: .malformedInput
    case .cannotCreate: .cannotCreateOutput
    case .writeFailed: .writeFailed
    case .readerGone: .answered
    }
  }
}
