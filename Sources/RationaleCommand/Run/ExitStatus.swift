/// The exit codes of `rationale`, from `sysexits.h` where a name there fits.
enum ExitStatus: Int32 {
  /// Answered, also when the answer is "no".
  case answered = 0
  /// `check` rejected the certificate; no other outcome has this code.
  case rejected = 1
  case usage = 64
  /// The input is malformed or breaks a rule.
  case malformedInput = 65
  case cannotOpenInput = 66
  /// A defect in Rationale.
  case defect = 70
  case cannotCreateOutput = 73
  case writeFailed = 74
  /// The time limit, the memory limit or a signal ended the run before its answer.
  case stopped = 75
}
