// What is here: how choices of one environment follow each other, and what formalisms can or cannot do
// there for this reason. Note: proofs-notes/formalisms-on-a-model.md, (h) to (o).

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Where the choices of an environment are.
struct GivenStructure {
  /// The states with several actions that some policy reaches.
  let choiceStates: [Int]
  /// The sum over these states of the actions beyond the first.
  let freedom: Int
  /// Whether some run can meet two choices, or one twice.
  let canChooseAgain: Bool
  /// Whether no choice changes where a run goes.
  let choicesDoNotMove: Bool
  /// The actions beyond the first in each recurrent class of the uniform policy.
  let recurrentFreedoms: [Int]
  /// Whether every choice is in the same recurrent class of the uniform policy.
  let isRecurrent: Bool

  init(of environment: ObjectiveEnvironment) {
    let model = environment.model
    let uniform = Policy.uniform(in: model)
    let graph = model.graph(of: uniform)
    let isReached = graph.reachable(
      from: environment.initial.filter { !$0.probability.isZero }.map { Int($0.state.index) })
    let reached = isReached.indices.filter { isReached[$0] }
    let choiceStates = reached.filter { model.choiceRange(at: $0).count > 1 }
    func freedom(_ states: [Int]) -> Int {
      states.reduce(0) { $0 + model.choiceRange(at: $1).count - 1 }
    }
    let successors = choiceStates.flatMap { state in
      model.choices(at: State(state)).flatMap { choice in
        model.transitions(of: choice).map { Int($0.successor.index) }
      }
    }
    let after = graph.reachable(from: successors)
    let components = StronglyConnectedComponents(of: graph)
    let isClosed = components.isClosed(in: graph)
    let recurrent = components.members().enumerated().compactMap { number, members in
      isClosed[number] && isReached[members[0]]
        ? members.filter { model.choiceRange(at: $0).count > 1 } : nil
    }
    self.choiceStates = choiceStates
    self.freedom = freedom(choiceStates)
    canChooseAgain = choiceStates.contains { after[$0] }
    choicesDoNotMove = choiceStates.allSatisfy { state in
      let rows = model.choices(at: State(state)).map { choice -> [Int: Rational] in
        Dictionary(
          model.transitions(of: choice).map { (Int($0.successor.index), $0.probability) },
          uniquingKeysWith: +)
      }
      return rows.allSatisfy { $0 == rows[0] }
    }
    recurrentFreedoms = recurrent.map(freedom)
    isRecurrent = recurrent.contains { Set($0) == Set(choiceStates) } && !choiceStates.isEmpty
  }

  /// Why Markov rewards induce the same orders at every discount above 0, if that is known.
  var sameAtEveryDiscount: String? {
    if freedom == 0 { return "there is one lottery only" }
    if freedom == 1 {
      return "with one choice between two actions every value is constant, or rises or falls with"
        + " the share of the first"
    }
    if choicesDoNotMove {
      return "no choice changes where a run goes, so that values are weighted sums of the laws of"
        + " actions with any weights"
    }
    if !canChooseAgain {
      return "no run meets two choices, so that values are weighted sums of the laws of actions"
        + " with any weights"
    }
    return nil
  }
}

extension GivenSearch {
  // MARK: - What formalisms can do here

  mutating func addCollapses() {
    guard structure.freedom > 0 else { return }
    if !structure.canChooseAgain {
      let reason =
        "no run meets two choices: every function of runs has an expectation that is linear in the"
        + " laws of actions, as a Markov reward at any discount above 0"
      expressed(.markovReward, .trajectoryFunction, reason)
    }
    if structure.freedom == 1 {
      let reason =
        "one choice between two actions: a Markov reward ties all policies or follows the share of"
        + " one action, and so does the probability that this action is taken first"
      expressed(.temporalLogic, .markovReward, reason)
      if !structure.canChooseAgain { expressed(.temporalLogic, .trajectoryFunction, reason) }
    }
    if structure.choiceStates.count == 1, structure.freedom > 1 {
      let reason =
        "one state with a choice: visited with a positive weight whatever the law there, so that a"
        + " regulariser gives each law any value"
      expressed(.regularised, .lotteryFunction, reason)
      if !hasOneLottery { expressed(.regularised, .policyFunction, reason) }
    }
    if structure.choicesDoNotMove {
      let reason =
        "no choice changes where a run goes: visits are fixed, and gains and discounted values are"
        + " weighted sums of the laws of actions"
      expressed(.markovReward, .limitAverage, reason)
      if structure.isRecurrent { expressed(.limitAverage, .markovReward, reason) }
    }
  }

  // MARK: - What they cannot do here

  /// Arguments about infinitely many policies or orders, for pairs that no order of a few policies
  /// has separated.
  mutating func addInfiniteArguments() {
    guard structure.freedom > 0 else { return }
    addCountable()
    addMeasurable()
    if structure.recurrentFreedoms.contains(where: { $0 > 0 }) {
      argue(
        .continuity, .rewardMachine, .trajectoryFunction,
        [
          "FTR: a choice is met for ever in a recurrent class; 1 for runs in which the limiting share"
            + " of one action there is at least 1/2 has two values only as its probability varies",
          "RM: every discounted value is continuous in the policy, and takes no two values only",
        ])
    }
    if structure.freedom > 1, structure.isRecurrent {
      argue(
        .uniqueBest, .outerNonlinear, .trajectoryFunction,
        [
          "FTR: -1 for runs that meet a choice, unless all choices are met for ever with uniform"
            + " limiting shares: the uniform policy alone has the value 0, up to its lottery",
          "ONMR: the occupancies have dimension \(structure.freedom) at every discount above 0, and"
            + " that of the uniform policy lies inside: every linear value ties it with others",
        ])
    }
  }

  /// There are countably many formulas with labels.
  private mutating func addCountable() {
    let countable = "LTL: formulas and labels of the model's steps are countably many"
    func uncountable(_ formalism: Formalism, _ line: String) -> [String] {
      [countable, "\(formalism.rawValue): \(line), which are uncountably many orders"]
    }
    if structure.freedom > 1 {
      argue(
        .cardinality, .temporalLogic, .markovReward,
        uncountable(
          .markovReward,
          "at every discount above 0 the occupancies have dimension \(structure.freedom), and rewards"
            + " of different directions order them differently"))
    } else if structure.canChooseAgain {
      argue(
        .cardinality, .temporalLogic, .rewardMachine,
        uncountable(
          .rewardMachine,
          "pay for an action at the first choice and take c for taking it at the first two: the best"
            + " share of the action varies with c"))
    }
    for formalism in [Formalism.regularised, .outerNonlinear] {
      argue(
        .cardinality, .temporalLogic, formalism,
        uncountable(formalism, "any one policy of a segment may be the best on it"))
    }
    if structure.recurrentFreedoms.contains(where: { $0 > 1 }) {
      argue(
        .cardinality, .temporalLogic, .limitAverage,
        uncountable(
          .limitAverage,
          "the limiting occupancies of a recurrent class have a dimension above 1, and rewards of"
            + " different directions order them differently"))
    }
  }

  /// The expectation of a measurable function is measurable in the policy.
  private mutating func addMeasurable() {
    for (formalism, line) in [
      (
        Formalism.regularised,
        "R = 0 and F = 1 at the laws of N, 0 elsewhere: the best are those not in N"
      ),
      (.outerNonlinear, "f = 1 at the values of N: the best are those in N"),
    ] {
      argue(
        .measurability, .trajectoryFunction, formalism,
        [
          "\(formalism.rawValue): let N be a set of shares p of one action at a choice that is not"
            + " measurable; \(line)",
          "FTR: values are measurable in p, and so is the set of the best p",
        ])
    }
  }

  /// Adds a separation unless one is known.
  private mutating func argue(
    _ evidence: GivenSeparation.Evidence, _ weaker: Formalism, _ stronger: Formalism,
    _ lines: [String]
  ) {
    if isDecided(from: weaker, to: stronger) { return }
    add(
      GivenSeparation(
        evidence: evidence, weaker: weaker, stronger: stronger, tiers: [], discount: nil,
        lines: lines, isVerified: true))
  }
}
