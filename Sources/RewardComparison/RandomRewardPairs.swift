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

  /// How the two rewards of a pair are drawn.
  public enum Draw: String, Sendable, CaseIterable {
    /// Independently: whole numbers from -9 to 9 on available choices.
    case random
    /// The first as in ``random``; the second `s((1 - λ) first + λ other) + γPΦ - Φ` with another
    /// such reward, a share λ from 0, 1/20, ..., 1, a scale s from 1 to 9 and a potential Φ of whole
    /// numbers from -9 to 9: from equivalent to unrelated rewards.
    case mixture
  }

  public let draw: Draw
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

  /// Draws pairs of rewards on available choices, and measures them.
  ///
  /// - Parameters:
  ///   - environment: a problem whose rewards are not looked at.
  ///   - count: of pairs.
  ///   - draw: how a pair is drawn.
  ///   - seed: of the generator SplitMix64; the same pairs on every machine.
  /// - Throws: ``Interrupted``.
  public init(
    in environment: ComparisonProblem, count: Int, draw: Draw = .random, seed: UInt64,
    progress: ProgressHandler = .none
  ) throws {
    self.draw = draw
    self.seed = seed
    pseudometrics = Self.pseudometrics(for: environment.model)
    var random = SplitMix64(seed: seed)
    var samples: [Sample] = []
    for place in 0..<count {
      progress.report("comparing random rewards", fraction: Double(place) / Double(count))
      let first = random.values(environment.model.choiceCount)
      let second =
        switch draw {
        case .random: random.values(environment.model.choiceCount)
        case .mixture: random.mixture(first, in: environment)
        }
      let problem = try environment.replacingRewards([
        ("first", RewardFunction(first, on: environment.model)),
        ("second", RewardFunction(second, on: environment.model)),
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
  /// Whole numbers from -9 to 9.
  fileprivate mutating func values(_ count: Int) -> [Rational] {
    (0..<count).map { _ in Rational(Int(below(19)) - 9) }
  }

  /// The second reward of ``RandomRewardPairs/Draw/mixture``, one entry a choice.
  fileprivate mutating func mixture(
    _ first: [Rational], in environment: ComparisonProblem
  ) -> [Rational] {
    let model = environment.model
    let share = Rational(Int(below(21)), 20)
    let scale = Rational(Int(below(9)) + 1)
    let other = values(first.count)
    let potential = values(model.stateCount)
    return first.indices.map { place in
      let choice = Choice(place)
      var value = scale * ((1 - share) * first[place] + share * other[place])
      value -= potential[Int(model.state(of: choice).index)]
      for (successor, probability) in model.transitions(of: choice) {
        value += environment.discount * probability * potential[Int(successor.index)]
      }
      return value
    }
  }
}

extension RewardFunction {
  fileprivate init(_ values: [Rational], on model: FiniteMDP) {
    self.init(
      summing: values.enumerated().map { place, value in
        Entry(
          state: model.state(of: Choice(place)), action: model.action(of: Choice(place)),
          value: value)
      })
  }
}
