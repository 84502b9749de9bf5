import ExactArithmetic
import MarkovDecisionProcesses

/// Exact answers without discount for tiny models, by trying every deterministic policy.
struct BruteForce {
  let model: FiniteMDP
  let isGoal: [Bool]
  /// The expected reward of each choice, negated to minimise.
  let reward: [Rational]
  let sign: Rational

  init(_ model: FiniteMDP, goal: String?, reward name: String, _ direction: Direction) {
    self.model = model
    var isGoal = [Bool](repeating: false, count: model.stateCount)
    for state in goal.flatMap({ model.states(labeled: $0) }) ?? [] {
      isGoal[Int(state.index)] = true
    }
    self.isGoal = isGoal
    let sign: Rational = direction == .maximize ? 1 : -1
    self.sign = sign
    let expected = model.reward(named: name)?.expected(in: model)
    reward = (0..<model.choiceCount).map { sign * (expected?[$0] ?? 0) }
  }

  /// Every policy that takes one of the allowed choices at each state.
  func policies(allowed: [[Int]]? = nil) -> [[Int]] {
    let choices = allowed ?? (0..<model.stateCount).map { Array(model.choiceRange(at: $0)) }
    return choices.reduce([[]]) { policies, options in
      policies.flatMap { policy in options.map { policy + [$0] } }
    }
  }

  func row(_ choice: Int) -> [(successor: Int, probability: Rational)] {
    model.transitions(of: Choice(choice)).map { (Int($0.successor.index), $0.probability) }
  }

  /// A solution of the equations, with 0 for what they leave free; `nil` when there is none.
  static func solve(_ equations: [[Rational]], unknowns: Int) -> [Rational]? {
    var a = equations
    var pivots: [(row: Int, column: Int)] = []
    for column in 0..<unknowns {
      let start = pivots.count
      guard let found = (start..<a.count).first(where: { !a[$0][column].isZero }) else { continue }
      a.swapAt(start, found)
      let inverse = 1 / a[start][column]
      for k in column...unknowns { a[start][k] *= inverse }
      for other in a.indices where other != start && !a[other][column].isZero {
        let factor = a[other][column]
        for k in column...unknowns where !a[start][k].isZero {
          a[other][k] -= factor * a[start][k]
        }
      }
      pivots.append((start, column))
    }
    guard a.dropFirst(pivots.count).allSatisfy({ $0[unknowns].isZero }) else { return nil }
    var solution = [Rational](repeating: 0, count: unknowns)
    for (row, column) in pivots { solution[column] = a[row][unknowns] }
    return solution
  }

  // MARK: - Reaching the goal

  /// Steps to the goal in the graph of a policy; `nil` for never.
  func distances(_ policy: [Int]) -> [Int?] {
    layers { state, isNear in row(policy[state]).contains { isNear($0.successor) } }
  }

  /// The rounds in which every action of a state has a successor of an earlier round.
  func attractorLayers() -> [Int?] {
    layers { state, isNear in
      model.choiceRange(at: state).allSatisfy { row($0).contains { isNear($0.successor) } }
    }
  }

  private func layers(_ enters: (Int, (Int) -> Bool) -> Bool) -> [Int?] {
    var layer: [Int?] = isGoal.map { $0 ? 0 : nil }
    for round in 1...model.stateCount {
      let now = layer
      for state in layer.indices where now[state] == nil && enters(state, { now[$0] != nil }) {
        layer[state] = round
      }
    }
    return layer
  }

  /// The probabilities of reaching the goal under a policy.
  func reachability(_ policy: [Int]) -> [Rational] {
    let canReach = distances(policy).map { $0 != nil }
    return expectations(policy, at: { canReach[$0] && !isGoal[$0] }) { state in
      row(policy[state]).reduce(0) { isGoal[$1.successor] ? $0 + $1.probability : $0 }
    }.enumerated().map { isGoal[$0] ? 1 : $1 }
  }

  /// Solves `v = gain + P v` at the states inside, with 0 elsewhere.
  private func expectations(
    _ policy: [Int], at isInside: (Int) -> Bool, gain: (Int) -> Rational
  ) -> [Rational] {
    let n = model.stateCount
    let equations = (0..<n).map { state in
      var equation = [Rational](repeating: 0, count: n + 1)
      equation[state] = 1
      guard isInside(state) else { return equation }
      for (t, p) in row(policy[state]) where isInside(t) { equation[t] -= p }
      equation[n] = gain(state)
      return equation
    }
    return Self.solve(equations, unknowns: n) ?? []
  }

  /// The greatest (least) probabilities and a policy that attains all of them.
  func bestReachability() -> (values: [Rational], policy: [Int]) {
    let all = policies().map { (policy: $0, values: reachability($0).map { sign * $0 }) }
    let best = Self.best(all.map(\.values))
    let policy = all.first { $0.values == best }?.policy ?? []
    return (best.map { sign * $0 }, policy)
  }

  static func best(_ vectors: [[Rational]]) -> [Rational] {
    vectors.dropFirst().reduce(vectors[0]) { zip($0, $1).map { max($0, $1) } }
  }

  // MARK: - Average reward

  /// Gain, bias and two more terms of the series, of one policy: the solution of
  /// `g = P g`, `g + h = r + P h`, `h + w = P w`, `w + u = P u`.
  func evaluate(
    _ policy: [Int], stopsAtGoal: Bool = false
  ) -> (gain: [Rational], bias: [Rational], witness: [Rational]) {
    let n = model.stateCount
    var equations: [[Rational]] = []
    for block in 0..<4 {
      for state in 0..<n {
        let stops = stopsAtGoal && isGoal[state]
        var equation = [Rational](repeating: 0, count: 4 * n + 1)
        if block > 0 { equation[(block - 1) * n + state] = 1 }
        equation[block * n + state] += 1
        let law = stops ? [(successor: state, probability: Rational(1))] : row(policy[state])
        for (t, p) in law { equation[block * n + t] -= p }
        if block == 1, !stops { equation[4 * n] = reward[policy[state]] }
        equations.append(equation)
      }
    }
    let solution = Self.solve(equations, unknowns: 4 * n) ?? []
    return (
      Array(solution[..<n]), Array(solution[n..<2 * n]), Array(solution[2 * n..<3 * n])
    )
  }

  /// The best policy by gain, then bias, then the next term.
  func bestAverage() -> (
    gain: [Rational], bias: [Rational], witness: [Rational], policy: [Int]
  ) {
    var all = policies().map { (policy: $0, value: evaluate($0)) }
    let gain = Self.best(all.map(\.value.gain))
    all = all.filter { $0.value.gain == gain }
    let bias = Self.best(all.map(\.value.bias))
    all = all.filter { $0.value.bias == bias }
    let witness = Self.best(all.map(\.value.witness))
    let policy = all.first { $0.value.witness == witness }?.policy ?? []
    let signed = { (vector: [Rational]) in vector.map { sign * $0 } }
    return (signed(gain), signed(bias), signed(witness), policy)
  }
}
