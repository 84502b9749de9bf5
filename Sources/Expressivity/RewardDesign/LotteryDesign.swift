// What is here: tasks about policies for functions of trajectories (FTR, INMR, IMORL, RM with a free
// machine). Notation: v(w) = the probabilities of the prefix w under the policies; D_{s,a} = the
// policies' probabilities of a at s. v(w·a·t) = T(t|s,a) D_{s,a} v(w): the span V of all v(w) is
// closed under D, state by state, so that at most (policies × states) prefixes span it.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// A task about policies, decided by which vectors of values functions of trajectories attain.
///
/// Source: ours; `proofs-notes/attainable-vectors.md`.
struct LotteryDesign {
  private let task: ExpressTask
  private let options: ExpressOptions

  init(_ task: ExpressTask, _ options: ExpressOptions) {
    self.task = task
    self.options = options
  }

  func answer() throws -> ExpressAnswer {
    let objects = try TaskObjects(
      of: task, usesFringe: false, maximumPolicies: options.maximumPolicies,
      progress: options.progress)
    let policies = objects.entries.compactMap { entry -> Policy? in
      guard case .policy(let policy) = entry.behaviour else { return nil }
      return policy
    }
    let basis = try AttainableVectors(
      of: policies, in: task.model, initial: task.initial ?? [], progress: options.progress
    ).basis()
    // An unknown weight a prefix of the basis; the probabilities of the prefix are its features.
    let rows = objects.constraints.map { constraint in
      var difference: RewardFeatures = [:]
      for (place, element) in basis.enumerated() {
        let value = element.vector[constraint.left] - element.vector[constraint.right]
        if !value.isZero { difference[Self.coordinate(place)] = value }
      }
      return MarginProgram.Row(difference: difference, relation: constraint.relation)
    }
    let solved = try MarginProgram(rows: rows, progress: options.progress).solve()
    if let margin = solved.margin, margin.isZero {
      let multipliers = ConflictReduction(rows: rows).minimal(solved.multipliers)
      let conflict = zip(objects.constraints, multipliers).compactMap {
        constraint, multiplier -> ExpressAnswer.WeightedRequirement? in
        guard !multiplier.isZero else { return nil }
        return ExpressAnswer.WeightedRequirement(
          ExpressAnswer.Requirement(
            objects.entries[constraint.left].reference, constraint.relation,
            objects.entries[constraint.right].reference), multiplier)
      }
      return make(.farkas(conflict))
    }
    var function: [(prefix: ExpressAnswer.Prefix, weight: Rational)] = []
    var values = [Rational](repeating: 0, count: task.objects.count)
    for (place, element) in basis.enumerated() {
      guard let weight = solved.reward[Self.coordinate(place)] else { continue }
      function.append((element.prefix, weight))
      for object in values.indices { values[object] += weight * element.vector[object] }
    }
    return make(
      .function(function), values: zip(task.objects, values).map { ($0.name, $1) })
  }

  /// The unknown weight of a prefix, in the terms of the linear program.
  private static func coordinate(_ place: Int) -> RewardCoordinate {
    .entry(machine: nil, state: State(place), action: nil, successor: nil)
  }

  private func make(
    _ outcome: ExpressAnswer.Outcome, values: [(name: String, value: Rational)] = []
  ) -> ExpressAnswer {
    ExpressAnswer(
      kind: task.kind, formalism: task.formalism, discount: nil, rewardSupport: nil,
      outcome: outcome, values: values)
  }
}

/// The vectors of probabilities that prefixes of runs have under several policies.
struct AttainableVectors {
  struct Element {
    let prefix: ExpressAnswer.Prefix
    /// One entry a policy.
    let vector: [Rational]
  }

  private let policies: [Policy]
  private let model: FiniteMDP
  private let initial: [(state: State, probability: Rational)]
  private let progress: ProgressHandler

  init(
    of policies: [Policy], in model: FiniteMDP,
    initial: [(state: State, probability: Rational)], progress: ProgressHandler
  ) {
    self.policies = policies
    self.model = model
    self.initial = initial
    self.progress = progress
  }

  /// Prefixes whose vectors are a basis of the span of all.
  ///
  /// - Complexity: at most (policies × states) vectors are kept, each pushed to its successors.
  func basis() throws(Interrupted) -> [Element] {
    let one = [Rational](repeating: 1, count: policies.count)
    var spaces = [EchelonForm](repeating: EchelonForm(), count: model.stateCount)
    var queue: [Element] = []
    for (state, probability) in initial where !probability.isZero {
      guard spaces[Int(state.index)].insert(one) else { continue }
      queue.append(
        Element(
          prefix: ExpressAnswer.Prefix(start: state, steps: []),
          vector: one.map { $0 * probability }))
    }
    var next = 0
    while next < queue.count {
      try progress.checkpoint()
      let element = queue[next]
      next += 1
      let state = element.prefix.steps.last?.successor ?? element.prefix.start
      for choice in model.choices(at: state) {
        let weights = policies.map { $0.probability(of: choice, at: state) }
        let vector = zip(element.vector, weights).map { $0 * $1 }
        if vector.allSatisfy(\.isZero) { continue }
        for (successor, probability) in model.transitions(of: choice) {
          guard spaces[Int(successor.index)].insert(vector) else { continue }
          let step = Trajectory.Step(state, model.action(of: choice), successor)
          queue.append(
            Element(
              prefix: ExpressAnswer.Prefix(
                start: element.prefix.start, steps: element.prefix.steps + [step]),
              vector: vector.map { $0 * probability }))
        }
      }
    }
    var whole = EchelonForm()
    return queue.filter { whole.insert($0.vector) }
  }
}

extension Policy {
  /// The probability of a choice at its state.
  func probability(of choice: Choice, at state: State) -> Rational {
    choices(at: state).first { $0.choice == choice }?.probability ?? 0
  }
}

/// A growing set of independent vectors.
struct EchelonForm {
  /// Each with its pivot, where it is 1.
  private var rows: [(pivot: Int, vector: [Rational])] = []

  var rank: Int { rows.count }

  /// Adds `vector` if it is independent of those that are there; whether it was.
  mutating func insert(_ vector: [Rational]) -> Bool {
    var rest = vector
    for row in rows where !rest[row.pivot].isZero {
      let factor = rest[row.pivot]
      for place in rest.indices where !row.vector[place].isZero {
        rest[place] -= factor * row.vector[place]
      }
    }
    guard let pivot = rest.firstIndex(where: { !$0.isZero }) else { return false }
    let scale = rest[pivot]
    rows.append((pivot, rest.map { $0 / scale }))
    return true
  }
}
