import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import OnlineLearning
import RationaleTesting
import RegretBounds
import Testing

/// What a package that plans and learns would test: a small machine that runs, wears and is
/// serviced, with the true reward and the proxy that its designer wrote down.
@Suite("A package that uses Rationale in its tests")
struct PolicyTests {
  private let machine: FiniteMDP

  init() throws {
    let text = """
      { "format": "rationale-mdp", "version": 1,
        "states": ["good", "worn"], "actions": ["run", "service"],
        "discount": "9/10", "initial": "good",
        "transitions": [["good", "run", "good", "3/4"], ["good", "run", "worn", "1/4"],
                        ["worn", "run", "worn", 1], ["worn", "service", "good", 1]],
        "rewards": { "true": [["good", "run", 6], ["worn", "run", 2], ["worn", "service", 1]],
                     "doubled": [["good", "run", 12], ["worn", "run", 4], ["worn", "service", 2]],
                     "proxy": [["good", "run", 6], ["worn", "run", 6]] } }
      """
    machine = try ModelFile.read(
      bytes: [UInt8](text.utf8), name: "machine.json", options: ReadOptions(format: .rationale)
    ).model
  }

  /// What the package computes in doubles, however it does it.
  private func plannedActions() -> [Int] {
    var values = [0.0, 0.0]
    for _ in 0..<500 {
      values = [
        6 + 0.9 * (0.75 * values[0] + 0.25 * values[1]),
        max(2 + 0.9 * values[1], 1 + 0.9 * values[0]),
      ]
    }
    return [0, 2 + 0.9 * values[1] >= 1 + 0.9 * values[0] ? 0 : 1]
  }

  @Test("the planner's policy is optimal, proved exactly")
  func optimal() throws {
    let policy = try Policy(plannedActions().map { Action($0) }, in: machine)
    #expect(expectOptimal(policy, in: machine, reward: "true"))
  }

  @Test("a policy that never services fails, and the failure shows both numbers")
  func worse() throws {
    let lazy = try Policy([Action(0), Action(0)], in: machine)
    withKnownIssue {
      expectOptimal(lazy, in: machine, reward: "true")
    } matching: { issue in
      issue.comments.contains { $0.rawValue.contains("at 'worn' the policy is worth 20") }
    }
  }

  @Test("the doubled reward orders policies as the true one; the proxy does not")
  func rewards() {
    #expect(expectSameOrdering("true", "doubled", in: machine))
    withKnownIssue {
      expectSameOrdering("true", "proxy", in: machine)
    }
  }

  @Test("a learner keeps its bound on this machine", arguments: 0..<3)
  func learning(seed: Int) throws {
    let experiment = try TabularExperiment(
      .ucrl2, on: machine, reward: "true", start: State(0))
    let run = try experiment.run(2000, seed: UInt64(seed))
    let bound = try #require(try experiment.bound(2000))
    expectRegret(of: run, atMost: bound)
    if run.isCovered == true, let certificate = run.certificate {
      expectRegret(of: run, atMost: certificate)
    }
  }
}
