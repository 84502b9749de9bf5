// What is here: the linear program of rewards for which a policy is optimal and certain choices lose.
// Notation: V = a potential; L(s,a) = V(s) − r(s,a) − γ P V = the loss of a choice; δ_k = the difference
// of features in relation k.
//   max ε  subject to  L = 0 at the choices of the policy, L ≥ ε at those that have to lose, L ≥ 0 else,
//                      r·δ_k ≥ ε (strict), ≥ 0 (weak), = 0 (equal),  |r_c| ≤ 1.
// The multipliers x of L and λ of the relations balance at every V(s), so that
// ε* = ‖Σ λ_k δ_k − Σ x φ‖₁ / (their sum where ε stands), with φ = what the reward of a choice is made of.

import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// Rewards for which a policy that is known in part is optimal.
///
/// Source: ours; `proofs-notes/optimum-requests.md`.
struct OptimumProgram {
  struct Answer {
    /// `nil` when nothing has to be strict.
    let margin: Rational?
    /// Zeros left out.
    let reward: RewardFeatures
    /// At the states that can be reached.
    let potential: [(state: State, value: Rational)]
    /// One multiplier a relation.
    let relationMultipliers: [Rational]
    let lossMultipliers: [(choice: Choice, multiplier: Rational)]
  }

  /// A choice that some policy can make.
  private struct Loss {
    let choice: Choice
    let features: RewardFeatures
    let isTight: Bool
    let isStrict: Bool
  }

  private let task: ExpressTask
  private let discount: Rational
  private let relations: [MarginProgram.Row]
  private let progress: ProgressHandler
  private let states: [State]
  private let losses: [Loss]
  private let coordinates: [RewardCoordinate]
  /// Those that one loss alone contains, where -1 is best.
  private let isFree: Set<RewardCoordinate>

  private var model: FiniteMDP { task.model }

  /// - Parameters:
  ///   - best: the policy; the choices that it makes so far are optimal.
  ///   - hasToLose: for each choice whether it has to be worse than the optimum.
  init(
    _ task: ExpressTask, discount: Rational, best: ReachedPolicy, hasToLose: (Choice) -> Bool,
    relations: [MarginProgram.Row], progress: ProgressHandler
  ) {
    self.task = task
    self.discount = discount
    self.relations = relations
    self.progress = progress
    let isReachable = task.reachableStates
    states = isReachable.indices.filter { isReachable[$0] }.map { State($0) }
    var losses: [Loss] = []
    for state in states {
      for choice in task.model.choices(at: state) {
        losses.append(
          Loss(
            choice: choice, features: Self.features(of: choice, task),
            isTight: best.choices[Int(state.index)] == choice, isStrict: hasToLose(choice)))
      }
    }
    self.losses = losses
    var uses: [RewardCoordinate: Int] = [:]
    for loss in losses {
      for coordinate in loss.features.keys { uses[coordinate, default: 0] += loss.isTight ? 2 : 1 }
    }
    for row in relations {
      for coordinate in row.difference.keys { uses[coordinate, default: 0] += 2 }
    }
    coordinates = uses.keys.sorted()
    isFree = Set(
      coordinates.filter {
        guard case .entry = $0 else { return false }
        return uses[$0] == 1
      })
  }

  private var isStrict: Bool {
    losses.contains(where: \.isStrict) || relations.contains { $0.relation == .greater }
  }

  private static func features(of choice: Choice, _ task: ExpressTask) -> RewardFeatures {
    let (state, action) = (task.model.state(of: choice), task.model.action(of: choice))
    var features: RewardFeatures = [:]
    for (successor, probability) in task.model.transitions(of: choice) {
      features[task.rewardSupport.coordinate(machine: nil, state, action, successor), default: 0] +=
        probability
    }
    if task.formalism == .regularised { features[.regulariser(ActionLaw([(action, 1)]))] = -1 }
    return features
  }

  /// The best margin with a reward and multipliers, or `nil` when the margin has no bound, which a
  /// policy that is known in part may leave open.
  ///
  /// - Parameter seeksFewEntries: look for a reward with few entries among those of the margin.
  func solve(seeksFewEntries: Bool) throws -> Answer? {
    guard isStrict else {
      return Answer(
        margin: nil, reward: [:], potential: states.map { ($0, 0) }, relationMultipliers: [],
        lossMultipliers: [])
    }
    let layout = Layout(states: states, coordinates: coordinates.filter { !isFree.contains($0) })
    var builder = LinearProgramBuilder(direction: .maximize)
    for place in layout.coordinates.indices {
      try builder.addColumn("r\(place)", lower: -1, upper: 1)
    }
    try layout.addPotential(to: &builder)
    let margin = try builder.addColumn("margin", objective: 1)
    try addRows(layout, margin: .column(margin), to: &builder)
    let solution = try LinearProgramSolvers.solve(
      builder.build(), options: LPOptions(progress: progress))
    guard let value = solution.objectiveValue, let primal = solution.primal,
      let dual = solution.dual
    else { return nil }
    var (reward, potential) = point(primal, layout, free: -1)
    if seeksFewEntries, value.signum > 0, let sparser = try sparserPoint(margin: value) {
      (reward, potential) = sparser
    }
    return answer(value, reward, potential, dual.entries.map { -$0 })
  }

  private func answer(
    _ margin: Rational, _ reward: RewardFeatures, _ potential: [(state: State, value: Rational)],
    _ multipliers: [Rational]
  ) -> Answer {
    let strict = zip(
      losses.map(\.isStrict) + relations.map { $0.relation == .greater }, multipliers
    )
    .reduce(Rational.zero) { $1.0 ? $0 + $1.1 : $0 }
    let scaled = multipliers.map { $0 / strict }
    return Answer(
      margin: margin, reward: reward, potential: potential,
      relationMultipliers: Array(scaled[losses.count...]),
      lossMultipliers: zip(losses, scaled).compactMap { loss, multiplier in
        multiplier.isZero ? nil : (loss.choice, multiplier)
      })
  }

  /// Among the rewards that attain the margin one of least sum of absolute values as far as doubles
  /// see, which as a vertex has few entries; `nil` when they see none that attains it.
  private func sparserPoint(
    margin: Rational
  ) throws -> (RewardFeatures, [(state: State, value: Rational)])? {
    let layout = Layout(states: states, coordinates: coordinates)
    var builder = LinearProgramBuilder(direction: .minimize)
    for (place, coordinate) in coordinates.enumerated() {
      // The free ones are not positive in any reward of least size.
      let isFree = isFree.contains(coordinate)
      try builder.addColumn(
        "r\(place)", lower: -1, upper: isFree ? 0 : 1, objective: isFree ? -1 : 0)
    }
    try layout.addPotential(to: &builder)
    for (place, coordinate) in coordinates.enumerated() where !isFree.contains(coordinate) {
      let size = try builder.addColumn("s\(place)", upper: 1, objective: 1)
      for sign in [Rational.one, -1] {
        try builder.addRow(
          lower: 0, upper: nil,
          entries: [(column: size, coefficient: 1), (column: place, coefficient: sign)])
      }
    }
    try addRows(layout, margin: .value(margin), to: &builder)
    progress.report("looking for a reward with few entries")
    return try guidedVertex(of: builder.build(), progress: progress).map {
      point($0, layout, free: nil)
    }
  }

  // MARK: - Columns and rows

  /// The columns of rewards, then those of the potential.
  private struct Layout {
    let states: [State]
    let coordinates: [RewardCoordinate]
    let rewardPlace: [RewardCoordinate: Int]
    let potentialPlace: [State: Int]

    init(states: [State], coordinates: [RewardCoordinate]) {
      self.states = states
      self.coordinates = coordinates
      rewardPlace = Dictionary(
        coordinates.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      potentialPlace = Dictionary(
        states.enumerated().map { ($1, coordinates.count + $0) },
        uniquingKeysWith: { first, _ in first })
    }

    func addPotential(to builder: inout LinearProgramBuilder) throws {
      for state in states { try builder.addColumn("v\(state.index)", lower: nil) }
    }
  }

  private enum Margin {
    case column(Int)
    case value(Rational)
  }

  private func addRows(
    _ layout: Layout, margin: Margin, to builder: inout LinearProgramBuilder
  ) throws {
    for loss in losses {
      var row: [Int: Rational] = [:]
      func add(_ value: Rational, _ column: Int?) {
        if let column { row[column, default: 0] += value }
      }
      add(1, layout.potentialPlace[model.state(of: loss.choice)])
      for (successor, probability) in model.transitions(of: loss.choice) {
        add(-discount * probability, layout.potentialPlace[successor])
      }
      var bound = Rational.zero
      for (coordinate, weight) in loss.features {
        if let place = layout.rewardPlace[coordinate] {
          add(-weight, place)
        } else {
          bound -= weight
        }
      }
      try addRow(
        row, bound, isStrict: loss.isStrict, isEqual: loss.isTight, margin, to: &builder)
    }
    for relation in relations {
      var row: [Int: Rational] = [:]
      for (coordinate, value) in relation.difference {
        if let place = layout.rewardPlace[coordinate] { row[place] = value }
      }
      try addRow(
        row, 0, isStrict: relation.relation == .greater, isEqual: relation.relation == .equal,
        margin, to: &builder)
    }
  }

  private func addRow(
    _ row: [Int: Rational], _ bound: Rational, isStrict: Bool, isEqual: Bool, _ margin: Margin,
    to builder: inout LinearProgramBuilder
  ) throws {
    var (row, lower) = (row, bound)
    if isStrict {
      switch margin {
      case .column(let column): row[column] = -1
      case .value(let value): lower += value
      }
    }
    try builder.addRow(
      lower: lower, upper: isEqual ? lower : nil,
      entries: row.sorted { $0.key < $1.key }.map { (column: $0.key, coefficient: $0.value) })
  }

  /// - Parameter free: the value of the rewards that are no columns.
  private func point(
    _ point: RationalVector, _ layout: Layout, free: Rational?
  ) -> (RewardFeatures, [(state: State, value: Rational)]) {
    var reward: RewardFeatures = [:]
    for coordinate in coordinates {
      let value = layout.rewardPlace[coordinate].map { point[$0] } ?? free ?? 0
      if !value.isZero { reward[coordinate] = value }
    }
    let potential = states.map { state in
      (state: state, value: layout.potentialPlace[state].map { point[$0] } ?? 0)
    }
    return (reward, potential)
  }
}
