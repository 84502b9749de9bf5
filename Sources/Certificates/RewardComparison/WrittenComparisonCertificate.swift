import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A certificate about two rewards as its file holds it, before it meets a model.
struct WrittenComparisonCertificate: Sendable {
  enum Body: Sendable {
    case orderEqual(scale: Rational, potential: NumberVector, secondPotential: NumberVector?)
    case orderDifferent(first: [WrittenOccupancyEntry], second: [WrittenOccupancyEntry])
    case worstCaseRegret(
      better: [WrittenOccupancyEntry], worse: [WrittenOccupancyEntry], multiplier: Rational,
      upperValues: NumberVector, lowerValues: NumberVector, regret: Rational)
    case proxyRegret(
      evaluatedValues: NumberVector, optimisedValues: NumberVector,
      best: [WrittenOccupancyEntry], worst: [WrittenOccupancyEntry], multiplier: Rational,
      dual: NumberVector, regret: Rational)
  }

  let kind: ComparisonCertificate.Kind
  let objective: String?
  let direction: Direction
  let names: [String]
  let discount: Rational
  let initial: [(state: Reference, probability: Rational)]?
  let body: Body

  private static let commonKeys = [
    "format", "version", "kind", "objective", "direction", "discount", "initial",
  ]

  init(
    _ fields: DocumentFields, kind: ComparisonCertificate.Kind, _ read: EntryReader
  ) throws(InputError) {
    self.kind = kind
    objective = try fields.optional("objective", read.text)
    direction = try fields.optional("direction", read.direction) ?? .maximize
    discount = try fields.required("discount", read.number)
    initial = try fields.optional("initial", read.initialLaw)
    switch kind {
    case .orderEqual:
      try fields.requireKeys(
        among: Self.commonKeys + ["rewards", "scale", "potential", "secondPotential"])
      names = try Self.pair(fields, read)
      body = .orderEqual(
        scale: try fields.required("scale", read.number),
        potential: try fields.required("potential", read.numberVector),
        secondPotential: try fields.optional("secondPotential", read.numberVector))
    case .orderDifferent:
      try fields.requireKeys(among: Self.commonKeys + ["rewards", "first", "second"])
      names = try Self.pair(fields, read)
      body = .orderDifferent(
        first: try fields.required("first", read.occupancy),
        second: try fields.required("second", read.occupancy))
    case .worstCaseRegret:
      try fields.requireKeys(
        among: Self.commonKeys + [
          "evaluated", "proxy", "better", "worse", "multiplier", "upperValues", "lowerValues",
          "regret",
        ])
      names = [
        try fields.required("evaluated", read.text), try fields.required("proxy", read.text),
      ]
      body = try Self.worstCaseRegret(fields, read)
    case .proxyRegret:
      try fields.requireKeys(
        among: Self.commonKeys + [
          "evaluated", "optimised", "evaluatedValues", "optimisedValues", "best", "worst",
          "multiplier", "dual", "regret",
        ])
      names = [
        try fields.required("evaluated", read.text), try fields.required("optimised", read.text),
      ]
      body = try Self.proxyRegret(fields, read)
    }
  }

  private static func pair(
    _ fields: DocumentFields, _ read: EntryReader
  ) throws(InputError) -> [String] {
    let names = try fields.required("rewards") { (node: JSONNode) throws(Malformed) in
      try read.list(node, of: read.text)
    }
    guard names.count == 2 else {
      throw fields.error("two names are expected, but there are \(names.count)", at: "rewards")
    }
    return names
  }

  private static func worstCaseRegret(
    _ fields: DocumentFields, _ read: EntryReader
  ) throws(InputError) -> Body {
    .worstCaseRegret(
      better: try fields.required("better", read.occupancy),
      worse: try fields.required("worse", read.occupancy),
      multiplier: try fields.required("multiplier", read.number),
      upperValues: try fields.required("upperValues", read.numberVector),
      lowerValues: try fields.required("lowerValues", read.numberVector),
      regret: try fields.required("regret", read.number))
  }

  private static func proxyRegret(
    _ fields: DocumentFields, _ read: EntryReader
  ) throws(InputError) -> Body {
    .proxyRegret(
      evaluatedValues: try fields.required("evaluatedValues", read.numberVector),
      optimisedValues: try fields.required("optimisedValues", read.numberVector),
      best: try fields.required("best", read.occupancy),
      worst: try fields.required("worst", read.occupancy),
      multiplier: try fields.required("multiplier", read.number),
      dual: try fields.required("dual", read.numberVector),
      regret: try fields.required("regret", read.number))
  }
}

extension WrittenComparisonCertificate {
  /// The certificate in terms of the model's states and actions.
  func fitted(to model: FiniteMDP) throws(CheckFailure) -> ComparisonCertificate {
    try require(
      objective == nil || objective == "discounted",
      "objective: it is '\(objective ?? "")', but a certificate of the kind '\(kind.rawValue)' "
        + "proves 'discounted'")
    let isOrder = kind == .orderEqual || kind == .orderDifferent
    try require(
      isOrder || direction == .maximize,
      "direction: a certificate of the kind '\(kind.rawValue)' is for 'maximize' only")
    let terms = RewardPairTerms(
      first: names[0], second: names[1], discount: discount,
      initial: try initial.map { (law) throws(CheckFailure) in try model.law(law) })
    switch body {
    case .orderEqual(let scale, let potential, let second):
      return .orderEqual(
        RewardOrderEqualCertificate(
          terms: terms, scale: scale, potential: try potential.vector(in: model, "potential"),
          secondPotential: try second.map { (vector) throws(CheckFailure) in
            try vector.vector(in: model, "secondPotential")
          }))
    case .orderDifferent(let first, let second):
      return .orderDifferent(
        RewardOrderDifferentCertificate(
          terms: terms, first: try OccupancyEntries(first, in: model, "first"),
          second: try OccupancyEntries(second, in: model, "second")))
    case .worstCaseRegret(let better, let worse, let multiplier, let upper, let lower, let regret):
      return .worstCaseRegret(
        WorstCaseRegretCertificate(
          terms: terms, better: try OccupancyEntries(better, in: model, "better"),
          worse: try OccupancyEntries(worse, in: model, "worse"), multiplier: multiplier,
          upperValues: try upper.vector(in: model, "upperValues"),
          lowerValues: try lower.vector(in: model, "lowerValues"), regret: regret))
    case .proxyRegret(
      let evaluated, let optimised, let best, let worst, let multiplier, let dual, let regret):
      return .proxyRegret(
        ProxyRegretCertificate(
          terms: terms, evaluatedValues: try evaluated.vector(in: model, "evaluatedValues"),
          optimisedValues: try optimised.vector(in: model, "optimisedValues"),
          best: try OccupancyEntries(best, in: model, "best"),
          worst: try OccupancyEntries(worst, in: model, "worst"), multiplier: multiplier,
          dual: try dual.vector(in: model, "dual"), regret: regret))
    }
  }

  func verify(
    against model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      let certificate = try fitted(to: model)
      return .accepted(
        statement: try RewardPairCheck(certificate.terms, model, progress).statement(
          of: certificate),
        warnings: warnings(about: discount, in: model))
    }
  }
}
