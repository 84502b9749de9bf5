// What is here: preferences between stretches of experience, as summed rewards or as summed losses
// against the optimum, and whether two rewards give the same ones. After Knox, Hatgis-Kessell,
// Booth, Niekum, Stone, Allievi, *Models of human preference for learning reward functions*, 2022;
// `proofs-notes/segment-preferences.md`.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// A stretch of experience: states, and the action taken at each but the last.
public struct Segment: Sendable, Hashable {
  /// One more than ``actions``.
  public let states: [State]
  public let actions: [Action]

  public var length: Int { actions.count }

  public init(states: [State], actions: [Action]) {
    precondition(states.count == actions.count + 1, "one state more than actions")
    self.states = states
    self.actions = actions
  }
}

/// What a segment is judged by.
public enum PreferenceModel: Sendable, Hashable, CaseIterable {
  /// `Σ_t R(s_t, a_t, s_{t+1})`.
  case partialReturn
  /// `-Σ_t (V*(s_t) - Q*(s_t, a_t))`: the less is lost against the optimum the better.
  case regret
}

/// How alike two rewards order segments of equal length.
public enum PreferenceAgreement: Sendable, Hashable {
  /// All differences of scores are the same: no law of choices that depends on them, such as the
  /// logistic one, tells the rewards apart.
  case indistinguishable
  /// The differences have the same signs: choices without noise do not tell the rewards apart.
  case sameOrder
  /// Segments of equal length whose scores differ in one direction under one reward, and not in
  /// that direction under the other.
  case different(Segment, Segment)
}

/// Scores of segments under the rewards of a problem.
public struct SegmentPreferences: Sendable {
  public let problem: ComparisonProblem
  public let model: PreferenceModel
  /// The number on each choice or transition that is summed, one function a reward.
  public let scores: [RewardFunction]

  /// - Parameter model: with `regret`, one exact solve a reward.
  /// - Throws: ``Interrupted``.
  public init(
    _ problem: ComparisonProblem, model: PreferenceModel, progress: ProgressHandler = .none
  ) throws {
    self.problem = problem
    self.model = model
    switch model {
    case .partialReturn: scores = problem.model.rewards.map(\.function)
    case .regret:
      let solver = try RewardSolver(problem, progress)
      scores = try problem.model.rewards.indices.map { try solver.optimalAdvantage(ofReward: $0) }
    }
  }

  /// The score of a segment under the reward at a place.
  public func score(_ segment: Segment, reward: Int) -> Rational {
    segment.actions.indices.reduce(Rational.zero) { sum, step in
      sum
        + scores[reward].value(
          state: segment.states[step], action: segment.actions[step],
          successor: segment.states[step + 1])
    }
  }

  /// Whether two rewards give the same preferences between segments of equal length, from any
  /// states, along possible transitions, for all lengths up to one.
  ///
  /// Where they do not, the two segments returned are of the least length at which they differ.
  ///
  /// - Complexity: O(transitions) sums for each different pair of scores at each length. For
  ///   generic rewards that is exponential in the length, for rewards of few values polynomial.
  /// - Throws: ``Interrupted``.
  public func agreement(
    _ first: Int, _ second: Int, upToLength length: Int, progress: ProgressHandler = .none
  ) throws -> PreferenceAgreement {
    precondition(length >= 1, "a segment has a step")
    var search = SegmentSearch(self, first, second)
    var isIndistinguishable = true
    for _ in 0..<length {
      try search.extend(progress)
      let points = search.sortedPoints
      for (a, b) in zip(points, points.dropFirst()) {
        // Points are sorted by the first score: the second has to do the same.
        let isTie = a.x == b.x
        if isTie ? a.y != b.y : a.y >= b.y {
          return .different(search.segment(to: a), search.segment(to: b))
        }
        if b.x - a.x != b.y - a.y { isIndistinguishable = false }
      }
    }
    return isIndistinguishable ? .indistinguishable : .sameOrder
  }
}

extension RewardSolver {
  /// `Q*(s,a) - V*(s)` on every choice.
  func optimalAdvantage(ofReward place: Int) throws -> RewardFunction {
    let optimum = try best(for: RewardCombination([(place, 1)]))
    let model = problem.model
    let bellman = BellmanOperator(
      model: model, reward: evaluator.reward(place), discount: problem.discount)
    let values = optimum.values.entries
    return RewardFunction(
      summing: (0..<model.choiceCount).map { choice in
        let state = model.state(of: Choice(choice))
        return RewardFunction.Entry(
          state: state, action: model.action(of: Choice(choice)),
          value: bellman.lookahead(Choice(choice), over: values) - values[Int(state.index)])
      })
  }
}

/// Layers of different pairs of scores, one layer a length.
private struct SegmentSearch {
  /// A pair of scores at the last state of a segment.
  struct Point: Hashable {
    let state: Int
    let x: Rational
    let y: Rational
  }

  private typealias Step = (choice: Choice, state: Int, successor: Int, x: Rational, y: Rational)
  /// Where a point comes from; `nil` at the start.
  private typealias Origin = (point: Point, action: Action)?

  private let steps: [[Step]]
  private var layers: [[Point: Origin]]
  private let model: FiniteMDP

  init(_ preferences: SegmentPreferences, _ first: Int, _ second: Int) {
    let model = preferences.problem.model
    self.model = model
    steps = (0..<model.stateCount).map { state in
      model.choices(at: State(state)).flatMap { choice in
        model.transitions(of: choice).filter { !$0.probability.isZero }.map { transition in
          let values = [first, second].map {
            preferences.scores[$0].value(
              state: State(state), action: model.action(of: choice),
              successor: transition.successor)
          }
          return (choice, state, Int(transition.successor.index), values[0], values[1])
        }
      }
    }
    var start: [Point: Origin] = [:]
    for state in 0..<model.stateCount {
      start.updateValue(nil, forKey: Point(state: state, x: 0, y: 0))
    }
    layers = [start]
  }

  mutating func extend(_ progress: ProgressHandler) throws(Interrupted) {
    var next: [Point: Origin] = [:]
    for point in layers[layers.count - 1].keys.sorted(by: Self.isBefore) {
      try progress.checkpoint()
      for step in steps[point.state] {
        let reached = Point(state: step.successor, x: point.x + step.x, y: point.y + step.y)
        if next[reached] == nil {
          next.updateValue((point, model.action(of: step.choice)), forKey: reached)
        }
      }
    }
    layers.append(next)
  }

  /// The pairs of scores of the last layer by ascending first, then second score.
  var sortedPoints: [Point] { layers[layers.count - 1].keys.sorted(by: Self.isBefore) }

  private static func isBefore(_ p: Point, _ q: Point) -> Bool {
    (p.x, p.y, p.state) < (q.x, q.y, q.state)
  }

  /// A segment that ends at a point of the last layer.
  func segment(to end: Point) -> Segment {
    var (states, actions) = ([State(end.state)], [Action]())
    var point = end
    for layer in layers.indices.reversed() {
      guard let origin = layers[layer][point] ?? nil else { break }
      states.append(State(origin.point.state))
      actions.append(origin.action)
      point = origin.point
    }
    return Segment(states: states.reversed(), actions: actions.reversed())
  }
}
