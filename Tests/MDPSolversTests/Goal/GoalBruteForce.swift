import ExactArithmetic
import MarkovDecisionProcesses

/// The values of a problem about a goal by looking at every deterministic policy, with nothing of
/// the solver: graphs by repeated steps, means and values by dense elimination.
struct GoalBruteForce {
  let model: FiniteMDP
  let isGoal: [Bool]
  /// Of each choice, in the sense of maximisation.
  let reward: [Rational]

  init(_ model: FiniteMDP, goal: String, reward: String?, direction: Direction) {
    self.model = model
    var isGoal = [Bool](repeating: false, count: model.stateCount)
    for state in model.states(labeled: goal) ?? [] { isGoal[Int(state.index)] = true }
    self.isGoal = isGoal
    let expected = reward.flatMap { model.reward(named: $0)?.expected(in: model) }
    self.reward = (0..<model.choiceCount).map { choice in
      let value = expected?[choice] ?? 0
      return direction == .maximize ? value : -value
    }
  }

  /// Every deterministic policy, as a choice a state.
  var policies: [[Int]] {
    (0..<model.stateCount).reduce([[]]) { partial, state in
      partial.flatMap { policy in model.choices(at: State(state)).map { policy + [Int($0.index)] } }
    }
  }

  private func row(_ choice: Int) -> [(successor: Int, probability: Rational)] {
    model.transitions(of: Choice(choice)).map { (Int($0.successor.index), $0.probability) }
  }

  /// The states from which `targets` can be reached by these choices, off the goal.
  private func reaching(_ targets: [Bool], _ choices: [Int]) -> [Bool] {
    var reaches = targets
    var isNew = true
    while isNew {
      isNew = false
      for choice in choices {
        let state = Int(model.state(of: Choice(choice)).index)
        if reaches[state] || isGoal[state] { continue }
        if row(choice).contains(where: { reaches[$0.successor] }) {
          reaches[state] = true
          isNew = true
        }
      }
    }
    return reaches
  }

  /// The states from which a policy reaches the goal almost surely.
  func properStates(_ policy: [Int]) -> [Bool] {
    let possible = reaching(isGoal, policy)
    return reaching(possible.map { !$0 }, policy).map { !$0 }
  }

  /// `x = r + P x` on the chosen states, given `x` elsewhere.
  private func solved(
    _ policy: [Int], _ isOpen: [Bool], _ known: [Rational], _ reward: (Int) -> Rational
  ) -> [Rational] {
    let open = isOpen.indices.filter { isOpen[$0] }
    var place = [Int](repeating: -1, count: isOpen.count)
    for (index, state) in open.enumerated() { place[state] = index }
    var rows: [[Rational]] = []
    var right: [Rational] = []
    for state in open {
      var entries = [Rational](repeating: 0, count: open.count)
      entries[place[state]] = 1
      var side = reward(state)
      for (successor, probability) in row(policy[state]) {
        if isOpen[successor] {
          entries[place[successor]] -= probability
        } else {
          side += probability * known[successor]
        }
      }
      rows.append(entries)
      right.append(side)
    }
    let solution = eliminated(rows, right)
    return isOpen.indices.map { isOpen[$0] ? solution[place[$0]] : known[$0] }
  }

  /// The probabilities of reaching the goal under a policy.
  func probabilities(_ policy: [Int]) -> [Rational] {
    let reaches = reaching(isGoal, policy)
    let isOpen = reaches.indices.map { reaches[$0] && !isGoal[$0] }
    return solved(policy, isOpen, isGoal.map { $0 ? 1 : 0 }) { _ in 0 }
  }

  /// The values of a policy at the states from which it is proper.
  func totals(_ policy: [Int]) -> [Rational?] {
    let proper = properStates(policy)
    let isOpen = proper.indices.map { proper[$0] && !isGoal[$0] }
    let values = solved(policy, isOpen, proper.map { _ in 0 }) { reward[policy[$0]] }
    return proper.indices.map { proper[$0] ? values[$0] : nil }
  }

  /// The recurrent states of a policy off the goal whose class has a positive mean reward.
  private func profitable(_ policy: [Int]) -> [Bool] {
    let count = model.stateCount
    let reach = (0..<count).map { target in
      reaching((0..<count).map { $0 == target }, policy)
    }
    // s is recurrent if whatever it reaches reaches it.
    return (0..<count).map { state in
      guard !isGoal[state] else { return false }
      let members = (0..<count).filter { reach[$0][state] }
      guard members.allSatisfy({ reach[state][$0] && !isGoal[$0] }) else { return false }
      // The sign of the mean is that of the reward of one round trip.
      let isOpen = (0..<count).map { members.contains($0) && $0 != state }
      let known = [Rational](repeating: 0, count: count)
      let round = solved(policy, isOpen, known) { reward[policy[$0]] }
      let total = row(policy[state]).reduce(reward[policy[state]]) {
        $0 + ($1.successor == state ? 0 : $1.probability * round[$1.successor])
      }
      return total > 0
    }
  }

  /// The states that have no proper policy, and those of infinite value.
  func classification() -> (improper: [Bool], infinite: [Bool]) {
    var improper = [Bool](repeating: true, count: model.stateCount)
    for policy in policies {
      for (state, isProper) in properStates(policy).enumerated() where isProper {
        improper[state] = false
      }
    }
    let allowed = (0..<model.choiceCount).filter { choice in
      row(choice).allSatisfy { !improper[$0.successor] }
    }
    let isAllowed = Set(allowed)
    var rich = [Bool](repeating: false, count: model.stateCount)
    for policy in policies {
      for (state, isRich) in profitable(policy).enumerated() where isRich && !improper[state] {
        let members = (0..<model.stateCount).filter {
          reaching((0..<model.stateCount).map { $0 == state }, policy)[$0]
        }
        if members.allSatisfy({ isAllowed.contains(policy[$0]) || !reachesBack(state, $0, policy) })
        {
          rich[state] = true
        }
      }
    }
    return (improper, reaching(rich, allowed))
  }

  private func reachesBack(_ state: Int, _ other: Int, _ policy: [Int]) -> Bool {
    reaching((0..<model.stateCount).map { $0 == other }, policy)[state]
  }
}

/// Gauss elimination of a regular system.
private func eliminated(_ matrix: [[Rational]], _ rightSide: [Rational]) -> [Rational] {
  var (rows, right) = (matrix, rightSide)
  let size = rows.count
  for column in 0..<size {
    guard let pivot = (column..<size).first(where: { !rows[$0][column].isZero }) else {
      fatalError("a singular system in a test")
    }
    rows.swapAt(column, pivot)
    right.swapAt(column, pivot)
    for row in 0..<size where row != column && !rows[row][column].isZero {
      let factor = rows[row][column] / rows[column][column]
      for k in column..<size { rows[row][k] -= factor * rows[column][k] }
      right[row] -= factor * right[column]
    }
  }
  return (0..<size).map { right[$0] / rows[$0][$0] }
}
