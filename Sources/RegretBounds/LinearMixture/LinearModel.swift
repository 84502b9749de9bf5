import ExactArithmetic
import MarkovDecisionProcesses

/// Whether a model is linear in features of its pairs: `P(s'|s,a) = ⟨φ(s,a), μ(s')⟩` for some
/// unknown measures `μ`, and `r(s,a) = ⟨φ(s,a), w⟩`.
///
/// Not to be taken for a linear mixture, where the features know the successor and one vector is
/// unknown.
public struct LinearModel: Sendable {
  /// The first column that the features cannot make.
  public enum Obstacle: Sendable, Hashable {
    case successor(State)
    case reward
  }

  /// A combination `y` of pairs that all features send to 0 and the column to 1.
  public struct Refutation: Sendable {
    public let column: Obstacle
    public let weights: [(choice: Choice, weight: Rational)]
  }

  /// `μ`: for each successor a vector; `nil` where there is none.
  public let measures: [State: [Rational]]?
  /// `w`, where the rewards are linear too; `nil` without rewards.
  public let rewardWeights: [Rational]?
  /// What proves that the model is not linear in these features.
  public let refutation: Refutation?

  public var isLinear: Bool { refutation == nil }

  /// - Parameters:
  ///   - features: one vector a choice, of one length.
  ///   - reward: the expected reward of each choice, if it has to be linear too.
  /// - Throws: ``Interrupted``.
  /// - Precondition: there is one vector a choice.
  public init(
    _ model: FiniteMDP, features: [[Rational]], reward: PooledVector? = nil,
    progress: ProgressHandler = .none
  ) throws(Interrupted) {
    precondition(features.count == model.choiceCount, "one feature a choice")
    let width = features.first?.count ?? 0
    /// The weights of one column, or the combination that refutes it.
    func weights(_ right: [Rational]) -> (solution: [Rational]?, refutation: [Int: Rational]) {
      var echelon = RowEchelon(width: width)
      for (choice, row) in features.enumerated() {
        echelon.add(row, right: right[choice], number: choice)
      }
      if let contradiction = echelon.contradiction { return (nil, contradiction) }
      return (echelon.solution, [:])
    }
    func refutation(_ column: Obstacle, _ combination: [Int: Rational]) -> Refutation {
      Refutation(
        column: column,
        weights: combination.sorted { $0.key < $1.key }.map { (Choice($0.key), $0.value) })
    }
    var measures: [State: [Rational]] = [:]
    for state in 0..<model.stateCount {
      try progress.checkpoint()
      let column = (0..<model.choiceCount).map { model.probability(of: Int32(state), after: $0) }
      if column.allSatisfy(\.isZero) { continue }
      let answer = weights(column)
      guard let solution = answer.solution else {
        (self.measures, rewardWeights) = (nil, nil)
        self.refutation = refutation(.successor(State(state)), answer.refutation)
        return
      }
      measures[State(state)] = solution
    }
    let answer = reward.map { reward in weights((0..<reward.count).map { reward[$0] }) }
    if let answer, answer.solution == nil {
      (self.measures, rewardWeights) = (nil, nil)
      self.refutation = refutation(.reward, answer.refutation)
      return
    }
    self.measures = measures
    rewardWeights = answer?.solution
    self.refutation = nil
  }

  /// The least dimension of signed features in which the kernel is linear: the rank of the matrix
  /// with a row a pair and a column a successor; with rewards as one more column where given.
  public static func minimalDimension(_ model: FiniteMDP, reward: PooledVector? = nil) -> Int {
    let width = model.stateCount + (reward == nil ? 0 : 1)
    return rank(
      of: (0..<model.choiceCount).lazy.map { choice in
        var row = [Rational](repeating: 0, count: width)
        for (successor, probability) in model.transitions(of: Choice(choice)) {
          row[Int(successor.index)] = probability
        }
        if let reward { row[width - 1] = reward[choice] }
        return row
      }, width: width)
  }
}

/// The least dimension of signed features in which all of `kernels` are linear mixtures: their
/// rank as vectors over all `(s, a, s')`.
///
/// A dimension belongs to a class: a single kernel is a mixture of dimension 1.
///
/// - Throws: ``BoundError/unfit(place:problem:)`` where names or available actions differ.
public func minimalMixtureDimension(of kernels: [FiniteMDP]) throws(BoundError) -> Int {
  guard let first = kernels.first else { return 0 }
  let features = try TransitionFeatures(basis: kernels, over: first)
  return rank(of: features.rows.joined().lazy.map(\.vector), width: features.dimension)
}
