// What is here: the maximal end components of a part of a model, in an order that proves that there
// are no others. Rounds are found by repeating: strongly connected components, numbered so that
// choices lead to the same or an earlier one; a choice that may lead to an earlier one can be in no
// end component and is set aside; components that lost a choice are taken apart again.

import ExactArithmetic
import MarkovDecisionProcesses

/// A partition of some states into rounds, such that every choice leaves the states with some
/// probability, may enter an earlier round, or keeps to its round; states of a round with such
/// choices are a maximal end component.
struct EndComponentOrder {
  /// The round of each state of the model, -1 for states that are left out.
  private(set) var round: [Int32]
  /// The states of each round, ascending.
  private(set) var rounds: [[Int]] = []
  /// For each choice of the model whether it keeps to its round.
  private(set) var keeps: ContiguousArray<Bool>

  /// - Complexity: as the search for maximal end components.
  init(
    _ model: FiniteMDP, on isIncluded: [Bool], _ progress: ProgressHandler
  ) throws(Interrupted) {
    round = Array(repeating: -1, count: model.stateCount)
    keeps = ContiguousArray(
      (0..<model.choiceCount).map { choice in
        isIncluded[Int(model.choiceStates[choice])]
          && model.transitionRange(of: choice).allSatisfy {
            isIncluded[Int(model.successors[$0])]
          }
      })
    var pending = [isIncluded.indices.filter { isIncluded[$0] }]
    var place = [Int32](repeating: -1, count: model.stateCount)
    while let states = pending.popLast() {
      if states.isEmpty { continue }
      if states.count > 1000 { try progress.checkpoint() }
      for (number, state) in states.enumerated() { place[state] = Int32(number) }
      let graph = DirectedGraph(
        states.map { state in
          model.choiceRange(at: state).filter { keeps[$0] }.flatMap { choice in
            model.transitionRange(of: choice).map { Int(place[Int(model.successors[$0])]) }
          }
        })
      let components = StronglyConnectedComponents(of: graph)
      let hasLost = setAside(leaving: components, of: states, model, place)
      // The last one is taken next, so that the first is numbered before what leads to it.
      for (number, members) in components.members().enumerated().reversed() {
        let members = members.map { states[$0] }
        // A single component that lost nothing is done.
        if hasLost[number] || components.count > 1 {
          pending.append(members)
        } else {
          for state in members { round[state] = Int32(rounds.count) }
          rounds.append(members)
        }
      }
    }
  }

  /// Sets the choices aside that may lead to another component, and returns which components
  /// lost one.
  private mutating func setAside(
    leaving components: StronglyConnectedComponents, of states: [Int], _ model: FiniteMDP,
    _ place: [Int32]
  ) -> [Bool] {
    var hasLost = [Bool](repeating: false, count: components.count)
    for (number, state) in states.enumerated() {
      let own = components.component[number]
      for choice in model.choiceRange(at: state) where keeps[choice] {
        let stays = model.transitionRange(of: choice).allSatisfy { transition in
          components.component[Int(place[Int(model.successors[transition])])] == own
        }
        if !stays {
          keeps[choice] = false
          hasLost[Int(own)] = true
        }
      }
    }
    return hasLost
  }

  /// The choices that keep to a round: none when it is no end component.
  func choices(of round: Int, _ model: FiniteMDP) -> [Int] {
    rounds[round].flatMap { state in model.choiceRange(at: state).filter { keeps[$0] } }
  }
}
