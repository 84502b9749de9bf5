import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

/// The counterexamples of the notes: each breaks one condition alone and has to be rejected.
@Suite("Each condition is needed", .tags(.worked))
struct SharpnessTests {
  /// One state with loops of these rewards.
  private func loops(_ rewards: [Int]) throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: 1), actions: NameTable(count: rewards.count))
    try builder.startReward(named: "r")
    for (a, reward) in rewards.enumerated() {
      try builder.addTransition(
        from: State(0), under: Action(a), to: State(0), probability: 1)
      builder.addReward(
        state: State(0), action: Action(a), successor: nil, value: Rational(reward))
    }
    return try builder.build()
  }

  private func terms(_ discount: Rational) -> DiscountedObjective {
    DiscountedObjective(direction: .maximize, reward: "r", discount: discount)
  }

  private func exact(_ value: Rational, _ discount: Rational) -> Certificate {
    .discountedExact(
      DiscountedExactCertificate(
        objective: terms(discount), values: RationalVector([value]), policy: [Action(0)]))
  }

  private func enclosed(_ value: Rational) -> Certificate {
    let vector = RationalVector([value])
    return .discountedEnclosed(
      DiscountedEnclosedCertificate(
        objective: terms(Rational(1, 2)), lower: vector, upper: vector, policy: [Action(0)],
        policyIsOptimal: false, undecided: [State(0)], partition: nil))
  }

  private func horizon(_ values: [Rational]) -> Certificate {
    .finiteHorizon(
      FiniteHorizonCertificate(
        objective: terms(1), horizon: 1, terminal: nil,
        values: values.map { RationalVector([$0]) }, policy: [[Action(0)]]))
  }

  @Test("exact values: a discount below 1, equality for the policy, every action")
  func exactValues() throws {
    #expect(!exact(7, 1).verify(in: try loops([0])).isAccepted)
    #expect(!exact(1, Rational(1, 2)).verify(in: try loops([0])).isAccepted)
    #expect(!exact(0, Rational(1, 2)).verify(in: try loops([0, 1])).isAccepted)
    #expect(exact(0, Rational(1, 2)).verify(in: try loops([0])).isAccepted)
  }

  @Test("enclosures: the lower bound for the policy, the upper bound for every action")
  func bounds() throws {
    #expect(!enclosed(1).verify(in: try loops([0])).isAccepted)
    #expect(!enclosed(0).verify(in: try loops([0, 1])).isAccepted)
    #expect(enclosed(0).verify(in: try loops([0])).isAccepted)
  }

  @Test("a finite horizon: the terminal values, equality for the policy, every action")
  func steps() throws {
    #expect(!horizon([1, 1]).verify(in: try loops([0])).isAccepted)
    #expect(!horizon([1, 0]).verify(in: try loops([0])).isAccepted)
    #expect(!horizon([0, 0]).verify(in: try loops([0, 1])).isAccepted)
    #expect(horizon([0, 0]).verify(in: try loops([0])).isAccepted)
  }

  @Test("a partition that is not stable cannot make a worse action pass")
  func partition() throws {
    // s with x → t, y → u; t loops with reward 0, u with reward 1: V* = (1, 0, 2) at 1/2.
    var builder = try FiniteMDPBuilder(
      states: try NameTable(["s", "t", "u"], of: .state),
      actions: try NameTable(["x", "y"], of: .action))
    for (from, action, to) in [(0, 0, 1), (0, 1, 2), (1, 0, 1), (2, 0, 2)] {
      try builder.addTransition(
        from: State(from), under: Action(action), to: State(to), probability: 1)
    }
    try builder.startReward(named: "r")
    builder.addReward(state: State(2), action: Action(0), successor: nil, value: 1)
    let model = try builder.build()
    let certificate = { (policy: Int, partition: [Int]?) in
      Certificate.discountedEnclosed(
        DiscountedEnclosedCertificate(
          objective: terms(Rational(1, 2)), lower: RationalVector([policy == 0 ? 0 : 1, 0, 2]),
          upper: RationalVector([1, 0, 2]), policy: [Action(policy), Action(0), Action(0)],
          policyIsOptimal: true, undecided: [], partition: partition))
    }
    let verdict = certificate(0, [0, 1, 1]).verify(in: model)
    guard case .rejected(let reason) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(reason.contains("partition: the states 't' and 'u' of class 1"))
    #expect(!certificate(0, nil).verify(in: model).isAccepted)
    #expect(certificate(1, nil).verify(in: model).isAccepted)
    #expect(certificate(1, [7, 5, 3]).verify(in: model).isAccepted)
  }

  @Test("a class may hold states with different numbers of equal actions")
  func setsNotLists() throws {
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: 2), actions: NameTable(count: 2))
    try builder.startReward(named: "r")
    for (s, a) in [(0, 0), (0, 1), (1, 0)] {
      try builder.addTransition(
        from: State(s), under: Action(a), to: State((s + a) % 2), probability: 1)
    }
    let model = try builder.build()
    let zeros = RationalVector([Rational(-1), Rational(-1)])
    let certificate = { (partition: [Int]?) in
      Certificate.discountedEnclosed(
        DiscountedEnclosedCertificate(
          objective: terms(Rational(1, 2)), lower: zeros, upper: -zeros,
          policy: [Action(0), Action(0)], policyIsOptimal: true, undecided: [],
          partition: partition))
    }
    #expect(certificate([4, 4]).verify(in: model).isAccepted)
    #expect(!certificate(nil).verify(in: model).isAccepted)
  }
}
