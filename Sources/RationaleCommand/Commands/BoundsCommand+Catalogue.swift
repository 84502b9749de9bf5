import ArgumentParser
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import RegretBounds
import Reports

// Named bounds: their values, sweeps, inversions, crossovers.
extension BoundsCommand {
  /// Answers what is asked of the catalogue.
  func runCatalogue(_ control: RunControl) throws -> ExitStatus {
    let output = try OutputDestination(report.output, control: control)
    if let question = catalogue.name.flatMap(ModelQuestion.init(rawValue:)), !catalogue.list {
      return try run(question, output, control)
    }
    guard model == nil else {
      throw CommandError.usage(
        "--model stands alone or with \(ModelQuestion.names); a named bound takes --parameter")
    }
    if catalogue.list {
      let bounds = try catalogue.name.map { [try BoundCatalogue.bound(named: $0)] }
      let shown = BoundListReport(bounds ?? BoundCatalogue.all)
      try output.write { try report.format.write(shown, to: $0) }
      return .answered
    }
    guard let name = catalogue.name else { throw CommandError.usage("no bound is named") }
    let bound = try BoundCatalogue.bound(named: name)
    do {
      try answer(bound, output, control)
    } catch let error as BoundError {
      throw CommandError(error, bound: name)
    }
    return .answered
  }

  private func answer(
    _ bound: Bound, _ output: OutputDestination, _ control: RunControl
  ) throws {
    let parameters = try ParameterText.numbers(catalogue.parameter, limits: reading.limits)
    control.enter("evaluating")
    switch try catalogue.question() {
    case .value:
      var options = BoundReport.Options()
      options.decimals = report.decimals
      options.showsLatex = catalogue.latex
      let shown = try BoundReport(bound, at: parameters, options: options)
      try output.write { try report.format.write(shown, to: $0) }
    case .sweep(let text): try sweep(bound, text, parameters, output, control)
    case .least(let key, let text):
      let target = try ExactNumberText(option: "--target", text: text)
        .value(limits: reading.limits)
      let answer = try bound.certified().least(
        key, with: parameters, target: target, per: catalogue.per)
      let shown = BoundSearchReport(
        bound, parameter: key, answer: answer,
        question: .least(target: target, divisor: catalogue.per))
      try output.write { try report.format.write(shown, to: $0) }
    case .crossover(let name, let key):
      try crossover(bound, with: try BoundCatalogue.bound(named: name), key, parameters, output)
    }
  }

  private func sweep(
    _ bound: Bound, _ text: String, _ parameters: [String: Rational], _ output: OutputDestination,
    _ control: RunControl
  ) throws {
    let picture = try catalogue.plot.map { path throws(CommandError) in
      try OutputDestination(path, control: control)
    }
    if let picture, picture.isSame(as: output) {
      throw CommandError.usage("--plot and the answer both go to \(output.name)")
    }
    let (key, range) = try ParameterText.range(text, limits: reading.limits)
    let sweep = try Sweep(
      of: bound, over: key, parameters, range: range, count: catalogue.points,
      progress: control.progress)
    control.enter("writing")
    try picture?.write { try SweepPlot(sweep).writeSVG(to: $0) }
    let shown = SweepReport(sweep, decimals: report.decimals)
    try output.write { try report.format.write(shown, to: $0) }
  }

  /// Each of the two bounds takes those of the parameters that it has.
  private func crossover(
    _ bound: Bound, with other: Bound, _ key: String, _ parameters: [String: Rational],
    _ output: OutputDestination
  ) throws {
    func own(_ bound: Bound) -> [String: Rational] {
      parameters.filter { bound.description.parameter(named: $0.key) != nil }
    }
    for name in parameters.keys.sorted() where own(bound)[name] == nil && own(other)[name] == nil {
      throw BoundError.unknownParameter(
        name, bound: bound.name, known: bound.description.parameters.map(\.name))
    }
    let (at, isSmaller) = try bound.certified().crossover(
      with: other.certified(), over: key, own(bound), own(other))
    let shown = BoundSearchReport(
      bound, parameter: key, answer: at,
      question: .crossover(with: other.name, isSmallerAfter: isSmaller))
    try output.write { try report.format.write(shown, to: $0) }
  }
}

extension CommandError {
  /// What a bound refuses: the typing of its parameters is usage, their values are input.
  init(_ error: BoundError, bound: String) {
    switch error {
    case .unknownBound, .unknownParameter, .parameterTwice, .malformed, .isRate:
      self = .usage(error.description)
    case .missing(let parameter):
      self = .usage("'\(bound)' needs the parameter '\(parameter)': --parameter \(parameter)=…")
    case .outOfRange(let parameter, _, _):
      self = .unfit(file: bound, place: parameter, problem: error.description)
    case .conditionViolated:
      self = .unfit(file: bound, place: "condition", problem: error.description)
    case .cannotEvaluate, .notFound:
      self = .unfit(file: bound, place: "value", problem: error.description)
    case .unfit(let place, let problem): self = .unfit(file: bound, place: place, problem: problem)
    }
  }
}
