// What is here: one acceptable policy g, rewards on state and action, exactly and with short numbers
// for as long as possible.
// Notation: r_s = r(s, g(s)); V = the value of g; k = a neighbour, which takes a at s; w_k = 1 / d_k(s),
// a long fraction. The margin is the largest ε with V(s) − γ P_a V − r(s,a) ≥ ε w_k for all k, so that
// r(s,a) = −1 is best, and only the column of ε has long entries. Dual multipliers y do not see them
// but in Σ y_k w_k = 1: the basis, y up to a factor and its signs come from a program with rounded w.
// Source: ours; proofs-notes/fringe.md.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// The best reward for a single acceptable policy.
struct SinglePolicyDesign {
  struct Answer {
    let margin: Rational
    let reward: RewardFeatures
    /// One a neighbour, not negative: `‖Σ λ_k δ_k‖₁ = margin · Σ λ_k`.
    let multipliers: [Rational]
    /// Of the acceptable policy under the initial law.
    let value: Rational
  }

  let task: ExpressTask
  let discount: Rational
  let actions: [Action]
  let neighbours: [PolicySetProgram.Neighbour]
  let progress: ProgressHandler
  /// The choices of the acceptable policy, one a state.
  let ownChoices: [Choice]

  private var model: FiniteMDP { task.model }

  init(
    task: ExpressTask, discount: Rational, actions: [Action],
    neighbours: [PolicySetProgram.Neighbour], progress: ProgressHandler
  ) {
    self.task = task
    self.discount = discount
    self.actions = actions
    self.neighbours = neighbours
    self.progress = progress
    ownChoices = actions.enumerated().compactMap {
      task.model.choice(of: $1, at: State($0))
    }
  }

  /// The answer, or `nil` where the rounded programs' basis does not fit the exact problem;
  /// everything that is returned has been decided exactly.
  ///
  /// - Complexity: two sparse linear programs with short numbers, one exact solve a tight
  ///   neighbour, and for each reward that is not short a sum of as many long fractions by halves.
  func solve() throws -> Answer? {
    progress.report("solving the rounded linear program of \(neighbours.count) neighbours")
    let program = SinglePolicyProgram(self)
    guard let core = try program.core(), let guess = try program.guess(core) else { return nil }
    let tight = Set(core.tight)
    let doubtful = neighbours.indices.filter { !tight.contains($0) && !guess.loose.contains($0) }
    guard let point = try SinglePolicyLift(self, core, guess).point(doubtful: doubtful),
      let others = try otherRewards(point, tight)
    else { return nil }
    var reward: RewardFeatures = [:]
    for (state, value) in point.rewards.enumerated() where !value.isZero {
      reward[coordinate(State(state), actions[state])] = value
    }
    for (place, neighbour) in neighbours.enumerated() {
      let value = others[place] ?? -1
      if value.isZero { continue }
      reward[coordinate(model.state(of: neighbour.choice), model.action(of: neighbour.choice))] =
        value
    }
    return Answer(
      margin: point.margin, reward: reward,
      multipliers: zip(core.multipliers, neighbours).map { $0.isZero ? 0 : $0 / $1.visits },
      value: point.value)
  }

  private func coordinate(_ state: State, _ action: Action) -> RewardCoordinate {
    .entry(machine: nil, state: state, action: action, successor: nil)
  }

  /// `V(s) − γ P V` of a choice at `s`, as entries in the states.
  func difference(_ choice: Choice) -> [(column: Int, value: Rational)] {
    var row: [Int: Rational] = [Int(model.state(of: choice).index): 1]
    for (successor, probability) in model.transitions(of: choice) {
      row[Int(successor.index), default: 0] -= discount * probability
    }
    return row.sorted { $0.key < $1.key }.map { (column: $0.key, value: $0.value) }
  }

  /// Rewards 0 or −1 for the neighbours that are not tight, 0 where that is enough; `nil` if
  /// neither is for some neighbour, as far as 192 bits show where the point does not say more.
  private func otherRewards(
    _ point: SinglePolicyPoint, _ tight: Set<Int>
  ) throws -> [Int: Rational]? {
    let bits = 192
    let unit = Rational(1, Integer.one << bits)
    let below = point.rewards.map { value in
      value.isInteger ? value : Rational(value.floor(timesTwoToThe: bits)) * unit
    }
    let rows = ownChoices.map { difference($0) }
    guard
      case .regular(let matrix) = try FactoredMatrix.factor(
        rows: rows, isKnownRegular: true, progress: progress)
    else { return nil }
    // Values are monotone in rewards, so they lie within `width` above these.
    let values = try matrix.solve(below, progress: progress)
    let lower = values.entries.map { Rational($0.floor(timesTwoToThe: bits)) * unit }
    let width = unit + unit / (1 - discount)
    let margin = Rational(point.margin.floor(timesTwoToThe: bits) + 1) * unit
    var rewards: [Int: Rational] = [:]
    for (place, neighbour) in neighbours.enumerated() where !tight.contains(place) {
      if let room = point.rooms[place] {
        if room < -1 { return nil }
        rewards[place] = room.signum >= 0 ? 0 : -1
        continue
      }
      var room = lower[neighbour.state]
      for (successor, probability) in model.transitions(of: neighbour.choice) {
        room -= discount * probability * (lower[Int(successor.index)] + width)
      }
      let weight = Rational((1 / neighbour.visits).floor(timesTwoToThe: bits) + 1) * unit
      room -= margin * weight
      if room < -1 { return nil }
      rewards[place] = room.signum >= 0 ? 0 : -1
    }
    return rewards
  }
}
