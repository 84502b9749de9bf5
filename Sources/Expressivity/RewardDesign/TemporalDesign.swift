import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Tasks in linear temporal logic: the probabilities of the given formula, or, without one and
/// where every object is a single run, two levels.
struct TemporalDesign {
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
    switch task.temporal {
    case .formula(let text)?: return try evaluated(objects, try parsed(text))
    case .automaton?:
      throw ExpressError.notOffered("automata are not read yet: give a formula")
    case nil: return try twoLevels(objects)
    }
  }

  private func parsed(_ text: String) throws(ExpressError) -> TemporalFormula {
    do throws(FormulaError) {
      return try TemporalFormula(parsing: text)
    } catch {
      throw .malformedFormula("the formula is malformed: \(error)")
    }
  }

  // MARK: - A given formula

  private func evaluated(
    _ objects: TaskObjects, _ formula: TemporalFormula
  ) throws -> ExpressAnswer {
    var values: [Rational] = []
    for (place, entry) in objects.entries.enumerated() {
      options.progress.report("probability \(place + 1) of \(objects.entries.count)")
      try options.progress.checkpoint()
      values.append(try probability(of: formula, entry.behaviour, place))
    }
    let violations = objects.constraints.compactMap { constraint -> ExpressAnswer.Violation? in
      let (left, right) = (values[constraint.left], values[constraint.right])
      let holds =
        switch constraint.relation {
        case .greater: left > right
        case .atLeast: left >= right
        case .equal: left == right
        }
      guard !holds else { return nil }
      return ExpressAnswer.Violation(
        ExpressAnswer.Requirement(
          objects.entries[constraint.left].reference, constraint.relation,
          objects.entries[constraint.right].reference), left: left, right: right)
    }
    return make(violations.isEmpty ? .formula : .violations(violations), values)
  }

  private func probability(
    of formula: TemporalFormula, _ behaviour: ExpressTask.Object.Behaviour, _ place: Int
  ) throws(ExpressError) -> Rational {
    var chain: FormulaElimination
    switch behaviour {
    case .policy(let policy): chain = FormulaElimination(of: policy, in: task)
    case .trajectory(let trajectory):
      guard trajectory.cycle != nil else {
        throw .cycleRequired(trajectory: task.objects[place].name)
      }
      chain = FormulaElimination(of: trajectory, in: task.model)
    }
    guard let value = chain.probability(of: formula) else {
      preconditionFailure("every node of the system reaches its goal, so that it is regular")
    }
    return value
  }

  // MARK: - Without a formula

  /// A single run has probability 0 or 1, so that requirements with two levels are expressible and
  /// others are not.
  private func twoLevels(_ objects: TaskObjects) throws -> ExpressAnswer {
    var graph = RelationGraph(count: objects.entries.count)
    for constraint in objects.constraints { graph.add(constraint) }
    var last: [Trajectory: Int] = [:]
    for (place, entry) in objects.entries.enumerated() {
      guard let run = entry.behaviour.singleRun(in: task) else {
        throw ExpressError.formulaRequired
      }
      if let earlier = last[run] {
        graph.add(earlier, .sameTrajectory, place)
        graph.add(place, .sameTrajectory, earlier)
      }
      last[run] = place
    }
    if let cycle = graph.strictCycle() { return make(.levels(steps(cycle, objects)), []) }
    let ranks = graph.ranks()
    if let top = ranks.indices.first(where: { ranks[$0] >= 2 }) {
      return make(.levels(steps(graph.descent(from: top, ranks), objects)), [])
    }
    return make(.formula, ranks.map { Rational($0) })
  }

  private func steps(
    _ edges: [RelationGraph.Edge], _ objects: TaskObjects
  ) -> [ExpressAnswer.CycleStep] {
    edges.map { edge in
      ExpressAnswer.CycleStep(
        objects.entries[edge.left].reference, edge.relation, objects.entries[edge.right].reference)
    }
  }

  private func make(_ outcome: ExpressAnswer.Outcome, _ values: [Rational]) -> ExpressAnswer {
    ExpressAnswer(
      kind: task.kind, formalism: task.formalism, discount: nil, rewardSupport: nil,
      outcome: outcome, values: zip(task.objects, values).map { ($0.name, $1) })
  }
}
