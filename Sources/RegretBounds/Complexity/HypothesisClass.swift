import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// A finite class of models with the same choices and the same reward `r(s,a,s')`, solved for
/// their long-run average, with one of them taken for the truth.
///
/// Every model has a constant gain `g_f`; `h_f` is its best bias, `W_f(s,a,t) = r(s,a,t) + h_f(t)`,
/// and `π_f(s)` the first of its optimal actions.
///
/// Source: `proofs-notes/finite-loop-regret.md`.
public struct HypothesisClass: Sendable {
  public let models: [FiniteMDP]
  /// The reward that all share.
  public let reward: RewardFunction
  public let gains: [Rational]
  /// One vector a model, one entry a state.
  public let biases: [[Rational]]
  /// One list of choices a model, one entry a state.
  public let policies: [[Choice]]

  /// `H`: the largest span of a bias.
  public var largestSpan: Rational { biases.lazy.map(span(of:)).max() ?? 0 }

  /// Solves all models.
  ///
  /// - Parameter name: the reward in all of the models.
  /// - Throws: ``BoundError/unfit(place:problem:)``, with the number of the model from 1 on, when
  ///   choices or rewards differ or a gain is not constant; what solving throws.
  public init(
    _ models: [FiniteMDP], reward name: String, progress: ProgressHandler = .none
  ) throws {
    guard let first = models.first, let reward = first.reward(named: name) else {
      throw BoundError.unfit(place: "class", problem: "there is no model with a reward '\(name)'")
    }
    var (gains, biases, policies): ([Rational], [[Rational]], [[Choice]]) = ([], [], [])
    for (place, model) in models.enumerated() {
      try progress.checkpoint()
      let label = "hypothesis \(place + 1)"
      try Self.check(model, like: first, name, label)
      var options = SolverOptions()
      options.scope = .all(isRequired: true)
      options.progress = progress
      let solution = try solve(AverageProblem(model: model, reward: name), options: options)
      guard let pair = solution.exactValues, let actions = solution.optimalActions else {
        throw BoundError.unfit(place: label, problem: "no exact gain was found")
      }
      let gain = pair.gain[0]
      guard pair.gain.indices.allSatisfy({ pair.gain[$0] == gain }) else {
        throw BoundError.unfit(
          place: label,
          problem: "the gain depends on the start: the model is not weakly"
            + " communicating")
      }
      gains.append(gain)
      biases.append(pair.bias.entries)
      policies.append(
        actions.enumerated().compactMap { state, actions in
          actions.first.flatMap { model.choice(of: $0, at: State(state)) }
        })
    }
    self.models = models
    self.reward = reward
    (self.gains, self.biases, self.policies) = (gains, biases, policies)
  }

  private static func check(
    _ model: FiniteMDP, like first: FiniteMDP, _ name: String, _ label: String
  ) throws(BoundError) {
    guard model.stateCount == first.stateCount, model.choiceOffsets == first.choiceOffsets,
      model.choiceActions == first.choiceActions
    else { throw .unfit(place: label, problem: "it has other choices than the first") }
    guard let reward = model.reward(named: name), let expected = first.reward(named: name),
      reward.hasSameValues(as: expected, stateCount: first.stateCount)
    else { throw .unfit(place: label, problem: "its reward '\(name)' is not that of the first") }
  }

  /// `W_f(s,a,t)`.
  package func value(_ hypothesis: Int, _ choice: Int, _ successor: Int32) -> Rational {
    let model = models[0]
    return reward.value(
      state: State(Int(model.choiceStates[choice])),
      action: Action(Int(model.choiceActions[choice])),
      successor: State(Int(successor))) + biases[hypothesis][Int(successor)]
  }

  /// `P_m W_f (s,a)`.
  package func mean(of hypothesis: Int, after choice: Int, in model: Int) -> Rational {
    let rows = models[model]
    return rows.transitionRange(of: choice).reduce(Rational.zero) { sum, transition in
      let successor = rows.successors[transition]
      return sum + rows.probabilityPool[rows.probabilities[transition]]
        * value(hypothesis, choice, successor)
    }
  }

  /// `B`: the largest range of `W_f(s,a,·)` over successors that are possible in some model.
  public var largestRange: Rational {
    var largest = Rational.zero
    for choice in 0..<models[0].choiceCount {
      let successors = Set(
        models.flatMap { model in
          model.transitionRange(of: choice).map { model.successors[$0] }
        })
      for hypothesis in models.indices {
        largest = max(largest, span(of: successors.map { value(hypothesis, choice, $0) }))
      }
    }
    return largest
  }

  // MARK: - Against a truth

  /// A point of the error table: a choice, and the hypothesis whose values are predicted there.
  public struct Point: Sendable, Hashable {
    public let choice: Choice
    public let predicted: Int
  }

  /// The columns of ``errorTable(truth:)``.
  public var points: [Point] {
    (0..<models[0].choiceCount).flatMap { choice in
      models.indices.map { Point(choice: Choice(choice), predicted: $0) }
    }
  }

  /// The number of a point among ``points``.
  public func point(of choice: Choice, predicted: Int) -> Int {
    Int(choice.index) * models.count + predicted
  }

  /// `Z_f(x) = (P_f - P_*) W_{f'}(s,a)` for `x = (s,a,f')`: one row a hypothesis.
  ///
  /// - Parameter truth: the number of the true model.
  public func errorTable(truth: Int) -> [[Rational]] {
    let points = points
    return models.indices.map { hypothesis in
      points.map { point in
        let choice = Int(point.choice.index)
        return mean(of: point.predicted, after: choice, in: hypothesis)
          - mean(of: point.predicted, after: choice, in: truth)
      }
    }
  }

  /// `z`: the least magnitude of an error that is not 0; `nil` when there is none.
  public func leastError(truth: Int) -> Rational? {
    errorTable(truth: truth).joined().lazy.filter { !$0.isZero }.map(\.magnitude).min()
  }

  /// `E[f',f] = Σ q_{f'}(s,a) (P_f - P_*) W_f(s,a)`, where `q_{f'}` is the stationary law of
  /// `π_{f'}` in the true model: one row for each recurrent class of each `π_{f'}`.
  ///
  /// - Throws: ``Interrupted``.
  public func bellmanErrorMatrix(
    truth: Int, progress: ProgressHandler = .none
  ) throws -> [[Rational]] {
    let model = models[truth]
    var rows: [[Rational]] = []
    for policy in policies {
      let actions = policy.map { model.action(of: $0) }
      let analysis = ChainAnalysis(of: try Policy(actions, in: model), in: model)
      let laws = try analysis.stationaryLaws(progress: progress)
      for (states, law) in zip(analysis.classes.classes, laws) {
        rows.append(
          models.indices.map { hypothesis in
            zip(states, law).reduce(Rational.zero) { sum, entry in
              let choice = Int(policy[Int(entry.0.index)].index)
              let error =
                mean(of: hypothesis, after: choice, in: hypothesis)
                - mean(of: hypothesis, after: choice, in: truth)
              return sum + entry.1 * error
            }
          })
      }
    }
    return rows
  }

  /// The Bellman rank: that of a Bellman error matrix, over the rationals.
  public static func bellmanRank(of matrix: [[Rational]]) -> Int {
    rank(of: matrix, width: matrix.first?.count ?? 0)
  }
}
