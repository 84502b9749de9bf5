import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

/// The product of a solution as a model with the labels of the original, on which the probability
/// of the formula is computed by the elimination of its operators: a way that knows no automaton.
struct EliminationOracle {
  let product: AutomatonProduct
  let model: FiniteMDP

  init(_ product: AutomatonProduct) throws {
    self.product = product
    let original = product.model
    let places = { (states: [State]) in
      let wanted = Set(states)
      return product.states.indices.filter { wanted.contains(product.states[$0]) }.map(State.init)
    }
    var builder = try FiniteMDPBuilder(
      states: product.product.states, actions: product.product.actions)
    for state in 0..<product.product.stateCount {
      for choice in product.product.choices(at: State(state)) {
        for (successor, probability) in product.product.transitions(of: choice) {
          try builder.addTransition(
            from: State(state), under: product.product.action(of: choice), to: successor,
            probability: probability)
        }
      }
    }
    for (name, states) in original.labels { try builder.addLabel(name, states: places(states)) }
    for state in product.states.indices {
      for choice in product.product.choices(at: State(state)) {
        for (successor, _) in product.product.transitions(of: choice) {
          for labelled in original.labeledTransitions
          where labelled.state == product.states[state]
            && labelled.action == product.product.action(of: choice)
            && labelled.successor == product.states[Int(successor.index)]
          {
            try builder.addLabeledTransition(
              from: State(state), under: labelled.action, to: successor,
              propositions: labelled.propositions)
          }
        }
      }
    }
    model = try builder.build()
  }

  /// The probability of the formula from each state of the original, under a policy of the product.
  func values(of formula: TemporalFormula, under policy: Policy) throws -> [Rational] {
    try product.starts.map { start in
      let task = ExpressTask(
        model: model, kind: .policyOrder, formalism: .temporalLogic, discount: nil,
        initial: [(State(start), 1)], rewardSupport: .stateAction, objects: [])
      var chain = FormulaElimination(of: policy, in: task)
      let probability = chain.probability(of: formula)
      return try #require(probability)
    }
  }

  /// All deterministic policies of the product, or `nil` when there are too many.
  func policies(limit: Int) throws -> [Policy]? {
    let choices: [[Action]] = (0..<model.stateCount).map { state in
      model.choices(at: State(state)).map { model.action(of: $0) }
    }
    guard choices.reduce(1, { min(limit + 1, $0 * $1.count) }) <= limit else { return nil }
    var all: [[Action]] = [[]]
    for actions in choices { all = all.flatMap { prefix in actions.map { prefix + [$0] } } }
    return try all.map { try Policy($0, in: model) }
  }
}

extension OmegaRegularSolution {
  var exactValues: [Rational]? {
    guard case .exact(let vector) = values else { return nil }
    return vector.entries
  }
}

/// A hall from which one go in three fails for ever, and two rooms to walk between.
func patrolModel() throws -> FiniteMDP {
  var builder = try FiniteMDPBuilder(
    states: NameTable(["hall", "A", "B", "C"], of: .state),
    actions: NameTable(["stay", "go"], of: .action))
  for (from, action, to, probability) in [
    (0, 1, 1, Rational(2, 3)), (0, 1, 3, Rational(1, 3)), (1, 0, 1, 1), (1, 1, 2, 1),
    (2, 0, 2, 1), (2, 1, 1, 1), (3, 0, 3, 1),
  ] {
    try builder.addTransition(
      from: State(from), under: Action(action), to: State(to), probability: probability)
  }
  try builder.addLabel("a", states: [State(1)])
  try builder.addLabel("b", states: [State(2)])
  try builder.addLabel("c", states: [State(3)])
  return try builder.build()
}
