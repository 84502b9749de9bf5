// What is here: sets of policies for Markov rewards, as a sparse linear program in values.
// Notation: g = an acceptable policy with the value V_g; f = a policy that differs from g at the state
// s alone, where it takes a; d_f(s) = its visits of s; A_g(s,a) = r(s,a) + γ P_a V_g − V_g(s). Then
// J(f) = J(g) + d_f(s) A_g(s,a), so that only short rows are needed where features would be dense:
//   max ε  s.t.  V_g = r_g + γ P_g V_g,  μ V_g ≥ t,  μ V_g + d_f(s) A_g(s,a) ≤ t − ε,  |r| ≤ 1.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// The requirements of a set of deterministic policies, all others being unacceptable.
struct PolicySetProgram {
  /// A policy that is not acceptable, with the acceptable one beside it.
  struct Neighbour {
    /// The place of the acceptable policy.
    let base: Int
    /// Where the two differ.
    let state: Int
    let choice: Choice
    let actions: [Action]
    /// `d_f(s)`, positive.
    let visits: Rational
  }

  struct Answer {
    let margin: Rational
    let reward: RewardFeatures
    /// One weight an acceptable policy; they add up to 1.
    let goodWeights: [Rational]
    /// One weight a neighbour; they add up to 1.
    let badWeights: [Rational]
  }

  let task: ExpressTask
  let discount: Rational
  let good: [[Action]]
  let neighbours: [Neighbour]
  let progress: ProgressHandler

  func solve() throws -> Answer {
    let layout = layout()
    var face = layout.face
    let solution = try face.maximum(of: face.margin)
    guard let value = solution.objectiveValue, let primal = solution.primal,
      let dual = solution.dual
    else { preconditionFailure("the reward 0 is feasible and the margin is bounded") }
    let multipliers = dual.entries.map { -$0 }
    var reward = layout.coordinates.indices.map { primal[$0] }
    if value.signum > 0 {
      face.restrict(to: reward, margin: value, multipliers)
      reward = try face.simplified(reward)
    }
    return Answer(
      margin: value, reward: layout.features(reward),
      goodWeights: layout.goodRows.map { multipliers[$0] },
      badWeights: zip(layout.badRows, neighbours).map { multipliers[$0] / $1.visits })
  }

  /// A reward with the margin of `reward` and short entries, where the program is small.
  func shortened(_ reward: RewardFeatures, margin: Rational) throws -> RewardFeatures {
    let layout = layout()
    var face = layout.face
    face.setMargin(margin)
    return layout.features(
      try face.shortened(layout.coordinates.map { reward[$0] ?? 0 }))
  }

  // MARK: - The program

  /// The program with what its columns and rows stand for.
  private struct Layout {
    let coordinates: [RewardCoordinate]
    var face: RewardFace
    var goodRows: Range<Int> = 0..<0
    var badRows: Range<Int> = 0..<0

    func features(_ reward: [Rational]) -> RewardFeatures {
      var features: RewardFeatures = [:]
      for (coordinate, value) in zip(coordinates, reward) where !value.isZero {
        features[coordinate] = value
      }
      return features
    }
  }

  /// Columns: rewards, the values of each acceptable policy, its value under the initial law (so
  /// that no other row is dense), the threshold, the margin.
  private func layout() -> Layout {
    let model = task.model
    let entries = RewardColumns(task: task)
    let count = entries.coordinates.count
    let values = good.indices.map { policy in
      (0..<model.stateCount).map { count + policy * model.stateCount + $0 }
    }
    let firstStart = count + good.count * model.stateCount
    let starts = good.indices.map { firstStart + $0 }
    let threshold = firstStart + good.count
    var rows: [RewardFace.Row] = []
    for (policy, actions) in good.enumerated() {
      rows += evaluation(of: actions, values[policy], entries)
      rows.append(
        RewardFace.Row(
          lower: 0, upper: 0, entries: initialEntries(values[policy]) + [(starts[policy], -1)]))
    }
    let firstGood = rows.count
    rows += good.indices.map { policy in
      RewardFace.Row(
        lower: 0, upper: task.variant == .equal ? 0 : nil,
        entries: [(starts[policy], 1), (threshold, -1)])
    }
    rows += neighbours.map { neighbour in
      let factor = 1 / neighbour.visits
      var row = SparseRow()
      row.add([(starts[neighbour.base], -factor), (threshold, factor), (threshold + 1, -factor)])
      row.add(advantageEntries(neighbour, values[neighbour.base], entries, factor: -1))
      return RewardFace.Row(lower: 0, upper: nil, entries: row.entries)
    }
    let face = RewardFace(
      rewardCount: count, margin: threshold + 1,
      bounds: entries.coordinates.map { _ in RewardFace.entryBounds }
        + Array(repeating: .free, count: threshold + 1 - count) + [RewardFace.marginBounds],
      rows: rows, progress: progress)
    return Layout(
      coordinates: entries.coordinates, face: face,
      goodRows: firstGood..<(firstGood + good.count),
      badRows: (firstGood + good.count)..<rows.count)
  }

  // MARK: - Rows

  private func evaluation(
    of actions: [Action], _ values: [Int], _ entries: RewardColumns
  ) -> [RewardFace.Row] {
    actions.enumerated().compactMap { state, action in
      guard let choice = task.model.choice(of: action, at: State(state)) else { return nil }
      var row = SparseRow()
      row.add([(values[state], 1)])
      for (successor, probability) in task.model.transitions(of: choice) {
        row.add([(values[Int(successor.index)], -discount * probability)])
      }
      row.add(entries.reward(of: choice, factor: -1))
      return RewardFace.Row(lower: 0, upper: 0, entries: row.entries)
    }
  }

  /// `A_g(s,a)` times a factor.
  private func advantageEntries(
    _ neighbour: Neighbour, _ values: [Int], _ entries: RewardColumns, factor: Rational
  ) -> [(column: Int, coefficient: Rational)] {
    let state = Int(task.model.state(of: neighbour.choice).index)
    var row = [(column: values[state], coefficient: -factor)]
    for (successor, probability) in task.model.transitions(of: neighbour.choice) {
      row.append((values[Int(successor.index)], factor * discount * probability))
    }
    return row + entries.reward(of: neighbour.choice, factor: factor)
  }

  private func initialEntries(_ values: [Int]) -> [(column: Int, coefficient: Rational)] {
    (task.initial ?? []).filter { !$0.probability.isZero }.map {
      (values[Int($0.state.index)], $0.probability)
    }
  }
}

/// Entries of a row, those of one column added up.
private struct SparseRow {
  private var coefficients: [Int: Rational] = [:]

  mutating func add(_ entries: [(column: Int, coefficient: Rational)]) {
    for (column, coefficient) in entries { coefficients[column, default: 0] += coefficient }
  }

  var entries: [(column: Int, coefficient: Rational)] {
    coefficients.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

/// The unknown entries of the table of rewards as columns.
private struct RewardColumns {
  private let task: ExpressTask
  let coordinates: [RewardCoordinate]
  private let columns: [RewardCoordinate: Int]

  init(task: ExpressTask) {
    self.task = task
    var seen: Set<RewardCoordinate> = []
    for choice in 0..<task.model.choiceCount {
      for (coordinate, _) in Self.parts(of: Choice(choice), task) { seen.insert(coordinate) }
    }
    coordinates = seen.sorted()
    columns = Dictionary(
      coordinates.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The unknowns that pay for a choice, with the probability that they do.
  private static func parts(
    of choice: Choice, _ task: ExpressTask
  ) -> [(coordinate: RewardCoordinate, weight: Rational)] {
    let (state, action) = (task.model.state(of: choice), task.model.action(of: choice))
    guard task.rewardSupport == .transition else {
      return [(task.rewardSupport.coordinate(machine: nil, state, action, state), 1)]
    }
    return task.model.transitions(of: choice).map {
      (.entry(machine: nil, state: state, action: action, successor: $0.successor), $0.probability)
    }
  }

  func reward(
    of choice: Choice, factor: Rational
  ) -> [(column: Int, coefficient: Rational)] {
    Self.parts(of: choice, task).compactMap { part in
      columns[part.coordinate].map { ($0, factor * part.weight) }
    }
  }
}

/// The neighbours of deterministic policies with their visits, one column of an inverse a state.
struct NeighbourVisits {
  private let task: ExpressTask
  private let discount: Rational
  private let progress: ProgressHandler

  init(of task: ExpressTask, discount: Rational, progress: ProgressHandler) {
    self.task = task
    self.discount = discount
    self.progress = progress
  }

  /// What the neighbours of an acceptable policy are, or one with the same occupancy.
  enum Found {
    case neighbours([PolicySetProgram.Neighbour])
    /// A policy that is not acceptable and cannot be told from the acceptable one.
    case indistinguishable([Action])
  }

  /// The neighbours of `actions` that are not in `acceptable` and not in `taken`, which grows.
  ///
  /// - Complexity: one factorisation and one exact solve a state with a neighbour.
  func neighbours(
    of actions: [Action], place: Int, acceptable: Set<[Action]>, taken: inout Set<[Action]>
  ) throws -> Found {
    let model = task.model
    let matrix = try factored(actions)
    var start = [Rational](repeating: 0, count: model.stateCount)
    for (state, probability) in task.initial ?? [] { start[Int(state.index)] += probability }
    let visits = try matrix.solveTransposed(start, progress: progress)
    var candidates: [(state: Int, choice: Choice, actions: [Action])] = []
    for state in 0..<model.stateCount {
      for choice in model.choices(at: State(state)) {
        let action = model.action(of: choice)
        guard action != actions[state] else { continue }
        var changed = actions
        changed[state] = action
        guard !acceptable.contains(changed) else { continue }
        guard !visits[state].isZero else { return .indistinguishable(changed) }
        guard taken.insert(changed).inserted else { continue }
        candidates.append((state, choice, changed))
      }
    }
    let changes = try changes(actions, matrix, candidates.map { ($0.state, $0.choice) })
    return .neighbours(
      zip(candidates, changes).map { candidate, change in
        // Sherman and Morrison: the visits of `s` when its row is replaced.
        PolicySetProgram.Neighbour(
          base: place, state: candidate.state, choice: candidate.choice,
          actions: candidate.actions,
          visits: visits[candidate.state] / (1 - discount * change))
      })
  }

  /// `(P_a − P_g)(s, ·) M e_s` for each of these choices, which are sorted by states.
  private func changes(
    _ actions: [Action], _ matrix: FactoredMatrix, _ candidates: [(state: Int, choice: Choice)]
  ) throws -> [Rational] {
    var groups: [(state: Int, choices: [Choice])] = []
    for (state, choice) in candidates {
      if groups.last?.state == state {
        groups[groups.count - 1].choices.append(choice)
      } else {
        groups.append((state, [choice]))
      }
    }
    let units = groups.map { group in
      var unit = [Rational](repeating: 0, count: task.model.stateCount)
      unit[group.state] = 1
      return unit
    }
    return try matrix.solve(units, progress: progress) { [groups] place, column in
      let state = groups[place].state
      let own = task.model.choice(of: actions[state], at: State(state))
      let stay = own.map { returns($0, column) } ?? 0
      return groups[place].choices.map { returns($0, column) - stay }
    }.flatMap { $0 }
  }

  private func returns(_ choice: Choice, _ column: RationalVector) -> Rational {
    task.model.transitions(of: choice).reduce(Rational.zero) {
      $0 + $1.probability * column[Int($1.successor.index)]
    }
  }

  /// `I − γ P` of a policy.
  private func factored(_ actions: [Action]) throws -> FactoredMatrix {
    let model = task.model
    let rows = actions.enumerated().map { state, action in
      var row: [Int: Rational] = [state: 1]
      if let choice = model.choice(of: action, at: State(state)) {
        for (successor, probability) in model.transitions(of: choice) {
          row[Int(successor.index), default: 0] -= discount * probability
        }
      }
      return row.sorted { $0.key < $1.key }.map { (column: $0.key, value: $0.value) }
    }
    let outcome = try FactoredMatrix.factor(
      rows: rows, isKnownRegular: true, progress: progress)
    guard case .regular(let matrix) = outcome else {
      preconditionFailure("a discounted chain has a regular matrix")
    }
    return matrix
  }
}
