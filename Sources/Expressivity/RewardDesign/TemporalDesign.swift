import Certificates
import ExactArithmetic
import MDPSolvers
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
    case .formula(let text)?: return try evaluated(objects, try automaton(of: parsed(text)))
    case .automaton(let automaton)?: return try evaluated(objects, automaton)
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

  /// The formula is turned into an automaton over the letters of the model: this is method B, so
  /// that the checker, which eliminates operators, shares nothing with it.
  private func automaton(of formula: TemporalFormula) throws(ExpressError) -> OmegaAutomaton {
    do throws(SolverError) {
      return try OmegaAutomaton(
        of: formula, letters: task.model.letters(over: formula.propositions))
    } catch {
      throw .malformedFormula(error.description)
    }
  }

  // MARK: - A given formula

  private func evaluated(
    _ objects: TaskObjects, _ automaton: OmegaAutomaton
  ) throws -> ExpressAnswer {
    var values: [Rational] = []
    for (place, entry) in objects.entries.enumerated() {
      options.progress.report("probability \(place + 1) of \(objects.entries.count)")
      try options.progress.checkpoint()
      values.append(try probability(of: automaton, entry.behaviour, place))
    }
    let violations = objects.constraints.compactMap { constraint -> ExpressAnswer.Violation? in
      let (left, right) = (values[constraint.left], values[constraint.right])
      guard !constraint.relation.holds(left, right) else { return nil }
      return ExpressAnswer.Violation(
        ExpressAnswer.Requirement(
          objects.entries[constraint.left].reference, constraint.relation,
          objects.entries[constraint.right].reference), left: left, right: right)
    }
    return make(violations.isEmpty ? .formula : .violations(violations), values)
  }

  private func probability(
    of automaton: OmegaAutomaton, _ behaviour: ExpressTask.Object.Behaviour, _ place: Int
  ) throws -> Rational {
    let chain: AutomatonChain
    switch behaviour {
    case .policy(let policy): chain = AutomatonChain(of: policy, in: task, automaton)
    case .trajectory(let trajectory):
      guard trajectory.cycle != nil else {
        throw ExpressError.cycleRequired(
          trajectory: task.objects[place].name, formalism: .temporalLogic)
      }
      chain = AutomatonChain(of: trajectory, in: task.model, automaton)
    }
    return try chain.probability(progress: options.progress)
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
