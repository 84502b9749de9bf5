import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

// Total rewards: what is accepted of certificates of small random models.

extension RandomUndiscountedTests {
  @Test("total reward: the truth is accepted, other values are not", arguments: [5, 6] as [UInt64])
  func total(seed: UInt64) throws {
    var infinities = 0
    for (round, model) in try Self.models(seed: seed, count: 60).enumerated() {
      let direction: Direction = round % 2 == 0 ? .maximize : .minimize
      let force = BruteForce(model, goal: "goal", reward: "main", direction)
      let certificate = force.totalCertificate(direction)
      let verdict = try certificate.verify(in: model, progress: .none)
      try #require(verdict.isAccepted, "round \(round): \(verdict)")
      let object = try object { certificate.write(to: $0, names: model) }
      let outcome = try check(object, model)
      try #require(outcome.isAccepted, "round \(round): \(outcome)")
      let written = try #require(object["values"] as? Object)
      for state in 0..<model.stateCount {
        let name = model.states[state]
        let own = try #require(written[name] as? String)
        infinities += own.hasSuffix("inf") ? 1 : 0
        let number = Rational(own) ?? 0
        let others = ["inf", "-inf", "\(number + 1)", "\(number - Rational(1, 7))", "0"]
        for wrong in others where wrong != own {
          let outcome = try check(object.with("values", name, wrong), model)
          try #require(!outcome.isAccepted, "round \(round): \(wrong) for \(own)")
        }
      }
    }
    #expect(infinities > 10)
  }

  @Test("total reward: an accepted policy attains the values", arguments: [7] as [UInt64])
  func totalPolicy(seed: UInt64) throws {
    for (round, model) in try Self.models(seed: seed, count: 60).enumerated() {
      let direction: Direction = round % 2 == 0 ? .maximize : .minimize
      let force = BruteForce(model, goal: "goal", reward: "main", direction)
      let certificate = force.totalCertificate(direction)
      let truth = force.total()
      for policy in force.policies() {
        let changed = TotalCertificate(
          objective: certificate.objective, divergence: certificate.divergence,
          values: certificate.values, policy: policy.map { model.action(of: Choice($0)) },
          distance: certificate.distance.indices.map {
            certificate.distance[$0] == nil ? nil : force.distances(policy)[$0]
          }, level: certificate.level, ray: certificate.ray)
        guard try changed.verify(in: model, progress: .none).isAccepted else { continue }
        let sums = force.evaluate(policy, stopsAtGoal: true).bias
        let probabilities = force.reachability(policy)
        for state in 0..<model.stateCount where truth.level[state] == nil {
          try #require(probabilities[state] == 1, "round \(round)")
          if let value = truth.values[state], !force.isGoal[state] {
            try #require(force.sign * sums[state] == value, "round \(round)")
          }
        }
      }
    }
  }

  @Test(
    "no level proves an improper state, no ray an unbounded one", arguments: [11, 12] as [UInt64])
  func falseInfinities(seed: UInt64) throws {
    for (round, model) in try Self.models(seed: seed, count: 40).enumerated() {
      let direction: Direction = round % 2 == 0 ? .maximize : .minimize
      let force = BruteForce(model, goal: "goal", reward: "main", direction)
      let truth = force.totalCertificate(direction)
      let improper: Divergence = direction == .maximize ? .negative : .positive
      let unbounded: Divergence = direction == .maximize ? .positive : .negative
      let (states, n) = (0..<model.stateCount, model.stateCount)
      for claimed in states where !force.isGoal[claimed] && truth.divergence[claimed] != improper {
        // All levels of this state and of those that have one already.
        for code in 0..<n * n {
          let level = states.map { state in
            state == claimed ? code % n : truth.level[state].map { $0 + code / n }
          }
          let spoiled = truth.with(
            divergence: truth.divergence.replacing(claimed, improper), level: level)
          let verdict = try spoiled.verify(in: model, progress: .none)
          try #require(!verdict.isAccepted, "round \(round)")
        }
      }
      for claimed in states where !force.isGoal[claimed] && truth.divergence[claimed] == .finite {
        for policy in force.policies() {
          let value = force.evaluate(policy, stopsAtGoal: true)
          for gain in [1, Rational(1, 3)] as [Rational] {
            let gains = states.map { force.isGoal[$0] ? 0 : force.sign * gain }
            let bias = states.map { force.isGoal[$0] ? 0 : force.sign * value.bias[$0] }
            let spoiled = truth.with(
              divergence: truth.divergence.replacing(claimed, unbounded), level: truth.level,
              ray: TotalCertificate.Ray(
                policy: policy.map { model.action(of: Choice($0)) }, gain: RationalVector(gains),
                bias: RationalVector(bias)))
            let verdict = try spoiled.verify(in: model, progress: .none)
            try #require(!verdict.isAccepted, "round \(round)")
          }
        }
      }
    }
  }
}

extension TotalCertificate {
  /// The same certificate with other infinities.
  fileprivate func with(
    divergence: [Divergence], level: [Int?], ray: Ray? = nil
  ) -> TotalCertificate {
    TotalCertificate(
      objective: objective, divergence: divergence, values: values, policy: policy,
      distance: distance, level: level, ray: ray ?? self.ray)
  }
}

extension [Divergence] {
  fileprivate func replacing(_ state: Int, _ divergence: Divergence) -> [Divergence] {
    var copy = self
    copy[state] = divergence
    return copy
  }
}
