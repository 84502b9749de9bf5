import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Large models without discount")
struct LargeModelTests {
  private static let count = 10_001

  /// States in a row, each a step of reward 1 from the one before; the first is the goal, and
  /// the last one, which nothing leads to, never leaves.
  private static func line() throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: count), actions: NameTable(count: 1))
    for state in 0..<count {
      let next = state == 0 || state == count - 1 ? state : state - 1
      try builder.addTransition(
        from: State(state), under: Action(0), to: State(next), probability: 1)
    }
    try builder.startReward(named: "steps")
    for state in 1..<count {
      builder.addReward(state: State(state), action: Action(0), successor: nil, value: 1)
    }
    try builder.addLabel("goal", states: [State(0)])
    return try builder.build()
  }

  private func text(_ write: (JSONWriter) -> Void) throws -> String {
    var bytes: [UInt8] = []
    let writer = JSONWriter { bytes += $0 }
    write(writer)
    try writer.finish()
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("vectors are written as arrays, with null where a state is left out, and read back")
  func arrays() throws {
    let (model, n) = (try Self.line(), Self.count)
    let inner = { (state: Int) in state > 0 && state < n - 1 }
    let policy = (0..<n).map { inner($0) ? Action(0) : nil }
    let distance = (0..<n).map { $0 < n - 1 ? $0 : nil }
    let total = TotalCertificate(
      objective: TotalObjective(direction: .maximize, reward: "steps", goal: "goal"),
      divergence: (0..<n).map { $0 == n - 1 ? .negative : .finite },
      values: .exact(RationalVector((0..<n).map { Rational($0 < n - 1 ? $0 : 0) })),
      policy: policy, distance: distance, level: (0..<n).map { $0 == n - 1 ? 0 : nil }, ray: nil)
    let written = try text { total.write(to: $0, names: model) }
    #expect(written.contains(#""policy":[null,"0","0","#) && written.contains(#""-inf"]"#))
    #expect(check(written, model).isAccepted)
    let reachability = ReachabilityCertificate(
      objective: ReachabilityObjective(direction: .maximize, goal: "goal"),
      values: .exact(
        RationalVector(
          numerators: (0..<n).map { Integer($0 < n - 1 ? 3 : 0) }, denominator: 3)),
      policy: (0..<n).map { $0 > 0 ? Action(0) : nil }, distance: distance)
    let other = try text { reachability.write(to: $0, names: model) }
    #expect(other.contains(#""numerators""#) && other.contains(#""inf"]"#))
    #expect(check(other, model).isAccepted)
    // A field of the certificate is left to the solution.
    let short = try text {
      reachability.write(to: $0, names: model, omitting: ["values", "policy", "goal"])
    }
    #expect(!short.contains("numerators"))
    let values = other.split(separator: #""values":"#)[1].split(separator: #","policy""#)[0]
    let actions = other.split(separator: #""policy":"#)[1].split(separator: #","distance""#)[0]
    let solution = """
      {"format":"rationale-solution","version":1,"goal":"goal","values":\(values),"policy":\(actions),"certificate":\(short)}
      """
    let outcome = check(solution, model)
    #expect(outcome.isAccepted, "\(outcome.text)")
  }
}
