import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Random small models", .tags(.differential, .metamorphic))
struct RandomSolutionTests {
  @Test("all methods agree with enumeration", arguments: 0..<10 as Range<UInt64>)
  func enumeration(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    for index in 0..<100 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let direction: Direction = index % 3 == 0 ? .minimize : .maximize
      let reference = try solved(model, direction: direction, method: .enumeration)
      let fast = try solved(model, direction: direction)
      let howard = try solved(model, direction: direction, method: .policyIteration)
      let expected = try #require(reference.exactValues)
      #expect(fast.exactValues == expected, label)
      #expect(howard.exactValues == expected, label)
      #expect(fast.optimalActions == reference.optimalActions, label)
      #expect(howard.optimalActions == reference.optimalActions, label)
      #expect(fast.initialValue == reference.initialValue, label)
      for solution in [reference, fast, howard] { expectAccepted(solution, in: model, label) }
    }
  }

  @Test("bounds hold the exact values and prove policies", arguments: 20..<24 as Range<UInt64>)
  func bounds(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    for index in 0..<60 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let direction: Direction = index % 2 == 0 ? .minimize : .maximize
      let exact = try solved(model, direction: direction)
      let values = try #require(exact.exactValues)
      for (method, scope) in [
        (SolverMethod.auto, ValueScope.none), (.valueIteration, .none), (.auto, .initial),
      ] {
        let solution = try solved(model, direction: direction, method: method, scope: scope)
        expectAccepted(solution, in: model, label)
        #expect(solution.undecided.isEmpty == solution.policyIsOptimal)
        for state in 0..<model.stateCount
        where !solution.undecided.contains(State(state)) {
          let optimal = try #require(exact.optimalActions?[0][state])
          #expect(optimal.contains(solution.policies[0][state]), label)
        }
        if let (lower, upper) = solution.bounds {
          for state in 0..<model.stateCount {
            #expect(lower[state] <= values[state] && values[state] <= upper[state], label)
          }
          if method == .auto { expectNarrow(lower, upper, values, label) }
        } else {
          #expect(solution.initialValue == exact.initialValue, label)
        }
      }
    }
  }

  private func expectNarrow(
    _ lower: RationalVector, _ upper: RationalVector, _ values: RationalVector, _ label: Comment
  ) {
    for state in 0..<values.count where values[state] != 0 {
      let width = upper[state] - lower[state]
      #expect(width * 1_000_000_000_000 <= values[state].magnitude, label)
    }
  }

  @Test("renumbering states and actions changes nothing", arguments: 40..<43 as Range<UInt64>)
  func permutation(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    var random = SplitMix64(seed: seed)
    for _ in 0..<40 {
      let model = try generator.next()
      let order = random.permutation(model.stateCount)
      let permuted = try model.permuted(
        states: order, actions: random.permutation(model.actions.count))
      let (first, second) = (try solved(model), try solved(permuted))
      let (a, b) = (try #require(first.exactValues), try #require(second.exactValues))
      for state in 0..<model.stateCount { #expect(a[state] == b[order[state]]) }
      #expect(first.initialValue == second.initialValue)
    }
  }

  @Test(
    "shaping moves values by the potential and keeps optimal actions, scaling scales",
    arguments: 50..<53 as Range<UInt64>)
  func shapingAndScaling(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    var random = SplitMix64(seed: seed)
    for _ in 0..<40 {
      let model = try generator.next()
      let discount = try #require(model.discount)
      let reward = model.rewards[0].function
      let potential = random.vector(model.stateCount)
      let shaped = reward.shaped(by: potential, discount: discount, in: model)
      let scaled = Rational(7, 3) * reward
      let changed = try model.replacingRewards([("shaped", shaped), ("scaled", scaled)])
      let plain = try solved(model)
      let values = try #require(plain.exactValues)
      let one = try solved(changed, reward: "shaped")
      let two = try solved(changed, reward: "scaled")
      #expect(one.optimalActions == plain.optimalActions)
      #expect(two.optimalActions == plain.optimalActions)
      for state in 0..<model.stateCount {
        #expect(one.exactValues?[state] == values[state] - potential[state])
        #expect(two.exactValues?[state] == Rational(7, 3) * values[state])
      }
    }
  }

  @Test("discounts close to 1, down to 1e-40", arguments: [6, 9, 12, 15, 18, 40])
  func closeToOne(exponent: Int) throws {
    // The values grow like 1/(1-γ); doubles see less and less of them.
    let model = try ModelFamily("garnet", options: ["states": "12", "seed": "4"]).model()
    let discount = 1 - Rational(1, 10).power(exponent)
    let exact = try solved(model, discount: discount)
    let values = try #require(exact.exactValues)
    expectAccepted(exact, in: model)
    let bounds = try solved(model, discount: discount, scope: .none)
    expectAccepted(bounds, in: model)
    #expect(bounds.policyIsOptimal)
    let (lower, upper) = try #require(bounds.bounds)
    expectNarrow(lower, upper, values, "1e-\(exponent)")
    let one = try solved(model, discount: discount, scope: .initial)
    #expect(one.initialValue == exact.initialValue)
  }

  @Test("a tie that no partition explains is decided by exact values and said")
  func exactTie() throws {
    // Beside the goal of a grid with holes two moves are equally good, though the cells that they
    // lead to differ in actions that nobody takes.
    let model = try ModelFamily(
      "gridworld", options: ["width": "8", "holes": "6", "seed": "3"]
    ).model()
    let exact = try solved(model)
    for scope in [ValueScope.none, .initial] {
      let solution = try solved(model, scope: scope)
      #expect(solution.undecided.map { model.states[Int($0.index)] } == ["r6c6"])
      #expect(solution.warnings.count == 1)
      let optimal = try #require(exact.optimalActions?[0])
      for state in 0..<model.stateCount {
        #expect(optimal[state].contains(solution.policies[0][state]))
      }
      expectAccepted(solution, in: model)
    }
  }
}
