import ArgumentParser
import MarkovDecisionProcesses

/// The options of all families; the family itself reads and checks their text.
struct FamilyArguments: ParsableArguments {
  @Option(parsing: .unconditional, help: help("states")) var states: String?
  @Option(parsing: .unconditional, help: help("seed")) var seed: String?
  @Option(parsing: .unconditional, help: help("discount")) var discount: String?
  @Option(parsing: .unconditional, help: help("actions")) var actions: String?
  @Option(parsing: .unconditional, help: help("branching")) var branching: String?
  @Option(parsing: .unconditional, help: help("denominator")) var denominator: String?
  @Option(parsing: .unconditional, help: help("rewards")) var rewards: String?
  @Option(parsing: .unconditional, help: help("width")) var width: String?
  @Option(parsing: .unconditional, help: help("height")) var height: String?
  @Option(parsing: .unconditional, help: help("slip")) var slip: String?
  @Option(parsing: .unconditional, help: help("step-cost")) var stepCost: String?
  @Option(parsing: .unconditional, help: help("goal-reward")) var goalReward: String?
  @Option(parsing: .unconditional, help: help("holes")) var holes: String?
  @Option(parsing: .unconditional, help: help("bias")) var bias: String?
  @Option(parsing: .unconditional, help: help("classes")) var classes: String?
  @Flag(help: help("zero-cycles")) var zeroCycles = false
  @Option(parsing: .unconditional, help: help("gap-exponent")) var gapExponent: String?
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A parameter of a hard family; repeat it for each. \(parameterHelp)", valueName: "name=value")
  )
  var parameter: [String] = []

  /// The text of every option that was given, by its name without dashes.
  func texts() throws(CommandError) -> [String: String] {
    let given: [(String, String?)] = [
      ("states", states), ("seed", seed), ("discount", discount), ("actions", actions),
      ("branching", branching), ("denominator", denominator), ("rewards", rewards),
      ("width", width), ("height", height), ("slip", slip), ("step-cost", stepCost),
      ("goal-reward", goalReward), ("holes", holes), ("bias", bias), ("classes", classes),
      ("gap-exponent", gapExponent), ("zero-cycles", zeroCycles ? "true" : nil),
    ]
    var texts = Dictionary(
      uniqueKeysWithValues: given.compactMap { name, text in
        text.map { (name, $0) }
      })
    for text in parameter {
      guard let equals = text.firstIndex(of: "=") else {
        throw .usage("--parameter: '\(text)' has no '='; write it as in --parameter H=4")
      }
      let name = String(text[..<equals])
      guard ModelFamily.options.contains(where: { $0.isParameter && $0.name == name }) else {
        throw .usage(
          "--parameter: there is no parameter '\(name)'; there are: "
            + ModelFamily.options.filter(\.isParameter).map(\.name).joined(separator: ", "))
      }
      texts[name] = String(text[text.index(after: equals)...])
    }
    return texts
  }

  private static let parameterHelp = ModelFamily.options.filter(\.isParameter)
    .map { "\($0.name): \($0.help)." }.joined(separator: " ")

  private static func help(_ name: String) -> ArgumentHelp {
    ArgumentHelp(
      stringLiteral: ModelFamily.options.first { $0.name == name }?.help ?? "")
  }
}
