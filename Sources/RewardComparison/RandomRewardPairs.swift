// What is here: how well pseudometrics of rewards foretell worst-case regret, on random pairs of
// rewards of one environment: every distance and every regret exactly.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Random pairs of rewards with their distances and regrets.
public struct RandomRewardPairs: Sendable {
  /// A distance that is held against the regret.
  public struct Pseudometric: Sendable, Hashable {
    public let name: String
    /// `nil` for the span distance.
    public let settings: ComparisonSettings?
  }

  /// One pair.
  public struct Sample: Sendable {
    /// By pseudometric.
    public let distances: [RootNumber]
    /// Loss in the first of a change that the second does not object to.
    public let regret: Rational
  }

  public let seed: UInt64
  public let pseudometrics: [Pseudometric]
  public let samples: [Sample]

  /// Kendall's tau of a pseudometric and the regret: concordant less discordant pairs of samples,
  /// divided by all pairs of samples; ties are neither.
  ///
  /// - Complexity: O(n²) exact comparisons.
  public func kendallTau(of place: Int) -> Rational {
    var balance = 0
    for (index, first) in samples.enumerated() {
      for second in samples.dropFirst(index + 1) where first.regret != second.regret {
        let (a, b) = (first.distances[place], second.distances[place])
        if a == b { continue }
        balance += (a < b) == (first.regret < second.regret) ? 1 : -1
      }
    }
    let count = samples.count * (samples.count - 1) / 2
    return count == 0 ? 0 : Rational(balance, count)
  }

  /// The pseudometrics that apply to a model: DARD needs every action in every state.
  public static func pseudometrics(for model: FiniteMDP) -> [Pseudometric] {
    var list = [Pseudometric(name: "spanDistance", settings: nil)]
    func add(_ name: String, _ form: Canonicalization, _ n: RewardNorm, _ m: RewardNorm) {
      list.append(
        Pseudometric(
          name: name,
          settings: ComparisonSettings(canonicalization: form, normalization: n, metric: m)))
    }
    add("levelling span l1", .valueAdjustedLevelling, .span, .l1)
    add("levelling l1 l1", .valueAdjustedLevelling, .l1, .l1)
    add("levelling l2 l2", .valueAdjustedLevelling, .l2, .l2)
    add("levelling linf linf", .valueAdjustedLevelling, .linf, .linf)
    add("minimal l2 l2", .minimal, .l2, .l2)
    add("epic l2 l2", .epic, .l2, .l2)
    if model.choiceCount == model.stateCount * model.actions.count {
      add("dard l2 l2", .dard, .l2, .l2)
    }
    return list
  }

  /// Draws pairs of rewards on available choices, with whole numbers from -9 to 9, and measures
  /// them.
  ///
  /// - Parameters:
  ///   - environment: a problem whose rewards are not looked at.
  ///   - count: of pairs.
  ///   - seed: of the generator SplitMix64; the same pairs on every machine.
  /// - Throws: ``Interrupted``.
  public init(
    in environment: ComparisonProblem, count: Int, seed: UInt64, progress: ProgressHandler = .none
  ) throws {
    self.seed = seed
    pseudometrics = Self.pseudometrics(for: environment.model)
    var random = SplitMix64(seed: seed)
    var samples: [Sample] = []
    for place in 0..<count {
      progress.report("comparing random rewards", fraction: Double(place) / Double(count))
      let problem = try environment.replacingRewards([
        ("first", random.reward(on: environment.model)),
        ("second", random.reward(on: environment.model)),
      ])
      samples.append(try Self.sample(problem, pseudometrics, progress))
    }
    self.samples = samples
  }

  private static func sample(
    _ problem: ComparisonProblem, _ pseudometrics: [Pseudometric], _ progress: ProgressHandler
  ) throws -> Sample {
    let solver = try RewardSolver(problem, progress)
    let ranges = [try RewardRange(solver, reward: 0), try RewardRange(solver, reward: 1)]
    let comparison = PairComparison(solver, ranges, 0, 1)
    let spans = ranges.map(\.span)
    let (regret, spanDistance) = try comparison.regretAndSpanDistance()
    let distances = try pseudometrics.map { pseudometric in
      guard let settings = pseudometric.settings else { return RootNumber(spanDistance) }
      return try RewardStandardiser(solver: solver, settings: settings, policy: nil)
        .standardised(spans: spans).distance(0, 1).0
    }
    return Sample(distances: distances, regret: regret)
  }
}

extension SplitMix64 {
  /// A whole number from -9 to 9 on each available choice.
  fileprivate mutating func reward(on model: FiniteMDP) -> RewardFunction {
    var entries: [RewardFunction.Entry] = []
    for choice in (0..<model.choiceCount).map(Choice.init) {
      entries.append(
        RewardFunction.Entry(
          state: model.state(of: choice), action: model.action(of: choice),
          value: Rational(Int(below(19)) - 9)))
    }
    return RewardFunction(summing: entries)
  }
}
