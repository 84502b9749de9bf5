import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Occupancy measures")
struct OccupancyTests {
  @Test(
    "the measure of a policy is one, values its rewards and gives the policy back",
    arguments: 0..<3 as Range<UInt64>)
  func policies(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    var random = SplitMix64(seed: seed)
    for index in 0..<60 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let (discount, law) = (try #require(model.discount), try #require(model.initial))
      let policy =
        index % 2 == 0 ? try random.policy(in: model) : Policy.uniform(in: model)
      let measure = try OccupancyMeasure(of: policy, in: model, discount: discount, initial: law)
      // The checked initialiser looks at every flow equation.
      let again = try OccupancyMeasure(
        masses: measure.masses, discount: discount, initial: law, in: model)
      #expect(measure.masses.reduce(0, +) * (1 - discount) == 1, label)
      let reward = model.rewards[0].function.expected(in: model)
      #expect(again.value(of: reward) == value(of: policy, model, reward, discount, law), label)
      let visits = measure.stateMasses(in: model)
      let back = try measure.policy(in: model)
      for state in 0..<model.stateCount where !visits[state].isZero {
        #expect(back.choices(at: State(state)) == policy.choices(at: State(state)), label)
      }
    }
  }

  @Test("masses that break a flow equation are refused")
  func refused() throws {
    let model = try TinyModel.read("s stay → s | 1; s go → t; t stay → t | 4")
    let law = [(state: State(0), probability: Rational.one)]
    let good: [Rational] = [0, 1, 1]
    #expect(throws: Never.self) {
      try OccupancyMeasure(masses: good, discount: Rational(1, 2), initial: law, in: model)
    }
    for (index, change) in [(0, Rational(1, 7)), (1, Rational(-1, 7)), (2, 1)] {
      var masses = good
      masses[index] += change
      #expect(throws: OccupancyError.self) {
        try OccupancyMeasure(masses: masses, discount: Rational(1, 2), initial: law, in: model)
      }
    }
    #expect(throws: OccupancyError.negativeMass(state: "s", action: "stay", mass: -1)) {
      try OccupancyMeasure(masses: [-1, 2, 2], discount: Rational(1, 2), initial: law, in: model)
    }
  }

  @Test("value and occupancy programs have one optimum", arguments: 10..<12 as Range<UInt64>)
  func duality(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    for index in 0..<30 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let discount = try #require(model.discount)
      let reward = model.rewards[0].function.expected(in: model)
      let weights = [Rational](repeating: 1, count: model.stateCount)
      for direction in Direction.allCases {
        let solution = try solved(model, direction: direction)
        let values = try #require(solution.exactValues)
        var primal = LinearProgramBuilder(
          direction: direction == .maximize ? .minimize : .maximize)
        let program = try ValueProgram(
          of: model, reward: reward, discount: discount, direction: direction, weights: weights,
          addedTo: &primal)
        let least = try LinearProgramSolvers.solve(primal.build())
        let point = try #require(least.primal)
        #expect(program.values(at: point) == values, label)
      }
    }
  }

  /// By fixed-point elimination in `Rational`s: shares no code with the factorisation.
  private func value(
    of policy: Policy, _ model: FiniteMDP, _ reward: PooledVector, _ discount: Rational,
    _ law: [(state: State, probability: Rational)]
  ) -> Rational {
    let n = model.stateCount
    let rewards = model.chainReward(of: policy, reward: reward)
    var rows = (0..<n).map { s -> [Rational] in
      var row = [Rational](repeating: 0, count: n + 1)
      row[s] = 1
      for (t, p) in model.chainRow(of: policy, at: State(s)) { row[Int(t.index)] -= discount * p }
      row[n] = rewards[s]
      return row
    }
    for k in 0..<n {
      let pivot = rows[k][k]
      rows[k] = rows[k].map { $0 / pivot }
      for i in 0..<n where i != k && !rows[i][k].isZero {
        let factor = rows[i][k]
        rows[i] = zip(rows[i], rows[k]).map { $0 - factor * $1 }
      }
    }
    return law.reduce(0) { $0 + $1.probability * rows[Int($1.state.index)][n] }
  }
}
