import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension WrittenComparison {
  /// The comparison in terms of the model's states and actions.
  func fitted(to model: FiniteMDP) throws(CheckFailure) -> ComparisonAnswer {
    var states: [State] = []
    for reference in comparedStates {
      states.append(try model.state(reference, in: "comparedStates"))
    }
    var fittedRewards: [ComparisonAnswer.Reward] = []
    for reward in rewards { fittedRewards.append(try fitted(reward, states, model)) }
    var fittedPairs: [ComparisonAnswer.Pair] = []
    for (place, pair) in pairs.enumerated() {
      fittedPairs.append(try fitted(pair, states, "pairs[\(place)]", model))
    }
    return ComparisonAnswer(
      discount: discount, direction: direction,
      initial: try initial.map { (law) throws(CheckFailure) in try model.law(law) },
      settings: settings,
      policy: try policy.map { (policy) throws(CheckFailure) in
        try model.policy(policy, isComplete: true, "policy")
      }, comparedStates: states, rewards: fittedRewards, pairs: fittedPairs)
  }

  private func fitted(
    _ reward: Reward, _ states: [State], _ model: FiniteMDP
  ) throws(CheckFailure) -> ComparisonAnswer.Reward {
    let place = "rewards[\(excerpt(reward.name))]"
    return ComparisonAnswer.Reward(
      name: reward.name, isTrivial: reward.isTrivial, minimum: reward.minimum,
      maximum: reward.maximum, span: reward.span, norm: reward.norm,
      canonical: try reward.canonical.map { (entries) throws(CheckFailure) in
        try canonical(
          entries, states, model, "\(place).canonical",
          onTriples: settings.canonicalization.knowsTriples)
      },
      policyValues: try vector(reward.policyValues, "\(place).certificate.policyValues", model),
      maximumCertificate: try optimum(
        reward.maximumCertificate, "\(place).certificate.maximum", model),
      minimumCertificate: try optimum(
        reward.minimumCertificate, "\(place).certificate.minimum", model),
      normCertificate: try reward.normCertificate.map { (written) throws(CheckFailure) in
        try fitted(written, states, model, "\(place).certificate.norm")
      })
  }

  private func fitted(
    _ written: NormCertificate, _ states: [State], _ model: FiniteMDP, _ field: String
  ) throws(CheckFailure) -> ComparisonAnswer.NormCertificate {
    switch written {
    case .span(let maximum, let minimum):
      .span(
        maximum: try fitted(maximum, "\(field).maximum", model),
        minimum: try fitted(minimum, "\(field).minimum", model))
    case .quotient(let potential, let dual):
      .quotient(
        potential: try potential.vector(in: model, "\(field).potential"),
        dual: try canonical(dual, states, model, "\(field).dual", onTriples: false))
    }
  }

  func fitted(
    _ written: DistanceCertificate, _ states: [State], _ model: FiniteMDP, _ field: String
  ) throws(CheckFailure) -> ComparisonAnswer.DistanceCertificate {
    switch written {
    case .span(let points):
      var fittedPoints: [ComparisonAnswer.SpanPoint] = []
      for point in points {
        fittedPoints.append(
          ComparisonAnswer.SpanPoint(
            multiplier: point.multiplier,
            maximum: try fitted(point.maximum, "\(field).maximum", model),
            minimum: try fitted(point.minimum, "\(field).minimum", model)))
      }
      return .span(points: fittedPoints)
    case .quotient(let points, let dual):
      var potentials: [(multiplier: Rational, potential: RationalVector)] = []
      for point in points {
        potentials.append(
          (point.multiplier, try point.potential.vector(in: model, "\(field).potential")))
      }
      return .quotient(
        points: potentials,
        dual: try canonical(dual, states, model, "\(field).dual", onTriples: false))
    }
  }

  /// The entries in the order of the compared choices or of the triples, each once.
  private func canonical(
    _ entries: [(names: [Reference], value: Rational)], _ states: [State], _ model: FiniteMDP,
    _ field: String, onTriples knowsTriples: Bool
  ) throws(CheckFailure) -> RationalVector {
    let triples = TripleIndex(model)
    var places: [Int32: Int] = [:]
    if !knowsTriples {
      for state in Set(states).sorted() {
        for choice in model.choices(at: state) { places[choice.index] = places.count }
      }
    }
    var values = [Rational?](repeating: nil, count: knowsTriples ? triples.count : places.count)
    for (names, value) in entries {
      try require(
        names.count == (knowsTriples ? 3 : 2),
        "\(field): an entry has \(names.count) names, but this canonicalization has "
          + (knowsTriples ? "3" : "2"))
      let state = try model.state(names[0], in: field)
      var place: Int?
      if knowsTriples {
        let action = try model.action(names[1], in: field)
        let successor = try model.state(names[2], in: field)
        let pair = Int(state.index) * triples.actionCount + Int(action.index)
        place = pair * triples.stateCount + Int(successor.index)
      } else {
        place = places[try model.choice(names[1], at: state, in: field).index]
      }
      guard let place else {
        throw .rejected("\(field): the state \(model.name(state)) is not compared")
      }
      try require(values[place] == nil, "\(field): an entry at \(model.name(state)) stands twice")
      values[place] = value
    }
    let known = values.compactMap { $0 }
    try require(
      known.count == values.count,
      "\(field): there are \(known.count) entries, but \(values.count) are needed")
    return RationalVector(known)
  }

  private func fitted(
    _ pair: Pair, _ states: [State], _ field: String, _ model: FiniteMDP
  ) throws(CheckFailure) -> ComparisonAnswer.Pair {
    var places: [Int] = []
    for name in pair.names {
      guard let place = rewards.firstIndex(where: { $0.name == name }) else {
        throw .rejected("\(field): there is no reward \(excerpt(name)) in the answer")
      }
      places.append(place)
    }
    var regrets: [ComparisonAnswer.Regret?] = []
    for regret in pair.regretPolicies {
      regrets.append(
        try regret.map { (regret) throws(CheckFailure) in
          try fitted(regret, "\(field).regretPolicies", model)
        })
    }
    var proxies: [ComparisonAnswer.ProxyRegret] = []
    for proxy in pair.proxyRegret {
      let place = "\(field).certificate.proxyRegret"
      proxies.append(
        ComparisonAnswer.ProxyRegret(
          worst: proxy.worst, best: proxy.best,
          worstCertificate: try optimum(proxy.worstCertificate, place, model),
          bestCertificate: try optimum(proxy.bestCertificate, place, model)))
    }
    let spans = try pair.spanCertificates.map {
      (pair) throws(CheckFailure) -> (ComparisonAnswer.Optimum, ComparisonAnswer.Optimum) in
      let place = "\(field).certificate.spanDistance"
      return (
        try fitted(pair.maximum, place, model), try fitted(pair.minimum, place, model)
      )
    }
    return ComparisonAnswer.Pair(
      first: places[0], second: places[1], distance: pair.distance,
      spanDistance: pair.spanDistance, worstCaseRegret: pair.worstCaseRegret,
      proxyRegret: proxies, sameOrdering: pair.sameOrdering,
      reversedOrdering: pair.reversedOrdering, sameOptimalPolicies: pair.sameOptimalPolicies,
      orderingCertificate: try fitted(pair.ordering, "\(field).orderingCertificate", model),
      boundConstants: pair.boundConstants, regretPolicies: regrets, spanCertificates: spans,
      distanceCertificate: try pair.distanceCertificate.map { (written) throws(CheckFailure) in
        try fitted(written, states, model, "\(field).certificate.distance")
      })
  }

  func fitted(
    _ ordering: Ordering, _ field: String, _ model: FiniteMDP
  ) throws(CheckFailure) -> ComparisonAnswer.OrderingCertificate {
    switch ordering {
    case .equivalent(let scale, let potential, let second):
      .equivalent(
        scale: scale, potential: try potential.vector(in: model, "\(field).potential"),
        secondPotential: try vector(second, "\(field).secondPotential", model))
    case .witness(let first, let second, let values):
      .witness(
        first: try model.policy(first, isComplete: false, "\(field).first"),
        second: try model.policy(second, isComplete: false, "\(field).second"), values: values)
    }
  }

  private func fitted(
    _ regret: Regret, _ field: String, _ model: FiniteMDP
  ) throws(CheckFailure) -> ComparisonAnswer.Regret {
    let occupancy = {
      (
        entries: [WrittenOccupancyEntry]?, name: String
      ) throws(CheckFailure) -> OccupancyEntries? in
      guard let entries else { return nil }
      return try OccupancyEntries(entries, in: model, "\(field).\(name)")
    }
    return ComparisonAnswer.Regret(
      multiplier: regret.multiplier,
      better: try model.policy(regret.better, isComplete: false, "\(field).better"),
      worse: try model.policy(regret.worse, isComplete: false, "\(field).worse"),
      upperValues: try regret.upperValues.vector(in: model, "\(field).upperValues"),
      lowerValues: try regret.lowerValues.vector(in: model, "\(field).lowerValues"),
      betterOccupancy: try occupancy(regret.betterOccupancy, "betterOccupancy"),
      worseOccupancy: try occupancy(regret.worseOccupancy, "worseOccupancy"))
  }

  private func vector(
    _ written: NumberVector?, _ field: String, _ model: FiniteMDP
  ) throws(CheckFailure) -> RationalVector? {
    guard let written else { return nil }
    return try written.vector(in: model, field)
  }

  private func optimum(
    _ written: Optimum?, _ field: String, _ model: FiniteMDP
  ) throws(CheckFailure) -> ComparisonAnswer.Optimum? {
    guard let written else { return nil }
    return try fitted(written, field, model)
  }

  private func fitted(
    _ written: Optimum, _ field: String, _ model: FiniteMDP
  ) throws(CheckFailure) -> ComparisonAnswer.Optimum {
    ComparisonAnswer.Optimum(
      values: try written.values.vector(in: model, "\(field).values"),
      policy: try model.policy(written.policy, in: "\(field).policy"))
  }
}

extension FiniteMDP {
  fileprivate func action(
    _ reference: Reference, in field: String
  ) throws(CheckFailure) -> Action {
    switch reference {
    case .name(let name):
      if let place = actions.place(of: name) { return Action(place) }
    case .index(let index):
      if let index, index < actions.count { return Action(index) }
    }
    throw .rejected("\(field): the model has no action \(reference.shown)")
  }

  /// A policy that may randomise.
  ///
  /// - Parameter isComplete: whether every state has to have an entry; a missing one takes the
  ///   first action.
  func policy(
    _ written: WrittenComparison.WrittenPolicy, isComplete: Bool, _ field: String
  ) throws(CheckFailure) -> Policy {
    var laws = [[(action: Action, probability: Rational)]?](repeating: nil, count: stateCount)
    let named: [(state: State, law: [(action: Reference, probability: Rational)])]
    switch written {
    case .listed(let list):
      try requireCount(list.count, self, field)
      named = list.enumerated().map { (State($0.offset), $0.element) }
    case .named(let members):
      var entries: [(state: State, law: [(action: Reference, probability: Rational)])] = []
      for (name, law) in members { entries.append((try state(.name(name), in: field), law)) }
      named = entries
    }
    for (state, law) in named {
      var fitted: [(action: Action, probability: Rational)] = []
      for (reference, probability) in law {
        let choice = try choice(reference, at: state, in: field)
        fitted.append((action(of: choice), probability))
      }
      laws[Int(state.index)] = fitted
    }
    if isComplete, let missing = laws.firstIndex(where: { $0 == nil }) {
      throw .rejected("\(field): the state \(name(State(missing))) has no entry")
    }
    do throws(PolicyError) {
      return try Policy(
        laws: laws.enumerated().map { state, law in
          law ?? [(action(of: Choice(choiceRange(at: state).lowerBound)), 1)]
        }, in: self)
    } catch {
      throw .rejected("\(field): \(error)")
    }
  }
}
