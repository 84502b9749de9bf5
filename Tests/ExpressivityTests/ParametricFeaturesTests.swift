import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@testable import Expressivity

/// Features as functions of the discount against those that the solver computes at one discount.
@Suite("Features as functions of the discount")
struct ParametricFeaturesTests {
  private func expectFeatures(
    _ task: ExpressTask, _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let discounts: [Rational] = [0, Rational(1, 3), Rational(9, 10)]
    for discount in discounts {
      let known = try FeatureSpace(of: task, discount: discount, progress: .none).features()
      for (object, features) in zip(task.objects, known) {
        let found = try ParametricFeatures(of: object.behaviour, in: task).value(at: discount)
        try #require(
          found == features.filter { !$0.value.isZero }, what, sourceLocation: sourceLocation)
      }
    }
  }

  @Test(
    "policies", .tags(.differential), arguments: ["MR", "RRL", "RM"],
    ["state-action", "transition", "state"])
  func policies(formalism: String, support: String) throws {
    let machine =
      formalism == "RM"
      ? """
      ,"machine":{"states":["u","v","w"],"initial":"u","transitions":[["u",{"action":"a1"},"v"],
        ["v",{"state":"s1"},"w"],["w",{"action":"a0"},"u"]]}
      """ : ""
    for seed in 0..<12 as Range<UInt64> {
      var draw = RandomTask(seed: seed)
      let task = try WorkedTasks.task(
        "policy-order", formalism, on: draw.model,
        draw.orderFields(count: 5, relations: 1) + ",\"rewardOn\":\"\(support)\"" + machine)
      try expectFeatures(task, "seed \(seed)")
    }
  }

  @Test("runs, finite and going round, with and without a machine", arguments: ["MR", "RM"])
  func trajectories(formalism: String) throws {
    let fields = """
      "trajectories":{
        "short":["s","x","s"],"long":["s","x","s","z","s","z","s","x","s"],
        "z":{"steps":["s"],"cycle":["z","s"]},
        "late":{"steps":["s","x","s","x","s"],"cycle":["z","s","x","s","z","s"]}}
      """
    let machine = """
      ,"machine":{"states":["u","v","w"],"initial":"u","transitions":[["u",{"action":"z"},"v"],
        ["v",{"action":"z"},"w"],["w",{"action":"z"},"v"]]}
      """
    let task = try WorkedTasks.task(
      "trajectory-order", formalism, on: WorkedTasks.bandit(["x", "z"]),
      fields + (formalism == "RM" ? machine : ""))
    try expectFeatures(task, "\(formalism)")
  }

  @Test("numerators and denominators: E5's short road pays X from the second step on")
  func worked() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.roads, "\"policies\":\(WorkedTasks.roadPolicies)")
    let features = try ParametricFeatures(of: task.objects[0].behaviour, in: task)
    #expect(features.denominator == Polynomial([1, -1]))
    let end = RewardCoordinate.entry(
      machine: nil, state: State(3), action: Action(0), successor: nil)
    #expect(features.numerators[end] == Polynomial([0, 0, 1]))
  }
}
