import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Files that say something of the choices of a model, with states and actions by name or by index.
public enum ChoiceFile {
  /// The most numbers of all features together: more is a mistake, and could exhaust the memory.
  private static let mostNumbers = 10_000_000

  /// Features of pairs, one vector a choice: `{"format": "rationale-pair-features", "version",
  /// "dimension", "features": [[s, a, [numbers]], …]}`; what is not listed is 0.
  ///
  /// - Throws: ``InputError`` with the place in the file.
  public static func features(
    _ path: String, for model: FiniteMDP, limits: NumberLimits = .standard
  ) throws(InputError) -> [[Rational]] {
    let (reader, root) = try open(path, model, limits)
    let members = try reader.members(
      root, format: "rationale-pair-features", keys: ["dimension", "features"])
    let dimension = try reader.dimension(members)
    guard model.choiceCount <= mostNumbers / dimension else {
      throw reader.error(
        "\(dimension) numbers for each of \(model.choiceCount) pairs are more than \(mostNumbers)",
        at: "dimension")
    }
    let zero = [Rational](repeating: 0, count: dimension)
    var features = Array(repeating: zero, count: model.choiceCount)
    try reader.eachChoice(of: "features", in: members, "[state, action, [numbers]]") {
      (choice, node, path) throws(InputError) in
      features[choice] = try reader.vector(node, count: dimension, at: path)
    }
    return features
  }

  /// How often data show each choice: `{"format": "rationale-data", "version", "weights":
  /// [[s, a, number], …]}`; counts or probabilities, which are divided by their sum.
  ///
  /// - Returns: one entry a choice, of sum 1; what is not listed is 0.
  /// - Throws: ``InputError`` with the place in the file.
  public static func weights(
    _ path: String, for model: FiniteMDP, limits: NumberLimits = .standard
  ) throws(InputError) -> [Rational] {
    let (reader, root) = try open(path, model, limits)
    let members = try reader.members(root, format: "rationale-data", keys: ["weights"])
    var weights = [Rational](repeating: 0, count: model.choiceCount)
    try reader.eachChoice(of: "weights", in: members, "[state, action, number]") {
      (choice, node, path) throws(InputError) in
      let weight = try reader.number(node, at: path)
      guard !weight.isNegative else {
        throw reader.error("a weight is at least 0, and this is \(weight)", at: path)
      }
      weights[choice] = weight
    }
    let sum = weights.reduce(Rational.zero, +)
    guard !sum.isZero else { throw reader.error("the weights are all 0", at: "weights") }
    return weights.map { $0 / sum }
  }

  /// The steps that a learner played among `hypotheses`: `{"format": "rationale-trace", "version",
  /// "steps": [[s, a, hypothesis], …]}`, hypotheses by their number from 0 on.
  ///
  /// - Returns: each step at the point of the error table where the hypothesis predicts itself.
  /// - Throws: ``InputError`` with the place in the file.
  public static func trace(
    _ path: String, of hypotheses: HypothesisClass, limits: NumberLimits = .standard
  ) throws(InputError) -> [TraceCoefficients.Step] {
    let (reader, root) = try open(path, hypotheses.models[0], limits)
    let members = try reader.members(root, format: "rationale-trace", keys: ["steps"])
    let list = try reader.array(try reader.required("steps", members), at: "steps")
    let count = hypotheses.models.count
    var steps: [TraceCoefficients.Step] = []
    steps.reserveCapacity(list.count)
    for (place, node) in list.enumerated() {
      let path = "steps[\(place)]"
      let parts = try reader.parts(node, "[state, action, hypothesis]", count: 3, at: path)
      let choice = try reader.choice(parts, at: path)
      guard case .number(let text) = parts[2].kind, let played = Int(text),
        (0..<count).contains(played)
      else {
        throw reader.error(
          "expected a hypothesis from 0 to \(count - 1), found \(reader.shown(parts[2]))",
          at: "\(path)[2]")
      }
      steps.append(
        TraceCoefficients.Step(
          hypothesis: played, point: hypotheses.point(of: choice, predicted: played)))
    }
    return steps
  }

  private static func open(
    _ path: String, _ model: FiniteMDP, _ limits: NumberLimits
  ) throws(InputError) -> (ModelListReader, JSONNode) {
    let document = try JSONDocument.read(path)
    return (
      ModelListReader(model, file: InputFile.name(of: path), limits: limits), document.root
    )
  }
}

extension ModelListReader {
  /// Hands on the third part of each entry, with the choice of the first two, which is listed once.
  fileprivate func eachChoice(
    of key: String, in members: [String: JSONNode], _ shape: String,
    _ body: (_ choice: Int, _ node: JSONNode, _ path: String) throws(InputError) -> Void
  ) throws(InputError) {
    var seen: Set<Int> = []
    for (place, node) in try array(try required(key, members), at: key).enumerated() {
      let path = "\(key)[\(place)]"
      let parts = try parts(node, shape, count: 3, at: path)
      let choice = Int(try choice(parts, at: path).index)
      guard seen.insert(choice).inserted else {
        throw error("this pair is listed twice", at: path)
      }
      try body(choice, parts[2], "\(path)[2]")
    }
  }
}
