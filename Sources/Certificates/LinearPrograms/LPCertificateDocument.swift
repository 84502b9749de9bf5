import ExactArithmetic
import ExactJSON
import LinearPrograms

/// A certificate or an answer of a linear program that is well formed, before it meets the
/// program.
public struct LPCertificateDocument: Sendable {
  let certificate: WrittenLPCertificate
  /// What the file claims beside, when it is an answer of `rationale lp`.
  let solution: WrittenLPSolution?
  let isEmbedded: Bool
  /// The kind that an answer says the certificate file has.
  let announcedKind: String?

  /// Reads the file at `path`, or standard input for `-`.
  ///
  /// - Throws: ``InputError`` of the kind `malformed` for what is no certificate, and of the kind
  ///   `cannotOpen` when a file cannot be read.
  public static func read(
    _ path: String, limits: NumberLimits = .standard
  ) throws(InputError) -> LPCertificateDocument {
    try LPCertificateDocument(
      try JSONDocument.read(path), path: path, EntryReader(limits: limits))
  }

  /// Reads the bytes of a file whose path is `path`.
  public static func read(
    bytes: [UInt8], path: String, limits: NumberLimits = .standard
  ) throws(InputError) -> LPCertificateDocument {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(parsing: bytes)
    } catch {
      throw InputError(error, file: InputFile.name(of: path))
    }
    return try LPCertificateDocument(document, path: path, EntryReader(limits: limits))
  }

  private init(
    _ document: JSONDocument, path: String, _ read: EntryReader
  ) throws(InputError) {
    let fields = try DocumentFields(document.root, file: InputFile.name(of: path))
    switch try fields.documentKind() {
    case .model, .solution, .task, .expressivity, .paretoFront, .comparison, .rewardAnswer,
      .machine, .machineAnswer:
      throw fields.error(
        "'\(DocumentKind.certificate.rawValue)' or "
          + "'\(DocumentKind.linearProgramSolution.rawValue)' is expected beside a linear program",
        at: "format")
    case .certificate:
      try fields.requireVersion()
      certificate = try WrittenLPCertificate(
        CertificateFields(own: fields, solution: nil, isEmbedded: false), read)
      (solution, isEmbedded, announcedKind) = (nil, false, nil)
    case .linearProgramSolution:
      try fields.requireVersion()
      let found = try CertificateFields.find(in: fields, path: path, read)
      certificate = try WrittenLPCertificate(found.fields, read)
      solution = try WrittenLPSolution(fields, read)
      isEmbedded = found.fields.isEmbedded
      announcedKind = found.announcedKind
    }
  }

  /// Checks the certificate on `program`, and that every claim of the answer around it follows.
  public func verify(on program: LinearProgram) -> Verdict {
    do throws(Interrupted) {
      return try verify(on: program, progress: .none)
    } catch {
      preconditionFailure("a handler that never stops has stopped the check: \(error)")
    }
  }

  /// The same, for a caller that may stop it.
  ///
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    on program: LinearProgram, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    let verdict = try lpVerdict { () throws(CheckFailure) in
      let fitted = try certificate.fitted(to: program)
      let statement = try fitted.statement(on: program, progress)
      if let solution {
        try require(
          announcedKind == nil || announcedKind == certificate.kind.rawValue,
          "certificate: the answer says that its kind is \(excerpt(announcedKind ?? "")), but the "
            + "file has '\(certificate.kind.rawValue)'")
        try solution.requireProof(by: fitted, on: program, isEmbedded: isEmbedded, progress)
      }
      return statement
    }
    guard case .accepted(let statement, let warnings) = verdict, let solution else {
      return verdict
    }
    return .accepted(statement: statement, warnings: warnings + solution.warnings)
  }
}
