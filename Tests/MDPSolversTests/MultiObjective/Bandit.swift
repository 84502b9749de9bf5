import ExactArithmetic
import MarkovDecisionProcesses

/// One state whose actions pay these vectors, with discount 0.
func bandit(_ points: [[Rational]]) throws -> FiniteMDP {
  var builder = try FiniteMDPBuilder(
    states: NameTable(count: 1), actions: NameTable(count: points.count))
  for action in points.indices {
    try builder.addTransition(
      from: State(0), under: Action(action), to: State(0), probability: 1)
  }
  for reward in points[0].indices {
    try builder.startReward(named: "r\(reward)")
    for (action, point) in points.enumerated() {
      builder.addReward(
        state: State(0), action: Action(action), successor: nil, value: point[reward])
    }
  }
  try builder.setDiscount(0)
  try builder.setInitial([(State(0), 1)])
  return try builder.build()
}
