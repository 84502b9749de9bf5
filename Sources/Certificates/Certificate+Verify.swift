import ExactArithmetic
import MarkovDecisionProcesses

extension Certificate {
  /// Checks every condition of the certificate on `model`, without solving anything.
  ///
  /// - Parameter initial: the law of the first state, for the initial value in the statement;
  ///   the model's when `nil`.
  /// - Complexity: linear in the model and the certificate, times the length of the numbers.
  public func verify(
    in model: FiniteMDP, initial: [(state: State, probability: Rational)]? = nil
  ) -> Verdict {
    uninterrupted { progress throws(Interrupted) in
      try verify(in: model, initial: initial, progress: progress)
    }
  }

  /// The same, for a caller that may stop it.
  ///
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, initial: [(state: State, probability: Rational)]? = nil,
    progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      let proof = try proof(in: model, progress)
      return .accepted(
        statement: proof.sentence(initial: (initial ?? model.initial)?.indexed),
        warnings: warnings(in: model))
    }
  }

  func proof(in model: FiniteMDP, _ progress: ProgressHandler) throws(CheckFailure) -> Proof {
    switch self {
    case .discountedExact(let certificate): try certificate.proof(in: model, progress)
    case .discountedEnclosed(let certificate): try certificate.proof(in: model, progress)
    case .finiteHorizon(let certificate): try certificate.proof(in: model, progress)
    }
  }

  var objective: DiscountedObjective {
    switch self {
    case .discountedExact(let certificate): certificate.objective
    case .discountedEnclosed(let certificate): certificate.objective
    case .finiteHorizon(let certificate): certificate.objective
    }
  }

  /// What does not make the statement false but may surprise.
  func warnings(in model: FiniteMDP) -> [String] {
    Certificates.warnings(about: objective.discount, in: model)
  }
}

/// What does not make a statement about `discount` false but may surprise.
func warnings(about discount: Rational, in model: FiniteMDP) -> [String] {
  guard let own = model.discount, own != discount else { return [] }
  return ["the certificate's discount is \(shown(discount)), but the model's is \(shown(own))"]
}

extension CertificateDocument {
  /// Checks the certificate on `model`, and that every claim of the solution around it follows.
  ///
  /// - Complexity: linear in the model and the file, times the length of the numbers.
  public func verify(against model: FiniteMDP) -> Verdict {
    uninterrupted { progress throws(Interrupted) in
      try verify(against: model, progress: progress)
    }
  }

  /// The same, for a caller that may stop it.
  ///
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    against model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    switch content {
    case .values(let document): try document.verify(against: model, progress: progress)
    case .constrained(let document): try document.verify(against: model, progress: progress)
    case .paretoFront(let document): try document.verify(against: model, progress: progress)
    case .undiscounted(let document): try document.verify(against: model, progress: progress)
    case .omegaRegular(let document): try document.verify(against: model, progress: progress)
    case .blackwell(let document): try document.verify(against: model, progress: progress)
    case .comparison(let written): try written.verify(against: model, progress: progress)
    case .distanceMatrix(let written): try written.verify(against: model, progress: progress)
    case .enclosedComparison(let written):
      try written.verify(against: model, progress: progress)
    case .comparisonCertificate(let written):
      try written.verify(against: model, progress: progress)
    case .rewardAnswer(let written): try written.verify(against: model, progress: progress)
    }
  }
}

extension ValueDocument {
  fileprivate func verify(
    against model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      let certificate: WrittenCertificate
      switch content {
      case .values(let written): certificate = written
      case .paretoPoint(let written): return try accepted(written, model, progress)
      }
      let fitted = try fitted(certificate, model)
      let proof = try fitted.proof(in: model, progress)
      guard let solution else {
        return .accepted(
          statement: proof.sentence(initial: model.initial?.indexed),
          warnings: fitted.warnings(in: model))
      }
      let check = try SolutionCheck(
        solution: solution, certificate: fitted, kind: certificate.kind, proof: proof,
        model: model, isEmbedded: isEmbedded)
      let remarks = try check.run()
      return .accepted(
        statement: ([proof.sentence(initial: check.initial)] + remarks).joined(separator: "; "),
        warnings: fitted.warnings(in: model))
    }
  }

  private func accepted(
    _ written: WrittenParetoPoint, _ model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) -> Verdict {
    try requireAnnounced(ParetoPointCertificate.kind)
    let certificate = try written.fitted(to: model)
    let statement = try certificate.statement(in: model, progress)
    try solution?.requireFit(to: certificate, in: model, isEmbedded: isEmbedded)
    return .accepted(statement: statement, warnings: certificate.warnings(in: model))
  }

  private func requireAnnounced(_ kind: String) throws(CheckFailure) {
    guard let announcedKind else { return }
    try require(
      announcedKind == kind,
      "certificate.kind: the solution announces '\(announcedKind)', but the file holds '\(kind)'")
  }

  private func fitted(
    _ certificate: WrittenCertificate, _ model: FiniteMDP
  ) throws(CheckFailure) -> Certificate {
    let kind = certificate.kind
    try requireAnnounced(kind.rawValue)
    if let objective = certificate.objective {
      try require(
        objective == kind.objective,
        "objective: it is '\(objective)', but a certificate of the kind '\(kind.rawValue)' "
          + "proves '\(kind.objective)'")
    }
    return try certificate.fitted(to: model)
  }
}

extension Proof {
  /// The statement with the initial value, where there is an initial law.
  fileprivate func sentence(initial: [(state: Int, probability: Rational)]?) -> String {
    guard let initial else { return statement }
    let low = lower.mean(initial)
    if isExact { return statement + "; the initial value is \(shown(low))" }
    let high = upper.mean(initial)
    return statement + "; the initial value lies between \(shown(low)) and \(shown(high))"
  }
}

extension [(state: State, probability: Rational)] {
  var indexed: [(state: Int, probability: Rational)] {
    map { (Int($0.state.index), $0.probability) }
  }
}

/// Turns the failure of a check into a verdict.
func verdict(
  _ check: () throws(CheckFailure) -> Verdict
) throws(Interrupted) -> Verdict {
  do throws(CheckFailure) {
    return try check()
  } catch {
    switch error {
    case .rejected(let reason): return .rejected(reason: reason)
    case .interrupted(let interruption): throw interruption
    }
  }
}

/// Runs a check that nobody stops.
func uninterrupted(
  _ check: (ProgressHandler) throws(Interrupted) -> Verdict
) -> Verdict {
  do throws(Interrupted) {
    return try check(.none)
  } catch {
    preconditionFailure("a handler that never stops has stopped the check: \(error)")
  }
}
