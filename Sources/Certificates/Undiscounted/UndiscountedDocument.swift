import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A certificate or solution file of an objective without discount, before it meets a model.
struct UndiscountedDocument: Sendable {
  let certificate: WrittenUndiscounted
  /// What the file claims beside, when it is a solution.
  let solution: WrittenUndiscountedSolution?
  /// Whether the certificate stands in the solution itself.
  let isEmbedded: Bool
  /// The kind that a solution says the certificate file has.
  let announcedKind: String?

  /// - Parameter solution: the fields of the solution around the certificate, if there is one.
  init(
    _ fields: CertificateFields, kind: UndiscountedCertificateKind, solution: DocumentFields?,
    announcedKind: String?, _ read: EntryReader
  ) throws(InputError) {
    certificate = try WrittenUndiscounted(fields, kind: kind, read)
    self.solution = try solution.map { (fields) throws(InputError) in
      try WrittenUndiscountedSolution(fields, kind: kind, read)
    }
    isEmbedded = fields.isEmbedded
    self.announcedKind = announcedKind
  }

  func verify(
    against model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try Certificates.verdict { () throws(CheckFailure) in
      let kind = certificate.kind
      try require(
        announcedKind == nil || announcedKind == kind.rawValue,
        "certificate.kind: the solution announces '\(announcedKind ?? "")', but the file holds "
          + "'\(kind.rawValue)'")
      try require(
        certificate.objective == nil || certificate.objective == kind.objective,
        "objective: it is '\(certificate.objective ?? "")', but a certificate of the kind "
          + "'\(kind.rawValue)' proves '\(kind.objective)'")
      let fitted = try certificate.fitted(to: model)
      let proof = try fitted.proof(in: model, progress)
      guard let solution else {
        return .accepted(statement: proof.sentence(in: model), warnings: warnings)
      }
      let check = try UndiscountedSolutionCheck(
        solution: solution, certificate: certificate, steps: fitted.steps, proof: proof,
        model: model, isEmbedded: isEmbedded)
      let remarks = try check.run()
      return .accepted(
        statement: ([proof.sentence(initial: check.initial)] + remarks).joined(separator: "; "),
        warnings: warnings)
    }
  }

  private var warnings: [String] {
    guard let discount = certificate.discount else { return [] }
    return [
      "the certificate has the discount \(shown(discount)), which the objective "
        + "'\(certificate.kind.objective)' does not use"
    ]
  }
}
