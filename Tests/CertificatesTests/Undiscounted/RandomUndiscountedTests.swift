import Certificates
import ExactArithmetic
import ExactJSON
import Foundation
import MarkovDecisionProcesses
import TestSupport
import Testing

/// True certificates of small random models, and what is accepted of them when they are spoiled.
@Suite("Random certificates without discount")
struct RandomUndiscountedTests {
  /// A model with a goal, small enough for every deterministic policy to be tried.
  static func models(seed: UInt64, count: Int) throws -> [FiniteMDP] {
    var source = TestSupport.RandomModel(seed: seed)
    source.largestStateCount = 4
    source.largestActionCount = 3
    var models: [FiniteMDP] = []
    while models.count < count {
      let model = try source.next()
      if model.states(labeled: "goal")?.isEmpty == false { models.append(model) }
    }
    return models
  }

  static func reachability(_ model: FiniteMDP, _ direction: Direction) -> ReachabilityCertificate {
    let force = BruteForce(model, goal: "goal", reward: "main", direction)
    let (values, policy) = force.bestReachability()
    return ReachabilityCertificate(
      objective: ReachabilityObjective(direction: direction, goal: "goal"),
      values: .exact(RationalVector(values)),
      policy: policy.enumerated().map {
        force.isGoal[$0] ? nil : model.action(of: Choice($1))
      },
      distance: direction == .maximize ? force.distances(policy) : force.attractorLayers())
  }

  static func average(_ model: FiniteMDP, _ direction: Direction) -> AverageCertificate {
    let force = BruteForce(model, goal: nil, reward: "main", direction)
    let best = force.bestAverage()
    return AverageCertificate(
      objective: AverageObjective(direction: direction, reward: "main"),
      claim: .exact(
        GainBias(gain: RationalVector(best.gain), bias: RationalVector(best.bias)),
        biasWitness: RationalVector(best.witness)),
      policy: best.policy.map { model.action(of: Choice($0)) })
  }

  func object(_ write: (JSONWriter) -> Void) throws -> Object {
    var bytes: [UInt8] = []
    let writer = JSONWriter { bytes += $0 }
    write(writer)
    try writer.finish()
    return try JSONSerialization.jsonObject(with: Data(bytes)) as? Object ?? [:]
  }

  /// The vector as the entries of an object by state.
  private func entries(_ model: FiniteMDP, _ values: [Rational]) -> Object {
    var object: Object = [:]
    for (state, value) in values.enumerated() { object[model.states[state]] = "\(value)" }
    return object
  }

  /// Vectors near the true one: an entry one unit of its last place off, all shifted, two swapped.
  private func spoiled(_ values: [Rational]) -> [[Rational]] {
    var vectors: [[Rational]] = []
    for (state, value) in values.enumerated() {
      for unit in [Rational(1, value.denominator), Rational(-1, value.denominator)] {
        var vector = values
        vector[state] += unit
        vectors.append(vector)
      }
      for other in values.indices.dropFirst(state + 1) where values[other] != value {
        var vector = values
        vector.swapAt(state, other)
        vectors.append(vector)
      }
    }
    vectors.append(values.map { $0 + 1 })
    vectors.append(values.map { $0 - Rational(1, 1_000_003) })
    return vectors
  }

  @Test("reachability: the truth is accepted, other values are not", arguments: [1, 2] as [UInt64])
  func reachability(seed: UInt64) throws {
    for (round, model) in try Self.models(seed: seed, count: 60).enumerated() {
      let direction: Direction = round % 2 == 0 ? .maximize : .minimize
      let certificate = Self.reachability(model, direction)
      guard case .exact(let truth) = certificate.values else { continue }
      try #require(certificate.verify(in: model, progress: .none).isAccepted, "round \(round)")
      let object = try object { certificate.write(to: $0, names: model) }
      let outcome = try check(object, model)
      try #require(outcome.isAccepted, "round \(round): \(outcome)")
      for vector in spoiled(truth.entries) {
        let outcome = try check(object.with("values", entries(model, vector)), model)
        try #require(outcome.isRejected, "round \(round): \(vector) for \(truth.entries)")
      }
    }
  }

  @Test("reachability: an accepted policy or distance is true", arguments: [3, 4] as [UInt64])
  func reachabilityPolicy(seed: UInt64) throws {
    for (round, model) in try Self.models(seed: seed, count: 60).enumerated() {
      let direction: Direction = round % 2 == 0 ? .maximize : .minimize
      let certificate = Self.reachability(model, direction)
      guard case .exact(let truth) = certificate.values else { continue }
      let force = BruteForce(model, goal: "goal", reward: "main", direction)
      // Every policy, with every distance up to the number of states.
      for policy in force.policies() {
        for distance in [certificate.distance, force.distances(policy)] {
          let changed = ReachabilityCertificate(
            objective: certificate.objective, values: certificate.values,
            policy: policy.map { model.action(of: Choice($0)) }, distance: distance)
          if try changed.verify(in: model, progress: .none).isAccepted {
            try #require(force.reachability(policy) == truth.entries, "round \(round)")
          }
        }
      }
      // A distance of 0 or inf at one state.
      for state in 0..<model.stateCount {
        for wrong in [0, nil] as [Int?] where certificate.distance[state] != wrong {
          var distance = certificate.distance
          distance[state] = wrong
          let changed = ReachabilityCertificate(
            objective: certificate.objective, values: certificate.values,
            policy: certificate.policy, distance: distance)
          let isHarmless = wrong == nil && truth[state].isZero && !force.isGoal[state]
          let verdict = try changed.verify(in: model, progress: .none)
          try #require(!verdict.isAccepted || isHarmless, "round \(round)")
        }
      }
    }
  }

  @Test("another reward or direction is accepted exactly when it has the same answer")
  func meaning() throws {
    for (round, model) in try Self.models(seed: 13, count: 60).enumerated() {
      let direction: Direction = round % 2 == 0 ? .maximize : .minimize
      let other: Direction = round % 2 == 0 ? .minimize : .maximize
      let force = BruteForce(model, goal: "goal", reward: "main", direction)
      let total = force.totalCertificate(direction)
      let object = try object { total.write(to: $0, names: model) }
      for (reward, direction) in [("main", other), ("other", direction)] {
        let changed = object.with("reward", reward).with("direction", direction.rawValue)
        let truth = BruteForce(model, goal: "goal", reward: reward, direction)
          .totalCertificate(direction)
        guard case .exact(let a) = truth.values, case .exact(let b) = total.values else { continue }
        let isTrue = a == b && truth.divergence == total.divergence
        // The policy or the ray may be wrong although the values are right.
        let outcome = try check(changed, model)
        try #require(!outcome.isAccepted || isTrue, "round \(round): \(outcome)")
      }
      let average = Self.average(model, direction)
      let written = try self.object { average.write(to: $0, names: model) }
      for (reward, direction) in [("main", other), ("other", direction)] {
        let changed = written.with("reward", reward).with("direction", direction.rawValue)
        let truth = BruteForce(model, goal: nil, reward: reward, direction).bestAverage()
        guard case .exact(let pair, _) = average.claim else { continue }
        let outcome = try check(changed, model)
        try #require(
          !outcome.isAccepted || truth.gain == pair.gain.entries, "round \(round): \(outcome)")
      }
    }
  }

  @Test("a vector that is too long, too short or names another state is rejected")
  func lengths() throws {
    let model = try #require(try Self.models(seed: 14, count: 30).first { $0.stateCount > 2 })
    let force = BruteForce(model, goal: "goal", reward: "main", .maximize)
    let objects = [
      try object { Self.reachability(model, .maximize).write(to: $0, names: model) },
      try object { force.totalCertificate(.maximize).write(to: $0, names: model) },
      try object { Self.average(model, .maximize).write(to: $0, names: model) },
    ]
    for object in objects {
      for key in ["values", "policy", "distance", "level", "gain", "bias", "biasWitness"] {
        guard let vector = object[key] as? Object else { continue }
        let filler: Any = key == "policy" || key == "distance" || key == "level" ? 0 : "0"
        for count in [0, model.stateCount - 1, model.stateCount + 1] {
          let list = Array(repeating: filler, count: count)
          #expect(try check(object.with(key, list), model).isRejected, "\(key) \(count)")
        }
        let unknown = vector.with("nowhere", filler)
        #expect(try check(object.with(key, unknown), model).isRejected, "\(key)")
      }
    }
  }

  @Test("average: the truth is accepted, other gains are not", arguments: [8, 9] as [UInt64])
  func average(seed: UInt64) throws {
    for (round, model) in try Self.models(seed: seed, count: 40).enumerated() {
      let direction: Direction = round % 2 == 0 ? .maximize : .minimize
      let certificate = Self.average(model, direction)
      let verdict = try certificate.verify(in: model, progress: .none)
      try #require(verdict.isAccepted, "round \(round): \(verdict)")
      guard case .accepted(let statement, _) = verdict else { continue }
      try #require(statement.contains("the bias is the best one"), "round \(round)")
      guard case .exact(let pair, _) = certificate.claim else { continue }
      let object = try object { certificate.write(to: $0, names: model) }
      let outcome = try check(object, model)
      try #require(outcome.isAccepted, "round \(round): \(outcome)")
      for vector in spoiled(pair.gain.entries) {
        let outcome = try check(object.with("gain", entries(model, vector)), model)
        try #require(outcome.isRejected, "round \(round): \(vector) for \(pair.gain.entries)")
      }
      // With the witness there is one bias.
      for vector in spoiled(pair.bias.entries) {
        let outcome = try check(object.with("bias", entries(model, vector)), model)
        try #require(outcome.isRejected, "round \(round): \(vector) for \(pair.bias.entries)")
      }
    }
  }

  @Test("average: an accepted policy has the gain and the bias", arguments: [10] as [UInt64])
  func averagePolicy(seed: UInt64) throws {
    for (round, model) in try Self.models(seed: seed, count: 40).enumerated() {
      let direction: Direction = round % 2 == 0 ? .maximize : .minimize
      let certificate = Self.average(model, direction)
      guard case .exact(let pair, let witness) = certificate.claim else { continue }
      let force = BruteForce(model, goal: nil, reward: "main", direction)
      for policy in force.policies() {
        let value = force.evaluate(policy)
        let actions = policy.map { model.action(of: Choice($0)) }
        let hasGain = value.gain.map { force.sign * $0 } == pair.gain.entries
        let hasBias = value.bias.map { force.sign * $0 } == pair.bias.entries
        let alone = AverageCertificate(
          objective: certificate.objective, claim: .exact(pair, biasWitness: nil), policy: actions)
        if try alone.verify(in: model, progress: .none).isAccepted {
          try #require(hasGain, "round \(round)")
        }
        let full = AverageCertificate(
          objective: certificate.objective, claim: .exact(pair, biasWitness: witness),
          policy: actions)
        if try full.verify(in: model, progress: .none).isAccepted {
          try #require(hasGain && hasBias, "round \(round)")
        }
      }
    }
  }
}
