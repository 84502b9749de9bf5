import ArgumentParser
import ExactArithmetic
import RegretBounds

/// The options of `rationale bounds` that belong to named bounds.
struct CatalogueOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      """
      The bound; or, with --model, a question about it: \(BoundsCommand.ModelQuestion.names).
      """))
  var name: String?

  @Flag(help: "List all bounds, or explain the one that is named.")
  var list = false

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A parameter; repeat it for each.", valueName: "key=value"))
  var parameter: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Evaluate the bound along a parameter, as in T=1e3..1e9.", valueName: "key=low..high"))
  var sweep: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The points of a sweep.", valueName: "n"))
  var points = 61

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draw the sweep as SVG on logarithmic axes.", valueName: "file"))
  var plot: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Find the least number for this parameter at which the bound meets --target.",
      valueName: "key"))
  var least: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What the bound has to be at most, for --least.", valueName: "q"))
  var target: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Divide the bound by this parameter first, as in --per T for an average.", valueName: "key"))
  var per: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Find where the bound and this one change their order, along --over.", valueName: "name"))
  var crossover: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The parameter along which two bounds cross.", valueName: "key"))
  var over: String?

  @Flag(help: "Show formulas in LaTeX.")
  var latex = false

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A model whose kernel is a part of the mixture; repeat it for each.", valueName: "file"))
  var basis: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A file of features: of the transitions, instead of --basis; of the pairs, for linear-model.",
      valueName: "file"))
  var features: String?

  @Option(
    name: .customLong("class"), parsing: .unconditional,
    help: ArgumentHelp("A file of hypotheses, for finite-class.", valueName: "file"))
  var classFile: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The scale of the eluder dimension (default: all positive ones).", valueName: "q"))
  var scale: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A file of played steps, for finite-class: also the coefficients of this trace.",
      valueName: "file"))
  var trace: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The additive constant of the dominance coefficient of --trace (default: 0).",
      valueName: "q"))
  var additive: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How often data show each pair, for coverage (default: all equally).", valueName: "file"))
  var data: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The steps of mixing that are shown.", valueName: "n"))
  var steps = 20

  /// The question about a named bound; one at most.
  enum Question {
    case value
    case sweep(String)
    case least(String, target: String)
    case crossover(String, over: String)
  }

  /// Whether something is asked that needs no model.
  var isNamed: Bool { name != nil || list }

  func validate() throws {
    guard (2...Sweep.mostPoints).contains(points) else {
      throw ValidationError(
        "--points is \(points), but it has to be between 2 and \(Sweep.mostPoints)")
    }
    if plot != nil, sweep == nil { throw ValidationError("--plot needs --sweep") }
    if name == nil {
      let given: [(String, Bool)] = [
        ("--parameter", !parameter.isEmpty), ("--sweep", sweep != nil), ("--least", least != nil),
        ("--crossover", crossover != nil), ("--basis", !basis.isEmpty),
        ("--features", features != nil), ("--class", classFile != nil), ("--scale", scale != nil),
        ("--trace", trace != nil), ("--data", data != nil),
      ]
      if let first = given.first(where: \.1) {
        throw ValidationError("\(first.0) needs the name of a bound; --list lists them")
      }
    }
    if additive != nil, trace == nil { throw ValidationError("--additive needs --trace") }
    _ = try question()
  }

  func question() throws -> Question {
    guard [sweep, least, crossover].filter({ $0 != nil }).count <= 1 else {
      throw ValidationError("--sweep, --least and --crossover exclude each other")
    }
    guard (least == nil) == (target == nil) else {
      throw ValidationError("--least and --target belong together")
    }
    guard (crossover == nil) == (over == nil) else {
      throw ValidationError("--crossover and --over belong together")
    }
    if per != nil, least == nil { throw ValidationError("--per needs --least") }
    if let sweep { return .sweep(sweep) }
    if let least, let target { return .least(least, target: target) }
    if let crossover, let over { return .crossover(crossover, over: over) }
    return .value
  }
}
