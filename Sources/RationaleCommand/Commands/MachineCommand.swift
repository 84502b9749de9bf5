import ArgumentParser
import Certificates
import ExactArithmetic
import Expressivity
import MarkovDecisionProcesses
import Reports

/// `rationale machine`: questions about reward machines on a model.
struct MachineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "machine",
    abstract: "Asks about reward machines: minimal, equivalent, Markov; writes that of a gate.",
    discussion: """
      A reward machine is a file {"format": "rationale-machine", "version": 1, "machine": …, \
      "reward": …}; the option --machine of the other commands takes the product of a model with \
      one. Every answer is exact and carries its own proof, which 'check' verifies.

      Example:
        rationale machine minimise robot.json tasks.json --minimal small.json
        rationale machine compare robot.json tasks.json small.json
        rationale machine markov robot.json tasks.json --discount 9/10
        rationale machine gate robot.json --low speed --outcome success --threshold 1 --end done
      """,
    subcommands: [
      MachineMinimiseCommand.self, MachineCompareCommand.self, MachineMarkovCommand.self,
      MachineGateCommand.self,
    ])

  static let _errorPrefix = "error: "
}

/// The first machine of every question.
struct MachineArgument: ParsableArguments {
  @Argument(help: "The reward machine's file.")
  var machine: String
}

/// Where the runs begin that a question is about.
struct StartOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Start in this state (default: the model's law).", valueName: "state"))
  var initial: String?

  /// The state that is given, if one is.
  func state(in model: FiniteMDP) throws(CommandError) -> State? {
    try ProblemOptions.state(initial, in: model)
  }
}

/// A question about reward machines on one model.
protocol MachineQuestionCommand: Subcommand {
  var model: ModelOptions { get }
  var first: MachineArgument { get }
  var output: RewardAnswerOptions { get }
  /// The machines that are asked about.
  var machines: [String] { get }
  /// A file for the machine of the answer.
  var minimal: String? { get }
  /// Where the runs begin, for questions where that matters.
  var start: StartOptions? { get }

  func answer(
    _ machine: PayingMachine, _ mdp: FiniteMDP, _ control: RunControl
  ) throws -> MachineAnswer
}

extension MachineQuestionCommand {
  var machines: [String] { [first.machine] }
  var minimal: String? { nil }
  var start: StartOptions? { nil }

  func run(_ control: RunControl) throws -> ExitStatus {
    guard ([model.model] + machines).count(where: { $0 == "-" }) < 2 else {
      throw CommandError.usage("only one of the files can be standard input")
    }
    try control.set(try output.limits.limits())
    let destination = try OutputDestination(output.report.output, control: control)
    var others: [OutputDestination] = []
    for path in [output.certificate, minimal] {
      guard let path else { continue }
      let other = try OutputDestination(path, control: control)
      for earlier in [destination] + others where other.isSame(as: earlier) {
        throw CommandError.usage("two outputs both go to \(other.name)")
      }
      others.append(other)
    }
    var mdp = try model.read(control).model
    let initial = try start?.state(in: mdp)
    if let initial { mdp = mdp.starting(at: initial) }
    let machine = try PayingMachine.read(first.machine, for: mdp, limits: model.limits)
    control.enter("solving")
    let answer = try answer(machine, mdp, control)
    control.enter("writing")
    let shown = MachineAnswerReport(
      answer, on: mdp, decimals: output.report.decimals, initial: initial)
    if output.certificate != nil { try others.first?.write { try shown.writeJSON(to: $0) } }
    if minimal != nil, case .minimal(let minimization, _) = answer {
      try others.last?.write {
        try MachineAnswerReport.write(minimization.minimal, on: mdp, to: $0)
      }
    }
    try destination.write { try output.report.format.write(shown, to: $0) }
    return .answered
  }
}

/// `rationale machine minimise`: the smallest machine that pays alike.
struct MachineMinimiseCommand: MachineQuestionCommand {
  static let configuration = CommandConfiguration(
    commandName: "minimise",
    abstract: "The machine with the fewest states that pays the same.",
    discussion: """
      The same on every sequence of steps of the model, also where one step does not end where \
      the next begins: a machine that reads only what can follow may be smaller.

      Example:
        rationale machine minimise robot.json tasks.json --minimal small.json
        rationale solve robot.json --machine small.json --reward machine
      """,
    aliases: ["minimize"])

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions
  @OptionGroup var first: MachineArgument

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write the minimal machine to this file, which --machine reads.", valueName: "file"))
  var minimal: String?

  @OptionGroup var output: RewardAnswerOptions

  func answer(
    _ machine: PayingMachine, _ mdp: FiniteMDP, _ control: RunControl
  ) throws -> MachineAnswer {
    .minimal(try machine.minimization(on: mdp, progress: control.progress), of: machine)
  }
}

/// `rationale machine compare`: do two machines pay the same?
struct MachineCompareCommand: MachineQuestionCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Whether two machines pay the same on every run, or a shortest run that shows not.",
    discussion: """
      Runs begin where the model begins, in every state if it has no initial law.

      Example:
        rationale machine compare robot.json tasks.json other.json
        rationale machine compare robot.json tasks.json other.json --initial dock
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions
  @OptionGroup var first: MachineArgument

  @Argument(help: "The second reward machine's file.")
  var other: String

  @OptionGroup var runs: StartOptions
  @OptionGroup var output: RewardAnswerOptions

  var machines: [String] { [first.machine, other] }
  var start: StartOptions? { runs }

  func answer(
    _ machine: PayingMachine, _ mdp: FiniteMDP, _ control: RunControl
  ) throws -> MachineAnswer {
    let second = try PayingMachine.read(other, for: mdp, limits: model.limits)
    return .comparison(
      try machine.comparison(with: second, on: mdp, progress: control.progress), first: machine,
      second: second)
  }
}

/// `rationale machine markov`: would a reward without memory do?
struct MachineMarkovCommand: MachineQuestionCommand {
  static let configuration = CommandConfiguration(
    commandName: "markov",
    abstract: "Whether a reward on the model's own states is worth the same for every policy.",
    discussion: """
      Policies may use the machine's state as memory, and the two values may differ by a \
      constant. The answer has that reward, or two uses of time that only the machine tells \
      apart, or where these are long a choice whose advantage only the machine tells apart. Only \
      what can be reached from the start counts.

      Example:
        rationale machine markov robot.json tasks.json --discount 9/10
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions
  @OptionGroup var first: MachineArgument

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The discount, an exact number such as 99/100 or 0.99 (default: the model's).",
      valueName: "q"))
  var discount: String?

  @OptionGroup var runs: StartOptions
  @OptionGroup var output: RewardAnswerOptions

  var start: StartOptions? { runs }

  func answer(
    _ machine: PayingMachine, _ mdp: FiniteMDP, _ control: RunControl
  ) throws -> MachineAnswer {
    let given = try ProblemOptions.discount(discount, allowsOne: false, limits: model.limits)
    guard let discount = given ?? mdp.discount else {
      throw CommandError.unfit(
        file: model.name, place: "discount",
        problem: "the question needs a discount, and the model has none: give one with "
          + "--discount, as in --discount 99/100")
    }
    return .markov(
      try machine.markov(on: mdp, discount: discount, progress: control.progress), of: machine,
      discount: discount)
  }
}
