import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// An enclosed comparison as its file holds it, before it meets a model.
struct WrittenEnclosedComparison: Sendable {
  struct Evidence: Sendable {
    let multiplier: Rational
    let upperValues: NumberVector
    let lowerValues: NumberVector
    let better: NumberVector
    let worse: NumberVector

    init(
      _ fields: DocumentFields, hasMultiplier: Bool, _ read: EntryReader
    ) throws(InputError) {
      let keys = ["upperValues", "lowerValues", "better", "worse"]
      try fields.requireKeys(among: hasMultiplier ? keys + ["multiplier"] : keys)
      multiplier = hasMultiplier ? try fields.required("multiplier", read.number) : 0
      upperValues = try fields.required("upperValues", read.numberVector)
      lowerValues = try fields.required("lowerValues", read.numberVector)
      better = try fields.required("better", read.numberVector)
      worse = try fields.required("worse", read.numberVector)
    }
  }

  struct Reward: Sendable {
    let name: String
    let minimum: Enclosure
    let maximum: Enclosure
    let span: Enclosure
    let norm: Enclosure
    let evidence: Evidence
  }

  struct Pair: Sendable {
    let names: [String]
    let distance: Enclosure
    let spanDistance: Enclosure
    let worstCaseRegret: [Enclosure]
    /// `false`, or `nil` where nothing is said.
    let sameOrdering: Bool?
    let spanEvidence: Evidence
    let regretEvidence: [Evidence]
  }

  let discount: Rational
  let initial: [(state: Reference, probability: Rational)]?
  let rewards: [Reward]
  let pairs: [Pair]

  /// Whether the document says that its numbers are enclosures.
  static func isIn(_ fields: DocumentFields) -> Bool { fields["status"] != nil }

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: [
      "format", "version", "status", "discount", "initial", "canonicalization", "policy",
      "normalization", "metric", "rewards", "pairs",
    ])
    let fixed = [
      ("status", EnclosedComparison.status), ("policy", "uniform"),
      ("canonicalization", Canonicalization.valueAdjustedLevelling.rawValue),
      ("normalization", RewardNorm.span.rawValue), ("metric", RewardNorm.span.rawValue),
    ]
    for (key, value) in fixed {
      let text = try fields.required(key, read.text)
      guard text == value else {
        throw fields.error(
          "it is \(excerpt(text)), but an enclosed comparison has '\(value)'", at: key)
      }
    }
    discount = try fields.required("discount", read.number)
    initial = try fields.optional("initial", read.initialLaw)
    guard let list = fields["rewards"] else { throw fields.missing("rewards") }
    guard case .object(let members) = list.kind else {
      throw fields.error(list.expected("an object").problem, at: "rewards")
    }
    var rewards: [Reward] = []
    for member in members {
      rewards.append(
        try Reward(
          name: member.key,
          DocumentFields(
            member.value, file: fields.file, path: "rewards[\(excerpt(member.key))]"), read))
    }
    self.rewards = rewards
    var pairs: [Pair] = []
    for pair in try fields.objects("pairs", read) { pairs.append(try Pair(pair, read)) }
    self.pairs = pairs
  }
}

extension WrittenEnclosedComparison.Reward {
  init(name: String, _ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: ["minimum", "maximum", "span", "norm", "certificate"])
    self.name = name
    minimum = try fields.enclosure("minimum", read)
    maximum = try fields.enclosure("maximum", read)
    span = try fields.enclosure("span", read)
    norm = try fields.enclosure("norm", read)
    evidence = try WrittenEnclosedComparison.Evidence(
      try fields.requiredObject("certificate"), hasMultiplier: false, read)
  }
}

extension WrittenEnclosedComparison.Pair {
  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: [
      "rewards", "distance", "spanDistance", "worstCaseRegret", "sameOrdering", "spanCertificate",
      "regretCertificates",
    ])
    let names = try fields.required("rewards") { (node: JSONNode) throws(Malformed) in
      try read.list(node, of: read.text)
    }
    guard names.count == 2 else {
      throw fields.error("two names are expected, but there are \(names.count)", at: "rewards")
    }
    self.names = names
    distance = try fields.enclosure("distance", read)
    spanDistance = try fields.enclosure("spanDistance", read)
    sameOrdering = try fields.required("sameOrdering") { (node: JSONNode) throws(Malformed) in
      if case .null = node.kind { return Bool?.none }
      return try read.truth(node)
    }
    spanEvidence = try WrittenEnclosedComparison.Evidence(
      try fields.requiredObject("spanCertificate"), hasMultiplier: true, read)
    let arrows = ["\(names[0])->\(names[1])", "\(names[1])->\(names[0])"]
    let regrets = try fields.requiredObject("worstCaseRegret")
    let certificates = try fields.requiredObject("regretCertificates")
    try regrets.requireKeys(among: arrows)
    try certificates.requireKeys(among: arrows)
    var enclosures: [Enclosure] = []
    var evidence: [WrittenEnclosedComparison.Evidence] = []
    for arrow in arrows {
      enclosures.append(try regrets.enclosure(arrow, read))
      evidence.append(
        try WrittenEnclosedComparison.Evidence(
          try certificates.requiredObject(arrow), hasMultiplier: true, read))
    }
    worstCaseRegret = enclosures
    regretEvidence = evidence
  }
}

extension DocumentFields {
  /// `{"lower": a, "upper": b}` with `a ≤ b`.
  fileprivate func enclosure(_ key: String, _ read: EntryReader) throws(InputError) -> Enclosure {
    let fields = try requiredObject(key)
    try fields.requireKeys(among: ["lower", "upper"], decimals: [])
    let lower = try fields.required("lower", read.number)
    let upper = try fields.required("upper", read.number)
    guard lower <= upper else {
      throw fields.error("the lower end \(shown(lower)) is above the upper end \(shown(upper))")
    }
    return Enclosure(lower: lower, upper: upper)
  }
}

extension WrittenEnclosedComparison {
  /// The answer in terms of the model's states and actions.
  func fitted(to model: FiniteMDP) throws(CheckFailure) -> EnclosedComparison {
    var rewards: [EnclosedComparison.Reward] = []
    for reward in self.rewards {
      try require(
        reward.norm.contains(reward.span),
        "rewards.\(reward.name).norm: the norm is the span, but is narrower")
      rewards.append(
        EnclosedComparison.Reward(
          name: reward.name, minimum: reward.minimum, maximum: reward.maximum, span: reward.span,
          evidence: try reward.evidence.fitted(to: model, "rewards.\(reward.name).certificate")))
    }
    var pairs: [EnclosedComparison.Pair] = []
    for (place, pair) in self.pairs.enumerated() {
      pairs.append(try pair.fitted(to: model, rewards.map(\.name), "pairs[\(place)]"))
    }
    return EnclosedComparison(
      discount: discount,
      initial: try initial.map { (law) throws(CheckFailure) in try model.law(law) },
      rewards: rewards, pairs: pairs)
  }

  func verify(
    against model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      .accepted(
        statement: try fitted(to: model).statement(in: model, progress),
        warnings: warnings(about: discount, in: model))
    }
  }
}

extension WrittenEnclosedComparison.Pair {
  fileprivate func fitted(
    to model: FiniteMDP, _ known: [String], _ field: String
  ) throws(CheckFailure) -> EnclosedComparison.Pair {
    var places: [Int] = []
    for name in names {
      guard let place = known.firstIndex(of: name) else {
        throw .rejected("\(field).rewards: the answer has no reward \(excerpt(name))")
      }
      places.append(place)
    }
    try require(
      distance.contains(spanDistance),
      "\(field).distance: the distance is the span distance, but is narrower")
    var evidence: [EnclosedComparison.Evidence] = []
    for written in regretEvidence {
      evidence.append(try written.fitted(to: model, "\(field).regretCertificates"))
    }
    let pair = EnclosedComparison.Pair(
      first: places[0], second: places[1], spanDistance: spanDistance,
      worstCaseRegret: worstCaseRegret,
      spanEvidence: try spanEvidence.fitted(to: model, "\(field).spanCertificate"),
      regretEvidence: evidence)
    if let sameOrdering {
      try require(
        !sameOrdering && pair.isOrderProvedDifferent,
        "\(field).sameOrdering: it is \(sameOrdering), which the regrets do not prove")
    }
    return pair
  }
}

extension WrittenEnclosedComparison.Evidence {
  fileprivate func fitted(
    to model: FiniteMDP, _ field: String
  ) throws(CheckFailure) -> EnclosedComparison.Evidence {
    EnclosedComparison.Evidence(
      multiplier: multiplier,
      upperValues: try upperValues.vector(in: model, "\(field).upperValues"),
      lowerValues: try lowerValues.vector(in: model, "\(field).lowerValues"),
      better: try better.masses("\(field).better"), worse: try worse.masses("\(field).worse"))
  }
}

extension NumberVector {
  /// Masses in the order of the choices; their number is checked where they are used.
  fileprivate func masses(_ field: String) throws(CheckFailure) -> RationalVector {
    switch self {
    case .common(let vector): return vector
    case .entries(.listed(let entries)): return RationalVector(entries)
    case .entries(.named):
      throw .rejected("\(field): masses are a list, one a choice in the order of the model")
    }
  }
}
