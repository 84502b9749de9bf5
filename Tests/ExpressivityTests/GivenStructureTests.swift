import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import Synchronization
import TestSupport
import Testing

@testable import Expressivity

/// Arguments about all policies of one model.
@Suite("Where the choices of a model are, and what follows")
struct GivenStructureTests {
  private func environment(_ text: String) throws -> ObjectiveEnvironment {
    try ObjectiveEnvironment(
      ModelFile.read(bytes: [UInt8](text.utf8), name: "model", options: ReadOptions()).model)
  }

  private func letter(
    _ comparison: GivenComparison, _ from: Formalism, _ to: Formalism
  ) throws -> Character {
    let relation = comparison.relations.first { $0.from == from && $0.to == to }
    switch try #require(relation).finding {
    case .holds: return "≥"
    case .expressed: return "="
    case .separated: return "S"
    case .expressedOnPolicies: return "~"
    case .undecided: return "?"
    }
  }

  @Test("one choice that comes once: MR, RM, LTL and FTR are one", .tags(.worked))
  func oneShot() throws {
    let environment = try environment(WorkedTasks.oneShot)
    let structure = GivenStructure(of: environment)
    #expect(structure.freedom == 1 && !structure.canChooseAgain && !structure.isRecurrent)
    let comparison = try GivenComparison(of: environment)
    for (from, to) in [
      (Formalism.markovReward, Formalism.trajectoryFunction), (.markovReward, .rewardMachine),
      (.temporalLogic, .trajectoryFunction), (.temporalLogic, .markovReward),
    ] {
      #expect(try letter(comparison, from, to) == "=", "\(from) \(to)")
    }
    for to in [Formalism.regularised, .outerNonlinear, .lotteryFunction] {
      #expect(try letter(comparison, .trajectoryFunction, to) == "S", "\(to)")
      #expect(try letter(comparison, .temporalLogic, to) == "S", "\(to)")
    }
    // No discount helps a Markov reward here.
    #expect(
      comparison.separations.allSatisfy { $0.weaker != .markovReward || $0.discount == nil })
  }

  @Test("a bandit that is played for ever: MR is LAR, and four arguments", .tags(.worked))
  func bandit() throws {
    let environment = try environment(WorkedTasks.bandit(["a", "b", "c"]))
    let structure = GivenStructure(of: environment)
    #expect(structure.freedom == 2 && structure.canChooseAgain && structure.isRecurrent)
    #expect(structure.choicesDoNotMove && structure.recurrentFreedoms == [2])
    let comparison = try GivenComparison(of: environment)
    #expect(try letter(comparison, .markovReward, .limitAverage) == "=")
    #expect(try letter(comparison, .limitAverage, .markovReward) == "=")
    // One state: a regulariser gives each law any value.
    #expect(try letter(comparison, .regularised, .lotteryFunction) == "=")
    #expect(try letter(comparison, .regularised, .policyFunction) == "=")
    for (from, to) in [
      (Formalism.temporalLogic, Formalism.markovReward), (.temporalLogic, .limitAverage),
      (.rewardMachine, .trajectoryFunction), (.outerNonlinear, .trajectoryFunction),
      (.trajectoryFunction, .outerNonlinear), (.trajectoryFunction, .regularised),
    ] {
      #expect(try letter(comparison, from, to) == "S", "\(from) \(to)")
    }
  }

  @Test("states, choices and classes of worked models", .tags(.worked))
  func structures() throws {
    let leaving = GivenStructure(of: try environment(WorkedTasks.leaving))
    #expect(leaving.freedom == 1 && leaving.canChooseAgain && !leaving.choicesDoNotMove)
    #expect(leaving.recurrentFreedoms == [0])
    let roads = GivenStructure(of: try environment(WorkedTasks.roads))
    #expect(roads.freedom == 2 && roads.canChooseAgain && roads.sameAtEveryDiscount == nil)
    let entailment = GivenStructure(of: try environment(WorkedTasks.entailment))
    #expect(entailment.freedom == 2 && entailment.choicesDoNotMove && entailment.isRecurrent)
    let fork = GivenStructure(of: try environment(WorkedTasks.fork))
    #expect(fork.freedom == 3 && fork.recurrentFreedoms.sorted() == [1, 1] && !fork.isRecurrent)
  }

  /// Models of the kinds for which Markov rewards of all discounts are said to be alike.
  @Test("where the discount is said not to matter it does not", .tags(.differential))
  func discounts() throws {
    var random = SplitMix64(seed: 61)
    let still = WorkedTasks.model(
      states: ["x", "y"], actions: ["a", "b"],
      transitions: [
        ("x", "a", "y", "1/3"), ("x", "a", "x", "2/3"), ("x", "b", "y", "1/3"),
        ("x", "b", "x", "2/3"), ("y", "a", "x", "1"), ("y", "b", "x", "1"),
      ], initial: "x")
    for text in [still, WorkedTasks.oneShot, WorkedTasks.leaving, WorkedTasks.entailment] {
      let environment = try environment(text)
      let structure = GivenStructure(of: environment)
      #expect(structure.sameAtEveryDiscount != nil)
      let policies = try GivenPolicies(of: environment, limit: 4, progress: .none).named
      for _ in 0..<12 {
        let ranks = policies.map { _ in Int(random.below(3)) }
        let answers = try [Rational(1, 4), Rational(1, 2), Rational(19, 20)].map { discount in
          try express(
            ExpressTask(
              model: environment.model, kind: .policyOrder, formalism: .markovReward,
              discount: .fixed(discount), initial: environment.initial,
              rewardSupport: .stateAction,
              objects: policies.map {
                ExpressTask.Object(name: $0.name, behaviour: .policy($0.policy))
              },
              ranking: Set(ranks).sorted(by: >).map { rank in
                ranks.indices.filter { ranks[$0] == rank }
              })
          ).isExpressible
        }
        #expect(Set(answers).count == 1)
      }
    }
  }

  @Test("a time limit leaves what was found, and says so")
  func timeLimit() throws {
    let searching = Mutex(false)
    var options = GivenOptions()
    options.progress = ProgressHandler(
      report: { stage, _ in
        if stage.hasPrefix("comparing sets of 3") { searching.withLock { $0 = true } }
      }, stopReason: { searching.withLock { $0 } ? .timeLimit : nil })
    let environment = try environment(WorkedTasks.bandit(["a", "b", "c"]))
    let comparison = try GivenComparison(of: environment, options: options)
    #expect(comparison.isCutShort)
    #expect(try !GivenComparison(of: environment).isCutShort)
    #expect(try letter(comparison, .temporalLogic, .markovReward) == "S")
    options.progress = ProgressHandler(stopReason: { .cancelled })
    #expect(throws: Interrupted.self) { try GivenComparison(of: environment, options: options) }
  }
}
