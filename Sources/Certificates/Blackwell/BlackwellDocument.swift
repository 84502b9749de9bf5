import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A certificate or solution file of a Blackwell problem, before it meets a model.
struct BlackwellDocument: Sendable {
  let certificate: WrittenBlackwell
  /// What the file claims beside, when it is a solution.
  let solution: WrittenBlackwellSolution?
  let isEmbedded: Bool
  let announcedKind: String?

  /// - Parameter solution: the fields of the solution around the certificate, if there is one.
  init(
    _ fields: CertificateFields, solution: DocumentFields?, announcedKind: String?,
    _ read: EntryReader
  ) throws(InputError) {
    certificate = try WrittenBlackwell(fields, read)
    self.solution = try solution.map { (fields) throws(InputError) in
      try WrittenBlackwellSolution(fields, read)
    }
    isEmbedded = fields.isEmbedded
    self.announcedKind = announcedKind
  }

  func verify(
    against model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try Certificates.verdict { () throws(CheckFailure) in
      let kind = BlackwellCertificate.kind
      try require(
        announcedKind == nil || announcedKind == kind,
        "certificate.kind: the solution announces '\(announcedKind ?? "")', but the file holds "
          + "'\(kind)'")
      let objective = BlackwellCertificate.objectiveName
      try require(
        certificate.objective == nil || certificate.objective == objective,
        "objective: it is '\(certificate.objective ?? "")', but a certificate of the kind "
          + "'\(kind)' proves '\(objective)'")
      let fitted = try certificate.fitted(to: model)
      let proof = try fitted.proof(in: model, progress)
      if let solution {
        try BlackwellSolutionCheck(
          solution: solution, certificate: fitted, proof: proof, model: model,
          isEmbedded: isEmbedded
        ).run()
      }
      return .accepted(statement: proof.statement, warnings: [])
    }
  }
}
