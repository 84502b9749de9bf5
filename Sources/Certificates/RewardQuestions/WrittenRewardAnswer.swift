import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// An answer to a question about rewards as its file holds it, before it meets a model.
struct WrittenRewardAnswer: Sendable {
  /// The question and the answer in terms of the model's states and actions.
  typealias Fit = @Sendable (FiniteMDP) throws(CheckFailure) -> RewardQuestion

  let discount: Rational
  let direction: Direction
  let initial: [(state: Reference, probability: Rational)]?
  private let fit: Fit

  static let commonKeys = ["format", "version", "question", "discount", "direction", "initial"]

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    discount = try fields.required("discount", read.number)
    direction = try fields.optional("direction", read.direction) ?? .maximize
    initial = try fields.optional("initial", read.initialLaw)
    let question: RewardQuestion.Name = try fields.required("question", read.named)
    let reader = RewardAnswerReader(fields: fields, read: read)
    fit =
      switch question {
      case .hackable: try reader.hackability()
      case .hackableOnSet: try reader.policySet()
      case .simplification: try reader.simplification()
      case .auxiliary: try reader.auxiliary()
      case .blend: try reader.blend()
      case .design: try reader.design()
      case .nearest: try reader.nearest()
      }
  }

  func fitted(to model: FiniteMDP) throws(CheckFailure) -> RewardAnswer {
    RewardAnswer(
      discount: discount, direction: direction,
      initial: try initial.map { (law) throws(CheckFailure) in try model.law(law) },
      question: try fit(model))
  }

  func verify(
    against model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      let answer = try fitted(to: model)
      return .accepted(
        statement: try RewardQuestionCheck(answer, model, progress).statement(),
        warnings: warnings(about: discount, in: model))
    }
  }
}

/// Reads the fields of one question.
struct RewardAnswerReader {
  let fields: DocumentFields
  let read: EntryReader

  func requireKeys(
    _ keys: [String], decimals: [String] = []
  ) throws(InputError) {
    try fields.requireKeys(among: WrittenRewardAnswer.commonKeys + keys, decimals: decimals)
  }

  func texts(_ key: String, count: Int) throws(InputError) -> [String] {
    let names = try fields.required(key) { (node: JSONNode) throws(Malformed) in
      try read.list(node, of: read.text)
    }
    guard names.count == count else {
      throw fields.error("\(count) names are expected, but there are \(names.count)", at: key)
    }
    return names
  }
}

extension EntryReader {
  /// Pairs `[state, action]`.
  func choices(_ node: JSONNode) throws(Malformed) -> [(state: Reference, action: Reference)] {
    try list(node) { (node) throws(Malformed) in
      guard case .array(let parts) = node.kind, parts.count == 2 else {
        throw node.expected("[state, action]")
      }
      return (
        try inside("[0]", reference, parts[0]), try inside("[1]", reference, parts[1])
      )
    }
  }
}

/// A policy with its occupancy as a file holds it.
struct WrittenTracedPolicy: Sendable {
  private let policy: WrittenComparison.WrittenPolicy
  private let occupancy: [WrittenOccupancyEntry]?

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    policy = try fields.required("policy", read.stochasticPolicy)
    occupancy = try fields.optional("occupancy", read.occupancy)
  }

  func fitted(to model: FiniteMDP, _ field: String) throws(CheckFailure) -> TracedPolicy {
    TracedPolicy(
      policy: try model.policy(policy, isComplete: false, field),
      occupancy: try occupancy.map { (entries) throws(CheckFailure) in
        try OccupancyEntries(entries, in: model, "\(field)Occupancy")
      })
  }
}

extension FiniteMDP {
  /// Pairs of states and actions as choices, ascending, none twice.
  func choices(
    _ written: [(state: Reference, action: Reference)], _ field: String
  ) throws(CheckFailure) -> [Choice] {
    var choices: [Choice] = []
    for (reference, action) in written {
      choices.append(try choice(action, at: try state(reference, in: field), in: field))
    }
    let sorted = choices.sorted { $0.index < $1.index }
    try require(
      zip(sorted, sorted.dropFirst()).allSatisfy { $0 != $1 }, "\(field): a pair is listed twice")
    return sorted
  }
}
