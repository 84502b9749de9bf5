import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Checks the answer of a search for a reward machine.
struct MachineAnswerCheck {
  private let document: ExpressAnswerDocument
  private let search: WrittenSearch
  private let task: ExpressTask
  private let progress: ProgressHandler

  init(
    _ document: ExpressAnswerDocument, _ search: WrittenSearch, _ task: ExpressTask,
    _ progress: ProgressHandler
  ) throws(CheckFailure) {
    self.document = document
    self.search = search
    self.task = task
    self.progress = progress
    let isFree =
      task.formalism == .markovReward || (task.formalism == .rewardMachine && task.machine == nil)
    try require(
      isFree && document.formalism == .rewardMachine,
      "machineInput: a machine is searched for tasks in MR, or in RM without a machine, and the"
        + " answer is one in RM")
  }

  func verdict() throws(CheckFailure) -> Verdict {
    let machine = try writtenMachine()
    let check = ExpressCheck(
      document: document, task: task.asking(for: .rewardMachine, machine: machine),
      progress: progress)
    switch document.outcome {
    case .noMachine(let refutation):
      try requireKind()
      try require(
        machine == nil && refutation.stateCount == search.stateCount,
        "machineStates: the certificate is about machines with \(refutation.stateCount) states")
      try requireRefutation(refutation, check, "certificate")
      return .accepted(
        statement: "no reward machine with at most \(states(refutation.stateCount)) that reads"
          + " \(search.alphabet.rawValue) meets the requirements of the task", warnings: [])
    case .reward:
      return try accepted(with: machine, check)
    default:
      try require(machine == nil, "machine: there is one, but no reward on it")
      return try check.verdict()
    }
  }

  private func accepted(
    with machine: RewardMachine?, _ check: ExpressCheck
  ) throws(CheckFailure) -> Verdict {
    guard let machine else { throw .rejected("machine: the answer has none") }
    try require(
      machine.states.count == search.stateCount,
      "machineStates: the machine has \(machine.states.count) states")
    var verdict = try check.verdict()
    guard case .accepted(let statement, let warnings) = verdict else { return verdict }
    var claim = "with the machine of the answer, of \(states(machine.states.count)), \(statement)"
    if let smaller = search.smaller {
      try require(
        smaller.stateCount == machine.states.count - 1,
        "smaller: it is about machines with \(smaller.stateCount) states")
      try requireRefutation(smaller, check, "smaller")
      claim += "; no machine with fewer states that reads \(search.alphabet.rawValue) does"
    }
    verdict = .accepted(statement: claim, warnings: warnings)
    return verdict
  }

  private func states(_ count: Int) -> String { count == 1 ? "1 state" : "\(count) states" }

  private func requireKind() throws(CheckFailure) {
    try require(
      document.kind == task.kind,
      "kind: the answer is to '\(document.kind.rawValue)', the task is '\(task.kind.rawValue)'")
    try require(
      (document.rewardSupport ?? task.rewardSupport) == task.rewardSupport,
      "rewardOn: the task says '\(task.rewardSupport.rawValue)'")
  }

  private func requireRefutation(
    _ refutation: WrittenRefutation, _ check: ExpressCheck, _ place: String
  ) throws(CheckFailure) {
    guard case .fixed(let discount)? = task.discount else {
      throw .rejected("discount: the task does not fix one")
    }
    try require(
      (document.discount ?? discount) == discount,
      "discount: the answer has another one than the task, \(discount)")
    var walk = try MachineRefutationCheck(
      check, discount: discount, search.alphabet, refutation.conflicts, place)
    try walk.requireRefutation(ofAllWith: refutation.stateCount)
  }

  private func writtenMachine() throws(CheckFailure) -> RewardMachine? {
    let reader = TaskReader(
      fields: document.fields, model: task.model, limits: document.limits, path: "-")
    do throws(InputError) {
      return try reader.machine()
    } catch {
      throw .rejected("\(error.place ?? "machine"): \(error.problem)")
    }
  }
}
