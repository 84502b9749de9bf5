// What is here: the way from an average-reward problem to an answer with its proof.
//   guide (doubles: a policy) → lift (exact gain and bias of the policy) → judge (every slack of
//   every action, exactly) → repair (better actions), until no action is better.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Solves one average-reward problem.
struct AverageSolver {
  let problem: AverageProblem
  let model: FiniteMDP
  let reward: PooledVector
  let options: SolverOptions
  private let start = ContinuousClock.now

  init(_ problem: AverageProblem, _ options: SolverOptions) {
    self.problem = problem
    model = problem.model
    reward = problem.maximizedReward
    self.options = options
  }

  private var progress: ProgressHandler { options.progress }
  private var iteration: MultichainIteration {
    MultichainIteration(model: model, reward: reward, progress: progress)
  }

  func solve() throws -> AverageSolution {
    if options.scope == .initial, problem.initial == nil { throw SolverError.noInitialLaw }
    switch options.method {
    case .policyIteration: return exact(try iteration.run(), method: .policyIteration)
    case .enumeration: return try solveByEnumeration()
    case .linearProgram: return try solveByLinearProgram()
    case .valueIteration: return try enclosed()
    case .auto: return try solveFast()
    }
  }

  private func solveFast() throws -> AverageSolution {
    if options.scope == .none { return try enclosed() }
    let policy = try guided()
    let needed = predictedMemory(of: policy)
    guard needed > options.memoryLimit else {
      return exact(try iteration.run(from: policy), method: .policyIteration)
    }
    if options.scope == .all(isRequired: false) { return try enclosed([tooLarge(needed)]) }
    progress.report("the exact answer may need \(needed / 1_000_000) MB")
    throw Interrupted(.memoryLimit)
  }

  /// Bytes of gain, bias and witness, from the length of the determinants of the policy's blocks.
  private func predictedMemory(of policy: ContiguousArray<Int32>) -> Int {
    let blocks = PolicyBlocks(of: policy, in: model)
    var bytes = 0.0
    for (block, bits) in zip(blocks.blocks, blocks.determinantBits()) {
      // Digits, numerators and intermediate vectors of three levels.
      bytes += Double(block.states.count) * (Double(bits) / 8 * 12 + 256)
    }
    return Int(min(bytes, 0x1p62))
  }

  private func tooLarge(_ needed: Int) -> String {
    let limit = options.memoryLimit / 1_000_000
    return
      "the exact answer may need \(needed / 1_000_000) MB, above the memory limit of \(limit) MB;"
      + " the gains are enclosed instead (insist with --values all, or raise the limit with"
      + " --memory-limit)"
  }

  /// A policy that doubles hold for good.
  private func guided() throws(Interrupted) -> ContiguousArray<Int32> {
    var guide = AverageGuide(model, reward: reward, progress: progress)
    // A word of good news crosses a chain in some rounds a state.
    let pass = model.transitionCount + model.stateCount
    let rounds = 5_000 + 20 * model.stateCount
    try guide.run(limit: max(200, min(rounds, 100_000_000 / pass)))
    return guide.isFinite ? guide.policy : ContiguousArray(model.choiceOffsets.dropLast())
  }

  /// The best of all policies; the third equation then needs a policy that solves it, which
  /// iteration finds from there without another change of gain or bias.
  private func solveByEnumeration() throws -> AverageSolution {
    let best = try AverageEnumeration(model, reward: reward, progress: progress).solve()
    let final = try iteration.run(from: best.policy)
    guard final.gain.entries == best.gain, final.bias.entries == best.bias else {
      preconditionFailure("the best of all policies is better than every policy")
    }
    return exact(final, method: .enumeration, iterations: best.visited)
  }

  /// The policy of a basic solution is evaluated before anything is claimed of it.
  private func solveByLinearProgram() throws -> AverageSolution {
    let program = try AverageProgram(model, reward: reward, progress: progress).solve()
    let final = try iteration.run(from: program.policy)
    return exact(final, method: .linearProgram, iterations: program.iterations)
  }

  private func exact(
    _ result: MultichainIteration.Result, method: SolverMethod, iterations: Int? = nil,
    warnings: [String] = []
  ) -> AverageSolution {
    let pair = GainBias(
      gain: problem.restored(result.gain), bias: problem.restored(result.bias))
    let actions = self.actions(of: result.policy)
    let wantsAll = options.scope.wantsAll
    let claim: AverageCertificate.Claim =
      wantsAll
      ? .exact(pair, biasWitness: result.witness.map(problem.restored))
      : .enclosed(lower: pair, upper: pair)
    let optimal = (0..<model.stateCount).map { state in
      model.choiceRange(at: state).filter { result.isConserving[$0] }
        .map { Action(Int(model.choiceActions[$0])) }
    }
    return AverageSolution(
      terms: problem.objective, status: wantsAll ? .exact : .enclosed, method: method,
      values: wantsAll ? .exact(pair) : .enclosed(lower: pair, upper: pair),
      isBiasOptimal: result.witness != nil,
      initialValue: problem.initial.map {
        CertifiedNumber.exact(mean(of: pair.gain, under: $0)).limited(to: options.scope)
      },
      policy: actions, optimalActions: wantsAll ? optimal : nil, undecided: [],
      certificate: AverageCertificate(
        objective: problem.objective, claim: claim, policy: actions),
      statistics: Solution.Statistics(
        since: start, iterations: iterations ?? result.iterations,
        denominatorBits: max(pair.gain.denominatorBits, pair.bias.denominatorBits)),
      warnings: warnings)
  }

  /// Up to so many states gains that doubles bound badly are computed exactly instead.
  private static let exactFallbackStates = 5_000

  private func enclosed(_ warnings: [String] = []) throws -> AverageSolution {
    let bounds = try AverageBoundsSearch(model, reward: reward, progress: progress).solve()
    if options.method != .valueIteration, model.stateCount <= Self.exactFallbackStates,
      bounds.areWide
    {
      let policy = try guided()
      if predictedMemory(of: policy) <= options.memoryLimit {
        return exact(
          try iteration.run(from: policy), method: .policyIteration,
          warnings: ["doubles do not bound the gains narrowly, so they were computed exactly"])
      }
    }
    let (least, greatest) =
      problem.direction == .maximize
      ? (bounds.lower, bounds.upper) : (bounds.upper, bounds.lower)
    let lower = restored(least)
    let upper = restored(greatest)
    let actions = self.actions(of: bounds.policy)
    return AverageSolution(
      terms: problem.objective, status: .enclosed, method: .valueIteration,
      values: .enclosed(lower: lower, upper: upper), isBiasOptimal: false,
      initialValue: problem.initial.map {
        .enclosed(lower: mean(of: lower.gain, under: $0), upper: mean(of: upper.gain, under: $0))
      },
      policy: actions, optimalActions: nil,
      undecided: model.statesWithChoice {
        !lower.gain.isEqual(upper.gain, at: $0)
      },
      certificate: AverageCertificate(
        objective: problem.objective, claim: .enclosed(lower: lower, upper: upper),
        policy: actions),
      statistics: Solution.Statistics(
        since: start, iterations: bounds.rounds, denominatorBits: nil),
      warnings: warnings)
  }

  private func restored(_ pair: GainBias) -> GainBias {
    GainBias(gain: problem.restored(pair.gain), bias: problem.restored(pair.bias))
  }

  private func actions(of policy: ContiguousArray<Int32>) -> [Action] {
    policy.map { Action(Int(model.choiceActions[Int($0)])) }
  }
}
