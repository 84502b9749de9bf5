// What is here: the way from a discounted problem to an answer with its proof.
//   guide (doubles: a policy) → bounds (certified improvements) → lift (exact values of the
//   policy) → judge (every inequality of every action, exactly) → repair (take a better action).

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Solves one discounted problem.
struct DiscountedSolver {
  let problem: MaximizationProblem
  let builder: PolicySystemBuilder
  let options: SolverOptions
  let answers: DiscountedAnswers

  init(_ problem: DiscountedProblem, _ options: SolverOptions) {
    self.problem = MaximizationProblem(problem)
    builder = PolicySystemBuilder(self.problem)
    self.options = options
    answers = DiscountedAnswers(problem: self.problem)
  }

  private var progress: ProgressHandler { options.progress }

  func solve() throws -> Solution {
    if options.scope == .initial, problem.original.initial == nil {
      throw SolverError.noInitialLaw
    }
    switch options.method {
    case .enumeration:
      return try answers.exact(
        PolicyEnumeration(problem, builder, progress).solve(), method: .enumeration,
        scope: options.scope)
    case .policyIteration:
      return try answers.exact(
        HowardIteration(problem, builder, progress).solve(), method: .policyIteration,
        scope: options.scope)
    case .linearProgram:
      return try answers.exact(
        DiscountedProgram(problem, progress).solve(), method: .linearProgram,
        scope: options.scope)
    case .valueIteration:
      return try solveByValueIteration()
    case .auto:
      return try solveFast()
    }
  }

  private func solveFast() throws -> Solution {
    switch options.scope {
    case .none:
      let (bounds, remarks) = try decided(provedBounds(settlesTies: true))
      return try answers.enclosed(bounds, method: .policyIteration, warnings: remarks)
    case .initial:
      return try solveInitial()
    case .all(let isRequired):
      let needed = predictedMemory()
      if needed > options.memoryLimit {
        if isRequired { throw memoryShortage(needed) }
        return try answers.enclosed(
          provedBounds(settlesTies: true), method: .policyIteration,
          warnings: [tooLarge(needed)])
      }
      return try answers.exact(
        exactValues(from: provedBounds(settlesTies: false)), method: .policyIteration,
        scope: options.scope)
    }
  }

  /// Where doubles leave the bounds wide, as with a discount close to 1, digits narrow them.
  private func solveByValueIteration() throws -> Solution {
    if let bounds = try ValueIterationBounds(problem, progress).solve() {
      return try answers.enclosed(bounds, method: .valueIteration)
    }
    return try answers.enclosed(
      provedBounds(settlesTies: true), method: .policyIteration,
      warnings: [
        "value iteration in doubles does not enclose the values to a relative width of 1e-12;"
          + " policy iteration took its place"
      ])
  }

  private func provedBounds(settlesTies: Bool) throws -> ProvedBounds {
    var guide = DiscountedGuide(problem, progress: progress)
    try guide.run(improvements: 150)
    var prover = BoundsProver(problem, builder, progress)
    return try prover.prove(&guide, settlesTies: settlesTies)
  }

  /// Exact policy iteration from a policy that is optimal, or nearly.
  func exactValues(from bounds: ProvedBounds) throws -> ExactDiscountedResult {
    var policy = bounds.policy
    var iterations = bounds.iterations
    while true {
      let values = try builder.policySystem(of: policy).solved(progress)
      progress.report("checking every action")
      let signs = try problem.judge.slackSigns(of: values, progress: progress)
      let improved = improvedPolicy(policy, signs, problem.model)
      guard improved != policy else {
        return ExactDiscountedResult(
          policy: policy, values: values, slackSigns: signs, iterations: iterations)
      }
      policy = improved
      iterations += 1
    }
  }
}

extension DiscountedSolver {
  /// The exact value under the initial law by digit streaming, with a policy proved optimal there.
  private func solveInitial() throws -> Solution {
    let bounds = try provedBounds(settlesTies: true)
    let law = problem.original.initial ?? []
    let support = law.filter { !$0.probability.isZero }.map(\.state.index)
    let reachable = statesReachable(from: support, under: bounds.policy, in: problem.model)
    let open = Set(bounds.undecided.map(\.index))
    if reachable.allSatisfy({ !open.contains($0) }),
      let value = try streamedValue(law, reachable, bounds.policy)
    {
      return try answers.initial(value, bounds)
    }
    // A tie that only exact values decide, or a system that digits do not fit: solve it whole.
    let needed = predictedMemory()
    guard needed <= options.memoryLimit else { throw memoryShortage(needed) }
    let exact = try exactValues(from: bounds)
    let value = mean(of: exact.values, under: law)
    let proved = exact.policy == bounds.policy ? bounds : try provedBounds(exact.policy)
    return try answers.initial(
      problem.isNegated ? -value : value, proved, warnings: remarks(on: proved))
  }

  /// Decides by exact values what bounds leave open, while the model is small enough for that.
  ///
  /// A tie of equal values that no partition explains has no place in the certificate of bounds,
  /// which goes on to list the state; the remark says what the exact values prove.
  private func decided(_ bounds: ProvedBounds) throws -> (ProvedBounds, remarks: [String]) {
    guard !bounds.undecided.isEmpty, problem.model.stateCount <= 5_000,
      predictedMemory() <= options.memoryLimit
    else { return (bounds, []) }
    progress.report("deciding ties by exact values")
    let exact = try exactValues(from: bounds)
    let proved = exact.policy == bounds.policy ? bounds : try provedBounds(exact.policy)
    return (proved, remarks(on: proved))
  }

  private func remarks(on bounds: ProvedBounds) -> [String] {
    guard let first = bounds.undecided.first else { return [] }
    let count = bounds.undecided.count
    let states = count == 1 ? "" : " and \(count - 1) other states"
    return [
      "at '\(problem.model.states[Int(first.index)])'\(states) another action is exactly as good:"
        + " exact values show that the policy is optimal, but bounds cannot, so their certificate"
        + " lists what is undecided (--values all has a certificate that proves it)"
    ]
  }

  private func provedBounds(_ policy: ContiguousArray<Int32>) throws -> ProvedBounds {
    var guide = DiscountedGuide(problem, progress: progress)
    guide.adopt(policy)
    var prover = BoundsProver(problem, builder, progress)
    return try prover.prove(&guide, settlesTies: true)
  }

  private func streamedValue(
    _ law: [(state: State, probability: Rational)], _ reachable: [Int32],
    _ policy: ContiguousArray<Int32>
  ) throws -> Rational? {
    let value = try builder.streamedMean(
      under: law.map { ($0.state.index, $0.probability) }, of: policy, on: reachable, progress)
    return value.map { problem.isNegated ? -$0 : $0 }
  }
}

extension DiscountedSolver {
  /// Bytes that the exact answer needs at its peak.
  func predictedMemory() -> Int { builder.predictedMemory() }

  private func memoryShortage(_ needed: Int) -> Interrupted { options.memoryShortage(needed) }

  private func tooLarge(_ needed: Int) -> String { options.tooLarge(needed) }
}

extension SolverOptions {
  /// Says what the memory is for, as the last stage that was reached, and ends the run.
  func memoryShortage(_ needed: Int) -> Interrupted {
    progress.report("the exact answer may need \(needed / 1_000_000) MB")
    return Interrupted(.memoryLimit)
  }

  /// Why bounds stand in for an exact answer.
  func tooLarge(_ needed: Int) -> String {
    let limit = memoryLimit / 1_000_000
    return
      "the exact answer may need \(needed / 1_000_000) MB, above the memory limit of \(limit) MB;"
      + " the values are enclosed instead (insist with --values all, raise the limit with"
      + " --memory-limit, or ask for one exact value with --values initial)"
  }
}

/// The policy with one better action at each state where the judge found one.
func improvedPolicy(
  _ policy: ContiguousArray<Int32>, _ signs: ContiguousArray<Int8>, _ model: FiniteMDP
) -> ContiguousArray<Int32> {
  var improved = policy
  for choice in 0..<model.choiceCount where signs[choice] > 0 {
    let state = Int(model.choiceStates[choice])
    if signs[Int(improved[state])] <= 0 { improved[state] = Int32(choice) }
  }
  return improved
}

/// The states that a policy can reach, ascending.
func statesReachable(
  from start: [Int32], under policy: ContiguousArray<Int32>, in model: FiniteMDP
) -> [Int32] {
  let isReached = model.graph(of: policy).reachable(from: start.lazy.map(Int.init))
  return (0..<Int32(model.stateCount)).filter { isReached[Int($0)] }
}

/// `Σ μ(s) v(s)`.
func mean(
  of values: RationalVector, under law: [(state: State, probability: Rational)]
) -> Rational {
  law.reduce(0) { $0 + $1.probability * values[Int($1.state.index)] }
}
