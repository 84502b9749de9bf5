import ArgumentParser
import MDPSolvers
import MarkovDecisionProcesses

/// `rationale automaton`: the automaton of a formula, for other tools.
struct AutomatonCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "automaton",
    abstract: "Writes a deterministic automaton of a formula of temporal logic in the HOA format.",
    discussion: """
      The automaton is complete, has marks on its edges and some condition of Inf and Fin; solve \
      --objective ltl --automaton reads it, and so do Spot and Owl. With --finite or --end the \
      formula is one on finite traces (WX is the weak next), and the automaton accepts the runs \
      with such a trace.

      Example:
        rationale automaton 'G F a & G !b' --output patrol.hoa
        rationale solve robot.json --objective ltl --automaton patrol.hoa
        rationale automaton 'F (a & X b)' --finite
      """)

  static let _errorPrefix = "error: "

  /// A formula on finite traces is translated letter by letter.
  private static let maximumTracePropositions = 12

  @Argument(help: "The formula, as in 'G (a -> F b)'.")
  var formula: String

  @Flag(help: "On finite traces: some prefix of the run has to satisfy the formula.")
  var finite = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "On finite traces: the trace ends with the first position that has this label.",
      valueName: "label"))
  var end: String?

  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("Where the automaton goes (default: standard output).", valueName: "file"))
  var output: String?

  @OptionGroup var limits: LimitOptions

  func validate() throws {
    if finite, end != nil {
      throw ValidationError("--finite and --end are two different ways to end a trace; give one")
    }
  }

  private var semantics: TraceSemantics {
    end.map { .ending(label: $0) } ?? (finite ? .somePrefix : .infinite)
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    let destination = try OutputDestination(output, control: control)
    control.enter("translating")
    let text = try automaton().hoa(name: formula)
    try destination.write { try $0(Array(text.utf8)) }
    return .answered
  }

  private func automaton() throws -> OmegaAutomaton {
    let parsed: TemporalFormula
    do throws(FormulaError) {
      parsed = try TemporalFormula(parsing: formula, semantics)
    } catch {
      throw SolverError.malformedFormula("\(error)")
    }
    guard semantics.isFinite else { return try OmegaAutomaton(of: parsed) }
    let propositions = semantics.propositions(of: parsed)
    guard propositions.count <= Self.maximumTracePropositions else {
      throw CommandError.usage(
        "the formula has \(propositions.count) propositions, but one on finite traces is"
          + " translated with at most \(Self.maximumTracePropositions)")
    }
    return try OmegaAutomaton(
      ofTraces: parsed, semantics,
      letters: (0..<1 << propositions.count).map { AutomatonLetter($0) })
  }
}
