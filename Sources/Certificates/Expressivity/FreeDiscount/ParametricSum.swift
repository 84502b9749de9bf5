import ExactArithmetic
import MarkovDecisionProcesses

extension ExpressTask {
  /// A form that behaviours share which differ only in what is never done: the first choice at states
  /// that a policy does not reach, the normal form of a run.
  package func normalForm(of behaviour: Object.Behaviour) -> Object.Behaviour {
    switch behaviour {
    case .trajectory(let trajectory): return .trajectory(trajectory.normalForm)
    case .policy(let policy):
      let isReached = model.graph(of: policy).reachable(
        from: (initial ?? []).filter { !$0.probability.isZero }.map { Int($0.state.index) })
      let laws = (0..<model.stateCount).map { state in
        isReached[state]
          ? policy.choices(at: State(state)).map { (model.action(of: $0.choice), $0.probability) }
          : [(model.action(of: Choice(model.choiceRange(at: state).lowerBound)), Rational.one)]
      }
      // The laws are those of policies of the model.
      return (try? Policy(laws: laws, in: model)).map { .policy($0) } ?? behaviour
    }
  }
}

/// Features of behaviours in normal form, each computed once.
package struct KnownParametricFeatures {
  private let task: ExpressTask
  private let progress: ProgressHandler
  private var known: [ExpressTask.Object.Behaviour: ParametricFeatures] = [:]

  package init(in task: ExpressTask, progress: ProgressHandler) {
    self.task = task
    self.progress = progress
  }

  package mutating func features(
    of behaviour: ExpressTask.Object.Behaviour
  ) throws(Interrupted) -> ParametricFeatures {
    if let found = known[behaviour] { return found }
    let found = try ParametricFeatures(of: behaviour, in: task, progress: progress)
    known[behaviour] = found
    return found
  }
}

/// A sum of features with polynomial weights.
package struct ParametricSum {
  private var weights: [ExpressTask.Object.Behaviour: Polynomial] = [:]

  package init() {}

  /// Adds `weight(γ)` times the features of a behaviour in normal form.
  package mutating func add(_ weight: Polynomial, _ behaviour: ExpressTask.Object.Behaviour) {
    weights[behaviour] = (weights[behaviour] ?? .zero) + weight
  }

  /// A coordinate at which the sum is not 0 for all discounts; `nil` when there is none.
  ///
  /// Times all denominators the sum is a polynomial, which vanishes iff it does at one place more
  /// than its degree.
  ///
  /// - Complexity: for each unit of the degree, one evaluation of every polynomial at a small
  ///   whole number.
  package func firstDifference(
    _ known: inout KnownParametricFeatures, progress: ProgressHandler
  ) throws(Interrupted) -> RewardCoordinate? {
    var terms: [(weight: Polynomial, features: ParametricFeatures)] = []
    for (behaviour, weight) in weights where !weight.isZero {
      terms.append((weight, try known.features(of: behaviour)))
    }
    let denominators = Array(Set(terms.map(\.features.denominator)))
    let places = Dictionary(
      denominators.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let total = denominators.reduce(0) { $0 + $1.degree }
    let degree = terms.reduce(0) { bound, term in
      let numerator = term.features.numerators.values.reduce(0) { max($0, $1.degree) }
      return max(
        bound, term.weight.degree + numerator + total - term.features.denominator.degree)
    }
    for place in 0...degree {
      progress.report("adding up features", fraction: Double(place) / Double(degree + 1))
      try progress.checkpoint()
      // 0, 1, -1, 2, …: the shortest numbers.
      let point = Integer(place % 2 == 1 ? (place + 1) / 2 : -place / 2)
      let cofactors = Self.cofactors(denominators.map { $0.value(atInteger: point) })
      var sum: [RewardCoordinate: Integer] = [:]
      for term in terms {
        let cofactor = cofactors[places[term.features.denominator] ?? 0]
        let weight = term.weight.value(atInteger: point) * cofactor
        if weight.isZero { continue }
        for (coordinate, numerator) in term.features.numerators {
          sum[coordinate, default: 0] += weight * numerator.value(atInteger: point)
        }
      }
      if let found = sum.filter({ !$0.value.isZero }).keys.min() { return found }
    }
    return nil
  }

  /// For each factor the product of the others.
  private static func cofactors(_ factors: [Integer]) -> [Integer] {
    var cofactors: [Integer] = []
    var before = Integer.one
    for factor in factors {
      cofactors.append(before)
      before *= factor
    }
    var after = Integer.one
    for place in factors.indices.reversed() {
      cofactors[place] *= after
      after *= factors[place]
    }
    return cofactors
  }
}

extension Polynomial {
  fileprivate func value(atInteger place: Integer) -> Integer {
    coefficients.reversed().reduce(Integer.zero) { $0 * place + $1 }
  }
}
