import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension RewardAnswerReader {
  private enum Effect: String, CaseIterable {
    case shaping
    case sameOptimalPolicies = "same-optimal-policies"
    case changesOptimum = "changes-optimum"
  }

  func auxiliary() throws(InputError) -> WrittenRewardAnswer.Fit {
    let reward = try fields.required("reward", read.text)
    let auxiliary = try fields.required("auxiliary", read.text)
    let kind: Effect = try fields.required("effect", read.named)
    let effect: @Sendable (FiniteMDP) throws(CheckFailure) -> AuxiliaryAnswer.Effect
    switch kind {
    case .shaping:
      try requireKeys(["reward", "auxiliary", "effect", "potential"])
      let potential = try fields.required("potential", read.numberVector)
      effect = { (model) throws(CheckFailure) in
        .shaping(potential: try potential.vector(in: model, "potential"))
      }
    case .sameOptimalPolicies:
      try requireKeys(["reward", "auxiliary", "effect", "values", "sumValues"])
      let optima = try optima()
      effect = { (model) throws(CheckFailure) in .sameOptimalPolicies(try optima(model)) }
    case .changesOptimum:
      try requireKeys(
        ["reward", "auxiliary", "effect", "values", "sumValues", "worst"], decimals: ["loss"])
      let optima = try optima()
      let worst = try optimum("worst", in: fields)
      let loss = try fields.required("loss", read.number)
      effect = { (model) throws(CheckFailure) in
        .changesOptimum(try optima(model), worst: try worst(model), loss: loss)
      }
    }
    return { (model) throws(CheckFailure) in
      .auxiliary(
        AuxiliaryAnswer(reward: reward, auxiliary: auxiliary, effect: try effect(model)))
    }
  }

  private func optima()
    throws(InputError) -> @Sendable (FiniteMDP) throws(CheckFailure) -> AuxiliaryOptima
  {
    let values = try fields.required("values", read.numberVector)
    let sumValues = try fields.required("sumValues", read.numberVector)
    return { (model) throws(CheckFailure) in
      AuxiliaryOptima(
        values: try values.vector(in: model, "values"),
        sumValues: try sumValues.vector(in: model, "sumValues"))
    }
  }

  private func optimum(
    _ key: String, in fields: DocumentFields
  ) throws(InputError) -> @Sendable (FiniteMDP) throws(CheckFailure) -> ComparisonAnswer.Optimum {
    let written = try WrittenComparison.Optimum(fields.requiredObject(key), read)
    let field = fields.path.isEmpty ? key : "\(fields.path).\(key)"
    return { (model) throws(CheckFailure) in
      ComparisonAnswer.Optimum(
        values: try written.values.vector(in: model, "\(field).values"),
        policy: try model.policy(written.policy, in: "\(field).policy"))
    }
  }

  // MARK: - Blends

  func blend() throws(InputError) -> WrittenRewardAnswer.Fit {
    try requireKeys(["reward", "auxiliary", "planner", "stretches"])
    let reward = try fields.required("reward", read.text)
    let auxiliary = try fields.required("auxiliary", read.text)
    let planner = try planner(fields.requiredObject("planner"))
    var stretches: [@Sendable (FiniteMDP) throws(CheckFailure) -> BlendStretch] = []
    for inner in try fields.objects("stretches", read) { stretches.append(try stretch(inner)) }
    let fits = stretches
    return { (model) throws(CheckFailure) in
      var stretches: [BlendStretch] = []
      for fit in fits { stretches.append(try fit(model)) }
      return .blend(
        BlendAnswer(
          reward: reward, auxiliary: auxiliary, planner: planner, stretches: stretches))
    }
  }

  private func planner(_ fields: DocumentFields) throws(InputError) -> BlendPlanner {
    let discount = try fields.required("discount", read.number)
    let kind = try fields.required("kind", read.text)
    switch kind {
    case "optimal":
      try fields.requireKeys(among: ["kind", "discount"])
      return .optimal(discount: discount)
    case "lookahead":
      try fields.requireKeys(among: ["kind", "discount", "steps"])
      return .lookahead(
        steps: try fields.required("steps", read.naturalNumber), discount: discount)
    default:
      throw fields.error(
        "it is \(excerpt(kind)), but it has to be 'optimal' or 'lookahead'", at: "kind")
    }
  }

  private func stretch(
    _ fields: DocumentFields
  ) throws(InputError) -> @Sendable (FiniteMDP) throws(CheckFailure) -> BlendStretch {
    try fields.requireKeys(
      among: ["values", "worstCertificate", "bestCertificate"],
      decimals: ["from", "to", "worst", "best"])
    let from = try fields.required("from", read.number)
    let to = try fields.optional("to", read.number)
    let worst = try fields.required("worst", read.number)
    let best = try fields.required("best", read.number)
    let worstOptimum = try optimum("worstCertificate", in: fields)
    let bestOptimum = try optimum("bestCertificate", in: fields)
    var lines: (constant: NumberVector, slope: NumberVector)?
    if let inner = try fields.object("values") {
      try inner.requireKeys(among: ["constant", "slope"])
      lines = (
        try inner.required("constant", read.numberVector),
        try inner.required("slope", read.numberVector)
      )
    }
    let (written, field) = (lines, fields.path)
    return { (model) throws(CheckFailure) in
      BlendStretch(
        from: from, to: to, worst: worst, best: best, worstOptimum: try worstOptimum(model),
        bestOptimum: try bestOptimum(model),
        lines: try written.map { (lines) throws(CheckFailure) in
          (
            try lines.constant.vector(in: model, "\(field).values.constant"),
            try lines.slope.vector(in: model, "\(field).values.slope")
          )
        })
    }
  }

  // MARK: - Nearest rewards

  private func linearNorm() throws(InputError) -> RewardNorm {
    let norm: RewardNorm = try fields.required("norm", read.named)
    guard norm == .l1 || norm == .linf else {
      throw fields.error("it is '\(norm.rawValue)', but it has to be 'l1' or 'linf'", at: "norm")
    }
    return norm
  }

  func design() throws(InputError) -> WrittenRewardAnswer.Fit {
    try requireKeys(
      ["reward", "norm", "policy", "kept", "possible", "nearest", "values", "multipliers"],
      decimals: ["margin", "distance"])
    let reward = try fields.required("reward", read.text)
    let norm = try linearNorm()
    let margin = try fields.required("margin", read.number)
    let policy = try fields.required("policy", read.policy)
    let kept = try fields.optional("kept", read.choices) ?? []
    let multipliers = try fields.required("multipliers", read.occupancy)
    let isPossible = try fields.required("possible", read.truth)
    let table = isPossible ? try fields.required("nearest", read.occupancy) : nil
    let values = isPossible ? try fields.required("values", read.numberVector) : nil
    let distance = isPossible ? try fields.required("distance", read.number) : 0
    return { (model) throws(CheckFailure) in
      var outcome = DesignAnswer.Outcome.impossible
      if let table, let values {
        outcome = .found(
          table: try Self.table(table, "nearest", model),
          values: try values.vector(in: model, "values"), distance: distance)
      }
      return .design(
        DesignAnswer(
          reward: reward, norm: norm, margin: margin,
          policy: try model.policy(policy, in: "policy"), kept: try model.choices(kept, "kept"),
          outcome: outcome,
          multipliers: try OccupancyEntries(multipliers, in: model, "multipliers")))
    }
  }

  /// One number a choice; each has to be listed.
  private static func table(
    _ written: [WrittenOccupancyEntry], _ field: String, _ model: FiniteMDP
  ) throws(CheckFailure) -> [Rational] {
    let entries = try OccupancyEntries(written, in: model, field).entries
    try require(
      entries.count == model.choiceCount,
      "\(field): there are \(entries.count) entries, but \(model.choiceCount) are needed")
    var table = [Rational](repeating: 0, count: model.choiceCount)
    for (choice, value) in entries { table[Int(choice.index)] = value }
    return table
  }

  func nearest() throws(InputError) -> WrittenRewardAnswer.Fit {
    try requireKeys(
      ["reward", "family", "norm", "nearest", "differenceValues", "dual", "adjoint"],
      decimals: ["distance"])
    let reward = try fields.required("reward", read.text)
    let norm = try linearNorm()
    let distance = try fields.required("distance", read.number)
    let values = try fields.required("differenceValues", read.numberVector)
    let dual = try fields.required("dual", read.occupancy)
    let adjoint = try fields.required("adjoint", read.numberVector)
    let member = try member()
    return { (model) throws(CheckFailure) in
      let (family, coefficients) = try member(model)
      return .nearest(
        NearestAnswer(
          reward: reward, family: family, norm: norm, coefficients: coefficients,
          distance: distance,
          differenceValues: try values.vector(in: model, "differenceValues"),
          dual: try OccupancyEntries(dual, in: model, "dual"),
          adjoint: try adjoint.vector(in: model, "adjoint")))
    }
  }

  private typealias Member = (family: RewardFamily, coefficients: [Rational])

  private func member()
    throws(InputError) -> @Sendable (FiniteMDP) throws(CheckFailure) -> Member
  {
    let kind = try fields.required("family", read.text)
    switch kind {
    case "state-only":
      let vector = try fields.required("nearest", read.numberVector)
      return { (model) throws(CheckFailure) in
        (.stateOnly, try vector.vector(in: model, "nearest").entries)
      }
    case "support":
      let entries = try fields.required("nearest", read.occupancy)
      return { (model) throws(CheckFailure) in
        let fitted = try OccupancyEntries(entries, in: model, "nearest").entries
          .sorted { $0.choice.index < $1.choice.index }
        return (.support(fitted.map(\.choice)), fitted.map(\.mass))
      }
    case "rewards":
      let factors = try fields.required("nearest") { (node: JSONNode) throws(Malformed) in
        guard case .object(let members) = node.kind else { throw node.expected("an object") }
        var factors: [(name: String, value: Rational)] = []
        for member in members {
          factors.append(
            (
              member.key,
              try read.inside("[\(excerpt(member.key))]", read.number, member.value)
            ))
        }
        return factors
      }
      return { (_) throws(CheckFailure) in (.rewards(factors.map(\.name)), factors.map(\.value)) }
    default:
      throw fields.error(
        "it is \(excerpt(kind)), but it has to be 'state-only', 'support' or 'rewards'",
        at: "family")
    }
  }
}
