import ExactArithmetic

// The parameters that many bounds share; each bound takes those it needs and may change a range.
extension Parameter {
  static let states = Parameter("S", "states", unit: .states, .integer(atLeast: 1))
  static let actions = Parameter("A", "actions", unit: .actions, .integer(atLeast: 1))
  static let horizon = Parameter("H", "steps of an episode", unit: .steps, .integer(atLeast: 1))
  static let episodes = Parameter("K", "episodes", unit: .episodes, .integer(atLeast: 1))
  static let steps = Parameter("T", "steps", unit: .steps, .integer(atLeast: 1))
  static let dimension = Parameter(
    "d", "dimension of the features", unit: .dimensions, .integer(atLeast: 1))
  static let samples = Parameter("n", "samples", unit: .samples, .integer(atLeast: 1))
  static let vectors = Parameter("n", "vectors", unit: .vectors, .integer(atLeast: 1))
  static let delta = Parameter(
    "delta", "probability of failure", unit: .probability, .openUnitInterval)
  static let epsilon = Parameter("epsilon", "accuracy", unit: .reward, .positive)
  static let discount = Parameter("gamma", "discount", .halfOpenUnitInterval)
  static let cap = Parameter("M", "cap on the optimal values", unit: .reward, .positive)
  static let featureNorm = Parameter(
    "L2", "largest squared norm of a feature of a V in [0,1]", unit: .squaredNorm, .atLeast(0))
  static let parameterNorm = Parameter(
    "B2", "bound on the squared norm of the parameter", unit: .squaredNorm, .atLeast(0))
  static let vectorNorm = Parameter(
    "X2", "bound on the squared norms of the vectors", unit: .squaredNorm, .atLeast(0))
  static let regularisation = Parameter("lambda", "regularisation", .positive)
  static let sides = Parameter("sides", "tails that are bounded", .sides)
  static let range = Parameter(
    "range", "length of an interval that holds each term", unit: .reward, .atLeast(0))
  static let variance = Parameter("variance", "variance", unit: .squaredReward, .atLeast(0))
  static let difference = Parameter("b", "bound on a difference", unit: .reward, .atLeast(0))
  static let noise = Parameter("R", "bound on the noise", unit: .reward, .atLeast(0))
  static let diameter = Parameter("D", "diameter", unit: .steps, .atLeast(1))
  static let span = Parameter(
    "span", "span of the bias", unit: .reward, .atLeast(0), aliases: ["sp"])
  static let grid = Parameter("grid", "grid of the rounded values", unit: .reward, .atLeast(0))
    .byDefault(0)

  /// `λ = L2 M²`, and 1 where that is 0.
  static func defaultRegularisation(_ scale: Formula) -> Parameter {
    regularisation.byDefault(
      .choice(Formula.Comparison(left: scale, relation: .equal, right: 0), 1, otherwise: scale))
  }
}

/// Short forms for writing formulas.
enum Symbols {
  static func root(_ argument: Formula) -> Formula { .root(argument) }
  static func log(_ argument: Formula) -> Formula { .logarithm(argument) }
  static func log2(_ argument: Formula) -> Formula { .binaryLogarithm(argument) }

  static let delta: Formula = "delta"
  static let lambda: Formula = "lambda"
  static let epsilon: Formula = "epsilon"
  static let gamma: Formula = "gamma"

  /// `log(sides/δ)`.
  static let level: Formula = log("sides" / delta).named("ℓ", latex: "\\ell")
}
