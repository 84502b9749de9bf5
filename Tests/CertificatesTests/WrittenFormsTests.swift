import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Written forms of true certificates", .tags(.differential))
struct WrittenFormsTests {
  @Test("exact certificates pass in every form", arguments: Direction.allCases)
  func exact(direction: Direction) throws {
    var random = SplitMix64(seed: 21)
    for round in 0..<40 {
      let model = try RandomModel.make(using: &random)
      let discount = Rational(Int(random.below(10)), 10)
      let answer = TinySolver.solve(
        model, model.rewards[0].function.expected(in: model), discount: discount, direction)
      let object = try TrueCertificate.exact(model, answer, direction, discount).object(model)
      for values in try forms(of: object["values"], model, &random) {
        for policy in policyForms(of: answer, model, &random) {
          let outcome = try check(object.with("values", values).with("policy", policy), model)
          try #require(outcome.isAccepted, "round \(round): \(outcome)")
        }
      }
      #expect(try check(object.with("objective", nil).with("x-note", [1, [2]]), model).isAccepted)
      if direction == .maximize {
        #expect(try check(object.with("direction", nil), model).isAccepted)
      }
    }
  }

  @Test("enclosed certificates pass in every form", arguments: Direction.allCases)
  func enclosed(direction: Direction) throws {
    var random = SplitMix64(seed: 22)
    for round in 0..<40 {
      let model = try RandomModel.make(using: &random)
      let discount = Rational(Int(random.below(10)), 10)
      let answer = TinySolver.solve(
        model, model.rewards[0].function.expected(in: model), discount: discount, direction)
      let width = [0, Rational(1, 100), Rational(1, 1 << 40), 3][round % 4]
      let object = try TrueCertificate.enclosed(
        model, answer, direction, discount, width: width
      ).object(model)
      for lower in try forms(of: object["lower"], model, &random) {
        for upper in try forms(of: object["upper"], model, &random) {
          let outcome = try check(object.with("lower", lower).with("upper", upper), model)
          try #require(outcome.isAccepted, "round \(round): \(outcome)")
        }
      }
      let undecided = object["undecided"] as? [String] ?? []
      let indices = undecided.compactMap { model.states.place(of: $0) }
      #expect(try check(object.with("undecided", indices), model).isAccepted)
      // The partition into single states settles nothing but equal rows, and changes nothing.
      let trivial = Array(0..<model.stateCount)
      #expect(try check(object.with("partition", trivial), model).isAccepted)
      // More states may be listed than need be.
      let all = object.with("undecided", trivial).with("policyIsOptimal", false)
      #expect(try check(all, model).isAccepted)
    }
  }

  @Test("certificates of a finite horizon pass in every form", arguments: Direction.allCases)
  func horizon(direction: Direction) throws {
    var random = SplitMix64(seed: 23)
    for round in 0..<40 {
      let model = try RandomModel.make(using: &random)
      let discount = Rational(Int(random.below(11)), 10)
      let object = try TrueCertificate.horizon(model, direction, discount, round % 4)
        .object(model)
      let steps = try (object["values"] as? [Any] ?? []).map { step in
        let all = try forms(of: step, model, &random)
        return all[Int(random.below(UInt64(all.count)))]
      }
      let outcome = try check(object.with("values", steps), model)
      try #require(outcome.isAccepted, "round \(round): \(outcome)")
      let zeros = Object(uniqueKeysWithValues: model.states.names.map { ($0, "0/7") })
      #expect(try check(object.with("terminal", zeros), model).isAccepted)
    }
  }

  @Test("terminal values are part of the statement")
  func terminal() throws {
    // One more step at b's value: values of horizon 1 that start from (1, 4) are those of 2 from 0.
    let text = """
      {"format":"rationale-certificate","version":1,"kind":"finite-horizon","reward":"default",
       "discount":1,"horizon":1,"terminal":[1,4],"values":[["5/2",8],{"a":1,"b":4}],
       "policy":[["go",0]]}
      """
    let model = try WorkedModel.make()
    let outcome = check(text, model)
    #expect(outcome.isAccepted)
    #expect(outcome.text.contains("with the terminal values"))
    #expect(check(text.replacing("[1,4],\"values\"", with: "[1,5],\"values\""), model).isRejected)
  }

  @Test("what is written reads back as the same certificate, above and below the threshold")
  func writing() throws {
    var random = SplitMix64(seed: 24)
    let n = Certificate.arrayThreshold
    for count in [3, n] {
      var builder = try FiniteMDPBuilder(
        states: NameTable(count: count), actions: NameTable(["x", "y"], of: .action))
      try builder.startReward(named: "r")
      for s in 0..<count {
        try builder.addTransition(
          from: State(s), under: Action(s % 2), to: State(s), probability: 1)
        builder.addReward(
          state: State(s), action: Action(s % 2), successor: nil,
          value: Rational(Int(random.below(9)), 7))
      }
      let model = try builder.build()
      let reward = model.rewards[0].function.expected(in: model)
      // A loop with reward r is worth 2 r at discount 1/2.
      let numerators = (0..<count).map { (reward[$0] * 14).numerator }
      let policy = (0..<count).map { Action($0 % 2) }
      let terms = DiscountedObjective(
        direction: .maximize, reward: "r", discount: Rational(1, 2))
      for values in [
        RationalVector(numerators: numerators, denominator: 7),
        RationalVector(numerators.map { Rational($0, 7) }),
      ] {
        let certificate = Certificate.discountedExact(
          DiscountedExactCertificate(objective: terms, values: values, policy: policy))
        let text = try certificate.text(model)
        #expect(text.contains(#""policy":["#) == (count == n))
        if case .common = values.form {
          #expect(text.contains(#""numerators":["#) == (count == n))
        }
        #expect(check(text, model).isAccepted)
        #expect(certificate.verify(in: model).isAccepted)
      }
    }
  }

  /// The vector as object, array, common denominator, unreduced, as plain JSON numbers.
  private func forms(
    of values: Any?, _ model: FiniteMDP, _ random: inout SplitMix64
  ) throws -> [Any] {
    let object = values as? Object ?? [:]
    let numbers = try model.states.names.map { try Rational(json: object[$0]) }
    let denominator = numbers.reduce(Integer.one) { Integer.lcm($0, $1.denominator) }
    let factor = Integer(Int(random.below(1000)) + 2) << Int(random.below(200))
    let scaled = { (m: Integer) in
      [
        "denominator": "\(m)",
        "numerators": numbers.map { "\(($0 * Rational(m)).numerator)" },
      ] as Any
    }
    let unreduced = numbers.map { "\($0.numerator * factor)/\($0.denominator * factor)" }
    return [
      object, numbers.map { "\($0)" }, unreduced, scaled(denominator),
      scaled(denominator * factor),
      numbers.map {
        $0.words.flatMap { $0.denominator == 1 ? $0.numerator as Any : nil } ?? "\($0)"
      },
    ]
  }

  /// A policy of other optimal actions as object, array of names, array of indices.
  private func policyForms(
    of answer: TinySolver.Answer, _ model: FiniteMDP, _ random: inout SplitMix64
  ) -> [Any] {
    let actions = answer.optimalActions.map { $0[Int(random.below(UInt64($0.count)))] }
    let names = actions.map { model.actions[Int($0.index)] }
    return [
      Object(uniqueKeysWithValues: zip(model.states.names, names)), names,
      actions.map { Int($0.index) },
    ]
  }
}
