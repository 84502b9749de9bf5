import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Backward induction over the rationals.
///
/// Each step's values are kept over one common denominator `D_t`; a step multiplies it by the
/// common denominator of the rows, so that a row is an integer dot product.
///
/// Source: Puterman, *Markov Decision Processes*, section 4.5.
struct BackwardInduction {
  private let problem: FiniteHorizonProblem
  private let options: SolverOptions
  private let start = ContinuousClock.now

  init(_ problem: FiniteHorizonProblem, _ options: SolverOptions) {
    self.problem = problem
    self.options = options
  }

  private var progress: ProgressHandler { options.progress }

  private var model: FiniteMDP { problem.model }
  private var isMaximizing: Bool { problem.direction == .maximize }

  func solve() throws -> Solution {
    let rows = HorizonRows(problem)
    try refuseIfTooLarge(rows)
    var steps = [
      CommonVector(
        denominator: 1, numerators: [Integer](repeating: 0, count: model.stateCount))
    ]
    var policies: [[Action]] = []
    var optimal: [[[Action]]] = []
    for step in 0..<problem.horizon {
      try progress.checkpoint()
      progress.report(
        "backward induction", fraction: Double(step) / Double(max(1, problem.horizon)))
      let (next, attaining) = try backup(steps[step], rows)
      steps.append(next)
      optimal.append(attaining)
      policies.append(attaining.map { $0[0] })
    }
    return solution(
      steps.reversed().map(\.vector), policies.reversed(), optimal.reversed())
  }

  /// Ends the run before it starts when the answer is too long for the memory limit.
  ///
  /// A step multiplies the denominator by that of the rows, so that step `t` has `t` times its bits.
  private func refuseIfTooLarge(_ rows: HorizonRows) throws {
    let steps = Double(problem.horizon)
    let numbers = steps * steps / 2 * Double(rows.scale.bitLength) / 8
    let needed = Double(model.stateCount) * (numbers + 120 * steps)
    guard needed > Double(options.memoryLimit) else { return }
    progress.report("the values of \(problem.horizon) steps may need \(megabytes(needed)) MB")
    throw Interrupted(.memoryLimit)
  }

  private func megabytes(_ bytes: Double) -> String {
    bytes < 1e24 ? String(Integer(Int128(bytes / 1e6)).description) : "more than 10^18"
  }

  /// One step: the best lookahead at each state and all actions that attain it.
  private func backup(
    _ values: CommonVector, _ rows: HorizonRows
  ) throws -> (CommonVector, [[Action]]) {
    var best: [Integer] = []
    best.reserveCapacity(model.stateCount)
    var attaining: [[Action]] = []
    attaining.reserveCapacity(model.stateCount)
    for state in 0..<model.stateCount {
      if state & 255 == 0 { try progress.checkpoint() }
      var leading: Integer?
      var actions: [Action] = []
      for choice in model.choiceRange(at: state) {
        let value = rows.lookahead(choice, over: values)
        let action = Action(Int(model.choiceActions[choice]))
        guard let known = leading, value != known else {
          leading = value
          actions.append(action)
          continue
        }
        if (value > known) == isMaximizing {
          leading = value
          actions = [action]
        }
      }
      best.append(leading ?? 0)  // every state has a choice
      attaining.append(actions)
    }
    let next = CommonVector(denominator: values.denominator * rows.scale, numerators: best)
    return (next.reduced(), attaining)
  }

  private func solution(
    _ values: [RationalVector], _ policies: [[Action]], _ optimal: [[[Action]]]
  ) -> Solution {
    let terms = DiscountedObjective(
      direction: problem.direction, reward: problem.rewardName, discount: problem.discount)
    let certificate = FiniteHorizonCertificate(
      objective: terms, horizon: problem.horizon, terminal: nil, values: values,
      policy: policies)
    return Solution(
      objective: .finiteHorizon(problem.horizon), terms: terms, status: .exact, method: .auto,
      values: .exact(values[0]), stepValues: values,
      initialValue: problem.initial.map { .exact(mean(of: values[0], under: $0)) },
      policies: policies, optimalActions: optimal, policyIsOptimal: true, undecided: [],
      certificate: .finiteHorizon(certificate),
      statistics: .init(
        since: start, iterations: problem.horizon,
        denominatorBits: values[0].denominatorBits))
  }
}

/// Values over one denominator, which a step keeps and a row needs.
private struct CommonVector {
  let denominator: Integer
  let numerators: [Integer]

  var vector: RationalVector { RationalVector(numerators: numerators, denominator: denominator) }

  /// The same values over their least common denominator.
  func reduced() -> CommonVector {
    var common = denominator
    for numerator in numerators where common != 1 { common = Integer.gcd(common, numerator) }
    guard common != 1 else { return self }
    return CommonVector(
      denominator: denominator.exactlyDivided(by: common),
      numerators: numerators.map { $0.exactlyDivided(by: common) })
  }
}

/// The rows of a finite-horizon problem over one common denominator `q` for the whole model.
private struct HorizonRows {
  private let model: FiniteMDP
  let scale: Integer
  /// `q γ p` for each probability of the pool.
  private let weights: [Integer]
  /// `q r` for each choice's reward in its pool.
  private let rewards: [Integer]
  private let rewardPlaces: ContiguousArray<Int32>

  init(_ problem: FiniteHorizonProblem) {
    model = problem.model
    let discounted = problem.model.probabilityPool.values.map { $0 * problem.discount }
    var used = Set(problem.reward.places)
    used.insert(0)
    var scale = discounted.reduce(Integer.one) { Integer.lcm($0, $1.denominator) }
    for place in used where Int(place) < problem.reward.pool.count {
      scale = Integer.lcm(scale, problem.reward.pool[place].denominator)
    }
    let factor = Rational(scale)
    self.scale = scale
    weights = discounted.map { ($0 * factor).numerator }
    rewards = (0..<problem.reward.pool.count).map {
      used.contains(Int32($0)) ? (problem.reward.pool[Int32($0)] * factor).numerator : 0
    }
    rewardPlaces = problem.reward.places
  }

  /// `q D (r + γ P v)` of a choice, where `v = N / D`.
  func lookahead(_ choice: Int, over values: CommonVector) -> Integer {
    var sum = Accumulator()
    sum.add(values.denominator, times: rewards[Int(rewardPlaces[choice])])
    for transition in model.transitionRange(of: choice) {
      sum.add(
        values.numerators[Int(model.successors[transition])],
        times: weights[Int(model.probabilities[transition])])
    }
    return sum.value
  }
}
