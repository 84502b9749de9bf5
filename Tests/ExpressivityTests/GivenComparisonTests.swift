import Certificates
import ExactArithmetic
import Expressivity
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Formalisms on one model")
struct GivenComparisonTests {
  private let preorder = FormalismPreorder()

  private func environment(_ text: String) throws -> ObjectiveEnvironment {
    try ObjectiveEnvironment(
      ModelFile.read(bytes: [UInt8](text.utf8), name: "model", options: ReadOptions()).model)
  }

  private func finding(
    _ comparison: GivenComparison, _ from: Formalism, _ to: Formalism
  ) throws -> GivenComparison.Finding {
    try #require(comparison.relations.first { $0.from == from && $0.to == to }).finding
  }

  private func isSeparated(
    _ comparison: GivenComparison, _ from: Formalism, _ to: Formalism
  ) throws -> Bool {
    if case .separated = try finding(comparison, from, to) { true } else { false }
  }

  @Test("each witness is found again on its own model", .tags(.worked))
  func witnesses() throws {
    for witness in Witness.allCases {
      // W5 to LTL and RM, and W6, are arguments about all policies of their models.
      if witness == .conditionalChoice { continue }
      let comparison = try GivenComparison(of: try witness.objectives().environment)
      for weaker in witness.weaker {
        for stronger in witness.stronger
        where witness != .uniformIsBest || stronger == .regularised {
          #expect(
            try isSeparated(comparison, weaker, stronger),
            "\(witness.rawValue): \(weaker) \(stronger)")
        }
      }
    }
  }

  @Test("with one policy every formalism does everything", .tags(.worked))
  func onePolicy() throws {
    let text = WorkedTasks.model(
      states: ["s"], actions: ["a"], transitions: [("s", "a", "s", "1")], initial: "s")
    let comparison = try GivenComparison(of: try environment(text))
    for relation in comparison.relations {
      switch relation.finding {
      case .holds, .expressed: break
      case .separated, .expressedOnPolicies, .undecided:
        Issue.record("\(relation.from) \(relation.to)")
      }
    }
  }

  @Test("one choice between two actions: ONMR and RRL do what FTLR does", .tags(.worked))
  func oneChoice() throws {
    let comparison = try GivenComparison(of: try environment(WorkedTasks.leaving))
    for formalism in [Formalism.outerNonlinear, .regularised] {
      guard case .expressed = try finding(comparison, formalism, .lotteryFunction) else {
        Issue.record("\(formalism)")
        continue
      }
    }
    #expect(try isSeparated(comparison, .rewardMachine, .temporalLogic))
    #expect(try isSeparated(comparison, .rewardMachine, .limitAverage))
    #expect(try isSeparated(comparison, .markovReward, .outerNonlinear))
  }

  @Test(
    "on random models every separation is accepted by the checker, and none contradicts an arrow",
    .tags(.differential), arguments: 0..<3 as Range<UInt64>)
  func separations(seed: UInt64) throws {
    var models = RandomModel(seed: seed + 40)
    (models.largestStateCount, models.largestActionCount) = (3, 2)
    var options = GivenOptions()
    options.maximumPolicies = 5
    for number in 0..<6 {
      let environment = try ObjectiveEnvironment(models.next())
      options.discount = environment.model.discount ?? Rational(1, 2)
      if options.discount.isZero {
        #expect(throws: ObjectiveError.positiveDiscountRequired) {
          try GivenComparison(of: environment, options: options)
        }
        options.discount = Rational(1, 2)
      }
      let comparison = try GivenComparison(of: environment, options: options)
      for separation in comparison.separations {
        try #require(
          separation.isVerified,
          "seed \(seed), \(number): \(separation.weaker) \(separation.stronger)")
        try #require(!preorder.expresses(separation.weaker, separation.stronger))
      }
      try checkPositives(comparison, environment, seed: seed, discount: options.discount)
    }
  }

  /// What is said to be expressed is tried with objectives drawn at random.
  private func checkPositives(
    _ comparison: GivenComparison, _ environment: ObjectiveEnvironment, seed: UInt64,
    discount: Rational
  ) throws {
    let decided: Set<Formalism> = [
      .markovReward, .limitAverage, .regularised, .trajectoryFunction, .outerNonlinear,
    ]
    var sampler = ObjectiveSampler(for: environment, seed: seed)
    for relation in comparison.relations where decided.contains(relation.from) {
      switch relation.finding {
      case .holds, .separated, .undecided: continue
      case .expressed, .expressedOnPolicies: break
      }
      // A Markov reward of another discount is not what was compared.
      if [.markovReward, .regularised].contains(relation.to) { continue }
      let objective = try sampler.objective(of: relation.to)
      let ranks = try objective.ranks(
        of: comparison.policies.map(\.policy), in: environment)
      let task = ExpressTask(
        model: environment.model, kind: .policyOrder, formalism: relation.from,
        discount: .fixed(discount), initial: environment.initial, rewardSupport: .stateAction,
        objects: comparison.policies.map {
          ExpressTask.Object(name: $0.name, behaviour: .policy($0.policy))
        },
        ranking: Set(ranks).sorted(by: >).map { rank in
          ranks.indices.filter { ranks[$0] == rank }
        })
      try #require(
        try express(task).isExpressible == true,
        "seed \(seed): \(relation.from) does not express what \(relation.to) does")
    }
  }
}
