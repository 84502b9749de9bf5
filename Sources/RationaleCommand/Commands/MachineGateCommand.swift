import ArgumentParser
import ExactArithmetic
import MarkovDecisionProcesses
import Reports

/// `rationale machine gate`: a reward that counts only behind a good outcome, as a machine.
struct MachineGateCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Writes the machine that pays what was earned only where the outcome is good.",
    discussion: """
      With the step that ends a run the machine pays the outcome h of that step and, if h is at \
      least the threshold, the sum of the low reward of all steps of the run. Its states are the \
      sums, as many as there are; the smallest machine that pays alike is written. It is for runs \
      that begin where the model does, or at --initial: write another one for others.

      Example:
        rationale machine gate robot.json --low speed --outcome success --threshold 1 \
      --end done --output gate.json
        rationale solve robot.json --machine gate.json --reward machine --objective total \
      --goal done
        rationale machine markov robot.json gate.json --discount 9/10
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The reward that is earned on the way.", valueName: "reward"))
  var low: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The reward that is the outcome of the last step.", valueName: "reward"))
  var outcome: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The least outcome that opens the gate, exactly.", valueName: "q"))
  var threshold: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The label of the states that end a run.", valueName: "label"))
  var end: String

  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("Where the machine goes (default: standard output).", valueName: "file"))
  var output: String?

  @OptionGroup var runs: StartOptions
  @OptionGroup var limits: LimitOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    let least = try ExactNumberText(option: "--threshold", text: threshold)
      .value(limits: model.limits)
    let destination = try OutputDestination(output, control: control)
    var mdp = try model.read(control).model
    if let initial = try runs.state(in: mdp) { mdp = mdp.starting(at: initial) }
    let gate = RewardGate(low: low, outcome: outcome, threshold: least, end: end)
    let machine = try mdp.machine(of: gate).minimized(on: mdp, progress: control.progress)
    control.enter("writing")
    try destination.write { try MachineAnswerReport.write(machine, on: mdp, to: $0) }
    return .answered
  }
}
