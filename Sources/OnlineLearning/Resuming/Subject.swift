import ExactArithmetic
import MarkovDecisionProcesses

// What runs are about, as names and values: where two runs agree in these, their numbers agree.

extension MixtureExperiment {
  /// What runs of so many episodes are about.
  public func subject(episodes: Int) -> [String: String] {
    var subject = mixtureSubject
    subject["horizon"] = String(horizon)
    subject["episodes"] = String(episodes)
    return subject
  }

  fileprivate var mixtureSubject: [String: String] {
    var digest = Digest(of: model)
    for choice in 0..<model.choiceCount { digest.add(lookahead.reward[choice]) }
    var kernels = Digest()
    features.add(to: &kernels)
    return [
      "model": digest.hexadecimal, "basis": kernels.hexadecimal,
      "initial": model.states[Int(start.index)],
      "delta": "\(options.delta)", "grid": "\(options.grid)", "lambda": "\(lambda)",
      "value-cap": "\(valueCap)", "theta-bound": "\(squaredParameterNorm)",
      "offset-form": "\(options.usesOffsetForm)",
    ]
  }
}

extension RewardFreeExperiment {
  /// What runs of so many episodes are about.
  public func subject(episodes: Int) -> [String: String] {
    var subject = mixture.subject(episodes: episodes)
    subject["rewards"] = rewardDigest
    return subject
  }
}

extension MomentExperiment {
  /// What its runs are about.
  public var subject: [String: String] {
    var subject = exploration.subject(episodes: episodes)
    subject["moments"] = String(moments)
    subject["least-variance"] = "\(leastVariance)"
    return subject
  }
}

extension DiscountedMixtureExperiment {
  /// What runs of so many steps are about.
  public func subject(steps: Int) -> [String: String] {
    var subject = mixture.mixtureSubject
    subject["discount"] = "\(discount)"
    subject["steps"] = String(steps)
    return subject
  }
}

extension FiniteClassExperiment {
  /// What runs of so many steps are about.
  public func subject(steps: Int) -> [String: String] {
    var truth = Digest(of: model)
    for choice in 0..<model.choiceCount {
      for (successor, _) in model.transitions(of: Choice(choice)) {
        truth.add(reward(Choice(choice), successor))
      }
    }
    var others = Digest()
    for hypothesis in hypotheses.models { others.add(Digest(of: hypothesis).hexadecimal) }
    for values in hypotheses.gains { others.add(values) }
    return [
      "model": truth.hexadecimal, "class": others.hexadecimal,
      "initial": model.states[Int(start.index)],
      "delta": "\(options.delta)", "beta": "\(radius)", "keep": "\(options.keep)",
      "steps": String(steps),
    ]
  }
}

extension TabularExperiment {
  /// What runs of so many steps, or episodes, are about.
  public func subject(_ count: Int) -> [String: String] {
    var digest = Digest(of: model)
    for reward in environment.rewards { digest.add(reward) }
    var subject = [
      "model": digest.hexadecimal, "initial": model.states[Int(start.index)], unit: String(count),
      "delta": "\(options.delta)", "epsilon": "\(options.exploration)",
      "discount": "\(options.discount)",
    ]
    if let horizon { subject["horizon"] = String(horizon) }
    return subject
  }
}
