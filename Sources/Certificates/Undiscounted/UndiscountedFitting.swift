import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A certificate of an objective without discount, in terms of a model.
enum UndiscountedCertificate: Sendable {
  case reachability(ReachabilityCertificate)
  case reachabilityBounded(ReachabilityBoundedCertificate)
  case total(TotalCertificate)
  case average(AverageCertificate)

  func proof(
    in model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) -> UndiscountedProof {
    switch self {
    case .reachability(let certificate): try certificate.proof(in: model, progress)
    case .reachabilityBounded(let certificate): try certificate.proof(in: model, progress)
    case .total(let certificate): try certificate.proof(in: model, progress)
    case .average(let certificate): try certificate.proof(in: model, progress)
    }
  }

  /// The number of steps that the objective is bounded by.
  var steps: Int? {
    if case .reachabilityBounded(let certificate) = self { certificate.steps } else { nil }
  }
}

extension WrittenUndiscounted {
  /// The certificate in terms of the model's states and actions.
  func fitted(to model: FiniteMDP) throws(CheckFailure) -> UndiscountedCertificate {
    if let reward { _ = try model.expectedReward(reward, in: "reward") }
    if let goal { _ = try model.goalStates(goal) }
    let goal = self.goal ?? ""
    switch body {
    case .reachability(let written):
      return .reachability(
        try written.fitted(
          to: model, ReachabilityObjective(direction: direction, goal: goal)))
    case .reachabilityBounded(let written):
      return .reachabilityBounded(
        try written.fitted(
          to: model, ReachabilityObjective(direction: direction, goal: goal)))
    case .total(let written):
      return .total(
        try written.fitted(
          to: model, TotalObjective(direction: direction, reward: reward ?? "", goal: goal)))
    case .average(let written):
      return .average(
        try written.fitted(
          to: model, AverageObjective(direction: direction, reward: reward ?? "")))
    }
  }
}

extension WrittenValues {
  fileprivate func fitted(
    to model: FiniteMDP
  ) throws(CheckFailure) -> (values: CertifiedValues, divergence: [Divergence]) {
    switch self {
    case .exact(let written):
      let (vector, divergence) = try written.fitted(to: model, "values")
      return (.exact(vector), divergence)
    case .enclosed(let lower, let upper):
      let low = try lower.fitted(to: model, "lower")
      let high = try upper.fitted(to: model, "upper")
      for (state, (a, b)) in zip(low.divergence, high.divergence).enumerated() where a != b {
        throw .rejected(
          "at state \(model.name(State(state))): lower and upper have to be infinite together, "
            + "but they are \(a.text ?? "finite") and \(b.text ?? "finite")")
      }
      return (.enclosed(lower: low.vector, upper: high.vector), low.divergence)
    }
  }
}

extension WrittenReachability {
  fileprivate func fitted(
    to model: FiniteMDP, _ objective: ReachabilityObjective
  ) throws(CheckFailure) -> ReachabilityCertificate {
    ReachabilityCertificate(
      objective: objective, values: try values.fitted(to: model).values,
      policy: try model.partialPolicy(policy, in: "policy"),
      distance: try distance.entries(in: model, "distance"))
  }
}

extension WrittenBoundedReachability {
  fileprivate func fitted(
    to model: FiniteMDP, _ objective: ReachabilityObjective
  ) throws(CheckFailure) -> ReachabilityBoundedCertificate {
    var vectors: [RationalVector] = []
    for (step, written) in values.enumerated() {
      vectors.append(try written.vector(in: model, "values[\(step)]"))
    }
    var policies: [[Action?]] = []
    for (step, written) in policy.enumerated() {
      policies.append(try model.partialPolicy(written, in: "policy[\(step)]"))
    }
    return ReachabilityBoundedCertificate(
      objective: objective, steps: steps, values: vectors, policy: policies)
  }
}

extension WrittenTotal {
  fileprivate func fitted(
    to model: FiniteMDP, _ objective: TotalObjective
  ) throws(CheckFailure) -> TotalCertificate {
    let (values, divergence) = try self.values.fitted(to: model)
    return TotalCertificate(
      objective: objective, divergence: divergence, values: values,
      policy: try model.partialPolicy(policy, in: "policy"),
      distance: try distance.partialEntries(in: model, "distance").map { $0 ?? nil },
      level: try level.partialEntries(in: model, "level"),
      ray: try ray.map { (ray) throws(CheckFailure) in try ray.fitted(to: model) })
  }
}

extension WrittenTotal.Ray {
  fileprivate func fitted(to model: FiniteMDP) throws(CheckFailure) -> TotalCertificate.Ray {
    let gain = try self.gain.partialEntries(in: model, "ray.gain")
    let bias = try self.bias.partialEntries(in: model, "ray.bias")
    return TotalCertificate.Ray(
      policy: try model.partialPolicy(policy, in: "ray.policy"),
      gain: RationalVector(gain.map { $0 ?? 0 }), bias: RationalVector(bias.map { $0 ?? 0 }))
  }
}

extension WrittenAverage {
  fileprivate func fitted(
    to model: FiniteMDP, _ objective: AverageObjective
  ) throws(CheckFailure) -> AverageCertificate {
    let claim: AverageCertificate.Claim
    switch self.claim {
    case .exact(let pair, let witness):
      claim = .exact(
        try pair.fitted(to: model, ""),
        biasWitness: try witness?.vector(in: model, "biasWitness"))
    case .enclosed(let lower, let upper):
      claim = .enclosed(
        lower: try lower.fitted(to: model, "lower."), upper: try upper.fitted(to: model, "upper."))
    }
    return AverageCertificate(
      objective: objective, claim: claim, policy: try model.policy(policy, in: "policy"))
  }
}

extension WrittenAverage.Pair {
  fileprivate func fitted(
    to model: FiniteMDP, _ place: String
  ) throws(CheckFailure) -> GainBias {
    GainBias(
      gain: try gain.vector(in: model, "\(place)gain"),
      bias: try bias.vector(in: model, "\(place)bias"))
  }
}
