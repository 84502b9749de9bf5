import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A certificate or solution file of an omega-regular property, before it meets a model.
struct OmegaRegularDocument: Sendable {
  struct Pair: Sendable {
    let finite: [Int]
    let infinite: [Int]
  }

  struct Component: Sendable {
    let pair: Pair
    let choices: [(state: Reference, action: Reference)]
  }

  struct Exclusion: Sendable {
    let pair: Pair
    let round: StateVector<Int?>
    let missing: [Int?]
  }

  let direction: Direction
  let formula: String?
  let semantics: TraceSemantics
  let automaton: OmegaAutomaton
  let components: [Component]
  let exclusions: [Exclusion]
  let reachability: WrittenUndiscounted
  /// What the file claims beside, when it is a solution.
  let solution: WrittenOmegaRegularSolution?
  /// The kind that a solution says the certificate file has.
  let announcedKind: String?

  private static let keys = [
    "format", "version", "kind", "objective", "direction", "formula", "end", "automaton",
    "components", "exclusions", "reachability",
  ]

  /// - Parameter solution: the fields of the solution around the certificate, if there is one.
  init(
    _ fields: CertificateFields, solution: DocumentFields?, announcedKind: String?,
    _ read: EntryReader
  ) throws(InputError) {
    let own = fields.own
    try own.requireKeys(among: Self.keys)
    direction = try own.optional("direction", read.direction) ?? .maximize
    formula = try own.optional("formula", read.text)
    semantics = try Self.semantics(own, read)
    let text = try own.required("automaton", read.text)
    do throws(AutomatonError) {
      automaton = try OmegaAutomaton(hoa: text)
    } catch {
      throw own.error("\(error)", at: "automaton")
    }
    components = try own.required("components") { (node) throws(Malformed) in
      try read.list(node, of: read.component)
    }
    exclusions = try own.required("exclusions") { (node) throws(Malformed) in
      try read.list(node, of: read.exclusion)
    }
    guard let node = own["reachability"] else { throw own.missing("reachability") }
    let path = own.path.isEmpty ? "reachability" : own.path + ".reachability"
    let inner = try DocumentFields(node, file: own.file, path: path)
    if inner["format"] != nil { try inner.requireCertificate() }
    let kind = try inner.required("kind", read.text)
    guard let kind = UndiscountedCertificateKind(rawValue: kind),
      kind == .reachabilityExact || kind == .reachabilityEnclosed
    else {
      throw inner.error(
        "'reachability-exact' or 'reachability-enclosed' is expected, found \(excerpt(kind))",
        at: "kind")
    }
    reachability = try WrittenUndiscounted(
      CertificateFields(own: inner, solution: nil, isEmbedded: false), kind: kind, read)
    self.solution = try solution.map { (fields) throws(InputError) in
      try WrittenOmegaRegularSolution(fields, read)
    }
    self.announcedKind = announcedKind
  }

  private static func semantics(
    _ own: DocumentFields, _ read: EntryReader
  ) throws(InputError) -> TraceSemantics {
    let objective = try own.optional("objective", read.text) ?? TraceSemantics.infinite.objective
    let end = try own.optional("end", read.text)
    let semantics = end.map { TraceSemantics.ending(label: $0) } ?? .somePrefix
    if objective == semantics.objective { return semantics }
    guard objective == TraceSemantics.infinite.objective, end == nil else {
      throw own.error(
        "'ltl', or 'ltlf' (which may have an 'end') is expected, found \(excerpt(objective))",
        at: "objective")
    }
    return .infinite
  }

  func verify(
    against model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try Certificates.verdict { () throws(CheckFailure) in
      try require(
        announcedKind == nil || announcedKind == OmegaRegularCertificate.kind,
        "certificate.kind: the solution announces '\(announcedKind ?? "")', but the file holds "
          + "'\(OmegaRegularCertificate.kind)'")
      let inner = reachability.kind.objective
      try require(
        reachability.objective ?? inner == inner,
        "reachability.objective: it is '\(reachability.objective ?? "")', but '\(inner)' is "
          + "expected")
      let product = try AutomatonProduct.checked(model, automaton)
      let certificate = try fitted(to: product)
      let proof = try certificate.proof(in: model, progress)
      let sentence: String
      if let solution {
        let values = certificate.reachability.values.bounds.lower.vector
        try solution.checkPolicy(certificate, product, lower: values)
        sentence = proof.sentence(
          in: model, initial: try solution.check(against: proof, self, model),
          policyIsChecked: solution.policy != nil)
      } else {
        sentence = proof.sentence(in: model, initial: model.initial?.indexed)
      }
      return .accepted(statement: sentence, warnings: [])
    }
  }

  private func fitted(
    to product: AutomatonProduct
  ) throws(CheckFailure) -> OmegaRegularCertificate {
    let model = product.product
    var fittedComponents: [OmegaRegularCertificate.Component] = []
    for (number, component) in components.enumerated() {
      var choices: [Choice] = []
      for (state, action) in component.choices {
        let place = "components[\(number)].choices"
        choices.append(
          try model.choice(action, at: try model.state(state, in: place), in: place))
      }
      fittedComponents.append(.init(pair: component.pair.marks, choices: choices))
    }
    var fittedExclusions: [OmegaRegularCertificate.Exclusion] = []
    for (number, exclusion) in exclusions.enumerated() {
      let place = "exclusions[\(number)].round"
      fittedExclusions.append(
        .init(
          pair: exclusion.pair.marks,
          round: try exclusion.round.partialEntries(in: model, place),
          missing: exclusion.missing))
    }
    // The label is there only for the name; the check puts it where it belongs.
    let labelled = try AutomatonProduct.labelled(
      product, Array(repeating: false, count: model.stateCount))
    guard case .reachability(let reaching) = try reachability.fitted(to: labelled) else {
      throw .rejected("reachability: it is no certificate of reachability")
    }
    return OmegaRegularCertificate(
      direction: direction, formula: formula, semantics: semantics, automaton: automaton,
      components: fittedComponents, exclusions: fittedExclusions, reachability: reaching)
  }
}

extension OmegaRegularDocument.Pair {
  fileprivate var marks: AcceptancePair {
    AcceptancePair(finite: MarkSet(finite), infinite: MarkSet(infinite))
  }
}

extension EntryReader {
  private func mark(_ node: JSONNode) throws(Malformed) -> Int {
    let mark = try naturalNumber(node)
    guard mark < MarkSet.capacity else { throw node.expected("an acceptance mark") }
    return mark
  }

  private func pair(_ node: JSONNode) throws(Malformed) -> OmegaRegularDocument.Pair {
    let marks = { (node: JSONNode) throws(Malformed) in try self.list(node, of: self.mark) }
    return OmegaRegularDocument.Pair(
      finite: try member("finite", of: node, marks),
      infinite: try member("infinite", of: node, marks))
  }

  fileprivate func component(
    _ node: JSONNode
  ) throws(Malformed) -> OmegaRegularDocument.Component {
    OmegaRegularDocument.Component(
      pair: try pair(node),
      choices: try member("choices", of: node) { (choices) throws(Malformed) in
        try list(choices) { (entry) throws(Malformed) in
          guard case .array(let parts) = entry.kind, parts.count == 2 else {
            throw entry.expected("[state, action]")
          }
          return (try reference(parts[0]), try reference(parts[1]))
        }
      })
  }

  fileprivate func exclusion(
    _ node: JSONNode
  ) throws(Malformed) -> OmegaRegularDocument.Exclusion {
    OmegaRegularDocument.Exclusion(
      pair: try pair(node), round: try member("round", of: node, levels),
      missing: try member("missing", of: node) { (missing) throws(Malformed) in
        try list(missing) { (entry) throws(Malformed) -> Int? in
          if case .null = entry.kind { return nil }
          return try mark(entry)
        }
      })
  }
}
