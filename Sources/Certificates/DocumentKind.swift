import ExactJSON

/// What a JSON file says it is, by its field `format`.
public enum DocumentKind: String, Sendable, CaseIterable {
  case model = "rationale-mdp"
  case certificate = "rationale-certificate"
  case solution = "rationale-solution"
  case linearProgramSolution = "rationale-lp-solution"
  case task = "rationale-task"
  case expressivity = "rationale-expressivity"
  case paretoFront = "rationale-pareto"
  case comparison = "rationale-comparison"
  case rewardAnswer = "rationale-reward-answer"
  case machine = "rationale-machine"
  case machineAnswer = "rationale-machine-answer"

  /// What the document says it is, or `nil` when it says nothing that is known here.
  public init?(_ document: JSONDocument) {
    guard case .string(let format)? = document.root["format"]?.kind else { return nil }
    self.init(rawValue: format)
  }

  /// What the bytes of a file say it is; `nil` also when they are no JSON.
  public init?(bytes: [UInt8]) {
    guard let document = try? JSONDocument(parsing: bytes) else { return nil }
    self.init(document)
  }

  /// As in a sentence: "the file is …".
  public var article: String {
    switch self {
    case .model: "a model"
    case .certificate: "a certificate"
    case .solution: "a solution"
    case .linearProgramSolution: "an answer of a linear program"
    case .task: "a task of reward design"
    case .expressivity: "an answer to a task of reward design"
    case .paretoFront: "a Pareto front"
    case .comparison: "a comparison of rewards"
    case .rewardAnswer: "an answer to a question about rewards"
    case .machine: "a reward machine"
    case .machineAnswer: "an answer about reward machines"
    }
  }

  /// The message for a file that stands where another kind belongs, or `nil` when the file does
  /// not say that it is of another kind.
  ///
  /// For the command: when reading the model fails, the reason may be that the two arguments of
  /// `check` are exchanged.
  ///
  /// - Parameters:
  ///   - bytes: the content of the file that was given as the model.
  ///   - file: its name, for the message.
  public static func errorIfNoModel(bytes: [UInt8], file: String) -> InputError? {
    guard let kind = DocumentKind(bytes: bytes), kind != .model else { return nil }
    return InputError(
      file: file, place: "format",
      problem: "this file is \(kind.article) ('\(kind.rawValue)'), but a model "
        + "('\(DocumentKind.model.rawValue)') is expected here: the model comes first, "
        + "then the certificate")
  }
}
