import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A certificate or solution file that is well formed, before it meets a model.
///
/// Reading finds everything that is wrong with the file alone; ``verify(against:)`` finds
/// everything else.
public struct CertificateDocument: Sendable {
  /// What is in the file, by the family of its certificate's kind.
  enum Content: Sendable {
    case values(ValueDocument)
    case constrained(ConstrainedDocument)
    case paretoFront(ParetoFrontDocument)
    case undiscounted(UndiscountedDocument)
    case omegaRegular(OmegaRegularDocument)
    case blackwell(BlackwellDocument)
    case comparison(WrittenComparison)
    case distanceMatrix(WrittenDistanceMatrix)
    case enclosedComparison(WrittenEnclosedComparison)
    case comparisonCertificate(WrittenComparisonCertificate)
    case rewardAnswer(WrittenRewardAnswer)
    case machineAnswer(WrittenMachineAnswer)
  }

  let content: Content

  /// Reads the file at `path`, or standard input for `-`.
  ///
  /// A solution may hold its certificate, or name the file of it, `{"kind": …, "file": …}`,
  /// with a path that starts at the solution's folder.
  ///
  /// - Throws: ``InputError`` of the kind `malformed` for what is no certificate, and of the kind
  ///   `cannotOpen` when one of the two files cannot be read.
  /// - Complexity: linear in the size of the files but for the conversion of long numbers.
  public static func read(
    _ path: String, limits: NumberLimits = .standard
  ) throws(InputError) -> CertificateDocument {
    let document = try JSONDocument.read(path)
    return try CertificateDocument(document, path: path, EntryReader(limits: limits))
  }

  /// Reads the bytes of a file whose path is `path`.
  public static func read(
    bytes: [UInt8], path: String, limits: NumberLimits = .standard
  ) throws(InputError) -> CertificateDocument {
    let document = try parse(bytes, path)
    return try CertificateDocument(document, path: path, EntryReader(limits: limits))
  }

  private static func parse(
    _ bytes: [UInt8], _ path: String
  ) throws(InputError) -> JSONDocument {
    do throws(JSONError) {
      return try JSONDocument(parsing: bytes)
    } catch {
      throw InputError(error, file: InputFile.name(of: path))
    }
  }

  private init(
    _ document: JSONDocument, path: String, _ read: EntryReader
  ) throws(InputError) {
    let fields = try DocumentFields(document.root, file: InputFile.name(of: path))
    switch try fields.documentKind() {
    case .model: throw fields.modelInstead()
    case .task, .expressivity:
      throw fields.error(
        "this file is a task or an answer to one: the order is check TASK ANSWER", at: "format")
    case .linearProgramSolution:
      throw fields.error(
        "this file is \(DocumentKind.linearProgramSolution.article), which is checked against "
          + "that program, not against a model", at: "format")
    case .machine:
      throw fields.error(
        "this file is a reward machine, which proves nothing: the questions about it are those of"
          + " 'rationale machine', whose answers are checked", at: "format")
    case .paretoFront:
      try fields.requireVersion()
      content = .paretoFront(try ParetoFrontDocument(fields, read))
    case .comparison:
      try fields.requireVersion()
      content =
        if WrittenDistanceMatrix.isIn(fields, read) {
          .distanceMatrix(try WrittenDistanceMatrix(fields, read))
        } else if WrittenEnclosedComparison.isIn(fields) {
          .enclosedComparison(try WrittenEnclosedComparison(fields, read))
        } else {
          .comparison(try WrittenComparison(fields, read))
        }
    case .rewardAnswer:
      try fields.requireVersion()
      content = .rewardAnswer(try WrittenRewardAnswer(fields, read))
    case .machineAnswer:
      try fields.requireVersion()
      content = .machineAnswer(try WrittenMachineAnswer(fields, read))
    case .certificate:
      try fields.requireVersion()
      content = try Self.content(
        CertificateFields(own: fields, solution: nil, isEmbedded: false), solution: nil,
        announcedKind: nil, read)
    case .solution:
      try fields.requireVersion()
      let found = try CertificateFields.find(in: fields, path: path, read)
      content = try Self.content(
        found.fields, solution: fields, announcedKind: found.announcedKind, read)
    }
  }

  private static func content(
    _ fields: CertificateFields, solution: DocumentFields?, announcedKind: String?,
    _ read: EntryReader
  ) throws(InputError) -> Content {
    let kind = try fields.own.required("kind", read.text)
    if let kind = ConstrainedCertificate.Kind(rawValue: kind) {
      return .constrained(
        try ConstrainedDocument(
          fields, kind: kind, solution: solution, announcedKind: announcedKind, read))
    }
    if kind == OmegaRegularCertificate.kind {
      return .omegaRegular(
        try OmegaRegularDocument(
          fields, solution: solution, announcedKind: announcedKind, read))
    }
    if let kind = UndiscountedCertificateKind(rawValue: kind) {
      return .undiscounted(
        try UndiscountedDocument(
          fields, kind: kind, solution: solution, announcedKind: announcedKind, read))
    }
    if kind == BlackwellCertificate.kind {
      return .blackwell(
        try BlackwellDocument(
          fields, solution: solution, announcedKind: announcedKind, read))
    }
    if let kind = ComparisonCertificate.Kind(rawValue: kind) {
      return .comparisonCertificate(
        try WrittenComparisonCertificate(fields.own, kind: kind, read))
    }
    let content = try ValueDocument.Content(fields, read)
    return .values(
      ValueDocument(
        content: content,
        solution: try solution.map { (fields) throws(InputError) in
          try WrittenSolution(fields, kind: content.valuesKind, read)
        }, isEmbedded: fields.isEmbedded, announcedKind: announcedKind))
  }
}

/// A file whose certificate proves values at the states, or a point of a Pareto front.
struct ValueDocument: Sendable {
  /// The certificate itself, by what it proves.
  enum Content: Sendable {
    /// Values of one reward.
    case values(WrittenCertificate)
    case paretoPoint(WrittenParetoPoint)
  }

  let content: Content
  /// What the file claims beside, when it is a solution.
  let solution: WrittenSolution?
  /// Whether the certificate stands in the solution itself.
  let isEmbedded: Bool
  /// The kind that a solution says the certificate file has.
  let announcedKind: String?
}

extension ValueDocument.Content {
  init(_ fields: CertificateFields, _ read: EntryReader) throws(InputError) {
    if try fields.own.required("kind", read.text) == ParetoPointCertificate.kind {
      self = .paretoPoint(try WrittenParetoPoint(fields, read))
    } else {
      self = .values(try WrittenCertificate(fields, read))
    }
  }

  /// The kind that settles in which form a solution around it prints policies.
  var valuesKind: CertificateKind {
    switch self {
    case .values(let certificate): certificate.kind
    case .paretoPoint: .discountedExact
    }
  }
}

extension DocumentFields {
  /// What the document says it is.
  func documentKind() throws(InputError) -> DocumentKind {
    let expected =
      "'\(DocumentKind.certificate.rawValue)' or '\(DocumentKind.solution.rawValue)' is expected"
    guard let node = self["format"] else {
      throw error("the key 'format' is missing; \(expected)")
    }
    guard case .string(let text) = node.kind, let kind = DocumentKind(rawValue: text) else {
      let problem = node.expected("a certificate or a solution").problem
      throw error("\(problem); \(expected)", at: "format")
    }
    return kind
  }

  /// Checks that this object is a certificate of the version that is known.
  func requireCertificate() throws(InputError) {
    guard try documentKind() == .certificate else {
      throw error("'\(DocumentKind.certificate.rawValue)' is expected here", at: "format")
    }
    try requireVersion()
  }

  func modelInstead() -> InputError {
    error(
      "this file is a model ('\(DocumentKind.model.rawValue)'), but a certificate or a solution "
        + "is expected here: the model comes first, then the certificate", at: "format")
  }
}

extension CertificateFields {
  /// The certificate in a solution, or in the file that the solution names, with the kind that
  /// the solution says that file has.
  static func find(
    in solution: DocumentFields, path: String, _ read: EntryReader
  ) throws(InputError) -> (fields: CertificateFields, announcedKind: String?) {
    guard let node = solution["certificate"] else { throw solution.missing("certificate") }
    let inner = try DocumentFields(node, file: solution.file, path: "certificate")
    guard let file = try inner.optional("file", read.text) else {
      try inner.requireCertificate()
      return (CertificateFields(own: inner, solution: solution, isEmbedded: true), nil)
    }
    try inner.requireKeys(among: ["kind", "file"])
    let kind = try inner.required("kind", read.text)
    let place = resolve(file, besides: path)
    let document = try JSONDocument.read(place)
    let outer = try DocumentFields(document.root, file: InputFile.name(of: place))
    try outer.requireCertificate()
    return (CertificateFields(own: outer, solution: solution, isEmbedded: false), kind)
  }

  /// `file` as seen from the folder of the file at `path`.
  private static func resolve(_ file: String, besides path: String) -> String {
    guard !file.hasPrefix("/"), path != "-", let slash = path.lastIndex(of: "/") else {
      // The name of standard input is no name of a file beside another.
      return file == "-" ? "./-" : file
    }
    return path[...slash] + file
  }
}
