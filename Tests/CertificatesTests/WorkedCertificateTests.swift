import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

/// States `a`, `b`. At `a`: `stay` (reward 1), or `go` to `b` with 1/2, else back to `a` (reward
/// 0). At `b`: `stay` (reward 4). With discount 1/2: v(b) = 4 + v(b)/2 = 8 and
/// v(a) = (8/2 + v(a)/2)/2 = 8/3 by `go`, against 1 + 4/3 = 7/3 by `stay`.
enum WorkedModel {
  static func make(
    discount: Rational? = Rational(1, 2), stayReward: Rational = 1, initial: String? = "a"
  ) throws -> FiniteMDP {
    let states = try NameTable(["a", "b"], of: .state)
    var builder = try FiniteMDPBuilder(
      states: states, actions: try NameTable(["stay", "go"], of: .action))
    let (a, b, stay, go) = (State(0), State(1), Action(0), Action(1))
    try builder.addTransition(from: a, under: stay, to: a, probability: 1)
    try builder.addTransition(from: a, under: go, to: b, probability: Rational(1, 2))
    try builder.addTransition(from: a, under: go, to: a, probability: Rational(1, 2))
    try builder.addTransition(from: b, under: stay, to: b, probability: 1)
    try builder.startReward(named: "default")
    builder.addReward(state: a, action: stay, successor: nil, value: stayReward)
    builder.addReward(state: b, action: stay, successor: nil, value: 4)
    try builder.startReward(named: "other")
    builder.addReward(state: a, action: stay, successor: nil, value: 9)
    if let discount { try builder.setDiscount(discount) }
    if let initial, let place = states.place(of: initial) {
      try builder.setInitial([(State(place), 1)])
    }
    return try builder.build()
  }

  static let exact = #"""
    {"format":"rationale-certificate","version":1,"kind":"discounted-exact","objective":"discounted","direction":"maximize","reward":"default","discount":"1/2","values":{"a":"8/3","b":"8"},"policy":{"a":"go","b":"stay"}}
    """#
  static let enclosed = #"""
    {"format":"rationale-certificate","version":1,"kind":"discounted-enclosed","objective":"discounted","direction":"maximize","reward":"default","discount":"1/2","lower":["21/8","63/8"],"upper":["11/4","33/4"],"policy":["go","stay"],"policyIsOptimal":true,"undecided":[]}
    """#
  static let horizon = #"""
    {"format":"rationale-certificate","version":1,"kind":"finite-horizon","objective":"finite-horizon","direction":"maximize","reward":"default","discount":"1","horizon":2,"values":[{"a":"5/2","b":"8"},{"a":"1","b":"4"},{"a":"0","b":"0"}],"policy":[{"a":"go","b":"stay"},{"a":"stay","b":"stay"}]}
    """#
}

@Suite("The worked certificates", .tags(.worked))
struct WorkedCertificateTests {
  @Test("the exact one is accepted and names what it proves")
  func exact() throws {
    let outcome = check(WorkedModel.exact, try WorkedModel.make())
    #expect(
      outcome
        == .accepted(
          "the values are the maximal expected discounted sum of the reward 'default' with "
            + "discount 1/2, exactly, at every state, and the policy attains them; "
            + "the initial value is 8/3", warnings: []))
  }

  @Test("the enclosed one is accepted: the gap at a is 19/8 < 21/8")
  func enclosed() throws {
    let outcome = check(WorkedModel.enclosed, try WorkedModel.make())
    #expect(outcome.isAccepted)
    #expect(outcome.text.contains("the policy is optimal"))
    #expect(outcome.text.contains("between 21/8 and 11/4"))
  }

  @Test("the one of a finite horizon is accepted; its discount is not the model's")
  func horizon() throws {
    let model = try WorkedModel.make()
    guard case .accepted(let statement, let warnings) = check(WorkedModel.horizon, model) else {
      Issue.record("not accepted")
      return
    }
    #expect(statement.contains("over 2 steps"))
    #expect(statement.contains("the initial value is 5/2"))
    #expect(warnings == ["the certificate's discount is 1, but the model's is 1/2"])
    let silent = check(WorkedModel.horizon, try WorkedModel.make(discount: nil, initial: nil))
    #expect(!silent.text.contains("initial value"))
    #expect(silent == .accepted(silent.text, warnings: []))
  }

  @Test("the stored model, read from its file, is the same")
  func storedModel() throws {
    let model = try ModelFile.read(Fixture.path("worked/certificate-discounted.json")).model
    for text in [WorkedModel.exact, WorkedModel.enclosed, WorkedModel.horizon] {
      #expect(check(text, model).isAccepted)
    }
  }

  @Test("wider bounds hold but leave a undecided: 5/2 < 5/2 fails")
  func undecided() throws {
    let model = try WorkedModel.make()
    let wide = WorkedModel.enclosed
      .replacing(#""lower":["21/8","63/8"]"#, with: #""lower":["5/2","15/2"]"#)
      .replacing(#""upper":["11/4","33/4"]"#, with: #""upper":["3","17/2"]"#)
    let refused = check(wide, model)
    #expect(refused.isRejected)
    #expect(refused.text.contains("'a'"))
    #expect(refused.text.contains("'stay' with upper, 5/2"))
    let named = wide.replacing(#""undecided":[]"#, with: #""undecided":["a"]"#)
    #expect(check(named, model).isRejected, "policyIsOptimal needs an empty list")
    let honest = named.replacing(
      #""policyIsOptimal":true"#, with: #""policyIsOptimal":false"#)
    #expect(check(honest, model).isAccepted)
    #expect(check(honest, model).text.contains("but 1 undecided ones ('a')"))
  }

  @Test("a rejection names the condition, the state, the action and both sides")
  func rejection() throws {
    let text = WorkedModel.exact.replacing(#""8/3""#, with: #""5/3""#)
    #expect(
      check(text, try WorkedModel.make())
        == .rejected(
          "at state 'a', action 'stay': value = 5/3 has to be at least reward + discount × "
            + "expected next value = 11/6"))
  }

  @Test("the loop of stay at a is optimal for the smallest sum")
  func minimize() throws {
    // v(b) = 8; v(a) = min(1 + v(a)/2, 2 + v(a)/4) = 2, by stay.
    let text = WorkedModel.exact
      .replacing("maximize", with: "minimize").replacing("8/3", with: "2")
      .replacing(#""a":"go""#, with: #""a":"stay""#)
    let model = try WorkedModel.make()
    #expect(check(text, model).isAccepted)
    #expect(check(text, model).text.contains("the minimal expected"))
    #expect(check(text.replacing("minimize", with: "maximize"), model).isRejected)
  }
}

@Suite("The example on the module's first page", .tags(.worked))
struct FirstPageTests {
  @Test("the loop that earns 1 at discount 1/2 is worth 2")
  func income() throws {
    let states = try NameTable(["low"], of: .state)
    let actions = try NameTable(["wait"], of: .action)
    var builder = try FiniteMDPBuilder(states: states, actions: actions)
    try builder.addTransition(
      from: State(0), under: Action(0), to: State(0), probability: 1)
    try builder.startReward(named: "income")
    builder.addReward(state: State(0), action: Action(0), successor: nil, value: 1)
    let model = try builder.build()
    let certificate = Certificate.discountedExact(
      DiscountedExactCertificate(
        objective: DiscountedObjective(
          direction: .maximize, reward: "income", discount: Rational(1, 2)),
        values: RationalVector([2]), policy: [Action(0)]))
    #expect(certificate.verify(in: model).isAccepted)
  }
}
