import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("First page of the catalogue")
struct CatalogueTests {
  @Test("the example says what it claims", .tags(.worked))
  func example() throws {
    let new = State(0)
    let worn = State(1)
    let run = Action(0)
    let replace = Action(1)
    var builder = try FiniteMDPBuilder(
      states: NameTable(["new", "worn"], of: .state),
      actions: NameTable(["run", "replace"], of: .action))
    try builder.addTransition(from: new, under: run, to: new, probability: Rational(3, 4))
    try builder.addTransition(from: new, under: run, to: worn, probability: Rational(1, 4))
    try builder.addTransition(from: worn, under: run, to: worn, probability: 1)
    try builder.addTransition(from: worn, under: replace, to: new, probability: 1)
    try builder.startReward(named: "income")
    builder.addReward(state: new, action: run, successor: nil, value: 6)
    builder.addReward(state: worn, action: run, successor: nil, value: 2)
    builder.addReward(state: worn, action: replace, successor: nil, value: -1)
    let machine = try builder.build()

    let income = try #require(machine.reward(named: "income"))
    let bellman = BellmanOperator(model: machine, reward: income, discount: Rational(1, 2))
    let values = RationalVector([Rational(94, 9), Rational(38, 9)])
    #expect(bellman.isFixedPoint(values))
    #expect(bellman.greedyActions(for: values) == [[run], [replace]])
    #expect(ModelStructure(of: machine).classification == .unichain)
  }
}
