import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Reading Gymnasium's tables")
struct GymnasiumReaderTests {
  static let options = ReadOptions(format: .gymnasium)

  static func read(_ text: String, normalizes: Bool = false) throws(InputError) -> LoadedModel {
    try ModelFile.read(
      bytes: Array(text.utf8), name: "g.json",
      options: ReadOptions(format: .gymnasium, normalizes: normalizes))
  }

  static func problem(_ text: String) -> String {
    do throws(InputError) {
      _ = try read(text)
      return "accepted"
    } catch {
      return error.description
    }
  }

  @Test(
    "the stored tables are read: states with `terminal`, actions, first states",
    arguments: [
      ("frozenlake4x4", 17, 4, 1), ("frozenlake8x8", 65, 4, 1), ("cliffwalking", 49, 4, 1),
      ("taxi", 501, 6, 300),
    ])
  func stored(name: String, states: Int, actions: Int, first: Int) throws {
    let loaded = try ModelFile.read(
      Fixture.path("gymnasium/\(name).json"), options: Self.options)
    let model = loaded.model
    #expect(model.stateCount == states && model.actions.count == actions)
    #expect(model.states[states - 1] == "terminal")
    #expect(model.states(labeled: "terminal") == [State(states - 1)])
    #expect(model.initial?.count == first)
    #expect(model.initial?.allSatisfy { $0.probability == Rational(1, first) } == true)
    #expect(model.choiceCount == states * actions)
    #expect(model.rewards.map(\.name) == ["default"] && model.discount == nil)
  }

  @Test("8x8 FrozenLake: every probability is a third or two or one; what was snapped is counted")
  func thirds() throws {
    let loaded = try ModelFile.read(
      Fixture.path("gymnasium/frozenlake8x8.json"), options: Self.options)
    let allowed: Set<Rational> = [Rational(1, 3), Rational(2, 3), 1]
    for choice in 0..<loaded.model.choiceCount {
      for transition in loaded.model.transitions(of: Choice(choice)) {
        #expect(allowed.contains(transition.probability))
      }
    }
    // 53 states that are neither hole nor goal, 4 actions, 3 outcomes.
    #expect(loaded.notes == ["snapped 636 numbers to fractions with denominator <= 3"])
  }

  @Test("successors are merged, rewards averaged by probability, done goes to `terminal`")
  func merging() throws {
    let model = try Self.read(
      """
      {"env":"x","P":{"7":{"1":[[0.25,7,1.0,false],[0.5,3,2,true],[0.25,7,4.0,false]]},
        "3":{"1":[[1.0,3,0,false]],"0":[[0.1,7,5,false],[0.9,7,5,false]]}}, "isd":[0.5,0.5]}
      """
    ).model
    #expect(Array(model.states.names) == ["3", "7", "terminal"])
    #expect(Array(model.actions.names) == ["0", "1"])
    #expect(
      ModelText.rows(model) == [
        "0 0 [\"1:1\"]", "0 1 [\"0:1\"]", "1 1 [\"1:1/2\", \"2:1/2\"]", "2 0 [\"2:1\"]",
        "2 1 [\"2:1\"]",
      ])
    // (1/4 · 1 + 1/4 · 4) / (1/2) = 5/2.
    #expect(model.reward(named: "default")?.entries.map(\.value) == [5, Rational(5, 2), 2])
  }

  @Test(
    "broken tables are refused with their place",
    arguments: [
      ("{}", "g.json: 1:1: the required key 'P' is missing"),
      ("[]", "g.json: 1:1: expected an object at the top level, found an array"),
      ("{\"P\":[]}", "g.json: P: expected an object {state: {action: [...]}}, found an array"),
      ("{\"P\":{}}", "g.json: P: there is no state"),
      ("{\"P\":{\"a\":{}}}", "g.json: P: expected the number of a state as key, found 'a'"),
      ("{\"P\":{\"00\":{}}}", "found '00'"),
      ("{\"P\":{\"0\":{}}}", "g.json: P: there is no action"),
      (
        "{\"P\":{\"0\":{\"0\":[[1,0,0,false]]},\"1\":{}}}",
        "the state '1' has no available action"
      ),
      (
        "{\"P\":{\"0\":{\"0\":[[0.333,0,0,false],[0.666,0,1,false]]}}}",
        "g.json: P.0.0: the probabilities of action '0' at state '0' add up to 999/1000, not 1"
          + " (after snapping; --normalize"
      ),
      ("{\"P\":{\"0\":{\"0\":[]}}}", "add up to 0, not 1"),
      ("{\"P\":{\"0\":{\"0\":[[1,5,0,false]]}}}", "g.json: P.0.0[0][1]: there is no state 5"),
      ("{\"P\":{\"0\":{\"0\":[[1,0.0,0,false]]}}}", "expected the number of a state, found 0.0"),
      (
        "{\"P\":{\"0\":{\"0\":[[1,0,0]]}}}",
        "P.0.0[0]: expected [probability, successor, reward, done]"
      ),
      ("{\"P\":{\"0\":{\"0\":[[1,0,0,0]]}}}", "P.0.0[0][3]: expected true or false, found 0"),
      ("{\"P\":{\"0\":{\"0\":[[1,0,0,true,1]]}}}", "found a longer array"),
      ("{\"P\":{\"0\":{\"0\":[[NaN,0,0,true]]}}}", "1:18: expected a value, found 'NaN'"),
      ("{\"P\":{\"0\":{\"0\":[[-1,0,0,true]]}}}", "the probability is -1, but it must not"),
      (
        "{\"P\":{\"0\":{\"0\":[[1,0,0,true]]}},\"isd\":[1,0]}",
        "g.json: isd: expected 1 probabilities, one a state, found 2"
      ),
      (
        "{\"P\":{\"0\":{\"0\":[[1,0,0,true]]}},\"isd\":[0.5]}",
        "g.json: isd: the initial probabilities add up to 1/2, not 1"
      ),
    ])
  func broken(text: String, message: String) {
    #expect(Self.problem(text).contains(message), "\(Self.problem(text))")
  }

  @Test("a table that is cut or changed anywhere ends in a message or a model")
  func fuzz() {
    let text = Array(
      #"{"env":"x","P":{"7":{"1":[[0.25,7,1.0,false],[0.75,3,2,true]]},"3":{"0":[[1,7,5,false]]}}}"#
        .utf8)
    for place in text.indices {
      let (before, after) = (Array(text[..<place]), Array(text[(place + 1)...]))
      let changed: [[UInt8]] = [
        before, before + after, before + [48] + after, before + [44] + after, before + [0] + after,
        before + [34] + after, before + [93] + after, before + [0xC3] + after,
      ]
      for bytes in changed {
        do throws(InputError) {
          _ = try ModelFile.read(bytes: bytes, name: "g.json", options: Self.options)
        } catch {
          #expect(error.kind == .malformed && !error.problem.isEmpty)
        }
      }
    }
  }

  @Test("--normalize divides rows and the initial law by their sums")
  func normalizing() throws {
    let text = "{\"P\":{\"0\":{\"0\":[[0.3,0,0,false],[0.3,0,0,true]]}},\"isd\":[0.5]}"
    let loaded = try Self.read(text, normalizes: true)
    #expect(loaded.notes == ["divided 1 row by its sum"])
    #expect(ModelText.rows(loaded.model) == ["0 0 [\"0:1/2\", \"1:1/2\"]", "1 0 [\"1:1\"]"])
    #expect(loaded.model.initialStateForTest == 1)
  }

  @Test("a number is snapped to the simplest fraction within a relative 1e-12, and no further")
  func snapping() throws {
    for (text, expected) in [
      ("0.33333333333333337", "1/3"), ("0.3333333333333333", "1/3"), ("0.14285714285714285", "1/7"),
      ("0.0033333333333333335", "1/300"), ("-0.6666666666666666", "-2/3"), ("0.1", "1/10"),
      ("0", "0"), ("3", "3"), ("1e-13", "1/10000000000000"),
      ("0.333333333334", "166666666667/500000000000"),
      ("13.700000000000001", "137/10"), ("1000000000000.5", "1000000000000"),
    ] {
      let number = try #require(Rational(text))
      let snapped = number.snapped
      #expect((snapped - number).magnitude <= number.magnitude / Rational(1_000_000_000_000))
      if text == "0.333333333334" || text == "1e-13" { continue }
      #expect(snapped.description == expected, "\(text)")
    }
  }

  @Test("the snapped fraction has the least denominator", arguments: 0..<4 as Range<UInt64>)
  func simplest(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<300 {
      let denominator = Int(random.below(5000)) + 1
      let exact = Rational(Int(random.below(20_000)) + 1, denominator)
      let double = try #require(Rational(exactly: Double(exact)))
      // Two fractions of denominators up to 5000 are 4e-8 apart, so the original is the answer.
      #expect(double.snapped == exact, "seed \(seed)")
    }
  }
}

extension FiniteMDP {
  /// How many states the initial law lists.
  fileprivate var initialStateForTest: Int { initial?.count ?? 0 }
}
