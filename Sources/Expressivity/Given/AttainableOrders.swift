import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// What a formalism can do with finitely many policies of an environment.
struct AttainableOrders {
  enum Bound {
    /// Every vector of the span of the rows, one entry a policy.
    case span([[Rational]])
    /// Two levels where each of the policies has a single run, which a formula holds of or not;
    /// else the other bound.
    indirect case levels(isSingle: [Bool], otherwise: Bound)
    /// The orders of these vectors of values at least.
    case values([[Rational]])

    func allows(_ ranks: [Int], on places: [Int]) -> Bool {
      switch self {
      case .span(let rows):
        OrderPattern.isAttained(ranks, relations: OrderPattern.relations(of: rows, on: places))
      case .levels(let isSingle, let otherwise):
        places.allSatisfy { isSingle[$0] }
          ? ranks.allSatisfy { $0 < 2 } : otherwise.allows(ranks, on: places)
      case .values(let found):
        found.contains { values in OrderPattern.ranks(of: places.map { values[$0] }) == ranks }
      }
    }
  }

  /// Whether every order that `other` may attain on all policies is certainly attained.
  func cover(_ other: AttainableOrders) -> Bool {
    guard case .span(let rows) = lower, case .span(let others) = other.upper else { return false }
    var form = EchelonForm()
    for row in rows { _ = form.insert(row) }
    return others.allSatisfy { !form.insert($0) }
  }

  /// What is certainly attained.
  let lower: Bound
  /// What contains everything that is attained.
  let upper: Bound
  /// The discount that the bounds are for, where one matters.
  var discount: Rational?
}

/// The bounds of every formalism on some policies.
struct AttainableOrderTable {
  private(set) var bounds: [Formalism: AttainableOrders] = [:]
  /// Formulas with their probabilities under the policies.
  private(set) var events: [(objective: TemporalObjective, values: [Rational])] = []

  /// - Parameter policies: no two of them have the same lottery.
  init(
    of policies: [Policy], in environment: ObjectiveEnvironment, discount: Rational,
    progress: ProgressHandler
  ) throws {
    let task = ExpressTask(
      model: environment.model, kind: .policyOrder, formalism: .markovReward,
      discount: .fixed(discount), initial: environment.initial, rewardSupport: .stateAction,
      objects: policies.map { ExpressTask.Object(name: "", behaviour: .policy($0)) })
    func fill(_ formalisms: [Formalism], _ bounds: AttainableOrders) {
      for formalism in formalisms { self.bounds[formalism] = bounds }
    }
    for formalism in [Formalism.markovReward, .limitAverage, .regularised] {
      let rows = try Self.rows(
        of: formalism, on: policies, in: environment, discount: discount, progress: progress)
      fill(
        [formalism],
        AttainableOrders(
          lower: .span(rows), upper: .span(rows),
          discount: formalism == .limitAverage ? nil : discount))
    }
    let prefixes = try AttainableVectors(
      of: policies, in: environment.model, initial: environment.initial, progress: progress
    ).basis().map(\.vector)
    fill(
      [.rewardMachine, .innerNonlinear, .innerMultiObjective, .trajectoryFunction],
      AttainableOrders(lower: .span(prefixes), upper: .span(prefixes)))
    // Different lotteries are ordered at will: proofs-notes/formalisms.md, finite collapse.
    let unit = policies.indices.map { place in
      policies.indices.map { $0 == place ? Rational.one : 0 }
    }
    fill(
      [
        .outerNonlinear, .outerMultiObjective, .occupancyFunction, .lotteryFunction,
        .policyFunction, .occupancyOrder, .lotteryOrder, .generalisedMultiObjective, .policyOrder,
      ], AttainableOrders(lower: .span(unit), upper: .span(unit)))
    let isSingle = task.objects.map { $0.behaviour.singleRun(in: task) != nil }
    events = try environment.events(of: policies, progress: progress)
    fill(
      [.temporalLogic],
      AttainableOrders(
        lower: .levels(isSingle: isSingle, otherwise: .values(events.map(\.values))),
        upper: .levels(isSingle: isSingle, otherwise: .span(prefixes))))
  }

  /// The rows of a linear formalism: what its values may be on the policies, one row a coordinate.
  static func rows(
    of formalism: Formalism, on policies: [Policy], in environment: ObjectiveEnvironment,
    discount: Rational, progress: ProgressHandler
  ) throws -> [[Rational]] {
    let task = ExpressTask(
      model: environment.model, kind: .policyOrder, formalism: formalism,
      discount: .fixed(discount), initial: environment.initial, rewardSupport: .stateAction,
      objects: [])
    let space = FeatureSpace(of: task, discount: discount, progress: progress)
    let vectors = try policies.map { try space.features(of: $0) }
    let coordinates = Set(vectors.flatMap(\.keys)).sorted()
    var form = EchelonForm()
    return coordinates.map { coordinate in vectors.map { $0[coordinate] ?? 0 } }
      .filter { form.insert($0) }
  }
}

extension ObjectiveEnvironment {
  /// Formulas about single steps, with their probabilities under each policy: that the step
  /// happens, happens first, happens for ever again; and the negations.
  func events(
    of policies: [Policy], progress: ProgressHandler
  ) throws -> [(objective: TemporalObjective, values: [Rational])] {
    let p = TemporalFormula.proposition("p")
    let formulas: [TemporalFormula] = [
      p, .next(p), .finally(p), .globally(.finally(p)), .not(.finally(p)),
      .not(.globally(.finally(p))),
    ]
    var found: [(objective: TemporalObjective, values: [Rational])] = []
    var orders: Set<[Int]> = []
    for step in steps.prefix(40) {
      for formula in formulas {
        try progress.checkpoint()
        let objective = TemporalObjective(formula, labels: [step: ["p"]])
        let values = try policies.map { try objective.value(of: $0, in: self).rational }
        if orders.insert(OrderPattern.ranks(of: values)).inserted {
          found.append((objective, values))
        }
      }
    }
    return found
  }
}
